//===- Single.c -----------------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The f32 functions round the f64 ones: within one unit in the last place.
//
//===----------------------------------------------------------------------===//

#define MLC_UNARY(name)                                                        \
  double name(double x);                                                       \
  float name##f(float x) { return (float)name(x); }
#define MLC_BINARY(name)                                                       \
  double name(double x, double y);                                             \
  float name##f(float x, float y) { return (float)name(x, y); }

MLC_UNARY(exp)
MLC_UNARY(exp2)
MLC_UNARY(expm1)
MLC_UNARY(log)
MLC_UNARY(log2)
MLC_UNARY(log10)
MLC_UNARY(log1p)
MLC_UNARY(sinh)
MLC_UNARY(cosh)
MLC_UNARY(tanh)
MLC_UNARY(asinh)
MLC_UNARY(acosh)
MLC_UNARY(atanh)
MLC_UNARY(sin)
MLC_UNARY(cos)
MLC_UNARY(tan)
MLC_UNARY(asin)
MLC_UNARY(acos)
MLC_UNARY(atan)
MLC_UNARY(erf)
MLC_UNARY(erfc)
MLC_UNARY(cbrt)
MLC_BINARY(pow)
MLC_BINARY(atan2)
MLC_BINARY(hypot)
