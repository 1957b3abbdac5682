//===- Passes.h - Passes on the mlc dialect ---------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_DIALECT_MLC_TRANSFORMS_PASSES_H
#define MLC_DIALECT_MLC_TRANSFORMS_PASSES_H

#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Pass/Pass.h"

namespace mlc {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "mlc/Dialect/Mlc/Transforms/Passes.h.inc"

} // namespace mlc

#endif // MLC_DIALECT_MLC_TRANSFORMS_PASSES_H
