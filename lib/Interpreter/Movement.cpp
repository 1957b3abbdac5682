//===- Movement.cpp - Evaluators of ops that move data --------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluation.h"
#include <cstring>
#include <numeric>

using namespace mlir;
using namespace mlc;
using namespace mlc::interpreter;

namespace {

/// An axis of the result: how often it repeats and how far apart its elements
/// lie in source and result, in bytes.
struct Axis {
  int64_t size;
  int64_t from;
  int64_t to;
};

} // namespace

static SmallVector<int64_t> rowMajorStrides(ArrayRef<int64_t> shape,
                                            int64_t innermost) {
  SmallVector<int64_t> strides(shape.size());
  for (int64_t axis = static_cast<int64_t>(shape.size()) - 1; axis >= 0;
       --axis) {
    strides[axis] = innermost;
    innermost *= std::max<int64_t>(shape[axis], 1);
  }
  return strides;
}

/// Drops axes of size 1 and joins axes that are one in source and result.
static SmallVector<Axis> simplify(ArrayRef<Axis> axes) {
  SmallVector<Axis> simple;
  for (const Axis &axis : axes) {
    if (axis.size == 1)
      continue;
    if (!simple.empty() && simple.back().from == axis.from * axis.size &&
        simple.back().to == axis.to * axis.size) {
      simple.back() = {simple.back().size * axis.size, axis.from, axis.to};
      continue;
    }
    simple.push_back(axis);
  }
  return simple;
}

/// Copies a plane of elements of type `Element`, in tiles of a few cache lines
/// each way, so that neither side is read or written across the cache.
template <class Element>
static void copyPlane(const char *from, char *to, Axis rows, Axis columns) {
  constexpr int64_t tile = 32;
  for (int64_t row = 0; row < rows.size; row += tile)
    for (int64_t column = 0; column < columns.size; column += tile)
      for (int64_t i = row, e = std::min(rows.size, row + tile); i < e; ++i)
        for (int64_t j = column, f = std::min(columns.size, column + tile);
             j < f; ++j)
          std::memcpy(to + i * rows.to + j * columns.to,
                      from + i * rows.from + j * columns.from, sizeof(Element));
}

static void copyPlane(unsigned elementSize, const char *from, char *to,
                      Axis rows, Axis columns) {
  bool isRow = columns.from == elementSize && columns.to == elementSize;
  if (isRow) {
    for (int64_t i = 0; i < rows.size; ++i)
      std::memcpy(to + i * rows.to, from + i * rows.from,
                  columns.size * elementSize);
    return;
  }
  switch (elementSize) {
  case 1:
    return copyPlane<uint8_t>(from, to, rows, columns);
  case 2:
    return copyPlane<uint16_t>(from, to, rows, columns);
  case 4:
    return copyPlane<uint32_t>(from, to, rows, columns);
  default:
    return copyPlane<uint64_t>(from, to, rows, columns);
  }
}

/// Copies elements between strided places.
static void copyStrided(unsigned elementSize, const char *from, char *to,
                        ArrayRef<Axis> all) {
  if (any_of(all, [](Axis axis) { return axis.size == 0; }))
    return;
  SmallVector<Axis> axes = simplify(all);
  while (axes.size() < 2)
    axes.insert(axes.begin(), Axis{1, 0, 0});
  // The plane is the result's rows and the axis along which the source is
  // densest.
  Axis columns = axes.pop_back_val();
  auto *densest = llvm::min_element(
      axes, [](Axis a, Axis b) { return std::abs(a.from) < std::abs(b.from); });
  if (columns.from == columns.to)
    densest = std::prev(axes.end());
  Axis rows = *densest;
  axes.erase(densest);

  SmallVector<int64_t> index(axes.size(), 0);
  while (true) {
    copyPlane(elementSize, from, to, rows, columns);
    int64_t axis = static_cast<int64_t>(axes.size()) - 1;
    for (; axis >= 0; --axis) {
      from += axes[axis].from;
      to += axes[axis].to;
      if (++index[axis] < axes[axis].size)
        break;
      from -= axes[axis].from * axes[axis].size;
      to -= axes[axis].to * axes[axis].size;
      index[axis] = 0;
    }
    if (axis < 0)
      return;
  }
}

