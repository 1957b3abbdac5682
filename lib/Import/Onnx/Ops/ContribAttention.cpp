//===- ContribAttention.cpp - Attention of onnxruntime's domain -----------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "Heads.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

namespace {
/// What both forms of attention end in: query, key and value of
/// [batch, heads, length, size].
struct AttentionOperands {
  Formula query, key, value;
  /// [batch, keys] of integers, 0 for what is hidden; or null.
  Formula keyMask;
  /// Added to the scores; or null.
  Formula bias;
};
} // namespace

/// Hidden keys keep the score that the attribute gives, as in onnxruntime: a
/// row without a visible key spreads over all.
static Formula attend(NodeContext &node, const AttentionOperands &operands) {
  const Formula &query = operands.query, &key = operands.key;
  Formula scores = scaleScores(
      node, multiplyGrouped(query, key.transpose({0, 1, 3, 2})), query);
  if (operands.bias)
    scores = scores + operands.bias;
  if (operands.keyMask) {
    double filling = node.getFloat("mask_filter_value", -10000);
    Formula isVisible = operands.keyMask.apply<NotEqualOp>(0).unsqueeze({1, 2});
    scores = scores + scores.number(0).where(isVisible, scores.number(filling));
  }
  if (node.getInt("unidirectional", 0) != 0 && scores) {
    Type index = node.builder.getI64Type();
    Formula keys = makeIota(node, scores.size(3), index);
    Formula queries = makeIota(node, scores.size(2), index, 0, 2);
    Formula past =
        scores.of(node.count(scores.size(3) - scores.size(2), index));
    scores =
        scores.where(keys.apply<LessEqualOp>(queries + past), minusInfinity);
  }
  return mergeHeads(multiplyGrouped(softmax(scores, 3), operands.value));
}

/// A mask with one number per key; other forms are refused.
static Formula readKeyMask(NodeContext &node, size_t index) {
  Formula mask(node, index);
  if (mask && mask.rank() != 2)
    node.reportUnsupported(
        "a mask of type " + mask.typeText() +
        " is not supported; one number per key is, [batch, keys]");
  return mask;
}

static void refuseInputs(NodeContext &node, ArrayRef<size_t> indices) {
  for (size_t index : indices)
    if (node.hasInput(index))
      node.reportUnsupported("input " + Twine(index) + " is not supported");
}

/// Inputs: query, key, value, bias, key mask, bias of scores, past key, past
/// value.
static LogicalResult convertMultiHeadAttention(NodeContext &node) {
  Formula input(node, size_t(0));
  if (input.rank() != 3 || !node.hasInput(1) || !node.hasInput(2))
    return node.unsupported("packed query, key and value are not supported");
  refuseInputs(node, {8, 9});
  int64_t heads = readHeads(node, "num_heads", input);
  Formula keyMask = readKeyMask(node, 4);
  if (node.hasFailed())
    return failure();
  Formula bias = Formula(node, 3).widen();
  Expr start(0);
  auto read = [&](size_t index) {
    Formula x = Formula(node, index).widen();
    if (!x || x.rank() != 3)
      return x;
    Expr width = x.size(2);
    if (bias)
      x = x + bias.slice(0, start, width);
    start = start + width;
    return splitHeads(x, heads);
  };
  Formula query = read(0), key = read(1), value = read(2);
  if (node.hasInput(6) && node.hasInput(7)) {
    key = Formula(node, 6).widen().concat(key, 2);
    value = Formula(node, 7).widen().concat(value, 2);
  }
  Formula y =
      attend(node, {query, key, value, keyMask, Formula(node, 5).widen()});
  node.setResult(y.cast(input.element()).get());
  node.setResult(key.cast(input.element()).get(), 1);
  node.setResult(value.cast(input.element()).get(), 2);
  return success();
}

/// Inputs: x, the weights and biases of query, key and value side by side, key
/// mask, past, bias of scores.
static LogicalResult convertAttention(NodeContext &node) {
  Formula input(node, size_t(0)), weights(node, 1);
  if (input.rank() != 3 || weights.rank() != 2)
    return node.error("expected an input of rank 3 and weights of rank 2, "
                      "found " +
                      input.typeText() + " and " + weights.typeText());
  refuseInputs(node, {4, 6});
  int64_t heads = node.requireInt("num_heads");
  Expr third = floorDiv(weights.size(1), Expr(3));
  SmallVector<Expr> widths(3, third);
  if (std::optional<SmallVector<int64_t>> given =
          node.getInts("qkv_hidden_sizes"))
    if (given->size() == 3)
      widths.assign(given->begin(), given->end());
  Formula keyMask = readKeyMask(node, 3);
  if (node.hasFailed() || heads < 1)
    return node.hasFailed() ? failure()
                            : node.error("attribute \"num_heads\" is not "
                                         "positive");
  Formula all = matmul(input.widen(), weights.widen());
  if (node.hasInput(2))
    all = all + Formula(node, 2).widen();
  auto part = [&](const Expr &start, const Expr &width) {
    return splitHeads(all.slice(2, start, width), heads);
  };
  Formula query = part(0, widths[0]), key = part(widths[0], widths[1]);
  Formula value = part(widths[0] + widths[1], widths[2]);
  Formula y =
      attend(node, {query, key, value, keyMask, Formula(node, 5).widen()});
  node.setResult(y.cast(input.element()).get());
  return success();
}

/// The standard's RotaryEmbedding with other inputs: x, positions, cosines,
/// sines.
static LogicalResult convertRotaryEmbedding(NodeContext &node) {
  Formula input(node, size_t(0)), positions(node, 1);
  Formula x = input;
  if (input.rank() == 3) {
    Expr half = Formula(node, 2).size(1);
    int64_t heads = node.getInt("num_heads", 0);
    std::optional<int64_t> derived =
        floorDiv(input.size(2), half * Expr(2)).getLiteral();
    if (heads < 1 && !derived)
      return node.error("attribute \"num_heads\" is missing");
    x = splitHeads(input, heads > 0 ? heads : *derived);
  }
  if (node.hasFailed())
    return failure();
  if (positions.rank() == 1) {
    // One number: the position of the first token.
    Formula place = makeIota(node, x.size(2), positions.element());
    positions = (place + positions).reshape({Expr(1), x.size(2)});
  }
  auto readCache = [&](size_t index) {
    Value rows = gather(node, node.input(index), positions.get(), 0);
    return Formula(node, rows).widen();
  };
  return finishRotary(node, input, x, readCache(2), readCache(3));
}

void mlc::onnx::addContribAttention(ConverterTable &table) {
  StringRef domain = "com.microsoft";
  table.add("Attention", {1, 2, 7, convertAttention}, domain);
  table.add("MultiHeadAttention", {1, 1, 10, convertMultiHeadAttention},
            domain);
  table.add("RotaryEmbedding", {1, 4, 4, convertRotaryEmbedding}, domain);
}
