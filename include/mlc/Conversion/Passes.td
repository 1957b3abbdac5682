//===- Passes.td - Conversion passes -----------------------*- tablegen -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_CONVERSION_PASSES_TD
#define MLC_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertMlcToLinalg : Pass<"convert-mlc-to-linalg", "::mlir::func::FuncOp"> {
  let summary = "Lower the mlc ops of a kernel to linalg";
  let description = [{
    Runs on the function of a structured kernel. What is fused becomes at most three linalg ops: a fill, the anchor
    with its prologue in the body, and one generic for everything after it. The last one writes to the
    function's destination arguments.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::tensor::TensorDialect"
  ];
}

#endif // MLC_CONVERSION_PASSES_TD
