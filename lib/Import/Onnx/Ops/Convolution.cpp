//===- Convolution.cpp - Convolutions and their transposes ----------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "Composites.h"
#include "Windows.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

/// Input and filter as a convolution needs them: of one rank, and the filter's
/// spatial sizes known and equal to `kernel_shape`.
static LogicalResult checkOperands(NodeContext &node, Value x, Value filter) {
  int64_t rank = NodeContext::rankOf(x);
  if (rank < 3 || NodeContext::rankOf(filter) != rank)
    return node.error("expected input and filter of one rank of at least 3, "
                      "found " +
                      debugString(x.getType()) + " and " +
                      debugString(filter.getType()));
  ArrayRef<int64_t> sizes =
      NodeContext::typeOf(filter).getShape().drop_front(2);
  if (llvm::any_of(sizes, ShapedType::isDynamic))
    return node.unsupported(
        "the size of the filter is not known at compile time");
  std::optional<SmallVector<int64_t>> declared = node.getInts("kernel_shape");
  if (declared && ArrayRef<int64_t>(*declared) != sizes)
    return node.error("attribute \"kernel_shape\" does not agree with the "
                      "filter, " +
                      debugString(filter.getType()));
  return success();
}

/// The filter [O, C / groups, taps...] with the channels that the input has to
/// have, where only those are known.
static Value withChannelsOf(NodeContext &node, Value x, Value filter,
                            int64_t groups) {
  Exprs sizes = node.shapes.sizes(filter);
  std::optional<int64_t> channels = node.shapes.size(x, 1).getLiteral();
  if (!channels || groups < 1 || *channels % groups || sizes[1].getLiteral())
    return filter;
  Expr perGroup(*channels / groups);
  node.requireEqual(sizes[1], perGroup, "the number of the filter's channels");
  sizes[1] = perGroup;
  return node.reshape(filter, sizes);
}

/// The convolution of `x` [N, C, spatial...] with `filter` [O, C / groups,
/// taps...], with the channels of the result last.
static Value convolve(NodeContext &node, Value x, Value filter) {
  if (failed(checkOperands(node, x, filter)))
    return nullptr;
  int64_t rank = NodeContext::rankOf(x), groups = node.getInt("group", 1);
  filter = withChannelsOf(node, x, filter, groups);
  if (!filter)
    return nullptr;
  Exprs sizes = node.shapes.sizes(x);
  Windows windows =
      readWindows(node, ArrayRef(sizes).drop_front(2),
                  NodeContext::typeOf(filter).getShape().drop_front(2));
  if (node.hasFailed())
    return nullptr;
  SmallVector<int64_t> padding, ofFilter;
  for (auto [low, high] : llvm::zip_equal(windows.low, windows.high)) {
    padding.push_back(low.getLiteral().value_or(-1));
    padding.push_back(high.getLiteral().value_or(-1));
  }
  x = toChannelsLast(node, x);
  // Borders that depend on sizes are an op of their own.
  if (llvm::is_contained(padding, -1)) {
    Value zero = node.scalar(0, elementTypeOf(x));
    x = padSpatial(node, x, zero, windows.low, windows.high);
    llvm::fill(padding, 0);
  }
  llvm::append_range(ofFilter, llvm::seq<int64_t>(2, rank));
  ofFilter.append({1, 0});
  return node.create<ConvOp>(x, node.transpose(filter, ofFilter),
                             windows.strides, windows.dilations, padding,
                             groups);
}

/// Adds input `index`, one element per channel, to what has its channels last.
static Value addBias(NodeContext &node, Value x, size_t index) {
  if (!x || !node.hasInput(index))
    return x;
  return node.create<AddOp>(
      x, node.broadcast(node.input(index), node.shapes.sizes(x)));
}

static LogicalResult convertConv(NodeContext &node) {
  Value result = convolve(node, node.input(0), node.input(1));
  node.setResult(toChannelsFirst(node, addBias(node, result, 2)));
  return success();
}

