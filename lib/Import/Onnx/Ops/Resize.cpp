//===- Resize.cpp - Resize and Upsample -----------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Along each axis that is resized, an element of the result stands at a
// coordinate of the input. What interpolates between the elements around it
// does so for one axis after the other; each step is a gather per element.
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include <cmath>

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

namespace {

enum class Transform {
  HalfPixel,
  HalfPixelSymmetric,
  PytorchHalfPixel,
  AlignCorners,
  Asymmetric,
  HalfPixelForNearest,
  CropAndResize
};
enum class Rounding { PreferFloor, PreferCeil, Floor, Ceil };
enum class Mode { Nearest, Linear, Cubic };
enum class Policy { Stretch, NotLarger, NotSmaller };

/// One axis that is resized. The scale is a scalar of f32.
struct Axis {
  int64_t axis;
  Expr from, to;
  Value scale;
  std::optional<double> literalScale;
  Value start, end; // of the region, when there is one
};

class Resizer {
public:
  explicit Resizer(NodeContext &node) : node(node) {}

  LogicalResult run();
  void readAttributes();
  /// What Upsample and the first version of Resize do.
  void setDefaults(StringRef modeName);
  LogicalResult readAxes(std::optional<SmallVector<double>> literals,
                         Value scales, std::optional<Exprs> sizes, Value roi);

private:
  Value number(double value) { return node.scalar(value, f32); }
  Value toFloat(const Expr &size) {
    return node.cast(node.count(size, i64), f32);
  }
  template <class Op> Value apply(Value x, Value y) {
    return node.create<Op>(x, node.broadcast(y, node.shapes.sizes(x), {}));
  }
  LogicalResult readScale(Axis &axis, std::optional<double> literal,
                          Value scales, int64_t position);
  LogicalResult applyPolicy();
  Value coordinates(const Axis &axis);
  Value roundCoordinates(Value x);
  Value isOutside(const Axis &axis, Value coordinates);
  Value gather(Value x, const Axis &axis, Value index);
  Value weigh(Value gathered, const Axis &axis, Value weight);
  Value interpolate(Value x, const Axis &axis, Value coordinates);
  Value contract(Value x, const Axis &axis, Value coordinates);
  Value multiplyAlong(Value x, int64_t axis, Value weight);
  Value kernel(Value distance);
  Value resizeNearest(Value x);
  Value extrapolate(Value x);

  NodeContext &node;
  Type f32 = node.builder.getF32Type(), i64 = node.builder.getI64Type();
  Transform transform = Transform::HalfPixel;
  Rounding rounding = Rounding::PreferFloor;
  Mode mode = Mode::Nearest;
  Policy policy = Policy::Stretch;
  bool isAntialias = false, excludesOutside = false;
  double cubic = -0.75, extrapolation = 0;
  SmallVector<Axis> axes;
};

} // namespace

//===----------------------------------------------------------------------===//
// Attributes and sizes
//===----------------------------------------------------------------------===//

static Mode toMode(StringRef name) {
  return llvm::StringSwitch<Mode>(name)
      .Cases({"linear", "bilinear"}, Mode::Linear)
      .Case("cubic", Mode::Cubic)
      .Default(Mode::Nearest);
}

void Resizer::setDefaults(StringRef modeName) {
  mode = toMode(modeName);
  transform = Transform::Asymmetric;
  rounding = Rounding::Floor;
}

