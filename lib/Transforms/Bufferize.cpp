//===- Bufferize.cpp - Turn the tensors of a kernel into memory -----------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotModuleBufferize.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

namespace mlc {
#define GEN_PASS_DEF_KERNELBUFFERIZE
#include "mlc/Transforms/Passes.h.inc"
} // namespace mlc

using namespace mlir;

/// The largest temporary that may live on the stack of a kernel, in bytes.
static constexpr unsigned maxStackBytes = 16 * 1024;

/// The argument that `value`, a tensor or buffer, is or is a part of.
static BlockArgument argumentOf(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<tensor::ExtractSliceOp, memref::SubViewOp, memref::CastOp>(op))
      return nullptr;
    value = op->getOperand(0);
  }
  return cast<BlockArgument>(value);
}

/// The last tensors or buffers among the arguments: one per result.
static SmallVector<Value> destinationsOf(func::FuncOp function) {
  SmallVector<Value> shaped;
  for (Value argument : function.getArguments())
    if (isa<ShapedType>(argument.getType()))
      shaped.push_back(argument);
  shaped.erase(shaped.begin(), shaped.end() - function.getNumResults());
  return shaped;
}

/// Upstream folds a kernel that only copies one vector to its operand, or to a
/// part of it, which would leave the result as the memory was.
///
///   return %x -> return (materialize_in_destination %x in %destination)
static void writeToDestinations(func::FuncOp function) {
  Operation *end = function.getBody().back().getTerminator();
  OpBuilder b(end);
  for (auto [result, destination] :
       llvm::zip_equal(end->getOpOperands(), destinationsOf(function)))
    if (argumentOf(result.get()) && result.get() != destination)
      result.set(bufferization::MaterializeInDestinationOp::create(
                     b, end->getLoc(), result.get(), destination)
                     .getResult());
}

/// Reports a result that is not in its destination: nobody reads it elsewhere.
static LogicalResult checkDestinations(func::FuncOp function) {
  Operation *end = function.getBody().back().getTerminator();
  for (auto [result, destination] :
       llvm::zip_equal(end->getOperands(), destinationsOf(function)))
    if (argumentOf(result) != destination)
      return end->emitOpError(
          "was not planned: a result is not computed in its destination");
  return success();
}

/// Elements of the longest vector: bytes in one of 64 bytes.
static constexpr int64_t maxLanes = 64;

/// Upstream folds reading and writing a whole tensor of one vector to the
/// tensor itself, and what is left of writing it to its part of a result is a
/// copy.
///
///   memref.copy %x, %part : 16xf32 ->
///   vector.transfer_write(vector.transfer_read(%x), %part)
static void copyByVector(memref::CopyOp copy) {
  auto type = cast<MemRefType>(copy.getSource().getType());
  if (!argumentOf(copy.getSource()) || type.getRank() != 1 ||
      !type.hasStaticShape() || type.getNumElements() > maxLanes)
    return;
  OpBuilder b(copy);
  Location loc = copy.getLoc();
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  Value read = vector::TransferReadOp::create(
      b, loc, VectorType::get(type.getShape(), type.getElementType()),
      copy.getSource(), zero, /*padding=*/std::nullopt, ArrayRef<bool>{true});
  vector::TransferWriteOp::create(b, loc, read, copy.getTarget(), zero,
                                  ArrayRef<bool>{true});
  copy.erase();
}

namespace {

struct KernelBufferize : mlc::impl::KernelBufferizeBase<KernelBufferize> {
  using Base::Base;

  void runOnOperation() override {
    auto kernels = llvm::to_vector(llvm::make_filter_range(
        getOperation().getOps<func::FuncOp>(),
        [](func::FuncOp f) { return !f.isExternal(); }));
    if (kernels.empty())
      return;
    llvm::for_each(kernels, writeToDestinations);
    bufferization::OneShotBufferizationOptions options;
    options.bufferizeFunctionBoundaries = true;
    options.setFunctionBoundaryTypeConversion(
        bufferization::LayoutMapOption::IdentityLayoutMap);
    options.memCpyFn = [](OpBuilder &b, Location loc, Value from, Value to) {
      memref::CopyOp::create(b, loc, from, to);
      return success();
    };
    bufferization::BufferizationState state;
    if (failed(bufferization::runOneShotModuleBufferize(getOperation(), options,
                                                        state)))
      return signalPassFailure();

    OpPassManager cleanup(ModuleOp::getOperationName());
    cleanup.addPass(createCanonicalizerPass());
    cleanup.addPass(bufferization::createDropEquivalentBufferResultsPass());
    bufferization::PromoteBuffersToStackPassOptions stack;
    stack.maxAllocSizeInBytes = maxStackBytes;
    cleanup.addNestedPass<func::FuncOp>(
        bufferization::createPromoteBuffersToStackPass(stack));
    cleanup.addPass(createCSEPass());
    cleanup.addPass(createCanonicalizerPass());
    if (failed(runPipeline(cleanup, getOperation())))
      return signalPassFailure();

    getOperation().walk(copyByVector);
    WalkResult unplanned = getOperation().walk([](Operation *op) {
      if (!isa<memref::AllocOp, memref::CopyOp>(op))
        return WalkResult::advance();
      op->emitOpError(
          "was not planned: the kernel does not compute its results in place");
      return WalkResult::interrupt();
    });
    bool isPlanned = llvm::all_of(kernels, [](func::FuncOp kernel) {
      return succeeded(checkDestinations(kernel));
    });
    if (unplanned.wasInterrupted() || !isPlanned)
      signalPassFailure();
  }
};

} // namespace
