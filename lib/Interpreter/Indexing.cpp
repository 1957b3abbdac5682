//===- Indexing.cpp - Evaluators of ops that make and follow indices ------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluation.h"
#include "Lanes.h"
#include <cstring>

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
// Gather
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

  /// Calls `visit(position, place)` for every position in row-major order. An
  /// index outside of its axis is clamped.
  template <class Visit> void forEach(Visit &&visit) const {
    SmallVector<int64_t> at(shape.size(), 0);
    for (int64_t position = 0, e = *elementCount(shape); position < e;
         ++position) {
      visit(position, place(position, at));
      for (size_t axis = shape.size(); axis-- > 0;) {
        if (++at[axis] < shape[axis])
          break;
        at[axis] = 0;
      }
    }
  }

private:
  int64_t place(int64_t position, ArrayRef<int64_t> at) const {
    int64_t place = 0;
    for (auto [axis, stride] : passed)
      place += at[axis] * stride;
    for (const Indexed &axis : indexed) {
      auto index = static_cast<int64_t>(axis.values[position]);
      place += std::clamp<int64_t>(index, 0, axis.size - 1) * axis.stride;
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
  places->forEach([&](int64_t position, int64_t place) {
    std::memcpy(to + position * size, from + place * size, size);
  });
  return result;
}
