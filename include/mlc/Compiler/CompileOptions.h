//===- CompileOptions.h - What a compilation can be asked for ---*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plain struct, described once by a table. The parser of `--set`, the Python
// keywords, docs/options.md and the cache key are folds over the table.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_COMPILER_COMPILEOPTIONS_H
#define MLC_COMPILER_COMPILEOPTIONS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>

namespace mlc {

// X(name, C++ type, default, changes kernel code, what it is)
#define MLC_COMPILE_OPTIONS(X)                                                 \
  X(panel, int64_t, 32, true,                                                  \
    "columns of a panel of packed weights, a multiple of 16")                  \
  X(fold_bytes, int64_t, 16777216, false,                                      \
    "constants that folding may make, in bytes")                               \
  X(fold_flops, int64_t, 100000000, false,                                     \
    "operations that folding may spend")                                       \
  X(threads, int64_t, 0, false, "threads that compile kernels, 0 for all cores")

struct CompileOptions {
#define X(name, type, value, changesCode, doc) type name = value;
  MLC_COMPILE_OPTIONS(X)
#undef X

  /// Sets the option `key` from text; the error lists the options.
  llvm::Error set(llvm::StringRef key, llvm::StringRef value);

  /// key=value of the options that differ from their default and, when asked
  /// for, change kernel code.
  std::string toString(bool onlyCode) const;

  /// The table as Markdown.
  static std::string documentation();
};

} // namespace mlc

#endif // MLC_COMPILER_COMPILEOPTIONS_H
