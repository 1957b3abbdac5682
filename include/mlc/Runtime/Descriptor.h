//===- Descriptor.h - What an artifact exports ------------------*- C -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The contract between the code in an artifact and the runtime. An artifact is
// an ELF shared object without undefined symbols. It exports one symbol,
// `mlc_artifact`, and has two sections that are found by name:
//
//   .mlc.meta     an mlc_metadata_header, then the FlatBuffer of
//                 lib/Runtime/Artifact.fbs
//   .mlc.weights  the packed weights, page-aligned and last in the file (absent
//                 when there are none)
//
//===----------------------------------------------------------------------===//

#ifndef MLC_RUNTIME_DESCRIPTOR_H
#define MLC_RUNTIME_DESCRIPTOR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A CPU kernel. Computes part [begin, end) of its grid.
///
/// `buffers` and `sizes` are the operands in the order of the kernel's
/// signature. A kernel that finds a fault stores an mlc_kernel_status to
/// `status` and completes; it never reads or writes out of bounds.
typedef void (*mlc_kernel_fn)(void *const *buffers, const int64_t *sizes,
                              int64_t begin, int64_t end, int32_t *status);

enum mlc_kernel_status {
  MLC_KERNEL_OK = 0,
  MLC_KERNEL_INDEX_OUT_OF_RANGE = 1,
  MLC_KERNEL_DIVISION_BY_ZERO = 2
};

#define MLC_METADATA_MAGIC "MLCMETA"
#define MLC_FORMAT_VERSION 2u
#define MLC_ABI_VERSION 1u

/// Precedes the metadata FlatBuffer, which starts 64 bytes after the section's
/// start.
typedef struct mlc_metadata_header {
  char magic[8];      ///< MLC_METADATA_MAGIC, zero-terminated
  uint32_t version;   ///< MLC_FORMAT_VERSION
  uint32_t reserved;  ///< 0
  uint64_t size;      ///< bytes of the FlatBuffer
  uint8_t sha256[32]; ///< of the FlatBuffer
  uint8_t padding[8]; ///< 0
} mlc_metadata_header;

/// The exported symbol `mlc_artifact`. Entry point of kernel k at level l:
/// entries[l * num_kernels + k].
typedef struct mlc_artifact_descriptor {
  uint32_t abi_version; ///< MLC_ABI_VERSION
  uint32_t num_levels;
  uint32_t num_kernels;
  uint32_t reserved; ///< 0
  const mlc_kernel_fn *entries;
  const void *weights; ///< start of .mlc.weights, null when there are none
} mlc_artifact_descriptor;

#ifdef __cplusplus
}
#endif

#endif // MLC_RUNTIME_DESCRIPTOR_H