void Resizer::readAttributes() {
  mode = toMode(node.getChoice("mode", {"nearest", "linear", "cubic"}));
  transform =
      llvm::StringSwitch<Transform>(
          node.getChoice("coordinate_transformation_mode",
                         {"half_pixel", "half_pixel_symmetric",
                          "pytorch_half_pixel", "align_corners", "asymmetric",
                          "tf_half_pixel_for_nn", "tf_crop_and_resize"}))
          .Case("half_pixel_symmetric", Transform::HalfPixelSymmetric)
          .Case("pytorch_half_pixel", Transform::PytorchHalfPixel)
          .Case("align_corners", Transform::AlignCorners)
          .Case("asymmetric", Transform::Asymmetric)
          .Case("tf_half_pixel_for_nn", Transform::HalfPixelForNearest)
          .Case("tf_crop_and_resize", Transform::CropAndResize)
          .Default(Transform::HalfPixel);
  rounding = llvm::StringSwitch<Rounding>(
                 node.getChoice("nearest_mode",
                                {"round_prefer_floor", "round_prefer_ceil",
                                 "floor", "ceil"}))
                 .Case("round_prefer_ceil", Rounding::PreferCeil)
                 .Case("floor", Rounding::Floor)
                 .Case("ceil", Rounding::Ceil)
                 .Default(Rounding::PreferFloor);
  policy = llvm::StringSwitch<Policy>(
               node.getChoice("keep_aspect_ratio_policy",
                              {"stretch", "not_larger", "not_smaller"}))
               .Case("not_larger", Policy::NotLarger)
               .Case("not_smaller", Policy::NotSmaller)
               .Default(Policy::Stretch);
  isAntialias = node.getInt("antialias", 0) != 0;
  excludesOutside = node.getInt("exclude_outside", 0) != 0;
  cubic = node.getFloat("cubic_coeff_a", -0.75);
  extrapolation = node.getFloat("extrapolation_value", 0);
}

/// The simplest fraction that is `value` as a float.
static std::optional<std::pair<int64_t, int64_t>> toFraction(float value) {
  for (int64_t below = 1; below <= 4096; ++below) {
    double above = std::nearbyint(static_cast<double>(value) * below);
    if (above < 1e9 && static_cast<float>(above / below) == value)
      return std::pair(static_cast<int64_t>(above), below);
  }
  return std::nullopt;
}

/// The size along the axis is floor(size * scale), computed in floats.
LogicalResult Resizer::readScale(Axis &axis, std::optional<double> literal,
                                 Value scales, int64_t position) {
  axis.literalScale = literal;
  if (literal && !(*literal > 0 && *literal < 1e9))
    return node.error("scale " + Twine(std::to_string(*literal)) +
                      " is not allowed");
  std::optional<int64_t> from = axis.from.getLiteral();
  if (literal) {
    axis.scale = number(*literal);
    auto scale = static_cast<float>(*literal);
    auto fraction = toFraction(scale);
    if (from)
      axis.to =
          static_cast<int64_t>(std::floor(static_cast<float>(*from) * scale));
    else if (fraction)
      axis.to =
          floorDiv(axis.from * Expr(fraction->first), Expr(fraction->second));
    if (axis.to)
      return success();
  } else {
    axis.scale = node.cast(
        node.reshape(node.slice(scales, Expr(position), Expr(1), 1), {}), f32);
  }
  Value size =
      node.create<FloorOp>(node.create<MulOp>(toFloat(axis.from), axis.scale));
  Value integer = node.cast(size, i64);
  if (!integer)
    return failure();
  axis.to = node.shapes.elements(integer)->front();
  node.requireNotNegative(axis.to, "a size of the result is negative");
  return success();
}

/// One scale for all axes: the least or the greatest.
LogicalResult Resizer::applyPolicy() {
  if (policy == Policy::Stretch)
    return success();
  bool isStatic = llvm::all_of(
      axes, [](const Axis &axis) { return axis.literalScale.has_value(); });
  bool isLeast = policy == Policy::NotLarger;
  std::optional<double> literal;
  Value common;
  for (Axis &axis : axes) {
    if (isStatic)
      literal = !literal  ? *axis.literalScale
                : isLeast ? std::min(*literal, *axis.literalScale)
                          : std::max(*literal, *axis.literalScale);
    else
      common = !common   ? axis.scale
               : isLeast ? node.create<MinOp>(common, axis.scale)
                         : node.create<MaxOp>(common, axis.scale);
  }
  for (Axis &axis : axes) {
    axis.literalScale = literal;
    if (literal) {
      axis.to = static_cast<int64_t>(
          std::floor(*axis.from.getLiteral() * *literal + 0.5));
      axis.scale = number(*literal);
      continue;
    }
    axis.scale = common;
    Value size = node.create<AddOp>(
        node.create<MulOp>(toFloat(axis.from), common), number(0.5));
    Value integer = node.cast(node.create<FloorOp>(size), i64);
    if (!integer)
      return failure();
    axis.to = node.shapes.elements(integer)->front();
  }
  return success();
}

