//===- Composites.h - Graphs of ops that several families use ---*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_IMPORT_ONNX_OPS_COMPOSITES_H
#define MLC_IMPORT_ONNX_OPS_COMPOSITES_H

#include "Formula.h"

namespace mlc::onnx {

enum class EmptyRow {
  /// A row of minus infinities becomes NaN.
  Nan,
  /// A row of minus infinities, where nothing is chosen, becomes zeros.
  Zero,
};

/// exp(x) / sum(exp(x)) along `axis`, safe from overflow.
Formula softmax(const Formula &x, int64_t axis,
                EmptyRow emptyRow = EmptyRow::Nan);
/// The logarithm of the above.
Formula logSoftmax(const Formula &x, int64_t axis);

/// The product of MatMul: vectors count as matrices, leading axes broadcast.
Formula matmul(const Formula &x, const Formula &y);

/// `x` at `indices` along `axis`; an index outside ends the run.
mlir::Value gather(NodeContext &node, mlir::Value x, mlir::Value indices,
                   int64_t axis);

/// x * sigmoid(alpha * x).
Formula swish(const Formula &x, double alpha);
/// Gelu, exact or in the approximation by tanh.
Formula gelu(const Formula &x, bool isTanh);

/// round(x) + zeroPoint, cut to the range of `element`, an integer.
Formula saturate(const Formula &x, const Formula &zeroPoint,
                 mlir::Type element);

/// An activation that other ops name in a string. Parameters that it lacks are
/// ignored.
struct NamedActivation {
  llvm::StringLiteral name;
  bool hasAlpha, hasBeta;
  double alpha, beta;
  Formula (*apply)(const Formula &x, double alpha, double beta);
};

/// Null when there is none of the name; capitals do not matter.
const NamedActivation *findActivation(llvm::StringRef name);

} // namespace mlc::onnx

#endif // MLC_IMPORT_ONNX_OPS_COMPOSITES_H
