//===- Passes.h - Passes of the CPU target ----------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TARGET_CPU_PASSES_H
#define MLC_TARGET_CPU_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlc {

#define GEN_PASS_DECL
#include "mlc/Target/Cpu/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "mlc/Target/Cpu/Passes.h.inc"

} // namespace mlc

#endif // MLC_TARGET_CPU_PASSES_H
