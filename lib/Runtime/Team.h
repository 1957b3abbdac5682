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

/// Tells whether other programs use the CPUs of helpers. Then a loop is faster
/// without help: the half of a CPU is not worth waiting for it.
class CrowdWatch {
public:
  /// At its end a loop waited for its helpers, one of which had lost its CPU.
  void noteLoss(int64_t now, int64_t waited);
  bool isCrowded(int64_t now) const { return now < until; }

private:
  /// When loops were alone the last time, and how long.
  int64_t until = 0, alone = 0;
};

struct TeamOptions {
  int32_t threads;
  const int32_t *cpus;
  size_t numCpus;
  int64_t spinNanoseconds;
  mlc_executor_fn executor;
  void *executorContext;
};

/// Part [begin, end) of a loop, on `thread`.
using PartFn = void (*)(void *context, int32_t thread, int64_t begin,
                        int64_t end);

/// The threads of a session. One of them runs a task; the others help with its
/// loops whenever they come by. Nobody ever waits for a thread that has not
/// begun: whoever is free takes what is left.
class Team {
public:
  ~Team() { stop(); }

  mlc_status configure(const TeamOptions &options, Diag &diag);

  /// Runs task(argument, t) on one thread t: the caller's, or that of an
  /// executor which comes first. Starts the other threads when there are none.
  mlc_status run(mlc_task_fn task, void *argument, Diag &diag);

  /// Runs [0, count) in parts, which may run at the same time and in any order.
  /// For the task of a run, whose thread is `thread`. What the task wrote
  /// before is seen by all parts, and what they wrote by the task afterwards.
  void forEach(int32_t thread, int64_t count, PartFn part, void *context);

  int32_t size() const { return threads; }

  /// The process was forked: the threads are the parent's.
  void restartInChild();

private:
  struct Worker {
    Team *team;
    int32_t index;
    pthread_t thread;
  };

  /// A thread's own parts of the loop: neighbours, and in every loop the same
  /// share of it, so that the thread finds in its caches what it wrote before.
  /// Others take of them only when they have none left.
  struct Share {
    std::atomic<uint32_t> next;
    uint32_t end;
    char padding[56]; // no other share in the cache line
  };

  mlc_status start(Diag &diag);
  void stop();
  void pin(int32_t index);
  static void *workerMain(void *worker);
  static void executorMain(void *team, int32_t index);

  void announce(uint32_t flag);
  void help(int32_t thread);
  bool enter();
  void leave();
  void takeParts(int32_t thread);

  int32_t threads = 1;
  int64_t spin = 0;
  mlc_executor_fn executor = nullptr;
  void *executorContext = nullptr;
  Array<int32_t> cpus;
  Array<Worker> workers;
  bool started = false;

  // Of a run with an executor.
  mlc_task_fn task = nullptr;
  void *argument = nullptr;
  std::atomic<bool> taken{false};

  /// The lowest bit says that no loop will follow; the others count loops.
  WaitWord announced;
  static constexpr uint32_t over = 1;

  /// Whether the loop below is open to helpers, and how many are inside. They
  /// enter while it is open only, and it changes only when it is closed and
  /// nobody is inside: so a helper that comes late finds the loop of that
  /// moment or none.
  alignas(64) std::atomic<uint32_t> state{0};
  static constexpr uint32_t open = 1u << 31;
  /// Counts the closed loops whose last helper has left.
  WaitWord left;

  PartFn part = nullptr;
  void *context = nullptr;
  int64_t count = 0;
  uint32_t numParts = 0;
  Array<Share> shares;
  CrowdWatch crowd;
  /// Whether a helper of the loop was made to leave its CPU.
  std::atomic<bool> interrupted{false};
};

} // namespace mlc::rt

#endif // MLC_LIB_RUNTIME_TEAM_H
