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

def MlcChooseLayouts : Pass<"mlc-choose-layouts", "::mlir::func::FuncOp"> {
  let summary = "Put constant weights into panels and move transposes out of the way";
  let description = [{
    A matrix product or convolution with a constant second operand becomes `mlc.packed_conv` on the weight with a
    `#mlc.pack` recipe, into which transposes of the weight fold. Transposes of activations sink through elementwise
    ops until they meet their inverse or a reduction.
  }];
  let dependentDialects = ["::mlc::MlcDialect"];
  let options = [Option<"panel", "panel", "int64_t", "32", "Columns of a panel">];
}

def MlcFormKernels : Pass<"mlc-form-kernels", "::mlir::func::FuncOp"> {
  let summary = "Group the ops that become one kernel";
  let description = [{
    A group is an op that something outside needs, with everything that only it needs and that can be computed
    point by point with it, and at most one anchor: a reduction, matrix product or convolution. Elementwise ops
    before a reduction are computed inside of it.
  }];
  let dependentDialects = ["::mlc::MlcDialect", "::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect"];
}

def MlcOutlineKernels : Pass<"mlc-outline-kernels", "::mlir::ModuleOp"> {
  let summary = "Turn groups into kernels and calls";
  let description = [{
    The function of a kernel has signless operands: `uiN` is passed as `iN` and `i1` as `i8`. Splats are part of the
    kernel, other constants are operands.
  }];
  let dependentDialects = ["::mlc::MlcDialect", "::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect"];
}

def MlcDeduplicateKernels : Pass<"mlc-deduplicate-kernels", "::mlir::ModuleOp"> {
  let summary = "Keep one of equal kernels";
}

#endif // MLC_DIALECT_MLC_TRANSFORMS_PASSES
