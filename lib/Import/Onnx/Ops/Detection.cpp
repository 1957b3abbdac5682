//===- Detection.cpp - Ops of ONNX for regions and boxes ------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "../LoopBuilder.h"
#include "Formula.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

//===----------------------------------------------------------------------===//
// RoiAlign
//===----------------------------------------------------------------------===//

namespace {

/// The samples along one spatial axis of the regions, in tensors of regions x
/// bins x samples.
struct Samples {
  Formula low, high;             // the elements around a sample
  Formula lowWeight, highWeight; // 0 outside of the input
  Formula isTaken;               // a region has samples of its own number
  Formula count;                 // of samples per bin, by region
};

class RoiAligner {
public:
  explicit RoiAligner(NodeContext &node)
      : node(node), x(Formula(node, 0).widen()), rois(node, size_t(1)) {
    rois = rois.cast(x.element());
  }

  LogicalResult run();

private:
  Samples sample(int64_t corner, int64_t axis, int64_t bins);
  Formula spread(const Formula &table, ArrayRef<Expr> sizes, int64_t axis);

  NodeContext &node;
  Formula x, rois;
  double scale = node.getFloat("spatial_scale", 1);
  int64_t samplingRatio = node.getInt("sampling_ratio", 0);
  bool isHalfPixel =
      node.opset >= 16 &&
      node.getChoice("coordinate_transformation_mode",
                     {"half_pixel", "output_half_pixel"}) == "half_pixel";
};

} // namespace

/// `corner` is the component of a region at which the axis starts.
Samples RoiAligner::sample(int64_t corner, int64_t axis, int64_t bins) {
  Type i64 = node.builder.getI64Type(), element = x.element();
  auto bound = [&](int64_t component) {
    Formula value(node, node.component(rois.get(), component));
    return value * scale - (isHalfPixel ? 0.5 : 0.0);
  };
  Formula start = bound(corner), extent = bound(corner + 2) - start;
  // Regions of less than one element were not known to the first version.
  if (!isHalfPixel)
    extent = extent.apply<MaxOp>(1.0);
  Formula bin = extent / static_cast<double>(bins);
  Formula count = bin.apply<CeilOp>().apply<MaxOp>(0.0);
  Expr most(samplingRatio);
  if (samplingRatio > 0) {
    count = count * 0.0 + static_cast<double>(samplingRatio);
  } else {
    Value greatest = node.reduce(ReduceKind::Max, count.cast(i64).get(), 0,
                                 /*keep=*/false);
    if (greatest)
      most = max(node.shapes.elements(greatest)->front(), Expr(0));
  }
  Formula place = makeIota(node, bins, element, 1, 3);
  Formula step = makeIota(node, most, element, 2, 3);
  auto perRegion = [](const Formula &value) { return value.unsqueeze({1, 2}); };
  Formula at = perRegion(start) + place * perRegion(bin) +
               (step + 0.5) * perRegion(bin / count);
  Expr size = x.size(axis);
  Formula end(node, node.cast(node.count(size, i64), element));
  Formula isInside =
      at.apply<GreaterEqualOp>(-1.0) & at.apply<LessEqualOp>(end);
  at = at.apply<MaxOp>(0.0).apply<MinOp>(end - 1.0);
  Formula low = at.apply<FloorOp>(), weight = at - low;
  Formula inside = isInside.cast(element);
  return {low.cast(i64),
          (low + 1.0).cast(i64),
          (weight * -1.0 + 1.0) * inside,
          weight * inside,
          step.apply<LessOp>(perRegion(count)),
          count};
}

/// A table of one spatial axis, of which `axis` is the axis of its bins, in the
/// shape of all samples: regions x channels x bins x bins x samples x samples.
Formula RoiAligner::spread(const Formula &table, ArrayRef<Expr> sizes,
                           int64_t axis) {
  return table.broadcast(sizes, {0, axis, axis + 2});
}

