//===- Builtins.cpp - Code that artifacts may call ------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Builtins/Builtins.h"

extern "C" {
extern const unsigned char mlcBuiltinsX86[];
extern const size_t mlcBuiltinsX86Size;
extern const unsigned char mlcBuiltinsAarch64[];
extern const size_t mlcBuiltinsAarch64Size;
}

namespace mlc::builtins {

const Object objects[] = {
    {"x86-64", mlcBuiltinsX86, mlcBuiltinsX86Size},
    {"aarch64", mlcBuiltinsAarch64, mlcBuiltinsAarch64Size}};

const size_t numObjects = sizeof(objects) / sizeof(objects[0]);

} // namespace mlc::builtins
