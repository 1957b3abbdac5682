//===- Support.cpp - Arrays, errors and memory of the runtime -------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support.h"

#include <sys/mman.h>

namespace mlc::rt {

Diag &Diag::error(mlc_status kind) {
  status = kind;
  length = 0;
  if (prefix)
    *this << prefix;
  return *this;
}

void Diag::append(const char *text, size_t size) {
  if (!sink)
    return;
  size_t room = sizeof(sink->message) - 1 - length;
  if (size > room) {
    size = room;
    // What is cut off must not look complete.
    if (size >= 3 || length >= 3) {
      memcpy(sink->message + length, text, size);
      memcpy(sink->message + sizeof(sink->message) - 4, "...", 4);
      length = sizeof(sink->message) - 1;
      return;
    }
  }
  memcpy(sink->message + length, text, size);
  length += size;
  sink->message[length] = 0;
}

Diag &Diag::operator<<(const char *text) {
  append(text, strlen(text));
  return *this;
}

Diag &Diag::operator<<(uint64_t number) {
  char digits[24];
  size_t at = sizeof(digits);
  do {
    digits[--at] = char('0' + number % 10);
    number /= 10;
  } while (number);
  append(digits + at, sizeof(digits) - at);
  return *this;
}

Diag &Diag::operator<<(int64_t number) {
  if (number >= 0)
    return *this << uint64_t(number);
  append("-", 1);
  return *this << (~uint64_t(number) + 1);
}

Diag &Diag::quote(const char *name) {
  append("\"", 1);
  for (; *name; ++name) {
    char c = (unsigned char)*name < 32 || *name == 127 ? '?' : *name;
    append(&c, 1);
  }
  append("\"", 1);
  return *this;
}

mlc_status outOfMemory(Diag &diag, const char *what) {
  return diag.error(MLC_ERROR_MEMORY) << "out of memory: no room for " << what;
}

void *allocateAligned(size_t size) {
  constexpr size_t hugePage = size_t(2) << 20;
  void *memory = nullptr;
  size_t align = size >= 2 * hugePage ? hugePage : 64;
  if (size > (size_t(1) << 62) ||
      posix_memalign(&memory, align, size ? size : 64))
    return nullptr;
  // Advice only: without it the memory is merely slower.
  if (align == hugePage)
    madvise(memory, size, MADV_HUGEPAGE);
  return memory;
}

bool Block::reserve(size_t size) {
  if (data && size <= capacity)
    return true;
  release();
  data = allocateAligned(size);
  capacity = data ? size : 0;
  return data != nullptr;
}

void Block::release() {
  free(data);
  data = nullptr;
  capacity = 0;
}

bool tensorBytes(const int64_t *shape, size_t rank, size_t elementSize,
                 int64_t &bytes) {
  bytes = int64_t(elementSize);
  // A zero anywhere makes the tensor empty, whatever else overflows.
  bool overflow = false, empty = false;
  for (size_t i = 0; i < rank; ++i) {
    if (shape[i] < 0)
      return false;
    empty |= shape[i] == 0;
    overflow |= __builtin_mul_overflow(bytes, shape[i], &bytes);
  }
  if (empty) {
    bytes = 0;
    return true;
  }
  return !overflow && bytes <= (int64_t(1) << 62);
}

} // namespace mlc::rt
