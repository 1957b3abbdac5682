//===- Hash.h - SHA-256 of large data ---------------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_COMPILER_HASH_H
#define MLC_LIB_COMPILER_HASH_H

#include "../Runtime/Sha256.h"
#include "llvm/ADT/StringExtras.h"
#include <array>

namespace mlc {

/// SHA-256 by the runtime's code, which uses the CPU's instructions for it:
/// over the weights of a model LLVM's portable one takes seconds.
class Hash {
public:
  using Digest = std::array<uint8_t, 32>;

  Hash() : state(rt::Cpu::detect()) {}
  void update(llvm::StringRef data) { state.update(data.data(), data.size()); }
  Digest finish() {
    Digest digest;
    state.finish(digest.data());
    return digest;
  }

  static Digest of(llvm::StringRef data) {
    Hash hash;
    hash.update(data);
    return hash.finish();
  }
  static std::string hexOf(llvm::StringRef data) {
    return llvm::toHex(of(data), /*LowerCase=*/true);
  }

private:
  rt::Sha256 state;
};

} // namespace mlc

#endif // MLC_LIB_COMPILER_HASH_H
