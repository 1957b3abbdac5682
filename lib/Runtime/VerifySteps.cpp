//===- VerifySteps.cpp - Checks buffers and steps -------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Verify.h"

#include "mlc/Runtime/ArenaPlan.h"

namespace mlc::rt {

namespace {

class StepChecker {
public:
  StepChecker(const fb::Metadata &metadata, Diag &diag)
      : metadata(metadata), program(*metadata.program()), diag(diag),
        numSteps(sizeOf(program.steps())),
        numBuffers(sizeOf(program.buffers())) {}

  mlc_status run();

private:
  Diag &bad(const char *what, uint32_t index) {
    return diag.error(MLC_ERROR_LOAD)
           << "damaged program: " << what << " " << index << ": ";
  }
  mlc_status collectWritten();
  mlc_status checkBuffer(uint32_t index, const fb::Buffer &buffer);
  mlc_status checkPlace(uint32_t index, const fb::Buffer &buffer);
  mlc_status checkOutputs();
  mlc_status checkRange(uint32_t begin, uint32_t end, uint32_t depth);
  mlc_status checkNested(uint32_t step, uint32_t end, uint32_t depth,
                         uint32_t &next);
  mlc_status checkSimple(uint32_t step);
  mlc_status checkCode(uint32_t step, const fb::EvalStep &eval);
  mlc_status checkElement(uint32_t step, const fb::BufferRef *ref,
                          fb::DType dtype, const fb::Value *index);
  mlc_status checkCall(uint32_t step, const fb::CallStep &call);
  mlc_status checkCopy(uint32_t step, const fb::CopyStep &copy);
  mlc_status checkSwap(uint32_t step, const fb::SwapStep &swap);
  mlc_status checkGrow(uint32_t step, const fb::GrowStep &grow);
  mlc_status checkRef(uint32_t step, const fb::BufferRef *ref, int64_t bytes);
  mlc_status checkTarget(uint32_t step, const fb::BufferRef &ref);
  mlc_status checkUse(uint32_t step, uint32_t buffer);
  bool present(const fb::Value *value) const {
    return value && validValue(*value, program.registers());
  }
  bool late(const fb::Value &value) const {
    return value.reg() >= 0 && written[value.reg()];
  }
  template <typename T> const T &table(uint32_t step) const {
    return *static_cast<const T *>(
        static_cast<const void *>(program.steps()->Get(step)));
  }
  fb::Step kindOf(uint32_t step) const {
    return program.steps_type()->GetEnum<fb::Step>(step);
  }

