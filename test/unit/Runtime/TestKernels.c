//===- TestKernels.c - The code of the artifacts made by tests ------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Runtime/Descriptor.h"

#define KERNEL(name)                                                           \
  static void name(void *const *buffers, const int64_t *sizes, int64_t begin,  \
                   int64_t end, int32_t *status)

// out[i] = a[i] + b[i]
KERNEL(add) {
  const float *a = buffers[0], *b = buffers[1];
  float *out = buffers[2];
  for (int64_t i = begin; i < end; ++i)
    out[i] = a[i] + b[i];
}

// out[i] = a[i] * sizes[0]
KERNEL(scale) {
  const float *a = buffers[0];
  float *out = buffers[1];
  for (int64_t i = begin; i < end; ++i)
    out[i] = a[i] * (float)sizes[0];
}

// Reports sizes[0] from the part of the grid that holds sizes[1].
KERNEL(fault) {
  if (begin <= sizes[1] && sizes[1] < end)
    *status = (int32_t)sizes[0];
}

// out[i] = a[sizes[0] - 1 - i]: reads what other threads wrote.
KERNEL(reverse) {
  const float *a = buffers[0];
  float *out = buffers[1];
  for (int64_t i = begin; i < end; ++i)
    out[i] = a[sizes[0] - 1 - i];
}

// *count = number of positive elements of a[0..sizes[0])
KERNEL(countPositive) {
  const float *a = buffers[0];
  int64_t count = 0;
  for (int64_t i = 0; i < sizes[0]; ++i)
    count += a[i] > 0;
  *(int64_t *)buffers[1] = count;
}

// The positive elements of a[0..sizes[0]).
KERNEL(keepPositive) {
  const float *a = buffers[0];
  float *out = buffers[1];
  for (int64_t i = 0; i < sizes[0]; ++i)
    if (a[i] > 0)
      *out++ = a[i];
}

const unsigned char metadata[1 << 16]
    __attribute__((section(".mlc.meta"), used, aligned(64))) = {0};
const float weights[1024] __attribute__((
    section(".mlc.weights"), used, aligned(4096))) = {1, 2, 3, 4, 5, 6, 7, 8};

static const mlc_kernel_fn entries[] = {
    add, scale, fault, reverse, countPositive, keepPositive,
    add, scale, fault, reverse, countPositive, keepPositive};

__attribute__((visibility("default")))
const mlc_artifact_descriptor mlc_artifact = {MLC_ABI_VERSION, 2,      6, 0,
                                              entries,         weights};
