//===- Sequence.cpp - Ops of ONNX that make or count indices --------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What depends on the position of an element is arithmetic on iota.
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

/// The only element of an integer tensor of any shape.
static Expr onlyElement(NodeContext &node, size_t index) {
  Exprs elements = node.elements(index);
  if (!node.hasFailed() && elements.size() != 1)
    node.report("input " + Twine(index) + " has " + Twine(elements.size()) +
                " elements, expected one");
  return node.hasFailed() ? Expr() : elements.front();
}

//===----------------------------------------------------------------------===//
// Range
//===----------------------------------------------------------------------===//

/// max(ceil((limit - start) / delta), 0) elements
static Expr countRange(NodeContext &node, const Expr &start, const Expr &limit,
                       const Expr &delta) {
  std::optional<int64_t> step = delta.getLiteral();
  if (step && *step == 0) {
    node.report("a delta of 0 is not allowed");
    return Expr();
  }
  Expr span = limit - start;
  if (step && *step < 0)
    return max(ceilDiv(Expr(-1) * span, Expr(-*step)), Expr(0));
  // What a step of unknown sign divides is no symbolic size.
  return step ? max(ceilDiv(span, delta), Expr(0)) : Expr();
}

/// The number of elements of a range that only the run knows, computed as the
/// range itself is.
static Expr countRangeAtRunTime(NodeContext &node) {
  Value start = node.input(0), limit = node.input(1), delta = node.input(2);
  Type f64 = node.builder.getF64Type();
  Value span = node.create<SubOp>(node.cast(limit, f64), node.cast(start, f64));
  Value count =
      node.create<CeilOp>(node.create<DivOp>(span, node.cast(delta, f64)));
  count = node.create<MaxOp>(count, node.splatLike(0.0, count));
  Value integer = node.cast(count, node.builder.getI64Type());
  if (!integer)
    return Expr();
  return node.shapes.elements(integer)->front();
}

static LogicalResult convertRange(NodeContext &node) {
  SmallVector<Value, 3> inputs;
  for (Value input : node.allInputs())
    inputs.push_back(node.reshape(input, {}));
  if (node.hasFailed())
    return failure();
  Type element = elementTypeOf(inputs[0]);
  Expr count;
  if (isa<IntegerType>(element)) {
    Expr start = onlyElement(node, 0), limit = onlyElement(node, 1);
    Expr delta = onlyElement(node, 2);
    if (node.hasFailed())
      return failure();
    count = countRange(node, start, limit, delta);
  }
  if (!count)
    count = countRangeAtRunTime(node);
  if (node.hasFailed())
    return failure();
  Type work =
      element.isF16() || element.isBF16() ? node.builder.getF32Type() : element;
  Value index = node.iota(count, 0, work);
  Value delta = node.broadcast(node.cast(inputs[2], work), count, {});
  Value start = node.broadcast(node.cast(inputs[0], work), count, {});
  node.setResult(node.cast(
      node.create<AddOp>(start, node.create<MulOp>(index, delta)), element));
  return success();
}

//===----------------------------------------------------------------------===//
// Diagonals
//===----------------------------------------------------------------------===//

/// The index along the last axis less that along the one before it, in the
/// shape of `x`.
static Value diagonalOf(NodeContext &node, ArrayRef<Expr> sizes) {
  int64_t rank = sizes.size();
  Type i64 = node.builder.getI64Type();
  return node.create<SubOp>(node.iota(sizes, rank - 1, i64),
                            node.iota(sizes, rank - 2, i64));
}

static LogicalResult convertEyeLike(NodeContext &node) {
  Value x = node.input(0);
  if (NodeContext::rankOf(x) != 2)
    return node.error("expected an input of rank 2, found " +
                      debugString(x.getType()));
  Type element = node.hasAttribute("dtype")
                     ? node.toType(node.getInt("dtype", 1))
                     : elementTypeOf(x);
  if (!element)
    return failure();
  Value diagonal = diagonalOf(node, node.shapes.sizes(x));
  Value k = node.splatLike(Expr(node.getInt("k", 0)), diagonal);
  node.setResult(node.cast(node.create<EqualOp>(diagonal, k), element));
  return success();
}

