//===- Scatter.cpp - Ops of ONNX that write at indices --------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "Windows.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

static constexpr int64_t isIndexed = ShapedType::kDynamic;

/// The attribute "reduction"; null when updates replace.
static ReduceKindAttr readReduction(NodeContext &node) {
  StringRef name =
      node.getChoice("reduction", {"none", "add", "mul", "min", "max"});
  if (name == "none" || node.hasFailed())
    return nullptr;
  ReduceKind kind = llvm::StringSwitch<ReduceKind>(name)
                        .Case("mul", ReduceKind::Product)
                        .Case("min", ReduceKind::Min)
                        .Case("max", ReduceKind::Max)
                        .Default(ReduceKind::Sum);
  return ReduceKindAttr::get(node.builder.getContext(), kind);
}

static Value scatter(NodeContext &node, Value x, ArrayRef<Value> indices,
                     Value updates, ArrayRef<int64_t> axes,
                     ReduceKindAttr kind) {
  return node.create<ScatterOp>(x, ValueRange(indices), updates, axes, kind);
}

/// Along the other axes the indices have at most the sizes of the data.
static LogicalResult convertScatterElements(NodeContext &node) {
  Value x = node.input(0), indices = node.input(1), updates = node.input(2);
  Exprs sizes = node.shapes.sizes(x), shape = node.shapes.sizes(indices);
  int64_t rank = sizes.size();
  int64_t axis = node.normalizeAxis(node.getInt("axis", 0), rank);
  ReduceKindAttr kind = readReduction(node);
  if (node.hasFailed())
    return failure();
  if (static_cast<int64_t>(shape.size()) != rank)
    return node.error("data of rank " + Twine(rank) + " and indices of rank " +
                      Twine(shape.size()) + " differ in rank");
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq(rank));
  axes[axis] = isIndexed;
  for (int64_t i : llvm::seq(rank))
    if (i != axis && !(shape[i] == sizes[i]))
      node.requireNotNegative(sizes[i] - shape[i],
                              "the indices are larger than the data along "
                              "axis " +
                                  Twine(i));
  Value checked = node.checkedIndices(
      node.cast(indices, node.builder.getI64Type()), sizes[axis]);
  node.setResult(scatter(node, x, checked, updates, axes, kind));
  return success();
}

/// The last axis of the indices holds an index into the data.
static LogicalResult convertScatterND(NodeContext &node) {
  Value x = node.input(0), indices = node.input(1), updates = node.input(2);
  Exprs sizes = node.shapes.sizes(x), shape = node.shapes.sizes(indices);
  Exprs result = node.shapes.sizes(updates);
  ReduceKindAttr kind = readReduction(node);
  std::optional<int64_t> depth =
      shape.empty() ? std::nullopt : shape.back().getLiteral();
  if (!depth)
    return node.unsupported(
        "the last size of the indices is not known at compile "
        "time");
  int64_t outer = shape.size() - 1, rank = sizes.size();
  if (*depth < 1 || *depth > rank ||
      static_cast<int64_t>(result.size()) != outer + rank - *depth)
    return node.error("indices of shape " + debugString(indices.getType()) +
                      " and updates of shape " +
                      debugString(updates.getType()) +
                      " do not fit data of shape " + debugString(x.getType()));
  SmallVector<int64_t> axes;
  SmallVector<Value> parts;
  for (int64_t i : llvm::seq(*depth)) {
    Value part = node.component(indices, i);
    part = node.checkedIndices(part, sizes[i]);
    parts.push_back(
        node.broadcast(part, result, llvm::to_vector(llvm::seq(outer))));
    axes.push_back(isIndexed);
  }
  for (int64_t i : llvm::seq(outer, static_cast<int64_t>(result.size())))
    axes.push_back(i);
  node.setResult(scatter(node, x, parts, updates, axes, kind));
  return success();
}