LogicalResult Resizer::readAxes(std::optional<SmallVector<double>> literals,
                                Value scales, std::optional<Exprs> sizes,
                                Value roi) {
  Value x = node.input(0);
  Exprs from = node.shapes.sizes(x);
  int64_t rank = from.size();
  SmallVector<int64_t> given;
  for (int64_t axis : node.getInts("axes").value_or(
           llvm::to_vector(llvm::seq<int64_t>(0, rank))))
    given.push_back(node.normalizeAxis(axis, rank));
  size_t count = given.size();
  size_t found = sizes      ? sizes->size()
                 : literals ? literals->size()
                            : NodeContext::typeOf(scales).getNumElements();
  if (found != count)
    return node.error("there are " + Twine(found) + " scales or sizes for " +
                      Twine(count) + " axes");
  for (auto [i, number] : llvm::enumerate(given)) {
    Axis axis{number, from[number], {}, {}, {}, {}, {}};
    if (sizes) {
      axis.to = (*sizes)[i];
      node.requireNotNegative(axis.to, "a size of the result is negative");
      auto above = axis.to.getLiteral(), below = axis.from.getLiteral();
      if (above && below && *below)
        axis.literalScale = static_cast<double>(*above) / *below;
      axis.scale = axis.literalScale ? this->number(*axis.literalScale)
                                     : node.create<DivOp>(toFloat(axis.to),
                                                          toFloat(axis.from));
    } else if (failed(readScale(axis,
                                literals ? std::optional((*literals)[i])
                                         : std::nullopt,
                                scales, i))) {
      return failure();
    }
    if (roi && transform == Transform::CropAndResize) {
      auto at = [&](int64_t position) {
        Value bound = node.slice(roi, Expr(position), Expr(1), 1);
        return node.cast(node.reshape(bound, {}), f32);
      };
      axis.start = at(i);
      axis.end = at(i + count);
    }
    axes.push_back(axis);
  }
  return sizes ? applyPolicy() : success(!node.hasFailed());
}

//===----------------------------------------------------------------------===//
// Coordinates
//===----------------------------------------------------------------------===//

/// The coordinate in the input of every index of the result along the axis.
Value Resizer::coordinates(const Axis &axis) {
  Value x = node.iota(axis.to, 0, f32);
  auto halfPixel = [&] {
    return apply<DivOp>(apply<AddOp>(x, number(0.5)), axis.scale);
  };
  Value half = number(0.5), last = toFloat(axis.from - Expr(1));
  // 1 where there is one element, else 0.
  Value isOne = toFloat(Expr(1) - min(axis.to - Expr(1), Expr(1)));
  Value width = node.create<MulOp>(axis.scale, toFloat(axis.from));
  // Not zero: where there is one element, its index is.
  Value steps = node.create<AddOp>(node.create<SubOp>(width, number(1)), isOne);
  switch (transform) {
  case Transform::HalfPixel:
    return apply<SubOp>(halfPixel(), half);
  case Transform::PytorchHalfPixel:
    return apply<MulOp>(apply<SubOp>(halfPixel(), half),
                        node.create<SubOp>(number(1), isOne));
  case Transform::HalfPixelSymmetric: {
    // What rounding the size has cut off is shared between both ends.
    Value adjustment = node.create<DivOp>(toFloat(axis.to), width);
    Value center = node.create<MulOp>(toFloat(axis.from), half);
    Value offset =
        node.create<MulOp>(center, node.create<SubOp>(number(1), adjustment));
    return apply<AddOp>(halfPixel(), node.create<SubOp>(offset, half));
  }
  case Transform::AlignCorners:
    return apply<DivOp>(apply<MulOp>(x, last), steps);
  case Transform::Asymmetric:
    return apply<DivOp>(x, axis.scale);
  case Transform::HalfPixelForNearest:
    return halfPixel();
  case Transform::CropAndResize: {
    Value length =
        node.create<MulOp>(node.create<SubOp>(axis.end, axis.start), last);
    Value first = node.create<AddOp>(
        node.create<MulOp>(axis.start, last),
        node.create<MulOp>(node.create<MulOp>(length, half), isOne));
    return apply<AddOp>(apply<DivOp>(apply<MulOp>(x, length), steps), first);
  }
  }
  llvm_unreachable("covered switch");
}

