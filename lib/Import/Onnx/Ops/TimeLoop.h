//===- TimeLoop.h - Steps over time with states -----------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_IMPORT_ONNX_OPS_TIMELOOP_H
#define MLC_IMPORT_ONNX_OPS_TIMELOOP_H

#include "Formula.h"

namespace mlc::onnx {

struct TimeRange {
  Expr count;
  /// From the last time to the first.
  bool isReverse = false;
};

/// What a step leaves: the states for the next one, and its output.
struct TimeStep {
  llvm::SmallVector<Formula> states;
  Formula output;
};

struct TimeResult {
  llvm::SmallVector<Formula> states;
  /// The outputs along a new first axis, in the order of time.
  Formula outputs;
};

/// Makes the ops of one step at `time`.
using TimeBody = llvm::function_ref<TimeStep(const Expr &time,
                                             llvm::ArrayRef<Formula> states)>;

/// Runs the steps of the range, or writes them out when they are few.
TimeResult runOverTime(NodeContext &node, const TimeRange &range,
                       llvm::ArrayRef<Formula> initial, TimeBody body);

} // namespace mlc::onnx

#endif // MLC_IMPORT_ONNX_OPS_TIMELOOP_H