/// Input `index` in i32, less its zero point, which input `zeroPoint` gives for
/// the whole or for each of the first axis.
static Value readQuantized(NodeContext &node, size_t index, size_t zeroPoint) {
  Type i32 = node.builder.getI32Type();
  Value x = node.cast(node.input(index), i32);
  if (!node.hasInput(zeroPoint))
    return x;
  Value zero = node.cast(node.input(zeroPoint), i32);
  Exprs sizes = node.shapes.sizes(x);
  bool isScalar = llvm::all_of(node.shapes.sizes(zero),
                               [](const Expr &size) { return size.is(1); });
  if (isScalar)
    return node.create<SubOp>(
        x, node.broadcast(node.reshape(zero, {}), sizes, {}));
  return node.create<SubOp>(x, node.broadcast(zero, sizes, {0}));
}

static LogicalResult convertConvInteger(NodeContext &node) {
  Value x = readQuantized(node, 0, 2), filter = readQuantized(node, 1, 3);
  if (x && filter)
    node.setResult(toChannelsFirst(node, convolve(node, x, filter)));
  return success();
}

/// The products in i32, and then their scale relative to the result's.
static LogicalResult convertQLinearConv(NodeContext &node) {
  Value x = readQuantized(node, 0, 2), filter = readQuantized(node, 3, 5);
  if (!x || !filter)
    return failure();
  Value sums = addBias(node, convolve(node, x, filter), 8);
  Type work = node.builder.getF32Type();
  // Scales of channels, which are last here, broadcast as they are.
  Formula scale = Formula(node, 1).cast(work).reshape({}) *
                  Formula(node, 4).cast(work) /
                  Formula(node, 6).cast(work).reshape({});
  Formula zeroPoint = Formula(node, 7).reshape({});
  Formula y = saturate(Formula(node, sums).cast(work) * scale, zeroPoint,
                       zeroPoint.element());
  node.setResult(toChannelsFirst(node, y.get()));
  return success();
}

/// onnxruntime's convolution with a sum and an activation behind it.
static LogicalResult convertFusedConv(NodeContext &node) {
  Value result = toChannelsFirst(
      node, addBias(node, convolve(node, node.input(0), node.input(1)), 2));
  Formula y(node, result);
  if (node.hasInput(3))
    y = y + Formula(node, 3);
  StringRef name = node.getString("activation", "");
  if (name.empty()) {
    node.setResult(y.get());
    return success();
  }
  SmallVector<float> given =
      node.getFloats("activation_params").value_or(SmallVector<float>());
  if (name == "Clip" && given.size() == 2) {
    node.setResult(y.clamp(given[0], given[1]).get());
    return success();
  }
  const NamedActivation *named = findActivation(name);
  if (!named)
    return node.unsupported("activation \"" + name + "\" is not supported");
  double alpha = !given.empty() ? given[0] : named->alpha;
  double beta = given.size() > 1 ? given[1] : named->beta;
  node.setResult(named->apply(y, alpha, beta).get());
  return success();
}

//===----------------------------------------------------------------------===//
// ConvTranspose
//===----------------------------------------------------------------------===//

namespace {

/// A transposed convolution as a convolution: position t * stride + p of the
/// result is reached from positions t, t - 1, ... of the input by the taps p,
/// stride + p, ... So each p, a phase, is a convolution of its own, and all of
/// them together are one whose channels are then spread over the axes.
class TransposedConv {
public:
  TransposedConv(NodeContext &node, Value x, Value filter)
      : node(node), x(x), filter(filter), spatial(NodeContext::rankOf(x) - 2),
        groups(node.getInt("group", 1)) {}

