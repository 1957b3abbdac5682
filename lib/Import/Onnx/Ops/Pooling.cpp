//===- Pooling.cpp - Pools over windows -----------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "Formula.h"
#include "Windows.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

/// With `ceil_mode` windows are counted up, but for one that would start in the
/// border after the tensor.
static void addOverhang(Windows &windows, ArrayRef<Expr> spatial) {
  for (auto [axis, size] : llvm::enumerate(spatial)) {
    int64_t stride = windows.strides[axis], span = windows.span(axis);
    Expr start = size + windows.low[axis], end = start + windows.high[axis];
    Expr count = min(ceilDiv(end - span, stride) + 1, ceilDiv(start, stride));
    windows.overhang[axis] = max(0, (count - 1) * stride + span - end);
  }
}

/// The windows of a pool over the spatial axes of input 0.
static FailureOr<Windows> readPool(NodeContext &node) {
  Exprs sizes = node.shapes.sizes(node.input(0));
  if (sizes.size() < 3)
    return node.error("expected an input with spatial axes, found " +
                      debugString(node.input(0).getType()));
  if (!node.hasAttribute("kernel_shape"))
    return node.error("attribute \"kernel_shape\" is missing");
  ArrayRef<Expr> spatial = ArrayRef(sizes).drop_front(2);
  SmallVector<int64_t> kernel = readSteps(node, "kernel_shape", spatial.size());
  Windows windows = readWindows(node, spatial, kernel);
  if (node.hasFailed())
    return failure();
  for (size_t axis = 0; axis < windows.count(); ++axis)
    for (const Expr &border : {windows.low[axis], windows.high[axis]})
      if (border.getLiteral().value_or(0) >= windows.span(axis))
        return node.error("attribute \"pads\" holds " + border.toString() +
                          ", as much as the window is long; less is allowed");
  if (node.getInt("ceil_mode", 0))
    addOverhang(windows, spatial);
  return windows;
}

static Exprs sum(ArrayRef<Expr> a, ArrayRef<Expr> b) {
  Exprs result;
  for (auto [x, y] : llvm::zip_equal(a, b))
    result.push_back(x + y);
  return result;
}

/// [.., spatial.., ..] -> [.., positions.., inside.., ..], of what is padded.
static Value slide(NodeContext &node, Value x, const Windows &windows,
                   int64_t firstAxis) {
  SmallVector<int64_t> axes = llvm::to_vector(
      llvm::seq<int64_t>(firstAxis, firstAxis + windows.count()));
  return node.create<WindowOp>(x, axes, windows.sizes, windows.strides,
                               windows.dilations);
}

/// The axes inside of the windows.
static SmallVector<int64_t> innerAxes(const Windows &windows,
                                      int64_t firstAxis) {
  int64_t first = firstAxis + windows.count();
  return llvm::to_vector(llvm::seq<int64_t>(first, first + windows.count()));
}

/// The windows of input 0, channels last and half types widened, with borders
/// of `value`.
static Value readSlid(NodeContext &node, const Windows &windows, Value value) {
  Value x = toChannelsLast(node, node.input(0));
  x = padSpatial(node, x, value, windows.low,
                 sum(windows.high, windows.overhang));
  return node.widen(slide(node, x, windows, 1));
}

static void setPooled(NodeContext &node, Value pooled) {
  node.setResult(
      toChannelsFirst(node, node.cast(pooled, elementTypeOf(node.input(0)))));
}

//===----------------------------------------------------------------------===//
// MaxPool
//===----------------------------------------------------------------------===//

static Value lowest(NodeContext &node, Type element) {
  if (isa<FloatType>(element))
    return node.scalar(-std::numeric_limits<double>::infinity(), element);
  unsigned width = element.getIntOrFloatBitWidth();
  return node.scalar(
      element.isUnsignedInteger() ? 0 : -std::ldexp(1, width - 1), element);
}