/// Writes `update` into a cache, from the position of each batch on.
static LogicalResult convertTensorScatter(NodeContext &node) {
  Value cache = node.input(0), update = node.input(1);
  Exprs sizes = node.shapes.sizes(cache), part = node.shapes.sizes(update);
  int64_t rank = sizes.size();
  int64_t axis = node.normalizeAxis(node.getInt("axis", -2), rank);
  bool isCircular =
      node.getChoice("mode", {"linear", "circular"}) == "circular";
  if (node.hasFailed())
    return failure();
  if (part.size() != sizes.size() || axis == 0)
    return node.error("an update of shape " + debugString(update.getType()) +
                      " does not fit a cache of shape " +
                      debugString(cache.getType()));
  Value index = node.iota(part, axis, node.builder.getI64Type());
  if (node.hasInput(2))
    index = node.create<AddOp>(index, node.broadcast(node.input(2), part, 0));
  if (isCircular)
    index = node.create<ModOp>(index, node.splatLike(sizes[axis], index));
  else
    index = node.checkedIndices(index, sizes[axis]);
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq(rank));
  axes[axis] = isIndexed;
  node.setResult(scatter(node, cache, index, update, axes, nullptr));
  return success();
}

//===----------------------------------------------------------------------===//
// MaxUnpool
//===----------------------------------------------------------------------===//

/// Row-major positions in a tensor of sizes `from` as those in one of sizes
/// `to`.
static Value repositioned(NodeContext &node, Value position,
                          ArrayRef<Expr> from, ArrayRef<Expr> to) {
  if (from == to)
    return position;
  Value result = node.splatLike(0.0, position);
  Expr stride(1);
  for (int64_t axis = from.size() - 1; axis >= 0; --axis) {
    Value size = node.splatLike(from[axis], position);
    Value index = node.create<ModOp>(position, size);
    position = node.create<DivOp>(position, size);
    result = node.create<AddOp>(
        result, node.create<MulOp>(index, node.splatLike(stride, index)));
    stride = stride * to[axis];
  }
  return result;
}

/// The sizes of what a max pool with the attributes of the node has read.
static FailureOr<Exprs> unpooledSizes(NodeContext &node,
                                      ArrayRef<Expr> pooled) {
  int64_t spatial = static_cast<int64_t>(pooled.size()) - 2;
  if (spatial < 1)
    return node.error("expected an input with spatial axes, found " +
                      debugString(node.input(0).getType()));
  SmallVector<int64_t> kernel = readSteps(node, "kernel_shape", spatial, 1, 0);
  SmallVector<int64_t> strides = readSteps(node, "strides", spatial);
  SmallVector<int64_t> pads = readSteps(node, "pads", 2 * spatial, 0, 0);
  if (node.hasFailed())
    return failure();
  Exprs sizes(pooled);
  for (int64_t i : llvm::seq(spatial))
    sizes[i + 2] = (pooled[i + 2] - Expr(1)) * Expr(strides[i]) +
                   Expr(kernel[i] - pads[i] - pads[i + spatial]);
  return sizes;
}

/// The indices are positions in what the pool has read; a given shape adds to
/// the end of it.
static LogicalResult convertMaxUnpool(NodeContext &node) {
  Value x = node.input(0);
  Exprs from = node.shapes.sizes(x);
  FailureOr<Exprs> inner = unpooledSizes(node, from);
  Exprs sizes = node.elements(2);
  if (failed(inner) || node.hasFailed())
    return failure();
  if (sizes.empty())
    sizes = *inner;
  if (sizes.size() != inner->size())
    return node.error("output_shape has " + Twine(sizes.size()) +
                      " sizes, expected " + Twine(inner->size()));
  for (auto [size, least] : llvm::zip_equal(sizes, *inner))
    node.requireNotNegative(size - least,
                            "output_shape is smaller than " + least.toString());
  Value indices = node.cast(node.reshape(node.input(1), productOf(from)),
                            node.builder.getI64Type());
  indices = repositioned(node, node.checkedIndices(indices, productOf(*inner)),
                         *inner, sizes);
  Value zeros =
      node.broadcast(node.scalar(0, elementTypeOf(x)), productOf(sizes), {});
  Value flat = scatter(node, zeros, indices, node.reshape(x, productOf(from)),
                       isIndexed, nullptr);
  node.setResult(node.reshape(flat, sizes));
  return success();
}

