//===- Passes.td - Passes on the mlc dialect -------------------*- tablegen -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_DIALECT_MLC_TRANSFORMS_PASSES
#define MLC_DIALECT_MLC_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

def FoldConstants : Pass<"mlc-fold-constants", "::mlir::func::FuncOp"> {
  let summary = "Evaluates ops on constants";
  let description = [{
    Runs the reference interpreter on ops whose operands are all constant. A result of more than `max-bytes`, or
    one that takes more than `max-flops` operations, is left to run time; so is an op that fails, such as an
    integer division by zero, and a transpose whose result is a blob, which becomes part of a pack recipe.

    Results are inline when they are splats, or integers or booleans of up to 64 elements, and blobs otherwise.
  }];
  let options = [
    Option<"maxBytes", "max-bytes", "int64_t", "1 << 26", "Largest result, in bytes">,
    Option<"maxFlops", "max-flops", "int64_t", "1 << 30", "Most scalar operations for one result">
  ];
  let dependentDialects = ["::mlc::MlcDialect", "::mlir::arith::ArithDialect"];
}

def SimplifyGraph : Pass<"mlc-simplify-graph", "::mlir::func::FuncOp"> {
  let summary = "Rewrites the graph to fewer and cheaper ops";
  let description = [{
    Identities that hold bit for bit, chains of movement ops, and reshapes of unit axes that stand between
    elementwise ops. The canonicalizations of the ops run in the same fixed point.
  }];
  let dependentDialects = ["::mlc::MlcDialect", "::mlir::arith::ArithDialect"];
}

#endif // MLC_DIALECT_MLC_TRANSFORMS_PASSES
