//===- Pipeline.cpp - The stages from model to code -----------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Pipeline/Pipeline.h"
#include "mlc/Conversion/Passes.h"
#include "mlc/Dialect/Mlc/Transforms/Passes.h"
#include "mlc/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlc;

static OpPassManager &kernelFunctions(OpPassManager &pm) {
  return pm.nest<KernelOp>().nest<ModuleOp>().nest<func::FuncOp>();
}

//===----------------------------------------------------------------------===//
// What each stage runs
//===----------------------------------------------------------------------===//

static void buildGraph(OpPassManager &pm, const CompileOptions &options,
                       const Target &, StringRef) {
  OpPassManager &functions = pm.nest<func::FuncOp>();
  // Layouts are chosen on simplified code, and leave transposes behind that
  // cancel.
  functions.addPass(createCanonicalizerPass());
  functions.addPass(createCSEPass());
  functions.addPass(createSimplifyGraph());
  FoldConstantsOptions fold;
  fold.maxBytes = options.fold_bytes;
  fold.maxFlops = options.fold_flops;
  functions.addPass(createFoldConstants(fold));
  MlcChooseLayoutsOptions layouts;
  layouts.panel = options.panel;
  functions.addPass(createMlcChooseLayouts(layouts));
  functions.addPass(createCanonicalizerPass());
  functions.addPass(createCSEPass());
}

static void buildKernels(OpPassManager &pm, const CompileOptions &,
                         const Target &, StringRef) {
  pm.nest<func::FuncOp>().addPass(createMlcFormKernels());
  pm.addPass(createMlcOutlineKernels());
  pm.addPass(createMlcDeduplicateKernels());
  pm.nest<func::FuncOp>().addPass(createCanonicalizerPass());
  pm.nest<func::FuncOp>().addPass(createCSEPass());
}

static void buildLinalg(OpPassManager &pm, const CompileOptions &,
                        const Target &, StringRef) {
  OpPassManager &kernels = kernelFunctions(pm);
  kernels.addPass(createConvertMlcToLinalg());
  kernels.addPass(createCSEPass());
}

static void buildSchedule(OpPassManager &pm, const CompileOptions &,
                          const Target &, StringRef targetName) {
  MlcSelectSchedulesOptions options;
  options.target = targetName.str();
  pm.addPass(createMlcSelectSchedules(options));
}

static void buildLoops(OpPassManager &pm, const CompileOptions &,
                       const Target &, StringRef) {
  OpPassManager &kernels = kernelFunctions(pm);
  kernels.addPass(createKernelTileAndFuse());
  kernels.addPass(createCSEPass());
  kernels.addPass(createKernelVectorize());
  kernels.addPass(createKernelFoldSizes());
  kernels.addPass(createCanonicalizerPass());
  kernels.addPass(createCSEPass());
}

static void buildBuffers(OpPassManager &pm, const CompileOptions &,
                         const Target &, StringRef) {
  pm.nest<KernelOp>().nest<ModuleOp>().addPass(createKernelBufferize());
  pm.nest<func::FuncOp>().addPass(createMlcPlanBuffers());
}

static void buildDevice(OpPassManager &pm, const CompileOptions &,
                        const Target &target, StringRef) {
  target.buildDevicePasses(pm.nest<KernelOp>().nest<ModuleOp>());
}

//===----------------------------------------------------------------------===//
// What each stage guarantees
//===----------------------------------------------------------------------===//

