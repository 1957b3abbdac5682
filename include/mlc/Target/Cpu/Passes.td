//===- Passes.td - Passes of the CPU target ----------------*- tablegen -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TARGET_CPU_PASSES_TD
#define MLC_TARGET_CPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def CpuLowerEntry : Pass<"cpu-lower-entry", "::mlir::ModuleOp"> {
  let summary = "Give a kernel's function the signature that the runtime calls";
  let description = [{
    The buffers and sizes are loaded from the arrays that the runtime passes, and the `scf.forall` over the grid
    becomes a loop over the part [begin, end) of the linear grid:

        func.func @k(%x: memref<?xf32>, %n: index)
        -> func.func @k(%buffers: !llvm.ptr, %sizes: !llvm.ptr, %begin: i64, %end: i64, %status: !llvm.ptr)
  }];
  let dependentDialects = [
    "::mlir::LLVM::LLVMDialect", "::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect"
  ];
}

def CpuLowerVectors : Pass<"cpu-lower-vectors", "::mlir::ModuleOp"> {
  let summary = "Lower vector transfers and math to what the machine has";
  let description = [{
    Transfers become plain or masked loads and stores, float functions become polynomials. Integer divisions are
    guarded: a divisor of zero stores a status instead of trapping.
  }];
  let dependentDialects = [
    "::mlir::LLVM::LLVMDialect", "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"
  ];
}

#endif // MLC_TARGET_CPU_PASSES_TD
