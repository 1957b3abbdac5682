//===- Memory.h - Where a run's buffers lie ---------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_RUNTIME_MEMORY_H
#define MLC_LIB_RUNTIME_MEMORY_H

#include "Program.h"

#include "mlc/Runtime/ArenaPlan.h"

namespace mlc::rt {

/// The arena: planned by the compiler, or here whenever the symbols take values
/// that they did not take lately.
class Memory {
public:
  ~Memory() { own.release(); }

  /// `arena`: the caller's memory, or null.
  mlc_status configure(const Program &program, uint32_t numSymbols, void *arena,
                       size_t size, Diag &diag);

  /// Sets the addresses of the early arena buffers for the bound registers.
  /// `symbols` are the symbols' values, on which all early sizes depend.
  mlc_status place(const int64_t *symbols, const int64_t *registers,
                   void **addresses, Diag &diag);

  size_t held() const { return given ? givenSize : own.capacity; }

private:
  mlc_status plan(const int64_t *registers, uint32_t entry, Diag &diag);
  mlc_status reserve(int64_t total, Diag &diag);
  mlc_status checkStatic(const int64_t *registers, Diag &diag);

  static constexpr uint32_t cacheSize = 8;

  const Program *program = nullptr;
  void *given = nullptr;
  size_t givenSize = 0;
  Block own;

  // A small cache of plans; entry e has totals[e] and a row in the others.
  uint32_t numSymbols = 0, cached = 0;
  Array<int64_t> keys, offsets;
  int64_t totals[cacheSize] = {};
  Array<ArenaItem> items;
  Array<uint32_t> itemBuffers, scratch;
};

} // namespace mlc::rt

#endif // MLC_LIB_RUNTIME_MEMORY_H