/// The result of an op that reads one element of `x` per element, at `offset`
/// plus its index times `strides`, in bytes.
static FailureOr<Tensor> gatherStrided(const Evaluation &evaluation,
                                       const Tensor &x, int64_t offset,
                                       ArrayRef<int64_t> strides) {
  FailureOr<Tensor> result = evaluation.allocate();
  if (failed(result))
    return failure();
  unsigned size = elementSize(x.element());
  SmallVector<Axis> axes;
  for (auto [extent, from, to] : llvm::zip_equal(
           evaluation.shape, strides, rowMajorStrides(evaluation.shape, size)))
    axes.push_back({extent, from, to});
  copyStrided(size, x.bytes().data() + offset, result->mutableData(), axes);
  return result;
}

FailureOr<Tensor> interpreter::evaluateOp(ReshapeOp,
                                          const Evaluation &evaluation) {
  const Tensor &x = evaluation.operands.front();
  std::optional<int64_t> count = elementCount(evaluation.shape);
  if (!count || *count != x.count()) // C1
    return evaluation.fail(Twine("cannot reshape ") + Twine(x.count()) +
                           " elements to '" +
                           debugString(RankedTensorType::get(
                               evaluation.shape, evaluation.element)) +
                           "'");
  return x.reshaped(evaluation.shape);
}

FailureOr<Tensor> interpreter::evaluateOp(BroadcastOp op,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> x = evaluation.dense(0);
  if (failed(x))
    return failure();
  SmallVector<int64_t> source =
      rowMajorStrides(x->shape(), elementSize(x->element()));
  SmallVector<int64_t> strides(evaluation.shape.size(), 0);
  for (auto [axis, target] : llvm::enumerate(op.getAxes()))
    if (x->shape()[axis] != 1)
      strides[target] = source[axis];
  return gatherStrided(evaluation, *x, 0, strides);
}

FailureOr<Tensor> interpreter::evaluateOp(TransposeOp op,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> x = evaluation.dense(0);
  if (failed(x))
    return failure();
  SmallVector<int64_t> source =
      rowMajorStrides(x->shape(), elementSize(x->element()));
  SmallVector<int64_t> strides;
  for (int64_t axis : op.getPermutation())
    strides.push_back(source[axis]);
  return gatherStrided(evaluation, *x, 0, strides);
}

FailureOr<Tensor> interpreter::evaluateOp(SliceOp op,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> x = evaluation.dense(0);
  if (failed(x))
    return failure();
  ArrayRef<Tensor> offsets =
      evaluation.operands.slice(1, op.getOffsets().size());
  SmallVector<int64_t> strides =
      rowMajorStrides(x->shape(), elementSize(x->element()));
  int64_t offset = 0;
  for (auto [axis, first] : llvm::enumerate(op.getStaticOffsets())) {
    int64_t start = first;
    if (ShapedType::isDynamic(first)) {
      start = offsets.front().scalarBits();
      offsets = offsets.drop_front();
    }
    // An empty slice reads nothing, wherever it starts.
    offset += evaluation.shape[axis] ? start * strides[axis] : 0;
    strides[axis] *= op.getStrides()[axis];
  }
  return gatherStrided(evaluation, *x, offset, strides);
}

FailureOr<Tensor> interpreter::evaluateOp(PadOp op,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> x = evaluation.dense(0), value = evaluation.dense(1),
                    result = evaluation.allocate();
  if (failed(x) || failed(value) || failed(result))
    return failure();
  unsigned size = elementSize(x->element());
  // Every element is the value, and those of x are written over it.
  copyStrided(size, value->bytes().data(), result->mutableData(),
              Axis{result->count(), 0, size});
  SmallVector<int64_t> from = rowMajorStrides(x->shape(), size);
  SmallVector<int64_t> to = rowMajorStrides(evaluation.shape, size);
  ArrayRef<Tensor> dynamic = evaluation.operands.slice(2, op.getLow().size());
  int64_t offset = 0;
  SmallVector<Axis> axes;
  for (auto [axis, border] : llvm::enumerate(op.getStaticLow())) {
    int64_t low = border;
    if (ShapedType::isDynamic(border)) {
      low = dynamic.front().scalarBits();
      dynamic = dynamic.drop_front();
    }
    if (low < 0 || low + x->shape()[axis] > evaluation.shape[axis]) // C2
      return evaluation.fail(Twine("the border along axis ") + Twine(axis) +
                             " is negative");
    offset += low * to[axis];
    axes.push_back({x->shape()[axis], from[axis], to[axis]});
  }
  copyStrided(size, x->bytes().data(), result->mutableData() + offset, axes);
  return result;
}

