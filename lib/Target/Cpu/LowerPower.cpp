//===- LowerPower.cpp - Powers of floats ----------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// x^y is 2^(y * log2 |x|) with the sign of x when y is odd. The product can be
// 128 and is an exponent, so 24 bits of it would leave 17 of the result: all is
// computed in f64, to some 40 bits, and rounded once. There every f32 is a
// normal number, and what overflows or vanishes does so in the rounding.
//
//===----------------------------------------------------------------------===//

#include "LowerPower.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include <cmath>

using namespace mlir;
using namespace mlc;

namespace {

/// Emits arithmetic on f64, or on vectors of it as long as `shape`.
class DoubleBuilder {
public:
  DoubleBuilder(OpBuilder &builder, Location loc, Type shape)
      : b(loc, builder), shape(shape) {}

  Type like(Type element) {
    auto vector = dyn_cast<VectorType>(shape);
    return vector ? Type(vector.clone(element)) : element;
  }
  Type f64() { return like(b.getF64Type()); }

  Value number(double value) { return splat(b.getF64FloatAttr(value)); }
  Value bits(int64_t value) { return splat(b.getI64IntegerAttr(value)); }

  Value add(Value x, Value y) { return arith::AddFOp::create(b, x, y); }
  Value subtract(Value x, Value y) { return arith::SubFOp::create(b, x, y); }
  Value multiply(Value x, Value y) { return arith::MulFOp::create(b, x, y); }
  Value divide(Value x, Value y) { return arith::DivFOp::create(b, x, y); }
  Value truncate(Value x) { return math::TruncOp::create(b, x); }
  Value magnitude(Value x) { return math::AbsFOp::create(b, x); }
  Value select(Value c, Value x, Value y) {
    return arith::SelectOp::create(b, c, x, y);
  }
  Value both(Value x, Value y) { return arith::AndIOp::create(b, x, y); }
  Value either(Value x, Value y) { return arith::OrIOp::create(b, x, y); }
  Value compare(arith::CmpFPredicate predicate, Value x, Value y) {
    return arith::CmpFOp::create(b, predicate, x, y);
  }
  Value equals(Value x, Value y) {
    return compare(arith::CmpFPredicate::OEQ, x, y);
  }

  /// c[0] + x * (c[1] + x * ...)
  Value polynomial(Value x, ArrayRef<double> coefficients) {
    Value sum = number(coefficients.back());
    for (double coefficient : llvm::reverse(coefficients.drop_back()))
      sum = math::FmaOp::create(b, x, sum, number(coefficient));
    return sum;
  }

  /// log2 of a positive number that is neither infinite nor subnormal.
  Value log2(Value x);
  /// 2^x for |x| < 1000.
  Value exp2(Value x);

  ImplicitLocOpBuilder b;

private:
  Value splat(TypedAttr element) {
    if (auto vector = dyn_cast<VectorType>(like(element.getType())))
      element = DenseElementsAttr::get(vector, Attribute(element));
    return arith::ConstantOp::create(b, element);
  }

