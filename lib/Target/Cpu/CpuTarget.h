//===- CpuTarget.h - Code for CPUs ------------------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TARGET_CPU_CPUTARGET_H
#define MLC_TARGET_CPU_CPUTARGET_H

#include "mlc/Target/Target.h"
#include "mlir/IR/PatternMatch.h"

namespace mlc::cpu {

inline constexpr llvm::StringLiteral targetNames =
    "cpu, x86-64, x86-64-v3, x86-64-v4";

/// The CPU target of that name; null when there is none.
std::unique_ptr<Target> create(llvm::StringRef name);

/// See CpuSchedule.cpp.
ScheduleAttr selectSchedule(mlir::func::FuncOp function, const Level &level);

/// See ExpandMath.cpp.
void populateExpandMathPatterns(mlir::RewritePatternSet &patterns);

} // namespace mlc::cpu

#endif // MLC_TARGET_CPU_CPUTARGET_H
