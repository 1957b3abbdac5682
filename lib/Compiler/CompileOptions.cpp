//===- CompileOptions.cpp - What a compilation can be asked for -----------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Compiler/CompileOptions.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlc;

static llvm::Error parse(llvm::StringRef key, llvm::StringRef text,
                         int64_t &value) {
  if (text.getAsInteger(10, value) || value < 0)
    return llvm::createStringError(
        "option \"" + key + "\" expects a number, found \"" + text + "\"");
  return llvm::Error::success();
}

llvm::Error CompileOptions::set(llvm::StringRef key, llvm::StringRef value) {
#define X(name, type, initial, changesCode, doc)                               \
  if (key == #name)                                                            \
    return parse(key, value, name);
  MLC_COMPILE_OPTIONS(X)
#undef X
  std::string known;
#define X(name, type, initial, changesCode, doc)                               \
  known += known.empty() ? #name : ", " #name;
  MLC_COMPILE_OPTIONS(X)
#undef X
  return llvm::createStringError("unknown option \"" + key +
                                 "\"; allowed: " + known);
}

std::string CompileOptions::toString(bool onlyCode) const {
  CompileOptions defaults;
  llvm::SmallVector<std::string> parts;
#define X(name, type, initial, changesCode, doc)                               \
  if (name != defaults.name && (changesCode || !onlyCode))                     \
    parts.push_back(#name "=" + std::to_string(name));
  MLC_COMPILE_OPTIONS(X)
#undef X
  return llvm::join(parts, " ");
}

std::string CompileOptions::documentation() {
  std::string text = "| option | default | changes kernel code | meaning "
                     "|\n|---|---|---|---|\n";
#define X(name, type, initial, changesCode, doc)                               \
  text += "| `" #name "` | " #initial " | " +                                  \
          std::string(changesCode ? "yes" : "no") + " | " doc " |\n";
  MLC_COMPILE_OPTIONS(X)
#undef X
  return text;
}
