//===- TimeLoop.cpp - Steps over time with states -------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TimeLoop.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

/// Longer loops are not written out step by step.
static constexpr int64_t maxUnrolledSteps = 32;

static LoopResult unroll(NodeContext &node, const LoopRange &range,
                         int64_t count, ArrayRef<Formula> initial,
                         LoopBody body) {
  SmallVector<Formula> states(initial);
  SmallVector<Value> outputs(count);
  for (int64_t i = 0; i < count && !node.hasFailed(); ++i) {
    int64_t time = range.isReverse ? count - 1 - i : i;
    LoopStep step = body(Expr(time), states);
    states = std::move(step.states);
    outputs[time] = step.output.unsqueeze(0).get();
  }
  return {states,
          {node, node.create<ConcatOp>(ValueRange(outputs), int64_t(0))}};
}

LoopResult mlc::onnx::runLoop(NodeContext &node, const LoopRange &range,
                              ArrayRef<Formula> initial, LoopBody body) {
  std::optional<int64_t> count = range.count.getLiteral();
  if (count && *count > 0 && *count <= maxUnrolledSteps)
    return unroll(node, range, *count, initial, body);
  node.report("a sequence of " + range.count.toString() +
              " steps is not supported; allowed are 1 to " +
              Twine(maxUnrolledSteps));
  return {SmallVector<Formula>(initial), {node, nullptr}};
}