LogicalResult RoiAligner::run() {
  bool isMax = node.getChoice("mode", {"avg", "max"}) == "max";
  int64_t height = node.getInt("output_height", 1);
  int64_t width = node.getInt("output_width", 1);
  if (node.hasFailed())
    return failure();
  if (x.rank() != 4 || rois.rank() != 2 || !rois.size(1).is(4))
    return node.error("regions of shape " + rois.typeText() +
                      " do not fit an input of shape " + x.typeText());
  if (height < 1 || width < 1)
    return node.error("an output of " + Twine(height) + "x" + Twine(width) +
                      " is not allowed");
  Samples rows = sample(1, 2, height), columns = sample(0, 3, width);
  if (node.hasFailed())
    return failure();
  Exprs sizes = {rois.size(0), x.size(1),        height,
                 width,        rows.low.size(2), columns.low.size(2)};
  Formula batch(node, node.checkedIndices(node.input(2), x.size(0)));
  batch = batch.broadcast(sizes, 0);
  Formula result = x.of(nullptr);
  for (bool isLow : {true, false})
    for (bool isLeft : {true, false}) {
      Value indices[] = {
          batch.get(), spread(isLow ? rows.low : rows.high, sizes, 2).get(),
          spread(isLeft ? columns.low : columns.high, sizes, 3).get()};
      constexpr int64_t isIndexed = ShapedType::kDynamic;
      Formula corner = x.of(node.create<GatherOp>(
          x.get(), ValueRange(indices),
          ArrayRef<int64_t>{isIndexed, 1, isIndexed, isIndexed}));
      corner =
          corner * spread(isLow ? rows.lowWeight : rows.highWeight, sizes, 2) *
          spread(isLeft ? columns.lowWeight : columns.highWeight, sizes, 3);
      result = !result ? corner
               : isMax ? result.apply<MaxOp>(corner)
                       : result + corner;
    }
  Formula isTaken =
      spread(rows.isTaken, sizes, 2) & spread(columns.isTaken, sizes, 3);
  double none = isMax ? -std::numeric_limits<double>::infinity() : 0;
  result = result.where(isTaken, none)
               .reduce(isMax ? ReduceKind::Max : ReduceKind::Sum, {4, 5});
  result = result.reshape(ArrayRef(sizes).take_front(4));
  Formula total = rows.count * columns.count;
  if (!isMax)
    result = result / total.apply<MaxOp>(1.0).unsqueeze({1, 2, 3});
  node.setResult(result.cast(elementTypeOf(node.input(0))).get());
  return success();
}

static LogicalResult convertRoiAlign(NodeContext &node) {
  return RoiAligner(node).run();
}

//===----------------------------------------------------------------------===//
// NonMaxSuppression
//===----------------------------------------------------------------------===//

namespace {

/// Boxes as the low and high ends along both axes.
struct Ends {
  Formula lowY, lowX, highY, highX;

  Formula area() const { return (highY - lowY) * (highX - lowX); }
};

class Suppressor {
public:
  explicit Suppressor(NodeContext &node)
      : node(node), boxes(node, size_t(0)), scores(node, size_t(1)) {}

  LogicalResult run();

private:
  Ends findEnds();
  std::optional<LoopStep> select(const Ends &ends, Value iteration,
                                 ValueRange carried);
  void list(const Formula &order);
  Formula threshold(size_t index);
  Formula places(int64_t axis, Type element) {
    return {node, node.iota(scores.sizes(), axis, element)};
  }

  NodeContext &node;
  Formula boxes, scores; // batches x boxes x 4, batches x classes x boxes
  Type i64 = node.builder.getI64Type();
};

} // namespace

static constexpr double minusInfinity =
    -std::numeric_limits<double>::infinity();

Formula Suppressor::threshold(size_t index) {
  return node.hasInput(index)
             ? Formula(node, node.reshape(node.input(index), {}))
             : makeScalar(node, 0, scores.element());
}

/// Corners may come in any order, or as centers and sizes.
Ends Suppressor::findEnds() {
  auto part = [&](int64_t i) {
    return Formula(node, node.component(boxes.get(), i));
  };
  if (node.getInt("center_point_box", 0) != 0) {
    Formula halfX = part(2) * 0.5, halfY = part(3) * 0.5;
    return {part(1) - halfY, part(0) - halfX, part(1) + halfY, part(0) + halfX};
  }
  return {part(0).apply<MinOp>(part(2)), part(1).apply<MinOp>(part(3)),
          part(0).apply<MaxOp>(part(2)), part(1).apply<MaxOp>(part(3))};
}

