//===- Lanes.h - Which loop of a linalg op runs along the vector lanes ---*- C++
//-*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TRANSFORMS_LANES_H
#define MLC_TRANSFORMS_LANES_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlc {

/// The loop whose steps become the lanes of a vector: the last parallel loop
/// when the inputs are contiguous or constant along it, else the reduction loop
/// along which they are. None for an op without loops.
std::optional<unsigned> laneLoop(mlir::linalg::LinalgOp op);

/// Whether `op` writes a part of the kernel's result, beside others.
bool writesPart(mlir::linalg::LinalgOp op);

/// The attribute of a kernel's function that holds its `#mlc.schedule`.
inline constexpr llvm::StringLiteral scheduleAttrName = "mlc.schedule";

} // namespace mlc

#endif // MLC_TRANSFORMS_LANES_H