Value Resizer::roundCoordinates(Value x) {
  switch (rounding) {
  case Rounding::PreferFloor:
    return node.create<CeilOp>(apply<SubOp>(x, number(0.5)));
  case Rounding::PreferCeil:
    return node.create<FloorOp>(apply<AddOp>(x, number(0.5)));
  case Rounding::Floor:
    return node.create<FloorOp>(x);
  case Rounding::Ceil:
    return node.create<CeilOp>(x);
  }
  llvm_unreachable("covered switch");
}

Value Resizer::isOutside(const Axis &axis, Value at) {
  Value last = toFloat(axis.from - Expr(1));
  return node.create<OrOp>(apply<LessOp>(at, number(0)),
                           apply<GreaterOp>(at, last));
}

//===----------------------------------------------------------------------===//
// Interpolation
//===----------------------------------------------------------------------===//

/// `x` read at one index, of a tensor along the axis, for all of its rows.
Value Resizer::gather(Value x, const Axis &axis, Value index) {
  if (!x)
    return nullptr;
  Exprs sizes = node.shapes.sizes(x);
  sizes[axis.axis] = axis.to;
  SmallVector<int64_t> from =
      llvm::to_vector(llvm::seq<int64_t>(0, sizes.size()));
  from[axis.axis] = ShapedType::kDynamic;
  Value everywhere = node.broadcast(node.cast(index, i64), sizes, axis.axis);
  return node.create<GatherOp>(x, ValueRange(everywhere), from);
}

Value Resizer::weigh(Value gathered, const Axis &axis, Value weight) {
  if (!gathered)
    return nullptr;
  weight = node.cast(weight, elementTypeOf(gathered));
  return node.create<MulOp>(
      gathered, node.broadcast(weight, node.shapes.sizes(gathered), axis.axis));
}

/// The weight of an element at a distance.
Value Resizer::kernel(Value distance) {
  Value d = node.create<AbsOp>(distance), zero = node.splatLike(0.0, d);
  Value one = node.splatLike(1.0, d);
  if (mode == Mode::Linear)
    return node.create<MaxOp>(node.create<SubOp>(one, d), zero);
  auto fma = [&](Value x, double c) {
    return apply<AddOp>(node.create<MulOp>(x, d), number(c));
  };
  auto times = [&](double c) { return node.splatLike(c, d); };
  // Near: ((a + 2) d - (a + 3)) d d + 1; far: ((a d - 5 a) d + 8 a) d - 4 a
  Value near = apply<AddOp>(
      node.create<MulOp>(
          node.create<MulOp>(fma(times(cubic + 2), -cubic - 3), d), d),
      number(1));
  Value far = fma(fma(fma(times(cubic), -5 * cubic), 8 * cubic), -4 * cubic);
  Value result = node.create<SelectOp>(node.create<LessOp>(d, one), near, far);
  return node.create<SelectOp>(node.create<LessOp>(d, times(2)), result, zero);
}

