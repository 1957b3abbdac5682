//===- Bufferize.cpp - Turn the tensors of a kernel into memory -----------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotModuleBufferize.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

namespace mlc {
#define GEN_PASS_DEF_KERNELBUFFERIZE
#include "mlc/Transforms/Passes.h.inc"
} // namespace mlc

using namespace mlir;

/// The largest temporary that may live on the stack of a kernel, in bytes.
static constexpr unsigned maxStackBytes = 16 * 1024;

namespace {

struct KernelBufferize : mlc::impl::KernelBufferizeBase<KernelBufferize> {
  using Base::Base;

  void runOnOperation() override {
    if (llvm::all_of(getOperation().getOps<func::FuncOp>(),
                     [](func::FuncOp f) { return f.isDeclaration(); }))
      return;
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

    WalkResult unplanned = getOperation().walk([](Operation *op) {
      if (!isa<memref::AllocOp, memref::CopyOp>(op))
        return WalkResult::advance();
      op->emitOpError(
          "was not planned: the kernel does not compute its results in place");
      return WalkResult::interrupt();
    });
    if (unplanned.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