/// The place in its channel, in row-major order, of the first element of each
/// window that is its maximum. The border is never it: its place is greatest.
static Formula findMaxima(NodeContext &node, const Windows &windows,
                          const Formula &slid, const Formula &maxima) {
  Type i64 = node.builder.getI64Type();
  Exprs sizes = node.shapes.sizes(node.input(0));
  ArrayRef<Expr> spatial = ArrayRef(sizes).drop_front(2);
  int64_t count = windows.count();
  Value places = node.reshape(node.iota(productOf(spatial), 0, i64), spatial);
  Formula border(node, node.count(spatial, i64));
  Value padded = node.pad(places, border.get(), windows.low,
                          sum(windows.high, windows.overhang));
  Formula inside(node, slide(node, padded, windows, 0));
  Formula isMaximum =
      slid.apply<EqualOp>(maxima.unsqueeze(innerAxes(windows, 1)));
  if (isa<FloatType>(slid.element()))
    isMaximum = isMaximum.apply<OrOp>(slid.apply<IsNanOp>());
  Formula candidates = inside.unsqueeze(2 * count).where(isMaximum, border);
  return slid.of(node.reduce(ReduceKind::Min, candidates.get(),
                             innerAxes(windows, 1), /*keep=*/false));
}

/// `places` in row-major order of `spatial`, in column-major order.
static Formula toColumnMajor(const Formula &places, ArrayRef<Expr> spatial) {
  NodeContext &node = places.context();
  Formula rest = places, result = places.number(0);
  for (size_t axis = spatial.size(); axis-- > 0;) {
    Formula size = places.of(node.count(spatial[axis], places.element()));
    Formula before =
        places.of(node.count(spatial.take_front(axis), places.element()));
    result = result + rest.apply<RemOp>(size) * before;
    rest = rest / size;
  }
  return result;
}

/// Indices count the elements of the whole tensor.
static Formula toIndices(const Formula &places) {
  NodeContext &node = places.context();
  Exprs sizes = node.shapes.sizes(node.input(0));
  ArrayRef<Expr> planes = ArrayRef(sizes).take_front(2),
                 spatial = ArrayRef(sizes).drop_front(2);
  Formula order =
      node.getInt("storage_order", 0) ? toColumnMajor(places, spatial) : places;
  Formula plane = places.of(
      node.reshape(node.iota(productOf(planes), 0, places.element()), planes));
  Formula start = plane * places.of(node.count(spatial, places.element()));
  return order + start.unsqueeze(axesFrom(2, sizes.size()));
}

static LogicalResult convertMaxPool(NodeContext &node) {
  FailureOr<Windows> windows = readPool(node);
  if (failed(windows))
    return failure();
  Value slid =
      readSlid(node, *windows, lowest(node, elementTypeOf(node.input(0))));
  Value maxima = node.reduce(ReduceKind::Max, slid, innerAxes(*windows, 1),
                             /*keep=*/false);
  setPooled(node, maxima);
  if (node.numResults() < 2 || !maxima)
    return success();
  Formula places = findMaxima(node, *windows, {node, slid}, {node, maxima});
  if (places)
    node.setResult(
        toIndices(places.of(toChannelsFirst(node, places.get()))).get(), 1);
  return success();
}

//===----------------------------------------------------------------------===//
// AveragePool
//===----------------------------------------------------------------------===//

/// How many elements each window averages, by position; overhang never counts.
static Value countElements(NodeContext &node, const Windows &windows,
                           bool countsBorder, Type element) {
  Exprs sizes = node.shapes.sizes(node.input(0)), spatial;
  llvm::append_range(spatial, ArrayRef(sizes).drop_front(2));
  Exprs none(spatial.size(), Expr(0));
  if (countsBorder)
    spatial = sum(spatial, sum(windows.low, windows.high));
  Value ones = node.broadcast(node.scalar(1, element), spatial, {});
  Value zero = node.scalar(0, element);
  Value padded = countsBorder ? node.pad(ones, zero, none, windows.overhang)
                              : node.pad(ones, zero, windows.low,
                                         sum(windows.high, windows.overhang));
  return node.reduce(ReduceKind::Sum, slide(node, padded, windows, 0),
                     innerAxes(windows, 0), /*keep=*/false);
}

static LogicalResult convertAveragePool(NodeContext &node) {
  FailureOr<Windows> windows = readPool(node);
  if (failed(windows))
    return failure();
  Type element = elementTypeOf(node.input(0));
  bool countsBorder = node.getInt("count_include_pad", 0) != 0;
  Value total = node.reduce(ReduceKind::Sum,
                            readSlid(node, *windows, node.scalar(0, element)),
                            innerAxes(*windows, 1), /*keep=*/false);
  if (!total)
    return failure();
  bool isUniform =
      countsBorder
          ? llvm::all_of(windows->overhang,
                         [](const Expr &border) { return border.is(0); })
          : !windows->haveBorder();
  Exprs sizes = node.shapes.sizes(total);
  Type work = elementTypeOf(total);
  Value count;
  if (isUniform) {
    double elements = 1;
    for (int64_t size : windows->sizes)
      elements *= size;
    count = node.broadcast(node.scalar(elements, work), sizes, {});
  } else {
    SmallVector<int64_t> axes =
        llvm::to_vector(llvm::seq<int64_t>(1, 1 + windows->count()));
    count = node.broadcast(countElements(node, *windows, countsBorder, work),
                           sizes, axes);
  }
  setPooled(node, node.create<DivOp>(total, count));
  return success();
}

