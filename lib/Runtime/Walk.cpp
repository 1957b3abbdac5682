//===- Walk.cpp - Walks the program ---------------------------------------===//
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

mlc_status Walker::configure(mlc_session &newSession, Diag &diag) {
  session = &newSession;
  program = &session->module->program;
  if (!registers.resize(program->numRegisters) ||
      !addresses.resize(program->buffers.size()) ||
      !late.resize(program->numLate) || !operands.resize(program->maxBuffers) ||
      !sizes.resize(program->maxSizes))
    return outOfMemory(diag, "the session");
  return MLC_OK;
}

void Walker::run(int32_t newThread) {
  thread = newThread;
  fault = Fault::None;
  if (registers.size())
    memcpy(registers.data(), session->registers.data(),
           registers.size() * sizeof(int64_t));
  if (addresses.size())
    memcpy(addresses.data(), session->addresses.data(),
           addresses.size() * sizeof(void *));
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
  const mlc_session_options &options = session->options;
  // A call's parts are traced where they run.
  if (!options.trace || step.kind == fb::Step::CallStep)
    return perform(at, step);
  mlc_trace_event event = {step.name, step.key, at, thread, now(), 0};
  bool fine = perform(at, step);
  event.end_ns = now();
  options.trace(options.trace_context, &event);
  return fine;
}

bool Walker::perform(uint32_t at, const StepInfo &step) {
  switch (step.kind) {
  case fb::Step::EvalStep:
    return eval(at, step);
  case fb::Step::LoadStep:
    return load(at, step);
  case fb::Step::StoreStep:
    return store(at, step);
  case fb::Step::CallStep:
    return call(at, step);
  case fb::Step::CopyStep:
    return copy(at, step);
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
  storeElement(address, step.dtype, value(step.value));
  return true;
}

/// What the threads that share a call need to know of it.
struct Walker::PendingCall {
  const Walker &walker;
  const StepInfo &step;
  uint32_t at;
  mlc_kernel_fn kernel;
  std::atomic<uint32_t> status{MLC_KERNEL_OK};
};

/// Part [begin, end) of a call's grid.
void Walker::runPart(void *context, int32_t thread, int64_t begin,
                     int64_t end) {
  auto &call = *static_cast<PendingCall *>(context);
  const Walker &walker = call.walker;
  const mlc_session_options &options = walker.session->options;
  mlc_trace_event event = {call.step.name,
                           call.step.key,
                           call.at,
                           thread,
                           options.trace ? now() : 0,
                           0};
  int32_t status = MLC_KERNEL_OK;
  call.kernel(walker.operands.data(), walker.sizes.data(), begin, end, &status);
  if (options.trace) {
    event.end_ns = now();
    options.trace(options.trace_context, &event);
  }
  // Of several faults the one with the largest code is kept, so that the report
  // does not depend on timing. Relaxed: the end of the loop orders it.
  uint32_t seen = call.status.load(std::memory_order_relaxed);
  while (uint32_t(status) > seen &&
         !call.status.compare_exchange_weak(seen, uint32_t(status),
                                            std::memory_order_relaxed))
    continue;
}

bool Walker::call(uint32_t at, const StepInfo &step) {
  int64_t grid = value(step.value);
  if (grid < 0)
    return stop(at, Fault::Grid, grid);
  for (uint32_t i = 0; i < step.numBuffers; ++i)
    if (!(operands[i] = resolve(at, step.buffers[i], 0)))
      return false;
  for (uint32_t i = 0; i < step.numSizes; ++i)
    sizes[i] = value(step.sizes[i]);
  if (grid == 0)
    return true;
  PendingCall call{*this, step, at,
                   session->module->entry(session->level, step.a)};
  if (value(step.extra) >= parallelCost)
    session->team.forEach(thread, grid, runPart, &call);
  else
    runPart(&call, thread, 0, grid);
  uint32_t status = call.status.load(std::memory_order_relaxed);
  return status == MLC_KERNEL_OK || stop(at, Fault::Kernel, status);
}

bool Walker::copy(uint32_t at, const StepInfo &step) {
  int64_t bytes = value(step.value);
  if (bytes < 0)
    return stop(at, Fault::Bytes, bytes);
  char *source = resolve(at, step.source, bytes);
  char *target = source ? resolve(at, step.target, bytes) : nullptr;
  if (!target)
    return false;
  memmove(target, source, size_t(bytes));
  return true;
}

bool Walker::swap(uint32_t at, const StepInfo &step) {
  const BufferInfo &a = program->buffers[step.a];
  const BufferInfo &b = program->buffers[step.b];
  if (a.late)
    std::swap(late[a.lateIndex], late[b.lateIndex]);
  else if (value(a.size) != value(b.size))
    return stop(at, Fault::Swap, value(a.size), value(b.size));
  std::swap(addresses[step.a], addresses[step.b]);
  return true;
}

bool Walker::grow(uint32_t at, const StepInfo &step) {
  return growTo(at, step.a, value(program->buffers[step.a].size),
                /*keepsContent=*/true);
}

char *Walker::resolve(uint32_t at, const fb::BufferRef &ref, int64_t bytes) {
  uint32_t index = ref.buffer();
  const BufferInfo &buffer = program->buffers[index];
  int64_t size = value(buffer.size), offset = value(ref.offset());
  if (buffer.late && !growTo(at, index, size, /*keepsContent=*/false))
    return nullptr;
  if (offset < 0 || offset > size || bytes > size - offset) {
    stop(at, Fault::Reference, index, offset, size);
    return nullptr;
  }
  return static_cast<char *>(addresses[index]) + offset;
}

/// Makes a late buffer large enough.
bool Walker::growTo(uint32_t at, uint32_t index, int64_t size,
                    bool keepsContent) {
  Block &block = late[program->buffers[index].lateIndex];
  if (size < 0)
    return stop(at, Fault::Size, index, size);
  if (addresses[index] && uint64_t(size) <= block.capacity)
    return true;
  // Twice as large at least: a loop may append to it.
  size_t capacity = 2 * block.capacity;
  if (capacity < size_t(size))
    capacity = size_t(size);
  if (capacity < arenaAlignment)
    capacity = arenaAlignment;
  if (!keepsContent)
    block.release();
  Block grown;
  if (!grown.reserve(capacity))
    return stop(at, Fault::NoMemory, index, int64_t(capacity));
  if (keepsContent && block.data)
    memcpy(grown.data, block.data, block.capacity);
  block.release();
  block = grown;
  addresses[index] = block.data;
  return true;
}

void *Walker::takeBlock(uint32_t lateIndex) {
  return std::exchange(late[lateIndex], {}).data;
}

void Walker::releaseBlocks() {
  for (Block &block : late)
    block.release();
}

} // namespace mlc::rt
