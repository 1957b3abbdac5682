//===- Npy.h - NumPy's array files ------------------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TOOLS_MLC_RUN_NPY_H
#define MLC_TOOLS_MLC_RUN_NPY_H

#include "mlc/Runtime/Runtime.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mlc::tool {

/// A contiguous row-major tensor that owns its bytes.
struct HostTensor {
  mlc_dtype dtype = MLC_F32;
  std::vector<int64_t> shape;
  std::vector<uint8_t> bytes;

  int64_t count() const;
  /// Element `index` as a number.
  double at(size_t index) const;
  void set(size_t index, double value);
  /// A view for the runtime.
  mlc_tensor view(const char *name);
};

/// Reads a .npy file; false with `error` set when it is damaged or of a type
/// that the runtime does not have. `u2` arrays may stand for bf16: the reader
/// takes them for what `expected` says.
bool readNpy(const std::string &path, mlc_dtype expected, HostTensor &tensor,
             std::string &error);

/// Writes a .npy file of version 1.0; bf16 is written as u2.
bool writeNpy(const std::string &path, const HostTensor &tensor,
              std::string &error);

} // namespace mlc::tool

#endif // MLC_TOOLS_MLC_RUN_NPY_H
