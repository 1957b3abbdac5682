//===- ErrorFunction.c ----------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dd.h"

static double seriesDivisor(int i) { return 2.0 * i + 3; }

/// e^(-x^2) for x below 28, as result * 2^*k.
static Dd gaussian(double x, int *k) {
  return mlcExpParts(ddNegate(twoProduct(x, x)), k);
}

/// erf of x in [0, 3]: 2/sqrt(pi) e^(-x^2) x (1 + 2x^2/3 (1 + 2x^2/5 (...))).
static Dd erfSmall(double x) {
  Dd scale = {0x1.20dd750429b6dp+0, 0x1.1ae3a914fed80p-56};
  Dd t = ddScale(twoProduct(x, x), 2);
  Dd sum = x < 1 ? nested(t, seriesDivisor, 40, 16)
                 : nested(t, seriesDivisor, 100, 60);
  int k;
  Dd e = gaussian(x, &k);
  Dd result = ddMultiply(ddMultiply(scale, dd(x)), ddMultiply(e, sum));
  return ddScale(result, scaleBy(1, k));
}

/// erfc of x in [3, 28] as result * 2^*k, by its continued fraction.
static Dd erfcLarge(double x, int *k) {
  Dd scale = {0x1.20dd750429b6dp-1, 0x1.1ae3a914fed80p-57};
  Dd fraction = dd(x);
  for (int n = 60; n > 0; --n)
    fraction = ddAdd(dd(x), ddDivide(dd(n * 0.5), fraction));
  return ddDivide(ddMultiply(scale, gaussian(x, k)), fraction);
}

double erf(double x) {
  double a = magnitude(x);
  if (x != x)
    return x;
  // Here the result may have fewer bits than the parts of a product.
  if (a < 0x1p-500)
    return x + 0x1.06eba8214db69p-3 * x;
  if (a < 3)
    return withSign(erfSmall(a).hi, x);
  if (a > 6)
    return withSign(1, x);
  int k;
  Dd rest = erfcLarge(a, &k);
  return withSign(1 - scaleBy(rest.hi, k), x);
}

double erfc(double x) {
  double a = magnitude(x);
  if (x != x)
    return x;
  if (a < 0x1p-60)
    return 1;
  if (a < 3) {
    Dd value = erfSmall(a);
    return ddAdd(dd(1), x < 0 ? value : ddNegate(value)).hi;
  }
  if (x < -6)
    return 2;
  if (x > 27.5)
    return 0;
  int k;
  Dd rest = erfcLarge(a, &k);
  double value = scaleBy(rest.hi, k);
  return x < 0 ? 2 - value : value;
}
