//===- Interpreter.h - The reference interpreter ----------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The interpreter folds constants and judges compiled code. Every op rounds
// once to its result type; contractions and sums accumulate in f64.
// docs/semantics.md has what the ops mean where hardware and libraries differ.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_INTERPRETER_INTERPRETER_H
#define MLC_INTERPRETER_INTERPRETER_H

#include "mlc/Interpreter/Tensor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlc::interpreter {

struct Options {
  /// Evaluates every float in f64 whatever its declared type: the accuracy
  /// reference of whole models.
  bool widened = false;
  /// Reports why an op cannot be evaluated; folding tries in silence.
  bool diagnose = true;
};

/// Whether `evaluate` knows the op.
bool canEvaluate(mlir::OperationName name);

/// The results of one op without regions. Failure when there are none: an
/// integer divided by zero, a read outside of a tensor, sizes that do not fit.
llvm::FailureOr<llvm::SmallVector<Tensor>>
evaluate(mlir::Operation *op, llvm::ArrayRef<Tensor> operands,
         const Options &options = {});

/// The results of a function of one block.
llvm::FailureOr<llvm::SmallVector<Tensor>>
interpret(mlir::func::FuncOp function, llvm::ArrayRef<Tensor> inputs,
          const Options &options = {});

} // namespace mlc::interpreter

#endif // MLC_INTERPRETER_INTERPRETER_H
