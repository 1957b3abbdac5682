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
#include <cmath>

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

/// The number of elements of a range of floats, or of one that only the run
/// knows, computed as the range itself is.
static Expr countRangeOf(NodeContext &node, ArrayRef<Value> bounds) {
  SmallVector<double, 3> known;
  for (size_t i : llvm::seq(bounds.size()))
    if (auto numbers = node.numbers(i); numbers && numbers->size() == 1)
      known.push_back(numbers->front());
  if (known.size() == bounds.size()) {
    double count = std::ceil((known[1] - known[0]) / known[2]);
    if (count < static_cast<double>(int64_t(1) << 53))
      return Expr(static_cast<int64_t>(std::max(count, 0.0)));
  }
  Type f64 = node.builder.getF64Type();
  Value start = node.cast(bounds[0], f64), limit = node.cast(bounds[1], f64);
  Value count = node.create<CeilOp>(node.create<DivOp>(
      node.create<SubOp>(limit, start), node.cast(bounds[2], f64)));
  count = node.create<MaxOp>(count, node.splatLike(0.0, count));
  Value integer = node.cast(count, node.builder.getI64Type());
  return integer ? node.shapes.elements(integer)->front() : Expr();
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
    count = countRangeOf(node, inputs);
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
    return node.unsupported("expected one depth, found " +
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

/// An axis that comes with the data chooses between the scans of all axes.
static Value scanAlongAny(NodeContext &node, ReduceKind kind, Value x,
                          bool isExclusive, bool isReverse) {
  int64_t rank = NodeContext::rankOf(x);
  Value axis = node.reshape(node.input(1), {}), result;
  Value fromFront = node.checkedIndices(axis, Expr(rank));
  for (int64_t along : llvm::seq(rank)) {
    Value scan = node.create<ScanOp>(kind, x, along, isExclusive, isReverse);
    if (!result) {
      result = scan;
      continue;
    }
    Value isIt =
        node.create<EqualOp>(fromFront, node.splatLike(Expr(along), fromFront));
    result = node.create<SelectOp>(
        node.broadcast(isIt, node.shapes.sizes(x), {}), scan, result);
  }
  return result;
}

template <ReduceKind kind> static LogicalResult convertScan(NodeContext &node) {
  Value x = node.input(0);
  Expr axis = onlyElement(node, 1);
  bool isExclusive = node.getInt("exclusive", 0) != 0;
  bool isReverse = node.getInt("reverse", 0) != 0;
  if (node.hasFailed())
    return failure();
  std::optional<int64_t> literal = axis.getLiteral();
  if (!literal) {
    node.setResult(scanAlongAny(node, kind, x, isExclusive, isReverse));
    return success();
  }
  int64_t along = node.normalizeAxis(*literal, NodeContext::rankOf(x));
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
  Expr results(1);
  for (auto [i, size] : llvm::enumerate(sizes))
    results = static_cast<int64_t>(i) == axis ? results : results * size;
  node.require(SizeRelation::AtMost, min(results, Expr(1)), sizes[axis],
               "axis " + Twine(axis) + " is empty and has no extremum");
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
    node.setResult(node.broadcast(node.scalar(0, elementTypeOf(flat)),
                                  {Expr(0), node.shapes.size(flat, 0)}, {}));
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
  if (!node.hasAttribute("axis"))
    x = node.reshape(x, productOf(node.shapes.sizes(x)));
  if (!x)
    return failure();
  Exprs sizes = node.shapes.sizes(x);
  int64_t axis = node.normalizeAxis(node.getInt("axis", 0), sizes.size());
  if (node.hasFailed())
    return failure();
  // A condition may be shorter than the axis; one that holds behind its end
  // names no element.
  Value indices = node.checkedIndices(node.compress(condition), sizes[axis]);
  if (!indices)
    return failure();
  sizes[axis] = node.shapes.size(indices, 0);
  node.setResult(
      node.create<GatherOp>(x, ValueRange(node.broadcast(indices, sizes, axis)),
                            axesIndexedAt(sizes.size(), axis)));
  return success();
}

//===----------------------------------------------------------------------===//
// Unique
//===----------------------------------------------------------------------===//

namespace {

/// The distinct rows of a matrix.
class UniqueRows {
public:
  UniqueRows(NodeContext &node, Value rows) : node(node), rows(rows) {}

  void run(bool isSorted);

  Value firsts, inverse, counts;

private:
  Value at(Value x, Value indices) {
    constexpr int64_t isIndexed = ShapedType::kDynamic;
    return node.create<GatherOp>(x, ValueRange(indices), ArrayRef(isIndexed));
  }
  Value rowsAt(Value indices);
  Value scatter(const Expr &size, Value indices, Value updates,
                ReduceKindAttr kind = nullptr);
  Value sort();
  void orderByFirst(const Expr &count);

  NodeContext &node;
  Value rows;
  Type i64 = node.builder.getI64Type();
};

} // namespace

Value UniqueRows::rowsAt(Value indices) {
  if (!indices)
    return nullptr;
  Exprs sizes = {node.shapes.size(indices, 0), node.shapes.size(rows, 1)};
  Value everywhere = node.broadcast(indices, sizes, 0);
  return node.create<GatherOp>(rows, ValueRange(everywhere),
                               ArrayRef<int64_t>{ShapedType::kDynamic, 1});
}

Value UniqueRows::scatter(const Expr &size, Value indices, Value updates,
                          ReduceKindAttr kind) {
  constexpr int64_t isIndexed = ShapedType::kDynamic;
  return node.create<ScatterOp>(node.broadcast(node.scalar(0, i64), size, {}),
                                ValueRange(indices), updates,
                                ArrayRef(isIndexed), kind);
}

/// The order of the rows: sorting is stable, so that sorting by the last column
/// first and by the first column last compares whole rows.
Value UniqueRows::sort() {
  if (!rows)
    return nullptr;
  Expr count = node.shapes.size(rows, 0);
  std::optional<int64_t> columns = node.shapes.size(rows, 1).getLiteral();
  constexpr int64_t maxColumns = 64;
  if (!columns || *columns > maxColumns) {
    node.reportUnsupported("rows of " + node.shapes.size(rows, 1).toString() +
                           " elements are compared; at most " +
                           Twine(maxColumns) + " are allowed");
    return nullptr;
  }
  Value order = node.iota(count, 0, i64);
  for (int64_t column = *columns - 1; column >= 0; --column) {
    Value keys = at(node.component(rows, column), order);
    order = at(order, node.argsort(keys, 0, /*isDescending=*/false, count));
  }
  return order;
}

/// Puts the groups, which are in the order of their rows, into that of their
/// first occurrences.
void UniqueRows::orderByFirst(const Expr &count) {
  Value order = node.argsort(firsts, 0, /*isDescending=*/false, count);
  Value places = scatter(count, order, node.iota(count, 0, i64));
  firsts = at(firsts, order);
  counts = at(counts, order);
  inverse = at(places, inverse);
}

void UniqueRows::run(bool isSorted) {
  Value order = sort();
  if (!order)
    return;
  Expr size = node.shapes.size(rows, 0);
  Value index = node.iota(size, 0, i64), one = node.splatLike(1.0, index);
  Value here = rowsAt(order);
  Value before = rowsAt(at(order, node.create<SubOp>(index, one)));
  Value differs = node.create<NotEqualOp>(here, before);
  Value isNew = node.reduce(ReduceKind::Or, differs, 1, /*keep=*/false);
  isNew = node.create<OrOp>(
      isNew, node.create<EqualOp>(index, node.splatLike(0.0, index)));
  Value ones = node.cast(isNew, i64);
  Value sum = node.reduce(ReduceKind::Sum, ones, 0, /*keep=*/false);
  if (!sum)
    return;
  Expr count = node.shapes.elements(sum)->front();
  Value group = node.create<SubOp>(
      node.create<ScanOp>(ReduceKind::Sum, ones, int64_t(0), false, false),
      one);
  Value newGroup =
      node.create<SelectOp>(isNew, group, node.splatLike(-1.0, group));
  auto kind = ReduceKindAttr::get(node.builder.getContext(), ReduceKind::Sum);
  firsts = scatter(count, newGroup, order);
  inverse = scatter(size, order, group);
  counts = scatter(count, group, one, kind);
  if (!isSorted)
    orderByFirst(count);
}

static LogicalResult convertUnique(NodeContext &node) {
  Value x = node.input(0);
  Exprs sizes = node.shapes.sizes(x);
  bool hasAxis = node.hasAttribute("axis");
  Expr total = productOf(sizes);
  if (!hasAxis) {
    x = node.reshape(x, total);
    sizes = {total};
  }
  int64_t axis = node.normalizeAxis(node.getInt("axis", 0), sizes.size());
  if (node.hasFailed())
    return failure();
  SmallVector<int64_t> order =
      llvm::to_vector(llvm::seq<int64_t>(sizes.size()));
  std::rotate(order.begin(), order.begin() + axis, order.begin() + axis + 1);
  Expr columns(1);
  for (auto [i, size] : llvm::enumerate(sizes))
    if (static_cast<int64_t>(i) != axis)
      columns = columns * size;
  UniqueRows unique(
      node, node.reshape(node.transpose(x, order), {sizes[axis], columns}));
  unique.run(node.getInt("sorted", 1) != 0);
  if (!unique.firsts)
    return failure();
  sizes[axis] = node.shapes.size(unique.firsts, 0);
  Value indices = node.broadcast(unique.firsts, sizes, axis);
  node.setResult(node.create<GatherOp>(x, ValueRange(indices),
                                       axesIndexedAt(sizes.size(), axis)));
  node.setResult(unique.firsts, 1);
  node.setResult(unique.inverse, 2);
  node.setResult(unique.counts, 3);
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
  table.add("Unique", {11, 1, 1, convertUnique});
  table.add("Trilu", {14, 1, 2, convertTrilu});
}
