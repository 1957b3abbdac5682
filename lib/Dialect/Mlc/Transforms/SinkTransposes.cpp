//===- SinkTransposes.cpp - Transposes out of the way ---------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SimplifyGraph.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlc;

namespace {

/// Transposes sink: elementwise(transpose(x, p), y) -> transpose(elementwise(x,
/// transpose(y, p^-1)), p), when every operand is such a transpose, or can be
/// transposed for nothing.
struct SinkTranspose : RewritePattern {
  explicit SinkTranspose(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    if (!isElementwise(op))
      return rewriter.notifyMatchFailure(op, "not elementwise");
    ArrayRef<int64_t> permutation;
    for (Value operand : op->getOperands())
      if (auto transpose = operand.getDefiningOp<TransposeOp>())
        permutation = transpose.getPermutation();
    if (permutation.empty())
      return rewriter.notifyMatchFailure(op, "no operand is transposed");
    SmallVector<int64_t> inverse = invertPermutationVector(permutation);
    for (Value operand : op->getOperands())
      if (!isFreeToTranspose(operand, permutation))
        return rewriter.notifyMatchFailure(op,
                                           "an operand is in another order");
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(
          transposeFreely(rewriter, operand, permutation, inverse));
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    auto before = RankedTensorType::get(
        applyPermutation(type.getShape(), inverse), type.getElementType());
    OperationState state(op->getLoc(), op->getName(), operands, before,
                         op->getAttrs());
    Value result = rewriter.create(state)->getResult(0);
    rewriter.replaceOpWithNewOp<TransposeOp>(op, type, result, permutation);
    return success();
  }

private:
  static int64_t countRealAxes(Value value) {
    return llvm::count_if(cast<RankedTensorType>(value.getType()).getShape(),
                          [](int64_t size) { return size != 1; });
  }

  static bool isFreeToTranspose(Value value, ArrayRef<int64_t> permutation) {
    if (auto transpose = value.getDefiningOp<TransposeOp>())
      return transpose.getPermutation() == permutation;
    // A broadcast repeats what is smaller.
    if (auto broadcast = value.getDefiningOp<BroadcastOp>())
      return isa_and_present<ConstantOp>(broadcast.getX().getDefiningOp()) ||
             countRealAxes(broadcast.getX()) < countRealAxes(value);
    auto constant = value.getDefiningOp<ConstantOp>();
    return constant && isa<SplatElementsAttr>(constant.getValue());
  }

  static Value transposeFreely(PatternRewriter &rewriter, Value value,
                               ArrayRef<int64_t> permutation,
                               ArrayRef<int64_t> inverse) {
    if (auto transpose = value.getDefiningOp<TransposeOp>())
      return transpose.getX();
    auto type = cast<RankedTensorType>(value.getType());
    auto result = RankedTensorType::get(
        applyPermutation(type.getShape(), inverse), type.getElementType());
    return TransposeOp::create(rewriter, value.getLoc(), result, value,
                               inverse);
  }
};

/// transpose(broadcast(x)) -> broadcast(transpose(x)): what is transposed gets
/// smaller.
struct TransposeOfBroadcast : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto broadcast = op.getX().getDefiningOp<BroadcastOp>();
    if (!broadcast)
      return rewriter.notifyMatchFailure(op, "operand is not a broadcast");
    // Axis i of x goes to the place where the transpose puts axis axes[i].
    SmallVector<int64_t> inverse = invertPermutationVector(op.getPermutation());
    SmallVector<std::pair<int64_t, int64_t>> targets;
    for (auto [axis, target] : llvm::enumerate(broadcast.getAxes()))
      targets.emplace_back(inverse[target], axis);
    llvm::sort(targets);
    SmallVector<int64_t> axes, order;
    for (auto [target, axis] : targets) {
      axes.push_back(target);
      order.push_back(axis);
    }
    SmallVector<OpFoldResult> sizes = getMixedValues(
        broadcast.getStaticSizes(), broadcast.getSizes(), rewriter);
    Value x = broadcast.getX();
    auto type = cast<RankedTensorType>(x.getType());
    auto ordered = RankedTensorType::get(
        applyPermutation(type.getShape(), order), type.getElementType());
    x = rewriter.createOrFold<TransposeOp>(op.getLoc(), ordered, x, order);
    rewriter.replaceOpWithNewOp<BroadcastOp>(
        op, x, applyPermutation(sizes, op.getPermutation()), axes);
    return success();
  }
};

