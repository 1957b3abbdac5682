//===- Team.h - The threads of a session ------------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_RUNTIME_TEAM_H
#define MLC_LIB_RUNTIME_TEAM_H

#include "Support.h"

#include <atomic>
#include <pthread.h>

namespace mlc::rt {

/// A number that threads wait on: they spin for a while, then sleep.
class alignas(64) WaitWord {
public:
  uint32_t load() const { return word.load(std::memory_order_acquire); }
  void storeAndWake(uint32_t value);
  /// Returns when the number is no longer `old`.
  void waitWhile(uint32_t old, int64_t spinNanoseconds);
  /// Forgets who waited; for the child of a fork.
  void reset() {
    word.store(0);
    sleepers.store(0);
  }

private:
  std::atomic<uint32_t> word{0}, sleepers{0};
};

/// What went wrong on some thread: the step and a code, 0 when nothing did.
/// Of several faults that of the earliest step is kept, so that the report does
/// not depend on timing.
class FaultWord {
public:
  void report(uint32_t step, int32_t code);
  uint64_t load() const { return word.load(std::memory_order_acquire); }
  void clear() { word.store(0); }
  static uint32_t stepOf(uint64_t fault) { return uint32_t(fault >> 32); }
  static int32_t codeOf(uint64_t fault) { return int32_t(uint32_t(fault)); }

private:
  std::atomic<uint64_t> word{0};
};

struct TeamOptions {
  int32_t threads;
  const int32_t *cpus;
  size_t numCpus;
  int64_t spinNanoseconds;
  mlc_executor_fn executor;
  void *executorContext;
};

/// A persistent team. Thread 0 is whoever calls run.
class Team {
public:
  ~Team() { stop(); }

  mlc_status configure(const TeamOptions &options, Diag &diag);

  /// Runs task(argument, t) on every thread t; returns when all have ended.
  /// Starts the threads when there are none.
  mlc_status run(mlc_task_fn task, void *argument, Diag &diag);

  /// All threads of a run meet. Returns the run's fault as it was when the last
  /// thread came, so that all see the same.
  uint64_t barrier();

  int32_t size() const { return threads; }
  FaultWord &fault() { return faultWord; }

  /// The process was forked: the threads are the parent's.
  void restartInChild();

private:
  struct Worker {
    Team *team;
    int32_t index;
    pthread_t thread;
  };

  mlc_status start(Diag &diag);
  void stop();
  void work(int32_t index);
  void pin(int32_t index);
  static void *workerMain(void *worker);

  int32_t threads = 1;
  int64_t spin = 0;
  mlc_executor_fn executor = nullptr;
  void *executorContext = nullptr;
  Array<int32_t> cpus;
  Array<Worker> workers;
  bool started = false;

  // The job that `jobs` announces; a null task ends the workers.
  mlc_task_fn task = nullptr;
  void *argument = nullptr;
  WaitWord jobs;
  WaitWord finished;
  alignas(64) std::atomic<uint32_t> running{0};

  WaitWord phase;
  alignas(64) std::atomic<uint32_t> arrived{0};
  uint64_t released = 0;
  FaultWord faultWord;
};

} // namespace mlc::rt

#endif // MLC_LIB_RUNTIME_TEAM_H
