//===- Signature.h - The contract of a model's inputs -----------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_IMPORT_ONNX_SIGNATURE_H
#define MLC_IMPORT_ONNX_SIGNATURE_H

#include "Weights.h"
#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlc/Import/Onnx/Importer.h"

namespace mlc::onnx {

struct InputSpec {
  llvm::StringRef name;
  mlir::RankedTensorType type;
  /// A literal or a symbol per dim.
  llvm::SmallVector<std::string> dims;
};

struct Signature {
  llvm::SmallVector<InputSpec> inputs;
  llvm::SmallVector<SymbolAttr> symbols;
};

/// Types and dims of the inputs that callers pass, under the options. Reports
/// every input that cannot be had.
Signature readSignature(mlir::MLIRContext *context, const Graph &graph,
                        const ImportOptions &options,
                        std::vector<Problem> &problems);

} // namespace mlc::onnx

#endif // MLC_IMPORT_ONNX_SIGNATURE_H
