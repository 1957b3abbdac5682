//===- LibraryKernels.h - Ops whose code is among the builtins --*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_DIALECT_MLC_TRANSFORMS_LIBRARYKERNELS_H
#define MLC_LIB_DIALECT_MLC_TRANSFORMS_LIBRARYKERNELS_H

#include "mlc/Analysis/SymbolicShapes.h"

namespace mlc {

/// The function of the builtins that computes an op, and what it is given: see
/// lib/Builtins/Source/Indexing.c.
struct LibraryCall {
  std::string function;
  llvm::SmallVector<mlir::Value> tensors;
  llvm::SmallVector<Expr> sizes;
  /// How the result is cut into points of the grid, and the nanoseconds that
  /// 1024 of its elements take.
  llvm::SmallVector<int64_t> grid;
  int64_t cost;
};

LibraryCall describeLibraryCall(mlir::Operation *op, SymbolicShapes &shapes);

} // namespace mlc

#endif // MLC_LIB_DIALECT_MLC_TRANSFORMS_LIBRARYKERNELS_H
