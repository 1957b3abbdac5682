//===- Identities.cpp - Identities of elementwise ops ---------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Only what holds bit for bit, signed zeros and infinities included, is
// rewritten: x + 0 is not x when x is -0.
//
//===----------------------------------------------------------------------===//

#include "SimplifyGraph.h"
#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlc;

/// The value that all elements of a tensor have, looked for behind ops that
/// only place elements.
static Attribute uniformValue(Value tensor) {
  while (Operation *definition = tensor.getDefiningOp()) {
    if (!isa<BroadcastOp, ReshapeOp, TransposeOp>(definition))
      break;
    tensor = definition->getOperand(0);
  }
  SplatElementsAttr splat;
  return matchPattern(tensor, m_Constant(&splat))
             ? splat.getSplatValue<Attribute>()
             : Attribute();
}

/// Whether all elements are `value`, and for floats of the same sign where it
/// is 0.
static bool isUniform(Value tensor, double value) {
  Attribute uniform = uniformValue(tensor);
  if (auto number = dyn_cast_if_present<FloatAttr>(uniform))
    return number.getValue().isExactlyValue(value);
  auto integer = dyn_cast_if_present<IntegerAttr>(uniform);
  if (!integer || integer.getType().isInteger(1))
    return false;
  bool isNegative =
      !integer.getType().isUnsignedInteger() && integer.getValue().isNegative();
  return isNegative
             ? value == -1 && integer.getValue().isAllOnes()
             : value >= 0 && integer.getValue() == static_cast<uint64_t>(value);
}

static bool isFloat(Value tensor) {
  return isa<FloatType>(elementTypeOf(tensor));
}

/// Whether no element is -0.
static bool hasNoNegativeZero(Value tensor) {
  if (!isFloat(tensor))
    return true;
  Operation *definition = tensor.getDefiningOp();
  if (auto cast = dyn_cast_if_present<CastOp>(definition))
    return !isFloat(cast.getX());
  return isa_and_present<ExpOp, AbsOp, SigmoidOp, SoftplusOp>(definition);
}

/// Whether adding `tensor` changes nothing but, for +0, the sign of a zero.
static bool isAddedNothing(Value tensor, Value to) {
  if (!isFloat(tensor))
    return isUniform(tensor, 0);
  return isUniform(tensor, -0.0) ||
         (isUniform(tensor, 0.0) && hasNoNegativeZero(to));
}

namespace {

/// An identity f(x, c) -> x or f(x, c) -> g(x); `neutral` gives the operand
/// that the op yields.
template <class Op> struct DropNeutral : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    Value kept = neutral(op);
    if (!kept)
      return rewriter.notifyMatchFailure(op, "no operand is neutral");
    if (kept.getType() != op.getType())
      return rewriter.notifyMatchFailure(
          op, "the other operand has the better type");
    rewriter.replaceOp(op, kept);
    return success();
  }

private:
  /// x + -0 -> x
  static Value neutral(AddOp op) {
    if (isAddedNothing(op.getY(), op.getX()))
      return op.getX();
    return isAddedNothing(op.getX(), op.getY()) ? op.getY() : Value();
  }
  /// x - 0 -> x
  static Value neutral(SubOp op) {
    return isUniform(op.getY(), 0.0) ? op.getX() : Value();
  }
  /// x * 1 -> x
  static Value neutral(MulOp op) {
    if (isUniform(op.getY(), 1))
      return op.getX();
    return isUniform(op.getX(), 1) ? op.getY() : Value();
  }
  /// x / 1 -> x
  static Value neutral(DivOp op) {
    return isUniform(op.getY(), 1) ? op.getX() : Value();
  }
  /// x ^ 1 -> x
  static Value neutral(PowOp op) {
    return isUniform(op.getY(), 1) ? op.getX() : Value();
  }
  /// min(x, x) -> x, and so for the others.
  static Value neutral(MinOp op) { return same(op); }
  static Value neutral(MaxOp op) { return same(op); }
  static Value neutral(AndOp op) { return same(op); }
  static Value neutral(OrOp op) { return same(op); }
  /// -(-x) -> x, and so for complements.
  static Value neutral(NegOp op) { return inner(op); }
  static Value neutral(NotOp op) { return inner(op); }
  /// select(c, x, x) -> x, select(true, x, y) -> x
  static Value neutral(SelectOp op) {
    auto condition = dyn_cast_if_present<BoolAttr>(uniformValue(op.getC()));
    if (op.getX() == op.getY() || (condition && condition.getValue()))
      return op.getX();
    return condition ? op.getY() : Value();
  }

  static Value same(Op op) {
    return op.getX() == op.getY() ? op.getX() : Value();
  }
  static Value inner(Op op) {
    auto other = op.getX().template getDefiningOp<Op>();
    return other ? other.getX() : Value();
  }
};

