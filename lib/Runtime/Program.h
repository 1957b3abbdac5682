//===- Program.h - The step program, decoded --------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_RUNTIME_PROGRAM_H
#define MLC_LIB_RUNTIME_PROGRAM_H

#include "Support.h"

#include "mlc/Runtime/Artifact_generated.h"

namespace mlc::rt {

namespace fb = mlc::fb;

/// A step with what its FlatBuffer table says at hand. Which fields mean what
/// is in Program.cpp's decodeStep.
struct StepInfo {
  fb::Step kind;
  fb::DType dtype;
  uint32_t a, b;
  fb::Value value, index, extra;
  fb::BufferRef source, target;
  const fb::BufferRef *buffers;
  uint32_t numBuffers;
  const fb::Value *sizes;
  uint32_t numSizes;
  const fb::Instr *code;
  uint32_t numInstrs;
  const char *name;
  const char *key;
};

struct BufferInfo {
  fb::BufferKind kind;
  /// The size may change while the program runs; see Artifact.fbs.
  bool late;
  /// Number among the late buffers.
  uint32_t lateIndex;
  fb::Value size;
  int64_t offset;
  uint32_t index, firstStep, lastStep;
};

/// What is derived from verified metadata.
struct Program {
  uint32_t numRegisters = 0, numLate = 0;
  uint32_t maxBuffers = 0, maxSizes = 0;
  int64_t arenaSize = -1;
  /// Some call may be worth more than one thread.
  bool parallel = false;
  Array<StepInfo> steps;
  Array<BufferInfo> buffers;
  /// Per register: some step writes it.
  Array<bool> written;

  bool isLate(const fb::Value &value) const {
    return value.reg() >= 0 && written[value.reg()];
  }
};

/// A call that costs less nanoseconds than this stays on the thread that walks
/// the program: no other is told of it.
inline constexpr int64_t parallelCost = 20000;

/// Deepest nesting of if and loop steps.
inline constexpr uint32_t maxNesting = 64;

/// Decodes verified metadata.
mlc_status decodeProgram(const fb::Metadata &metadata, Program &program,
                         Diag &diag);

/// The registers that a step writes, one after the other.
template <typename Fn>
void forEachWritten(fb::Step kind, const void *step, Fn fn) {
  if (kind == fb::Step::EvalStep)
    for (const fb::Instr *instr :
         *static_cast<const fb::EvalStep *>(step)->code())
      fn(instr->dst());
  else if (kind == fb::Step::LoadStep)
    fn(static_cast<const fb::LoadStep *>(step)->dst());
  else if (kind == fb::Step::LoopStep)
    fn(static_cast<const fb::LoopStep *>(step)->counter());
}

inline int64_t valueOf(const fb::Value &value, const int64_t *registers) {
  return value.reg() < 0 ? value.literal() : registers[value.reg()];
}

/// Why integer arithmetic stopped.
enum class Arithmetic { Fine, Overflow, DivisionByZero };

/// Runs instructions on the registers.
Arithmetic evaluate(const fb::Instr *code, uint32_t count, int64_t *registers);

size_t elementSize(fb::DType dtype);

/// Reads an integer element, sign- or zero-extended; writes one, truncated.
int64_t loadElement(const void *address, fb::DType dtype);
void storeElement(void *address, fb::DType dtype, int64_t value);

/// A name that may be absent.
inline const char *textOf(const flatbuffers::String *text) {
  return text ? text->c_str() : "";
}

} // namespace mlc::rt

#endif // MLC_LIB_RUNTIME_PROGRAM_H
