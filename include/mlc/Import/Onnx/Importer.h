//===- Importer.h - From ONNX to mlc ----------------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_IMPORT_ONNX_IMPORTER_H
#define MLC_IMPORT_ONNX_IMPORTER_H

#include "mlc/Analysis/Expr.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/MemoryBuffer.h"
#include <map>
#include <string>
#include <vector>

namespace mlc::onnx {

struct ImportOptions {
  /// Sizes of inputs, by the input's name.
  std::map<std::string, std::vector<int64_t>> shapes;
  /// Ranges of dims, by the name that the model gives the dim.
  std::map<std::string, Bounds> dims;
  /// Where the files of weights may lie, besides beside the model.
  std::vector<std::string> externalDataDirectories;
};

/// Why a model cannot be compiled: one node of it, or all of it when `node` is
/// empty.
struct Problem {
  std::string node;
  std::string op;
  std::string domain;
  int64_t opset = 0;
  std::string message;
  /// What to do about it, if there is something.
  std::string remedy;
  /// Whether mlc lacks what the node needs; otherwise the node itself is wrong
  /// where it stands, and in a branch that is not taken that does no harm.
  bool isUnsupported = false;

  /// "Op@opset", with its domain when that is not the default; empty when the
  /// problem is the whole model's.
  std::string versionedOp() const;
};

/// Imports the model in the file `path`. Emits one error per problem, at the
/// name of its node, fused with what `versionedOp` says.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
importOnnx(mlir::MLIRContext *context, llvm::StringRef path,
           const ImportOptions &options = {});

/// Imports the model in `bytes`, which the module keeps; `path` is the file
/// that they are from, beside which files of weights lie.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
importOnnx(mlir::MLIRContext *context,
           std::unique_ptr<llvm::MemoryBuffer> bytes, llvm::StringRef path,
           const ImportOptions &options = {});

/// Finds everything that keeps the model from being imported.
std::vector<Problem> checkOnnx(mlir::MLIRContext *context, llvm::StringRef path,
                               const ImportOptions &options = {});

/// An op of ONNX that can be imported, and the versions of its domain at which
/// what is done with it changes.
struct SupportedOp {
  std::string domain, op;
  std::vector<int64_t> versions;
};

/// Every op that has a converter, by domain and name.
std::vector<SupportedOp> supportedOps();

} // namespace mlc::onnx

#endif // MLC_IMPORT_ONNX_IMPORTER_H
