//===- Npy.h - Tensors in NumPy's file format -------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_INTERPRETER_NPY_H
#define MLC_INTERPRETER_NPY_H

#include "mlc/Interpreter/Tensor.h"
#include "llvm/Support/Error.h"

namespace mlc::interpreter {

/// Reads a file of elements of type `element`; NumPy has no bf16, which it
/// calls two bytes without meaning.
llvm::Expected<Tensor> readNpy(llvm::StringRef path, mlir::Type element);

llvm::Error writeNpy(llvm::StringRef path, const Tensor &tensor);

} // namespace mlc::interpreter

#endif // MLC_INTERPRETER_NPY_H
