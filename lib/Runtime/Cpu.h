//===- Cpu.h - What this machine can run ------------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_RUNTIME_CPU_H
#define MLC_LIB_RUNTIME_CPU_H

#include <cstddef>
#include <cstdint>

namespace mlc::rt {

/// The architecture that this runtime was built for, as artifacts spell it.
extern const char *const hostArchitecture;

/// The CPU's features by the names that compilers give them. What the
/// operating system does not save at a context switch counts as absent.
class Cpu {
public:
  static Cpu detect();

  /// False for names that this runtime does not know, too.
  bool has(const char *feature) const;

  /// The first feature that the named level needs and this CPU lacks; null
  /// when there is none. Levels of unknown name need nothing by themselves.
  const char *missingFor(const char *level) const;

private:
  uint64_t bits = 0;
};

/// Cores (not hardware threads) that this process may use; at least 1.
int32_t usableCores();
/// Hardware threads that this process may use; at least 1.
int32_t usableThreads();

} // namespace mlc::rt

#endif // MLC_LIB_RUNTIME_CPU_H
