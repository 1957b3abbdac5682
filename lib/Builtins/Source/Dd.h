//===- Dd.h ---------------------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Arithmetic on unevaluated sums of two doubles, some 100 bits. The scalar
// functions here run in cold code: they are short and accurate, not fast.
// Compile without contraction of a * b + c: the error terms depend on it.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_BUILTINS_DD_H
#define MLC_LIB_BUILTINS_DD_H

typedef unsigned long long u64;
typedef long long i64;

typedef struct Dd {
  double hi, lo;
} Dd;

static inline u64 bitsOf(double x) { return __builtin_bit_cast(u64, x); }
static inline double fromBits(u64 x) { return __builtin_bit_cast(double, x); }
static inline double magnitude(double x) { return __builtin_fabs(x); }
static inline double withSign(double x, double sign) {
  return __builtin_copysign(x, sign);
}

static inline Dd dd(double x) { return (Dd){x, 0}; }

static inline Dd twoSum(double a, double b) {
  double s = a + b, t = s - a;
  return (Dd){s, (a - (s - t)) + (b - t)};
}

static inline Dd twoProduct(double a, double b) {
  double p = a * b;
  return (Dd){p, __builtin_fma(a, b, -p)};
}

/// For |a| >= |b|.
static inline Dd normal(double a, double b) {
  double s = a + b;
  return (Dd){s, b - (s - a)};
}

static inline Dd ddNegate(Dd a) { return (Dd){-a.hi, -a.lo}; }
static inline Dd ddScale(Dd a, double power) {
  return (Dd){a.hi * power, a.lo * power};
}

static inline Dd ddAdd(Dd a, Dd b) {
  Dd s = twoSum(a.hi, b.hi), t = twoSum(a.lo, b.lo);
  s = normal(s.hi, s.lo + t.hi);
  return normal(s.hi, s.lo + t.lo);
}

static inline Dd ddMultiply(Dd a, Dd b) {
  Dd p = twoProduct(a.hi, b.hi);
  return normal(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}

static inline Dd ddDivide(Dd a, Dd b) {
  double q = a.hi / b.hi;
  Dd rest = ddAdd(a, ddNegate(ddMultiply(b, dd(q))));
  double q2 = rest.hi / b.hi;
  rest = ddAdd(rest, ddNegate(ddMultiply(b, dd(q2))));
  return ddAdd(normal(q, q2), dd(rest.hi / b.hi));
}

static inline Dd ddSqrt(Dd a) {
  if (a.hi == 0)
    return a;
  double root = __builtin_sqrt(a.hi);
  Dd rest = ddAdd(a, ddNegate(twoProduct(root, root)));
  return normal(root, rest.hi / (2 * root));
}

/// 1 + t/d(0) * (1 + t/d(1) * (1 + ...)), count factors, the first `wide` of
/// them in double-double.
static inline Dd nested(Dd t, double (*divisor)(int), int count, int wide) {
  double tail = 1;
  for (int i = count; i-- > wide;)
    tail = 1 + t.hi / divisor(i) * tail;
  Dd sum = dd(tail);
  for (int i = wide; i-- > 0;)
    sum = ddAdd(dd(1), ddDivide(ddMultiply(t, sum), dd(divisor(i))));
  return sum;
}

/// x * 2^k with one rounding, for x of moderate size.
static inline double scaleBy(double x, int k) {
  if (k > 1023) {
    x *= 0x1p1023;
    k -= 1023;
  } else if (k < -1022) {
    x *= 0x1p-969;
    k += 969;
  }
  if (k > 1023)
    k = 1023;
  if (k < -1022)
    return 0 * x;
  return x * fromBits((u64)(k + 1023) << 52);
}

/// e^x as result * 2^*k, for |x| < 2000.
Dd mlcExpParts(Dd x, int *k);
/// e^x - 1 for |x| < 0.4.
Dd mlcExpm1Small(Dd x);
/// Logarithm of a positive, finite number.
Dd mlcLogParts(Dd x);
/// Logarithm of 1 + x for |x| < 0.3.
Dd mlcLog1pSmall(Dd x);

#endif // MLC_LIB_BUILTINS_DD_H
