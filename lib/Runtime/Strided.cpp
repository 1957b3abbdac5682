//===- Strided.cpp - Tensors that are not contiguous ----------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Strided.h"

namespace mlc::rt {

void contiguousStrides(const int64_t *shape, int32_t rank, size_t elementSize,
                       int64_t *strides) {
  int64_t stride = int64_t(elementSize);
  for (int32_t i = rank; i-- > 0;) {
    strides[i] = stride;
    // The strides of an empty tensor mean nothing, but must not overflow.
    if (__builtin_mul_overflow(stride, shape[i], &stride))
      stride = 0;
  }
}

static bool isEmpty(const mlc_tensor &tensor) {
  for (int32_t i = 0; i < tensor.rank; ++i)
    if (tensor.shape[i] == 0)
      return true;
  return false;
}

bool isPlain(const mlc_tensor &tensor) {
  size_t element = mlc_dtype_size(tensor.dtype);
  if (isEmpty(tensor))
    return true;
  if (reinterpret_cast<uintptr_t>(tensor.data) % element)
    return false;
  int64_t stride = int64_t(element);
  for (int32_t i = tensor.rank; tensor.strides && i-- > 0;) {
    // Nobody steps along a dim of size 1.
    if (tensor.shape[i] != 1 && tensor.strides[i] != stride)
      return false;
    stride *= tensor.shape[i];
  }
  return true;
}

static void copyRow(char *target, int64_t targetStride, const char *source,
                    int64_t sourceStride, int64_t count, size_t element) {
  if (targetStride == int64_t(element) && sourceStride == int64_t(element)) {
    memcpy(target, source, size_t(count) * element);
    return;
  }
  for (int64_t i = 0; i < count; ++i)
    memcpy(target + i * targetStride, source + i * sourceStride, element);
}

void copyStrided(char *target, const int64_t *targetStrides, const char *source,
                 const int64_t *sourceStrides, const int64_t *shape,
                 int32_t rank, size_t elementSize) {
  if (rank == 0) {
    memcpy(target, source, elementSize);
    return;
  }
  if (rank == 1) {
    copyRow(target, targetStrides[0], source, sourceStrides[0], shape[0],
            elementSize);
    return;
  }
  for (int64_t i = 0; i < shape[0]; ++i)
    copyStrided(target + i * targetStrides[0], targetStrides + 1,
                source + i * sourceStrides[0], sourceStrides + 1, shape + 1,
                rank - 1, elementSize);
}

Extent extentOf(const mlc_tensor &tensor) {
  uintptr_t start = reinterpret_cast<uintptr_t>(tensor.data);
  if (isEmpty(tensor))
    return {start, start};
  uintptr_t begin = start, last = start;
  int64_t stride = int64_t(mlc_dtype_size(tensor.dtype));
  uintptr_t element = uintptr_t(stride);
  for (int32_t i = tensor.rank; i-- > 0;) {
    int64_t step = tensor.strides ? tensor.strides[i] : stride;
    // Modulo 2^64: a caller's nonsense must not be undefined here.
    uintptr_t reach = uintptr_t(step) * uintptr_t(tensor.shape[i] - 1);
    (step < 0 ? begin : last) += reach;
    stride = int64_t(uintptr_t(stride) * uintptr_t(tensor.shape[i]));
  }
  return {begin, last + element};
}

} // namespace mlc::rt