//===----------------------------------------------------------------------===//
// LpPool
//===----------------------------------------------------------------------===//

/// (sum |x|^p)^(1 / p) over `axes`.
static Value norm(NodeContext &node, Value x, ArrayRef<int64_t> axes) {
  if (!x)
    return nullptr;
  int64_t p = node.getInt("p", 2);
  if (p == 2)
    return node.create<SqrtOp>(node.reduce(
        ReduceKind::Sum, node.create<MulOp>(x, x), axes, /*keep=*/false));
  Value powers = node.create<AbsOp>(x);
  if (p != 1)
    powers = node.create<PowOp>(powers, node.splatLike(p, powers));
  Value total = node.reduce(ReduceKind::Sum, powers, axes, /*keep=*/false);
  if (!total || p == 1)
    return total;
  return node.create<PowOp>(total, node.splatLike(1.0 / p, total));
}

static LogicalResult convertLpPool(NodeContext &node) {
  FailureOr<Windows> windows = readPool(node);
  if (failed(windows))
    return failure();
  Value zero = node.scalar(0, elementTypeOf(node.input(0)));
  setPooled(node,
            norm(node, readSlid(node, *windows, zero), innerAxes(*windows, 1)));
  return success();
}

static LogicalResult convertGlobalLpPool(NodeContext &node) {
  Value x = node.input(0);
  int64_t rank = NodeContext::rankOf(x);
  if (rank < 3)
    return node.error("expected an input with spatial axes, found " +
                      debugString(x.getType()));
  Value pooled =
      norm(node, node.widen(x), llvm::to_vector(llvm::seq<int64_t>(2, rank)));
  Exprs sizes = node.shapes.sizes(x);
  std::fill(sizes.begin() + 2, sizes.end(), Expr(1));
  node.setResult(node.cast(node.reshape(pooled, sizes), elementTypeOf(x)));
  return success();
}

//===----------------------------------------------------------------------===//
// LRN
//===----------------------------------------------------------------------===//

/// x / (bias + alpha / size * sum)^beta, the sum being that of the squares of
/// the `size` channels around.
static LogicalResult convertLRN(NodeContext &node) {
  int64_t size = node.requireInt("size");
  if (NodeContext::rankOf(node.input(0)) < 2 || size < 1)
    return node.error("expected channels along axis 1 and a size of at least "
                      "1, found " +
                      debugString(node.input(0).getType()) + " and " +
                      Twine(size));
  Value x = node.widen(toChannelsLast(node, node.input(0)));
  Value squares = node.create<MulOp>(x, x);
  if (!squares)
    return failure();
  int64_t channels = NodeContext::rankOf(x) - 1;
  Exprs low(channels + 1, Expr(0)), high(low);
  low.back() = (size - 1) / 2;
  high.back() = size / 2;
  Value padded = node.pad(squares, node.scalar(0, elementTypeOf(x)), low, high);
  Value slid = node.create<WindowOp>(
      padded, channels, size, SmallVector<int64_t>{1}, SmallVector<int64_t>{1});
  Value total =
      node.reduce(ReduceKind::Sum, slid, channels + 1, /*keep=*/false);
  if (!total)
    return failure();
  double alpha = node.getFloat("alpha", 0.0001);
  Value scaled = node.create<MulOp>(
      total, node.splatLike(alpha / static_cast<double>(size), total));
  Value base = node.create<AddOp>(
      node.splatLike(node.getFloat("bias", 1), total), scaled);
  Value power = node.create<PowOp>(
      base, node.splatLike(node.getFloat("beta", 0.75), total));
  setPooled(node, node.create<DivOp>(x, power));
  return success();
}

void mlc::onnx::addPooling(ConverterTable &table) {
  table.add("AveragePool", {1, 1, 1, convertAveragePool});
  table.add("GlobalLpPool", {2, 1, 1, convertGlobalLpPool});
  table.add("LpPool", {2, 1, 1, convertLpPool});
  table.add("LRN", {1, 1, 1, convertLRN});
  table.add("MaxPool", {1, 1, 1, convertMaxPool});
}
