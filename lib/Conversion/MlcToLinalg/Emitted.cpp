//===- Emitted.cpp - The scalar type that builds IR -----------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Emitted.h"
#include "llvm/ADT/APFloat.h"

using namespace mlir;
using namespace mlc::scalar;

using FPred = arith::CmpFPredicate;
using IPred = arith::CmpIPredicate;

Emitted Emitted::literal(double number) const {
  Type type = value.getType();
  TypedAttr attr =
      isFloat() ? TypedAttr(builder->getFloatAttr(type, number))
                : builder->getIntegerAttr(type, static_cast<int64_t>(number));
  return with(arith::ConstantOp::create(*builder, loc, attr));
}

Emitted Emitted::compare(FPred ofFloats, IPred ofSigned, IPred ofUnsigned,
                         const Emitted &other) const {
  if (isFloat())
    return truth(
        arith::CmpFOp::create(*builder, loc, ofFloats, value, other.value));
  return truth(arith::CmpIOp::create(
      *builder, loc, isUnsigned ? ofUnsigned : ofSigned, value, other.value));
}

namespace mlc::scalar {

Emitted operator+(const Emitted &x, const Emitted &y) {
  return x.arith<arith::AddFOp, arith::AddIOp, arith::AddIOp>(y);
}
Emitted operator-(const Emitted &x, const Emitted &y) {
  return x.arith<arith::SubFOp, arith::SubIOp, arith::SubIOp>(y);
}
Emitted operator*(const Emitted &x, const Emitted &y) {
  return x.arith<arith::MulFOp, arith::MulIOp, arith::MulIOp>(y);
}
Emitted operator/(const Emitted &x, const Emitted &y) {
  return x.arith<arith::DivFOp, arith::DivSIOp, arith::DivUIOp>(y);
}
Emitted operator&(const Emitted &x, const Emitted &y) {
  return x.with(arith::AndIOp::create(*x.builder, x.loc, x.value, y.value));
}
Emitted operator|(const Emitted &x, const Emitted &y) {
  return x.with(arith::OrIOp::create(*x.builder, x.loc, x.value, y.value));
}
Emitted operator^(const Emitted &x, const Emitted &y) {
  return x.with(arith::XOrIOp::create(*x.builder, x.loc, x.value, y.value));
}
Emitted operator-(const Emitted &x) {
  if (x.isFloat())
    return x.math<arith::NegFOp>();
  return x.literal(0) - x;
}
Emitted operator~(const Emitted &x) { return x ^ x.literal(-1); }

Emitted operator==(const Emitted &x, const Emitted &y) {
  return x.compare(FPred::OEQ, IPred::eq, IPred::eq, y);
}
Emitted operator!=(const Emitted &x, const Emitted &y) {
  return x.compare(FPred::UNE, IPred::ne, IPred::ne, y);
}
Emitted operator<(const Emitted &x, const Emitted &y) {
  return x.compare(FPred::OLT, IPred::slt, IPred::ult, y);
}
Emitted operator<=(const Emitted &x, const Emitted &y) {
  return x.compare(FPred::OLE, IPred::sle, IPred::ule, y);
}
Emitted operator>(const Emitted &x, const Emitted &y) { return y < x; }
Emitted operator>=(const Emitted &x, const Emitted &y) { return y <= x; }

Emitted select(const Emitted &c, const Emitted &x, const Emitted &y) {
  return x.with(
      arith::SelectOp::create(*x.builder, x.loc, c.value, x.value, y.value));
}
Emitted minimum(const Emitted &x, const Emitted &y) {
  return x.arith<arith::MinimumFOp, arith::MinSIOp, arith::MinUIOp>(y);
}
Emitted maximum(const Emitted &x, const Emitted &y) {
  return x.arith<arith::MaximumFOp, arith::MaxSIOp, arith::MaxUIOp>(y);
}
Emitted truncMod(const Emitted &x, const Emitted &y) {
  return x.arith<arith::RemFOp, arith::RemSIOp, arith::RemUIOp>(y);
}
Emitted floorMod(const Emitted &x, const Emitted &y) {
  Emitted rest = truncMod(x, y);
  if (!x.isFloat() && x.isUnsigned)
    return rest;
  Emitted zero = x.literal(0);
  return select((rest != zero) & ((rest < zero) ^ (y < zero)), rest + y, rest);
}
Emitted abs(const Emitted &x) {
  if (x.isFloat())
    return x.math<math::AbsFOp>();
  return x.isUnsigned ? x : x.math<math::AbsIOp>();
}
Emitted sign(const Emitted &x) {
  Emitted zero = x.literal(0), one = x.literal(1);
  // NaN compares false twice and is kept, as is a zero with its sign.
  Emitted positive = select(zero < x, one, x);
  return x.isUnsigned ? positive : select(x < zero, x.literal(-1), positive);
}
Emitted pow(const Emitted &x, const Emitted &y) {
  return x.with(math::PowFOp::create(*x.builder, x.loc, x.value, y.value));
}

/// `shift`, or `beyond` where the amount is not below the width: there the
/// shift itself is undefined.
static Emitted guardShift(const Emitted &x, const Emitted &y,
                          function_ref<Value(Value amount)> shift,
                          const Emitted &beyond) {
  int64_t width = x.value.getType().getIntOrFloatBitWidth();
  Emitted amount{y.builder, y.loc, y.value, /*isUnsigned=*/true};
  Emitted fits = amount < amount.literal(static_cast<double>(width));
  Emitted safe = select(fits, amount, amount.literal(0));
  return select(fits, x.with(shift(safe.value)), beyond);
}
Emitted shiftLeft(const Emitted &x, const Emitted &y) {
  return guardShift(
      x, y,
      [&](Value by) {
        return arith::ShLIOp::create(*x.builder, x.loc, x.value, by);
      },
      x.literal(0));
}
Emitted shiftRight(const Emitted &x, const Emitted &y) {
  if (x.isUnsigned)
    return guardShift(
        x, y,
        [&](Value by) {
          return arith::ShRUIOp::create(*x.builder, x.loc, x.value, by);
        },
        x.literal(0));
  Emitted signs = select(x < x.literal(0), x.literal(-1), x.literal(0));
  return guardShift(
      x, y,
      [&](Value by) {
        return arith::ShRSIOp::create(*x.builder, x.loc, x.value, by);
      },
      signs);
}

/// Rounds towards zero and saturates; NaN becomes 0. The comparisons are made
/// in the float type, where the bounds -2^(w-1), 2^(w-1) and 2^w are exact.
static Emitted castFloatToInteger(const Emitted &x, IntegerType to,
                                  bool toUnsigned) {
  OpBuilder &b = *x.builder;
  unsigned width = to.getWidth();
  Emitted wide = x;
  if (x.value.getType().getIntOrFloatBitWidth() < 32)
    wide = x.with(arith::ExtFOp::create(b, x.loc, b.getF32Type(), x.value));
  double above =
      std::ldexp(1.0, static_cast<int>(toUnsigned ? width : width - 1));
  double below = toUnsigned ? 0.0 : -above;
  Emitted low = wide.literal(below), high = wide.literal(above);
  Emitted inside = (low <= wide) & (wide < high);
  Emitted safe = select(inside, wide, wide.literal(0));
  Value converted =
      toUnsigned ? Value(arith::FPToUIOp::create(b, x.loc, to, safe.value))
                 : arith::FPToSIOp::create(b, x.loc, to, safe.value);
  Emitted result{x.builder, x.loc, converted, toUnsigned};
  auto bound = [&](const APInt &value) {
    return result.with(
        arith::ConstantOp::create(b, x.loc, b.getIntegerAttr(to, value)));
  };
  result = select(high <= wide,
                  bound(toUnsigned ? APInt::getMaxValue(width)
                                   : APInt::getSignedMaxValue(width)),
                  result);
  return select(wide < low,
                bound(toUnsigned ? APInt::getZero(width)
                                 : APInt::getSignedMinValue(width)),
                result);
}

Emitted cast(const Emitted &x, Type to, bool toUnsigned) {
  OpBuilder &b = *x.builder;
  Type from = x.value.getType();
  auto done = [&](Value value) {
    return Emitted{x.builder, x.loc, value, toUnsigned};
  };
  if (from == to)
    return done(x.value);
  if (to.isInteger(1))
    return done((x != x.literal(0)).value);
  if (x.isFloat()) {
    if (auto integer = dyn_cast<IntegerType>(to))
      return castFloatToInteger(x, integer, toUnsigned);
    unsigned fromWidth = from.getIntOrFloatBitWidth(),
             toWidth = to.getIntOrFloatBitWidth();
    if (fromWidth < toWidth)
      return done(arith::ExtFOp::create(b, x.loc, to, x.value));
    if (fromWidth > toWidth)
      return done(arith::TruncFOp::create(b, x.loc, to, x.value));
    // f16 and bf16 hold different values: through f32, which holds both.
    Value wide = arith::ExtFOp::create(b, x.loc, b.getF32Type(), x.value);
    return done(arith::TruncFOp::create(b, x.loc, to, wide));
  }
  bool isUnsigned = x.isUnsigned || from.isInteger(1);
  if (isa<FloatType>(to))
    return done(isUnsigned
                    ? Value(arith::UIToFPOp::create(b, x.loc, to, x.value))
                    : arith::SIToFPOp::create(b, x.loc, to, x.value));
  unsigned fromWidth = from.getIntOrFloatBitWidth(),
           toWidth = to.getIntOrFloatBitWidth();
  if (fromWidth == toWidth)
    return done(x.value);
  if (fromWidth > toWidth)
    return done(arith::TruncIOp::create(b, x.loc, to, x.value));
  return done(isUnsigned ? Value(arith::ExtUIOp::create(b, x.loc, to, x.value))
                         : arith::ExtSIOp::create(b, x.loc, to, x.value));
}

} // namespace mlc::scalar
