//===- Exponential.c ------------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dd.h"

static const double infinity = __builtin_inf(), nan = __builtin_nan("");

//===----------------------------------------------------------------------===//
// Exponentials
//===----------------------------------------------------------------------===//

static double expDivisor(int i) { return i + 2; }

Dd mlcExpm1Small(Dd x) { return ddMultiply(x, nested(x, expDivisor, 24, 9)); }

Dd mlcExpParts(Dd x, int *k) {
  // ln 2 in three parts; the first is short, so that its multiples are exact.
  const double ln2a = 0x1.62e42fee00000p-1, ln2b = 0x1.a39ef35793c76p-33,
               ln2c = 0x1.cc01f97b57a08p-87;
  double n = __builtin_rint(x.hi * 0x1.71547652b82fep+0);
  Dd r = twoSum(x.hi, -n * ln2a);
  r = ddAdd(r, ddNegate(twoProduct(n, ln2b)));
  r = ddAdd(r, dd(x.lo - n * ln2c));
  *k = (int)n;
  return ddAdd(dd(1), mlcExpm1Small(r));
}

static double expOf(Dd x) {
  if (x.hi != x.hi)
    return x.hi;
  if (x.hi > 710)
    return infinity;
  if (x.hi < -746)
    return 0;
  int k;
  Dd e = mlcExpParts(x, &k);
  return scaleBy(e.hi, k);
}

double exp(double x) { return expOf(dd(x)); }

double exp2(double x) {
  if (magnitude(x) > 1100)
    return x > 0 ? infinity : 0;
  double n = __builtin_rint(x);
  Dd ln2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
  if (x != x)
    return x;
  Dd e = ddAdd(dd(1), mlcExpm1Small(ddMultiply(ln2, dd(x - n))));
  return scaleBy(e.hi, (int)n);
}

/// e^x - 1 for |x| < 709, unless it is -1 or x.
static Dd expm1Of(Dd x) {
  if (magnitude(x.hi) < 0.34)
    return mlcExpm1Small(x);
  int k;
  Dd e = mlcExpParts(x, &k);
  return ddAdd(ddScale(e, scaleBy(1, k)), dd(-1));
}

double expm1(double x) {
  if (x != x || magnitude(x) < 0x1p-60)
    return x;
  if (x > 709)
    return exp(x);
  if (x < -50)
    return -1;
  return expm1Of(dd(x)).hi;
}

/// e^x / 2, which may be a number where e^x is none.
static double halfExp(double x) {
  Dd minusLn2 = {-0x1.62e42fefa39efp-1, -0x1.abc9e3b39803fp-56};
  return x > 720 ? infinity : expOf(ddAdd(dd(x), minusLn2));
}

double sinh(double x) {
  double a = magnitude(x);
  if (x != x || a < 0x1p-30)
    return x;
  if (a > 40)
    return withSign(halfExp(a), x);
  Dd m = expm1Of(dd(a));
  Dd s = ddAdd(m, ddDivide(m, ddAdd(m, dd(1))));
  return withSign(s.hi / 2, x);
}

double cosh(double x) {
  double a = magnitude(x);
  if (a > 40)
    return halfExp(a);
  if (x != x)
    return x;
  Dd e = ddAdd(expm1Of(dd(a)), dd(1));
  return ddAdd(e, ddDivide(dd(1), e)).hi / 2;
}

double tanh(double x) {
  double a = magnitude(x);
  if (x != x || a < 0x1p-30)
    return x;
  if (a > 20)
    return withSign(1, x);
  Dd m = expm1Of(dd(2 * a));
  return withSign(ddDivide(m, ddAdd(m, dd(2))).hi, x);
}

//===----------------------------------------------------------------------===//
// Logarithms
//===----------------------------------------------------------------------===//

/// 2 atanh(s) for |s| < 0.18.
static Dd twiceAtanh(Dd s) {
  Dd t = ddMultiply(s, s);
  double tail = 0;
  for (int n = 47; n > 15; n -= 2)
    tail = 1.0 / n + t.hi * tail;
  Dd sum = dd(tail);
  for (int n = 15; n > 0; n -= 2)
    sum = ddAdd(ddDivide(dd(1), dd(n)), ddMultiply(t, sum));
  return ddScale(ddMultiply(s, sum), 2);
}

Dd mlcLog1pSmall(Dd x) { return twiceAtanh(ddDivide(x, ddAdd(x, dd(2)))); }

Dd mlcLogParts(Dd x) {
  int k = 0;
  if (x.hi < 0x1p-1000) {
    x = ddScale(x, 0x1p60);
    k = -60;
  }
  // x = m * 2^k with m in [0.7, 1.4].
  int exponent = (int)(bitsOf(x.hi) >> 52) - 1023;
  double m = fromBits((bitsOf(x.hi) & 0xfffffffffffff) | (u64)1023 << 52);
  exponent += m > 0x1.6a09e667f3bcdp+0;
  k += exponent;
  // In two steps: 2^1024 is no number.
  x = ddScale(ddScale(x, scaleBy(1, -exponent / 2)),
              scaleBy(1, -exponent + exponent / 2));
  Dd ln2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
  return ddAdd(ddMultiply(ln2, dd(k)), mlcLog1pSmall(ddAdd(x, dd(-1))));
}

