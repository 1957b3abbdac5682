//===- Walk.cpp - One thread's walk of the program ------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Session.h"

#include <time.h>

namespace mlc::rt {

static int64_t now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return int64_t(time.tv_sec) * 1000000000 + time.tv_nsec;
}

mlc_status Walker::configure(mlc_session &newSession, int32_t newThread,
                             Diag &diag) {
  session = &newSession;
  thread = newThread;
  program = &session->module->program;
  if (!registers.resize(program->numRegisters) ||
      !addresses.resize(program->buffers.size()) ||
      !late.resize(program->numLate) || !operands.resize(program->maxBuffers) ||
      !sizes.resize(program->maxSizes))
    return outOfMemory(diag, "a thread of the session");
  return MLC_OK;
}

void Walker::run(int32_t newThreads) {
  threads = newThreads;
  fault = Fault::None;
  if (registers.size())
    memcpy(registers.data(), session->registers.data(),
           registers.size() * sizeof(int64_t));
  if (addresses.size())
    memcpy(addresses.data(), session->addresses.data(),
           addresses.size() * sizeof(void *));
  for (Late &buffer : late)
    buffer = {};
  walk(0, uint32_t(program->steps.size()));
}

bool Walker::stop(uint32_t at, Fault kind, int64_t a, int64_t b, int64_t c) {
  fault = kind;
  faultStep = at;
  details[0] = a;
  details[1] = b;
  details[2] = c;
  return false;
}

bool Walker::walk(uint32_t begin, uint32_t end) {
  for (uint32_t at = begin; at < end;) {
    const StepInfo &step = program->steps[at];
    if (step.kind == fb::Step::IfStep) {
      uint32_t middle = at + 1 + step.a;
      bool taken = value(step.value) != 0;
      if (!(taken ? walk(at + 1, middle) : walk(middle, middle + step.b)))
        return false;
      at = middle + step.b;
    } else if (step.kind == fb::Step::LoopStep) {
      if (!loop(at, step))
        return false;
      at += 1 + step.b;
    } else {
      if (!simple(at, step))
        return false;
      ++at;
    }
  }
  return true;
}

bool Walker::loop(uint32_t at, const StepInfo &step) {
  int64_t &counter = registers[step.a];
  counter = 0;
  for (;;) {
    int64_t trips = value(step.extra);
    if (value(step.value) == 0 || (trips >= 0 && counter >= trips))
      return true;
    if (!walk(at + 1, at + 1 + step.b))
      return false;
    ++counter;
  }
}

bool Walker::simple(uint32_t at, const StepInfo &step) {
  bool touched = true;
  const mlc_session_options &options = session->options;
  if (!options.trace)
    return perform(at, step, touched);
  mlc_trace_event event = {step.name, step.key, at, thread, now(), 0};
  bool fine = perform(at, step, touched);
  event.end_ns = now();
  if (touched)
    options.trace(options.trace_context, &event);
  return fine;
}

bool Walker::perform(uint32_t at, const StepInfo &step, bool &touched) {
  switch (step.kind) {
  case fb::Step::EvalStep:
    return eval(at, step);
  case fb::Step::LoadStep:
    return load(at, step);
  case fb::Step::StoreStep:
    touched = thread == 0;
    return store(at, step);
  case fb::Step::CallStep:
    return call(at, step, touched);
  case fb::Step::CopyStep:
    touched = thread == 0;
    return copy(at, step);
  case fb::Step::BarrierStep:
    return meet();
  case fb::Step::SwapStep:
    return swap(at, step);
  case fb::Step::FailStep:
    return value(step.value) == 0 || stop(at, Fault::Failed);
  case fb::Step::GrowStep:
    return grow(at, step);
  default:
    return true;
  }
}

bool Walker::eval(uint32_t at, const StepInfo &step) {
  switch (evaluate(step.code, step.numInstrs, registers.data())) {
  case Arithmetic::Overflow:
    return stop(at, Fault::Overflow);
  case Arithmetic::DivisionByZero:
    return stop(at, Fault::DivisionByZero);
  case Arithmetic::Fine:
    break;
  }
  return true;
}

char *Walker::element(uint32_t at, const fb::BufferRef &ref,
                      const StepInfo &step) {
  int64_t index = value(step.index), bytes = int64_t(elementSize(step.dtype));
  if (index < 0 || index > INT64_MAX / 16) {
    stop(at, Fault::Element, index);
    return nullptr;
  }
  char *base = resolve(at, ref, (index + 1) * bytes);
  return base ? base + index * bytes : nullptr;
}

bool Walker::load(uint32_t at, const StepInfo &step) {
  char *address = element(at, step.source, step);
  if (!address)
    return false;
  registers[step.a] = loadElement(address, step.dtype);
  return true;
}

