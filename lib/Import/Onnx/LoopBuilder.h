//===- LoopBuilder.h - Loops out of their bodies ----------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_IMPORT_ONNX_LOOPBUILDER_H
#define MLC_IMPORT_ONNX_LOOPBUILDER_H

#include "NodeContext.h"

namespace mlc::onnx {

/// What the body of a loop leaves for the next iteration.
struct LoopStep {
  /// An `i1` scalar; null when only the number of trips ends the loop.
  mlir::Value condition;
  llvm::SmallVector<mlir::Value> carried, stacked;
};

/// Makes an iteration: from its number, a scalar of type index, and the carried
/// tensors. None when something failed.
using LoopBody = llvm::function_ref<std::optional<LoopStep>(
    mlir::Value iteration, mlir::ValueRange carried)>;

/// Makes a `mlc.loop` and gives the carried tensors after it, then the stacks.
/// `trips` is no expression when there is no bound, `condition` null when the
/// loop starts in any case. The body is made again when it turns out that a
/// carried tensor changes its size.
mlir::FailureOr<llvm::SmallVector<mlir::Value>>
buildLoop(NodeContext &node, const Expr &trips, mlir::Value condition,
          mlir::ValueRange inits, LoopBody body);

} // namespace mlc::onnx

#endif // MLC_IMPORT_ONNX_LOOPBUILDER_H
