//===- Trigonometric.c ----------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dd.h"

static const double infinity = __builtin_inf(), nan = __builtin_nan("");
static const Dd halfPi = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54};
static const double halfPiRest = -0x1.f1976b7ed8fbcp-110;

/// The first 1280 bits of 2 / pi.
static const u64 twoOverPi[20] = {
    0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041,
    0xfe5163abdebbc561, 0xb7246e3a424dd2e0, 0x06492eea09d1921c,
    0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41,
    0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f,
    0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
    0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08,
    0x56033046fc7b6bab, 0xf0cfbc209af4361d};

/// 64 bits of 2 / pi from bit `start` on; bits before the first are 0.
static u64 bitsFrom(int start) {
  int word = start >> 6, shift = start & 63;
  u64 high = word >= 0 && word < 20 ? twoOverPi[word] : 0;
  u64 low = word + 1 >= 0 && word + 1 < 20 ? twoOverPi[word + 1] : 0;
  return shift ? high << shift | low >> (64 - shift) : high;
}

/// Reduction of a large |x|: multiplies its 53 bits by those bits of 2 / pi
/// that matter modulo 4, which are the quadrant and 254 bits behind it.
static int reduceLarge(double x, Dd *r) {
  u64 mantissa = (bitsOf(x) & 0xfffffffffffff) | (u64)1 << 52;
  int exponent = (int)(bitsOf(x) >> 52 & 2047) - 1075;
  u64 product[4];
  unsigned __int128 carry = 0;
  for (int i = 3; i >= 0; --i) {
    carry += (unsigned __int128)mantissa * bitsFrom(exponent - 2 + 64 * i);
    product[i] = (u64)carry;
    carry >>= 64;
  }
  int quadrant = (int)(product[0] >> 62);
  // A fraction above 1/2 is that of the next quadrant, below 0.
  int negative = (int)(product[0] >> 61 & 1);
  product[0] &= 0x3fffffffffffffff;
  Dd fraction = dd(negative ? -1 : 0);
  double weight = 0x1p-30;
  for (int i = 0; i < 8; ++i) {
    u64 part = i & 1 ? product[i / 2] & 0xffffffff : product[i / 2] >> 32;
    fraction = ddAdd(fraction, dd((double)part * weight));
    weight *= 0x1p-32;
  }
  *r = ddMultiply(fraction, halfPi);
  return quadrant + negative;
}

/// Splits |x| into a multiple of pi/2, whose number modulo 4 is returned, and
/// a rest of at most pi/4.
static int reduce(double x, Dd *r) {
  if (x < 0x1.921fb54442d18p-1) {
    *r = dd(x);
    return 0;
  }
  if (x >= 0x1p20)
    return reduceLarge(x, r) & 3;
  double n = __builtin_rint(x * 0x1.45f306dc9c883p-1);
  Dd first = twoProduct(n, halfPi.hi), second = twoProduct(n, halfPi.lo);
  Dd rest = twoSum(x, -first.hi);
  rest = ddAdd(rest, dd(-first.lo));
  rest = ddAdd(rest, ddNegate(second));
  *r = ddAdd(rest, dd(-n * halfPiRest));
  return (int)n & 3;
}

static double sinDivisor(int i) { return (2.0 * i + 2) * (2 * i + 3); }
static double cosDivisor(int i) { return (2.0 * i + 1) * (2 * i + 2); }

static Dd sinSmall(Dd r) {
  Dd t = ddNegate(ddMultiply(r, r));
  return ddMultiply(r, nested(t, sinDivisor, 13, 5));
}

static Dd cosSmall(Dd r) {
  Dd t = ddNegate(ddMultiply(r, r));
  return nested(t, cosDivisor, 14, 6);
}

/// The sine of |x| plus `turn` quarters.
static double sinOf(double x, int turn) {
  if (!(x < infinity))
    return nan;
  Dd r;
  int quadrant = reduce(x, &r) + turn;
  Dd value = quadrant & 1 ? cosSmall(r) : sinSmall(r);
  return quadrant & 2 ? -value.hi : value.hi;
}

