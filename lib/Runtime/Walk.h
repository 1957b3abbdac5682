//===- Walk.h - One thread's walk of the program ----------------*- C++ -*-===//
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

/// Faults that all threads meet alike, since they follow from registers.
enum class Fault {
  None,
  Kernel, // the status word of the run has it
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

/// All threads walk the same steps, each with registers and addresses of its
/// own. See Artifact.fbs for who touches which memory when.
class Walker {
public:
  mlc_status configure(mlc_session &session, int32_t thread, Diag &diag);

  /// Walks the program once, as one of `threads`.
  void run(int32_t threads);

  Fault fault = Fault::None;
  uint32_t faultStep = 0;
  int64_t details[3] = {};
  Array<int64_t> registers;
  Array<void *> addresses;

private:
  bool walk(uint32_t begin, uint32_t end);
  bool loop(uint32_t at, const StepInfo &step);
  bool simple(uint32_t at, const StepInfo &step);
  bool perform(uint32_t at, const StepInfo &step, bool &touched);
  bool eval(uint32_t at, const StepInfo &step);
  bool load(uint32_t at, const StepInfo &step);
  bool store(uint32_t at, const StepInfo &step);
  bool call(uint32_t at, const StepInfo &step, bool &touched);
  bool copy(uint32_t at, const StepInfo &step);
  bool swap(uint32_t at, const StepInfo &step);
  bool grow(uint32_t at, const StepInfo &step);
  bool meet();
  bool stop(uint32_t at, Fault kind, int64_t a = 0, int64_t b = 0,
            int64_t c = 0);

  /// The address of `bytes` bytes that a step touches; null after a fault.
  char *resolve(uint32_t at, const fb::BufferRef &ref, int64_t bytes);
  char *element(uint32_t at, const fb::BufferRef &ref, const StepInfo &step);
  bool ensure(uint32_t at, uint32_t buffer, int64_t size);
  int64_t value(const fb::Value &value) const {
    return valueOf(value, registers.data());
  }

  /// What this thread knows of a late buffer.
  struct Late {
    int64_t capacity, largest;
    uint32_t events;
  };

  mlc_session *session = nullptr;
  const Program *program = nullptr;
  int32_t thread = 0, threads = 1;
  Array<Late> late;
  Array<void *> operands;
  Array<int64_t> sizes;
};

} // namespace mlc::rt

#endif // MLC_LIB_RUNTIME_WALK_H
