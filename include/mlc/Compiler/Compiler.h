//===- Compiler.h - From a model to an artifact -----------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_COMPILER_COMPILER_H
#define MLC_COMPILER_COMPILER_H

#include "mlc/Analysis/Expr.h"
#include "mlc/Compiler/CompileOptions.h"
#include "llvm/ADT/SmallVector.h"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mlc {

/// What `mlc compile` and `mlc check` ask for; see CompilerApi.h for the
/// fields.
struct CompileRequest {
  enum Command { Compile, Check } command = Compile;
  std::string model;
  llvm::StringRef modelBytes; ///< empty: read `model`
  std::string target = "cpu";
  std::optional<std::string> output;
  CompileOptions options;
  std::map<std::string, std::vector<int64_t>> shapes;
  std::map<std::string, Bounds> dims;
  std::optional<std::string> stopAfter;
  std::optional<std::string> dumpStages;
  std::vector<std::string> externalData;

  /// Reads the JSON of CompilerApi.h.
  static llvm::Expected<CompileRequest> parse(llvm::StringRef json);
};

struct CompileDiagnostic {
  std::string severity, location, message;
  std::vector<std::string> notes;
  std::string op; ///< of the model, as "Op@opset"
};

struct CompileResult {
  int exitCode = 0; ///< as of `mlc`
  std::vector<CompileDiagnostic> diagnostics;
  std::vector<std::pair<std::string, double>> stages; ///< name, milliseconds
  std::optional<std::string> output;
  llvm::SmallVector<char, 0> artifact; ///< when the request names no output
  std::string text;                    ///< IR, when stopped after a stage

  /// The JSON of CompilerApi.h.
  std::string report() const;
};

CompileResult compile(const CompileRequest &request);

} // namespace mlc

#endif // MLC_COMPILER_COMPILER_H
