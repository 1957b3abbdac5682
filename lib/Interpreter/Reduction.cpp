//===- Reduction.cpp - Evaluators of reductions ---------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Combine.h"
#include "Evaluation.h"
#include "Lanes.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::interpreter;

namespace {

/// An axis of the operand: how far its steps move in the accumulators. 0 where
/// the axis is reduced.
struct Axis {
  int64_t size;
  int64_t step;
};

template <class Lane> struct Accumulation {
  Type element;
  SmallVector<Axis> axes;
  const char *from;
  Lane *accumulators;

  /// Walks the operand in its order; `combine` takes an accumulator and a lane.
  template <class Combine> void run(Combine combine) {
    Axis columns = axes.pop_back_val();
    SmallVector<int64_t> index(axes.size(), 0);
    int64_t offset = 0;
    while (true) {
      addRow(columns, accumulators + offset, combine);
      int64_t axis = static_cast<int64_t>(axes.size()) - 1;
      for (; axis >= 0; --axis) {
        offset += axes[axis].step;
        if (++index[axis] < axes[axis].size)
          break;
        offset -= axes[axis].step * axes[axis].size;
        index[axis] = 0;
      }
      if (axis < 0)
        return;
    }
  }

private:
  template <class Combine>
  void addRow(Axis columns, Lane *to, Combine combine) {
    constexpr int64_t chunkSize = 1024;
    Lane lanes[chunkSize];
    for (int64_t begin = 0; begin < columns.size; begin += chunkSize) {
      int64_t count = std::min(chunkSize, columns.size - begin);
      readLanes(element, from, count, lanes);
      from += count * elementSize(element);
      if (columns.step == 0) {
        Lane sum = *to;
        for (int64_t i = 0; i < count; ++i)
          sum = combine(sum, lanes[i]);
        *to = sum;
        continue;
      }
      for (int64_t i = 0; i < count; ++i)
        to[begin + i] = combine(to[begin + i], lanes[i]);
    }
  }
};

} // namespace

/// Joins neighbours that are both kept or both reduced.
static SmallVector<Axis> accumulatorAxes(ArrayRef<int64_t> shape,
                                         ArrayRef<int64_t> reduced) {
  SmallVector<Axis> reversed;
  int64_t step = 1;
  for (int64_t axis = static_cast<int64_t>(shape.size()) - 1; axis >= 0;
       --axis) {
    if (shape[axis] == 1)
      continue;
    bool isReduced = llvm::is_contained(reduced, axis);
    if (!reversed.empty() && isReduced == (reversed.back().step == 0))
      reversed.back().size *= shape[axis];
    else
      reversed.push_back({shape[axis], isReduced ? 0 : step});
    step *= isReduced ? 1 : shape[axis];
  }
  if (reversed.empty())
    reversed.push_back({1, 0});
  return llvm::to_vector(llvm::reverse(reversed));
}

template <class Lane>
static FailureOr<Tensor> reduce(ReduceOp op, const Evaluation &evaluation,
                                const Tensor &x) {
  FailureOr<Tensor> result = evaluation.allocate();
  if (failed(result))
    return failure();
  std::vector<Lane> accumulators(result->count(),
                                 neutral<Lane>(op.getKind(), x.element()));
  if (x.count()) {
    Accumulation<Lane> accumulation{x.element(),
                                    accumulatorAxes(x.shape(), op.getAxes()),
                                    x.bytes().data(), accumulators.data()};
    withCombiner<Lane>(op.getKind(), x.element(),
                       [&](auto combine) { accumulation.run(combine); });
  }
  writeLanes(evaluation.element, accumulators.data(), result->count(),
             result->mutableData());
  return result;
}

FailureOr<Tensor> interpreter::evaluateOp(ReduceOp op,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> x = evaluation.dense(0);
  if (failed(x))
    return failure();
  return isFloat(x->element()) ? reduce<double>(op, evaluation, *x)
                               : reduce<uint64_t>(op, evaluation, *x);
}
