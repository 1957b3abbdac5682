//===- ExpandMath.cpp - Functions of floats as vector code ----------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions of f32 that upstream has no polynomial for, or one that is off by
// too much. A call would be made for every lane.
//
//===----------------------------------------------------------------------===//

#include "CpuTarget.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/bit.h"
#include <cmath>

using namespace mlir;

namespace {

/// Arithmetic on floats of `real`, or vectors of them, with the shape of
/// `like`, and on integers as wide.
class Formula {
public:
  Formula(OpBuilder &b, Location loc, Type like, FloatType real)
      : b(b), loc(loc), like(like), real(real),
        integer(b.getIntegerType(real.getWidth())) {}

  Value constant(double value) {
    return splat(b.getFloatAttr(real, value), real);
  }
  Value constant(int64_t value) {
    return splat(b.getIntegerAttr(integer, value), integer);
  }
  template <class Op, class... Operands> Value make(Operands... operands) {
    return Op::create(b, loc, operands...);
  }
  template <class Op> Value convert(Value x, Type element) {
    return Op::create(b, loc, shaped(element), x);
  }
  Value compare(arith::CmpFPredicate predicate, Value x, Value y) {
    return make<arith::CmpFOp>(predicate, x, y);
  }
  Value equal(Value x, double y) {
    return compare(arith::CmpFPredicate::OEQ, x, constant(y));
  }
  Value select(Value condition, double x, Value y) {
    return make<arith::SelectOp>(condition, constant(x), y);
  }
  Value bits(Value x) { return convert<arith::BitcastOp>(x, integer); }
  Value isSet(Value x, int64_t bit) {
    return make<arith::CmpIOp>(arith::CmpIPredicate::ne,
                               make<arith::AndIOp>(x, constant(bit)),
                               constant(int64_t(0)));
  }
  /// c[0] + x (c[1] + x (c[2] + ...))
  Value polynomial(Value x, ArrayRef<double> c) {
    Value sum = constant(c.back());
    for (double factor : llvm::reverse(c.drop_back()))
      sum = make<math::FmaOp>(sum, x, constant(factor));
    return sum;
  }

  /// Of positive, finite numbers.
  Value log2(Value x);
  /// Of numbers whose result is a normal one.
  Value exp2(Value x);

private:
  Type shaped(Type element) {
    auto vector = dyn_cast<VectorType>(like);
    return vector ? Type(vector.clone(element)) : element;
  }
  Value splat(TypedAttr value, Type element) {
    if (auto vector = dyn_cast<VectorType>(shaped(element)))
      value = DenseElementsAttr::get(vector, value);
    return arith::ConstantOp::create(b, loc, value);
  }

