//===- LinearAttention.cpp - Recurrences with a matrix for a state --------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "Composites.h"
#include "TimeLoop.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

//===----------------------------------------------------------------------===//
// LinearAttention
//===----------------------------------------------------------------------===//

namespace {

/// All inputs with time as the first axis and heads apart.
struct Sequence {
  /// [time, batch, heads, group, key size]: the queries that share a head.
  Formula query;
  /// [time, batch, heads, key size, 1]
  Formula key;
  /// [time, batch, heads, 1, value size]
  Formula value;
  /// [time, batch, heads, key size or 1, 1], or null: the factor that the state
  /// keeps.
  Formula kept;
  /// [time, batch, heads or 1, 1, 1], or null.
  Formula rate;
};

/// The linear recurrence of a state [batch, heads, key size, value size].
class LinearAttention {
public:
  explicit LinearAttention(NodeContext &node)
      : node(node), queryHeads(node.requireInt("q_num_heads")),
        heads(node.requireInt("kv_num_heads")) {}
  LogicalResult convert();

private:
  bool readRule();
  /// [batch, time, heads * size] as [time, batch, heads, rows, columns].
  Formula split(size_t input, int64_t heads, const Expr &rows,
                const Expr &columns);
  Sequence readSequence();
  Formula readState(const Sequence &sequence);
  TimeStep step(const Sequence &sequence, const Expr &time,
                const Formula &state);

  NodeContext &node;
  int64_t queryHeads, heads;
  bool isGated = false, isDelta = false;
};

} // namespace

bool LinearAttention::readRule() {
  StringRef rule = node.getChoice("update_rule",
                                  {"gated_delta", "linear", "gated", "delta"});
  isGated = rule.starts_with("gated");
  isDelta = rule.ends_with("delta");
  if (node.hasFailed())
    return false;
  if (heads < 1 || queryHeads < 1 || queryHeads % heads != 0)
    node.report("attributes \"q_num_heads\" and \"kv_num_heads\" are " +
                Twine(queryHeads) + " and " + Twine(heads) +
                "; the first must be a multiple of the second");
  for (size_t index : {0, 1, 2})
    if (NodeContext::rankOf(node.input(index)) != 3)
      node.report("expected inputs of rank 3, found " +
                  debugString(node.input(index).getType()));
  if (isGated && !node.hasInput(4))
    node.report("input \"decay\" is missing, which rule \"" + rule +
                "\" needs");
  if (isDelta && !node.hasInput(5))
    node.report("input \"beta\" is missing, which rule \"" + rule + "\" needs");
  return !node.hasFailed();
}

Formula LinearAttention::split(size_t input, int64_t count, const Expr &rows,
                               const Expr &columns) {
  Formula x = Formula(node, input).widen();
  return x.reshape({x.size(0), x.size(1), Expr(count), rows, columns})
      .transpose({1, 0, 2, 3, 4});
}

Sequence LinearAttention::readSequence() {
  auto sizeOf = [&](size_t input) {
    Formula x(node, input);
    return x.size(x.rank() - 1);
  };
  Expr keySize = floorDiv(sizeOf(1), Expr(heads));
  Expr valueSize = floorDiv(sizeOf(2), Expr(heads));
  Formula none(node, nullptr);
  Sequence result = {split(0, heads, queryHeads / heads, keySize),
                     split(1, heads, keySize, 1), split(2, heads, 1, valueSize),
                     none, none};
  if (isGated) {
    Expr decaySize = floorDiv(sizeOf(4), Expr(heads));
    result.kept = split(4, heads, decaySize, 1).apply<ExpOp>();
  }
  if (isDelta)
    result.rate = split(5, sizeOf(5).is(1) ? 1 : heads, 1, 1);
  double scale = node.getFloat("scale", 0);
  if (scale != 0)
    result.query = result.query * scale;
  else
    result.query =
        result.query *
        none.of(node.count(keySize, result.query.element())).apply<RsqrtOp>();
  return result;
}

Formula LinearAttention::readState(const Sequence &sequence) {
  if (node.hasInput(3))
    return Formula(node, 3).widen();
  return sequence.key.number(0).broadcast({sequence.key.size(1), Expr(heads),
                                           sequence.key.size(3),
                                           sequence.value.size(4)},
                                          {});
}

/// The delta rule replaces what the state holds for the key; the others add.
TimeStep LinearAttention::step(const Sequence &sequence, const Expr &time,
                               const Formula &state) {
  auto at = [&](const Formula &x) { return x.slice(0, time, 1).squeeze(0); };
  Formula key = at(sequence.key), added = at(sequence.value);
  Formula before = isGated ? state * at(sequence.kept) : state;
  if (isDelta)
    added = (added - (before * key).sum(2)) * at(sequence.rate);
  Formula after = before + key * added;
  Formula query = at(sequence.query);
  return {{after}, query.of(node.create<MatmulOp>(query.get(), after.get()))};
}

LogicalResult LinearAttention::convert() {
  if (!readRule())
    return failure();
  Formula input(node, size_t(0));
  Sequence sequence = readSequence();
  if (node.hasFailed())
    return failure();
  Formula initial = readState(sequence);
  TimeResult result =
      runOverTime(node, {input.size(1)}, initial,
                  [&](const Expr &time, ArrayRef<Formula> states) {
                    return step(sequence, time, states.front());
                  });
  if (node.hasFailed())
    return failure();
  Formula outputs = result.outputs.transpose({1, 0, 2, 3, 4});
  Expr width = Expr(queryHeads) * outputs.size(4);
  node.setResult(outputs.reshape({outputs.size(0), outputs.size(1), width})
                     .cast(input.element())
                     .get());
  Type element =
      node.hasInput(3) ? elementTypeOf(node.input(3)) : input.element();
  node.setResult(result.states.front().cast(element).get(), 1);
  return success();
}

static LogicalResult convertLinearAttention(NodeContext &node) {
  return LinearAttention(node).convert();
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
                      input.typeText() + " and " + filter.typeText());
  std::optional<int64_t> taps = filter.size(2).getLiteral();
  if (!taps)
    return node.unsupported("the size of the filter is not known at compile "
                            "time");
  if (*taps < 1)
    return node.error("the filter is empty");
  if (!node.canWriteOut(*taps, "taps of the filter"))
    return failure();
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

void mlc::onnx::addLinearAttention(ConverterTable &table) {
  table.add("CausalConvWithState", {27, 2, 4, convertCausalConv});
  table.add("LinearAttention", {27, 3, 6, convertLinearAttention});
}
