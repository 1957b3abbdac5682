//===- MlcToLinalg.cpp - Lower the mlc ops of a kernel to linalg ----------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelLowering.h"
#include "mlc/Conversion/Passes.h"
#include "mlc/Transforms/KernelSignature.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlc {
#define GEN_PASS_DEF_CONVERTMLCTOLINALG
#include "mlc/Conversion/Passes.h.inc"
} // namespace mlc

using namespace mlir;
using namespace mlc;

Value KernelLowering::destination(unsigned result) {
  unsigned tensors = llvm::count_if(function.getArgumentTypes(), [](Type type) {
    return isa<RankedTensorType>(type);
  });
  return function.getArgument(tensors - function.getNumResults() + result);
}

SmallVector<OpFoldResult> KernelLowering::sizesOf(Value argument) {
  unsigned number = cast<BlockArgument>(argument).getArgNumber();
  auto positions =
      function.getArgAttrOfType<DenseI64ArrayAttr>(number, sizesOfAttrName);
  unsigned firstIndex = firstSizeOperand(function);
  SmallVector<OpFoldResult> sizes;
  for (auto [axis, size] :
       llvm::enumerate(cast<RankedTensorType>(argument.getType()).getShape())) {
    if (ShapedType::isDynamic(size))
      sizes.push_back(function.getArgument(firstIndex + positions[axis]));
    else
      sizes.push_back(rewriter.getIndexAttr(size));
  }
  return sizes;
}

Value KernelLowering::storageOf(Value value) {
  if (Value tensor = lowered.lookup(value))
    return tensor;
  // Booleans and unsigned integers enter the kernel through a cast.
  if (auto cast = value.getDefiningOp<UnrealizedConversionCastOp>())
    value = cast.getOperand(0);
  return isa<BlockArgument>(value) ? value : Value();
}

Type KernelLowering::computeType(Type element) {
  if (element.isF16() || element.isBF16())
    return rewriter.getF32Type();
  if (element.isUnsignedInteger())
    return rewriter.getIntegerType(element.getIntOrFloatBitWidth());
  return element;
}

FailureOr<Value> KernelLowering::lowerAnchor(Operation *op, Value destination) {
  rewriter.setInsertionPoint(function.getBody().front().getTerminator());
  if (auto reduce = dyn_cast<ReduceOp>(op))
    return lowerReduce(reduce, destination);
  if (auto matmul = dyn_cast<MatmulOp>(op))
    return lowerMatmul(matmul, destination);
  if (auto conv = dyn_cast<PackedConvOp>(op))
    return lowerPackedConv(conv, destination);
  return lowerConv(cast<ConvOp>(op), destination);
}

/// Every operand is computed into its part of the destination.
FailureOr<Value> KernelLowering::lowerConcat(ConcatOp op, Value destination) {
  Location loc = function.getLoc();
  int64_t rank = op.getType().getRank(), axis = op.getAxis();
  SmallVector<OpFoldResult> offsets(rank, rewriter.getIndexAttr(0)),
      strides(rank, rewriter.getIndexAttr(1));
  AffineExpr sum =
      rewriter.getAffineDimExpr(0) + rewriter.getAffineSymbolExpr(0);
  for (Value x : op.getXs()) {
    SmallVector<OpFoldResult> sizes;
    for (int64_t i : llvm::seq(rank))
      sizes.push_back(sizeOf(x, i));
    Value part = tensor::ExtractSliceOp::create(rewriter, loc, destination,
                                                offsets, sizes, strides);
    FailureOr<Value> computed = lowerPointwise(x, part);
    if (failed(computed))
      return failure();
    destination = tensor::InsertSliceOp::create(
        rewriter, loc, *computed, destination, offsets, sizes, strides);
    offsets[axis] = affine::makeComposedFoldedAffineApply(
        rewriter, loc, sum, {offsets[axis], sizes[axis]});
  }
  return destination;
}

LogicalResult KernelLowering::run() {
  collectSymbols();
  auto terminator =
      cast<func::ReturnOp>(function.getBody().front().getTerminator());
  SmallVector<Operation *> anchors;
  for (Operation &op : function.getBody().front())
    if (isAnchor(&op))
      anchors.push_back(&op);
  if (anchors.size() > 1)
    return anchors[1]
               ->emitOpError("is a second anchor in its kernel")
               .attachNote(anchors[0]->getLoc())
           << "the first is here";
  for (OpOperand &returned : terminator->getOpOperands()) {
    Value root = returned.get();
    if (auto cast = root.getDefiningOp<UnrealizedConversionCastOp>())
      root = cast.getOperand(0);
    Value out = destination(returned.getOperandNumber());
    FailureOr<Value> result;
    Type element = elementTypeOf(root);
    bool isDirect =
        element == elementTypeOf(out) && computeType(element) == element;
    if (auto concat = root.getDefiningOp<ConcatOp>()) {
      rewriter.setInsertionPoint(terminator);
      result = lowerConcat(concat, out);
    } else if (!anchors.empty() && root.getDefiningOp() == anchors.front() &&
               isDirect) {
      result = lowerAnchor(anchors.front(), out);
    } else {
      if (!anchors.empty()) {
        FailureOr<Value> anchor = lowerAnchor(anchors.front(), Value());
        if (failed(anchor))
          return failure();
        lowered[anchors.front()->getResult(0)] = *anchor;
      }
      rewriter.setInsertionPoint(terminator);
      result = lowerPointwise(root, out);
    }
    if (failed(result))
      return failure();
    returned.set(*result);
  }
  // What was lowered has no use left; erase it from the last op to the first.
  for (Operation &op :
       llvm::make_early_inc_range(llvm::reverse(function.getBody().front())))
    if (op.use_empty() && (isa<UnrealizedConversionCastOp>(op) ||
                           isa_and_nonnull<MlcDialect>(op.getDialect())))
      rewriter.eraseOp(&op);
  return success();
}

namespace {

struct ConvertMlcToLinalg
    : mlc::impl::ConvertMlcToLinalgBase<ConvertMlcToLinalg> {
  using Base::Base;

  void runOnOperation() override {
    if (getOperation().isDeclaration())
      return;
    IRRewriter rewriter(&getContext());
    if (failed(KernelLowering(getOperation(), rewriter).run()))
      signalPassFailure();
  }
};

} // namespace