  OpBuilder &b;
  Location loc;
  Type like;
  FloatType real;
  IntegerType integer;
};

constexpr int64_t mantissaBits = 52, exponentBias = 1023;

/// x = 2^k m with m in [sqrt 1/2, sqrt 2); ln m = 2 atanh t, t = (m-1) / (m+1).
Value Formula::log2(Value x) {
  Value shift = constant(mantissaBits), one = constant(1.0);
  Value bits = this->bits(x);
  // The exponent changes where the mantissa passes the root of two.
  int64_t root = llvm::bit_cast<int64_t>(std::sqrt(0.5));
  Value biased = make<arith::AddIOp>(
      bits, constant((exponentBias << mantissaBits) - root));
  Value k = make<arith::SubIOp>(make<arith::ShRUIOp>(biased, shift),
                                constant(exponentBias));
  Value m = convert<arith::BitcastOp>(
      make<arith::SubIOp>(bits, make<arith::ShLIOp>(k, shift)), b.getF64Type());
  Value t = make<arith::DivFOp>(make<arith::SubFOp>(m, one),
                                make<arith::AddFOp>(m, one));
  SmallVector<double> series;
  for (int term = 0; term < 10; ++term)
    series.push_back(2 / std::log(2.0) / (2 * term + 1));
  Value log =
      make<arith::MulFOp>(t, polynomial(make<arith::MulFOp>(t, t), series));
  // Of 32 bits: there are instructions for these on every level.
  Value narrow = convert<arith::TruncIOp>(k, b.getI32Type());
  return make<arith::AddFOp>(convert<arith::SIToFPOp>(narrow, b.getF64Type()),
                             log);
}

/// 2^x = 2^n e^(r ln 2), with n the integer next to x and r what is left.
Value Formula::exp2(Value x) {
  Value n = make<math::RoundEvenOp>(x);
  Value r = make<arith::SubFOp>(x, n);
  SmallVector<double> series = {1};
  for (int term = 1; term < 13; ++term)
    series.push_back(series.back() * std::log(2.0) / term);
  Value k = convert<arith::ExtSIOp>(convert<arith::FPToSIOp>(n, b.getI32Type()),
                                    b.getI64Type());
  Value bits = make<arith::ShLIOp>(
      make<arith::AddIOp>(k, constant(exponentBias)), constant(mantissaBits));
  return make<arith::MulFOp>(polynomial(r, series),
                             convert<arith::BitcastOp>(bits, b.getF64Type()));
}

/// pow(x, y) as C defines it, special values included: 2^(y log2 x) in f64. The
/// logarithm and the power of two are good to 1e-13, so what is rounded to f32
/// at the end is nearly always the nearest float.
struct Power : OpRewritePattern<math::PowFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::PowFOp op,
                                PatternRewriter &rewriter) const override {
    using Predicate = arith::CmpFPredicate;
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "is not of f32");
    Formula f(rewriter, op.getLoc(), op.getType(), rewriter.getF64Type());
    constexpr double infinity = std::numeric_limits<double>::infinity();
    // Beyond this the result leaves the range of f32 either way.
    constexpr double limit = 200;
    Value x = f.convert<arith::ExtFOp>(op.getLhs(), rewriter.getF64Type());
    Value y = f.convert<arith::ExtFOp>(op.getRhs(), rewriter.getF64Type());
    Value zero = f.constant(0.0), size = f.make<math::AbsFOp>(x);
    Value exponent = f.make<arith::MulFOp>(y, f.log2(size));
    exponent = f.make<arith::MaxNumFOp>(
        f.make<arith::MinNumFOp>(exponent, f.constant(limit)),
        f.constant(-limit));
    Value power = f.select(f.equal(size, 1), 1, f.exp2(exponent));

    Value isZero = f.equal(size, 0), isInfinite = f.equal(size, infinity);
    Value grows =
        f.make<arith::XOrIOp>(isZero, f.compare(Predicate::OGT, y, zero));
    power = f.make<arith::SelectOp>(f.make<arith::OrIOp>(isZero, isInfinite),
                                    f.select(grows, infinity, zero), power);

    Value isInteger = f.compare(Predicate::OEQ, f.make<math::FloorOp>(y), y);
    Value half = f.make<arith::MulFOp>(y, f.constant(0.5));
    Value isOdd = f.make<arith::AndIOp>(
        isInteger,
        f.compare(Predicate::ONE, f.make<math::FloorOp>(half), half));
    Value one = f.constant(1.0);
    power = f.make<arith::MulFOp>(
        power,
        f.make<arith::SelectOp>(isOdd, f.make<math::CopySignOp>(one, x), one));

    Value isNegative = f.make<arith::AndIOp>(
        f.compare(Predicate::OLT, x, zero),
        f.compare(Predicate::OLT, size, f.constant(infinity)));
    Value isNan = f.make<arith::OrIOp>(
        f.compare(Predicate::UNO, x, y),
        f.make<arith::AndIOp>(
            isNegative,
            f.compare(Predicate::UNE, f.make<math::FloorOp>(y), y)));
    power = f.select(isNan, std::nan(""), power);
    Value isOne = f.make<arith::OrIOp>(f.equal(y, 0), f.equal(x, 1));
    power = f.select(isOne, 1, power);
    rewriter.replaceOp(
        op, f.convert<arith::TruncFOp>(power, rewriter.getF32Type()));
    return success();
  }
};

