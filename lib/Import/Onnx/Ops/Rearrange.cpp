//===- Rearrange.cpp - Ops of ONNX that cut, repeat and pad ---------------===//
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
// Split and Tile
//===----------------------------------------------------------------------===//

/// The sizes of the parts: as given, or equal but for the last.
static Exprs readParts(NodeContext &node, const Expr &size) {
  Exprs parts;
  if (node.opset < 13) {
    for (int64_t part : node.getInts("split").value_or(SmallVector<int64_t>()))
      parts.push_back(part);
  } else {
    parts = node.elements(1);
  }
  int64_t count = node.numResults();
  if (node.opset >= 18)
    count = node.getInt("num_outputs", count);
  if (count != static_cast<int64_t>(node.numResults())) {
    node.report("attribute \"num_outputs\" is " + Twine(count) +
                ", but there are " + Twine(node.numResults()) + " outputs");
    return {};
  }
  if (parts.empty()) {
    Expr part = ceilDiv(size, Expr(count)), rest = size;
    for (int64_t i = 0; i < count; ++i, rest = rest - parts.back())
      parts.push_back(i + 1 == count ? max(rest, Expr(0))
                                     : min(part, max(rest, Expr(0))));
  }
  if (!node.hasFailed() && parts.size() != node.numResults())
    node.report("there are " + Twine(parts.size()) + " parts and " +
                Twine(node.numResults()) + " outputs");
  return parts;
}

static LogicalResult convertSplit(NodeContext &node) {
  Value x = node.input(0);
  Exprs sizes = node.shapes.sizes(x), offsets(sizes.size(), Expr(0));
  int64_t axis = node.normalizeAxis(node.getInt("axis", 0), sizes.size());
  if (node.hasFailed())
    return failure();
  Expr whole = sizes[axis], end(0);
  Exprs parts = readParts(node, whole);
  for (const Expr &part : parts) {
    node.requireNotNegative(part, "the size of a part is negative");
    end = end + part;
  }
  node.requireEqual(end, whole,
                    "the sum of the parts and the size of the axis");
  for (auto [number, part] : llvm::enumerate(parts)) {
    if (node.hasFailed())
      return failure();
    sizes[axis] = part;
    node.setResult(
        node.slice(x, offsets, sizes, SmallVector<int64_t>(sizes.size(), 1)),
        number);
    offsets[axis] = offsets[axis] + part;
  }
  return success();
}

/// A repeated axis is two axes, of which the first is new.
///
///   tile(x : 4x8, [1, 3]) -> reshape(broadcast(x, 4x3x8), 4x24)
static LogicalResult convertTile(NodeContext &node) {
  Value x = node.input(0);
  Exprs repeats = node.elements(1), from = node.shapes.sizes(x), wide, result;
  if (node.hasFailed())
    return failure();
  if (repeats.size() != from.size())
    return node.error("there are " + Twine(repeats.size()) +
                      " repeats for an input of rank " + Twine(from.size()));
  SmallVector<int64_t> axes;
  for (auto [size, repeat] : llvm::zip_equal(from, repeats)) {
    node.requireNotNegative(repeat, "a number of repeats is negative");
    if (!repeat.is(1))
      wide.push_back(repeat);
    axes.push_back(wide.size());
    wide.push_back(size);
    result.push_back(size * repeat);
  }
  node.requireMemory(result, elementTypeOf(x));
  node.setResult(node.reshape(node.broadcast(x, wide, axes), result));
  return success();
}

//===----------------------------------------------------------------------===//
// Pad
//===----------------------------------------------------------------------===//

namespace {
enum class Border { Constant, Edge, Reflect, Wrap };
} // namespace

/// What is cut off is a slice, what is added a border. Where more is cut off
/// than there is, the rest comes off the border at the other end.
static Value padByConstant(NodeContext &node, Value x, ArrayRef<Expr> low,
                           ArrayRef<Expr> high, ArrayRef<Expr> sizes,
                           Value value) {
  Exprs offsets, kept = node.shapes.sizes(x), before, after;
  for (auto [size, first, last, whole] :
       llvm::zip_equal(kept, low, high, sizes)) {
    Expr cut = max(Expr(-1) * first, Expr(0));
    offsets.push_back(min(cut, size));
    size = max(size - cut - max(Expr(-1) * last, Expr(0)), Expr(0));
    before.push_back(min(max(first, Expr(0)), whole - size));
    after.push_back(whole - size - before.back());
  }
  x = node.slice(x, offsets, kept, SmallVector<int64_t>(kept.size(), 1));
  return node.reshape(node.pad(x, value, before, after), sizes);
}