/// The cases that all logarithms share; false when x is ordinary.
static int logSpecial(double x, double *result) {
  if (x > 0 && x < infinity)
    return 0;
  *result = x == 0 ? -infinity : x > 0 || x != x ? x : nan;
  return 1;
}

double log(double x) {
  double special;
  return logSpecial(x, &special) ? special : mlcLogParts(dd(x)).hi;
}

double log2(double x) {
  double special;
  Dd scale = {0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56};
  return logSpecial(x, &special) ? special
                                 : ddMultiply(mlcLogParts(dd(x)), scale).hi;
}

double log10(double x) {
  double special;
  Dd scale = {0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57};
  return logSpecial(x, &special) ? special
                                 : ddMultiply(mlcLogParts(dd(x)), scale).hi;
}

static Dd log1pOf(Dd x) {
  return magnitude(x.hi) < 0.3 ? mlcLog1pSmall(x)
                               : mlcLogParts(ddAdd(dd(1), x));
}

double log1p(double x) {
  double special;
  if (magnitude(x) < 0x1p-60)
    return x;
  return logSpecial(1 + x, &special) ? special : log1pOf(dd(x)).hi;
}

double asinh(double x) {
  double a = magnitude(x);
  if (!(a < infinity) || a < 0x1p-30)
    return x;
  if (a > 0x1p100)
    return withSign(ddAdd(mlcLogParts(dd(a)),
                          (Dd){0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56})
                        .hi,
                    x);
  // log(1 + a + a^2 / (1 + sqrt(1 + a^2)))
  Dd square = twoProduct(a, a);
  Dd root = ddAdd(dd(1), ddSqrt(ddAdd(dd(1), square)));
  return withSign(log1pOf(ddAdd(dd(a), ddDivide(square, root))).hi, x);
}

double acosh(double x) {
  if (!(x >= 1))
    return nan;
  if (x > 0x1p100)
    return x == infinity
               ? x
               : ddAdd(mlcLogParts(dd(x)),
                       (Dd){0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56})
                     .hi;
  Dd t = twoSum(x, -1);
  Dd root = ddSqrt(ddMultiply(t, ddAdd(t, dd(2))));
  return log1pOf(ddAdd(t, root)).hi;
}

double atanh(double x) {
  double a = magnitude(x);
  if (!(a < 1))
    return a == 1 ? withSign(infinity, x) : nan;
  if (a < 0x1p-30)
    return x;
  Dd argument = ddDivide(dd(2 * a), twoSum(1, -a));
  return withSign(log1pOf(argument).hi / 2, x);
}

//===----------------------------------------------------------------------===//
// Powers
//===----------------------------------------------------------------------===//

/// 0: y is no integer, 1: an odd one, 2: an even one.
static int integerKind(double y) {
  if (magnitude(y) >= 0x1p53)
    return 2;
  if (__builtin_trunc(y) != y)
    return 0;
  return (i64)y & 1 ? 1 : 2;
}

static double powSpecial(double x, double y, int kind) {
  double a = magnitude(x);
  if (x != x || y != y)
    return x + y;
  if (magnitude(y) == infinity) {
    if (a == 1)
      return 1;
    return (a > 1) == (y > 0) ? infinity : 0;
  }
  // x is 0 or infinite.
  double result = (a == 0) == (y > 0) ? 0 : infinity;
  return kind == 1 ? withSign(result, x) : result;
}

double pow(double x, double y) {
  double a = magnitude(x);
  int kind = integerKind(y);
  if (y == 0 || x == 1)
    return 1;
  if (a == 0 || !(a < infinity) || !(magnitude(y) < infinity))
    return powSpecial(x, y, kind);
  if (x < 0 && kind == 0)
    return nan;
  double sign = x < 0 && kind == 1 ? -1 : 1;
  Dd log = mlcLogParts(dd(a));
  // Beyond every result, and not yet beyond the numbers.
  if (magnitude(log.hi * y) > 1500)
    return sign * ((log.hi > 0) == (y > 0) ? infinity : 0);
  return sign * expOf(ddMultiply(log, dd(y)));
}

double cbrt(double x) {
  double a = magnitude(x);
  if (a == 0 || !(a < infinity))
    return x;
  int k;
  Dd third = ddDivide(mlcLogParts(dd(a)), dd(3));
  Dd root = mlcExpParts(third, &k);
  double near = scaleBy(root.hi, k);
  return withSign(near, x);
}

double hypot(double x, double y) {
  double a = magnitude(x), b = magnitude(y);
  if (a == infinity || b == infinity)
    return infinity;
  double scale = a > 0x1p500 || b > 0x1p500     ? 0x1p-600
                 : a < 0x1p-400 && b < 0x1p-400 ? 0x1p600
                                                : 1;
  Dd sum =
      ddAdd(twoProduct(a * scale, a * scale), twoProduct(b * scale, b * scale));
  return ddSqrt(sum).hi / scale;
}
