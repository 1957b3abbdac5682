//===- Scalar.h - The vocabulary of elementwise formulas --------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A formula of MlcElementwise.td is compiled for three scalar types: `double`
// and `Integer`, which the interpreter computes with, and `Emitted` of
// Conversion/MlcToLinalg, which builds IR. This file gives the first two the
// functions that formulas are written in.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_DIALECT_MLC_IR_SCALAR_H
#define MLC_DIALECT_MLC_IR_SCALAR_H

#include <cmath>
#include <cstdint>
#include <limits>

namespace mlc::scalar {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

/// An integer of up to 64 bits, signed or not, or a boolean (one bit,
/// unsigned). `bits` is sign- or zero-extended; arithmetic wraps.
struct Integer {
  uint64_t bits;
  unsigned width;
  bool isSigned;

  /// Cuts `value` to the width of `like` and extends it again.
  static Integer wrap(uint64_t value, const Integer &like) {
    unsigned shift = 64 - like.width;
    uint64_t high = value << shift;
    return {like.isSigned
                ? static_cast<uint64_t>(static_cast<int64_t>(high) >> shift)
                : high >> shift,
            like.width, like.isSigned};
  }
  int64_t asSigned() const { return static_cast<int64_t>(bits); }
};

inline Integer constant(const Integer &like, int64_t value) {
  return Integer::wrap(static_cast<uint64_t>(value), like);
}
inline Integer operator+(Integer x, Integer y) {
  return Integer::wrap(x.bits + y.bits, x);
}
inline Integer operator-(Integer x, Integer y) {
  return Integer::wrap(x.bits - y.bits, x);
}
inline Integer operator*(Integer x, Integer y) {
  return Integer::wrap(x.bits * y.bits, x);
}
inline Integer operator-(Integer x) { return Integer::wrap(0 - x.bits, x); }
inline Integer operator~(Integer x) { return Integer::wrap(~x.bits, x); }
inline Integer operator&(Integer x, Integer y) {
  return Integer::wrap(x.bits & y.bits, x);
}
inline Integer operator|(Integer x, Integer y) {
  return Integer::wrap(x.bits | y.bits, x);
}
inline Integer operator^(Integer x, Integer y) {
  return Integer::wrap(x.bits ^ y.bits, x);
}
inline bool operator==(Integer x, Integer y) { return x.bits == y.bits; }
inline bool operator!=(Integer x, Integer y) { return x.bits != y.bits; }
inline bool operator<(Integer x, Integer y) {
  return x.isSigned ? x.asSigned() < y.asSigned() : x.bits < y.bits;
}
inline bool operator<=(Integer x, Integer y) { return !(y < x); }
inline bool operator>(Integer x, Integer y) { return y < x; }
inline bool operator>=(Integer x, Integer y) { return !(x < y); }

/// Rounds towards zero. Ops whose records say `failsOnZero` do not come here
/// with a divisor of zero.
inline Integer operator/(Integer x, Integer y) {
  if (y.bits == 0)
    return constant(x, 0);
  if (!x.isSigned)
    return Integer::wrap(x.bits / y.bits, x);
  // INT64_MIN / -1 overflows in C++; negation wraps as it should.
  return y.asSigned() == -1
             ? -x
             : Integer::wrap(static_cast<uint64_t>(x.asSigned() / y.asSigned()),
                             x);
}
inline Integer truncMod(Integer x, Integer y) { return x - (x / y) * y; }
inline Integer floorMod(Integer x, Integer y) {
  Integer rest = truncMod(x, y);
  bool adjust = x.isSigned && rest.bits != 0 &&
                (rest.asSigned() < 0) != (y.asSigned() < 0);
  return adjust ? rest + y : rest;
}
inline Integer minimum(Integer x, Integer y) { return y < x ? y : x; }
inline Integer maximum(Integer x, Integer y) { return x < y ? y : x; }
inline Integer abs(Integer x) {
  return x.isSigned && x.asSigned() < 0 ? -x : x;
}
inline Integer sign(Integer x) {
  return constant(x, x.bits == 0 ? 0 : x.isSigned && x.asSigned() < 0 ? -1 : 1);
}
inline Integer shiftLeft(Integer x, Integer y) {
  return y.bits < x.width ? Integer::wrap(x.bits << y.bits, x) : constant(x, 0);
}
inline Integer shiftRight(Integer x, Integer y) {
  uint64_t by = y.bits < x.width ? y.bits : x.width - 1;
  if (x.isSigned)
    return Integer::wrap(static_cast<uint64_t>(x.asSigned() >> by), x);
  return y.bits < x.width ? Integer::wrap(x.bits >> by, x) : constant(x, 0);
}
inline Integer select(Integer c, Integer x, Integer y) {
  return c.bits ? x : y;
}

inline double constant(double, double value) { return value; }
inline double truncMod(double x, double y) { return std::fmod(x, y); }
inline double floorMod(double x, double y) {
  double rest = std::fmod(x, y);
  return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}
inline double minimum(double x, double y) {
  return x != x || y != y ? x + y : y < x ? y : x;
}
inline double maximum(double x, double y) {
  return x != x || y != y ? x + y : x < y ? y : x;
}
inline double abs(double x) { return std::fabs(x); }
inline double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
inline double roundeven(double x) { return std::nearbyint(x); }
inline double select(Integer c, double x, double y) { return c.bits ? x : y; }
using std::acos;
using std::acosh;
using std::asin;
using std::asinh;
using std::atan;
using std::atanh;
using std::ceil;
using std::cos;
using std::cosh;
using std::erf;
using std::exp;
using std::floor;
using std::log;
using std::log1p;
using std::pow;
using std::sin;
using std::sinh;
using std::sqrt;
using std::tan;
using std::tanh;

} // namespace mlc::scalar

#endif // MLC_DIALECT_MLC_IR_SCALAR_H
