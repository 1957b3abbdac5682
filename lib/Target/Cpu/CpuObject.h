//===- CpuObject.h - Objects for CPUs ---------------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TARGET_CPU_CPUOBJECT_H
#define MLC_TARGET_CPU_CPUOBJECT_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class Module;
} // namespace llvm

namespace mlc::cpu {

/// Translates a module of the LLVM dialect to LLVM IR, optimises it for `level`
/// (an LLVM CPU name) and emits an object. `tuning` is the CPU to schedule for,
/// empty for none.
mlir::FailureOr<llvm::SmallVector<char, 0>> emitObject(mlir::ModuleOp module,
                                                       llvm::StringRef level,
                                                       llvm::StringRef tuning,
                                                       llvm::StringRef symbol);

/// The object of a module of LLVM IR as it is.
mlir::FailureOr<llvm::SmallVector<char, 0>>
emitModule(llvm::Module &module, llvm::StringRef level, mlir::Location loc);

} // namespace mlc::cpu

#endif // MLC_TARGET_CPU_CPUOBJECT_H
