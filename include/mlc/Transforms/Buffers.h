//===- Buffers.h - Where the values of the host program lie -----*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TRANSFORMS_BUFFERS_H
#define MLC_TRANSFORMS_BUFFERS_H

#include "mlc/Dialect/Mlc/IR/Mlc.h"

namespace mlc {

/// The attribute of an op of the host program that holds a `#mlc.buffer` for
/// each of its results.
inline constexpr llvm::StringLiteral buffersAttrName = "mlc.buffers";

/// The attribute of a loop that holds, for each carried tensor, the buffer in
/// which its next value is made, and which then changes places with its own.
inline constexpr llvm::StringLiteral nextBuffersAttrName = "mlc.next_buffers";

/// The value whose memory `value` shows under another shape: what the reshapes
/// above it started from.
inline mlir::Value bufferRoot(mlir::Value value) {
  while (auto reshape = value.getDefiningOp<ReshapeOp>())
    value = reshape.getX();
  return value;
}

/// Bytes of an element in memory.
inline int64_t elementBytes(mlir::Type tensor) {
  unsigned bits =
      mlir::cast<mlir::RankedTensorType>(tensor).getElementTypeBitWidth();
  return bits < 8 ? 1 : bits / 8;
}

} // namespace mlc

#endif // MLC_TRANSFORMS_BUFFERS_H
