//===- Attention.cpp - Attention and rotary embedding ---------------------===//
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

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

namespace {

class Attention {
public:
  explicit Attention(NodeContext &node);
  LogicalResult convert();

private:
  bool checkInputs();
  void concatPast();
  Formula computeScores();
  Formula padMask(const Formula &mask, double filling);
  /// [queries, 1] or [batch, 1, queries, 1]: where each query stands among the
  /// keys.
  Formula computePosition();
  /// What of [batch, heads, queries, keys] the node's rules leave visible; null
  /// where they say nothing.
  Formula computeVisible();
  Formula hide(const Formula &scores, const Formula &visible);
  void setScoresResult(int64_t mode, const Formula &scores);

  NodeContext &node;
  Type work, index;
  Formula query, key, value;
  /// How many keys come from the cache.
  Expr past = 0;
  bool isMerged;
};

} // namespace

Attention::Attention(NodeContext &node)
    : node(node),
      work(chooseWorkType(node, {node.input(0), node.input(1), node.input(2)})),
      index(node.builder.getI64Type()), query(node, size_t(0)), key(node, 1),
      value(node, 2), isMerged(query.rank() == 3) {}

bool Attention::checkInputs() {
  for (const Formula &input : {query, key, value})
    if (input.rank() != query.rank() ||
        (input.rank() != 3 && input.rank() != 4))
      node.report("expected query, key and value of one rank, 3 or 4, found " +
                  input.typeText());
  if (node.hasInput(4) != node.hasInput(5))
    node.report("past key and past value must be given together");
  if (node.hasInput(4) && node.hasInput(6))
    node.report("past key and value cannot be combined with nonpad_kv_seqlen");
  int64_t queryHeads = readHeads(node, "q_num_heads", query);
  int64_t heads = readHeads(node, "kv_num_heads", key);
  readHeads(node, "kv_num_heads", value);
  if (node.hasFailed())
    return false;
  query = splitHeads(query, queryHeads);
  key = splitHeads(key, heads);
  value = splitHeads(value, heads);
  if (isKnownNotEqual(mod(query.size(1), key.size(1)), Expr(0)))
    node.report("the heads of the query, " + query.size(1).toString() +
                ", are no multiple of those of the key, " +
                key.size(1).toString());
  return !node.hasFailed();
}

void Attention::concatPast() {
  if (node.hasInput(4)) {
    Formula pastKey(node, 4), pastValue(node, 5);
    past = pastKey.size(2);
    key = pastKey.concat(key, 2);
    value = pastValue.concat(value, 2);
  }
  node.setResult(key.get(), 1);
  node.setResult(value.get(), 2);
}

Formula Attention::computeScores() {
  Formula scores =
      multiplyGrouped(query.cast(work), key.cast(work).transpose({0, 1, 3, 2}));
  return scaleScores(node, scores, query);
}

/// A mask may end before the keys do.
Formula Attention::padMask(const Formula &mask, double filling) {
  if (!mask || mask.rank() == 0)
    return mask;
  int64_t last = mask.rank() - 1;
  Expr missing = key.size(2) - mask.size(last);
  node.requireNotNegative(missing, "the mask has more columns than keys");
  if (missing.is(0))
    return mask;
  Exprs sizes = mask.sizes();
  sizes[last] = missing;
  return mask.concat(mask.number(filling).broadcast(sizes, {}), last);
}

Formula Attention::computePosition() {
  Formula place = makeIota(node, query.size(2), index, 0, 2);
  Formula count = place.of(node.count(query.size(2), index));
  if (node.hasInput(6))
    return place + (Formula(node, 6).unsqueeze({1, 2, 3}) - count);
  return past.is(0) ? place : place + place.of(node.count(past, index));
}

