//===- Strided.h - Tensors that are not contiguous --------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_RUNTIME_STRIDED_H
#define MLC_LIB_RUNTIME_STRIDED_H

#include "Support.h"

namespace mlc::rt {

/// Sets the strides of a contiguous row-major tensor.
void contiguousStrides(const int64_t *shape, int32_t rank, size_t elementSize,
                       int64_t *strides);

/// Whether the tensor's elements lie row-major without gaps, aligned to their
/// size.
bool isPlain(const mlc_tensor &tensor);

/// Copies all elements; strides are in bytes. The tensors do not overlap.
void copyStrided(char *target, const int64_t *targetStrides, const char *source,
                 const int64_t *sourceStrides, const int64_t *shape,
                 int32_t rank, size_t elementSize);

/// The memory between the first and the last byte of a tensor; empty for an
/// empty one.
struct Extent {
  uintptr_t begin, end;
  bool overlaps(const Extent &other) const {
    return begin < other.end && other.begin < end;
  }
};
Extent extentOf(const mlc_tensor &tensor);

} // namespace mlc::rt

#endif // MLC_LIB_RUNTIME_STRIDED_H
