//===- BasicTest.cpp ------------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Builtins/Builtins.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <elf.h>
#include <gtest/gtest.h>
#include <random>
#include <vector>

extern "C" {
void *own_memcpy(void *, const void *, size_t);
void *own_memmove(void *, const void *, size_t);
void *own_memset(void *, int, size_t);
int own_memcmp(const void *, const void *, size_t);
_Float16 own___truncdfhf2(double);
_Float16 own___truncsfhf2(float);
__bf16 own___truncsfbf2(float);
__bf16 own___truncdfbf2(double);
float own___extendhfsf2(_Float16);
float own___extendbfsf2(__bf16);
double own_fmod(double, double);
float own_fmodf(float, float);
double own_round(double);
double own_ldexp(double, int);
double own___powidf2(double, int);
__int128 own___divti3(__int128, __int128);
__int128 own___modti3(__int128, __int128);
unsigned __int128 own___udivti3(unsigned __int128, unsigned __int128);
unsigned __int128 own___umodti3(unsigned __int128, unsigned __int128);
}

namespace {

TEST(Builtins, ObjectsArePerArchitecture) {
  for (auto [name, machine] :
       {std::pair<const char *, int>{"x86-64", EM_X86_64},
        {"aarch64", EM_AARCH64}}) {
    const mlc::builtins::Object *object = mlc::builtins::lookup(name);
    ASSERT_NE(object, nullptr);
    Elf64_Ehdr header;
    ASSERT_GT(object->size, sizeof(header));
    memcpy(&header, object->data, sizeof(header));
    EXPECT_EQ(header.e_type, ET_REL);
    EXPECT_EQ(header.e_machine, machine);
  }
  EXPECT_EQ(mlc::builtins::lookup("riscv64"), nullptr);
}

TEST(Builtins, Memory) {
  for (size_t size : {0, 1, 31, 32, 33, 100, 1000})
    for (int shift : {-40, -32, -5, 0, 5, 32, 40}) {
      std::vector<uint8_t> own(1200), other;
      for (size_t i = 0; i < own.size(); ++i)
        own[i] = uint8_t(i * 7);
      other = own;
      own_memmove(&own[60 + size_t(shift)], &own[60], size);
      memmove(&other[60 + size_t(shift)], &other[60], size);
      EXPECT_EQ(own, other) << size << " " << shift;
    }
  std::vector<uint8_t> a(333, 1), b(333, 2);
  own_memset(a.data() + 1, 7, 300);
  own_memcpy(b.data() + 1, a.data() + 1, 300);
  EXPECT_EQ(b[0], 2);
  EXPECT_EQ(b[300], 7);
  EXPECT_EQ(b[301], 2);
  EXPECT_EQ(own_memcmp(a.data() + 1, b.data() + 1, 300), 0);
  EXPECT_LT(own_memcmp(a.data(), b.data(), 300), 0);
}

/// The compiler's own conversions are the oracle.
TEST(Builtins, HalfPrecision) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 200000; ++i) {
    float x = std::ldexp(float(int(random() % 4000001) - 2000000) / 1000000,
                         int(random() % 50) - 30);
    EXPECT_EQ(std::bit_cast<uint16_t>(own___truncsfhf2(x)),
              std::bit_cast<uint16_t>(_Float16(x)))
        << x;
  }
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    auto half = std::bit_cast<_Float16>(uint16_t(bits));
    float wide = float(half), own = own___extendhfsf2(half);
    EXPECT_EQ(std::bit_cast<uint32_t>(own), std::bit_cast<uint32_t>(wide));
    if (!std::isnan(wide)) {
      EXPECT_EQ(std::bit_cast<uint16_t>(own___truncdfhf2(wide)), bits);
    }
  }
  EXPECT_EQ(float(own___truncdfhf2(65519.99)), 65504);
  EXPECT_TRUE(std::isinf(float(own___truncdfhf2(65520))));
  EXPECT_TRUE(std::isnan(own___extendhfsf2(own___truncdfhf2(NAN))));
  // Once to float and then to half would round up.
  EXPECT_EQ(float(own___truncdfhf2(1 + 0x1p-11 + 0x1p-40)), 1 + 0x1p-10);
  EXPECT_EQ(float(own___truncdfhf2(1 + 0x1p-11)), 1);
}