/// concat(transpose(x, p), transpose(y, p)) -> transpose(concat(x, y), p)
struct ConcatOfTransposes : OpRewritePattern<ConcatOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConcatOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<Value> operands;
    ArrayRef<int64_t> permutation;
    for (Value x : op.getXs()) {
      auto transpose = x.getDefiningOp<TransposeOp>();
      if (!transpose ||
          (!permutation.empty() && transpose.getPermutation() != permutation))
        return rewriter.notifyMatchFailure(
            op, "the operands are not all transposed alike");
      permutation = transpose.getPermutation();
      operands.push_back(transpose.getX());
    }
    Value joined = ConcatOp::create(rewriter, op.getLoc(), operands,
                                    permutation[op.getAxis()]);
    rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), joined,
                                             permutation);
    return success();
  }
};

/// pad(transpose(x, p)) -> transpose(pad(x), p), when that meets its inverse: a
/// kernel that pads reads its operand in any order.
struct PadOfTranspose : OpRewritePattern<PadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(PadOp op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getX().getDefiningOp<TransposeOp>();
    if (!transpose || llvm::none_of(op->getUsers(), llvm::IsaPred<TransposeOp>))
      return rewriter.notifyMatchFailure(op, "not between transposes");
    SmallVector<int64_t> inverse =
        invertPermutationVector(transpose.getPermutation());
    auto move = [&](ArrayRef<int64_t> literals, ValueRange values) {
      return applyPermutation(getMixedValues(literals, values, rewriter),
                              inverse);
    };
    auto type = RankedTensorType::get(
        applyPermutation(op.getType().getShape(), inverse),
        op.getType().getElementType());
    Value padded =
        PadOp::create(rewriter, op.getLoc(), type, transpose.getX(),
                      op.getValue(), move(op.getStaticLow(), op.getLow()),
                      move(op.getStaticHigh(), op.getHigh()));
    rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), padded,
                                             transpose.getPermutation());
    return success();
  }
};

/// slice(transpose(x, p)) -> transpose(slice(x), p)
struct SliceOfTranspose : OpRewritePattern<SliceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SliceOp op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getX().getDefiningOp<TransposeOp>();
    if (!transpose)
      return rewriter.notifyMatchFailure(op, "operand is not transposed");
    SmallVector<int64_t> inverse =
        invertPermutationVector(transpose.getPermutation());
    auto move = [&](ArrayRef<int64_t> literals, ValueRange values) {
      return applyPermutation(getMixedValues(literals, values, rewriter),
                              inverse);
    };
    Value part = SliceOp::create(rewriter, op.getLoc(), transpose.getX(),
                                 move(op.getStaticOffsets(), op.getOffsets()),
                                 move(op.getStaticSizes(), op.getSizes()),
                                 applyPermutation(op.getStrides(), inverse));
    rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), part,
                                             transpose.getPermutation());
    return success();
  }
};

} // namespace

void mlc::populateSinkTransposes(RewritePatternSet &patterns) {
  patterns.add<ConcatOfTransposes, PadOfTranspose, SinkTranspose,
               SliceOfTranspose, TransposeOfBroadcast>(patterns.getContext());
  // Under a reduction a transpose moves wherever it stands.
  ReduceOp::getCanonicalizationPatterns(patterns, patterns.getContext());
}
