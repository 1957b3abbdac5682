//===- Heads.cpp - Parts of attention -------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Heads.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

int64_t mlc::onnx::readHeads(NodeContext &node, StringRef attribute,
                             const Formula &x) {
  if (!x || x.rank() != 3)
    return 0;
  int64_t heads = node.requireInt(attribute);
  if (!node.hasFailed() &&
      (heads < 1 || isKnownNotEqual(mod(x.size(2), Expr(heads)), Expr(0))))
    node.report("attribute \"" + attribute + "\" is " + Twine(heads) +
                "; allowed is what divides " + x.size(2).toString());
  return heads;
}

Formula mlc::onnx::splitHeads(const Formula &x, int64_t heads) {
  if (!x || x.rank() != 3)
    return x;
  Exprs sizes = x.sizes();
  Expr size = floorDiv(sizes[2], Expr(heads));
  return x.reshape({sizes[0], sizes[1], Expr(heads), size})
      .transpose({0, 2, 1, 3});
}

Formula mlc::onnx::mergeHeads(const Formula &x) {
  if (!x)
    return x;
  Exprs sizes = x.sizes();
  return x.transpose({0, 2, 1, 3})
      .reshape({sizes[0], sizes[2], sizes[1] * sizes[3]});
}

/// Queries that share a head of the keys are rows of one matrix:
///
///   [batch, heads * group, length, n] -> [batch, heads, group * length, n]
Formula mlc::onnx::multiplyGrouped(const Formula &x, const Formula &y) {
  if (!x || !y)
    return x.of(nullptr);
  Exprs sizes = x.sizes();
  Expr heads = y.size(1), group = floorDiv(sizes[1], heads);
  Formula grouped = x.reshape({sizes[0], heads, group * sizes[2], sizes[3]});
  Formula product = x.of(x.context().create<MatmulOp>(grouped.get(), y.get()));
  if (!product)
    return product;
  return product.reshape({sizes[0], sizes[1], sizes[2], product.size(3)});
}

Formula mlc::onnx::scaleScores(NodeContext &node, const Formula &scores,
                               const Formula &query) {
  if (!scores || !query)
    return scores;
  double scale = node.getFloat("scale", 0);
  if (scale != 0)
    return scores * scale;
  Expr size = query.size(query.rank() - 1);
  Formula count = scores.of(node.count(size, scores.element()));
  return scores * count.apply<RsqrtOp>();
}
