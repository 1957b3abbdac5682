//===- Team.cpp - The threads of a session --------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Team.h"

#include <climits>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace mlc::rt {

static void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

static int64_t now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return int64_t(time.tv_sec) * 1000000000 + time.tv_nsec;
}

static void futex(std::atomic<uint32_t> *word, int operation, uint32_t value) {
  syscall(SYS_futex, word, operation | FUTEX_PRIVATE_FLAG, value, nullptr,
          nullptr, 0);
}

void WaitWord::storeAndWake(uint32_t value) {
  // Both sequentially consistent: either the sleeper sees the new number, or
  // this sees the sleeper.
  word.store(value);
  if (sleepers.load())
    futex(&word, FUTEX_WAKE, INT_MAX);
}

void WaitWord::waitWhile(uint32_t old, int64_t spinNanoseconds) {
  if (load() != old)
    return;
  if (spinNanoseconds > 0) {
    int64_t end = now() + spinNanoseconds;
    do {
      for (int i = 0; i < 64; ++i) {
        if (load() != old)
          return;
        pause();
      }
    } while (now() < end);
  }
  sleepers.fetch_add(1);
  while (word.load() == old)
    futex(&word, FUTEX_WAIT, old);
  sleepers.fetch_sub(1);
}

void FaultWord::report(uint32_t step, int32_t code) {
  uint64_t mine = uint64_t(step) << 32 | uint32_t(code);
  uint64_t seen = word.load();
  while ((seen == 0 || stepOf(seen) > step) &&
         !word.compare_exchange_weak(seen, mine))
    continue;
}

mlc_status Team::configure(const TeamOptions &options, Diag &diag) {
  threads = options.threads;
  spin = options.spinNanoseconds;
  executor = options.executor;
  executorContext = options.executorContext;
  size_t count = options.cpus ? options.numCpus : 0;
  if (!cpus.resize(count) || !workers.resize(size_t(threads)))
    return outOfMemory(diag, "the threads");
  if (count)
    memcpy(cpus.data(), options.cpus, count * sizeof(int32_t));
  return MLC_OK;
}

void Team::pin(int32_t index) {
  if (!cpus.size())
    return;
  int32_t cpu = cpus[size_t(index) % cpus.size()];
  cpu_set_t set;
  CPU_ZERO(&set);
  if (cpu >= 0 && cpu < CPU_SETSIZE)
    CPU_SET(cpu, &set);
  // A CPU that does not exist leaves the thread where the system puts it.
  pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
}

void *Team::workerMain(void *worker) {
  auto *self = static_cast<Worker *>(worker);
  self->team->pin(self->index);
  self->team->work(self->index);
  return nullptr;
}

void Team::work(int32_t index) {
  for (uint32_t seen = 0;;) {
    jobs.waitWhile(seen, spin);
    // Jobs follow one another only when all workers have finished the last.
    seen = jobs.load();
    if (!task)
      return;
    task(argument, index);
    if (running.fetch_sub(1) == 1)
      finished.storeAndWake(seen);
  }
}

mlc_status Team::start(Diag &diag) {
  for (int32_t i = 1; i < threads; ++i) {
    workers[i] = {this, i, {}};
    if (pthread_create(&workers[i].thread, nullptr, workerMain, &workers[i])) {
      // End those that run already.
      int32_t wanted = threads;
      threads = i;
      started = true;
      stop();
      threads = wanted;
      return diag.error(MLC_ERROR_MEMORY)
             << "the system starts no more than " << i - 1 << " threads, "
             << wanted - 1 << " are wanted";
    }
  }
  started = true;
  return MLC_OK;
}

void Team::stop() {
  if (!started)
    return;
  task = nullptr;
  jobs.storeAndWake(jobs.load() + 1);
  for (int32_t i = 1; i < threads; ++i)
    pthread_join(workers[i].thread, nullptr);
  started = false;
  jobs.reset();
  finished.reset();
}

mlc_status Team::run(mlc_task_fn newTask, void *newArgument, Diag &diag) {
  if (threads == 1) {
    newTask(newArgument, 0);
    return MLC_OK;
  }
  if (executor) {
    executor(executorContext, newTask, newArgument, threads);
    return MLC_OK;
  }
  if (!started)
    if (mlc_status status = start(diag))
      return status;
  task = newTask;
  argument = newArgument;
  running.store(uint32_t(threads) - 1);
  uint32_t job = jobs.load() + 1, before = finished.load();
  jobs.storeAndWake(job);
  newTask(newArgument, 0);
  finished.waitWhile(before, spin);
  return MLC_OK;
}

uint64_t Team::barrier() {
  if (threads == 1)
    return faultWord.load();
  // The phase cannot advance before this thread has arrived.
  uint32_t current = phase.load();
  if (arrived.fetch_add(1, std::memory_order_acq_rel) + 1 ==
      uint32_t(threads)) {
    arrived.store(0, std::memory_order_relaxed);
    released = faultWord.load();
    phase.storeAndWake(current + 1);
  } else {
    phase.waitWhile(current, spin);
  }
  return released;
}

void Team::restartInChild() {
  started = false;
  jobs.reset();
  finished.reset();
  phase.reset();
  arrived.store(0);
  running.store(0);
  faultWord.clear();
}

} // namespace mlc::rt
