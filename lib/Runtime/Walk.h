//===- Walk.h - Walks the program -------------------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_RUNTIME_WALK_H
#define MLC_LIB_RUNTIME_WALK_H

#include "Program.h"

struct mlc_session;

namespace mlc::rt {

enum class Fault {
  None,
  Kernel, // details: what it reports
  Failed,
  Overflow,
  DivisionByZero,
  Reference, // details: buffer, offset, size
  Element,   // details: index
  Size,      // details: buffer, size
  Grid,      // details: grid
  Bytes,     // details: number of bytes
  Swap,      // details: size, other size
  NoMemory   // details: buffer, size
};

/// One thread walks the steps in order; the team helps it with large calls.
class Walker {
public:
  mlc_status configure(mlc_session &session, Diag &diag);

  /// Walks the program once, on `thread`.
  void run(int32_t thread);

  /// Gives up the memory of a late buffer, which is the caller's then.
  void *takeBlock(uint32_t lateIndex);
  /// Frees what the run has allocated.
  void releaseBlocks();

  Fault fault = Fault::None;
  uint32_t faultStep = 0;
  int64_t details[3] = {};
  Array<int64_t> registers;
  Array<void *> addresses;

private:
  bool walk(uint32_t begin, uint32_t end);
  bool loop(uint32_t at, const StepInfo &step);
  bool simple(uint32_t at, const StepInfo &step);
  bool perform(uint32_t at, const StepInfo &step);
  bool eval(uint32_t at, const StepInfo &step);
  bool load(uint32_t at, const StepInfo &step);
  bool store(uint32_t at, const StepInfo &step);
  bool call(uint32_t at, const StepInfo &step);
  bool copy(uint32_t at, const StepInfo &step);
  bool swap(uint32_t at, const StepInfo &step);
  bool grow(uint32_t at, const StepInfo &step);
  bool stop(uint32_t at, Fault kind, int64_t a = 0, int64_t b = 0,
            int64_t c = 0);

  /// The address of `bytes` bytes that a step touches; null after a fault.
  char *resolve(uint32_t at, const fb::BufferRef &ref, int64_t bytes);
  char *element(uint32_t at, const fb::BufferRef &ref, const StepInfo &step);
  bool growTo(uint32_t at, uint32_t buffer, int64_t size, bool keepsContent);
  int64_t value(const fb::Value &value) const {
    return valueOf(value, registers.data());
  }

  struct PendingCall;
  static void runPart(void *call, int32_t thread, int64_t begin, int64_t end);

  mlc_session *session = nullptr;
  const Program *program = nullptr;
  int32_t thread = 0;
  /// The memory of the late buffers.
  Array<Block> late;
  Array<void *> operands;
  Array<int64_t> sizes;
};

} // namespace mlc::rt

#endif // MLC_LIB_RUNTIME_WALK_H
