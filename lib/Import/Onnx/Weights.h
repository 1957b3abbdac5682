//===- Weights.h - Tensors of a model as attributes -------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_IMPORT_ONNX_WEIGHTS_H
#define MLC_IMPORT_ONNX_WEIGHTS_H

#include "mlc/Import/Onnx/Reader.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"

namespace mlc::onnx {

/// A model with the memory that its views point into.
struct ModelFile {
  std::unique_ptr<llvm::MemoryBuffer> bytes;
  Model model;
  /// Where external data is looked for, and where its files may really lie.
  std::string directory;
  std::vector<std::string> roots;
  /// The files of external data, by location.
  llvm::StringMap<std::unique_ptr<llvm::MemoryBuffer>> external;
};

/// The element type, null when mlc has none for it.
mlir::Type toElementType(mlir::MLIRContext *context, DataType type);

/// The elements of a tensor, wherever they lie: every tensor of a model passes
/// through here.
llvm::Expected<llvm::StringRef> loadBytes(ModelFile &file,
                                          const Tensor &tensor);

/// Splats, and integers and booleans of up to 64 elements, become inline
/// attributes; all else a resource that keeps `file` alive.
llvm::Expected<mlir::ElementsAttr>
toElements(mlir::MLIRContext *context, const std::shared_ptr<ModelFile> &file,
           const Tensor &tensor);

/// The roots of external data for a model at `path` with the directories that
/// the user allows.
void setExternalDataRoots(ModelFile &file, llvm::StringRef path,
                          llvm::ArrayRef<std::string> directories);

} // namespace mlc::onnx

#endif // MLC_IMPORT_ONNX_WEIGHTS_H
