//===- Session.cpp - Runs a module ----------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Session.h"
#include "Cpu.h"
#include "Verify.h"

#include <sched.h>
#include <unistd.h>

using namespace mlc::rt;

/// More threads than this are taken for a mistake.
static constexpr int32_t maxThreads = 1024;

/// Where constants without elements lie in a module that has no weights.
alignas(arenaAlignment) static const char noWeights[1] = {};

mlc_session::~mlc_session() {
  if (process.load() != getpid())
    team.restartInChild();
  for (Block &copy : inputCopies)
    copy.release();
  for (Output &result : results)
    result.block.release();
  if (module)
    module->release();
}

mlc_status mlc_session::create(mlc_module *newModule,
                               const mlc_session_options &newOptions,
                               Diag &diag) {
  pthread_mutex_init(&mutex, nullptr);
  process = getpid();
  options = newOptions;
  module = newModule;
  module->retain();
  if (!module->executable())
    return diag.error(MLC_ERROR_USAGE)
           << "the module was inspected only: load it to run it";
  if (options.threads < 0 || options.threads > maxThreads)
    return diag.error(MLC_ERROR_USAGE) << "there are " << options.threads
                                       << " threads, allowed 0.." << maxThreads;
  level = module->level;
  if (options.level && module->pickLevel(options.level, level, diag))
    return diag;
  // A program without a large call gains nothing from threads.
  int32_t threads = options.threads ? options.threads : usableCores();
  if (!module->program.parallel)
    threads = 1;
  int64_t spin = options.spin_microseconds == 0  ? 200
                 : options.spin_microseconds < 0 ? 0
                                                 : options.spin_microseconds;
  if (threads > usableThreads()) {
    // Whoever spins keeps the thread that it waits for from running.
    spin = 0;
    log(MLC_LOG_INFO, "more threads than CPUs: waiting threads sleep at once");
  }
  if (spin > 1000000)
    spin = 1000000;
  if (team.configure({threads, options.cpus, options.num_cpus, spin * 1000,
                      options.executor, options.executor_context},
                     diag))
    return diag;
  options.cpus = nullptr;
  options.level = nullptr;
  return allocate(diag);
}

mlc_status mlc_session::allocate(Diag &diag) {
  const Program &program = module->program;
  uint32_t numSymbols = sizeOf(module->metadata->program()->symbols());
  if (memoryPlan.configure(program, numSymbols, options.arena,
                           options.arena_size, diag))
    return diag;
  size_t numDims = 0, numOutputs = module->outputs.size();
  for (const mlc_tensor_info &info : module->outputs)
    numDims += size_t(info.rank);
  if (!given.resize(module->inputs.size()) ||
      !inputCopies.resize(module->inputs.size()) ||
      !copied.resize(module->inputs.size()) || !results.resize(numOutputs) ||
      !resultDims.resize(numDims) || !resultStrides.resize(numDims) ||
      !registers.resize(program.numRegisters) ||
      !symbolValues.resize(numSymbols) ||
      !addresses.resize(program.buffers.size()))
    return outOfMemory(diag, "the session");
  auto *weights = static_cast<const char *>(module->weights());
  for (uint32_t b = 0; b < program.buffers.size(); ++b) {
    const BufferInfo &buffer = program.buffers[b];
    if (buffer.kind == fb::BufferKind::Output)
      results[buffer.index].buffer = b;
    else if (buffer.kind == fb::BufferKind::Weight)
      // Kernels only read weights; the table of addresses is for both.
      addresses[b] =
          const_cast<char *>(weights ? weights + buffer.offset : noWeights);
  }
  size_t nextDim = 0;
  for (uint32_t i = 0; i < numOutputs; ++i) {
    Output &result = results[i];
    auto *dims = module->metadata->outputs()->Get(i)->dims();
    result.early = !program.buffers[result.buffer].late;
    for (uint32_t d = 0; d < sizeOf(dims); ++d)
      result.early &= !program.isLate(*dims->Get(d));
    result.firstDim = nextDim;
    nextDim += sizeOf(dims);
  }
  return walker.configure(*this, diag);
}

