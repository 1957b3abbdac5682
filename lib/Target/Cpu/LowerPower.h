//===- LowerPower.h - Powers of floats --------------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_TARGET_CPU_LOWERPOWER_H
#define MLC_LIB_TARGET_CPU_LOWERPOWER_H

#include "mlir/IR/PatternMatch.h"

namespace mlc::cpu {

/// math.powf of f32, and of vectors of them, becomes arithmetic.
void populatePowerPatterns(mlir::RewritePatternSet &patterns);

} // namespace mlc::cpu

#endif // MLC_LIB_TARGET_CPU_LOWERPOWER_H