static LogicalResult convertTrilu(NodeContext &node) {
  Value x = node.input(0);
  if (NodeContext::rankOf(x) < 2)
    return node.error("expected an input of rank 2 or more, found " +
                      debugString(x.getType()));
  Expr k = node.hasInput(1) ? onlyElement(node, 1) : Expr(0);
  bool isUpper = node.getInt("upper", 1) != 0;
  if (node.hasFailed())
    return failure();
  Value diagonal = diagonalOf(node, node.shapes.sizes(x));
  Value bound = node.splatLike(k, diagonal);
  Value isKept = isUpper ? node.create<GreaterEqualOp>(diagonal, bound)
                         : node.create<LessEqualOp>(diagonal, bound);
  node.setResult(node.create<SelectOp>(isKept, x, node.splatLike(0.0, x)));
  return success();
}

//===----------------------------------------------------------------------===//
// One-hot
//===----------------------------------------------------------------------===//

/// An index outside of [-depth, depth) is hot nowhere.
static LogicalResult convertOneHot(NodeContext &node) {
  Type i64 = node.builder.getI64Type();
  Value indices = node.cast(node.input(0), i64);
  Value depths = node.cast(node.input(1), i64), values = node.input(2);
  if (node.hasFailed())
    return failure();
  std::optional<SymbolicShapes::Elements> known = node.shapes.elements(depths);
  if (!known || known->size() != 1)
    return node.error("expected one depth, found " +
                      debugString(node.input(1).getType()));
  Expr depth = known->front();
  node.requireNotNegative(depth, "the depth is negative");
  Exprs sizes = node.shapes.sizes(indices);
  int64_t rank = sizes.size();
  int64_t axis = node.normalizeAxis(node.getInt("axis", -1), rank + 1);
  if (node.hasFailed())
    return failure();
  sizes.insert(sizes.begin() + axis, depth);
  SmallVector<int64_t> others;
  for (int64_t i : llvm::seq(rank))
    others.push_back(i < axis ? i : i + 1);
  Value negative = node.create<LessOp>(indices, node.splatLike(0.0, indices));
  Value fromFront = node.create<SelectOp>(
      negative, node.create<AddOp>(indices, node.splatLike(depth, indices)),
      indices);
  Value isHot = node.create<EqualOp>(node.iota(sizes, axis, i64),
                                     node.broadcast(fromFront, sizes, others));
  auto valueAt = [&](int64_t i) {
    Value value = node.slice(values, Expr(i), Expr(1), 1);
    return node.broadcast(node.reshape(value, {}), sizes, {});
  };
  node.setResult(node.create<SelectOp>(isHot, valueAt(1), valueAt(0)));
  return success();
}

//===----------------------------------------------------------------------===//
// Scans
//===----------------------------------------------------------------------===//

template <ReduceKind kind> static LogicalResult convertScan(NodeContext &node) {
  Value x = node.input(0);
  std::optional<SmallVector<int64_t>> axis = node.literals(1);
  if (!axis)
    return failure();
  if (axis->size() != 1)
    return node.error("expected one axis, found " + Twine(axis->size()));
  int64_t along = node.normalizeAxis(axis->front(), NodeContext::rankOf(x));
  bool isExclusive = node.getInt("exclusive", 0) != 0;
  bool isReverse = node.getInt("reverse", 0) != 0;
  node.setResult(node.create<ScanOp>(kind, x, along, isExclusive, isReverse));
  return success();
}

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

static SmallVector<int64_t> axesIndexedAt(int64_t rank, int64_t axis) {
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq(rank));
  axes[axis] = ShapedType::kDynamic;
  return axes;
}

static LogicalResult convertTopK(NodeContext &node) {
  Value x = node.input(0);
  int64_t rank = NodeContext::rankOf(x);
  int64_t axis = node.normalizeAxis(node.getInt("axis", -1), rank);
  bool isLargest = node.getInt("largest", 1) != 0;
  Expr k = node.opset < 10 ? Expr(node.requireInt("k")) : onlyElement(node, 1);
  if (node.hasFailed())
    return failure();
  Expr size = node.shapes.size(x, axis);
  node.requireNotNegative(k, "k is negative");
  node.requireNotNegative(size - k, "k is larger than the axis of size " +
                                        size.toString());
  Value indices = node.argsort(x, axis, isLargest, k);
  node.setResult(
      node.create<GatherOp>(x, ValueRange(indices), axesIndexedAt(rank, axis)));
  node.setResult(indices, 1);
  return success();
}

