//===- Softmax.cpp - Softmax and its kin ----------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "Composites.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

Formula mlc::onnx::softmax(const Formula &x, int64_t axis, EmptyRow emptyRow) {
  Formula maximum = x.reduce(ReduceKind::Max, axis);
  if (emptyRow == EmptyRow::Nan) {
    Formula powers = (x - maximum).apply<ExpOp>();
    return powers / powers.sum(axis);
  }
  // An empty row has the maximum -inf and, with 0 for that, the sum 0.
  maximum = maximum.number(0).where(maximum.apply<IsInfOp>(), maximum);
  Formula powers = (x - maximum).apply<ExpOp>();
  Formula sum = powers.sum(axis);
  return powers / sum.number(1).where(sum.apply<EqualOp>(0), sum);
}

Formula mlc::onnx::logSoftmax(const Formula &x, int64_t axis) {
  Formula shifted = x - x.reduce(ReduceKind::Max, axis);
  return shifted - shifted.apply<ExpOp>().sum(axis).apply<LogOp>();
}

static Formula softmaxOf(const Formula &x, int64_t axis) {
  return softmax(x, axis);
}

/// 1 at the first of the largest elements.
static Formula hardmax(const Formula &x, int64_t axis) {
  NodeContext &node = x.context();
  if (!x)
    return x;
  Type index = node.builder.getI64Type();
  Formula places = makeIota(node, x.size(axis), index, axis, x.rank());
  Formula isLargest = x.apply<EqualOp>(x.reduce(ReduceKind::Max, axis));
  Formula none = x.of(node.count(x.size(axis), index));
  Formula first = places.where(isLargest, none).reduce(ReduceKind::Min, axis);
  return places.apply<EqualOp>(first).cast(x.element());
}

/// Before version 13 all axes from `axis` on count as one.
template <Formula (*function)(const Formula &, int64_t)>
static LogicalResult convertAlongAxis(NodeContext &node) {
  Formula input(node, 0);
  int64_t rank = input.rank();
  bool isFlat = node.opset < 13;
  int64_t axis = node.getInt("axis", isFlat ? 1 : -1);
  // The flattening reading allows an axis after the last.
  axis = isFlat && axis == rank ? rank : node.normalizeAxis(axis, rank);
  if (node.hasFailed())
    return failure();
  Formula x = input.widen();
  if (!isFlat || axis == rank - 1) {
    node.setResult(function(x, axis).cast(input.element()).get());
    return success();
  }
  Exprs flat = {Expr(1), Expr(1)};
  for (auto [i, size] : llvm::enumerate(input.sizes())) {
    Expr &part = flat[static_cast<int64_t>(i) >= axis];
    part = part * size;
  }
  Formula result = function(x.reshape(flat), 1).reshape(input.sizes());
  node.setResult(result.cast(input.element()).get());
  return success();
}

void mlc::onnx::addSoftmax(ConverterTable &table) {
  table.add("Hardmax", {1, 1, 1, convertAlongAxis<hardmax>});
  table.add("LogSoftmax", {1, 1, 1, convertAlongAxis<logSoftmax>});
  table.add("Softmax", {1, 1, 1, convertAlongAxis<softmaxOf>});
}
