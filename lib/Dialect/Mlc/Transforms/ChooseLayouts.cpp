//===- ChooseLayouts.cpp - Panels for weights, transposes out of the way
//---===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SimplifyGraph.h"
#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlc/Dialect/Mlc/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlc {
#define GEN_PASS_DEF_MLCCHOOSELAYOUTS
#include "mlc/Dialect/Mlc/Transforms/Passes.h.inc"
} // namespace mlc

using namespace mlir;
using namespace mlc;

/// The constant that `weight` is, under `permutation`: transposes on the way
/// are gathered. Null when it is none.
static ConstantOp findWeight(Value weight, SmallVector<int64_t> &permutation) {
  permutation = llvm::to_vector(
      llvm::seq<int64_t>(cast<RankedTensorType>(weight.getType()).getRank()));
  while (auto transpose = weight.getDefiningOp<TransposeOp>()) {
    permutation = applyPermutation(transpose.getPermutation(), permutation);
    weight = transpose.getX();
  }
  auto constant = weight.getDefiningOp<ConstantOp>();
  return constant && !constant.getPack() &&
                 !isa<SplatElementsAttr>(constant.getValue())
             ? constant
             : nullptr;
}

static Value packWeight(PatternRewriter &rewriter, ConstantOp weight,
                        ArrayRef<int64_t> permutation, int64_t panel) {
  auto source = cast<RankedTensorType>(weight.getType());
  auto recipe = PackAttr::get(rewriter.getContext(), permutation, panel);
  return ConstantOp::create(rewriter, weight.getLoc(), recipe.apply(source),
                            weight.getValue(), recipe);
}

namespace {

/// matmul(x, constant w : KxN) -> packed_conv(x, constant w pack)
struct PackMatmul : OpRewritePattern<MatmulOp> {
  PackMatmul(MLIRContext *context, int64_t panel)
      : OpRewritePattern(context), panel(panel) {}

  LogicalResult matchAndRewrite(MatmulOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getType().getRank() != 2)
      return rewriter.notifyMatchFailure(op, "a batch of matrices");
    SmallVector<int64_t> permutation;
    ConstantOp weight = findWeight(op.getY(), permutation);
    if (!weight)
      return rewriter.notifyMatchFailure(
          op, "the second operand is not a constant");
    int64_t columns = op.getY().getType().getDimSize(1);
    Value packed = packWeight(rewriter, weight, permutation, panel);
    rewriter.replaceOpWithNewOp<PackedConvOp>(op, op.getType(), op.getX(),
                                              packed, ArrayRef<int64_t>(),
                                              ArrayRef<int64_t>(), columns);
    return success();
  }

  int64_t panel;
};

/// conv(x) padding = [1, 2] -> conv(pad(x)) padding = [0, 0]
struct PadConv : OpRewritePattern<ConvOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConvOp op,
                                PatternRewriter &rewriter) const override {
    Value x = padInput(rewriter, op);
    if (x == op.getX())
      return rewriter.notifyMatchFailure(op, "not padded");
    SmallVector<int64_t> none(op.getPadding().size(), 0);
    rewriter.replaceOpWithNewOp<ConvOp>(op, op.getType(), x, op.getFilter(),
                                        op.getStrides(), op.getDilations(),
                                        none, op.getGroups());
    return success();
  }
};

/// conv(x, constant filter) -> packed_conv(x, constant filter pack)
struct PackConv : OpRewritePattern<ConvOp> {
  PackConv(MLIRContext *context, int64_t panel)
      : OpRewritePattern(context), panel(panel) {}

  LogicalResult matchAndRewrite(ConvOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getGroups() != 1)
      return rewriter.notifyMatchFailure(op, "grouped");
    if (llvm::any_of(op.getPadding(),
                     [](int64_t padding) { return padding != 0; }))
      return rewriter.notifyMatchFailure(op, "padded");
    SmallVector<int64_t> permutation;
    ConstantOp weight = findWeight(op.getFilter(), permutation);
    if (!weight)
      return rewriter.notifyMatchFailure(op, "the filter is not a constant");
    int64_t columns = op.getFilter().getType().getShape().back();
    Value packed = packWeight(rewriter, weight, permutation, panel);
    rewriter.replaceOpWithNewOp<PackedConvOp>(op, op.getType(), op.getX(),
                                              packed, op.getStrides(),
                                              op.getDilations(), columns);
    return success();
  }

  int64_t panel;
};

/// The axes of a type that are not of size 1.
static SmallVector<int64_t> realAxes(RankedTensorType type) {
  SmallVector<int64_t> axes;
  for (int64_t axis : llvm::seq(type.getRank()))
    if (type.getDimSize(axis) != 1)
      axes.push_back(axis);
  return axes;
}

