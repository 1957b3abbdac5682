//===- Emitted.h - The scalar type that builds IR ---------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instantiating a formula with Emitted emits its arithmetic in the body of a
// linalg op. Half-precision floats compute in f32 and are rounded once, when
// the result is stored.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_CONVERSION_MLCTOLINALG_EMITTED_H
#define MLC_CONVERSION_MLCTOLINALG_EMITTED_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Builders.h"

namespace mlc::scalar {

/// A scalar SSA value with its signedness, which the types of kernel code do
/// not carry.
struct Emitted {
  mlir::OpBuilder *builder;
  mlir::Location loc;
  mlir::Value value;
  bool isUnsigned = false;

  bool isFloat() const { return mlir::isa<mlir::FloatType>(value.getType()); }
  Emitted with(mlir::Value result) const {
    return {builder, loc, result, isUnsigned};
  }
  Emitted truth(mlir::Value result) const {
    return {builder, loc, result, /*isUnsigned=*/true};
  }
  /// A constant of this value's type.
  Emitted literal(double number) const;

  template <class FloatOp, class SignedOp, class UnsignedOp>
  Emitted arith(const Emitted &other) const {
    if (isFloat())
      return with(FloatOp::create(*builder, loc, value, other.value,
                                  mlir::arith::FastMathFlags::contract));
    return isUnsigned
               ? with(UnsignedOp::create(*builder, loc, value, other.value))
               : with(SignedOp::create(*builder, loc, value, other.value));
  }
  template <class Op> Emitted math() const {
    return with(Op::create(*builder, loc, value));
  }
  Emitted compare(mlir::arith::CmpFPredicate ofFloats,
                  mlir::arith::CmpIPredicate ofSigned,
                  mlir::arith::CmpIPredicate ofUnsigned,
                  const Emitted &other) const;
};

Emitted operator+(const Emitted &x, const Emitted &y);
Emitted operator-(const Emitted &x, const Emitted &y);
Emitted operator*(const Emitted &x, const Emitted &y);
Emitted operator/(const Emitted &x, const Emitted &y);
Emitted operator&(const Emitted &x, const Emitted &y);
Emitted operator|(const Emitted &x, const Emitted &y);
Emitted operator^(const Emitted &x, const Emitted &y);
Emitted operator-(const Emitted &x);
Emitted operator~(const Emitted &x);
Emitted operator==(const Emitted &x, const Emitted &y);
Emitted operator!=(const Emitted &x, const Emitted &y);
Emitted operator<(const Emitted &x, const Emitted &y);
Emitted operator<=(const Emitted &x, const Emitted &y);
Emitted operator>(const Emitted &x, const Emitted &y);
Emitted operator>=(const Emitted &x, const Emitted &y);

inline Emitted operator+(double x, const Emitted &y) {
  return y.literal(x) + y;
}
inline Emitted operator-(double x, const Emitted &y) {
  return y.literal(x) - y;
}
inline Emitted operator*(double x, const Emitted &y) {
  return y.literal(x) * y;
}
inline Emitted operator/(double x, const Emitted &y) {
  return y.literal(x) / y;
}

inline Emitted constant(const Emitted &like, double number) {
  return like.literal(number);
}
Emitted select(const Emitted &c, const Emitted &x, const Emitted &y);
Emitted minimum(const Emitted &x, const Emitted &y);
Emitted maximum(const Emitted &x, const Emitted &y);
Emitted truncMod(const Emitted &x, const Emitted &y);
Emitted floorMod(const Emitted &x, const Emitted &y);
Emitted abs(const Emitted &x);
Emitted sign(const Emitted &x);
Emitted pow(const Emitted &x, const Emitted &y);
Emitted shiftLeft(const Emitted &x, const Emitted &y);
Emitted shiftRight(const Emitted &x, const Emitted &y);

#define MLC_EMITTED_MATH(NAME, OP)                                             \
  inline Emitted NAME(const Emitted &x) { return x.math<mlir::math::OP>(); }
MLC_EMITTED_MATH(acos, AcosOp)
MLC_EMITTED_MATH(acosh, AcoshOp)
MLC_EMITTED_MATH(asin, AsinOp)
MLC_EMITTED_MATH(asinh, AsinhOp)
MLC_EMITTED_MATH(atan, AtanOp)
MLC_EMITTED_MATH(atanh, AtanhOp)
MLC_EMITTED_MATH(ceil, CeilOp)
MLC_EMITTED_MATH(cos, CosOp)
MLC_EMITTED_MATH(cosh, CoshOp)
MLC_EMITTED_MATH(erf, ErfOp)
MLC_EMITTED_MATH(exp, ExpOp)
MLC_EMITTED_MATH(floor, FloorOp)
MLC_EMITTED_MATH(log, LogOp)
MLC_EMITTED_MATH(log1p, Log1pOp)
MLC_EMITTED_MATH(roundeven, RoundEvenOp)
MLC_EMITTED_MATH(sin, SinOp)
MLC_EMITTED_MATH(sinh, SinhOp)
MLC_EMITTED_MATH(sqrt, SqrtOp)
MLC_EMITTED_MATH(tan, TanOp)
MLC_EMITTED_MATH(tanh, TanhOp)
#undef MLC_EMITTED_MATH

/// Converts between element types (the semantics of `mlc.cast`).
Emitted cast(const Emitted &x, mlir::Type to, bool toUnsigned);

} // namespace mlc::scalar

#endif // MLC_CONVERSION_MLCTOLINALG_EMITTED_H
