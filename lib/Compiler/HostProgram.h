//===- HostProgram.h - The host function as metadata ------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Exports the host function at stage `device` as the step program and the
// signature of lib/Runtime/Artifact.fbs.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_COMPILER_HOSTPROGRAM_H
#define MLC_COMPILER_HOSTPROGRAM_H

#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlc/Runtime/Artifact_generated.h"
#include "mlc/Target/Target.h"

namespace mlc {

/// A constant in the weights of the artifact.
struct Weight {
  ConstantOp constant;
  int64_t offset, size; // bytes
};

/// What the metadata says besides the program.
struct MetadataHeader {
  std::string compilerVersion, target, options, modelName, modelHash;
};

struct HostProgram {
  flatbuffers::DetachedBuffer metadata;
  std::vector<Weight> weights;
  int64_t weightsSize = 0;
  std::vector<KernelOp> kernels;
};

mlir::FailureOr<HostProgram> exportHostProgram(mlir::ModuleOp module,
                                               const Target &target,
                                               const MetadataHeader &header);

} // namespace mlc

#endif // MLC_COMPILER_HOSTPROGRAM_H
