//===- Target.h - The interface of a code target ----------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A target is one folder under lib/Target that implements this interface.
// Shared code asks it and TargetInfo; it never asks which target it is.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TARGET_TARGET_H
#define MLC_TARGET_TARGET_H

#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace llvm {
class Module;
} // namespace llvm

namespace mlc {

/// An instruction-set level: one set of kernels in the artifact.
struct Level {
  std::string name;                  ///< "x86-64-v4"
  std::vector<std::string> features; ///< CPUID names that the runtime checks
  unsigned vectorBytes;              ///< of the widest register
  unsigned registers;                ///< vector registers
  /// One core's peak in f32 operations, and its bandwidth from the last cache,
  /// both per nanosecond. They only decide what is worth a second thread.
  double flopsPerNs, bytesPerNs;
};

class Target {
public:
  virtual ~Target() = default;

  /// As resolved, for the metadata: level and tuning name.
  virtual std::string name() const = 0;
  /// As ELF and metadata name it: "x86-64", "aarch64".
  virtual llvm::StringRef architecture() const = 0;
  /// From the least demanding to the most.
  virtual llvm::ArrayRef<Level> levels() const = 0;

  /// The schedule of a kernel's function at stage `linalg`.
  virtual ScheduleAttr selectSchedule(mlir::func::FuncOp function,
                                      const Level &level) const = 0;

  /// The passes of stage `device`, on the module of a kernel.
  virtual void buildDevicePasses(mlir::OpPassManager &pm) const = 0;

  /// The object file of a kernel's module after `device`. Its entry point has
  /// the name `symbol`.
  virtual mlir::FailureOr<llvm::SmallVector<char, 0>>
  emitObject(mlir::ModuleOp module, const Level &level,
             llvm::StringRef symbol) const = 0;

  /// The object file of a module of LLVM IR that holds data for this target.
  virtual mlir::FailureOr<llvm::SmallVector<char, 0>>
  emitModule(llvm::Module &module, mlir::Location loc) const = 0;
};

/// The target of a name that `--target` takes, or an error that lists the
/// names.
llvm::Expected<std::unique_ptr<Target>> createTarget(llvm::StringRef name);

} // namespace mlc

#endif // MLC_TARGET_TARGET_H
