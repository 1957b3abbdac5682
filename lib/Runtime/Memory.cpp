//===- Memory.cpp - Where a run's buffers lie -----------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Memory.h"

namespace mlc::rt {

mlc_status Memory::configure(const Program &newProgram, uint32_t symbols,
                             void *arena, size_t size, Diag &diag) {
  program = &newProgram;
  numSymbols = symbols;
  given = arena;
  givenSize = size;
  if (reinterpret_cast<uintptr_t>(arena) % arenaAlignment)
    return diag.error(MLC_ERROR_USAGE)
           << "the caller's arena is not aligned to " << arenaAlignment
           << " bytes";
  if (program->arenaSize >= 0)
    return MLC_OK;
  uint32_t count = 0;
  for (const BufferInfo &buffer : program->buffers)
    count += buffer.kind == fb::BufferKind::Arena && !buffer.late;
  if (!items.resize(count) || !itemBuffers.resize(count) ||
      !scratch.resize(2 * size_t(count)) ||
      !keys.resize(size_t(cacheSize) * numSymbols) ||
      !offsets.resize(size_t(cacheSize) * count))
    return outOfMemory(diag, "the arena's plan");
  count = 0;
  for (uint32_t i = 0; i < program->buffers.size(); ++i) {
    const BufferInfo &buffer = program->buffers[i];
    if (buffer.kind == fb::BufferKind::Arena && !buffer.late)
      itemBuffers[count++] = i;
  }
  return MLC_OK;
}

mlc_status Memory::reserve(int64_t total, Diag &diag) {
  if (given && size_t(total) > givenSize)
    return diag.error(MLC_ERROR_MEMORY)
           << "the run needs an arena of " << total
           << " bytes, the caller's has " << uint64_t(givenSize);
  if (!given && !own.reserve(size_t(total)))
    return diag.error(MLC_ERROR_MEMORY)
           << "out of memory: the run needs an arena of " << total << " bytes";
  return MLC_OK;
}

mlc_status Memory::plan(const int64_t *registers, uint32_t entry, Diag &diag) {
  for (size_t i = 0; i < items.size(); ++i) {
    const BufferInfo &buffer = program->buffers[itemBuffers[i]];
    int64_t size = valueOf(buffer.size, registers);
    if (size < 0)
      return diag.error(MLC_ERROR_RUN) << "buffer " << itemBuffers[i]
                                       << " has a size of " << size << " bytes";
    items[i] = {size, buffer.firstStep, buffer.lastStep, 0};
  }
  totals[entry] =
      planArena(items.data(), uint32_t(items.size()), scratch.data());
  if (totals[entry] < 0)
    return diag.error(MLC_ERROR_MEMORY)
           << "out of memory: the run's buffers exceed 2^62 bytes";
  for (size_t i = 0; i < items.size(); ++i)
    offsets[entry * items.size() + i] = items[i].offset;
  return MLC_OK;
}

/// A static plan may hold buffers whose size is known to be at most so much.
mlc_status Memory::checkStatic(const int64_t *registers, Diag &diag) {
  for (uint32_t i = 0; i < program->buffers.size(); ++i) {
    const BufferInfo &buffer = program->buffers[i];
    if (buffer.kind != fb::BufferKind::Arena || buffer.late)
      continue;
    int64_t size = valueOf(buffer.size, registers);
    if (size < 0 || size > program->arenaSize - buffer.offset)
      return diag.error(MLC_ERROR_RUN)
             << "buffer " << i << " has " << size << " bytes at "
             << buffer.offset << " of the arena's " << program->arenaSize;
  }
  return MLC_OK;
}

mlc_status Memory::place(const int64_t *symbols, const int64_t *registers,
                         void **addresses, Diag &diag) {
  if (program->arenaSize >= 0) {
    if (checkStatic(registers, diag) || reserve(program->arenaSize, diag))
      return diag;
    char *base = static_cast<char *>(given ? given : own.data);
    for (uint32_t i = 0; i < program->buffers.size(); ++i)
      if (program->buffers[i].kind == fb::BufferKind::Arena)
        addresses[i] = program->buffers[i].late
                           ? nullptr
                           : base + program->buffers[i].offset;
    return MLC_OK;
  }
  size_t keyBytes = numSymbols * sizeof(int64_t);
  uint32_t entry = 0;
  while (entry < cached && keyBytes &&
         memcmp(keys.data() + size_t(entry) * numSymbols, symbols, keyBytes))
    ++entry;
  if (entry == cached) {
    // A full cache starts over: whoever has so many shapes plans often.
    entry = cached = cached == cacheSize ? 0 : cached;
    if (plan(registers, entry, diag))
      return diag;
    if (keyBytes)
      memcpy(keys.data() + size_t(entry) * numSymbols, symbols, keyBytes);
    ++cached;
  }
  if (reserve(totals[entry], diag))
    return diag;
  char *base = static_cast<char *>(given ? given : own.data);
  for (size_t i = 0; i < items.size(); ++i)
    addresses[itemBuffers[i]] = base + offsets[entry * items.size() + i];
  return MLC_OK;
}

} // namespace mlc::rt
