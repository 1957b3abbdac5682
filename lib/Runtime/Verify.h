//===- Verify.h - Checks metadata before anything uses it -------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_RUNTIME_VERIFY_H
#define MLC_LIB_RUNTIME_VERIFY_H

#include "Program.h"

namespace mlc::rt {

/// Most dims of a tensor.
inline constexpr uint32_t maxRank = 32;

/// Checks that bytes are a FlatBuffer of the schema, and all that the schema
/// cannot say. Afterwards every number, register, buffer and step in it may be
/// used without a further check.
mlc_status verifyMetadata(const void *data, size_t size,
                          const fb::Metadata *&metadata, Diag &diag);

/// The part of it that looks at the program.
mlc_status verifyProgram(const fb::Metadata &metadata, Diag &diag);

/// Whether a value is a literal of at least `least`, or a register that there
/// is.
inline bool validValue(const fb::Value &value, uint32_t registers,
                       int64_t least = INT64_MIN) {
  return value.reg() < 0 ? value.literal() >= least
                         : uint32_t(value.reg()) < registers;
}

/// Whether a vector of structs may be read in place; the FlatBuffers verifier
/// checks the alignment of all but these.
template <typename Vector> bool isAligned(const Vector *vector) {
  return !vector || vector->size() == 0 ||
         reinterpret_cast<uintptr_t>(vector->Data()) % 8 == 0;
}

template <typename Vector> uint32_t sizeOf(const Vector *vector) {
  return vector ? vector->size() : 0;
}

} // namespace mlc::rt

#endif // MLC_LIB_RUNTIME_VERIFY_H