/// In the child of a fork neither the mutex nor the threads can be relied on:
/// whoever held the one and was the other exists in the parent only.
void mlc_session::adoptProcess() {
  int32_t mine = getpid(), seen = process.load();
  if (seen == mine)
    return;
  while (seen != mine) {
    if (seen != -1 && process.compare_exchange_strong(seen, -1)) {
      pthread_mutex_init(&mutex, nullptr);
      team.restartInChild();
      process.store(mine);
      return;
    }
    sched_yield();
    seen = process.load();
  }
}

mlc_status mlc_session::run(const mlc_tensor *inputs, size_t numInputs,
                            mlc_tensor *outputs, size_t numOutputs,
                            Diag &diag) {
  adoptProcess();
  pthread_mutex_lock(&mutex);
  mlc_status status = runLocked(inputs, numInputs, outputs, numOutputs, diag);
  walker.releaseBlocks();
  ranOnce = status == MLC_OK;
  pthread_mutex_unlock(&mutex);
  return status;
}

mlc_status mlc_session::runLocked(const mlc_tensor *inputs, size_t numInputs,
                                  mlc_tensor *outputs, size_t numOutputs,
                                  Diag &diag) {
  if (matchInputs(inputs, numInputs, diag) || bindSymbols(diag) ||
      matchOutputs(outputs, numOutputs, diag) || placeInputs(diag) ||
      placeOutputs(diag) ||
      memoryPlan.place(symbolValues.data(), registers.data(), addresses.data(),
                       diag) ||
      execute(diag) || finishOutputs(diag))
    return diag;
  return MLC_OK;
}

static void walk(void *walker, int32_t thread) {
  static_cast<Walker *>(walker)->run(thread);
}

mlc_status mlc_session::execute(Diag &diag) {
  if (team.run(walk, &walker, diag))
    return diag;
  return walker.fault == Fault::None ? MLC_OK : describeFault(diag);
}

/// What a kernel reports about itself.
static const char *kernelFault(int64_t code) {
  switch (code) {
  case MLC_KERNEL_INDEX_OUT_OF_RANGE:
    return "an index is out of range";
  case MLC_KERNEL_DIVISION_BY_ZERO:
    return "an integer is divided by zero";
  default:
    return "the kernel reports an unknown fault";
  }
}

mlc_status mlc_session::describeFault(Diag &diag) {
  const int64_t *detail = walker.details;
  uint32_t at = walker.faultStep;
  const char *name = module->program.steps[at].name;
  if (walker.fault == Fault::Kernel)
    return diag.error(MLC_ERROR_RUN) << name << ": " << kernelFault(detail[0]);
  if (walker.fault == Fault::Failed)
    return diag.error(MLC_ERROR_RUN) << name;
  if (walker.fault == Fault::NoMemory)
    return diag.error(MLC_ERROR_MEMORY)
           << "out of memory: step " << at << " (" << name << ") needs "
           << detail[1] << " bytes";
  diag.error(MLC_ERROR_RUN) << "step " << at << " (" << name << "): ";
  switch (walker.fault) {
  case Fault::Overflow:
    return diag << "a size or index exceeds 64 bits";
  case Fault::DivisionByZero:
    return diag << "a size or index is divided by zero";
  case Fault::Reference:
    return diag << "offset " << detail[1] << " reaches outside the "
                << detail[2] << " bytes of buffer " << detail[0];
  case Fault::Element:
    return diag << "element " << detail[0] << " does not exist";
  case Fault::Size:
    return diag << "the size of buffer " << detail[0] << " is " << detail[1];
  case Fault::Grid:
    return diag << "the kernel's grid is " << detail[0];
  case Fault::Bytes:
    return diag << detail[0] << " bytes are to be copied";
  default:
    return diag << "two buffers of " << detail[0] << " and " << detail[1]
                << " bytes cannot change places";
  }
}

const int64_t *mlc_session::outputShape(size_t index) const {
  if (!ranOnce || index >= results.size())
    return nullptr;
  // A scalar has no sizes, but an answer.
  static constexpr int64_t none = 0;
  return module->outputs[index].rank
             ? resultDims.data() + results[index].firstDim
             : &none;
}

const char *mlc_session::levelName() const {
  auto *levels = module->metadata->levels();
  return sizeOf(levels) ? levels->Get(level)->name()->c_str() : "";
}

size_t mlc_session::memory() const {
  size_t total = memoryPlan.held();
  for (const Block &copy : inputCopies)
    total += copy.capacity;
  for (const Output &result : results)
    total += result.block.capacity;
  return total;
}