Formula Attention::computeVisible() {
  Formula visible(node, nullptr);
  auto restrict = [&](const Formula &more) {
    visible = visible ? visible & more : more;
  };
  if (node.hasInput(3) && elementTypeOf(node.input(3)).isInteger(1))
    restrict(padMask(Formula(node, 3), 0));
  bool isCausal = node.getInt("is_causal", 0) != 0;
  int64_t left = node.getInt("left_window_size", -1);
  int64_t right = node.getInt("right_window_size", -1);
  bool isRelative = isCausal || left >= 0 || right >= 0;
  if (!isRelative && !node.hasInput(6))
    return visible;
  Formula keys = makeIota(node, key.size(2), index, 0, 1);
  Formula position = isRelative ? computePosition() : keys;
  if (isCausal)
    restrict(keys.apply<LessEqualOp>(position));
  if (left >= 0)
    restrict((position - left).apply<LessEqualOp>(keys));
  if (right >= 0)
    restrict(keys.apply<LessEqualOp>(position + right));
  if (node.hasInput(6))
    restrict(keys.apply<LessOp>(Formula(node, 6).unsqueeze({1, 2, 3})));
  return visible;
}

Formula Attention::hide(const Formula &scores, const Formula &visible) {
  Formula masked = scores;
  if (node.hasInput(3) && !elementTypeOf(node.input(3)).isInteger(1)) {
    Formula mask = padMask(Formula(node, 3).cast(work), minusInfinity);
    // Whatever the score is, minus infinity hides it.
    masked = mask.where(mask.apply<EqualOp>(minusInfinity), scores + mask);
  }
  return visible ? masked.where(visible, minusInfinity) : masked;
}

void Attention::setScoresResult(int64_t mode, const Formula &scores) {
  if (node.getInt("qk_matmul_output_mode", 0) == mode)
    node.setResult(scores.cast(elementTypeOf(node.input(0))).get(), 3);
}

LogicalResult Attention::convert() {
  if (!checkInputs())
    return failure();
  concatPast();
  Formula scores = computeScores();
  setScoresResult(0, scores);
  if (double softcap = node.getFloat("softcap", 0); softcap != 0)
    scores = (scores / softcap).apply<TanhOp>() * softcap;
  setScoresResult(1, scores);
  scores = hide(scores, computeVisible());
  setScoresResult(2, scores);
  Type precision = work;
  if (node.hasAttribute("softmax_precision") &&
      node.toType(node.getInt("softmax_precision", 0)).isF64())
    precision = node.builder.getF64Type();
  Formula weights =
      softmax(scores.cast(precision), 3, EmptyRow::Zero).cast(work);
  setScoresResult(3, weights);
  Formula result = multiplyGrouped(weights, value.cast(work));
  if (isMerged)
    result = mergeHeads(result);
  node.setResult(result.cast(elementTypeOf(node.input(0))).get());
  return success();
}

static LogicalResult convertAttention(NodeContext &node) {
  return Attention(node).convert();
}

//===----------------------------------------------------------------------===//
// FlexAttention
//===----------------------------------------------------------------------===//

/// What a subgraph of the node makes of `x`; `x` when there is none.
static Formula modify(NodeContext &node, StringRef attribute,
                      const Formula &x) {
  if (!x || !node.hasAttribute(attribute))
    return x;
  const Graph *graph = node.requireGraph(attribute);
  if (!graph)
    return x.of(nullptr);
  if (graph->inputs.size() != 1 || graph->outputs.size() != 1) {
    node.report("attribute \"" + attribute +
                "\" is a graph with other than one input and one output");
    return x.of(nullptr);
  }
  FailureOr<SmallVector<Value>> results =
      node.graph.importSubgraph(*graph, x.get());
  if (failed(results)) {
    (void)node.failQuietly();
    return x.of(nullptr);
  }
  return x.of(results->front());
}

static LogicalResult convertFlexAttention(NodeContext &node) {
  Formula query(node, size_t(0)), key(node, 1), value(node, 2);
  for (const Formula &input : {query, key, value})
    if (input.rank() != 4)
      return node.error("expected query, key and value of rank 4, found " +
                        input.typeText());
  Type work = chooseWorkType(node, node.allInputs());
  Type precision = node.hasAttribute("softmax_precision")
                       ? node.toType(node.getInt("softmax_precision", 0))
                       : work;
  Formula scores =
      multiplyGrouped(query.cast(work), key.cast(work).transpose({0, 1, 3, 2}));
  scores = modify(node, "score_mod",
                  scaleScores(node, scores, query).cast(precision));
  Formula weights = softmax(scores.widen(), 3).cast(scores.element());
  weights = modify(node, "prob_mod", weights);
  Formula result = multiplyGrouped(weights.cast(work), value.cast(work));
  node.setResult(result.cast(query.element()).get());
  return success();
}