/// One iteration: in every class the best of the boxes that are left is taken,
/// and what overlaps it is dropped. Carried are the scores, minus infinity for
/// boxes that are out, and the number of the iteration that took each box.
std::optional<LoopStep> Suppressor::select(const Ends &ends, Value iteration,
                                           ValueRange carried) {
  Formula left(node, carried[0]), order(node, carried[1]);
  Exprs sizes = left.sizes(), single = {sizes[0], sizes[1], Expr(1)};
  Formula best = left.reduce(ReduceKind::Max, 2);
  Formula isAny = best.apply<GreaterOp>(minusInfinity);
  Formula index = places(2, i64);
  Formula isBest = left.apply<EqualOp>(best) & isAny;
  Formula last(node, node.count(sizes[2], i64));
  Formula chosen = index.where(isBest, last).reduce(ReduceKind::Min, 2);
  auto ofChosen = [&](const Formula &end) {
    Value indices = node.reshape(chosen.get(), {sizes[0], sizes[1]});
    Value value =
        node.create<GatherOp>(end.get(), ValueRange(indices),
                              ArrayRef<int64_t>{0, ShapedType::kDynamic});
    return Formula(node, node.reshape(value, single));
  };
  auto ofAll = [&](const Formula &end) { return end.unsqueeze(1); };
  Ends one = {ofChosen(ends.lowY), ofChosen(ends.lowX), ofChosen(ends.highY),
              ofChosen(ends.highX)};
  Ends all = {ofAll(ends.lowY), ofAll(ends.lowX), ofAll(ends.highY),
              ofAll(ends.highX)};
  Formula height =
      one.highY.apply<MinOp>(all.highY) - one.lowY.apply<MaxOp>(all.lowY);
  Formula width =
      one.highX.apply<MinOp>(all.highX) - one.lowX.apply<MaxOp>(all.lowX);
  Formula common = height.apply<MaxOp>(0.0) * width.apply<MaxOp>(0.0);
  Formula joint = one.area() + all.area() - common;
  Formula isNear = (common / joint).apply<GreaterOp>(threshold(3));
  // Boxes of no area overlap nothing.
  isNear = isNear & joint.apply<GreaterOp>(0.0) & common.apply<GreaterOp>(0.0);
  Formula isChosen = index.apply<EqualOp>(chosen);
  Formula number(
      node,
      node.broadcast(node.count(node.shapes.value(iteration), i64), sizes, {}));
  Formula isOut = isNear.apply<OrOp>(isChosen);
  left = left.where(isOut.apply<NotOp>(), minusInfinity);
  Value isAnyLeft =
      node.reduce(ReduceKind::Or, left.apply<GreaterOp>(minusInfinity).get(),
                  {0, 1, 2}, /*keep=*/false);
  LoopStep step{node.scalarValue(isAnyLeft),
                {left.get(), number.where(isChosen, order).get()},
                {}};
  if (node.hasFailed())
    return std::nullopt;
  return step;
}

/// The boxes that were taken, by batch and class and in the order in which they
/// were: every one goes to the place after those of the classes before it.
void Suppressor::list(const Formula &order) {
  Exprs sizes = order.sizes();
  Formula isTaken = order.apply<GreaterEqualOp>(0.0);
  Formula counts = isTaken.cast(i64).sum(2);
  Expr groups = sizes[0] * sizes[1];
  Value before = node.create<ScanOp>(
      ReduceKind::Sum, node.reshape(counts.get(), groups), int64_t(0),
      /*exclusive=*/true, /*reverse=*/false);
  Formula first(node, node.reshape(before, {sizes[0], sizes[1], Expr(1)}));
  Formula place = (order + first).where(isTaken, -1.0);
  Value total = node.reduce(ReduceKind::Sum, counts.get(), {0, 1, 2},
                            /*keep=*/false);
  if (!total || !place)
    return;
  Expr count = node.shapes.elements(total)->front();
  Value zeros = node.broadcast(node.scalar(0, i64), count, {});
  SmallVector<Value> columns;
  for (int64_t axis : {0, 1, 2}) {
    constexpr int64_t isIndexed = ShapedType::kDynamic;
    Value column = node.create<ScatterOp>(
        zeros, ValueRange(place.get()), places(axis, i64).get(),
        ArrayRef(isIndexed), ReduceKindAttr());
    columns.push_back(node.reshape(column, {count, Expr(1)}));
  }
  node.setResult(node.create<ConcatOp>(ValueRange(columns), int64_t(1)));
}

LogicalResult Suppressor::run() {
  if (boxes.rank() != 3 || scores.rank() != 3 || !boxes.size(2).is(4))
    return node.error("boxes of shape " + boxes.typeText() +
                      " and scores of shape " + scores.typeText() +
                      " do not fit");
  Exprs sizes = scores.sizes();
  node.requireEqual(boxes.size(1), sizes[2], "the number of boxes and scores");
  Exprs most = node.hasInput(2) ? node.elements(2) : Exprs{Expr(0)};
  if (node.hasFailed() || most.size() != 1)
    return node.error("expected one maximum number of boxes");
  Formula left = scores;
  if (node.hasInput(4))
    left = scores.where(scores.apply<GreaterOp>(threshold(4)), minusInfinity);
  Ends ends = findEnds();
  Value none = node.broadcast(node.scalar(-1, i64), sizes, {});
  Expr trips = max(min(most.front(), sizes[2]), Expr(0));
  FailureOr<SmallVector<Value>> results =
      buildLoop(node, trips, nullptr, {left.get(), none},
                [&](Value iteration, ValueRange carried) {
                  return select(ends, iteration, carried);
                });
  if (failed(results))
    return failure();
  list(Formula(node, (*results)[1]));
  return success(!node.hasFailed());
}

static LogicalResult convertNonMaxSuppression(NodeContext &node) {
  return Suppressor(node).run();
}

void mlc::onnx::addDetection(ConverterTable &table) {
  table.add("NonMaxSuppression", {10, 2, 5, convertNonMaxSuppression});
  table.add("RoiAlign", {10, 3, 3, convertRoiAlign});
}
