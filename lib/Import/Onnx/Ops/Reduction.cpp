//===- Reduction.cpp - Reductions and pools over everything ---------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

//===----------------------------------------------------------------------===//
// Reduce*
//===----------------------------------------------------------------------===//

namespace {
struct Reduction {
  SmallVector<int64_t> axes;
  bool keep = true;
};
} // namespace

/// `since` is the version at which the axes became an input.
static Reduction readReduction(NodeContext &node, int64_t since) {
  Reduction result;
  int64_t rank = NodeContext::rankOf(node.input(0));
  result.keep = node.getInt("keepdims", 1) != 0;
  std::optional<SmallVector<int64_t>> axes = node.literals("axes", 1, since);
  if (axes && !axes->empty())
    result.axes = node.normalizeAxes(*axes, rank);
  else if (node.getInt("noop_with_empty_axes", 0) == 0)
    llvm::append_range(result.axes, llvm::seq<int64_t>(0, rank));
  return result;
}

static Value reduceSum(NodeContext &node, Value x, const Reduction &r) {
  return node.reduce(ReduceKind::Sum, x, r.axes, r.keep);
}

static Value reduceProduct(NodeContext &node, Value x, const Reduction &r) {
  return node.reduce(ReduceKind::Product, x, r.axes, r.keep);
}

/// Minimum and maximum of booleans are "and" and "or".
template <ReduceKind ofNumbers, ReduceKind ofBooleans>
static Value reduceExtremum(NodeContext &node, Value x, const Reduction &r) {
  bool isBool = elementTypeOf(x).isInteger(1);
  return node.reduce(isBool ? ofBooleans : ofNumbers, x, r.axes, r.keep);
}

static Value reduceMean(NodeContext &node, Value x, const Reduction &r) {
  Exprs sizes = node.shapes.sizes(x), reduced;
  for (int64_t axis : r.axes)
    reduced.push_back(sizes[axis]);
  Value sum = reduceSum(node, x, r);
  if (!sum)
    return nullptr;
  Value count = node.count(reduced, elementTypeOf(x));
  return node.create<DivOp>(sum,
                            node.broadcast(count, node.shapes.sizes(sum), {}));
}

static Value reduceL1(NodeContext &node, Value x, const Reduction &r) {
  return reduceSum(node, node.create<AbsOp>(x), r);
}

static Value reduceSumSquare(NodeContext &node, Value x, const Reduction &r) {
  return reduceSum(node, node.create<MulOp>(x, x), r);
}

/// Roots and logarithms of integers are taken in f64.
static Value asFloat(NodeContext &node, Value x) {
  return isa<FloatType>(elementTypeOf(x))
             ? x
             : node.cast(x, node.builder.getF64Type());
}

static Value reduceL2(NodeContext &node, Value x, const Reduction &r) {
  return node.create<SqrtOp>(reduceSumSquare(node, asFloat(node, x), r));
}

static Value reduceLogSum(NodeContext &node, Value x, const Reduction &r) {
  return node.create<LogOp>(reduceSum(node, asFloat(node, x), r));
}

/// log(sum(exp(x - m))) + m, where m is the maximum, or 0 where that is
/// infinite.
static Value reduceLogSumExp(NodeContext &node, Value x, const Reduction &r) {
  x = asFloat(node, x);
  Reduction kept = r;
  kept.keep = true;
  Value maximum = node.reduce(ReduceKind::Max, x, r.axes, /*keep=*/true);
  if (!maximum)
    return nullptr;
  maximum = node.create<SelectOp>(node.create<IsInfOp>(maximum),
                                  node.splatLike(0, maximum), maximum);
  Value shifted =
      node.create<SubOp>(x, node.broadcast(maximum, node.shapes.sizes(x)));
  Value sum = reduceSum(node, node.create<ExpOp>(shifted), kept);
  Value result = node.create<AddOp>(node.create<LogOp>(sum), maximum);
  if (!result || r.keep)
    return result;
  Exprs sizes;
  for (auto [axis, size] : llvm::enumerate(node.shapes.sizes(x)))
    if (!llvm::is_contained(r.axes, static_cast<int64_t>(axis)))
      sizes.push_back(size);
  return node.reshape(result, sizes);
}

using Reduce = Value (*)(NodeContext &, Value, const Reduction &);

template <Reduce reduce>
static LogicalResult setReduced(NodeContext &node, const Reduction &reduction) {
  Value x = node.input(0), wide = node.widen(x);
  if (!wide)
    return failure();
  node.setResult(node.cast(reduce(node, wide, reduction), elementTypeOf(x)));
  return success();
}

template <Reduce reduce, int64_t since>
static LogicalResult convertReduce(NodeContext &node) {
  Reduction reduction = readReduction(node, since);
  if (node.hasFailed())
    return failure();
  return setReduced<reduce>(node, reduction);
}

//===----------------------------------------------------------------------===//
// Pools over all spatial axes
//===----------------------------------------------------------------------===//

template <Reduce reduce>
static LogicalResult convertGlobalPool(NodeContext &node) {
  int64_t rank = NodeContext::rankOf(node.input(0));
  if (rank < 3)
    return node.error("expected an input with spatial axes, found " +
                      debugString(node.input(0).getType()));
  Reduction spatial;
  llvm::append_range(spatial.axes, llvm::seq<int64_t>(2, rank));
  return setReduced<reduce>(node, spatial);
}

template <Reduce reduce, int64_t since = 18>
static void addReduce(ConverterTable &table, StringRef op) {
  table.add(op, {1, 1, 1, convertReduce<reduce, since>});
  table.add(op, {since, 1, 2, convertReduce<reduce, since>});
}

void mlc::onnx::addReductions(ConverterTable &table) {
  addReduce<reduceL1>(table, "ReduceL1");
  addReduce<reduceL2>(table, "ReduceL2");
  addReduce<reduceLogSum>(table, "ReduceLogSum");
  addReduce<reduceLogSumExp>(table, "ReduceLogSumExp");
  addReduce<reduceExtremum<ReduceKind::Max, ReduceKind::Or>>(table,
                                                             "ReduceMax");
  addReduce<reduceMean>(table, "ReduceMean");
  addReduce<reduceExtremum<ReduceKind::Min, ReduceKind::And>>(table,
                                                              "ReduceMin");
  addReduce<reduceProduct>(table, "ReduceProd");
  addReduce<reduceSum, 13>(table, "ReduceSum");
  addReduce<reduceSumSquare>(table, "ReduceSumSquare");
  table.add("GlobalAveragePool", {1, 1, 1, convertGlobalPool<reduceMean>});
  table.add(
      "GlobalMaxPool",
      {1, 1, 1,
       convertGlobalPool<reduceExtremum<ReduceKind::Max, ReduceKind::Or>>});
}
