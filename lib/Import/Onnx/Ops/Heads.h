//===- Heads.h - Parts of attention -----------------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_IMPORT_ONNX_OPS_HEADS_H
#define MLC_IMPORT_ONNX_OPS_HEADS_H

#include "Composites.h"

namespace mlc::onnx {

inline constexpr double minusInfinity =
    -std::numeric_limits<double>::infinity();

/// The number of heads that the attribute gives for inputs of rank 3; 0 for
/// others.
int64_t readHeads(NodeContext &node, llvm::StringRef attribute,
                  const Formula &x);
/// [batch, length, heads * size] as [batch, heads, length, size]; what has rank
/// 4 is so already.
Formula splitHeads(const Formula &x, int64_t heads);
Formula mergeHeads(const Formula &x);
/// The product of `x`, whose heads may be a multiple of those of `y`, with the
/// matrix of the head that each shares.
Formula multiplyGrouped(const Formula &x, const Formula &y);
/// The scores times the attribute "scale", or over the root of the size of the
/// query, [..., size].
Formula scaleScores(NodeContext &node, const Formula &scores,
                    const Formula &query);

/// Rotation of pairs of elements by angles of [batch, length, half of `size`].
struct Rotation {
  Formula cosine, sine;
  /// How many elements of each head rotate; 0 for all.
  Expr size;
  /// Pairs are neighbours, not half a size apart.
  bool isInterleaved;
};
/// Rotates [batch, heads, length, size].
Formula rotate(const Formula &x, const Rotation &rotation);
/// Ends the conversion of RotaryEmbedding: `input`, whose heads are `x`,
/// rotated as the node's attributes say.
mlir::LogicalResult finishRotary(NodeContext &node, const Formula &input,
                                 const Formula &x, const Formula &cosine,
                                 const Formula &sine);

} // namespace mlc::onnx

#endif // MLC_IMPORT_ONNX_OPS_HEADS_H
