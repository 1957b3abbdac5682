//===- EmptyTensors.cpp - Ops whose results have no elements --------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SimplifyGraph.h"
#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlc;

static bool isKnownEmpty(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && llvm::is_contained(tensor.getShape(), 0);
}

/// op -> broadcast(0, sizes of the result)
static LogicalResult replaceByZeros(ReifyRankedShapedTypeOpInterface op,
                                    PatternRewriter &rewriter) {
  ReifiedRankedShapedTypeDims sizes;
  if (failed(op.reifyResultShapes(rewriter, sizes)))
    return rewriter.notifyMatchFailure(op, "its sizes are not known");
  Type element = elementTypeOf(op->getResult(0));
  auto zero = DenseElementsAttr::get(RankedTensorType::get({}, element),
                                     rewriter.getZeroAttr(element));
  Value scalar = ConstantOp::create(rewriter, op->getLoc(), zero);
  rewriter.replaceOpWithNewOp<BroadcastOp>(op, scalar, sizes.front(),
                                           ArrayRef<int64_t>());
  return success();
}

namespace {

/// What has no elements needs no computation, only sizes.
///
///   exp(x : 0x3) -> constant([] : 0x3)
///   exp(x : 0x?) -> broadcast(0, [0, dim(x, 1)])
struct ResultWithoutElements : RewritePattern {
  explicit ResultWithoutElements(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/10, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    auto shaped = dyn_cast<ReifyRankedShapedTypeOpInterface>(op);
    if (!shaped || !isa<MlcDialect>(op->getDialect()) ||
        op->getNumResults() != 1 || op->getNumRegions() != 0 ||
        !isKnownEmpty(op->getResult(0).getType()))
      return rewriter.notifyMatchFailure(op, "may have elements");
    if (op->hasTrait<OpTrait::ConstantLike>() || isRepeatedConstant(op))
      return rewriter.notifyMatchFailure(op, "computes nothing already");
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    if (!type.hasStaticShape())
      return replaceByZeros(shaped, rewriter);
    auto none = DenseElementsAttr::get(type, ArrayRef<Attribute>());
    rewriter.replaceOpWithNewOp<ConstantOp>(op, none);
    return success();
  }

private:
  static bool isRepeatedConstant(Operation *op) {
    auto broadcast = dyn_cast<BroadcastOp>(op);
    return broadcast && matchPattern(broadcast.getX(), m_Constant());
  }
};

/// Sums of no products.
///
///   matmul(x : ?x0, y : 0x3) -> broadcast(0, [dim(x, 0), 3])
template <class Op> struct ProductOfNothing : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    if (llvm::none_of(op->getOperandTypes(), isKnownEmpty))
      return rewriter.notifyMatchFailure(op, "there may be products");
    return replaceByZeros(op, rewriter);
  }
};

/// What is cut out of nothing is nothing, whatever its sizes claim to be.
///
///   slice(x : 0, [%offset] [%size]) -> broadcast(0, [%size])
struct SliceOfNothing : OpRewritePattern<SliceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SliceOp op,
                                PatternRewriter &rewriter) const override {
    if (!isKnownEmpty(op.getX().getType()))
      return rewriter.notifyMatchFailure(op, "there may be elements");
    return replaceByZeros(op, rewriter);
  }
};

/// concat(x : 0x3, y : 2x3, axis 0) -> concat(y, axis 0)
struct ConcatOfNothing : OpRewritePattern<ConcatOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConcatOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<Value> operands = llvm::filter_to_vector(
        op.getXs(), [](Value x) { return !isKnownEmpty(x.getType()); });
    if (operands.size() == op.getXs().size() || operands.empty())
      return rewriter.notifyMatchFailure(op, "every operand may have elements");
    rewriter.replaceOpWithNewOp<ConcatOp>(op, op.getType(), operands,
                                          op.getAxis());
    return success();
  }
};

} // namespace

void mlc::populateEmptyTensors(RewritePatternSet &patterns) {
  patterns.add<ResultWithoutElements, ProductOfNothing<MatmulOp>,
               ProductOfNothing<ConvOp>, ConcatOfNothing, SliceOfNothing>(
      patterns.getContext());
}