/// Emits an error for the first op for which `isAllowed` does not hold.
static LogicalResult allowOnly(Operation *root, StringRef stage,
                               function_ref<bool(Operation *)> isAllowed) {
  WalkResult result = root->walk([&](Operation *op) {
    if (isAllowed(op))
      return WalkResult::advance();
    op->emitError() << "'" << op->getName() << "' is left after stage \""
                    << stage << "\"";
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

static bool isKernelPart(Operation *op) {
  return op->getParentOfType<KernelOp>() != nullptr;
}

static LogicalResult verifyGraph(ModuleOp module) {
  return allowOnly(module, "graph", [](Operation *op) {
    return !isa<KernelOp, GroupOp, CallKernelOp>(op);
  });
}

/// What the step program can express.
static bool isHostOp(Operation *op) {
  StringRef dialect = op->getDialect() ? op->getDialect()->getNamespace() : "";
  return isa<ModuleOp, KernelOp, CallKernelOp, ConstantOp, ReshapeOp,
             FromElementsOp, IfOp, LoopOp, YieldOp, func::FuncOp,
             func::ReturnOp, tensor::DimOp, tensor::ExtractOp>(op) ||
         dialect == "arith" || dialect == "cf";
}

static LogicalResult verifyKernels(ModuleOp module) {
  return allowOnly(module, "kernels", [](Operation *op) {
    return isKernelPart(op) || isHostOp(op);
  });
}

static LogicalResult verifyLinalg(ModuleOp module) {
  return allowOnly(module, "linalg", [](Operation *op) {
    return !isKernelPart(op) || !isa_and_present<MlcDialect>(op->getDialect());
  });
}

static LogicalResult verifySchedule(ModuleOp module) {
  return allowOnly(module, "schedule", [](Operation *op) {
    auto inner = dyn_cast<ModuleOp>(op);
    return !inner || !isKernelPart(op) || inner.getSymName();
  });
}

static LogicalResult verifyLoops(ModuleOp module) {
  return allowOnly(module, "loops", [](Operation *op) {
    return !isKernelPart(op) ||
           !isa_and_present<linalg::LinalgDialect>(op->getDialect());
  });
}

static LogicalResult verifyBuffers(ModuleOp module) {
  return allowOnly(module, "buffers", [](Operation *op) {
    return !isKernelPart(op) ||
           llvm::none_of(op->getResultTypes(), llvm::IsaPred<TensorType>);
  });
}

static LogicalResult verifyDevice(ModuleOp module) {
  return allowOnly(module, "device", [](Operation *op) {
    return !isKernelPart(op) || isa<ModuleOp>(op) ||
           op->getDialect()->getNamespace() == "llvm";
  });
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

ArrayRef<Stage> mlc::stages() {
  static constexpr Stage table[] = {
      {"graph", buildGraph, verifyGraph}, // algorithms and layouts
      {"kernels", buildKernels,
       verifyKernels},                       // a host program and its kernels
      {"linalg", buildLinalg, verifyLinalg}, // kernels as loop nests on tensors
      {"schedule", buildSchedule,
       verifySchedule},                         // how each is tiled, per level
      {"loops", buildLoops, verifyLoops},       // tiled, fused, vectorised
      {"buffers", buildBuffers, verifyBuffers}, // in memory
      {"device", buildDevice, verifyDevice},    // in the target's dialect
  };
  return table;
}

void mlc::registerStagePipelines() {
  static constexpr StringLiteral targetName = "cpu";
  for (const Stage &stage : stages())
    registerPassPipeline(
        ("mlc-stage-" + stage.name).str(), "Stage " + stage.name.str(),
        [&stage](OpPassManager &pm, StringRef text,
                 function_ref<LogicalResult(const Twine &)> error) {
          CompileOptions options;
          StringRef target = targetName;
          SmallVector<StringRef> settings;
          text.split(settings, ' ', -1, /*KeepEmpty=*/false);
          for (StringRef setting : settings) {
            auto [key, value] = setting.split('=');
            if (key == "target")
              target = value;
            else if (llvm::Error problem = options.set(key, value))
              return error(llvm::toString(std::move(problem)));
          }
          auto created = createTarget(target);
          if (!created)
            return error(llvm::toString(created.takeError()));
          stage.build(pm, options, **created, target);
          return success();
        },
        [](function_ref<void(const mlir::detail::PassOptions &)>) {});
}
