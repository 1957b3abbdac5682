//===- Gather.cpp - Ops of ONNX that read at indices ----------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "Composites.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

static constexpr int64_t isIndexed = ShapedType::kDynamic;

static SmallVector<int64_t> sequence(int64_t from, int64_t to) {
  return llvm::to_vector(llvm::seq(from, to));
}

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

namespace {
/// Indices first, first + step, ..., last.
struct Progression {
  int64_t first, last, step;
};
} // namespace

static std::optional<Progression> findProgression(ArrayRef<Expr> indices) {
  std::optional<Progression> result;
  for (auto [i, index] : llvm::enumerate(indices)) {
    std::optional<int64_t> literal = index.getLiteral();
    if (!literal)
      return std::nullopt;
    if (i == 0) {
      result = {*literal, *literal, 1};
      continue;
    }
    int64_t step;
    if (llvm::SubOverflow(*literal, result->last, step) ||
        (i > 1 && step != result->step))
      return std::nullopt;
    result = {result->first, *literal, step};
  }
  return result && result->step ? result : std::nullopt;
}

/// Indices that are known and evenly apart are a slice.
static Value gatherSlice(NodeContext &node, Value x, int64_t axis,
                         Value indices, const Progression &progression) {
  Exprs sizes = node.shapes.sizes(x), offsets(sizes.size(), Expr(0));
  SmallVector<int64_t> strides(sizes.size(), 1);
  if ((progression.first < 0) != (progression.last < 0))
    return nullptr;
  // Checks the ends, which bound the rest.
  for (int64_t end : {progression.first, progression.last}) {
    Expr fromFront = end < 0 ? sizes[axis] + Expr(end) : Expr(end);
    std::string message =
        ("index " + Twine(end) + " is out of range for size " +
         sizes[axis].toString())
            .str();
    if (!isKnownLessEqual(0, fromFront))
      node.requireNotNegative(fromFront, message);
    node.requireNotNegative(sizes[axis] - fromFront - Expr(1), message);
  }
  Expr base = progression.first < 0 ? sizes[axis] : Expr(0);
  offsets[axis] = base + Expr(progression.first);
  sizes[axis] = NodeContext::typeOf(indices).getNumElements();
  strides[axis] = progression.step;
  return node.slice(x, offsets, sizes, strides);
}

Value mlc::onnx::gather(NodeContext &node, Value x, Value indices,
                        int64_t axis) {
  if (node.hasFailed() || !x || !indices)
    return nullptr;
  if (axis >= NodeContext::rankOf(x)) {
    node.report("expected a table of rank " + Twine(axis + 1) +
                " or more, found " + debugString(x.getType()));
    return nullptr;
  }
  Exprs sizes = node.shapes.sizes(x), extra = node.shapes.sizes(indices);
  int64_t inserted = extra.size();
  Exprs result(sizes.begin(), sizes.begin() + axis);
  result.append(extra);
  result.append(sizes.begin() + axis + 1, sizes.end());
  if (std::optional<SymbolicShapes::Elements> known =
          node.shapes.elements(indices))
    if (auto progression = findProgression(*known))
      if (Value part = gatherSlice(node, x, axis, indices, *progression))
        return node.reshape(part, result);
  Value checked = node.checkedIndices(indices, sizes[axis]);
  Value everywhere =
      node.broadcast(checked, result, sequence(axis, axis + inserted));
  SmallVector<int64_t> axes = sequence(0, axis);
  axes.push_back(isIndexed);
  axes.append(sequence(axis + inserted, result.size()));
  return node.create<GatherOp>(x, ValueRange(everywhere), axes);
}

static LogicalResult convertGather(NodeContext &node) {
  int64_t axis = node.normalizeAxis(node.getInt("axis", 0),
                                    NodeContext::rankOf(node.input(0)));
  if (node.hasFailed())
    return failure();
  node.setResult(gather(node, node.input(0), node.input(1), axis));
  return success();
}

/// Along the other axes the indices have at most the sizes of the data.
static LogicalResult convertGatherElements(NodeContext &node) {
  Value x = node.input(0), indices = node.input(1);
  Exprs sizes = node.shapes.sizes(x), result = node.shapes.sizes(indices);
  int64_t rank = sizes.size();
  int64_t axis = node.normalizeAxis(node.getInt("axis", 0), rank);
  if (node.hasFailed())
    return failure();
  if (result.size() != sizes.size())
    return node.error("data of rank " + Twine(rank) + " and indices of rank " +
                      Twine(result.size()) + " differ in rank");
  SmallVector<int64_t> axes = sequence(0, rank);
  axes[axis] = isIndexed;
  for (int64_t i : llvm::seq(rank))
    if (i != axis && !(result[i] == sizes[i]))
      node.requireNotNegative(sizes[i] - result[i],
                              "the indices are larger than the data along "
                              "axis " +
                                  Twine(i));
  Value checked = node.checkedIndices(indices, sizes[axis]);
  node.setResult(node.create<GatherOp>(x, ValueRange(checked), axes));
  return success();
}

/// The last axis of the indices holds an index into the data behind the batch
/// axes.
static LogicalResult convertGatherND(NodeContext &node) {
  Value x = node.input(0), indices = node.input(1);
  Exprs sizes = node.shapes.sizes(x), shape = node.shapes.sizes(indices);
  int64_t batch = node.getInt("batch_dims", 0), rank = sizes.size();
  std::optional<int64_t> depth =
      shape.empty() ? std::nullopt : shape.back().getLiteral();
  if (!depth)
    return node.unsupported(
        "the last size of the indices is not known at compile "
        "time");
  int64_t outer = shape.size() - 1;
  if (batch < 0 || batch > outer || *depth < 1 || batch + *depth > rank)
    return node.error("indices of shape " + debugString(indices.getType()) +
                      " with batch_dims " + Twine(batch) +
                      " do not fit data of rank " + Twine(rank));
  for (int64_t i : llvm::seq(batch))
    node.requireEqual(sizes[i], shape[i], "a batch size of data and indices");
  Exprs result(shape.begin(), shape.end() - 1);
  result.append(sizes.begin() + batch + *depth, sizes.end());
  SmallVector<int64_t> axes = sequence(0, batch);
  SmallVector<Value> parts;
  for (int64_t i : llvm::seq(*depth)) {
    Value part =
        node.checkedIndices(node.component(indices, i), sizes[batch + i]);
    parts.push_back(node.broadcast(part, result, sequence(0, outer)));
    axes.push_back(isIndexed);
  }
  axes.append(sequence(outer, result.size()));
  node.setResult(node.create<GatherOp>(x, ValueRange(parts), axes));
  return success();
}

void mlc::onnx::addGathers(ConverterTable &table) {
  table.add("Gather", {1, 2, 2, convertGather});
  table.add("GatherElements", {11, 2, 2, convertGatherElements});
  table.add("GatherND", {11, 2, 2, convertGatherND});
}