/// f(f(x)) -> f(x)
template <class Op> struct DropRepeated : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    if (!op.getX().template getDefiningOp<Op>())
      return rewriter.notifyMatchFailure(op, "operand is not the same op");
    rewriter.replaceOp(op, op.getX());
    return success();
  }
};

/// x * -1 -> -x, x / -1 -> -x
template <class Op> struct NegateByOp : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    Value x = isUniform(op.getY(), -1) ? op.getX() : Value();
    if (std::is_same_v<Op, MulOp> && isUniform(op.getX(), -1))
      x = op.getY();
    if (!x)
      return rewriter.notifyMatchFailure(op, "no operand is -1");
    rewriter.replaceOpWithNewOp<NegOp>(op, op.getType(), x);
    return success();
  }
};

/// Adding a negation is a subtraction of the same rounding.
///
///   x + -y -> x - y
struct AddOfNeg : OpRewritePattern<AddOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(AddOp op,
                                PatternRewriter &rewriter) const override {
    Value x = op.getX();
    auto neg = op.getY().getDefiningOp<NegOp>();
    if (!neg) {
      neg = op.getX().getDefiningOp<NegOp>();
      x = op.getY();
    }
    if (!neg)
      return rewriter.notifyMatchFailure(op, "no operand is negated");
    rewriter.replaceOpWithNewOp<SubOp>(op, op.getType(), x, neg.getX());
    return success();
  }
};

/// x - -y -> x + y
struct SubOfNeg : OpRewritePattern<SubOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SubOp op,
                                PatternRewriter &rewriter) const override {
    auto neg = op.getY().getDefiningOp<NegOp>();
    if (!neg)
      return rewriter.notifyMatchFailure(op,
                                         "the second operand is not negated");
    rewriter.replaceOpWithNewOp<AddOp>(op, op.getType(), op.getX(), neg.getX());
    return success();
  }
};

/// A power of two has an exact inverse, and a multiplication is several times
/// faster than a division.
///
///   x / 8.0 -> x * 0.125
struct DivByPowerOfTwo : OpRewritePattern<DivOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(DivOp op,
                                PatternRewriter &rewriter) const override {
    auto divisor = dyn_cast_if_present<FloatAttr>(uniformValue(op.getY()));
    llvm::APFloat inverse(0.0);
    if (!divisor || !divisor.getValue().getExactInverse(&inverse))
      return rewriter.notifyMatchFailure(op, "the divisor is no power of two");
    auto constant = op.getY().getDefiningOp<ConstantOp>();
    if (!constant)
      return rewriter.notifyMatchFailure(
          op, "the divisor is not a constant itself");
    auto value = DenseElementsAttr::get(op.getY().getType(), inverse);
    Value factor = ConstantOp::create(rewriter, constant.getLoc(), value);
    rewriter.replaceOpWithNewOp<MulOp>(op, op.getType(), op.getX(), factor);
    return success();
  }
};

