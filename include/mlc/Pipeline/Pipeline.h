//===- Pipeline.h - The stages from model to code ---------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_PIPELINE_PIPELINE_H
#define MLC_PIPELINE_PIPELINE_H

#include "mlc/Compiler/CompileOptions.h"
#include "mlc/Target/Target.h"
#include "mlir/Pass/PassManager.h"

namespace mlc {

/// A step of compilation with a name that users see. At its end the module
/// holds only what `verify` allows.
struct Stage {
  llvm::StringLiteral name;
  void (*build)(mlir::OpPassManager &pm, const CompileOptions &options,
                const Target &target, llvm::StringRef targetName);
  mlir::LogicalResult (*verify)(mlir::ModuleOp module);
};

/// All stages that are passes, in order: between `import`, which makes the
/// module, and `binary`, which writes the artifact.
llvm::ArrayRef<Stage> stages();

/// The names that --stop-after takes.
inline constexpr llvm::StringLiteral stageNames =
    "import, graph, kernels, linalg, schedule, loops, buffers, device, binary";

/// Registers each stage as the pipeline `mlc-stage-<name>` of mlc-opt.
void registerStagePipelines();

} // namespace mlc

#endif // MLC_PIPELINE_PIPELINE_H
