//===- SimplifyGraph.cpp - Fewer and cheaper ops --------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SimplifyGraph.h"
#include "mlc/Dialect/Mlc/Transforms/Passes.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlc {
#define GEN_PASS_DEF_SIMPLIFYGRAPH
#include "mlc/Dialect/Mlc/Transforms/Passes.h.inc"
} // namespace mlc

using namespace mlir;
using namespace mlc;

/// The axes whose size is not 1.
static SmallVector<int64_t> wideAxes(RankedTensorType type) {
  SmallVector<int64_t> axes;
  for (auto [axis, size] : llvm::enumerate(type.getShape()))
    if (size != 1)
      axes.push_back(axis);
  return axes;
}

/// Whether a reshape only adds and drops axes of size 1. One dynamic size on
/// each side is the same size, since the number of elements is.
static bool movesOnlyUnitAxes(ReshapeOp op) {
  RankedTensorType from = op.getX().getType(), to = op.getType();
  SmallVector<int64_t> before = wideAxes(from), after = wideAxes(to);
  return from.getNumDynamicDims() <= 1 && before.size() == after.size() &&
         llvm::all_of_zip(before, after, [&](int64_t a, int64_t b) {
           return from.getDimSize(a) == to.getDimSize(b);
         });
}

namespace {

/// Only one op places the elements.
///
///   broadcast(reshape(x : 64, [1, 64]), [n, 64], axes [0, 1]) -> broadcast(x,
///   [n, 64], axes [1])
struct BroadcastOfReshape : OpRewritePattern<BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(BroadcastOp op,
                                PatternRewriter &rewriter) const override {
    auto reshape = op.getX().getDefiningOp<ReshapeOp>();
    if (!reshape || !movesOnlyUnitAxes(reshape))
      return rewriter.notifyMatchFailure(
          op, "operand gains no unit axes by a reshape");
    RankedTensorType source = reshape.getX().getType();
    SmallVector<int64_t> wide = wideAxes(source);
    if (static_cast<int64_t>(wide.size()) != source.getRank())
      return rewriter.notifyMatchFailure(op, "the source has unit axes itself");
    SmallVector<int64_t> axes;
    for (int64_t axis : wideAxes(reshape.getType()))
      axes.push_back(op.getAxes()[axis]);
    rewriter.replaceOpWithNewOp<BroadcastOp>(op, op.getType(), reshape.getX(),
                                             op.getSizes(), op.getStaticSizes(),
                                             axes);
    return success();
  }
};

/// A broadcast that repeats nothing moves nothing.
///
///   broadcast(x : 64, [1, 64], axes [1]) -> reshape(x, [1, 64])
struct BroadcastToReshape : OpRewritePattern<BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(BroadcastOp op,
                                PatternRewriter &rewriter) const override {
    RankedTensorType from = op.getX().getType(), to = op.getType();
    if (!from.hasStaticShape() || !to.hasStaticShape() ||
        from.getNumElements() != to.getNumElements())
      return rewriter.notifyMatchFailure(op, "repeats elements");
    rewriter.replaceOpWithNewOp<ReshapeOp>(op, to, op.getX(), ValueRange(),
                                           op.getStaticSizes());
    return success();
  }
};

/// slice(slice(x, o, s), p, t) -> slice(x, o + p * s, s * t)
struct SliceOfSlice : OpRewritePattern<SliceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SliceOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getX().getDefiningOp<SliceOp>();
    if (!inner || !inner.getOffsets().empty() || !op.getOffsets().empty())
      return rewriter.notifyMatchFailure(
          op, "operand is not a slice, or an offset is computed");
    SmallVector<int64_t> offsets, strides;
    for (auto [first, step, offset, stride] :
         llvm::zip_equal(inner.getStaticOffsets(), inner.getStrides(),
                         op.getStaticOffsets(), op.getStrides())) {
      offsets.push_back(first + offset * step);
      strides.push_back(step * stride);
    }
    rewriter.replaceOpWithNewOp<SliceOp>(op, op.getType(), inner.getX(),
                                         ValueRange(), op.getSizes(), offsets,
                                         op.getStaticSizes(), strides);
    return success();
  }
};

/// A part of one operand needs no concatenation.
///
///   slice(concat(x : 2x3, y : 4x3, axis 0), [2, 0], [4, 3]) -> slice(y, [0,
///   0], [4, 3])
struct SliceOfConcat : OpRewritePattern<SliceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SliceOp op,
                                PatternRewriter &rewriter) const override {
    auto concat = op.getX().getDefiningOp<ConcatOp>();
    if (!concat)
      return rewriter.notifyMatchFailure(op, "operand is not a concatenation");
    int64_t axis = concat.getAxis(), first = op.getStaticOffsets()[axis];
    int64_t count = op.getStaticSizes()[axis];
    if (ShapedType::isDynamic(first) || ShapedType::isDynamic(count) ||
        count == 0)
      return rewriter.notifyMatchFailure(op, "the part is not known");
    int64_t last = first + (count - 1) * op.getStrides()[axis];
    int64_t begin = 0;
    for (Value x : concat.getXs()) {
      int64_t size = cast<RankedTensorType>(x.getType()).getDimSize(axis);
      if (ShapedType::isDynamic(size))
        break;
      if (std::min(first, last) >= begin &&
          std::max(first, last) < begin + size) {
        SmallVector<int64_t> offsets(op.getStaticOffsets());
        offsets[axis] -= begin;
        rewriter.replaceOpWithNewOp<SliceOp>(
            op, op.getType(), x, op.getOffsets(), op.getSizes(), offsets,
            op.getStaticSizes(), op.getStrides());
        return success();
      }
      begin += size;
    }
    return rewriter.notifyMatchFailure(
        op, "the part is not known to lie in one operand");
  }
};

