//===- Support.h - Arrays, errors and memory of the runtime -----*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The runtime links no C++ library and survives a failed allocation, so it has
// its own few helpers.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_RUNTIME_SUPPORT_H
#define MLC_LIB_RUNTIME_SUPPORT_H

#include "mlc/Runtime/Runtime.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

namespace mlc::rt {

/// Writes one error into the caller's mlc_error, or nowhere.
class Diag {
public:
  explicit Diag(mlc_error *sink) : sink(sink) {
    if (sink)
      sink->message[0] = 0;
  }

  /// Every message starts with `text`, which must outlive this object.
  void setPrefix(const char *text) { prefix = text; }

  /// Starts the message of an error; an earlier one is dropped.
  Diag &error(mlc_status kind);
  Diag &operator<<(const char *text);
  Diag &operator<<(int64_t number);
  Diag &operator<<(int32_t number) { return *this << int64_t(number); }
  Diag &operator<<(uint64_t number);
  Diag &operator<<(uint32_t number) { return *this << uint64_t(number); }
  /// A name between quotes, control characters replaced.
  Diag &quote(const char *name);

  operator mlc_status() const { return status; }

private:
  void append(const char *text, size_t size);

  mlc_error *sink;
  const char *prefix = nullptr;
  size_t length = 0;
  mlc_status status = MLC_OK;
};

mlc_status outOfMemory(Diag &diag, const char *what);

/// A fixed number of plain elements on the heap.
template <typename T> class Array {
  static_assert(std::is_trivially_copyable_v<T>);

public:
  Array() = default;
  Array(const Array &) = delete;
  Array &operator=(const Array &) = delete;
  ~Array() { free(items); }

  /// New elements are zero. False when there is no memory.
  [[nodiscard]] bool resize(size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(size, sizeof(T), &bytes))
      return false;
    T *grown = static_cast<T *>(realloc(items, bytes ? bytes : 1));
    if (!grown)
      return false;
    items = grown;
    if (size > count)
      memset(static_cast<void *>(items + count), 0, (size - count) * sizeof(T));
    count = size;
    return true;
  }

  T *data() { return items; }
  const T *data() const { return items; }
  size_t size() const { return count; }
  T &operator[](size_t index) { return items[index]; }
  const T &operator[](size_t index) const { return items[index]; }
  T *begin() { return items; }
  T *end() { return items + count; }
  const T *begin() const { return items; }
  const T *end() const { return items + count; }

private:
  T *items = nullptr;
  size_t count = 0;
};

/// Objects on the heap without operator new.
template <typename T, typename... Args> T *create(Args &&...args) {
  void *memory = nullptr;
  size_t align = alignof(T) < sizeof(void *) ? sizeof(void *) : alignof(T);
  if (posix_memalign(&memory, align, sizeof(T)))
    return nullptr;
  return new (memory) T(std::forward<Args>(args)...);
}

template <typename T> void destroy(T *object) {
  if (!object)
    return;
  object->~T();
  free(object);
}

/// Aligned memory that keeps its size between runs. Its content is lost when
/// it grows. Arrays hold it, so whoever owns it calls release.
struct Block {
  [[nodiscard]] bool reserve(size_t size);
  void release();

  void *data = nullptr;
  size_t capacity = 0;
};

/// 64-byte aligned memory, backed by huge pages where that pays; freed by free.
void *allocateAligned(size_t size);

/// Bytes of a tensor; false when they exceed 2^62 or a size is negative.
bool tensorBytes(const int64_t *shape, size_t rank, size_t elementSize,
                 int64_t &bytes);

} // namespace mlc::rt

#endif // MLC_LIB_RUNTIME_SUPPORT_H
