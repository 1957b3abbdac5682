//===- MathTest.cpp -------------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <vector>

#define MLC_UNARY_FUNCTIONS(X)                                                 \
  X(exp)                                                                       \
  X(exp2)                                                                      \
  X(expm1)                                                                     \
  X(log)                                                                       \
  X(log2)                                                                      \
  X(log10)                                                                     \
  X(log1p)                                                                     \
  X(sinh)                                                                      \
  X(cosh)                                                                      \
  X(tanh)                                                                      \
  X(asinh)                                                                     \
  X(acosh)                                                                     \
  X(atanh) X(sin) X(cos) X(tan) X(asin) X(acos) X(atan) X(erf) X(erfc) X(cbrt)
#define MLC_BINARY_FUNCTIONS(X) X(pow) X(atan2) X(hypot)

extern "C" {
#define X(name)                                                                \
  double own_##name(double);                                                   \
  float own_##name##f(float);
MLC_UNARY_FUNCTIONS(X)
#undef X
#define X(name)                                                                \
  double own_##name(double, double);                                           \
  float own_##name##f(float, float);
MLC_BINARY_FUNCTIONS(X)
#undef X
}

namespace {

/// Distance in units of the last place of `exact`, which is rounded from more
/// precision; 0 for equal special values.
template <typename T> double ulps(T found, long double exact) {
  T rounded = T(exact);
  if (std::isnan(found) || std::isnan(rounded))
    return std::isnan(found) && std::isnan(rounded) ? 0 : INFINITY;
  if (found == rounded)
    return 0;
  if (std::isinf(found) || std::isinf(rounded))
    return INFINITY;
  T next =
      std::nextafter(std::fabs(rounded), std::numeric_limits<T>::infinity());
  long double unit = (long double)next - std::fabs(rounded);
  return double(std::fabs((long double)found - exact) / unit);
}

/// Numbers of every size, near 1, small and special ones.
template <typename T> std::vector<T> samples() {
  using Limits = std::numeric_limits<T>;
  std::vector<T> values;
  for (T x : {T(0),
              T(0.5),
              T(1),
              T(2),
              T(3),
              T(10),
              T(100),
              Limits::min(),
              Limits::denorm_min(),
              Limits::max(),
              Limits::infinity(),
              Limits::quiet_NaN(),
              Limits::epsilon(),
              T(0.3),
              T(0.34),
              T(709),
              T(710),
              T(745),
              T(88.7),
              T(104)})
    values.insert(values.end(), {x, -x});
  std::mt19937_64 random(11);
  auto unit = [&] { return T(random() >> 11) * T(0x1p-53); };
  for (int i = 0; i < 20000; ++i) {
    T sign = random() & 1 ? T(1) : T(-1);
    int wide = int(random() % (Limits::max_exponent * 2)) -
               Limits::max_exponent - Limits::digits / 2;
    values.push_back(sign * std::ldexp(1 + unit(), wide));
    values.push_back(sign * std::ldexp(1 + unit(), int(random() % 20) - 10));
    values.push_back(1 + sign * std::ldexp(unit(), -int(random() % 20)));
    values.push_back(sign * unit() * 30);
    values.push_back(sign * unit() * 750);
  }
  return values;
}

template <typename T>
void compare(const char *name, T (*own)(T), long double (*exact)(long double),
             double limit) {
  double worst = 0;
  T where = 0;
  for (T x : samples<T>())
    if (double distance = ulps(own(x), exact(x)); !(distance <= worst)) {
      worst = distance;
      where = x;
    }
  EXPECT_LE(worst, limit) << name << "(" << std::hexfloat << where << ") is "
                          << own(where) << ", must be " << T(exact(where));
}

template <typename T>
void compare(const char *name, T (*own)(T, T),
             long double (*exact)(long double, long double), double limit) {
  double worst = 0;
  T a = 0, b = 0;
  auto values = samples<T>();
  for (size_t i = 0; i < values.size(); ++i) {
    T x = values[i], y = values[i * 7919 % values.size()];
    if (double distance = ulps(own(x, y), exact(x, y)); !(distance <= worst)) {
      worst = distance;
      a = x;
      b = y;
    }
  }
  EXPECT_LE(worst, limit) << name << "(" << std::hexfloat << a << ", " << b
                          << ") is " << own(a, b) << ", must be "
                          << T(exact(a, b));
}

// Through 64 bits of precision the C library tells 2 ulp from 1 without doubt.
TEST(Math, DoubleWithinTwoUlp) {
#define X(name) compare<double>(#name, own_##name, ::name##l, 2);
  MLC_UNARY_FUNCTIONS(X)
  MLC_BINARY_FUNCTIONS(X)
#undef X
}

TEST(Math, FloatWithinOneUlp) {
#define X(name) compare<float>(#name, own_##name##f, ::name##l, 1);
  MLC_UNARY_FUNCTIONS(X)
  MLC_BINARY_FUNCTIONS(X)
#undef X
}

TEST(Math, SignsOfZero) {
  for (double (*odd)(double) :
       {own_expm1, own_sinh, own_tanh, own_asinh, own_atanh, own_sin, own_tan,
        own_asin, own_atan, own_erf, own_cbrt, own_log1p}) {
    EXPECT_TRUE(std::signbit(odd(-0.0)));
    EXPECT_FALSE(std::signbit(odd(0.0)));
  }
  for (double y : {0.0, -0.0})
    for (double x : {0.0, -0.0, 1.0, -1.0}) {
      EXPECT_EQ(own_atan2(y, x), std::atan2(y, x));
      EXPECT_EQ(std::signbit(own_atan2(y, x)), std::signbit(y));
    }
}

TEST(Math, PowersOfSpecialValues) {
  const double values[] = {0.0,  -0.0,  1,        -1,        2,     -2,
                           3,    -3,    INFINITY, -INFINITY, NAN,   0.5,
                           -0.5, 1e300, -1e300,   0x1p53,    1e-300};
  for (double x : values)
    for (double y : values) {
      double found = own_pow(x, y), wanted = std::pow(x, y);
      EXPECT_TRUE(found == wanted || (std::isnan(found) && std::isnan(wanted)))
          << x << " ^ " << y << " is " << found << ", must be " << wanted;
      if (!std::isnan(wanted))
        EXPECT_EQ(std::signbit(found), std::signbit(wanted)) << x << " " << y;
    }
}

} // namespace