/// The arctangent of f32 to 1.4 units in the last place; upstream's polynomial
/// is off by 40.
///
///   atan(x) = sign(x) * (|x| > 1 ? pi / 2 - p(1 / |x|) : p(|x|))
struct Arctangent : OpRewritePattern<math::AtanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::AtanOp op,
                                PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "is not of f32");
    Formula f(rewriter, op.getLoc(), op.getType(), rewriter.getF32Type());
    Value size = f.make<math::AbsFOp>(op.getOperand()), one = f.constant(1.0);
    Value isLarge = f.compare(arith::CmpFPredicate::OGT, size, one);
    Value r =
        f.make<arith::DivFOp>(f.select(isLarge, 1, size),
                              f.make<arith::SelectOp>(isLarge, size, one));
    // r + r z q(z) with z = r^2, where q has the least relative error.
    Value z = f.make<arith::MulFOp>(r, r);
    Value q = f.polynomial(z, {-0.3333328366279602, 0.1999826580286026,
                               -0.142619326710701, 0.1094203069806099,
                               -0.0837731584906578, 0.05755211040377617,
                               -0.030804602429270744, 0.010726945474743843,
                               -0.0017539302352815866});
    Value p = f.make<math::FmaOp>(f.make<arith::MulFOp>(q, z), r, r);
    // pi / 2 in two parts.
    Value rest = f.make<arith::AddFOp>(
        f.make<arith::SubFOp>(f.constant(0x1.921fb6p+0), p),
        f.constant(-0x1.777a5cp-25));
    rewriter.replaceOpWithNewOp<math::CopySignOp>(
        op, f.make<arith::SelectOp>(isLarge, rest, p), op.getOperand());
    return success();
  }
};

/// Sine and cosine of f32 to 1.9 units in the last place up to a million, near
/// their zeros too; upstream's polynomials are off by as much of 1 as x is of
/// its last place.
///
///   x = k pi / 2 + r, |r| <= pi / 4: sin(x) is sin(r), cos(r), -sin(r),
///   -cos(r)
template <class Op, int64_t quarter> struct Circular : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "is not of f32");
    Formula f(rewriter, op.getLoc(), op.getType(), rewriter.getF32Type());
    auto fma = [&](Value x, Value y, Value z) -> Value {
      return f.make<math::FmaOp>(x, y, z);
    };
    auto times = [&](Value x, Value y) -> Value {
      return f.make<arith::MulFOp>(x, y);
    };
    // Adding 1.5 * 2^23 rounds to an integer, which is then in the low bits.
    Value shift = f.constant(0x1.8p+23);
    Value shifted = fma(op.getOperand(), f.constant(0x1.45f306p-1), shift);
    Value k = f.make<arith::SubFOp>(shifted, shift);
    Value number = f.make<arith::AddIOp>(f.bits(shifted), f.constant(quarter));
    // pi / 2 in three parts.
    Value r = op.getOperand();
    for (double part : {0x1.921fb6p+0, -0x1.777a5cp-25, -0x1.ee58p-50})
      r = fma(k, f.constant(-part), r);
    Value z = times(r, r);
    Value s =
        f.polynomial(z, {-0.1666666716337204, 0.008333329111337662,
                         -0.00019839333253912628, 2.7182966277905507e-06});
    Value sine = fma(times(s, z), r, r);
    Value c = f.polynomial(z, {0.0416666679084301, -0.0013888883404433727,
                               2.479951763234567e-05, -2.721009764172777e-07});
    Value cosine =
        fma(times(c, z), z, fma(z, f.constant(-0.5), f.constant(1.0)));
    Value y = f.make<arith::SelectOp>(f.isSet(number, 1), cosine, sine);
    rewriter.replaceOp(op,
                       f.make<arith::SelectOp>(f.isSet(number, 2),
                                               f.make<arith::NegFOp>(y), y));
    return success();
  }
};

} // namespace

void mlc::cpu::populateExpandMathPatterns(RewritePatternSet &patterns) {
  patterns.add<Arctangent, Circular<math::SinOp, 0>, Circular<math::CosOp, 1>,
               Power>(patterns.getContext());
}