/// The square and the inverse round the exact value once; the cube rounds
/// twice, which in 32 bits and more is as good as a power.
///
///   x ^ 2 -> x * x, x ^ 3 -> x * x * x, x ^ -1 -> 1 / x
struct PowToProduct : OpRewritePattern<PowOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(PowOp op,
                                PatternRewriter &rewriter) const override {
    Value x = op.getX();
    bool isWide = elementTypeOf(x).getIntOrFloatBitWidth() >= 32;
    if (isUniform(op.getY(), 2)) {
      rewriter.replaceOpWithNewOp<MulOp>(op, op.getType(), x, x);
    } else if (isUniform(op.getY(), 3) && isWide) {
      Value square = MulOp::create(rewriter, op.getLoc(), op.getType(), x, x);
      rewriter.replaceOpWithNewOp<MulOp>(op, op.getType(), square, x);
    } else if (isUniform(op.getY(), -1)) {
      rewriter.replaceOpWithNewOp<ReciprocalOp>(op, op.getType(), x);
    } else {
      return rewriter.notifyMatchFailure(op, "the exponent is not 2, 3 or -1");
    }
    return success();
  }
};

} // namespace

/// The bits that an integer or a float represents exactly.
static int64_t precision(Type element) {
  if (auto type = dyn_cast<FloatType>(element))
    return type.getFPMantissaWidth();
  return element.getIntOrFloatBitWidth() - element.isSignedInteger();
}

/// Whether every value of `from` is one of `to`.
static bool isLossless(Type from, Type to) {
  if (from == to || from.isInteger(1))
    return true;
  if (to.isInteger(1))
    return false;
  auto narrow = dyn_cast<FloatType>(from), wide = dyn_cast<FloatType>(to);
  if (narrow)
    return wide && precision(narrow) <= precision(wide) &&
           llvm::APFloat::semanticsMaxExponent(narrow.getFloatSemantics()) <=
               llvm::APFloat::semanticsMaxExponent(wide.getFloatSemantics());
  // No integer of up to 11 bits leaves the range of f16.
  if (wide)
    return from.getIntOrFloatBitWidth() <= precision(wide);
  bool fromSigned = !from.isUnsignedInteger(),
       toSigned = !to.isUnsignedInteger();
  if (fromSigned != toSigned)
    return toSigned &&
           from.getIntOrFloatBitWidth() < to.getIntOrFloatBitWidth();
  return from.getIntOrFloatBitWidth() <= to.getIntOrFloatBitWidth();
}

namespace {

/// A conversion that loses nothing need not be made. From integer by way of
/// float to an integer that does not hold all values it must: it saturates, and
/// the direct conversion wraps.
///
///   cast(cast(x : f16, f32), f64) -> cast(x, f64)
struct CastOfCast : OpRewritePattern<CastOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(CastOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getX().getDefiningOp<CastOp>();
    if (!inner)
      return rewriter.notifyMatchFailure(op, "operand is not a cast");
    Type from = elementTypeOf(inner.getX()), by = inner.getTo(),
         to = op.getTo();
    if (!isLossless(from, by))
      return rewriter.notifyMatchFailure(op, "the inner cast loses bits");
    bool saturates = !isa<FloatType>(from) && isa<FloatType>(by) &&
                     !isa<FloatType>(to) && !to.isInteger(1);
    if (saturates && !isLossless(from, to))
      return rewriter.notifyMatchFailure(op, "the outer cast saturates");
    rewriter.replaceOpWithNewOp<CastOp>(op, op.getType(), inner.getX(), to);
    return success();
  }
};

} // namespace

void mlc::populateIdentities(RewritePatternSet &patterns) {
  patterns.add<DropNeutral<AddOp>, DropNeutral<SubOp>, DropNeutral<MulOp>,
               DropNeutral<DivOp>, DropNeutral<PowOp>, DropNeutral<MinOp>,
               DropNeutral<MaxOp>, DropNeutral<AndOp>, DropNeutral<OrOp>,
               DropNeutral<NegOp>, DropNeutral<NotOp>, DropNeutral<SelectOp>,
               DropRepeated<ReluOp>, DropRepeated<AbsOp>, DropRepeated<FloorOp>,
               DropRepeated<CeilOp>, DropRepeated<RoundOp>, NegateByOp<MulOp>,
               NegateByOp<DivOp>, AddOfNeg, SubOfNeg, DivByPowerOfTwo,
               PowToProduct, CastOfCast>(patterns.getContext());
}