/// The index of the greatest or least element: the first or last of those that
/// are equal to it, or, where one is NaN, of the NaNs.
///
///   reduce min(select(x == reduce max(x), iota, size))
template <ReduceKind extremum>
static LogicalResult convertArgExtremum(NodeContext &node) {
  Value x = node.input(0);
  Exprs sizes = node.shapes.sizes(x);
  int64_t rank = sizes.size();
  int64_t axis = node.normalizeAxis(node.getInt("axis", 0), rank);
  bool keep = node.getInt("keepdims", 1) != 0;
  bool isLast = node.getInt("select_last_index", 0) != 0;
  if (node.hasFailed())
    return failure();
  node.requireNotNegative(sizes[axis] - Expr(1),
                          "the axis of the reduction is empty");
  Value best = node.reduce(extremum, x, axis, /*keep=*/true);
  Value isBest = node.create<EqualOp>(x, node.broadcast(best, sizes));
  if (isa<FloatType>(elementTypeOf(x)))
    isBest = node.create<OrOp>(isBest, node.create<IsNanOp>(x));
  Value index = node.iota(sizes, axis, node.builder.getI64Type());
  Value none = isLast ? node.splatLike(Expr(-1), index)
                      : node.splatLike(sizes[axis], index);
  Value candidates = node.create<SelectOp>(isBest, index, none);
  node.setResult(node.reduce(isLast ? ReduceKind::Max : ReduceKind::Min,
                             candidates, axis, keep));
  return success();
}

//===----------------------------------------------------------------------===//
// Results whose size depends on the data
//===----------------------------------------------------------------------===//

static LogicalResult convertNonZero(NodeContext &node) {
  Value x = node.input(0);
  Exprs sizes = node.shapes.sizes(x);
  Value flat = node.compress(node.cast(x, node.builder.getI1Type()));
  if (!flat)
    return failure();
  int64_t rank = sizes.size();
  if (rank == 0) {
    node.setResult(node.reshape(flat, {Expr(0), node.shapes.size(flat, 0)}));
    return success();
  }
  SmallVector<Value> rows;
  Expr stride(1);
  for (int64_t axis = rank - 1; axis >= 0; stride = stride * sizes[axis--]) {
    Value index = node.create<DivOp>(flat, node.splatLike(stride, flat));
    if (axis > 0)
      index = node.create<ModOp>(index, node.splatLike(sizes[axis], flat));
    rows.push_back(node.reshape(index, {Expr(1), node.shapes.size(flat, 0)}));
  }
  std::reverse(rows.begin(), rows.end());
  node.setResult(rows.size() == 1
                     ? rows.front()
                     : node.create<ConcatOp>(ValueRange(rows), int64_t(0)));
  return success();
}

static LogicalResult convertCompress(NodeContext &node) {
  Value x = node.input(0), condition = node.input(1);
  if (!node.hasAttribute("axis")) {
    Expr count(1);
    for (const Expr &size : node.shapes.sizes(x))
      count = count * size;
    x = node.reshape(x, count);
  }
  if (!x)
    return failure();
  Exprs sizes = node.shapes.sizes(x);
  int64_t axis = node.normalizeAxis(node.getInt("axis", 0), sizes.size());
  if (node.hasFailed())
    return failure();
  Value indices = node.compress(condition);
  if (!indices)
    return failure();
  // A condition may be shorter than the axis; one that holds behind its end
  // names no element.
  indices = node.checkedIndices(indices, sizes[axis]);
  sizes[axis] = node.shapes.size(indices, 0);
  node.setResult(
      node.create<GatherOp>(x, ValueRange(node.broadcast(indices, sizes, axis)),
                            axesIndexedAt(sizes.size(), axis)));
  return success();
}

void mlc::onnx::addSequences(ConverterTable &table) {
  table.add("ArgMax", {1, 1, 1, convertArgExtremum<ReduceKind::Max>});
  table.add("ArgMin", {1, 1, 1, convertArgExtremum<ReduceKind::Min>});
  table.add("Compress", {9, 2, 2, convertCompress});
  table.add("CumProd", {26, 2, 2, convertScan<ReduceKind::Product>});
  table.add("CumSum", {11, 2, 2, convertScan<ReduceKind::Sum>});
  table.add("EyeLike", {9, 1, 1, convertEyeLike});
  table.add("NonZero", {9, 1, 1, convertNonZero});
  table.add("OneHot", {9, 3, 3, convertOneHot});
  table.add("Range", {11, 3, 3, convertRange});
  table.add("TopK", {1, 1, 1, convertTopK});
  table.add("TopK", {10, 2, 2, convertTopK});
  table.add("Trilu", {14, 1, 2, convertTrilu});
}
