//===- Sha256.h - SHA-256 ---------------------------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_RUNTIME_SHA256_H
#define MLC_LIB_RUNTIME_SHA256_H

#include "Cpu.h"

namespace mlc::rt {

/// FIPS 180-4. Uses the instructions of `cpu` for it where there are any.
class Sha256 {
public:
  explicit Sha256(const Cpu &cpu);
  void update(const void *data, size_t size);
  void finish(uint8_t digest[32]);

private:
  using BlockFn = void (*)(uint32_t state[8], const uint8_t *data,
                           size_t blocks);

  BlockFn blockFn;
  uint32_t state[8];
  uint8_t pending[64];
  uint64_t total = 0;
};

/// Writes 64 digits and a zero.
void hexDigest(const uint8_t digest[32], char text[65]);

} // namespace mlc::rt

#endif // MLC_LIB_RUNTIME_SHA256_H
