//===- Builtins.c - The objects as data -----------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include <stddef.h>

// C has #embed; C++ reads this through Builtins.cpp.
const unsigned char mlcBuiltinsX86[] = {
#embed "mlc-builtins-x86-64.o"
};
const size_t mlcBuiltinsX86Size = sizeof(mlcBuiltinsX86);

const unsigned char mlcBuiltinsAarch64[] = {
#embed "mlc-builtins-aarch64.o"
};
const size_t mlcBuiltinsAarch64Size = sizeof(mlcBuiltinsAarch64);
