//===- Elf.h - Bounds-checked view of an artifact's file --------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_RUNTIME_ELF_H
#define MLC_LIB_RUNTIME_ELF_H

#include "Support.h"

namespace mlc::rt {

/// Where the parts of an artifact lie in its file.
struct ElfView {
  const uint8_t *data;
  uint64_t size;
  const char *architecture; ///< as artifacts spell it; "?" for others
  uint64_t metadata, metadataSize;
  bool hasWeights;
  uint64_t weights, weightsSize, weightsAddress;
};

/// Checks the headers and every segment and section against the file's size
/// and finds the two sections.
mlc_status readElf(const uint8_t *data, size_t size, ElfView &view, Diag &diag);

} // namespace mlc::rt

#endif // MLC_LIB_RUNTIME_ELF_H
