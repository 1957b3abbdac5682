//===- CompilerApi.h - The C interface of libmlc_compiler -------*- C -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How `mlc` and `import mlc` reach the compiler, which they open with dlopen
// when a model is given, so that running artifacts never loads LLVM. Requests
// and reports are JSON: their fields grow without a change of this interface.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_COMPILER_COMPILERAPI_H
#define MLC_COMPILER_COMPILERAPI_H

#include <stddef.h>

#define MLC_COMPILER_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

/// What a compilation yields: exit code, report, and the artifact or text.
typedef struct mlc_compile_result mlc_compile_result;

/// Compiles or checks a model. Never null, never throws; may be called from
/// several threads.
///
/// `request` is UTF-8 JSON. An absent field means its default, an unknown one
/// is refused.
///   command        "compile" or "check"
///   model          path of the model; also names it when bytes are given
///   target         "cpu", "x86-64", "x86-64-v3" or "x86-64-v4"     ["cpu"]
///   output         path of the artifact, null: keep it in memory    [null]
///   options        {key: value} of CompileOptions, values as text     [{}]
///   shapes         {input: [sizes]}                                   [{}]
///   dims           {symbol: "4" or "1..64"}                           [{}]
///   stop_after     stage to stop after, null: none                  [null]
///   dump_stages    folder for the IR after every stage, null: none  [null]
///   external_data  folders that links of external data may lead to    [[]]
/// `model` and `model_size` are the model's bytes, or null and 0 when the file
/// at the request's path is to be read. They must stay until the call returns.
MLC_COMPILER_API mlc_compile_result *
mlc_compile(const char *request, const void *model, size_t model_size);

/// 0 done; 1 the model is refused, or a file cannot be read or written; 2 the
/// request is wrong; 3 internal error, a reproducer was written.
MLC_COMPILER_API int mlc_compile_exit_code(const mlc_compile_result *result);

/// JSON: {"diagnostics": [{"severity": "error" | "warning" | "note",
/// "location": TEXT, "message": TEXT, "notes": [TEXT], "op": "Op@opset" of the
/// model's node or ""}],
/// "stages": [{"name": TEXT, "ms": NUMBER}], "output": PATH or null, ...}.
/// Valid until the release.
MLC_COMPILER_API const char *
mlc_compile_report(const mlc_compile_result *result);

/// The artifact when the request's output was null, else null. Valid until
/// the release.
MLC_COMPILER_API const void *
mlc_compile_artifact(const mlc_compile_result *result, size_t *size);

/// The IR after the request's stop_after, else null. Valid until the release.
MLC_COMPILER_API const char *mlc_compile_text(const mlc_compile_result *result);

/// Frees the result. Null is allowed.
MLC_COMPILER_API void mlc_compile_release(mlc_compile_result *result);

/// JSON: {"mlc": VERSION, "llvm": VERSION, "targets": [NAME]}.
MLC_COMPILER_API const char *mlc_compiler_version(void);

#ifdef __cplusplus
}
#endif

#endif // MLC_COMPILER_COMPILERAPI_H
