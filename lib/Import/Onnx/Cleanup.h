//===- Cleanup.h - What remains to be done after import ---------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_IMPORT_ONNX_CLEANUP_H
#define MLC_IMPORT_ONNX_CLEANUP_H

#include "mlc/Analysis/SymbolicShapes.h"

namespace mlc::onnx {

/// Removes what nothing uses and repeats, and turns tensors that hold nothing
/// but sizes into constants and index arithmetic. Ends the life of `shapes`.
void cleanUp(mlir::func::FuncOp function, SymbolicShapes &shapes);

} // namespace mlc::onnx

#endif // MLC_IMPORT_ONNX_CLEANUP_H