FailureOr<Tensor> interpreter::evaluateOp(WindowOp op,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> x = evaluation.dense(0);
  if (failed(x))
    return failure();
  SmallVector<int64_t> strides =
      rowMajorStrides(x->shape(), elementSize(x->element()));
  SmallVector<int64_t> inside;
  for (auto [i, axis] : llvm::enumerate(op.getAxes())) {
    inside.push_back(strides[axis] * op.getDilations()[i]);
    strides[axis] *= op.getStrides()[i];
  }
  size_t after = op.getAxes().empty() ? 0 : op.getAxes().back() + 1;
  strides.insert(strides.begin() + after, inside.begin(), inside.end());
  return gatherStrided(evaluation, *x, 0, strides);
}

FailureOr<Tensor> interpreter::evaluateOp(ConcatOp op,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> result = evaluation.allocate();
  if (failed(result))
    return failure();
  unsigned size = elementSize(evaluation.element);
  int64_t row = rowMajorStrides(evaluation.shape, size)[op.getAxis()] *
                evaluation.shape[op.getAxis()];
  char *to = result->mutableData();
  for (unsigned operand : llvm::seq(evaluation.operands.size())) {
    FailureOr<Tensor> x = evaluation.dense(operand);
    if (failed(x))
      return failure();
    int64_t part = *elementCount(x->shape().drop_front(op.getAxis())) * size;
    if (part == 0 || row == 0)
      continue;
    const char *from = x->bytes().data();
    for (int64_t i = 0, rows = x->bytes().size() / part; i < rows; ++i)
      std::memcpy(to + i * row, from + i * part, part);
    to += part;
  }
  return result;
}

FailureOr<Tensor> interpreter::evaluateOp(ShapeOfOp,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> result = evaluation.allocate();
  if (failed(result))
    return failure();
  ArrayRef<int64_t> shape = evaluation.operands.front().shape();
  std::memcpy(result->mutableData(), shape.data(),
              shape.size() * sizeof(int64_t));
  return result;
}

FailureOr<Tensor> interpreter::evaluateOp(FromElementsOp,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> result = evaluation.allocate();
  if (failed(result))
    return failure();
  unsigned size = elementSize(evaluation.element);
  char *to = result->mutableData();
  for (const Tensor &element : evaluation.operands) {
    int64_t value = element.scalarBits();
    std::memcpy(to, &value, size);
    to += size;
  }
  return result;
}

FailureOr<Tensor> interpreter::evaluateOp(ConstantOp op,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> value = Tensor::fromAttr(op.getValue());
  if (failed(value))
    return evaluation.fail(
        "the blob of the constant is missing or of the wrong size");
  if (op.getPack())
    value = pack(*value, *op.getPack());
  if (failed(value))
    return evaluation.fail("the packed constant does not fit into memory");
  return evaluatedTensor(*value, evaluation.options);
}

FailureOr<Tensor> interpreter::pack(const Tensor &source, PackAttr recipe) {
  FailureOr<Tensor> x = source.dense();
  RankedTensorType type = recipe.apply(source.type());
  if (failed(x) || !type)
    return failure();
  FailureOr<Tensor> result =
      Tensor::allocate(type.getElementType(), type.getShape());
  if (failed(result))
    return failure();
  std::memset(result->mutableData(), 0, result->bytes().size());
  unsigned size = elementSize(source.element());
  SmallVector<int64_t> from = rowMajorStrides(x->shape(), size);
  SmallVector<int64_t> to = rowMajorStrides(type.getShape(), size);
  ArrayRef<int64_t> permutation = recipe.getPermutation();
  int64_t columns = x->shape()[permutation.back()];
  for (int64_t panel : llvm::seq(type.getDimSize(0))) {
    int64_t first = panel * recipe.getPanel();
    SmallVector<Axis> axes;
    for (auto [i, axis] : llvm::enumerate(permutation.drop_back()))
      axes.push_back({x->shape()[axis], from[axis], to[i + 1]});
    axes.push_back({std::min(recipe.getPanel(), columns - first),
                    from[permutation.back()], size});
    copyStrided(size, x->bytes().data() + first * from[permutation.back()],
                result->mutableData() + panel * to.front(), axes);
  }
  return result;
}
