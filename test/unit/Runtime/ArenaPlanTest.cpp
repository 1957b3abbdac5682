//===- ArenaPlanTest.cpp -------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Runtime/ArenaPlan.h"

#include <gtest/gtest.h>
#include <random>
#include <vector>

using namespace mlc::rt;

static int64_t plan(std::vector<ArenaItem> &items) {
  std::vector<uint32_t> scratch(2 * items.size());
  return planArena(items.data(), uint32_t(items.size()), scratch.data());
}

static void expectDisjoint(const std::vector<ArenaItem> &items, int64_t total) {
  for (size_t i = 0; i < items.size(); ++i) {
    const ArenaItem &a = items[i];
    EXPECT_EQ(a.offset % arenaAlignment, 0);
    EXPECT_LE(a.offset + a.size, total);
    for (size_t j = 0; j < i; ++j) {
      const ArenaItem &b = items[j];
      bool steps = a.firstStep <= b.lastStep && b.firstStep <= a.lastStep;
      bool bytes = a.offset < b.offset + b.size && b.offset < a.offset + a.size;
      EXPECT_FALSE(steps && bytes && a.size && b.size) << i << " " << j;
    }
  }
}

TEST(ArenaPlan, ReusesMemoryOfTheDead) {
  std::vector<ArenaItem> items = {
      {1000, 0, 1, -1}, {1000, 1, 2, -1}, {1000, 2, 3, -1}, {0, 0, 3, -1}};
  EXPECT_EQ(plan(items), 2048);
  EXPECT_EQ(items[0].offset, items[2].offset);
  EXPECT_EQ(items[3].offset, 0);
}

TEST(ArenaPlan, TakesTheTightestGap) {
  std::vector<ArenaItem> items = {{640, 0, 9, 0}, {512, 0, 0, 0},
                                  {448, 0, 9, 0}, {384, 0, 0, 0},
                                  {320, 0, 9, 0}, {128, 5, 6, 0}};
  int64_t total = plan(items);
  expectDisjoint(items, total);
  EXPECT_EQ(items[5].offset, items[3].offset);
}

TEST(ArenaPlan, RandomPlansAreValidAndNearTheBound) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<ArenaItem> items(random() % 60);
    std::vector<int64_t> live(64, 0);
    for (ArenaItem &item : items) {
      item.size = int64_t(random() % 5000);
      item.firstStep = random() % 60;
      item.lastStep = std::min<uint32_t>(item.firstStep + random() % 6, 63);
      for (uint32_t s = item.firstStep; s <= item.lastStep; ++s)
        live[s] += (item.size + 63) / 64 * 64;
    }
    int64_t total = plan(items);
    expectDisjoint(items, total);
    int64_t bound = *std::max_element(live.begin(), live.end());
    EXPECT_LE(total, bound * 3 / 2);
  }
}

TEST(ArenaPlan, OverflowIsReported) {
  std::vector<ArenaItem> items(4, {int64_t(1) << 62, 0, 1, 0});
  EXPECT_EQ(plan(items), -1);
  items.assign(1, {INT64_MAX, 0, 1, 0});
  EXPECT_EQ(plan(items), -1);
}
