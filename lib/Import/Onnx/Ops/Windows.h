//===- Windows.h - The windows of convolutions and pools --------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolutions and pools slide windows over the spatial axes. ONNX puts the
// channels before these, mlc after.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_IMPORT_ONNX_OPS_WINDOWS_H
#define MLC_IMPORT_ONNX_OPS_WINDOWS_H

#include "../NodeContext.h"

namespace mlc::onnx {

/// One number per spatial axis in each list.
struct Windows {
  llvm::SmallVector<int64_t> sizes, strides, dilations;
  /// The border before and after, which the node asks for.
  Exprs low, high;
  /// What the last window needs past that border, when their count is rounded
  /// up.
  Exprs overhang;

  /// The elements from the first to the last of a window.
  int64_t span(size_t axis) const {
    return (sizes[axis] - 1) * dilations[axis] + 1;
  }
  size_t count() const { return sizes.size(); }
  /// Whether a window may reach over the tensor.
  bool haveBorder() const;
};

/// Strides, dilations, borders and windows are no longer, so that sums and
/// products of them with sizes do not overflow.
constexpr int64_t maxStep = std::numeric_limits<int32_t>::max();

/// One number of `attribute` per spatial axis, `absent` without it; reports a
/// number below `least` or above `maxStep`.
llvm::SmallVector<int64_t> readSteps(NodeContext &node,
                                     llvm::StringRef attribute, size_t count,
                                     int64_t least = 1, int64_t absent = 1);

/// Reads strides, dilations and padding of windows of `sizes` over axes of size
/// `spatial`. Reports what is wrong.
Windows readWindows(NodeContext &node, llvm::ArrayRef<Expr> spatial,
                    llvm::ArrayRef<int64_t> sizes);

/// [N, C, spatial...] -> [N, spatial..., C] and back.
mlir::Value toChannelsLast(NodeContext &node, mlir::Value x);
mlir::Value toChannelsFirst(NodeContext &node, mlir::Value x);

/// Surrounds the spatial axes of `x`, channels last.
mlir::Value padSpatial(NodeContext &node, mlir::Value x, mlir::Value value,
                       llvm::ArrayRef<Expr> low, llvm::ArrayRef<Expr> high);

} // namespace mlc::onnx

#endif // MLC_IMPORT_ONNX_OPS_WINDOWS_H