/// A reshape that only adds or drops axes of size 1 goes before a transpose.
///
///   reshape(transpose(x : 2x5x1x7, [0, 3, 1, 2]), 2x7x5) ->
///   transpose(reshape(x, 2x5x7), [0, 2, 1])
struct ReshapeOfTranspose : OpRewritePattern<ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ReshapeOp op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getX().getDefiningOp<TransposeOp>();
    if (!transpose)
      return rewriter.notifyMatchFailure(op, "operand is not transposed");
    SmallVector<int64_t> before = realAxes(op.getX().getType()),
                         after = realAxes(op.getType());
    bool keepsAxes = before.size() == after.size() &&
                     llvm::all_of_zip(before, after, [&](int64_t x, int64_t y) {
                       return op.getX().getType().getDimSize(x) ==
                              op.getType().getDimSize(y);
                     });
    // Two dynamic axes might be split and merged.
    if (!keepsAxes || op.getType().getNumDynamicDims() > 1)
      return rewriter.notifyMatchFailure(op,
                                         "changes more than axes of size 1");
    // Where each real axis of the result comes from in x, and their order
    // there.
    SmallVector<int64_t> sources;
    for (int64_t axis : before)
      sources.push_back(transpose.getPermutation()[axis]);
    SmallVector<int64_t> ordered(sources);
    llvm::sort(ordered);
    SmallVector<OpFoldResult> sizes;
    for (int64_t axis : ordered)
      sizes.push_back(
          tensor::getMixedSize(rewriter, op.getLoc(), transpose.getX(), axis));
    SmallVector<int64_t> permutation(op.getType().getRank());
    for (auto [axis, source] : llvm::zip_equal(after, sources))
      permutation[axis] = llvm::lower_bound(ordered, source) - ordered.begin();
    // The axes of size 1 of the result come last in the new operand.
    int64_t next = ordered.size();
    for (int64_t axis : llvm::seq(op.getType().getRank()))
      if (op.getType().getDimSize(axis) == 1) {
        permutation[axis] = next++;
        sizes.push_back(rewriter.getIndexAttr(1));
      }
    Value reshaped =
        ReshapeOp::create(rewriter, op.getLoc(), transpose.getX(), sizes);
    rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), reshaped,
                                             permutation);
    return success();
  }
};

/// Reshapes sink below what is computed point by point, so that it can be fused
/// with what made the operand.
///
///   add(reshape(x), broadcast(c)) -> reshape(add(x, broadcast(c)))
struct SinkReshape : RewritePattern {
  explicit SinkReshape(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    if (!isElementwise(op))
      return rewriter.notifyMatchFailure(op, "not elementwise");
    ReshapeOp reshape;
    for (Value operand : op->getOperands())
      if (auto candidate = operand.getDefiningOp<ReshapeOp>())
        reshape = reshape ? reshape : candidate;
    if (!reshape)
      return rewriter.notifyMatchFailure(op, "no operand is reshaped");
    // Only what is fused with its producer gains.
    Operation *producer = reshape.getX().getDefiningOp();
    if (!producer || !(isElementwise(producer) ||
                       isa<MatmulOp, ConvOp, PackedConvOp>(producer)))
      return rewriter.notifyMatchFailure(
          op, "the operand was not computed by a kernel");
    for (Value operand : op->getOperands())
      if (!isFreeToReshape(operand, reshape))
        return rewriter.notifyMatchFailure(op, "an operand has another shape");
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, op->getLoc(), reshape.getX());
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(reshapeFreely(rewriter, operand, reshape, sizes));
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    auto before = RankedTensorType::get(reshape.getX().getType().getShape(),
                                        type.getElementType());
    OperationState state(op->getLoc(), op->getName(), operands, before,
                         op->getAttrs());
    Value result = rewriter.create(state)->getResult(0);
    rewriter.replaceOpWithNewOp<ReshapeOp>(op, type, result, reshape.getSizes(),
                                           reshape.getStaticSizes());
    return success();
  }

private:
  /// Another view of the same shapes, one element for all, or one row for all
  /// rows.
  static bool isFreeToReshape(Value value, ReshapeOp reshape) {
    if (auto other = value.getDefiningOp<ReshapeOp>())
      return other.getX().getType().getShape() ==
                 reshape.getX().getType().getShape() &&
             other.getSizes() == reshape.getSizes() &&
             other.getStaticSizes() == reshape.getStaticSizes();
    auto broadcast = value.getDefiningOp<BroadcastOp>();
    if (!broadcast)
      return false;
    SmallVector<int64_t> axes = realAxes(broadcast.getX().getType());
    if (axes.empty())
      return true;
    int64_t last = cast<RankedTensorType>(value.getType()).getRank() - 1;
    ArrayRef<int64_t> before = reshape.getX().getType().getShape();
    return axes.size() == 1 && broadcast.getAxes()[axes.front()] == last &&
           !before.empty() && !ShapedType::isDynamic(before.back()) &&
           before.back() == broadcast.getX().getType().getDimSize(axes.front());
  }

  static Value reshapeFreely(PatternRewriter &rewriter, Value value,
                             ReshapeOp reshape, ArrayRef<OpFoldResult> sizes) {
    if (auto other = value.getDefiningOp<ReshapeOp>())
      return other.getX();
    auto broadcast = value.getDefiningOp<BroadcastOp>();
    Location loc = value.getLoc();
    SmallVector<int64_t> real = realAxes(broadcast.getX().getType());
    SmallVector<OpFoldResult> kept;
    SmallVector<int64_t> axes;
    if (!real.empty()) {
      kept.push_back(rewriter.getIndexAttr(
          broadcast.getX().getType().getDimSize(real.front())));
      axes.push_back(sizes.size() - 1);
    }
    Value x = broadcast.getX();
    if (static_cast<int64_t>(kept.size()) !=
        broadcast.getX().getType().getRank())
      x = ReshapeOp::create(rewriter, loc, x, kept);
    return BroadcastOp::create(rewriter, loc, x, sizes, axes);
  }
};

struct MlcChooseLayouts : mlc::impl::MlcChooseLayoutsBase<MlcChooseLayouts> {
  using Base::Base;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<PackConv, PackMatmul>(&getContext(), panel);
    patterns.add<PadConv, ReshapeOfTranspose, SinkReshape>(&getContext());
    populateSinkTransposes(patterns);
    for (auto op :
         {TransposeOp::getOperationName(), ReduceOp::getOperationName(),
          ReshapeOp::getOperationName(), BroadcastOp::getOperationName()})
      RegisteredOperationName::lookup(op, &getContext())
          ->getCanonicalizationPatterns(patterns, &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
