//===- ArenaPlan.h - Places buffers in one arena ----------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one planning algorithm: the compiler calls it for static plans and the
// runtime for plans that depend on shapes, so that both agree on peak memory.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_RUNTIME_ARENAPLAN_H
#define MLC_RUNTIME_ARENAPLAN_H

#include <algorithm>
#include <cstdint>

namespace mlc::rt {

/// Alignment of buffers in the arena: a cache line, and a vector of 512 bits.
inline constexpr int64_t arenaAlignment = 64;

/// A buffer to place. Two may share memory when their steps do not meet.
struct ArenaItem {
  int64_t size;       ///< bytes, not negative
  uint32_t firstStep; ///< both included
  uint32_t lastStep;
  int64_t offset; ///< result
};

namespace detail {

inline bool liveTogether(const ArenaItem &a, const ArenaItem &b) {
  return a.firstStep <= b.lastStep && b.firstStep <= a.lastStep;
}

/// The start of the tightest gap between the placed items that live together
/// with `item`. `placed` is ordered by offset.
inline int64_t bestGap(const ArenaItem *items, const uint32_t *placed,
                       uint32_t count, const ArenaItem &item, int64_t size) {
  int64_t best = -1, bestSlack = INT64_MAX, end = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const ArenaItem &other = items[placed[i]];
    if (!liveTogether(other, item))
      continue;
    int64_t slack = other.offset - end - size;
    if (slack >= 0 && slack < bestSlack) {
      best = end;
      bestSlack = slack;
    }
    int64_t otherEnd = (other.offset + other.size + arenaAlignment - 1) &
                       ~(arenaAlignment - 1);
    end = std::max(end, otherEnd);
  }
  return best >= 0 ? best : end;
}

} // namespace detail

/// Sets the offset of every item, largest first, each into the tightest gap.
/// Items of size 0 get offset 0. `scratch` holds 2 * count numbers. Returns the
/// arena's size, or -1 when it would exceed 2^62 bytes.
inline int64_t planArena(ArenaItem *items, uint32_t count, uint32_t *scratch) {
  constexpr int64_t limit = int64_t(1) << 62;
  uint32_t *order = scratch, *placed = scratch + count;
  for (uint32_t i = 0; i < count; ++i)
    order[i] = i;
  std::sort(order, order + count, [&](uint32_t a, uint32_t b) {
    if (items[a].size != items[b].size)
      return items[a].size > items[b].size;
    if (items[a].firstStep != items[b].firstStep)
      return items[a].firstStep < items[b].firstStep;
    return a < b;
  });
  int64_t total = 0;
  uint32_t numPlaced = 0;
  for (uint32_t i = 0; i < count; ++i) {
    ArenaItem &item = items[order[i]];
    item.offset = 0;
    if (item.size == 0)
      continue;
    if (item.size > limit)
      return -1;
    int64_t size = (item.size + arenaAlignment - 1) & ~(arenaAlignment - 1);
    item.offset = detail::bestGap(items, placed, numPlaced, item, size);
    if (item.offset > limit - size)
      return -1;
    total = std::max(total, item.offset + size);
    uint32_t *at = std::upper_bound(
        placed, placed + numPlaced, item.offset,
        [&](int64_t offset, uint32_t p) { return offset < items[p].offset; });
    std::copy_backward(at, placed + numPlaced, placed + numPlaced + 1);
    *at = order[i];
    ++numPlaced;
  }
  return total;
}

} // namespace mlc::rt

#endif // MLC_RUNTIME_ARENAPLAN_H
