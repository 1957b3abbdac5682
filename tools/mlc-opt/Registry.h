//===- Registry.h - The op list as JSON -------------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TOOLS_MLC_OPT_REGISTRY_H
#define MLC_TOOLS_MLC_OPT_REGISTRY_H

#include "llvm/Support/raw_ostream.h"

namespace mlc {

/// Prints every op of the dialect with its documentation and, for elementwise
/// ops, what a generated test needs.
void printRegistry(llvm::raw_ostream &os);

} // namespace mlc

#endif // MLC_TOOLS_MLC_OPT_REGISTRY_H
