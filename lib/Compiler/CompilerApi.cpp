//===- CompilerApi.cpp - The C interface of the compiler ------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Compiler/CompilerApi.h"
#include "mlc/Compiler/Compiler.h"
#include "llvm/Config/llvm-config.h"

struct mlc_compile_result {
  mlc::CompileResult result;
  std::string report;
};

mlc_compile_result *mlc_compile(const char *request, const void *model,
                                size_t modelSize) {
  auto result = std::make_unique<mlc_compile_result>();
  llvm::Expected<mlc::CompileRequest> parsed =
      mlc::CompileRequest::parse(request);
  if (parsed) {
    if (model)
      parsed->modelBytes =
          llvm::StringRef(static_cast<const char *>(model), modelSize);
    result->result = mlc::compile(*parsed);
  } else {
    result->result.exitCode = 2;
    result->result.diagnostics.push_back(
        {"error", "", llvm::toString(parsed.takeError()), {}, ""});
  }
  result->report = result->result.report();
  return result.release();
}

int mlc_compile_exit_code(const mlc_compile_result *result) {
  return result->result.exitCode;
}

const char *mlc_compile_report(const mlc_compile_result *result) {
  return result->report.c_str();
}

const void *mlc_compile_artifact(const mlc_compile_result *result,
                                 size_t *size) {
  *size = result->result.artifact.size();
  return result->result.artifact.empty() ? nullptr
                                         : result->result.artifact.data();
}

const char *mlc_compile_text(const mlc_compile_result *result) {
  return result->result.text.empty() ? nullptr : result->result.text.c_str();
}

void mlc_compile_release(mlc_compile_result *result) { delete result; }

const char *mlc_compiler_version(void) {
  return "{\"mlc\":\"" MLC_VERSION "\",\"llvm\":\"" LLVM_VERSION_STRING
         "\",\"targets\":[\"cpu\",\"x86-64\",\"x86-64-v3\",\"x86-64-v4\"]}";
}
