//===- KernelGrid.h - The grid of a kernel ----------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TRANSFORMS_KERNELGRID_H
#define MLC_TRANSFORMS_KERNELGRID_H

#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlc {

/// slice(producer(x)) -> producer(slice(x)), for the linalg ops that the slices
/// read, and so on through what they read.
llvm::LogicalResult fuseProducers(mlir::RewriterBase &rewriter,
                                  llvm::ArrayRef<mlir::Operation *> slices);

/// A root of a kernel and the region of the kernel's result that it writes.
struct KernelPart {
  mlir::linalg::LinalgOp root;
  llvm::SmallVector<mlir::OpFoldResult> offsets, sizes;
};

/// The roots of the kernel, in order.
llvm::SmallVector<KernelPart> findParts(mlir::func::FuncOp function);

/// Runs what `parts` write as an scf.forall over the grid of the schedule. Each
/// index computes what of each part lies in its piece of the result. Yields the
/// roots that are left to be tiled.
llvm::FailureOr<llvm::SmallVector<mlir::linalg::LinalgOp>>
distribute(mlir::RewriterBase &rewriter, mlir::func::FuncOp function,
           llvm::ArrayRef<KernelPart> parts, ScheduleAttr schedule);

} // namespace mlc

#endif // MLC_TRANSFORMS_KERNELGRID_H