//===----------------------------------------------------------------------===//
// Col2Im
//===----------------------------------------------------------------------===//

namespace {
struct Blocks {
  Exprs image, kernel;
  SmallVector<int64_t> strides, dilations, pads;
};
} // namespace

static FailureOr<Blocks> readBlocks(NodeContext &node) {
  Blocks blocks{node.elements(1), node.elements(2), {}, {}, {}};
  size_t rank = blocks.image.size();
  blocks.strides = readSteps(node, "strides", rank);
  blocks.dilations = readSteps(node, "dilations", rank);
  blocks.pads = readSteps(node, "pads", 2 * rank, 0, 0);
  if (node.hasFailed())
    return failure();
  if (rank == 0 || blocks.kernel.size() != rank)
    return node.error("image_shape and block_shape have " + Twine(rank) +
                      " and " + Twine(blocks.kernel.size()) +
                      " sizes; allowed is the same number, at least one");
  return blocks;
}

/// Adds up blocks where they overlap: N x (C * K...) x L to N x C x image.
static LogicalResult convertCol2Im(NodeContext &node) {
  Value x = node.input(0);
  FailureOr<Blocks> blocks = readBlocks(node);
  if (failed(blocks))
    return failure();
  Exprs from = node.shapes.sizes(x);
  if (from.size() != 3)
    return node.error("expected an input of rank 3, found " +
                      debugString(x.getType()));
  int64_t rank = blocks->image.size();
  Expr channels = floorDiv(from[1], productOf(blocks->kernel));
  Exprs sizes = {from[0], channels}, parts = sizes;
  parts.append(blocks->kernel);
  for (int64_t i : llvm::seq(rank)) {
    sizes.push_back(blocks->image[i]);
    Expr reach = Expr(blocks->dilations[i]) * (blocks->kernel[i] - Expr(1));
    Expr room = blocks->image[i] - reach - Expr(1) +
                Expr(blocks->pads[i] + blocks->pads[i + rank]);
    parts.push_back(floorDiv(room, Expr(blocks->strides[i])) + Expr(1));
  }
  Type i64 = node.builder.getI64Type();
  SmallVector<int64_t> axes = {0, 1};
  SmallVector<Value> indices;
  for (int64_t i : llvm::seq(rank)) {
    auto scaled = [&](int64_t axis, int64_t factor) {
      Value index = node.iota(parts, axis, i64);
      return node.create<MulOp>(index, node.splatLike(Expr(factor), index));
    };
    Value index = node.create<AddOp>(scaled(2 + i, blocks->dilations[i]),
                                     scaled(2 + rank + i, blocks->strides[i]));
    Value low = node.splatLike(Expr(blocks->pads[i]), index);
    // What lies in the border is dropped by the scatter.
    indices.push_back(node.create<SubOp>(index, low));
    axes.push_back(isIndexed);
  }
  Value zeros = node.broadcast(node.scalar(0, elementTypeOf(x)), sizes, {});
  auto sum = ReduceKindAttr::get(node.builder.getContext(), ReduceKind::Sum);
  node.setResult(
      scatter(node, zeros, indices, node.reshape(x, parts), axes, sum));
  return success();
}

void mlc::onnx::addScatters(ConverterTable &table) {
  table.add("Col2Im", {18, 3, 3, convertCol2Im});
  table.add("MaxUnpool", {9, 2, 3, convertMaxUnpool});
  table.add("Scatter", {9, 3, 3, convertScatterElements});
  table.add("ScatterElements", {11, 3, 3, convertScatterElements});
  table.add("ScatterND", {11, 3, 3, convertScatterND});
  table.add("TensorScatter", {24, 2, 3, convertTensorScatter});
}