  const fb::Metadata &metadata;
  const fb::Program &program;
  Diag &diag;
  uint32_t numSteps, numBuffers;
  Array<bool> written;
  Array<uint8_t> outputSeen, inputSeen;
};

mlc_status StepChecker::run() {
  if (program.arena_size() < -1 ||
      (program.arena_size() >= 0 && program.arena_size() > INT64_MAX / 2))
    return diag.error(MLC_ERROR_LOAD)
           << "damaged program: the arena's size is " << program.arena_size();
  if (sizeOf(program.steps_type()) != numSteps)
    return diag.error(MLC_ERROR_LOAD)
           << "damaged program: steps and their kinds differ in number";
  if (!written.resize(program.registers()) ||
      !outputSeen.resize(sizeOf(metadata.outputs())) ||
      !inputSeen.resize(sizeOf(metadata.inputs())))
    return outOfMemory(diag, "checking the program");
  if (collectWritten())
    return diag;
  for (uint32_t i = 0; i < numBuffers; ++i)
    if (checkBuffer(i, *program.buffers()->Get(i)))
      return diag;
  if (checkOutputs() || checkRange(0, numSteps, 0))
    return diag;
  return MLC_OK;
}

/// Collects the registers that steps write, so also checks that they exist.
mlc_status StepChecker::collectWritten() {
  for (uint32_t i = 0; i < numSteps; ++i) {
    if (kindOf(i) > fb::Step::MAX || kindOf(i) == fb::Step::NONE ||
        !program.steps()->Get(i))
      return bad("step", i) << "unknown kind " << uint32_t(kindOf(i));
    if (kindOf(i) == fb::Step::EvalStep &&
        !isAligned(table<fb::EvalStep>(i).code()))
      return bad("step", i) << "misaligned instructions";
    bool valid = true;
    forEachWritten(kindOf(i), program.steps()->Get(i), [&](uint32_t reg) {
      if (reg < program.registers())
        written[reg] = true;
      else
        valid = false;
    });
    if (!valid)
      return bad("step", i) << "it writes a register that does not exist";
  }
  for (uint32_t i = 0; i < sizeOf(program.symbols()); ++i)
    if (written[program.symbols()->Get(i)->reg()])
      return bad("symbol", i) << "a step writes its register";
  return MLC_OK;
}

mlc_status StepChecker::checkBuffer(uint32_t index, const fb::Buffer &buffer) {
  if (buffer.kind() > fb::BufferKind::MAX)
    return bad("buffer", index) << "unknown kind " << uint32_t(buffer.kind());
  if (!buffer.size() || !validValue(*buffer.size(), program.registers(), 0))
    return bad("buffer", index) << "its size is negative or no register";
  if (buffer.kind() == fb::BufferKind::Input) {
    if (buffer.index() >= sizeOf(metadata.inputs()) ||
        inputSeen[buffer.index()]++)
      return bad("buffer", index) << "no input of its own";
    if (late(*buffer.size()))
      return bad("buffer", index) << "a step changes the size of an input";
    return MLC_OK;
  }
  if (buffer.kind() == fb::BufferKind::Output) {
    if (buffer.index() >= sizeOf(metadata.outputs()) ||
        outputSeen[buffer.index()]++)
      return bad("buffer", index) << "no output of its own";
    return MLC_OK;
  }
  return checkPlace(index, buffer);
}

/// Arena and weight buffers: offsets and sizes in range.
mlc_status StepChecker::checkPlace(uint32_t index, const fb::Buffer &buffer) {
  bool weight = buffer.kind() == fb::BufferKind::Weight;
  const fb::Value &size = *buffer.size();
  if (weight && size.reg() >= 0)
    return bad("buffer", index) << "a weight's size must be a literal";
  if (!weight && (buffer.first_step() > buffer.last_step() ||
                  (numSteps > 0 && buffer.last_step() >= numSteps)))
    return bad("buffer", index)
           << "it lives in steps " << buffer.first_step() << ".."
           << buffer.last_step() << " of " << numSteps;
  if (!weight && (program.arena_size() < 0 || late(size)))
    return MLC_OK;
  uint64_t limit =
      weight ? metadata.weights_size() : uint64_t(program.arena_size());
  int64_t bytes = size.reg() < 0 ? size.literal() : 0;
  if (buffer.offset() < 0 || uint64_t(buffer.offset()) > limit ||
      uint64_t(bytes) > limit - uint64_t(buffer.offset()))
    return bad("buffer", index)
           << bytes << " bytes at " << buffer.offset() << " of "
           << (weight ? "the weights' " : "the arena's ") << limit;
  if (!weight && buffer.offset() % arenaAlignment)
    return bad("buffer", index) << "its offset " << buffer.offset()
                                << " is no multiple of " << arenaAlignment;
  return MLC_OK;
}

mlc_status StepChecker::checkOutputs() {
  for (uint32_t i = 0; i < outputSeen.size(); ++i)
    if (!outputSeen[i])
      return bad("output", i) << "it has no buffer";
  return MLC_OK;
}

mlc_status StepChecker::checkUse(uint32_t step, uint32_t index) {
  if (index >= numBuffers)
    return bad("step", step) << "there is no buffer " << index;
  const fb::Buffer &buffer = *program.buffers()->Get(index);
  if (buffer.kind() == fb::BufferKind::Arena &&
      (step < buffer.first_step() || step > buffer.last_step()))
    return bad("step", step)
           << "it uses buffer " << index << ", which lives in steps "
           << buffer.first_step() << ".." << buffer.last_step();
  return MLC_OK;
}

/// `bytes` is what the step touches from the reference on, -1 when that is
/// not known yet.
mlc_status StepChecker::checkRef(uint32_t step, const fb::BufferRef *ref,
                                 int64_t bytes) {
  if (!ref)
    return bad("step", step) << "a buffer is missing";
  if (checkUse(step, ref->buffer()))
    return diag;
  if (!validValue(ref->offset(), program.registers(), 0))
    return bad("step", step) << "an offset is negative or no register";
  const fb::Value &size = *program.buffers()->Get(ref->buffer())->size();
  if (ref->offset().reg() >= 0 || size.reg() >= 0)
    return MLC_OK;
  int64_t offset = ref->offset().literal();
  if (offset > size.literal() ||
      (bytes >= 0 && bytes > size.literal() - offset))
    return bad("step", step) << "it reaches beyond the " << size.literal()
                             << " bytes of buffer " << ref->buffer();
  return MLC_OK;
}

mlc_status StepChecker::checkTarget(uint32_t step, const fb::BufferRef &ref) {
  auto kind = program.buffers()->Get(ref.buffer())->kind();
  if (kind == fb::BufferKind::Weight || kind == fb::BufferKind::Input)
    return bad("step", step) << "it writes a weight or an input";
  return MLC_OK;
}

mlc_status StepChecker::checkCode(uint32_t step, const fb::EvalStep &eval) {
  uint32_t n = program.registers();
  for (const fb::Instr *instr : *eval.code())
    if (instr->op() > fb::Opcode::MAX || instr->a() >= n || instr->b() >= n ||
        instr->c() >= n)
      return bad("step", step) << "an instruction is invalid";
  return MLC_OK;
}

mlc_status StepChecker::checkElement(uint32_t step, const fb::BufferRef *ref,
                                     fb::DType dtype, const fb::Value *index) {
  if (dtype > fb::DType::U64)
    return bad("step", step) << "elements must be integers or i1";
  if (!present(index))
    return bad("step", step) << "the element's index is missing or invalid";
  int64_t bytes = -1;
  if (index->reg() < 0) {
    int64_t element = int64_t(elementSize(dtype));
    if (index->literal() < 0 || index->literal() > INT64_MAX / 16)
      return bad("step", step)
             << "element " << index->literal() << " does not exist";
    bytes = (index->literal() + 1) * element;
  }
  return checkRef(step, ref, bytes);
}

mlc_status StepChecker::checkCall(uint32_t step, const fb::CallStep &call) {
  if (call.kernel() >= sizeOf(metadata.kernels()))
    return bad("step", step) << "there is no kernel " << call.kernel();
  if (!present(call.grid()) || (call.cost() && !present(call.cost())))
    return bad("step", step) << "its grid or cost is missing or invalid";
  if (call.grid()->reg() < 0 && call.grid()->literal() < 0)
    return bad("step", step) << "its grid is negative";
  if (!isAligned(call.buffers()) || !isAligned(call.sizes()))
    return bad("step", step) << "misaligned operands";
  for (uint32_t i = 0; i < sizeOf(call.buffers()); ++i)
    if (checkRef(step, call.buffers()->Get(i), -1))
      return diag;
  for (uint32_t i = 0; i < sizeOf(call.sizes()); ++i)
    if (!present(call.sizes()->Get(i)))
      return bad("step", step) << "size " << i << " is invalid";
  return MLC_OK;
}

mlc_status StepChecker::checkCopy(uint32_t step, const fb::CopyStep &copy) {
  if (!copy.bytes() || !validValue(*copy.bytes(), program.registers(), 0))
    return bad("step", step) << "the number of bytes is missing or invalid";
  int64_t bytes = copy.bytes()->reg() < 0 ? copy.bytes()->literal() : -1;
  if (checkRef(step, copy.source(), bytes) ||
      checkRef(step, copy.target(), bytes) || checkTarget(step, *copy.target()))
    return diag;
  return MLC_OK;
}

mlc_status StepChecker::checkSwap(uint32_t step, const fb::SwapStep &swap) {
  if (checkUse(step, swap.a()) || checkUse(step, swap.b()))
    return diag;
  const fb::Buffer &a = *program.buffers()->Get(swap.a());
  const fb::Buffer &b = *program.buffers()->Get(swap.b());
  const fb::Value &left = *a.size(), &right = *b.size();
  bool literals = left.reg() < 0 && right.reg() < 0;
  if (a.kind() != fb::BufferKind::Arena || b.kind() != a.kind() ||
      late(left) != late(right) ||
      (literals && left.literal() != right.literal()))
    return bad("step", step) << "buffers " << swap.a() << " and " << swap.b()
                             << " cannot change places";
  return MLC_OK;
}

mlc_status StepChecker::checkGrow(uint32_t step, const fb::GrowStep &grow) {
  if (checkUse(step, grow.buffer()))
    return diag;
  if (!late(*program.buffers()->Get(grow.buffer())->size()))
    return bad("step", step)
           << "buffer " << grow.buffer() << " does not change its size";
  return MLC_OK;
}

mlc_status StepChecker::checkSimple(uint32_t step) {
  switch (kindOf(step)) {
  case fb::Step::EvalStep:
    return checkCode(step, table<fb::EvalStep>(step));
  case fb::Step::LoadStep: {
    auto &load = table<fb::LoadStep>(step);
    return checkElement(step, load.source(), load.dtype(), load.index());
  }
  case fb::Step::StoreStep: {
    auto &store = table<fb::StoreStep>(step);
    if (!present(store.value()))
      return bad("step", step) << "its value is missing or invalid";
    if (checkElement(step, store.target(), store.dtype(), store.index()))
      return diag;
    return checkTarget(step, *store.target());
  }
  case fb::Step::CallStep:
    return checkCall(step, table<fb::CallStep>(step));
  case fb::Step::CopyStep:
    return checkCopy(step, table<fb::CopyStep>(step));
  case fb::Step::SwapStep:
    return checkSwap(step, table<fb::SwapStep>(step));
  case fb::Step::GrowStep:
    return checkGrow(step, table<fb::GrowStep>(step));
  case fb::Step::FailStep:
    if (!present(table<fb::FailStep>(step).condition()))
      return bad("step", step) << "its condition is missing or invalid";
    return MLC_OK;
  default:
    return MLC_OK;
  }
}

mlc_status StepChecker::checkNested(uint32_t step, uint32_t end, uint32_t depth,
                                    uint32_t &next) {
  uint64_t first = 0, second = 0;
  bool valid = true;
  if (kindOf(step) == fb::Step::IfStep) {
    auto &branch = table<fb::IfStep>(step);
    first = branch.then_steps();
    second = branch.else_steps();
    valid = present(branch.condition());
  } else {
    auto &loop = table<fb::LoopStep>(step);
    first = loop.body_steps();
    valid = present(loop.condition()) && present(loop.trip_count());
    if (valid && loop.condition()->reg() < 0 && loop.condition()->literal() &&
        loop.trip_count()->reg() < 0 && loop.trip_count()->literal() < 0)
      return bad("step", step) << "the loop has no end";
  }
  if (!valid)
    return bad("step", step) << "a condition or count is missing or invalid";
  if (first + second > uint64_t(end) - step - 1)
    return bad("step", step) << "its body of " << first + second
                             << " steps ends outside the steps around it";
  if (depth >= maxNesting)
    return bad("step", step) << "nested deeper than " << maxNesting;
  uint32_t middle = step + 1 + uint32_t(first);
  next = middle + uint32_t(second);
  if (checkRange(step + 1, middle, depth + 1) ||
      checkRange(middle, next, depth + 1))
    return diag;
  return MLC_OK;
}

mlc_status StepChecker::checkRange(uint32_t begin, uint32_t end,
                                   uint32_t depth) {
  for (uint32_t step = begin; step < end;) {
    fb::Step kind = kindOf(step);
    uint32_t next = step + 1;
    bool nested = kind == fb::Step::IfStep || kind == fb::Step::LoopStep;
    if (nested ? checkNested(step, end, depth, next) : checkSimple(step))
      return diag;
    step = next;
  }
  return MLC_OK;
}

} // namespace

mlc_status verifyProgram(const fb::Metadata &metadata, Diag &diag) {
  return StepChecker(metadata, diag).run();
}

} // namespace mlc::rt
