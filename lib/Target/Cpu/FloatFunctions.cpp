//===- FloatFunctions.cpp - Polynomials of our own ------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FloatFunctions.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlc;

namespace {

/// Makes the parts of a function of f32, scalar or vector.
class FloatBuilder {
public:
  FloatBuilder(OpBuilder &b, Location loc, Type type)
      : b(b), loc(loc), type(type) {}

  Value constant(double value) { return splat(type, b.getF32FloatAttr(value)); }
  Value add(Value x, Value y) { return arith::AddFOp::create(b, loc, x, y); }
  Value sub(Value x, Value y) { return arith::SubFOp::create(b, loc, x, y); }
  Value mul(Value x, Value y) { return arith::MulFOp::create(b, loc, x, y); }
  Value div(Value x, Value y) { return arith::DivFOp::create(b, loc, x, y); }
  Value fma(Value x, Value y, Value z) {
    return math::FmaOp::create(b, loc, x, y, z);
  }
  Value select(Value condition, Value x, Value y) {
    return arith::SelectOp::create(b, loc, condition, x, y);
  }
  /// The coefficient of the highest power comes first.
  Value polynomial(Value z, ArrayRef<double> coefficients) {
    Value sum = constant(coefficients.front());
    for (double coefficient : coefficients.drop_front())
      sum = fma(sum, z, constant(coefficient));
    return sum;
  }
  Value bits(Value x) {
    return arith::BitcastOp::create(b, loc, withElement(b.getI32Type()), x);
  }
  Value integer(int32_t value) {
    return splat(withElement(b.getI32Type()), b.getI32IntegerAttr(value));
  }
  Value isSet(Value x, int32_t bit) {
    Value part = arith::AndIOp::create(b, loc, x, integer(bit));
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, part,
                                 integer(0));
  }

private:
  Value splat(Type type, TypedAttr element) {
    if (auto shaped = dyn_cast<ShapedType>(type))
      element = DenseElementsAttr::get(shaped, element);
    return arith::ConstantOp::create(b, loc, element);
  }
  Type withElement(Type element) {
    auto shaped = dyn_cast<VectorType>(type);
    return shaped ? Type(shaped.clone(element)) : element;
  }

  OpBuilder &b;
  Location loc;
  Type type;
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
    Location loc = op.getLoc();
    FloatBuilder f(rewriter, loc, op.getType());
    Value size = math::AbsFOp::create(rewriter, loc, op.getOperand());
    Value one = f.constant(1);
    Value isLarge = arith::CmpFOp::create(rewriter, loc,
                                          arith::CmpFPredicate::OGT, size, one);
    Value r = f.div(f.select(isLarge, one, size), f.select(isLarge, size, one));
    // r + r z q(z) with z = r^2, where q has the least relative error.
    Value z = f.mul(r, r);
    Value q = f.polynomial(
        z, {-0.0017539302352815866, 0.010726945474743843, -0.030804602429270744,
            0.05755211040377617, -0.0837731584906578, 0.1094203069806099,
            -0.142619326710701, 0.1999826580286026, -0.3333328366279602});
    Value p = f.fma(f.mul(q, z), r, r);
    // pi / 2 in two parts.
    Value rest =
        f.add(f.sub(f.constant(0x1.921fb6p+0), p), f.constant(-0x1.777a5cp-25));
    rewriter.replaceOpWithNewOp<math::CopySignOp>(
        op, f.select(isLarge, rest, p), op.getOperand());
    return success();
  }
};

/// Sine and cosine of f32 to 1.9 units in the last place up to a million, and
/// near their zeros too; upstream's polynomials are off by as much of 1 as x is
/// of its last place.
///
///   x = k pi / 2 + r, |r| <= pi / 4: sin(x) is sin(r), cos(r), -sin(r),
///   -cos(r)
template <class Op, int32_t quarter> struct Circular : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "is not of f32");
    FloatBuilder f(rewriter, op.getLoc(), op.getType());
    // Adding 1.5 * 2^23 rounds to an integer, which is then in the low bits.
    Value shift = f.constant(0x1.8p+23);
    Value shifted = f.fma(op.getOperand(), f.constant(0x1.45f306p-1), shift);
    Value k = f.sub(shifted, shift);
    Value number = arith::AddIOp::create(rewriter, op.getLoc(), f.bits(shifted),
                                         f.integer(quarter));
    // pi / 2 in three parts.
    Value r = op.getOperand();
    for (double part : {0x1.921fb6p+0, -0x1.777a5cp-25, -0x1.ee58p-50})
      r = f.fma(k, f.constant(-part), r);
    Value z = f.mul(r, r);
    Value s = f.polynomial(z, {2.7182966277905507e-06, -0.00019839333253912628,
                               0.008333329111337662, -0.1666666716337204});
    Value sine = f.fma(f.mul(s, z), r, r);
    Value c = f.polynomial(z, {-2.721009764172777e-07, 2.479951763234567e-05,
                               -0.0013888883404433727, 0.0416666679084301});
    Value cosine =
        f.fma(f.mul(c, z), z, f.fma(z, f.constant(-0.5), f.constant(1)));
    Value y = f.select(f.isSet(number, 1), cosine, sine);
    Value negated = arith::NegFOp::create(rewriter, op.getLoc(), y);
    rewriter.replaceOp(op, f.select(f.isSet(number, 2), negated, y));
    return success();
  }
};

} // namespace

void cpu::populateFloatFunctions(RewritePatternSet &patterns) {
  patterns.add<Arctangent, Circular<math::SinOp, 0>, Circular<math::CosOp, 1>>(
      patterns.getContext());
}
