//===- Indexing.cpp - Evaluators of ops that make and follow indices ------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Combine.h"
#include "Evaluation.h"
#include <cstring>
#include <numeric>

using namespace mlir;
using namespace mlc;
using namespace mlc::interpreter;

FailureOr<Tensor> interpreter::evaluateOp(IotaOp op,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> result = evaluation.allocate();
  if (failed(result))
    return failure();
  unsigned size = elementSize(evaluation.element);
  ArrayRef<int64_t> shape = evaluation.shape;
  int64_t extent = shape[op.getAxis()];
  std::vector<char> indices(extent * size);
  for (int64_t i = 0; i < extent; ++i) {
    uint64_t integer = i;
    double number = static_cast<double>(i);
    char *to = indices.data() + i * size;
    if (isFloat(evaluation.element))
      writeLanes(evaluation.element, &number, 1, to);
    else
      writeLanes(evaluation.element, &integer, 1, to);
  }
  int64_t inner = *elementCount(shape.drop_front(op.getAxis() + 1));
  char *to = result->mutableData(), *end = to + result->bytes().size();
  for (int64_t i = 0; to != end; i = (i + 1) % extent)
    for (int64_t j = 0; j < inner; ++j, to += size)
      std::memcpy(to, indices.data() + i * size, size);
  return result;
}

//===----------------------------------------------------------------------===//
// Gather and scatter
//===----------------------------------------------------------------------===//

namespace {

/// Where in a tensor `x` each element of an index space lies.
class Places {
public:
  /// `indices` hold the index along each axis for which `axes` names no axis of
  /// the index space.
  static FailureOr<Places> make(ArrayRef<int64_t> x, ArrayRef<int64_t> axes,
                                ArrayRef<Tensor> indices) {
    Places places;
    places.shape.assign(indices.front().shape().begin(),
                        indices.front().shape().end());
    int64_t stride = *elementCount(x);
    for (auto [size, axis] : llvm::zip_equal(x, axes)) {
      stride = size ? stride / size : 0;
      if (!ShapedType::isDynamic(axis)) {
        places.passed.push_back({axis, stride});
        continue;
      }
      FailureOr<Tensor> index = indices.front().dense();
      indices = indices.drop_front();
      if (failed(index))
        return failure();
      places.indexed.push_back(
          {size, stride, std::vector<uint64_t>(index->count())});
      readLanes(index->element(), index->bytes().data(), index->count(),
                places.indexed.back().values.data());
    }
    return places;
  }

  /// Calls `visit(position, place)` for every position in row-major order. With
  /// an index outside of its axis, the place is none, or, `clamps`, that of the
  /// nearest index.
  template <class Visit> void forEach(bool clamps, Visit &&visit) const {
    SmallVector<int64_t> at(shape.size(), 0);
    for (int64_t position = 0, e = *elementCount(shape); position < e;
         ++position) {
      visit(position, place(position, at, clamps));
      for (size_t axis = shape.size(); axis-- > 0;) {
        if (++at[axis] < shape[axis])
          break;
        at[axis] = 0;
      }
    }
  }

private:
  std::optional<int64_t> place(int64_t position, ArrayRef<int64_t> at,
                               bool clamps) const {
    int64_t place = 0;
    for (auto [axis, stride] : passed)
      place += at[axis] * stride;
    for (const Indexed &axis : indexed) {
      auto index = static_cast<int64_t>(axis.values[position]);
      auto nearest = std::clamp<int64_t>(index, 0, axis.size - 1);
      if (index != nearest && !clamps)
        return std::nullopt;
      place += nearest * axis.stride;
    }
    return place;
  }

  struct Indexed {
    int64_t size, stride;
    std::vector<uint64_t> values;
  };
  SmallVector<int64_t> shape;
  SmallVector<std::pair<int64_t, int64_t>> passed; // axis of `shape`, stride
  SmallVector<Indexed> indexed;
};

} // namespace

FailureOr<Tensor> interpreter::evaluateOp(GatherOp op,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> x = evaluation.dense(0), result = evaluation.allocate();
  if (failed(x) || failed(result))
    return failure();
  FailureOr<Places> places =
      Places::make(x->shape(), op.getAxes(), evaluation.operands.drop_front());
  if (failed(places))
    return evaluation.fail("an operand does not fit into memory");
  unsigned size = elementSize(x->element());
  const char *from = x->bytes().data();
  char *to = result->mutableData();
  places->forEach(
      /*clamps=*/true, [&](int64_t position, std::optional<int64_t> place) {
        std::memcpy(to + position * size, from + *place * size, size);
      });
  return result;
}

/// Combines each update with what is at its place, and rounds.
template <class Lane>
static void combineAt(ReduceKind kind, Type element, const Places &places,
                      const char *from, char *to) {
  unsigned size = elementSize(element);
  withCombiner<Lane>(kind, element, [&](auto combine) {
    places.forEach(
        /*clamps=*/false, [&](int64_t position, std::optional<int64_t> place) {
          if (!place)
            return;
          Lane update, old;
          readLanes(element, from + position * size, 1, &update);
          readLanes(element, to + *place * size, 1, &old);
          Lane combined = combine(old, update);
          writeLanes(element, &combined, 1, to + *place * size);
        });
  });
}

