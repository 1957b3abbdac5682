//===- MlcToLinalg.cpp - Lower the mlc ops of a kernel to linalg ----------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelLowering.h"
#include "mlc/Conversion/Passes.h"
#include "mlc/Transforms/KernelSignature.h"

namespace mlc {
#define GEN_PASS_DEF_CONVERTMLCTOLINALG
#include "mlc/Conversion/Passes.h.inc"
} // namespace mlc

using namespace mlir;
using namespace mlc;

Value KernelLowering::destination(unsigned result) {
  return destinationOf(function, result);
}

SmallVector<OpFoldResult> KernelLowering::sizesOf(Value argument) {
  return sizesOfArgument(function, cast<BlockArgument>(argument));
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

FailureOr<Value> KernelLowering::lowerInto(Value value, Value destination) {
  auto terminator = function.getBody().front().getTerminator();
  if (anchor && !lowered.contains(anchor->getResult(0))) {
    Type element = elementTypeOf(value);
    auto reduce = dyn_cast<ReduceOp>(anchor);
    bool isDirect =
        value.getDefiningOp() == anchor &&
        element == elementTypeOf(destination) &&
        (reduce ? accumulatorType(reduce) : computeType(element)) == element;
    FailureOr<Value> result =
        lowerAnchor(anchor, isDirect ? destination : Value());
    if (failed(result) || isDirect)
      return result;
    lowered[anchor->getResult(0)] = *result;
  }
  rewriter.setInsertionPoint(terminator);
  unsigned rank = cast<RankedTensorType>(value.getType()).getRank();
  return lowerPointwise(value, identityMap(rank), destination);
}

LogicalResult KernelLowering::findAnchor() {
  for (Operation &op : function.getBody().front()) {
    if (!isAnchor(&op))
      continue;
    if (anchor)
      return op.emitOpError("is a second anchor in its kernel")
                 .attachNote(anchor->getLoc())
             << "the first is here";
    anchor = &op;
  }
  return success();
}

LogicalResult KernelLowering::run() {
  if (failed(findAnchor()))
    return failure();
  collectSymbols();
  auto terminator =
      cast<func::ReturnOp>(function.getBody().front().getTerminator());
  for (OpOperand &returned : terminator->getOpOperands()) {
    Value root = returned.get();
    if (auto cast = root.getDefiningOp<UnrealizedConversionCastOp>())
      root = cast.getOperand(0);
    Value out = destination(returned.getOperandNumber());
    rewriter.setInsertionPoint(terminator);
    anchorSizes = sizesOf(out);
    FailureOr<Value> result;
    if (auto concat = root.getDefiningOp<ConcatOp>())
      result = lowerConcat(concat, out);
    else if (auto pad = root.getDefiningOp<PadOp>())
      result = lowerPad(pad, out);
    else
      result = lowerInto(root, out);
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