/// Where a border element is copied from, as an index that may lie outside of
/// the axis: a gather clamps it.
static Value reflectOrWrap(NodeContext &node, Value index, const Expr &size,
                           Border border) {
  switch (border) {
  case Border::Constant:
    llvm_unreachable("has no place to copy from");
  case Border::Edge:
    return index;
  case Border::Wrap:
    return node.create<ModOp>(index, node.splatLike(max(size, Expr(1)), index));
  case Border::Reflect:
    // There and back again: 0 1 2 3 2 1 0 1 ...
    Expr period = max(size * Expr(2) - Expr(2), Expr(1));
    Value round = node.splatLike(period, index);
    Value there = node.create<ModOp>(index, round);
    return node.create<MinOp>(there, node.create<SubOp>(round, there));
  }
  llvm_unreachable("covered switch");
}

/// Adds `low` and `high` elements before and after; negative ones are cut off.
/// `value` is a scalar, of a constant border only.
static Value pad(NodeContext &node, Value x, ArrayRef<Expr> low,
                 ArrayRef<Expr> high, Border border, Value value) {
  Exprs from = node.shapes.sizes(x), sizes;
  for (auto [size, before, after] : llvm::zip_equal(from, low, high)) {
    sizes.push_back(size + before + after);
    node.requireNotNegative(sizes.back(), "a size of the result is negative");
  }
  if (border == Border::Constant)
    return padByConstant(node, x, low, high, sizes, value);
  SmallVector<int64_t> axes;
  SmallVector<Value> indices;
  for (auto [axis, size] : llvm::enumerate(from)) {
    axes.push_back(axis);
    if (low[axis].is(0) && high[axis].is(0))
      continue;
    node.require(SizeRelation::AtMost, min(sizes[axis], Expr(1)), size,
                 "an axis without elements has none to pad with");
    Value index = node.iota(sizes, axis, node.builder.getI64Type());
    index = node.create<SubOp>(index, node.splatLike(low[axis], index));
    axes.back() = ShapedType::kDynamic;
    indices.push_back(reflectOrWrap(node, index, size, border));
  }
  return indices.empty() ? x
                         : node.create<GatherOp>(x, ValueRange(indices), axes);
}

static LogicalResult convertPad(NodeContext &node) {
  Value x = node.input(0);
  int64_t rank = NodeContext::rankOf(x);
  StringRef mode =
      node.getChoice("mode", {"constant", "edge", "reflect", "wrap"});
  Border border = llvm::StringSwitch<Border>(mode)
                      .Case("edge", Border::Edge)
                      .Case("reflect", Border::Reflect)
                      .Case("wrap", Border::Wrap)
                      .Default(Border::Constant);
  Exprs pads;
  if (node.opset >= 11)
    pads = node.elements(1);
  else
    for (int64_t amount : node.getInts("pads").value_or(SmallVector<int64_t>()))
      pads.push_back(amount);
  SmallVector<int64_t> axes;
  for (int64_t axis :
       node.literals(3).value_or(llvm::to_vector(llvm::seq<int64_t>(0, rank))))
    axes.push_back(node.normalizeAxis(axis, rank));
  if (node.hasFailed())
    return failure();
  if (pads.size() != 2 * axes.size())
    return node.error("there are " + Twine(pads.size()) + " pads for " +
                      Twine(axes.size()) + " axes, expected two for each");
  Exprs low(rank, Expr(0)), high(rank, Expr(0));
  for (auto [i, axis] : llvm::enumerate(axes)) {
    low[axis] = pads[i];
    high[axis] = pads[axes.size() + i];
  }
  Type element = elementTypeOf(x);
  Value value;
  if (node.opset < 11)
    value = node.scalar(node.getFloat("value", 0), element);
  else
    value = node.hasInput(2) ? node.reshape(node.input(2), {})
                             : node.scalar(0, element);
  node.setResult(pad(node, x, low, high, border, value));
  return success();
}

