//===- LanesTest.cpp - Conversions of elements ----------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lanes.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/APFloat.h"
#include <cstring>
#include <gtest/gtest.h>
#include <random>

using namespace mlir;
using namespace mlc::interpreter;

/// Every value of a 16-bit float survives the way to double and back.
static void checkAllValues(FloatType type) {
  for (unsigned bits = 0; bits < 1 << 16; ++bits) {
    uint16_t encoded = bits;
    llvm::APFloat exact(type.getFloatSemantics(), llvm::APInt(16, bits));
    double value;
    readLanes(type, reinterpret_cast<char *>(&encoded), 1, &value);
    uint16_t again;
    writeLanes(type, &value, 1, reinterpret_cast<char *>(&again));
    if (exact.isNaN()) {
      EXPECT_TRUE(value != value) << bits;
      EXPECT_TRUE(
          llvm::APFloat(type.getFloatSemantics(), llvm::APInt(16, again))
              .isNaN());
      continue;
    }
    bool inexact;
    exact.convert(llvm::APFloat::IEEEdouble(),
                  llvm::APFloat::rmNearestTiesToEven, &inexact);
    ASSERT_EQ(value, exact.convertToDouble()) << bits;
    ASSERT_EQ(again, encoded);
  }
}

/// Doubles around the ties and limits of the type round as APFloat rounds them.
static void checkRounding(FloatType type) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200000; ++i) {
    uint16_t bits = random();
    llvm::APFloat near(type.getFloatSemantics(), llvm::APInt(16, bits));
    bool inexact;
    near.convert(llvm::APFloat::IEEEdouble(),
                 llvm::APFloat::rmNearestTiesToEven, &inexact);
    uint64_t wide = near.bitcastToAPInt().getZExtValue();
    // Half a unit in the last place, give or take one unit of double.
    wide += (uint64_t(1) << (type.isF16() ? 41 : 44)) + random() % 3 - 1;
    double value;
    std::memcpy(&value, &wide, sizeof(value));
    if (value != value)
      continue;
    llvm::APFloat expected(value);
    expected.convert(type.getFloatSemantics(),
                     llvm::APFloat::rmNearestTiesToEven, &inexact);
    uint16_t actual;
    writeLanes(type, &value, 1, reinterpret_cast<char *>(&actual));
    ASSERT_EQ(actual, expected.bitcastToAPInt().getZExtValue()) << value;
  }
}

TEST(Lanes, SmallFloatsAreExact) {
  MLIRContext context;
  checkAllValues(Float16Type::get(&context));
  checkAllValues(BFloat16Type::get(&context));
}

TEST(Lanes, SmallFloatsAreRoundedAsAPFloatRounds) {
  MLIRContext context;
  checkRounding(Float16Type::get(&context));
  checkRounding(BFloat16Type::get(&context));
}

TEST(Lanes, FloatsSaturate) {
  EXPECT_EQ(saturate(300, 8, false), 255u);
  EXPECT_EQ(saturate(-1, 8, false), 0u);
  EXPECT_EQ(static_cast<int64_t>(saturate(-300, 8, true)), -128);
  EXPECT_EQ(saturate(127.9, 8, true), 127u);
  EXPECT_EQ(saturate(1e300, 64, true), uint64_t(INT64_MAX));
  EXPECT_EQ(saturate(1e300, 64, false), UINT64_MAX);
  EXPECT_EQ(saturate(std::nan(""), 32, true), 0u);
}