TEST(Builtins, Bfloat) {
  auto bitsOf = [](__bf16 x) { return std::bit_cast<uint16_t>(x); };
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    float wide = std::bit_cast<float>(bits << 16);
    __bf16 narrow = std::bit_cast<__bf16>(uint16_t(bits));
    EXPECT_EQ(std::bit_cast<uint32_t>(own___extendbfsf2(narrow)), bits << 16);
    if (std::isnan(wide))
      continue;
    EXPECT_EQ(bitsOf(own___truncsfbf2(wide)), bits);
    if (std::isinf(wide))
      continue;
    // Just below, at and just above the middle between two neighbours.
    auto at = [&](uint32_t low) {
      return bitsOf(own___truncsfbf2(std::bit_cast<float>(bits << 16 | low)));
    };
    EXPECT_EQ(at(0x7fff), bits);
    EXPECT_EQ(at(0x8000), bits + (bits & 1));
    EXPECT_EQ(at(0x8001), bits + 1);
  }
  EXPECT_EQ(bitsOf(own___truncdfbf2(1 + 0x1p-8 + 0x1p-50)), 0x3f81);
  EXPECT_TRUE(std::isnan(own___extendbfsf2(own___truncsfbf2(NAN))));
}

TEST(Builtins, Remainders) {
  std::mt19937_64 random(9);
  for (int i = 0; i < 100000; ++i) {
    double x = std::bit_cast<double>(random());
    double y = std::bit_cast<double>(
        i & 1 ? random() : (random() >> 12) | uint64_t(random() % 80) << 52);
    double found = own_fmod(x, y), wanted = std::fmod(x, y);
    EXPECT_TRUE(found == wanted || (std::isnan(found) && std::isnan(wanted)))
        << std::hexfloat << x << " " << y << " " << found << " " << wanted;
    if (!std::isnan(wanted)) {
      EXPECT_EQ(std::signbit(found), std::signbit(wanted)) << x << " " << y;
    }
  }
  EXPECT_EQ(own_fmodf(7.5f, 2), 1.5f);
  EXPECT_TRUE(std::isnan(own_fmod(1, 0)));
  EXPECT_TRUE(std::isnan(own_fmod(INFINITY, 1)));
  EXPECT_EQ(own_fmod(-3, INFINITY), -3);
}

TEST(Builtins, RoundingAndScaling) {
  for (double x : {0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, 1e300,
                   4503599627370497.5})
    EXPECT_EQ(own_round(x), std::round(x)) << x;
  for (int k : {-2000, -1074, -1060, -1000, -5, 0, 5, 1000, 1023, 2000})
    for (double x : {1.0, -1.2345, 0x1.fffp-1022, 5e-324, 1e300})
      EXPECT_EQ(own_ldexp(x, k), std::ldexp(x, k)) << x << " " << k;
  EXPECT_EQ(own___powidf2(3, 5), 243);
  EXPECT_EQ(own___powidf2(2, -3), 0.125);
  EXPECT_EQ(own___powidf2(2, 0), 1);
}

TEST(Builtins, WideIntegers) {
  std::mt19937_64 random(13);
  auto wide = [&] {
    unsigned __int128 value = random();
    return (value << 64 | random()) >> random() % 128;
  };
  for (int i = 0; i < 20000; ++i) {
    unsigned __int128 a = wide(), b = wide() | 1;
    EXPECT_TRUE(own___udivti3(a, b) == a / b && own___umodti3(a, b) == a % b);
    auto c = __int128(a), d = i & 1 ? -__int128(b) : __int128(b);
    EXPECT_TRUE(own___divti3(c, d) == c / d && own___modti3(c, d) == c % d);
    EXPECT_TRUE(own___divti3(-c, d) == -c / d && own___modti3(-c, d) == -c % d);
  }
}

} // namespace
