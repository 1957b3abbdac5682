//===- Passes.td - Passes inside of kernels, for all targets ---*- tablegen -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TRANSFORMS_PASSES_TD
#define MLC_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def KernelTileAndFuse : Pass<"kernel-tile-and-fuse", "::mlir::func::FuncOp"> {
  let summary = "Tile a kernel as its schedule says, fusing all of its ops into the tiles";
  let description = [{
    Cuts the iteration space over the result into the kernel's grid, an `scf.forall`, and each part of it into tiles.
    A tile has a static shape but for the last axis of a dynamic tail, which is at most `lanes` long.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
}

def KernelVectorize : Pass<"kernel-vectorize", "::mlir::func::FuncOp"> {
  let summary = "Turn tiles of linalg ops into vector code";
  let description = [{
    The tiles of a block are computed in registers, one after the other: what one tile yields, the next reads as
    vectors. Reductions become loops around them. Only whole results are written back to tensors.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect",
    "::mlir::vector::VectorDialect"
  ];
}

def KernelFoldSizes : Pass<"kernel-fold-sizes", "::mlir::func::FuncOp"> {
  let summary = "Replace the sizes of a kernel's arguments by its size operands";
  let description = [{
    `tensor.dim %x, 0` becomes the `index` argument that `mlc.sizes_of` names.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def KernelBufferize : Pass<"kernel-bufferize", "::mlir::ModuleOp"> {
  let summary = "Turn the tensors of a kernel into memory";
  let description = [{
    Every result is computed in place in its destination argument, so that the function returns nothing. Small
    static temporaries go on the stack, a whole operand of one vector is copied by that vector. A copy or an
    allocation that is left is an error: it was not planned.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect",
    "::mlir::memref::MemRefDialect", "::mlir::vector::VectorDialect"
  ];
}

def MlcSelectSchedules : Pass<"mlc-select-schedules", "::mlir::ModuleOp"> {
  let summary = "Give every kernel a schedule per level of the target";
  let description = [{
    The module of a kernel is copied for each level, named after it, and its function gets the `#mlc.schedule` that
    the target's policy chooses. A schedule that is there already is kept. The kernel itself gets what its callers
    must know: `grid`, the part of each axis of the result that one index of its grid computes, and `cost`, the
    nanoseconds of one core for 1024 elements of the result.
  }];
  let dependentDialects = ["::mlc::MlcDialect"];
  let options = [Option<"target", "target", "std::string", "\"cpu\"", "A name that --target takes">];
}

def MlcPlanBuffers : Pass<"mlc-plan-buffers", "::mlir::func::FuncOp"> {
  let summary = "Place the values of the host program in memory";
  let description = [{
    Every op that makes tensors gets `mlc.buffers`, one buffer per result: an output of the model or a part of the
    arena, which is laid out when the program is exported. Reshapes are views. What the function returns and what
    a region yields is made in the buffer that it is for, where that can be.
  }];
  let dependentDialects = ["::mlc::MlcDialect"];
}

#endif // MLC_TRANSFORMS_PASSES_TD