bool Walker::store(uint32_t at, const StepInfo &step) {
  char *address = element(at, step.target, step);
  if (!address)
    return false;
  if (thread == 0)
    storeElement(address, step.dtype, value(step.value));
  return true;
}

bool Walker::call(uint32_t at, const StepInfo &step, bool &touched) {
  int64_t grid = value(step.value);
  if (grid < 0)
    return stop(at, Fault::Grid, grid);
  // Threads without a share look at the operands too: a fault must stop all.
  for (uint32_t i = 0; i < step.numBuffers; ++i)
    if (!(operands[i] = resolve(at, step.buffers[i], 0)))
      return false;
  for (uint32_t i = 0; i < step.numSizes; ++i)
    sizes[i] = value(step.sizes[i]);
  int64_t begin = 0, end = thread == 0 ? grid : 0;
  if (threads > 1 && value(step.extra) >= parallelCost) {
    int64_t share = grid / threads, rest = grid % threads;
    begin = thread * share + (thread < rest ? thread : rest);
    end = begin + share + (thread < rest);
  }
  touched = begin < end;
  if (!touched)
    return true;
  int32_t status = MLC_KERNEL_OK;
  session->module->entry(session->level, step.a)(operands.data(), sizes.data(),
                                                 begin, end, &status);
  if (status == MLC_KERNEL_OK)
    return true;
  session->team.fault().report(at, status);
  // Alone, there is no barrier to wait for; otherwise all leave at the next.
  return threads > 1 || stop(at, Fault::Kernel);
}

bool Walker::copy(uint32_t at, const StepInfo &step) {
  int64_t bytes = value(step.value);
  if (bytes < 0)
    return stop(at, Fault::Bytes, bytes);
  char *source = resolve(at, step.source, bytes);
  char *target = source ? resolve(at, step.target, bytes) : nullptr;
  if (!target)
    return false;
  if (thread == 0)
    memmove(target, source, size_t(bytes));
  return true;
}

bool Walker::swap(uint32_t at, const StepInfo &step) {
  const BufferInfo &a = program->buffers[step.a];
  const BufferInfo &b = program->buffers[step.b];
  if (a.late)
    std::swap(late[a.lateIndex].capacity, late[b.lateIndex].capacity);
  else if (value(a.size) != value(b.size))
    return stop(at, Fault::Swap, value(a.size), value(b.size));
  std::swap(addresses[step.a], addresses[step.b]);
  return true;
}

bool Walker::meet() {
  uint64_t seen =
      threads > 1 ? session->team.barrier() : session->team.fault().load();
  if (seen == 0)
    return true;
  return stop(FaultWord::stepOf(seen), Fault::Kernel);
}

bool Walker::grow(uint32_t at, const StepInfo &step) {
  const BufferInfo &buffer = program->buffers[step.a];
  int64_t size = value(buffer.size);
  int64_t before = late[buffer.lateIndex].capacity;
  void *old = addresses[step.a];
  // All threads decide alike, so that all come to the barriers or none.
  if (old && size <= before)
    return true;
  if (!meet() || !ensure(at, step.a, size))
    return false;
  if (thread == 0 && old)
    memcpy(addresses[step.a], old, size_t(before));
  return meet();
}

char *Walker::resolve(uint32_t at, const fb::BufferRef &ref, int64_t bytes) {
  uint32_t index = ref.buffer();
  const BufferInfo &buffer = program->buffers[index];
  int64_t size = value(buffer.size), offset = value(ref.offset());
  if (buffer.late && !ensure(at, index, size))
    return nullptr;
  if (offset < 0 || offset > size || bytes > size - offset) {
    stop(at, Fault::Reference, index, offset, size);
    return nullptr;
  }
  return static_cast<char *>(addresses[index]) + offset;
}

/// Makes a late buffer large enough. The blocks it was before stay until the
/// end of the run, since other threads may still be using them.
bool Walker::ensure(uint32_t at, uint32_t index, int64_t size) {
  Late &mine = late[program->buffers[index].lateIndex];
  if (size < 0)
    return stop(at, Fault::Size, index, size);
  if (addresses[index] && size <= mine.capacity)
    return true;
  int64_t capacity = mine.largest;
  if (capacity > INT64_MAX / 4)
    return stop(at, Fault::NoMemory, index, size);
  capacity = 2 * capacity > size ? 2 * capacity : size;
  if (capacity < arenaAlignment)
    capacity = arenaAlignment;
  void *block = session->heap.block(program->buffers[index].lateIndex,
                                    mine.events++, size_t(capacity));
  if (!block)
    return stop(at, Fault::NoMemory, index, capacity);
  addresses[index] = block;
  mine.capacity = mine.largest = capacity;
  return true;
}

} // namespace mlc::rt
