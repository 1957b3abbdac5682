//===- Artifact.h - The file that is deployed -------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_COMPILER_ARTIFACT_H
#define MLC_COMPILER_ARTIFACT_H

#include "HostProgram.h"

namespace mlc {

/// Compiles the kernels of `module` (at the end of stage `device`), links them
/// and writes the artifact: to `path` by way of a temporary file, or into
/// `bytes` when `path` is empty. `codeOptions` are the options that change
/// kernels.
mlir::LogicalResult writeArtifact(mlir::ModuleOp module, const Target &target,
                                  MetadataHeader header,
                                  llvm::StringRef codeOptions,
                                  llvm::StringRef path,
                                  llvm::SmallVectorImpl<char> *bytes);

/// Packs the value of `constant` as its recipe says. See Pack.cpp.
void writeWeight(ConstantOp constant, llvm::raw_ostream &os);

/// Links objects into a shared object, in memory. See Link.cpp.
mlir::FailureOr<llvm::SmallVector<char, 0>>
linkObjects(mlir::Location loc,
            llvm::ArrayRef<llvm::SmallVector<char, 0>> objects);

} // namespace mlc

#endif // MLC_COMPILER_ARTIFACT_H