FailureOr<Tensor> interpreter::evaluateOp(ScatterOp op,
                                          const Evaluation &evaluation) {
  unsigned last = evaluation.operands.size() - 1;
  FailureOr<Tensor> x = evaluation.dense(0), updates = evaluation.dense(last);
  FailureOr<Tensor> result = evaluation.allocate();
  if (failed(x) || failed(updates) || failed(result))
    return failure();
  FailureOr<Places> places = Places::make(
      x->shape(), op.getAxes(), evaluation.operands.drop_front().drop_back());
  if (failed(places))
    return evaluation.fail("an operand does not fit into memory");
  Type element = x->element();
  const char *from = updates->bytes().data();
  char *to = result->mutableData();
  std::memcpy(to, x->bytes().data(), x->bytes().size());
  if (op.getKind()) {
    isFloat(element)
        ? combineAt<double>(*op.getKind(), element, *places, from, to)
        : combineAt<uint64_t>(*op.getKind(), element, *places, from, to);
    return result;
  }
  unsigned size = elementSize(element);
  places->forEach(
      /*clamps=*/false, [&](int64_t position, std::optional<int64_t> place) {
        if (place)
          std::memcpy(to + *place * size, from + position * size, size);
      });
  return result;
}

//===----------------------------------------------------------------------===//
// Scan and argsort
//===----------------------------------------------------------------------===//

/// Calls `visit(first, stride)` for every row along `axis`.
template <class Visit>
static void forEachRow(ArrayRef<int64_t> shape, int64_t axis, Visit &&visit) {
  int64_t outer = *elementCount(shape.take_front(axis));
  int64_t inner = *elementCount(shape.drop_front(axis + 1));
  for (int64_t i = 0; i < outer; ++i)
    for (int64_t j = 0; j < inner; ++j)
      visit(i * shape[axis] * inner + j, inner);
}

template <class Lane> static std::vector<Lane> lanesOf(const Tensor &x) {
  std::vector<Lane> lanes(x.count());
  readLanes(x.element(), x.bytes().data(), x.count(), lanes.data());
  return lanes;
}

template <class Lane>
static FailureOr<Tensor> scan(ScanOp op, const Evaluation &evaluation,
                              const Tensor &x) {
  FailureOr<Tensor> result = evaluation.allocate();
  if (failed(result))
    return failure();
  std::vector<Lane> lanes = lanesOf<Lane>(x);
  int64_t length = x.shape()[op.getAxis()];
  withCombiner<Lane>(op.getKind(), x.element(), [&](auto combine) {
    forEachRow(x.shape(), op.getAxis(), [&](int64_t first, int64_t stride) {
      Lane sum = neutral<Lane>(op.getKind(), x.element());
      for (int64_t i = 0; i < length; ++i) {
        int64_t at = op.getReverse() ? length - 1 - i : i;
        Lane &lane = lanes[first + at * stride], before = sum;
        sum = combine(sum, lane);
        lane = op.getExclusive() ? before : sum;
      }
    });
  });
  writeLanes(evaluation.element, lanes.data(), lanes.size(),
             result->mutableData());
  return result;
}

FailureOr<Tensor> interpreter::evaluateOp(ScanOp op,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> x = evaluation.dense(0);
  if (failed(x))
    return failure();
  return isFloat(x->element()) ? scan<double>(op, evaluation, *x)
                               : scan<uint64_t>(op, evaluation, *x);
}

template <class Lane>
static FailureOr<Tensor> argsort(ArgsortOp op, const Evaluation &evaluation,
                                 const Tensor &x) {
  FailureOr<Tensor> result = evaluation.allocate();
  if (failed(result))
    return failure();
  if (result->count() == 0)
    return result;
  std::vector<Lane> lanes = lanesOf<Lane>(x);
  bool isSigned = interpreter::isSigned(x.element());
  auto isBefore = [&](Lane a, Lane b) {
    return isLess(a, b, isSigned) || (b != b && a == a);
  };
  int64_t length = x.shape()[op.getAxis()];
  int64_t wanted = evaluation.shape[op.getAxis()];
  std::vector<int64_t> order(length);
  auto *to = reinterpret_cast<int64_t *>(result->mutableData());
  forEachRow(x.shape(), op.getAxis(), [&](int64_t first, int64_t stride) {
    std::iota(order.begin(), order.end(), 0);
    llvm::sort(order, [&](int64_t i, int64_t j) {
      Lane a = lanes[first + i * stride], b = lanes[first + j * stride];
      if (op.getDescending())
        std::swap(a, b);
      return isBefore(a, b) || (!isBefore(b, a) && i < j);
    });
    int64_t column = first % stride, before = first - column;
    for (int64_t i = 0; i < wanted; ++i)
      to[before / length * wanted + column + i * stride] = order[i];
  });
  return result;
}

FailureOr<Tensor> interpreter::evaluateOp(ArgsortOp op,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> x = evaluation.dense(0);
  if (failed(x))
    return failure();
  return isFloat(x->element()) ? argsort<double>(op, evaluation, *x)
                               : argsort<uint64_t>(op, evaluation, *x);
}
