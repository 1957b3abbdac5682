//===- Reduction.cpp - Reductions -----------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Dialect/Mlc/IR/Mlc.h"

using namespace mlir;
using namespace mlc;

LogicalResult mlc::checkKind(ShapeEnv &env, ReduceKind kind, Type element) {
  bool isLogic = kind == ReduceKind::And || kind == ReduceKind::Or;
  if (isLogic == element.isInteger(1))
    return success();
  return env.error(Twine("cannot reduce elements of type ") +
                   debugString(element) + " with " + stringifyReduceKind(kind));
}

LogicalResult ReduceOp::infer(Adaptor op, ShapeEnv &env,
                              SmallVectorImpl<Inferred> &results) {
  SmallVector<Dim> dims = env.sizes(op.getX());
  ArrayRef<int64_t> axes = op.getAxes();
  for (size_t i = 0; i < axes.size(); ++i) // C1
    if (axes[i] < 0 || axes[i] >= static_cast<int64_t>(dims.size()) ||
        (i && axes[i] <= axes[i - 1]))
      return env.error(Twine("expected increasing axes below the rank ") +
                       Twine(dims.size()) + ", found " +
                       debugString(op.getAxesAttr()));
  Type element = elementTypeOf(op.getX());
  if (failed(checkKind(env, op.getKind(), element))) // C2
    return failure();
  SmallVector<Dim> kept;
  for (auto [axis, dim] : llvm::enumerate(dims))
    if (!llvm::is_contained(axes, static_cast<int64_t>(axis)))
      kept.push_back(dim);
  results.push_back({element, std::move(kept)});
  return success();
}

namespace {

/// A transpose under a reduction only renames the axes; what stays in another
/// order is transposed after it.
///
///   reduce(transpose(x, p), axes) -> transpose(reduce(x, p[axes]))
struct ReduceOfTranspose : OpRewritePattern<ReduceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ReduceOp op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getX().getDefiningOp<TransposeOp>();
    if (!transpose)
      return rewriter.notifyMatchFailure(op, "operand is not transposed");
    ArrayRef<int64_t> permutation = transpose.getPermutation();
    SmallVector<int64_t> axes, kept;
    for (auto [axis, source] : llvm::enumerate(permutation))
      (llvm::is_contained(op.getAxes(), static_cast<int64_t>(axis)) ? axes
                                                                    : kept)
          .push_back(source);
    llvm::sort(axes);
    Value reduced = ReduceOp::create(rewriter, op.getLoc(), op.getKind(),
                                     transpose.getX(), axes);
    SmallVector<int64_t> ranks(kept);
    llvm::sort(ranks);
    SmallVector<int64_t> order;
    for (int64_t source : kept)
      order.push_back(llvm::lower_bound(ranks, source) - ranks.begin());
    rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), reduced, order);
    return success();
  }
};

} // namespace

void ReduceOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                           MLIRContext *context) {
  patterns.add<ReduceOfTranspose>(context);
}

#define GET_OP_CLASSES
#include "mlc/Dialect/Mlc/IR/MlcReduction.cpp.inc"