/// The sum over the elements around the coordinate, two or four.
Value Resizer::interpolate(Value x, const Axis &axis, Value at) {
  Value base = node.create<FloorOp>(at),
        fraction = node.create<SubOp>(at, base);
  int64_t first = mode == Mode::Cubic ? -1 : 0,
          last = mode == Mode::Cubic ? 2 : 1;
  SmallVector<Value> places, weights;
  Value total;
  for (int64_t tap = first; tap <= last; ++tap) {
    Value place = apply<AddOp>(base, number(tap));
    Value weight = kernel(apply<SubOp>(fraction, number(tap)));
    if (excludesOutside)
      weight = node.create<SelectOp>(isOutside(axis, place),
                                     node.splatLike(0.0, weight), weight);
    places.push_back(place);
    weights.push_back(weight);
    total = total ? node.create<AddOp>(total, weight) : weight;
  }
  Value sum;
  for (auto [place, weight] : llvm::zip_equal(places, weights)) {
    if (excludesOutside)
      weight = node.create<DivOp>(weight, total);
    Value part = weigh(gather(x, axis, place), axis, weight);
    sum = sum ? node.create<AddOp>(sum, part) : part;
  }
  return sum;
}

/// Against aliasing the kernel is as wide as the steps of the result: the sum
/// runs over all elements, most of which have no weight, and over as many
/// copies of the border as the kernel reaches.
Value Resizer::contract(Value x, const Axis &axis, Value at) {
  if (!x)
    return nullptr;
  Expr support(mode == Mode::Cubic ? 2 : 1);
  Expr reach = ceilDiv(support * axis.from, max(axis.to, Expr(1))) + support;
  Exprs table = {axis.to, axis.from + reach * Expr(2)};
  Value place = node.iota(table, 1, f32);
  place = apply<SubOp>(place, toFloat(reach));
  Value distance = node.create<SubOp>(place, node.broadcast(at, table, 0));
  Value shrink = node.create<MinOp>(axis.scale, number(1));
  Value weight = kernel(apply<MulOp>(distance, shrink));
  if (!weight)
    return nullptr;
  if (excludesOutside)
    weight = node.create<SelectOp>(isOutside(axis, place),
                                   node.splatLike(0.0, weight), weight);
  Value total = node.reduce(ReduceKind::Sum, weight, 1, /*keep=*/true);
  weight = node.create<DivOp>(weight, node.broadcast(total, table));
  Axis padded = axis;
  padded.to = table[1];
  Value index = node.iota(padded.to, 0, i64);
  Value rows = gather(x, padded,
                      node.create<SubOp>(index, node.splatLike(reach, index)));
  return multiplyAlong(rows, axis.axis, weight);
}

/// `weight` times the vectors along an axis of `x`.
Value Resizer::multiplyAlong(Value x, int64_t axis, Value weight) {
  if (node.hasFailed())
    return nullptr;
  int64_t last = NodeContext::rankOf(x) - 1;
  SmallVector<int64_t> order = llvm::to_vector(llvm::seq(last + 1));
  std::swap(order[axis], order[last]);
  Value rows = node.transpose(x, order);
  if (!rows)
    return nullptr;
  Exprs sizes = node.shapes.sizes(rows);
  Expr count = productOf(ArrayRef(sizes).drop_back());
  Value product = node.create<MatmulOp>(
      node.reshape(rows, {count, sizes.back()}),
      node.transpose(node.cast(weight, elementTypeOf(x)), {1, 0}));
  sizes.back() = node.shapes.size(weight, 0);
  return node.transpose(node.reshape(product, sizes), order);
}

/// All axes at once: one element is read.
Value Resizer::resizeNearest(Value x) {
  Exprs sizes = node.shapes.sizes(x);
  for (const Axis &axis : axes)
    sizes[axis.axis] = axis.to;
  SmallVector<int64_t> from =
      llvm::to_vector(llvm::seq<int64_t>(0, sizes.size()));
  SmallVector<Value> indices(sizes.size());
  for (const Axis &axis : axes) {
    Value index = node.cast(roundCoordinates(coordinates(axis)), i64);
    from[axis.axis] = ShapedType::kDynamic;
    indices[axis.axis] = node.broadcast(index, sizes, axis.axis);
  }
  llvm::erase(indices, Value());
  if (node.hasFailed())
    return nullptr;
  return indices.empty() ? x
                         : node.create<GatherOp>(x, ValueRange(indices), from);
}

