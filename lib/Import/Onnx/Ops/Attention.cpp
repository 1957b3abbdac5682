//===- Attention.cpp - Attention and rotary embedding ---------------------===//
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

static constexpr double infinity = std::numeric_limits<double>::infinity();

//===----------------------------------------------------------------------===//
// Heads
//===----------------------------------------------------------------------===//

/// [batch, length, heads * size] as [batch, heads, length, size]; what has rank
/// 4 is so already.
static Formula splitHeads(const Formula &x, int64_t heads) {
  if (!x || x.rank() != 3)
    return x;
  Exprs sizes = x.sizes();
  Expr size = floorDiv(sizes[2], Expr(heads));
  return x.reshape({sizes[0], sizes[1], Expr(heads), size})
      .transpose({0, 2, 1, 3});
}

static Formula mergeHeads(const Formula &x) {
  if (!x)
    return x;
  Exprs sizes = x.sizes();
  return x.transpose({0, 2, 1, 3})
      .reshape({sizes[0], sizes[2], sizes[1] * sizes[3]});
}

/// The number of heads that the attribute gives for inputs of rank 3.
static int64_t readHeads(NodeContext &node, StringRef attribute,
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
  /// The product of the queries, grouped by the head of `other`, with it.
  Formula multiplyGrouped(const Formula &x, const Formula &other);
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
                  debugString(input.get().getType()));
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

/// Queries that share a head of the keys are rows of one matrix:
///
///   [batch, heads * group, length, n] -> [batch, heads, group * length, n]
Formula Attention::multiplyGrouped(const Formula &x, const Formula &other) {
  if (!x || !other)
    return x.of(nullptr);
  Exprs sizes = x.sizes();
  Expr heads = other.size(1), group = floorDiv(sizes[1], heads);
  Formula grouped = x.reshape({sizes[0], heads, group * sizes[2], sizes[3]});
  Formula product = x.of(node.create<MatmulOp>(grouped.get(), other.get()));
  if (!product)
    return product;
  return product.reshape({sizes[0], sizes[1], sizes[2], product.size(3)});
}

Formula Attention::computeScores() {
  Formula scores =
      multiplyGrouped(query.cast(work), key.cast(work).transpose({0, 1, 3, 2}));
  if (node.hasAttribute("scale"))
    return scores * node.getFloat("scale", 1);
  Formula size = scores.of(node.count(query.size(3), work));
  return scores * size.apply<RsqrtOp>();
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
    Formula mask = padMask(Formula(node, 3).cast(work), -infinity);
    // Whatever the score is, minus infinity hides it.
    masked = mask.where(mask.apply<EqualOp>(-infinity), scores + mask);
  }
  return visible ? masked.where(visible, -infinity) : masked;
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

/// Rotates each pair by the angle whose cosine and sine stand in the caches,
/// [batch, length, half of the size].
static LogicalResult convertRotaryEmbedding(NodeContext &node) {
  Formula input(node, size_t(0));
  if (node.hasInput(3))
    return node.error("input \"position_ids\" is not supported");
  int64_t heads = readHeads(node, "num_heads", input);
  if (node.hasFailed())
    return failure();
  Formula x = splitHeads(input, heads).widen();
  Expr size = x.size(3);
  Expr rotated = node.getInt("rotary_embedding_dim", 0);
  if (rotated.is(0))
    rotated = size;
  auto readCache = [&](size_t index) {
    return Formula(node, index).widen().unsqueeze(1);
  };
  Formula cosine = readCache(1), sine = readCache(2);
  bool isInterleaved = node.getInt("interleaved", 0) != 0;
  Halves x12 = splitRotated(x.slice(3, 0, rotated), isInterleaved);
  Halves turned = {cosine * x12.first - sine * x12.second,
                   sine * x12.first + cosine * x12.second};
  Formula y = joinRotated(turned, isInterleaved);
  if (!(rotated == size))
    y = y.concat(x.slice(3, rotated, size - rotated), 3);
  if (input.rank() == 3)
    y = mergeHeads(y);
  node.setResult(y.cast(input.element()).get());
  return success();
}

//===----------------------------------------------------------------------===//
// CausalConvWithState
//===----------------------------------------------------------------------===//

/// A filter of few taps per channel, as the sum of its taps' products:
///
///   y[t] = sum over k of w[k] * x[t + k]
///
/// where x starts with the state, which is as long as the filter less one.
static LogicalResult convertCausalConv(NodeContext &node) {
  Formula input(node, size_t(0)), filter(node, 1);
  if (input.rank() != 3 || filter.rank() != 3)
    return node.error("expected input and filter of rank 3, found " +
                      debugString(input.get().getType()) + " and " +
                      debugString(filter.get().getType()));
  std::optional<int64_t> taps = filter.size(2).getLiteral();
  if (!taps || *taps < 1)
    return node.error("the size of the filter is not known at compile time");
  StringRef activation =
      node.getChoice("activation", {"none", "silu", "swish"});
  Exprs sizes = input.sizes();
  Expr length = sizes[2];
  sizes[2] = *taps - 1;
  Formula state = node.hasInput(3) ? Formula(node, 3)
                                   : input.number(0).broadcast(sizes, {});
  Formula joined = *taps > 1 ? state.concat(input, 2) : input;
  Formula x = joined.widen(), w = filter.widen().squeeze(1);
  Formula sum(node, nullptr);
  for (int64_t tap = 0; tap < *taps; ++tap) {
    Formula product = x.slice(2, tap, length) * w.slice(1, tap, 1);
    sum = sum ? sum + product : product;
  }
  if (node.hasInput(2))
    sum = sum + Formula(node, 2).widen().unsqueeze(1);
  if (activation != "none")
    sum = swish(sum, 1);
  node.setResult(sum.cast(input.element()).get());
  node.setResult(joined.slice(2, length, sizes[2]).get(), 1);
  return success();
}

void mlc::onnx::addAttention(ConverterTable &table) {
  table.add("Attention", {23, 3, 7, convertAttention});
  table.add("CausalConvWithState", {27, 2, 4, convertCausalConv});
  table.add("RotaryEmbedding", {23, 3, 4, convertRotaryEmbedding});
}