  Value run() {
    if (!readAttributes())
      return nullptr;
    filter = splitIntoPhases();
    x = toChannelsLast(node, x);
    if (!x || !filter)
      return nullptr;
    SmallVector<int64_t> ones(spatial, 1), padding;
    for (int64_t taps : steps)
      padding.append({taps - 1, taps - 1});
    Value phases = node.create<ConvOp>(x, filter, ones, ones, padding, groups);
    return crop(interleave(phases));
  }

private:
  bool readAttributes() {
    strides = readSteps(node, "strides", spatial);
    dilations = readSteps(node, "dilations", spatial);
    Exprs sizes = node.shapes.sizes(x);
    SmallVector<int64_t> more =
        readSteps(node, "output_padding", spatial, /*least=*/0, /*absent=*/0);
    if (node.hasFailed())
      return false;
    ArrayRef<int64_t> taps =
        NodeContext::typeOf(filter).getShape().drop_front(2);
    SmallVector<Expr> full;
    for (size_t axis = 0; axis < spatial; ++axis) {
      spans.push_back((taps[axis] - 1) * dilations[axis] + 1);
      full.push_back((sizes[axis + 2] - 1) * strides[axis] + spans[axis] +
                     more[axis]);
    }
    readCrop(ArrayRef(sizes).drop_front(2), full);
    for (size_t axis = 0; axis < spatial && !node.hasFailed(); ++axis) {
      // What is kept past the last tap is zero: taps of zero make room for it.
      Expr past = first[axis] + kept[axis] -
                  ((sizes[axis + 2] - 1) * strides[axis] + spans[axis]);
      int64_t room = 0;
      if (past.bounds().max > 0) {
        std::optional<int64_t> literal = past.getLiteral();
        if (!literal)
          node.reportUnsupported(
              "the size of the result along spatial axis " + Twine(axis) +
                  " is not known to be reached, " + kept[axis].toString(),
              "fix the size with --shape or --dim");
        room = literal.value_or(0);
      }
      steps.push_back(llvm::divideCeil(spans[axis] + room, strides[axis]));
    }
    return !node.hasFailed();
  }

  /// Which part of the full result is kept.
  void readCrop(ArrayRef<Expr> sizes, ArrayRef<Expr> full) {
    StringRef mode = node.getChoice(
        "auto_pad", {"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"});
    std::optional<SmallVector<int64_t>> shape = node.getInts("output_shape");
    if (shape && shape->size() > spatial)
      shape->erase(shape->begin(), shape->end() - spatial);
    SmallVector<int64_t> pads(2 * spatial, 0);
    if (mode == "NOTSET" && !shape)
      pads = readSteps(node, "pads", 2 * spatial, /*least=*/0, /*absent=*/0);
    if (shape && shape->size() != spatial)
      node.report("attribute \"output_shape\" is not " + Twine(spatial) +
                  " numbers");
    for (size_t axis = 0; axis < spatial && !node.hasFailed(); ++axis) {
      if (!shape && !mode.starts_with("SAME")) {
        first.push_back(pads[axis]);
        kept.push_back(full[axis] - pads[axis] - pads[spatial + axis]);
        continue;
      }
      kept.push_back(shape ? Expr((*shape)[axis])
                           : sizes[axis] * strides[axis]);
      Expr total = max(0, full[axis] - kept[axis]), half = floorDiv(total, 2);
      first.push_back(mode == "SAME_UPPER" ? half : total - half);
    }
  }

  /// [C, O / groups, taps...] -> [steps..., C / groups, groups * phases * (O /
  /// groups)], the taps of a phase in reverse.
  Value splitIntoPhases() {
    Value w = filter;
    for (size_t axis = 0; axis < spatial && w; ++axis)
      w = dilate(w, axis + 2);
    if (!w)
      return nullptr;
    Exprs sizes = node.shapes.sizes(w),
          split = {Expr(groups), floorDiv(sizes[0], groups), sizes[1]};
    Exprs offsets = {Expr(0), Expr(0), Expr(0)};
    SmallVector<int64_t> backward = {1, 1, 1}, order;
    for (size_t axis = 0; axis < spatial; ++axis) {
      split.append({Expr(steps[axis]), Expr(strides[axis])});
      offsets.append({Expr(steps[axis] - 1), Expr(0)});
      backward.append({-1, 1});
    }
    w = node.reshape(w, split);
    w = node.slice(w, offsets, split, backward);
    for (size_t axis = 0; axis < spatial; ++axis)
      order.push_back(3 + 2 * axis);
    order.append({1, 0});
    for (size_t axis = 0; axis < spatial; ++axis)
      order.push_back(4 + 2 * axis);
    order.push_back(2);
    Exprs result;
    Expr columns = Expr(groups) * sizes[1];
    for (size_t axis = 0; axis < spatial; ++axis) {
      result.push_back(steps[axis]);
      columns = columns * strides[axis];
    }
    result.append({split[1], columns});
    return node.reshape(node.transpose(w, order), result);
  }