double sin(double x) {
  double a = magnitude(x);
  if (a < 0x1p-30)
    return x;
  double value = sinOf(a, 0);
  return x < 0 ? -value : value;
}

double cos(double x) { return sinOf(magnitude(x), 1); }

double tan(double x) {
  double a = magnitude(x);
  if (!(a < infinity))
    return nan;
  if (a < 0x1p-30)
    return x;
  Dd r;
  int quadrant = reduce(a, &r);
  Dd s = sinSmall(r), c = cosSmall(r);
  double value = quadrant & 1 ? -ddDivide(c, s).hi : ddDivide(s, c).hi;
  return x < 0 ? -value : value;
}

//===----------------------------------------------------------------------===//
// Inverses
//===----------------------------------------------------------------------===//

/// The arc tangent of x in [0, 1].
static Dd atanSmall(Dd x) {
  // Halving the angle twice brings x below 0.2.
  int halvings = x.hi > 0.2 ? 2 : 0;
  for (int i = 0; i < halvings; ++i) {
    Dd root = ddSqrt(ddAdd(dd(1), ddMultiply(x, x)));
    x = ddDivide(x, ddAdd(dd(1), root));
  }
  Dd t = ddNegate(ddMultiply(x, x));
  double tail = 0;
  for (int n = 49; n > 15; n -= 2)
    tail = 1.0 / n + t.hi * tail;
  Dd sum = dd(tail);
  for (int n = 15; n > 0; n -= 2)
    sum = ddAdd(ddDivide(dd(1), dd(n)), ddMultiply(t, sum));
  return ddScale(ddMultiply(x, sum), halvings ? 4 : 1);
}

/// The angle of (x, y), both finite, not negative and not both 0.
static Dd angle(Dd y, Dd x) {
  if (y.hi <= x.hi)
    return atanSmall(ddDivide(y, x));
  return ddAdd(halfPi, ddNegate(atanSmall(ddDivide(x, y))));
}

double atan(double x) {
  double a = magnitude(x);
  if (x != x || a < 0x1p-30)
    return x;
  if (a > 0x1p70)
    return withSign(halfPi.hi, x);
  return withSign(angle(dd(a), dd(1)).hi, x);
}

double asin(double x) {
  double a = magnitude(x);
  if (!(a <= 1))
    return nan;
  if (a < 0x1p-30)
    return x;
  Dd other = ddSqrt(ddMultiply(twoSum(1, -a), twoSum(1, a)));
  return withSign(angle(dd(a), other).hi, x);
}

double acos(double x) {
  if (!(magnitude(x) <= 1))
    return nan;
  Dd half = angle(ddSqrt(twoSum(1, -x)), ddSqrt(twoSum(1, x)));
  return 2 * half.hi;
}

double atan2(double y, double x) {
  double a = magnitude(y), b = magnitude(x);
  if (x != x || y != y)
    return x + y;
  int left = (int)(bitsOf(x) >> 63);
  // Infinite ones differ in direction only; powers of two keep the angle.
  if (a == infinity || b == infinity) {
    a = a == infinity;
    b = b == infinity;
  }
  double larger = a > b ? a : b;
  double scale = larger > 0x1p900 ? 0x1p-200 : larger < 0x1p-600 ? 0x1p400 : 1;
  a *= scale;
  b *= scale;
  if (a == 0)
    return withSign(left ? 2 * halfPi.hi : 0, y);
  if (!left && b > 0 && a / b < 0x1p-60)
    return withSign(a / b, y);
  Dd result = b > a * 0x1p70   ? dd(0)
              : a > b * 0x1p70 ? halfPi
                               : angle(dd(a), dd(b));
  if (left)
    result = ddAdd(ddScale(halfPi, 2), ddNegate(result));
  return withSign(result.hi, y);
}
