//===- Builtins.h - Code that artifacts may call ----------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An artifact has no undefined symbol: what generated code calls (memcpy, half
// precision conversions, wide division, scalar mathematics off the hot paths)
// comes from one relocatable object per architecture, linked into it. Functions
// lie in sections of their own, so that unused ones can be dropped, and are
// hidden.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_BUILTINS_BUILTINS_H
#define MLC_BUILTINS_BUILTINS_H

#include <cstddef>
#include <cstring>

namespace mlc::builtins {

/// A relocatable ELF object.
struct Object {
  const char *name; ///< architecture: "x86-64" (needs v3), "aarch64"
  const unsigned char *data;
  size_t size;
};

extern const Object objects[];
extern const size_t numObjects;

/// The object for an architecture; null when there is none.
inline const Object *lookup(const char *architecture) {
  for (size_t i = 0; i < numObjects; ++i)
    if (!strcmp(objects[i].name, architecture))
      return &objects[i];
  return nullptr;
}

} // namespace mlc::builtins

#endif // MLC_BUILTINS_BUILTINS_H
