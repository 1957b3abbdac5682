//===- TeamTest.cpp - Loops that threads share ----------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Team.h"

#include <functional>
#include <gtest/gtest.h>
#include <numeric>
#include <thread>
#include <vector>

using namespace mlc::rt;

namespace {

using Task = std::function<void(Team &team, int32_t thread)>;
using Part = std::function<void(int32_t thread, int64_t begin, int64_t end)>;

TeamOptions optionsFor(int32_t threads, int64_t spinNanoseconds = 100000) {
  return {threads, nullptr, 0, spinNanoseconds, nullptr, nullptr};
}

void runTask(Team &team, const Task &task) {
  struct Argument {
    Team &team;
    const Task &task;
  } argument = {team, task};
  mlc_error error;
  Diag diag(&error);
  ASSERT_EQ(team.run(
                [](void *raw, int32_t thread) {
                  auto *argument = static_cast<Argument *>(raw);
                  argument->task(argument->team, thread);
                },
                &argument, diag),
            MLC_OK)
      << error.message;
}

void forEach(Team &team, int32_t thread, int64_t count, Part part) {
  team.forEach(
      thread, count,
      [](void *raw, int32_t thread, int64_t begin, int64_t end) {
        (*static_cast<Part *>(raw))(thread, begin, end);
      },
      &part);
}

void configure(Team &team, const TeamOptions &options) {
  mlc_error error;
  Diag diag(&error);
  ASSERT_EQ(team.configure(options, diag), MLC_OK) << error.message;
}

TEST(Team, RunsEveryIndexOnce) {
  for (int32_t threads : {1, 2, 3, 8})
    for (int64_t spin : {0, 100000}) {
      Team team;
      configure(team, optionsFor(threads, spin));
      for (int64_t count : {0, 1, 2, 5, 31, 32, 33, 1000}) {
        // Not atomic: a thread sanitizer sees an index that two threads run.
        std::vector<int> seen(size_t(count), 0);
        runTask(team, [&](Team &team, int32_t thread) {
          forEach(team, thread, count,
                  [&](int32_t, int64_t begin, int64_t end) {
                    for (int64_t i = begin; i < end; ++i)
                      ++seen[size_t(i)];
                  });
        });
        EXPECT_EQ(seen, std::vector<int>(size_t(count), 1));
      }
    }
}

TEST(Team, CountsBeyondAnyLoopAreCutRight) {
  Team team;
  configure(team, optionsFor(3));
  std::vector<std::pair<int64_t, int64_t>> parts(64);
  std::atomic<size_t> numParts{0};
  runTask(team, [&](Team &team, int32_t thread) {
    forEach(team, thread, INT64_MAX, [&](int32_t, int64_t begin, int64_t end) {
      parts[numParts++] = {begin, end};
    });
  });
  parts.resize(numParts);
  std::sort(parts.begin(), parts.end());
  int64_t next = 0;
  for (auto [begin, end] : parts) {
    EXPECT_EQ(begin, next);
    next = end;
  }
  EXPECT_EQ(next, INT64_MAX);
}

/// Loop k reads what loop k - 1 wrote, wherever it was written.
std::vector<int64_t> chain(Team &team, int32_t thread, int loops) {
  constexpr int64_t count = 97;
  std::vector<int64_t> values(count), next(count);
  std::iota(values.begin(), values.end(), 0);
  for (int loop = 0; loop < loops; ++loop) {
    forEach(team, thread, count, [&](int32_t, int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        next[size_t(i)] = values[size_t(count - 1 - i)] * 3 + i;
    });
    values.swap(next);
  }
  return values;
}

std::vector<int64_t> expectedChain(int loops) {
  Team alone;
  configure(alone, optionsFor(1));
  return chain(alone, 0, loops);
}

TEST(Team, ALoopSeesTheOneBefore) {
  for (int32_t threads : {2, 4})
    for (int64_t spin : {0, 100000}) {
      Team team;
      configure(team, optionsFor(threads, spin));
      for (int repeat = 0; repeat < 20; ++repeat)
        runTask(team, [&](Team &team, int32_t thread) {
          EXPECT_EQ(chain(team, thread, 30), expectedChain(30));
        });
    }
}

TEST(Team, HelpersTakeWhatOthersLeave) {
  Team team;
  configure(team, optionsFor(2));
  std::atomic<int> helped{0};
  runTask(team, [&](Team &team, int32_t thread) {
    // The task's thread keeps to its first part until somebody else has run
    // one: whoever waits for no help would never end.
    forEach(team, thread, 8, [&](int32_t part, int64_t, int64_t) {
      if (part != thread)
        ++helped;
      else
        while (!helped)
          std::this_thread::yield();
    });
  });
  EXPECT_GE(helped, 1);
}

/// Runs the tasks one after the other, the last first.
void runBackwards(void *context, mlc_task_fn task, void *argument,
                  int32_t count) {
  for (int32_t i = count; i-- > 0;) {
    static_cast<std::vector<int32_t> *>(context)->push_back(i);
    task(argument, i);
  }
}

TEST(Team, NeedsNoHelper) {
  std::vector<int32_t> order;
  TeamOptions options = optionsFor(4);
  options.executor = runBackwards;
  options.executorContext = &order;
  Team team;
  configure(team, options);
  int runs = 0;
  for (int repeat = 0; repeat < 3; ++repeat)
    runTask(team, [&](Team &team, int32_t thread) {
      ++runs;
      EXPECT_EQ(thread, 3);
      EXPECT_EQ(chain(team, thread, 5), expectedChain(5));
    });
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(order.size(), 12u);
}

constexpr int64_t millisecond = 1000000;

TEST(CrowdWatch, LoopsStayAloneAfterALoss) {
  CrowdWatch crowd;
  EXPECT_FALSE(crowd.isCrowded(1000 * millisecond));
  // Too short to act on.
  crowd.noteLoss(1000 * millisecond, 1000);
  EXPECT_FALSE(crowd.isCrowded(1000 * millisecond));
  crowd.noteLoss(1000 * millisecond, 3 * millisecond);
  EXPECT_TRUE(crowd.isCrowded(1000 * millisecond));
  EXPECT_TRUE(crowd.isCrowded(1024 * millisecond - 1));
  EXPECT_FALSE(crowd.isCrowded(1024 * millisecond));
}

TEST(CrowdWatch, LossesInARowAreTriedMoreRarely) {
  CrowdWatch crowd;
  int64_t now = 1000 * millisecond;
  for (int64_t alone : {24, 48, 96, 100, 100}) {
    crowd.noteLoss(now, 3 * millisecond);
    EXPECT_TRUE(crowd.isCrowded(now + alone * millisecond - 1));
    EXPECT_FALSE(crowd.isCrowded(now + alone * millisecond));
    now += alone * millisecond;
  }
  // After a good while it counts as a new one.
  now += 200 * millisecond;
  crowd.noteLoss(now, 3 * millisecond);
  EXPECT_FALSE(crowd.isCrowded(now + 24 * millisecond));
}

} // namespace
