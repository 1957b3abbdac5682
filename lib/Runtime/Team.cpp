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
#include <sys/resource.h>
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
  int64_t begin = spinNanoseconds > 0 ? now() : 0;
  while (spinNanoseconds > 0 && now() - begin < spinNanoseconds)
    for (int i = 0; i < 32; ++i) {
      if (load() != old)
        return;
      pause();
    }
  sleepers.fetch_add(1);
  while (word.load() == old)
    futex(&word, FUTEX_WAIT, old);
  sleepers.fetch_sub(1);
}

/// Shorter waits for a thread without a CPU are not worth acting on.
static constexpr int64_t lossNanoseconds = 500000;

/// Loops stay alone for so many times the time that was lost: what is lost by
/// asking again and again is a small part of the whole.
static constexpr int64_t aloneFactor = 8;
static constexpr int64_t longestAlone = 100000000;

void CrowdWatch::noteLoss(int64_t now, int64_t waited) {
  if (waited < lossNanoseconds)
    return;
  // Lost again as soon as it was tried: next time later.
  bool isRepeated = now - until < alone;
  alone = isRepeated ? 2 * alone : aloneFactor * waited;
  if (alone > longestAlone)
    alone = longestAlone;
  until = now + alone;
}

/// Parts of a loop per thread: as many as keep a thread from waiting long for
/// the last part of another, as few as let each be worth taking.
static constexpr int32_t partsPerThread = 4;

/// Where part `index` of `parts` starts in [0, count).
static int64_t split(int64_t count, int64_t index, int64_t parts) {
  int64_t rest = count % parts;
  return count / parts * index + (index < rest ? index : rest);
}

mlc_status Team::configure(const TeamOptions &options, Diag &diag) {
  threads = options.threads;
  spin = options.spinNanoseconds;
  executor = options.executor;
  executorContext = options.executorContext;
  size_t count = options.cpus ? options.numCpus : 0;
  if (!cpus.resize(count) || !workers.resize(size_t(threads)) ||
      !shares.resize(size_t(threads)))
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
  self->team->help(self->index);
  return nullptr;
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
  announce(over);
  for (int32_t i = 1; i < threads; ++i)
    pthread_join(workers[i].thread, nullptr);
  started = false;
  announced.reset();
}

/// An executor may start its tasks one after another and in any order: whoever
/// comes first runs the task, and who comes when it has ended goes again.
void Team::executorMain(void *team, int32_t index) {
  auto *self = static_cast<Team *>(team);
  if (self->taken.exchange(true))
    return self->help(index);
  self->task(self->argument, index);
  self->announce(over);
}

mlc_status Team::run(mlc_task_fn newTask, void *newArgument, Diag &diag) {
  if (threads > 1 && executor) {
    task = newTask;
    argument = newArgument;
    taken.store(false);
    announce(0);
    executor(executorContext, executorMain, this, threads);
    return MLC_OK;
  }
  if (threads > 1 && !started)
    if (mlc_status status = start(diag))
      return status;
  newTask(newArgument, 0);
  return MLC_OK;
}

/// Wakes all who help.
void Team::announce(uint32_t flag) {
  announced.storeAndWake(((announced.load() | over) + 1) | flag);
}

/// How often the system took this thread off its CPU.
static int64_t interruptions() {
  rusage usage = {};
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nivcsw;
}

void Team::help(int32_t thread) {
  int64_t known = interruptions();
  for (;;) {
    uint32_t seen = announced.load();
    if (seen & over)
      return;
    if (enter()) {
      int64_t begin = now();
      takeParts(thread);
      // The system is asked only when it can matter.
      if (now() - begin >= lossNanoseconds)
        if (int64_t count = interruptions(); count != known) {
          known = count;
          interrupted.store(true, std::memory_order_relaxed);
        }
      leave();
    }
    announced.waitWhile(seen, spin);
  }
}

bool Team::enter() {
  uint32_t seen = state.load(std::memory_order_relaxed);
  while (seen & open)
    // Acquires what forEach wrote before it opened the loop.
    if (state.compare_exchange_weak(seen, seen + 1, std::memory_order_acquire,
                                    std::memory_order_relaxed))
      return true;
  return false;
}

void Team::leave() {
  // Releases what this thread's parts wrote, and acquires what those wrote who
  // left before, since the last to leave speaks for all.
  if (state.fetch_sub(1, std::memory_order_acq_rel) == 1)
    left.storeAndWake(left.load() + 1);
}

void Team::takeParts(int32_t thread) {
  for (int32_t i = 0; i < threads; ++i) {
    Share &share = shares[size_t(thread + i) % size_t(threads)];
    // Relaxed: that a part is taken once is all that the counter decides.
    while (share.next.load(std::memory_order_relaxed) < share.end) {
      uint32_t index = share.next.fetch_add(1, std::memory_order_relaxed);
      if (index >= share.end)
        break;
      part(context, thread, split(count, index, numParts),
           split(count, index + 1, numParts));
    }
  }
}

void Team::forEach(int32_t thread, int64_t newCount, PartFn newPart,
                   void *newContext) {
  if (threads == 1 || newCount < 2 || crowd.isCrowded(now()))
    return newPart(newContext, thread, 0, newCount);
  part = newPart;
  context = newContext;
  count = newCount;
  int64_t most = int64_t(threads) * partsPerThread;
  numParts = uint32_t(count < most ? count : most);
  for (int32_t i = 0; i < threads; ++i) {
    // Ordered by the store to `state`.
    shares[size_t(i)].next.store(uint32_t(split(numParts, i, threads)),
                                 std::memory_order_relaxed);
    shares[size_t(i)].end = uint32_t(split(numParts, i + 1, threads));
  }
  uint32_t before = left.load();
  interrupted.store(false, std::memory_order_relaxed);
  state.store(open, std::memory_order_release);
  announce(0);
  takeParts(thread);
  // Nothing is left to take: those inside finish what they have, others stay
  // away. Acquires what the parts of those wrote who are gone already.
  if (state.fetch_and(~open, std::memory_order_acq_rel) == open)
    return;
  int64_t begin = now();
  left.waitWhile(before, spin);
  if (interrupted.load(std::memory_order_relaxed)) {
    int64_t end = now();
    crowd.noteLoss(end, end - begin);
  }
}

void Team::restartInChild() {
  started = false;
  announced.reset();
  left.reset();
  state.store(0);
}

} // namespace mlc::rt
