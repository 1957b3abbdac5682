//===- Sample.cpp - Ops of ONNX that read at coordinates ------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Coordinates come with the data: each corner of the cell that they lie in is
// a gather with an index per spatial axis.
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

namespace {

enum class Padding { Zeros, Border, Reflection };

/// Reads N x C x spatial... at coordinates, one tensor of the result's shape
/// per spatial axis.
class Sampler {
public:
  Sampler(NodeContext &node, Value x, ArrayRef<int64_t> axes)
      : node(node), x(x), axes(axes) {
    sizes = node.shapes.sizes(x);
  }

  int64_t taps = 2; // 1: nearest, 4: cubic
  Padding padding = Padding::Zeros;
  bool alignsCorners = false;

  Value sample(ArrayRef<Value> coordinates);

private:
  struct Tap {
    Value index, weight;
  };
  template <class Op> Value apply(Value x, Value y) {
    return node.create<Op>(x, node.broadcast(y, node.shapes.sizes(x), {}));
  }
  template <class Op> Value apply(Value x, double y) {
    return node.create<Op>(x, node.splatLike(y, x));
  }
  Value reflect(Value at, const Expr &size);
  Value place(Value at, const Expr &size);
  Value cubicWeight(Value distance);
  SmallVector<Tap> tapsAlong(Value at, const Expr &size);

  NodeContext &node;
  Value x;
  SmallVector<int64_t> axes; // as mlc.gather has them
  Exprs sizes;
};

} // namespace

/// There and back again between the borders, which are the centers of the
/// outer elements or their edges.
Value Sampler::reflect(Value at, const Expr &size) {
  double low = alignsCorners ? 0 : -0.5;
  Value span = node.cast(node.count(alignsCorners ? size - Expr(1) : size,
                                    node.builder.getI64Type()),
                         elementTypeOf(at));
  Value one = node.scalar(1, elementTypeOf(at));
  span = node.create<MaxOp>(span, one);
  Value twice = node.create<AddOp>(span, span);
  Value offset = node.create<AbsOp>(apply<SubOp>(at, low));
  Value there = apply<ModOp>(offset, twice);
  Value back = node.create<SubOp>(
      node.broadcast(twice, node.shapes.sizes(there), {}), there);
  return apply<AddOp>(node.create<MinOp>(there, back), low);
}

/// Where padding moves a coordinate or an index to.
Value Sampler::place(Value at, const Expr &size) {
  if (!at || padding == Padding::Zeros)
    return at;
  Value last = node.cast(node.count(size - Expr(1), node.builder.getI64Type()),
                         elementTypeOf(at));
  if (padding == Padding::Reflection)
    at = reflect(at, size);
  return apply<MaxOp>(apply<MinOp>(at, last), 0);
}

/// Of Keys' kernel with a = -0.75, at a distance of at most 2.
Value Sampler::cubicWeight(Value distance) {
  constexpr double a = -0.75;
  Value d = node.create<AbsOp>(distance);
  auto horner = [&](ArrayRef<double> coefficients) {
    Value sum = node.splatLike(coefficients.front(), d);
    for (double coefficient : coefficients.drop_front())
      sum = apply<AddOp>(node.create<MulOp>(sum, d), coefficient);
    return sum;
  };
  Value near = horner({a + 2, -a - 3, 0, 1});
  Value far = horner({a, -5 * a, 8 * a, -4 * a});
  return node.create<SelectOp>(apply<LessEqualOp>(d, 1), near, far);
}