/// Outside of the input a region has a value of its own.
Value Resizer::extrapolate(Value x) {
  if (!x || transform != Transform::CropAndResize)
    return x;
  Exprs sizes = node.shapes.sizes(x);
  for (const Axis &axis : axes) {
    Value outside = isOutside(axis, coordinates(axis));
    x = node.create<SelectOp>(node.broadcast(outside, sizes, axis.axis),
                              node.splatLike(extrapolation, x), x);
  }
  return x;
}

LogicalResult Resizer::run() {
  Value x = node.input(0);
  Type element = elementTypeOf(x);
  // What keeps its size is not resized, unless a region is cut out of it.
  if (transform != Transform::CropAndResize)
    llvm::erase_if(axes, [](const Axis &axis) {
      bool isOne = !axis.literalScale || *axis.literalScale == 1;
      return isOne && axis.from == axis.to;
    });
  if (mode == Mode::Nearest) {
    x = resizeNearest(x);
  } else {
    bool isDouble = element.isF64();
    x = node.cast(x, isDouble ? element : f32);
    for (const Axis &axis : axes)
      x = isAntialias ? contract(x, axis, coordinates(axis))
                      : interpolate(x, axis, coordinates(axis));
  }
  node.setResult(node.cast(extrapolate(x), element));
  return success(!node.hasFailed());
}

//===----------------------------------------------------------------------===//
// Converters
//===----------------------------------------------------------------------===//

static LogicalResult resizeByScales(NodeContext &node, Resizer &resizer,
                                    size_t index, Value roi) {
  std::optional<SmallVector<double>> literals = node.numbers(index);
  if (!literals && !NodeContext::typeOf(node.input(index)).hasStaticShape())
    return node.unsupported(
        "the number of scales is not known at compile time");
  if (failed(resizer.readAxes(std::move(literals), node.input(index),
                              std::nullopt, roi)))
    return failure();
  return resizer.run();
}

/// An input of no elements counts as absent.
static bool isGiven(NodeContext &node, size_t index) {
  return node.hasInput(index) &&
         !llvm::is_contained(NodeContext::typeOf(node.input(index)).getShape(),
                             0);
}

static LogicalResult convertResize(NodeContext &node) {
  Resizer resizer(node);
  resizer.readAttributes();
  if (node.hasFailed())
    return failure();
  Value roi = isGiven(node, 1) ? node.input(1) : Value();
  bool hasScales = isGiven(node, 2), hasSizes = isGiven(node, 3);
  if (hasScales == hasSizes)
    return node.error("expected either scales or sizes");
  if (hasScales)
    return resizeByScales(node, resizer, 2, roi);
  Exprs sizes = node.elements(3);
  if (node.hasFailed() ||
      failed(resizer.readAxes(std::nullopt, nullptr, std::move(sizes), roi)))
    return failure();
  return resizer.run();
}

/// Upsample, and the first version of Resize.
static LogicalResult convertUpsample(NodeContext &node) {
  Resizer resizer(node);
  resizer.setDefaults(
      node.getChoice("mode", {"nearest", "linear", "bilinear", "cubic"}));
  if (node.hasFailed())
    return failure();
  if (node.hasInput(1))
    return resizeByScales(node, resizer, 1, nullptr);
  auto scales = node.getFloats("scales");
  if (!scales)
    return node.error("attribute \"scales\" is missing");
  SmallVector<double> literals(scales->begin(), scales->end());
  if (failed(resizer.readAxes(std::move(literals), nullptr, std::nullopt,
                              nullptr)))
    return failure();
  return resizer.run();
}

void mlc::onnx::addResizes(ConverterTable &table) {
  table.add("Resize", {10, 2, 2, convertUpsample});
  table.add("Resize", {11, 1, 4, convertResize});
  table.add("Upsample", {7, 1, 1, convertUpsample});
  table.add("Upsample", {9, 2, 2, convertUpsample});
}
