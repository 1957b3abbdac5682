//===- ProgramTest.cpp ---------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Program.h"

#include <gtest/gtest.h>

using namespace mlc::rt;

/// The register that `op` of a and b leaves, or no value when it faults.
static std::pair<Arithmetic, int64_t> compute(fb::Opcode op, int64_t a,
                                              int64_t b) {
  int64_t registers[4] = {a, b, 77, -1};
  fb::Instr code(op, 3, 0, 1, 2, 5);
  Arithmetic result = evaluate(&code, 1, registers);
  return {result, registers[3]};
}

static int64_t valueOfOp(fb::Opcode op, int64_t a, int64_t b) {
  auto [result, value] = compute(op, a, b);
  EXPECT_EQ(result, Arithmetic::Fine);
  return value;
}

TEST(Program, DivisionRounds) {
  struct Row {
    int64_t a, b, floorDiv, ceilDiv, mod, truncDiv, truncMod;
  };
  for (Row r : {Row{7, 2, 3, 4, 1, 3, 1}, Row{-7, 2, -4, -3, 1, -3, -1},
                Row{7, -2, -4, -3, -1, -3, 1}, Row{-7, -2, 3, 4, -1, 3, -1},
                Row{6, 3, 2, 2, 0, 2, 0}, Row{-6, 3, -2, -2, 0, -2, 0},
                Row{0, 5, 0, 0, 0, 0, 0}, Row{1, 3, 0, 1, 1, 0, 1},
                Row{-1, 3, -1, 0, 2, 0, -1}, Row{5, -1, -5, -5, 0, -5, 0}}) {
    EXPECT_EQ(valueOfOp(fb::Opcode::FloorDiv, r.a, r.b), r.floorDiv);
    EXPECT_EQ(valueOfOp(fb::Opcode::CeilDiv, r.a, r.b), r.ceilDiv);
    EXPECT_EQ(valueOfOp(fb::Opcode::Mod, r.a, r.b), r.mod);
    EXPECT_EQ(valueOfOp(fb::Opcode::TruncDiv, r.a, r.b), r.truncDiv);
    EXPECT_EQ(valueOfOp(fb::Opcode::TruncMod, r.a, r.b), r.truncMod);
  }
}

TEST(Program, FaultsOfArithmetic) {
  for (fb::Opcode op :
       {fb::Opcode::FloorDiv, fb::Opcode::CeilDiv, fb::Opcode::Mod,
        fb::Opcode::TruncDiv, fb::Opcode::TruncMod})
    EXPECT_EQ(compute(op, 3, 0).first, Arithmetic::DivisionByZero);
  for (fb::Opcode op :
       {fb::Opcode::FloorDiv, fb::Opcode::CeilDiv, fb::Opcode::TruncDiv})
    EXPECT_EQ(compute(op, INT64_MIN, -1).first, Arithmetic::Overflow);
  EXPECT_EQ(valueOfOp(fb::Opcode::Mod, INT64_MIN, -1), 0);
  EXPECT_EQ(valueOfOp(fb::Opcode::TruncMod, INT64_MIN, -1), 0);
  EXPECT_EQ(compute(fb::Opcode::Add, INT64_MAX, 1).first, Arithmetic::Overflow);
  EXPECT_EQ(compute(fb::Opcode::Sub, INT64_MIN, 1).first, Arithmetic::Overflow);
  EXPECT_EQ(compute(fb::Opcode::Mul, INT64_MAX, 2).first, Arithmetic::Overflow);
}

TEST(Program, OtherInstructions) {
  EXPECT_EQ(valueOfOp(fb::Opcode::Const, 1, 2), 5);
  EXPECT_EQ(valueOfOp(fb::Opcode::Copy, 1, 2), 1);
  EXPECT_EQ(valueOfOp(fb::Opcode::Min, -1, 2), -1);
  EXPECT_EQ(valueOfOp(fb::Opcode::Max, -1, 2), 2);
  EXPECT_EQ(valueOfOp(fb::Opcode::And, 6, 3), 2);
  EXPECT_EQ(valueOfOp(fb::Opcode::Or, 6, 3), 7);
  EXPECT_EQ(valueOfOp(fb::Opcode::Xor, 6, 3), 5);
  EXPECT_EQ(valueOfOp(fb::Opcode::Eq, 2, 2), 1);
  EXPECT_EQ(valueOfOp(fb::Opcode::Ne, 2, 2), 0);
  EXPECT_EQ(valueOfOp(fb::Opcode::Lt, -2, 2), 1);
  EXPECT_EQ(valueOfOp(fb::Opcode::Le, 3, 2), 0);
  EXPECT_EQ(valueOfOp(fb::Opcode::Select, 1, 9), 9);
  EXPECT_EQ(valueOfOp(fb::Opcode::Select, 0, 9), 77);
}

TEST(Program, ElementsAreExtendedAndTruncated) {
  unsigned char bytes[8] = {0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};
  EXPECT_EQ(loadElement(bytes, fb::DType::I8), -2);
  EXPECT_EQ(loadElement(bytes, fb::DType::U8), 0xfe);
  EXPECT_EQ(loadElement(bytes, fb::DType::I1), 1);
  EXPECT_EQ(loadElement(bytes, fb::DType::I16), -2);
  EXPECT_EQ(loadElement(bytes, fb::DType::U16), 0xfffe);
  EXPECT_EQ(loadElement(bytes, fb::DType::I32), -2);
  EXPECT_EQ(loadElement(bytes, fb::DType::U32), 0xfffffffe);
  EXPECT_EQ(loadElement(bytes, fb::DType::I64), INT64_MAX - 1);
  storeElement(bytes, fb::DType::I16, 0x12345);
  EXPECT_EQ(bytes[0], 0x45);
  EXPECT_EQ(bytes[1], 0x23);
  EXPECT_EQ(bytes[2], 0xff);
  storeElement(bytes, fb::DType::I1, 256);
  EXPECT_EQ(bytes[0], 1);
}