//===----------------------------------------------------------------------===//
// RotaryEmbedding
//===----------------------------------------------------------------------===//

namespace {
/// The two parts of a vector that rotate against each other.
struct Halves {
  Formula first, second;
};
} // namespace

/// The halves of the last axis, or its even and odd elements.
static Halves splitRotated(const Formula &x, bool isInterleaved) {
  if (!x)
    return {x, x};
  int64_t last = x.rank() - 1;
  Expr half = floorDiv(x.size(last), Expr(2));
  if (!isInterleaved)
    return {x.slice(last, 0, half), x.slice(last, half, half)};
  Exprs pairs = x.sizes();
  pairs[last] = half;
  pairs.push_back(2);
  Formula paired = x.reshape(pairs);
  return {paired.slice(last + 1, 0, 1).squeeze(last + 1),
          paired.slice(last + 1, 1, 1).squeeze(last + 1)};
}

static Formula joinRotated(const Halves &halves, bool isInterleaved) {
  if (!halves.first || !halves.second)
    return halves.first.of(nullptr);
  int64_t last = halves.first.rank() - 1;
  if (!isInterleaved)
    return halves.first.concat(halves.second, last);
  Exprs sizes = halves.first.sizes();
  sizes[last] = sizes[last] * Expr(2);
  return halves.first.unsqueeze(last + 1)
      .concat(halves.second.unsqueeze(last + 1), last + 1)
      .reshape(sizes);
}

Formula mlc::onnx::rotate(const Formula &x, const Rotation &rotation) {
  if (!x)
    return x;
  Expr size = x.size(3), rotated = rotation.size.is(0) ? size : rotation.size;
  Formula cosine = rotation.cosine.unsqueeze(1);
  Formula sine = rotation.sine.unsqueeze(1);
  Halves halves = splitRotated(x.slice(3, 0, rotated), rotation.isInterleaved);
  Halves turned = {cosine * halves.first - sine * halves.second,
                   sine * halves.first + cosine * halves.second};
  Formula y = joinRotated(turned, rotation.isInterleaved);
  return rotated == size ? y : y.concat(x.slice(3, rotated, size - rotated), 3);
}

LogicalResult mlc::onnx::finishRotary(NodeContext &node, const Formula &input,
                                      const Formula &x, const Formula &cosine,
                                      const Formula &sine) {
  Formula y = rotate(x.widen(), {cosine, sine,
                                 Expr(node.getInt("rotary_embedding_dim", 0)),
                                 node.getInt("interleaved", 0) != 0});
  if (input.rank() == 3)
    y = mergeHeads(y);
  node.setResult(y.cast(input.element()).get());
  return success();
}

/// The caches are [batch, length, half of the size] or, with positions,
/// [place, half of the size].
static LogicalResult convertRotaryEmbedding(NodeContext &node) {
  Formula input(node, size_t(0));
  int64_t heads = readHeads(node, "num_heads", input);
  if (node.hasFailed())
    return failure();
  auto readCache = [&](size_t index) {
    Value cache = node.input(index);
    if (node.hasInput(3))
      cache = gather(node, cache, node.input(3), 0);
    return Formula(node, cache).widen();
  };
  return finishRotary(node, input, splitHeads(input, heads), readCache(1),
                      readCache(2));
}

void mlc::onnx::addAttention(ConverterTable &table) {
  table.add("Attention", {23, 3, 7, convertAttention});
  table.add("FlexAttention", {1, 3, 3, convertFlexAttention},
            "ai.onnx.preview");
  table.add("RotaryEmbedding", {23, 3, 4, convertRotaryEmbedding});
}