SmallVector<Sampler::Tap> Sampler::tapsAlong(Value at, const Expr &size) {
  SmallVector<Tap> result;
  // The nearest index is found before it is reflected: what lies in the middle
  // of two goes to the even one, counted outside.
  if (taps == 1)
    at = node.create<RoundOp>(at);
  if (taps != 4)
    at = place(at, size);
  Value base = taps == 1 ? at : node.create<FloorOp>(at);
  Value fraction = node.create<SubOp>(at, base);
  for (int64_t tap = taps == 4 ? -1 : 0; tap < (taps == 4 ? 3 : taps); ++tap) {
    Value index = apply<AddOp>(base, static_cast<double>(tap));
    Value distance = apply<SubOp>(fraction, static_cast<double>(tap));
    Value weight;
    if (taps == 4)
      weight = cubicWeight(distance);
    else if (taps == 2)
      weight = node.create<SubOp>(node.splatLike(1.0, distance),
                                  node.create<AbsOp>(distance));
    if (taps == 4)
      index = place(index, size);
    if (padding == Padding::Zeros && index) {
      Value last =
          node.cast(node.count(size - Expr(1), node.builder.getI64Type()),
                    elementTypeOf(index));
      Value outside = node.create<OrOp>(apply<LessOp>(index, 0),
                                        apply<GreaterOp>(index, last));
      Value inside = weight ? weight : node.splatLike(1.0, index);
      weight =
          node.create<SelectOp>(outside, node.splatLike(0.0, index), inside);
    }
    result.push_back({node.cast(index, node.builder.getI64Type()), weight});
  }
  return result;
}

Value Sampler::sample(ArrayRef<Value> coordinates) {
  // The corners: every combination of a tap along each axis.
  struct Corner {
    SmallVector<Value> indices;
    Value weight;
  };
  SmallVector<Corner> corners(1);
  auto at = coordinates.begin();
  for (auto [axis, from] : llvm::enumerate(axes)) {
    if (!ShapedType::isDynamic(from))
      continue;
    SmallVector<Corner> next;
    for (const Tap &tap : tapsAlong(*at++, sizes[axis]))
      for (const Corner &corner : corners) {
        next.push_back(corner);
        next.back().indices.push_back(tap.index);
        if (corner.weight && tap.weight)
          next.back().weight = node.create<MulOp>(corner.weight, tap.weight);
        else if (tap.weight)
          next.back().weight = tap.weight;
      }
    corners = std::move(next);
  }
  Value sum;
  for (const Corner &corner : corners) {
    Value part = node.create<GatherOp>(x, ValueRange(corner.indices), axes);
    if (part && corner.weight)
      part = node.create<MulOp>(part,
                                node.cast(corner.weight, elementTypeOf(part)));
    sum = sum ? node.create<AddOp>(sum, part) : part;
  }
  return sum;
}

//===----------------------------------------------------------------------===//
// GridSample
//===----------------------------------------------------------------------===//

/// From [-1, 1] to the axis.
static Value denormalize(NodeContext &node, Value at, const Expr &size,
                         bool alignsCorners) {
  if (!at)
    return nullptr;
  Type element = elementTypeOf(at), i64 = node.builder.getI64Type();
  auto like = [&](Value scalar) {
    return node.broadcast(scalar, node.shapes.sizes(at), {});
  };
  Value half = node.splatLike(0.5, at);
  Value shifted = node.create<AddOp>(at, node.splatLike(1.0, at));
  Value extent = like(node.cast(
      node.count(alignsCorners ? size - Expr(1) : size, i64), element));
  Value scaled = node.create<MulOp>(node.create<MulOp>(shifted, extent), half);
  return alignsCorners ? scaled : node.create<SubOp>(scaled, half);
}

static LogicalResult convertGridSample(NodeContext &node) {
  Value x = node.input(0), grid = node.input(1);
  Type element = elementTypeOf(x);
  bool isFloat = isa<FloatType>(element);
  x = isFloat ? node.widen(x) : node.cast(x, node.builder.getF32Type());
  grid = node.widen(grid);
  StringRef mode = node.getChoice(
      "mode", {"linear", "nearest", "cubic", "bilinear", "bicubic"});
  StringRef padding =
      node.getChoice("padding_mode", {"zeros", "border", "reflection"});
  if (node.hasFailed())
    return failure();
  Exprs from = node.shapes.sizes(x), points = node.shapes.sizes(grid);
  int64_t rank = from.size(), spatial = rank - 2;
  if (spatial < 1 || static_cast<int64_t>(points.size()) != rank ||
      !points.back().is(spatial))
    return node.error("a grid of shape " + debugString(grid.getType()) +
                      " does not fit an input of shape " +
                      debugString(x.getType()));
  node.requireEqual(from[0], points[0], "the batch size of input and grid");
  Exprs sizes = {from[0], from[1]};
  sizes.append(points.begin() + 1, points.end() - 1);
  SmallVector<int64_t> axes = {0, 1}, of = {0};
  for (int64_t i : llvm::seq(spatial)) {
    axes.push_back(ShapedType::kDynamic);
    of.push_back(i + 2);
  }
  Sampler sampler(node, x, axes);
  sampler.taps = llvm::StringSwitch<int64_t>(mode)
                     .Case("nearest", 1)
                     .Cases({"cubic", "bicubic"}, 4)
                     .Default(2);
  sampler.padding = llvm::StringSwitch<Padding>(padding)
                        .Case("border", Padding::Border)
                        .Case("reflection", Padding::Reflection)
                        .Default(Padding::Zeros);
  sampler.alignsCorners = node.getInt("align_corners", 0) != 0;
  // The grid names the last axis first.
  SmallVector<Value> coordinates;
  for (int64_t i : llvm::seq(spatial))
    coordinates.push_back(
        node.broadcast(denormalize(node, node.component(grid, spatial - 1 - i),
                                   from[i + 2], sampler.alignsCorners),
                       sizes, of));
  node.setResult(node.cast(sampler.sample(coordinates), element));
  return success();
}

