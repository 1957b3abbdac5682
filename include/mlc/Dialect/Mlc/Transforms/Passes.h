//===- Passes.h - Passes on the dialect -------------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_DIALECT_MLC_TRANSFORMS_PASSES_H
#define MLC_DIALECT_MLC_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlc {

#define GEN_PASS_DECL
#include "mlc/Dialect/Mlc/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "mlc/Dialect/Mlc/Transforms/Passes.h.inc"

} // namespace mlc

#endif // MLC_DIALECT_MLC_TRANSFORMS_PASSES_H