/// Cuts or pads evenly, the odd element at the end.
static LogicalResult convertCenterCropPad(NodeContext &node) {
  Value x = node.input(0);
  Exprs from = node.shapes.sizes(x), target = node.elements(1);
  int64_t rank = from.size();
  SmallVector<int64_t> axes;
  for (int64_t axis : node.getInts("axes").value_or(
           llvm::to_vector(llvm::seq<int64_t>(0, rank))))
    axes.push_back(node.normalizeAxis(axis, rank));
  if (node.hasFailed())
    return failure();
  if (axes.size() != target.size())
    return node.error("there are " + Twine(target.size()) + " sizes for " +
                      Twine(axes.size()) + " axes");
  Exprs low(rank, Expr(0)), high(rank, Expr(0));
  for (auto [axis, size] : llvm::zip_equal(axes, target)) {
    Expr grown = size - from[axis];
    low[axis] = floorDiv(max(grown, Expr(0)), Expr(2)) -
                floorDiv(max(Expr(-1) * grown, Expr(0)), Expr(2));
    high[axis] = grown - low[axis];
  }
  node.setResult(pad(node, x, low, high, Border::Constant,
                     node.scalar(0, elementTypeOf(x))));
  return success();
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

namespace {
/// Blocks of size x size elements that are a part of the depth.
struct Blocks {
  int64_t size;
  /// The place in the block runs slower than the depth that is left.
  bool isDepthFirst;
};
} // namespace

static FailureOr<Blocks> readBlocks(NodeContext &node) {
  bool isDepthFirst = node.getChoice("mode", {"DCR", "CRD"}) == "DCR";
  int64_t block = node.requireInt("blocksize");
  if (NodeContext::rankOf(node.input(0)) != 4)
    return node.error("expected an input of rank 4, found " +
                      debugString(node.input(0).getType()));
  if (!node.hasFailed() && block < 1)
    return node.error("blocksize " + Twine(block) + " is not allowed");
  if (node.hasFailed())
    return failure();
  return Blocks{block, isDepthFirst};
}

static LogicalResult convertDepthToSpace(NodeContext &node) {
  FailureOr<Blocks> blocks = readBlocks(node);
  if (failed(blocks))
    return failure();
  Value x = node.input(0);
  Exprs s = node.shapes.sizes(x);
  Expr b(blocks->size), depth = floorDiv(s[1], b * b);
  node.requireEqual(depth * b * b, s[1],
                    "the depth and a multiple of the squared blocksize");
  Value parts =
      blocks->isDepthFirst
          ? node.transpose(node.reshape(x, {s[0], b, b, depth, s[2], s[3]}),
                           {0, 3, 4, 1, 5, 2})
          : node.transpose(node.reshape(x, {s[0], depth, b, b, s[2], s[3]}),
                           {0, 1, 4, 2, 5, 3});
  node.setResult(node.reshape(parts, {s[0], depth, s[2] * b, s[3] * b}));
  return success();
}

static LogicalResult convertSpaceToDepth(NodeContext &node) {
  FailureOr<Blocks> blocks = readBlocks(node);
  if (failed(blocks))
    return failure();
  Value x = node.input(0);
  Exprs s = node.shapes.sizes(x);
  Expr b(blocks->size), rows = floorDiv(s[2], b), columns = floorDiv(s[3], b);
  node.requireEqual(rows * b, s[2], "the height and a multiple of blocksize");
  node.requireEqual(columns * b, s[3], "the width and a multiple of blocksize");
  Value parts = node.reshape(x, {s[0], s[1], rows, b, columns, b});
  Value moved = blocks->isDepthFirst
                    ? node.transpose(parts, {0, 3, 5, 1, 2, 4})
                    : node.transpose(parts, {0, 1, 3, 5, 2, 4});
  node.setResult(node.reshape(moved, {s[0], s[1] * b * b, rows, columns}));
  return success();
}

//===----------------------------------------------------------------------===//
// ReverseSequence
//===----------------------------------------------------------------------===//

/// The first elements of each row, as many as `sequence_lens` says, are
/// reversed.
static LogicalResult convertReverseSequence(NodeContext &node) {
  Value x = node.input(0), lengths = node.input(1);
  int64_t time = node.getInt("time_axis", 0),
          batch = node.getInt("batch_axis", 1);
  int64_t rank = NodeContext::rankOf(x);
  if (time < 0 || time > 1 || batch < 0 || batch > 1 || time == batch ||
      rank < 2)
    return node.error("time_axis " + Twine(time) + " and batch_axis " +
                      Twine(batch) + " are not the axes 0 and 1");
  Exprs sizes = node.shapes.sizes(x);
  Type i64 = node.builder.getI64Type();
  Value length = node.broadcast(node.cast(lengths, i64), sizes, batch);
  Value index = node.iota(sizes, time, i64);
  Value reversed = node.create<SubOp>(
      node.create<SubOp>(length, node.splatLike(1.0, index)), index);
  Value from = node.create<SelectOp>(node.create<LessOp>(index, length),
                                     reversed, index);
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq(rank));
  axes[time] = ShapedType::kDynamic;
  node.setResult(node.create<GatherOp>(x, ValueRange(from), axes));
  return success();
}

void mlc::onnx::addRearrangements(ConverterTable &table) {
  table.add("CenterCropPad", {18, 2, 2, convertCenterCropPad});
  table.add("DepthToSpace", {1, 1, 1, convertDepthToSpace});
  table.add("Pad", {2, 1, 1, convertPad});
  table.add("Pad", {11, 2, 4, convertPad});
  table.add("ReverseSequence", {10, 2, 2, convertReverseSequence});
  table.add("SpaceToDepth", {1, 1, 1, convertSpaceToDepth});
  table.add("Split", {2, 1, 1, convertSplit});
  table.add("Split", {13, 1, 2, convertSplit});
  table.add("Tile", {6, 2, 2, convertTile});
}
