//===- Program.cpp - The step program, decoded ----------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Program.h"

namespace mlc::rt {

/// What traces and errors call a step that has no name of its own.
static const char *nameOf(fb::Step kind) {
  static constexpr const char *names[] = {"",     "eval", "load", "store",
                                          "call", "copy", "if",   "loop",
                                          "swap", "fail", "grow"};
  static_assert(sizeof(names) / sizeof(names[0]) == size_t(fb::Step::MAX) + 1);
  return names[size_t(kind)];
}

static void decodeCall(const fb::Metadata &metadata, const fb::CallStep &call,
                       Program &program, StepInfo &step) {
  const fb::Kernel *kernel = metadata.kernels()->Get(call.kernel());
  step.a = call.kernel();
  step.name = call.name() ? call.name()->c_str() : kernel->name()->c_str();
  step.key = kernel->key()->c_str();
  if (call.grid())
    step.value = *call.grid();
  if (call.cost())
    step.extra = *call.cost();
  else
    step.extra = fb::Value(0, -1);
  if (call.buffers()) {
    step.numBuffers = call.buffers()->size();
    step.buffers =
        reinterpret_cast<const fb::BufferRef *>(call.buffers()->Data());
  }
  if (call.sizes()) {
    step.numSizes = call.sizes()->size();
    step.sizes = reinterpret_cast<const fb::Value *>(call.sizes()->Data());
  }
  if (step.numBuffers > program.maxBuffers)
    program.maxBuffers = step.numBuffers;
  if (step.numSizes > program.maxSizes)
    program.maxSizes = step.numSizes;
  // Without a cost a call is taken for a cheap one.
  if (step.extra.reg() >= 0 || step.extra.literal() >= parallelCost)
    program.parallel = true;
}

template <typename T> static const T &as(const void *table) {
  return *static_cast<const T *>(table);
}

/// Steps that touch or move buffers.
static void decodeBufferStep(fb::Step kind, const void *table, StepInfo &step) {
  if (kind == fb::Step::LoadStep) {
    auto &load = as<fb::LoadStep>(table);
    step.a = load.dst();
    step.dtype = load.dtype();
    step.source = *load.source();
    step.index = *load.index();
  } else if (kind == fb::Step::StoreStep) {
    auto &store = as<fb::StoreStep>(table);
    step.value = *store.value();
    step.dtype = store.dtype();
    step.target = *store.target();
    step.index = *store.index();
  } else if (kind == fb::Step::CopyStep) {
    auto &copy = as<fb::CopyStep>(table);
    step.source = *copy.source();
    step.target = *copy.target();
    step.value = *copy.bytes();
  } else if (kind == fb::Step::SwapStep) {
    step.a = as<fb::SwapStep>(table).a();
    step.b = as<fb::SwapStep>(table).b();
  } else if (kind == fb::Step::GrowStep) {
    step.a = as<fb::GrowStep>(table).buffer();
  }
}

static void decodeStep(const fb::Metadata &metadata, fb::Step kind,
                       const void *table, Program &program, StepInfo &step) {
  step.kind = kind;
  step.name = nameOf(kind);
  step.key = "";
  if (kind == fb::Step::EvalStep) {
    auto &code = *as<fb::EvalStep>(table).code();
    step.code = reinterpret_cast<const fb::Instr *>(code.Data());
    step.numInstrs = code.size();
  } else if (kind == fb::Step::CallStep) {
    decodeCall(metadata, as<fb::CallStep>(table), program, step);
  } else if (kind == fb::Step::IfStep) {
    auto &branch = as<fb::IfStep>(table);
    step.value = *branch.condition();
    step.a = branch.then_steps();
    step.b = branch.else_steps();
  } else if (kind == fb::Step::LoopStep) {
    auto &loop = as<fb::LoopStep>(table);
    step.a = loop.counter();
    step.b = loop.body_steps();
    step.value = *loop.condition();
    step.extra = *loop.trip_count();
  } else if (kind == fb::Step::FailStep) {
    step.value = *as<fb::FailStep>(table).condition();
    step.name = as<fb::FailStep>(table).message()->c_str();
  } else {
    decodeBufferStep(kind, table, step);
  }
}

static void decodeBuffers(const fb::Program &source, Program &program) {
  for (size_t i = 0; i < program.buffers.size(); ++i) {
    const fb::Buffer *from = source.buffers()->Get(i);
    BufferInfo &to = program.buffers[i];
    to.kind = from->kind();
    to.size = *from->size();
    to.late = program.isLate(to.size);
    to.lateIndex = to.late ? program.numLate++ : 0;
    to.offset = from->offset();
    to.index = from->index();
    to.firstStep = from->first_step();
    to.lastStep = from->last_step();
  }
}

mlc_status decodeProgram(const fb::Metadata &metadata, Program &program,
                         Diag &diag) {
  const fb::Program &source = *metadata.program();
  uint32_t numSteps = source.steps() ? source.steps()->size() : 0;
  uint32_t numBuffers = source.buffers() ? source.buffers()->size() : 0;
  program.numRegisters = source.registers();
  program.arenaSize = source.arena_size();
  if (!program.steps.resize(numSteps) || !program.buffers.resize(numBuffers) ||
      !program.written.resize(program.numRegisters))
    return outOfMemory(diag, "the program");
  for (uint32_t i = 0; i < numSteps; ++i) {
    auto kind = source.steps_type()->GetEnum<fb::Step>(i);
    const void *table = source.steps()->Get(i);
    decodeStep(metadata, kind, table, program, program.steps[i]);
    forEachWritten(kind, table,
                   [&](uint32_t reg) { program.written[reg] = true; });
  }
  decodeBuffers(source, program);
  return MLC_OK;
}

size_t elementSize(fb::DType dtype) { return mlc_dtype_size(mlc_dtype(dtype)); }

template <typename T> static T readAs(const void *address) {
  T value;
  memcpy(&value, address, sizeof(T));
  return value;
}

int64_t loadElement(const void *address, fb::DType dtype) {
  switch (dtype) {
  case fb::DType::I8:
    return readAs<int8_t>(address);
  case fb::DType::I16:
    return readAs<int16_t>(address);
  case fb::DType::I32:
    return readAs<int32_t>(address);
  case fb::DType::U16:
    return readAs<uint16_t>(address);
  case fb::DType::U32:
    return readAs<uint32_t>(address);
  case fb::DType::I64:
  case fb::DType::U64:
    return readAs<int64_t>(address);
  case fb::DType::I1:
    return readAs<uint8_t>(address) != 0;
  default:
    return readAs<uint8_t>(address);
  }
}

void storeElement(void *address, fb::DType dtype, int64_t value) {
  if (dtype == fb::DType::I1)
    value = value != 0;
  // Little-endian: the low bytes come first.
  memcpy(address, &value, elementSize(dtype));
}

/// Quotient and remainder of C, for divisors whose quotient fits.
static Arithmetic divide(fb::Opcode op, int64_t a, int64_t b, int64_t &result) {
  if (b == 0)
    return Arithmetic::DivisionByZero;
  bool wantsRest = op == fb::Opcode::Mod || op == fb::Opcode::TruncMod;
  if (b == -1) {
    result = 0;
    if (!wantsRest && __builtin_sub_overflow(int64_t(0), a, &result))
      return Arithmetic::Overflow;
    return Arithmetic::Fine;
  }
  int64_t quotient = a / b, rest = a % b;
  bool signsDiffer = (rest < 0) != (b < 0);
  if (op == fb::Opcode::FloorDiv)
    result = quotient - (rest != 0 && signsDiffer);
  else if (op == fb::Opcode::CeilDiv)
    result = quotient + (rest != 0 && !signsDiffer);
  else if (op == fb::Opcode::Mod)
    result = rest != 0 && signsDiffer ? rest + b : rest;
  else
    result = wantsRest ? rest : quotient;
  return Arithmetic::Fine;
}

/// Instructions that cannot fault.
static int64_t compute(const fb::Instr &instr, const int64_t *r) {
  int64_t a = r[instr.a()], b = r[instr.b()];
  switch (instr.op()) {
  case fb::Opcode::Const:
    return instr.imm();
  case fb::Opcode::Min:
    return a < b ? a : b;
  case fb::Opcode::Max:
    return a > b ? a : b;
  case fb::Opcode::And:
    return a & b;
  case fb::Opcode::Or:
    return a | b;
  case fb::Opcode::Xor:
    return a ^ b;
  case fb::Opcode::Eq:
    return a == b;
  case fb::Opcode::Ne:
    return a != b;
  case fb::Opcode::Lt:
    return a < b;
  case fb::Opcode::Le:
    return a <= b;
  case fb::Opcode::Select:
    return a != 0 ? b : r[instr.c()];
  default:
    return a;
  }
}

static Arithmetic evaluateOne(const fb::Instr &instr, int64_t *r) {
  int64_t a = r[instr.a()], b = r[instr.b()];
  int64_t &dst = r[instr.dst()];
  bool overflow = false;
  switch (instr.op()) {
  case fb::Opcode::Add:
    overflow = __builtin_add_overflow(a, b, &dst);
    break;
  case fb::Opcode::Sub:
    overflow = __builtin_sub_overflow(a, b, &dst);
    break;
  case fb::Opcode::Mul:
    overflow = __builtin_mul_overflow(a, b, &dst);
    break;
  case fb::Opcode::FloorDiv:
  case fb::Opcode::CeilDiv:
  case fb::Opcode::Mod:
  case fb::Opcode::TruncDiv:
  case fb::Opcode::TruncMod:
    return divide(instr.op(), a, b, dst);
  default:
    dst = compute(instr, r);
  }
  return overflow ? Arithmetic::Overflow : Arithmetic::Fine;
}

Arithmetic evaluate(const fb::Instr *code, uint32_t count, int64_t *registers) {
  for (uint32_t i = 0; i < count; ++i)
    if (Arithmetic fault = evaluateOne(code[i], registers);
        fault != Arithmetic::Fine)
      return fault;
  return Arithmetic::Fine;
}

} // namespace mlc::rt