//===----------------------------------------------------------------------===//
// AffineGrid
//===----------------------------------------------------------------------===//

/// The centers of the elements of an axis, or the elements from end to end, in
/// [-1, 1].
static Value normalizedPoints(NodeContext &node, ArrayRef<Expr> sizes,
                              int64_t axis, bool alignsCorners, Type element) {
  Value index = node.iota(sizes, axis, element);
  if (!index)
    return nullptr;
  auto like = [&](const Expr &size) {
    return node.broadcast(
        node.cast(node.count(size, node.builder.getI64Type()), element), sizes,
        {});
  };
  Value two = node.splatLike(2.0, index), one = node.splatLike(1.0, index);
  if (alignsCorners)
    return node.create<SubOp>(
        node.create<DivOp>(node.create<MulOp>(index, two),
                           like(max(sizes[axis] - Expr(1), Expr(1)))),
        one);
  Value odd = node.create<AddOp>(node.create<MulOp>(index, two), one);
  return node.create<SubOp>(node.create<DivOp>(odd, like(sizes[axis])), one);
}

/// theta : N x d x (d + 1) times the points of a grid: N x spatial... x d
static LogicalResult convertAffineGrid(NodeContext &node) {
  Value theta = node.widen(node.input(0));
  Exprs size = node.elements(1);
  bool alignsCorners = node.getInt("align_corners", 0) != 0;
  if (node.hasFailed())
    return failure();
  int64_t spatial = static_cast<int64_t>(size.size()) - 2;
  Exprs given = node.shapes.sizes(theta);
  if (spatial < 2 || given.size() != 3 || !given[1].is(spatial) ||
      !given[2].is(spatial + 1))
    return node.error("theta of shape " + debugString(theta.getType()) +
                      " does not fit a size of " + Twine(size.size()) +
                      " elements");
  Type element = elementTypeOf(theta);
  Exprs points = {size[0]};
  points.append(size.begin() + 2, size.end());
  SmallVector<Value> along;
  for (int64_t i : llvm::seq(spatial))
    along.push_back(
        normalizedPoints(node, points, spatial - i, alignsCorners, element));
  Exprs single = points;
  single.push_back(1);
  SmallVector<Value> parts;
  for (int64_t row : llvm::seq(spatial)) {
    auto coefficient = [&](int64_t column) {
      Value value =
          node.component(node.slice(theta, {Expr(0), Expr(row), Expr(0)},
                                    {given[0], Expr(1), given[2]}, {1, 1, 1}),
                         column);
      return node.broadcast(node.reshape(value, given[0]), points, 0);
    };
    Value sum = coefficient(spatial);
    for (int64_t column : llvm::seq(spatial))
      sum = node.create<AddOp>(
          sum, node.create<MulOp>(coefficient(column), along[column]));
    parts.push_back(node.reshape(sum, single));
  }
  Value grid = node.create<ConcatOp>(ValueRange(parts), spatial + 1);
  node.setResult(node.cast(grid, elementTypeOf(node.input(0))));
  return success();
}

void mlc::onnx::addSamples(ConverterTable &table) {
  table.add("AffineGrid", {20, 2, 2, convertAffineGrid});
  table.add("GridSample", {16, 2, 2, convertGridSample});
}
