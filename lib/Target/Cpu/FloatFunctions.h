//===- FloatFunctions.h - Polynomials of our own --------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions of f32 for which upstream's polynomials are not accurate enough.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TARGET_CPU_FLOATFUNCTIONS_H
#define MLC_TARGET_CPU_FLOATFUNCTIONS_H

#include "mlir/IR/PatternMatch.h"

namespace mlc::cpu {

/// Patterns that expand functions of the math dialect on scalars and vectors of
/// f32.
void populateFloatFunctions(mlir::RewritePatternSet &patterns);

} // namespace mlc::cpu

#endif // MLC_TARGET_CPU_FLOATFUNCTIONS_H