  Type shape;
};

/// x = 2^n * m with m in [1/sqrt 2, sqrt 2), and with s = (m - 1) / (m + 1),
/// which is below 0.172: ln m = 2 (s + s^3 / 3 + s^5 / 5 + ...).
Value DoubleBuilder::log2(Value x) {
  Type i64 = like(b.getI64Type()), i32 = like(b.getI32Type());
  // Subtracted before the exponent is taken: what is below sqrt 2 counts for
  // the power of two above it.
  Value all = arith::BitcastOp::create(b, i64, x);
  Value shifted = arith::SubIOp::create(b, all, bits(0x3fe6a09e667f3bcd));
  Value n = arith::ShRSIOp::create(b, shifted, bits(52));
  Value scaled = arith::ShLIOp::create(b, n, bits(52));
  Value m = arith::BitcastOp::create(
      b, f64(), arith::SubIOp::create(b, all, scaled).getResult());
  Value exponent = arith::SIToFPOp::create(
      b, f64(), arith::TruncIOp::create(b, i32, n).getResult());
  Value s = divide(subtract(m, number(1)), add(m, number(1)));
  static constexpr double scale = 2 * 1.4426950408889634;
  SmallVector<double> series;
  for (int i = 0; i < 9; ++i)
    series.push_back(scale / (2 * i + 1));
  Value sum = polynomial(multiply(s, s), series);
  return math::FmaOp::create(b, s, sum, exponent);
}

/// x = n + r with |r| <= 1/2: 2^r = 1 + r ln 2 + (r ln 2)^2 / 2 + ...
Value DoubleBuilder::exp2(Value x) {
  Type i64 = like(b.getI64Type()), i32 = like(b.getI32Type());
  Value n = math::RoundEvenOp::create(b, x);
  SmallVector<double> series = {1};
  for (int i = 1; i < 12; ++i)
    series.push_back(series.back() * 0.6931471805599453 / i);
  Value power = polynomial(subtract(x, n), series);
  Value exponent = arith::ExtSIOp::create(
      b, i64, arith::FPToSIOp::create(b, i32, n).getResult());
  Value scale = arith::ShLIOp::create(
      b, arith::AddIOp::create(b, exponent, bits(1023)).getResult(), bits(52));
  return multiply(power, arith::BitcastOp::create(b, f64(), scale).getResult());
}

/// |x|^y, without regard to NaN.
Value powerOfMagnitude(DoubleBuilder &d, Value x, Value y) {
  Value zero = d.number(0), infinity = d.number(INFINITY);
  Value magnitude = d.magnitude(x);
  Value log = d.log2(magnitude);
  log = d.select(d.equals(magnitude, zero), d.number(-INFINITY), log);
  log = d.select(d.equals(magnitude, infinity), infinity, log);
  // 1^y is 1 and x^0 is 1, also for infinite y and x.
  Value product = d.multiply(y, log);
  Value isOne = d.either(d.equals(log, zero), d.equals(y, zero));
  product = d.select(isOne, zero, product);
  // Beyond every f32.
  product = arith::MinNumFOp::create(d.b, product, d.number(300));
  product = arith::MaxNumFOp::create(d.b, product, d.number(-300));
  return d.exp2(product);
}

///   math.powf %x, %y : vector<16xf32>
///   -> arith.extf, log2 as a polynomial, arith.mulf, exp2, arith.truncf
struct LowerPower : OpRewritePattern<math::PowFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::PowFOp op,
                                PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "not of f32");
    DoubleBuilder d(rewriter, op.getLoc(), op.getType());
    Value x = arith::ExtFOp::create(d.b, d.f64(), op.getLhs());
    Value y = arith::ExtFOp::create(d.b, d.f64(), op.getRhs());
    Value zero = d.number(0), one = d.number(1);
    Value result = powerOfMagnitude(d, x, y);

    // y is an integer, and an odd one. All large floats are even.
    Value half = d.multiply(y, d.number(0.5));
    Value isInteger = d.equals(d.truncate(y), y);
    Value isOdd = d.both(isInteger, d.compare(arith::CmpFPredicate::ONE,
                                              d.truncate(half), half));
    Value withSign = math::CopySignOp::create(d.b, result, x);
    result = d.select(isOdd, withSign, result);

    // What is below zero has no power with a fraction, unless it is infinite.
    Value isNegative =
        d.both(d.compare(arith::CmpFPredicate::OLT, x, zero),
               d.compare(arith::CmpFPredicate::OGT, x, d.number(-INFINITY)));
    Value invalid = d.number(NAN);
    result = d.select(isInteger, result, d.select(isNegative, invalid, result));
    result =
        d.select(d.compare(arith::CmpFPredicate::UNO, x, y), invalid, result);
    Value isOne = d.either(d.equals(x, one), d.equals(y, zero));
    result = d.select(isOne, one, result);
    rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, op.getType(), result);
    return success();
  }
};

} // namespace

void cpu::populatePowerPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerPower>(patterns.getContext());
}