/// concat(concat(x, y), z) -> concat(x, y, z)
struct ConcatOfConcat : OpRewritePattern<ConcatOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConcatOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<Value> operands;
    for (Value x : op.getXs()) {
      auto inner = x.getDefiningOp<ConcatOp>();
      if (inner && inner.getAxis() == op.getAxis() && inner->hasOneUse())
        llvm::append_range(operands, inner.getXs());
      else
        operands.push_back(x);
    }
    if (operands.size() == op.getXs().size())
      return rewriter.notifyMatchFailure(
          op, "no operand is a concatenation along the axis");
    rewriter.replaceOpWithNewOp<ConcatOp>(op, op.getType(), operands,
                                          op.getAxis());
    return success();
  }
};

/// Unit axes that come and go between elementwise ops would keep them in
/// kernels of their own.
///
///   add(reshape(x : 8, [1, 8]), reshape(y : 8, [1, 8])) -> reshape(add(x, y),
///   [1, 8])
struct ElementwiseOfReshape : OpTraitRewritePattern<IsElementwise> {
  using OpTraitRewritePattern::OpTraitRewritePattern;

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    auto isReshape = [](Value operand) {
      return operand.getDefiningOp<ReshapeOp>() != nullptr;
    };
    auto first = llvm::find_if(op->getOperands(), isReshape);
    if (first == op->operand_end())
      return rewriter.notifyMatchFailure(op, "no operand is reshaped");
    auto outer = (*first).getDefiningOp<ReshapeOp>();
    RankedTensorType type = outer.getX().getType();
    for (Value operand : op->getOperands())
      if (!splatOf(operand, type) && !isReshaped(operand, op, type))
        return rewriter.notifyMatchFailure(
            op, "an operand gains no unit axes for this op alone");
    SmallVector<Value> sources;
    for (Value operand : op->getOperands()) {
      if (DenseElementsAttr splat = splatOf(operand, type))
        sources.push_back(
            ConstantOp::create(rewriter, operand.getLoc(), splat));
      else
        sources.push_back(operand.getDefiningOp<ReshapeOp>().getX());
    }
    Type inner = type.clone(elementTypeOf(op->getResult(0)));
    Operation *moved =
        Operation::create(op->getLoc(), op->getName(), inner, sources,
                          op->getDiscardableAttrDictionary(),
                          op->getPropertiesStorage(), BlockRange(), 0);
    rewriter.insert(moved);
    rewriter.replaceOpWithNewOp<ReshapeOp>(
        op, op->getResult(0).getType(), moved->getResult(0), outer.getSizes(),
        outer.getStaticSizes());
    return success();
  }

private:
  /// The splat that `operand` is, in the shape of `type`, or null.
  static DenseElementsAttr splatOf(Value operand, RankedTensorType type) {
    SplatElementsAttr splat;
    if (!type.hasStaticShape() || !matchPattern(operand, m_Constant(&splat)))
      return nullptr;
    return splat.resizeSplat(type.clone(splat.getElementType()));
  }

  /// Whether `operand` has the shape of `type` before unit axes that only
  /// `user` sees.
  static bool isReshaped(Value operand, Operation *user,
                         RankedTensorType type) {
    auto reshape = operand.getDefiningOp<ReshapeOp>();
    return reshape && movesOnlyUnitAxes(reshape) &&
           reshape.getX().getType().getShape() == type.getShape() &&
           llvm::all_of(reshape->getUsers(),
                        [&](Operation *op) { return op == user; });
  }
};

/// shape_of(x : ?x8) -> from_elements(dim(x, 0), 8)
struct ShapeOfToElements : OpRewritePattern<ShapeOfOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ShapeOfOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<Value> sizes = getValueOrCreateConstantIndexOp(
        rewriter, op.getLoc(),
        tensor::getMixedSizes(rewriter, op.getLoc(), op.getX()));
    rewriter.replaceOpWithNewOp<FromElementsOp>(op, op.getType(), sizes);
    return success();
  }
};

struct SimplifyGraph : mlc::impl::SimplifyGraphBase<SimplifyGraph> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    populateIdentities(set);
    populateEmptyTensors(set);
    populateConvolutions(set);
    set.add<BroadcastOfReshape, BroadcastToReshape, SliceOfSlice, SliceOfConcat,
            ConcatOfConcat, ElementwiseOfReshape, ShapeOfToElements>(context);
    for (RegisteredOperationName op :
         context->getRegisteredOperationsByDialect("mlc"))
      op.getCanonicalizationPatterns(set, context);
    patterns = std::move(set);
    return success();
  }

  void runOnOperation() override {
    if (failed(applyPatternsGreedily(getOperation(), patterns)))
      signalPassFailure();
  }

private:
  FrozenRewritePatternSet patterns;
};

} // namespace