  /// Puts zeros between the taps along `axis`, and after them up to a multiple
  /// of the stride.
  Value dilate(Value w, size_t axis) {
    Exprs sizes = node.shapes.sizes(w);
    int64_t dilation = dilations[axis - 2], span = spans[axis - 2];
    Value zero = node.scalar(0, elementTypeOf(w));
    if (dilation > 1) {
      Exprs apart(sizes), spread(sizes);
      apart.insert(apart.begin() + axis + 1, Expr(1));
      Exprs none(apart.size(), Expr(0)), gap(none);
      gap[axis + 1] = dilation - 1;
      w = node.pad(node.reshape(w, apart), zero, none, gap);
      spread[axis] = sizes[axis] * dilation;
      w = node.reshape(w, spread);
      spread[axis] = span;
      w = node.slice(w, Exprs(sizes.size(), Expr(0)), spread,
                     SmallVector<int64_t>(sizes.size(), 1));
    }
    Exprs none(sizes.size(), Expr(0)), rest(none);
    rest[axis] = steps[axis - 2] * strides[axis - 2] - span;
    return node.pad(w, zero, none, rest);
  }

  /// [N, T..., groups * phases * O / groups] -> [N, (T * stride)..., O]
  Value interleave(Value phases) {
    bool isDense = llvm::all_of(strides, [](int64_t s) { return s == 1; });
    if (!phases || isDense)
      return phases;
    Exprs sizes = node.shapes.sizes(phases);
    Expr channels = sizes.back();
    for (int64_t stride : strides)
      channels = floorDiv(channels, stride);
    Exprs split(ArrayRef(sizes).drop_back()), joined = {sizes.front()};
    split.push_back(groups);
    llvm::append_range(split, strides);
    split.push_back(floorDiv(channels, groups));
    SmallVector<int64_t> order = {0};
    for (size_t axis = 0; axis < spatial; ++axis) {
      order.append({static_cast<int64_t>(1 + axis),
                    static_cast<int64_t>(spatial + 2 + axis)});
      joined.push_back(sizes[axis + 1] * strides[axis]);
    }
    order.append({static_cast<int64_t>(spatial + 1),
                  static_cast<int64_t>(2 * spatial + 2)});
    joined.push_back(channels);
    return node.reshape(node.transpose(node.reshape(phases, split), order),
                        joined);
  }

  Value crop(Value y) {
    if (!y)
      return nullptr;
    Exprs sizes = node.shapes.sizes(y), offsets = {Expr(0)};
    for (size_t axis = 0; axis < spatial; ++axis) {
      sizes[axis + 1] = kept[axis];
      offsets.push_back(first[axis]);
    }
    offsets.push_back(0);
    return node.slice(y, offsets, sizes, SmallVector<int64_t>(sizes.size(), 1));
  }

  NodeContext &node;
  Value x, filter;
  size_t spatial;
  int64_t groups;
  SmallVector<int64_t> strides, dilations;
  /// Of the dilated filter, and how many of its taps each phase has.
  SmallVector<int64_t> spans, steps;
  Exprs first, kept;
};

} // namespace

static LogicalResult convertConvTranspose(NodeContext &node) {
  Value x = node.input(0), filter = node.input(1);
  if (failed(checkOperands(node, x, filter)))
    return failure();
  Value result = TransposedConv(node, x, filter).run();
  node.setResult(toChannelsFirst(node, addBias(node, result, 2)));
  return success();
}

void mlc::onnx::addConvolutions(ConverterTable &table) {
  table.add("Conv", {1, 2, 3, convertConv});
  table.add("ConvInteger", {10, 2, 4, convertConvInteger});
  table.add("FusedConv", {1, 2, 4, convertFusedConv}, "com.microsoft");
  table.add("QLinearConv", {10, 8, 9, convertQLinearConv});
  table.add("ConvTranspose", {1, 2, 3, convertConvTranspose});
}
