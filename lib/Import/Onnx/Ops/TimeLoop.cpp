//===- TimeLoop.cpp - Steps over time with states -------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TimeLoop.h"
#include "../LoopBuilder.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

/// Up to this many steps are written out: models that are fed step by step get
/// straight code, and longer ones stay one kernel per op of a step.
static constexpr int64_t maxUnrolledSteps = 2;

static SmallVector<Value> valuesOf(ArrayRef<Formula> formulas) {
  return llvm::map_to_vector(formulas,
                             [](const Formula &x) { return x.get(); });
}

static SmallVector<Formula> formulasOf(NodeContext &node, ValueRange values) {
  return llvm::map_to_vector(values, [&](Value x) { return Formula(node, x); });
}

static TimeResult unroll(NodeContext &node, const TimeRange &range,
                         int64_t count, ArrayRef<Formula> initial,
                         TimeBody body) {
  SmallVector<Formula> states(initial);
  SmallVector<Value> outputs(count);
  for (int64_t i = 0; i < count && !node.hasFailed(); ++i) {
    int64_t time = range.isReverse ? count - 1 - i : i;
    TimeStep step = body(Expr(time), states);
    states = std::move(step.states);
    outputs[time] = step.output.unsqueeze(0).get();
  }
  Value stack = node.create<ConcatOp>(ValueRange(outputs), int64_t(0));
  return {states, {node, stack}};
}

static Formula reverse(const Formula &x) {
  if (!x)
    return x;
  Exprs offsets(x.rank(), Expr(0));
  offsets[0] = x.size(0) - Expr(1);
  SmallVector<int64_t> strides(x.rank(), 1);
  strides[0] = -1;
  return x.of(x.context().slice(x.get(), offsets, x.sizes(), strides));
}

TimeResult mlc::onnx::runOverTime(NodeContext &node, const TimeRange &range,
                                  ArrayRef<Formula> initial, TimeBody body) {
  std::optional<int64_t> count = range.count.getLiteral();
  if (count && *count > 0 && *count <= maxUnrolledSteps)
    return unroll(node, range, *count, initial, body);
  SmallVector<Value> inits = valuesOf(initial);
  auto makeStep = [&](Value iteration,
                      ValueRange carried) -> std::optional<LoopStep> {
    Expr time = node.shapes.value(iteration);
    if (range.isReverse)
      time = range.count - Expr(1) - time;
    TimeStep step = body(time, formulasOf(node, carried));
    if (node.hasFailed())
      return std::nullopt;
    return LoopStep{nullptr, valuesOf(step.states), {step.output.get()}};
  };
  FailureOr<SmallVector<Value>> results =
      buildLoop(node, range.count, nullptr, inits, makeStep);
  if (failed(results))
    return {SmallVector<Formula>(initial), {node, nullptr}};
  Formula outputs(node, results->pop_back_val());
  return {formulasOf(node, *results),
          range.isReverse ? reverse(outputs) : outputs};
}
