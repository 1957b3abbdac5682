//===- Movement.cpp - Ops of ONNX that move data --------------------------===//
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
// Reshape and its kin
//===----------------------------------------------------------------------===//

/// Sizes that come with the data: which of them are 0 or -1 is seen at run
/// time.
static LogicalResult resolveAtRunTime(NodeContext &node, ArrayRef<Expr> from,
                                      Exprs &sizes) {
  Expr others(1);
  for (const Expr &size : sizes)
    others = others * node.selectEqual(size, -1, Expr(1), size);
  Expr open = floorDiv(productOf(from), max(others, Expr(1)));
  for (Expr &size : sizes) {
    size = node.selectEqual(size, -1, open, size);
    node.requireNotNegative(size, "a size of the shape is negative");
  }
  return success(!node.hasFailed());
}

/// Puts what the others leave in the place of -1.
static LogicalResult resolveOpenSize(NodeContext &node, ArrayRef<Expr> from,
                                     Exprs &sizes) {
  auto isOpen = [](const Expr &size) { return size.is(-1); };
  if (llvm::count_if(sizes, isOpen) > 1)
    return node.error("the shape has -1 more than once");
  auto open = llvm::find_if(sizes, isOpen);
  if (open == sizes.end())
    return success();
  *open = 1;
  Expr rest = productOf(sizes), size = floorDiv(productOf(from), rest);
  if (!size || isKnownNotEqual(size * rest, productOf(from)))
    return node.error(
        "the shape's -1 cannot be resolved: " + productOf(from).toString() +
        " elements do not divide by " + rest.toString());
  *open = size;
  return success();
}

/// A size of 0 copies the input's, unless `allowzero`; one of -1 takes what the
/// others leave.
static LogicalResult convertReshape(NodeContext &node) {
  Value x = node.input(0);
  Exprs from = node.shapes.sizes(x), sizes = node.elements(1);
  bool keepsZero = node.getInt("allowzero", 0) != 0;
  bool isKnown = true;
  for (auto [axis, size] : llvm::enumerate(sizes)) {
    isKnown &= size.is(-1) || size.bounds().min >= 0;
    bool canCopy = !keepsZero && (size.is(0) || size.bounds().min < 0);
    if (canCopy && axis < from.size())
      size = node.selectEqual(size, 0, from[axis], size);
    else if (canCopy && size.is(0))
      return node.error(Twine("size 0 at axis ") + Twine(axis) +
                        " copies from an input of rank " + Twine(from.size()));
  }
  if (node.hasFailed() || failed(isKnown ? resolveOpenSize(node, from, sizes)
                                         : resolveAtRunTime(node, from, sizes)))
    return failure();
  node.requireEqual(productOf(from), productOf(sizes),
                    "the number of elements");
  node.setResult(node.reshape(x, sizes));
  return success();
}

static LogicalResult convertFlatten(NodeContext &node) {
  Value x = node.input(0);
  Exprs from = node.shapes.sizes(x);
  int64_t rank = from.size(), axis = node.getInt("axis", 1);
  if (axis < -rank || axis > rank)
    return node.error(Twine("axis ") + Twine(axis) +
                      " is out of range for rank " + Twine(rank));
  if (axis < 0)
    axis += rank;
  node.setResult(node.reshape(x, {productOf(ArrayRef(from).take_front(axis)),
                                  productOf(ArrayRef(from).drop_front(axis))}));
  return success();
}

static LogicalResult convertSqueeze(NodeContext &node) {
  Value x = node.input(0);
  Exprs from = node.shapes.sizes(x), sizes;
  SmallVector<int64_t> axes;
  if (auto given = node.literals("axes", 1, 13)) {
    axes = node.normalizeAxes(*given, from.size());
  } else {
    for (auto [axis, size] : llvm::enumerate(from))
      if (size.is(1))
        axes.push_back(axis);
      else if (!isKnownNotEqual(size, Expr(1)))
        return node.unsupported(
            Twine("whether axis ") + Twine(axis) + " of size " +
                size.toString() + " is squeezed is known only at run time",
            "give the axes when exporting, or fix the size with --shape or "
            "--dim");
  }
  if (node.hasFailed())
    return failure();
  for (auto [axis, size] : llvm::enumerate(from)) {
    if (!llvm::is_contained(axes, static_cast<int64_t>(axis)))
      sizes.push_back(size);
    else if (isKnownNotEqual(size, Expr(1)))
      return node.error(Twine("cannot squeeze axis ") + Twine(axis) +
                        " of size " + size.toString());
    else
      node.requireEqual(size, Expr(1), "the size of a squeezed axis");
  }
  node.setResult(node.reshape(x, sizes));
  return success();
}

static LogicalResult convertUnsqueeze(NodeContext &node) {
  Value x = node.input(0);
  auto given = node.literals("axes", 1, 13);
  if (!given)
    return node.error("attribute \"axes\" is missing");
  Exprs sizes = node.shapes.sizes(x);
  for (int64_t axis : node.normalizeAxes(*given, sizes.size() + given->size()))
    sizes.insert(sizes.begin() + axis, Expr(1));
  node.setResult(node.reshape(x, sizes));
  return success();
}

static LogicalResult convertExpand(NodeContext &node) {
  Value x = node.input(0);
  Exprs target = node.elements(1);
  for (const Expr &size : target)
    node.requireNotNegative(size, "a size of the shape is negative");
  if (node.hasFailed())
    return failure();
  FailureOr<Exprs> sizes = node.commonSizes(node.shapes.sizes(x), target);
  if (failed(sizes))
    return failure();
  node.requireMemory(*sizes, elementTypeOf(x));
  node.setResult(node.broadcast(x, *sizes));
  return success();
}

static LogicalResult convertTranspose(NodeContext &node) {
  Value x = node.input(0);
  SmallVector<int64_t> reversed =
      llvm::to_vector(llvm::reverse(llvm::seq(NodeContext::rankOf(x))));
  SmallVector<int64_t> permutation =
      node.getInts("perm").value_or(std::move(reversed));
  node.setResult(node.transpose(x, permutation));
  return success();
}

static LogicalResult convertConcat(NodeContext &node) {
  int64_t axis = node.normalizeAxis(node.requireInt("axis"),
                                    NodeContext::rankOf(node.input(0)));
  node.setResult(node.create<ConcatOp>(ValueRange(node.allInputs()), axis));
  return success();
}

//===----------------------------------------------------------------------===//
// Slice
//===----------------------------------------------------------------------===//

/// Exporters write some huge number where they mean the end of an axis, and a
/// huge negative one where they mean its beginning.
static constexpr int64_t endOfAxis = 1'000'000'000;

/// An index that counts from the end when it is negative.
///
///   index + size * (index < 0)
static Expr fromFront(const Expr &index, const Expr &size) {
  if (std::optional<int64_t> literal = index.getLiteral();
      literal && *literal <= -endOfAxis)
    return Expr(0);
  Bounds bounds = index.bounds();
  if (bounds.min >= 0)
    return index;
  if (bounds.max < 0)
    return index + size;
  // What comes with the data may be so large that a difference would overflow.
  constexpr int64_t farOutside = int64_t(1) << 61;
  Expr near = index;
  if (bounds.min < -farOutside || bounds.max > farOutside)
    near = min(max(index, Expr(-farOutside)), Expr(farOutside));
  return near - size * min(max(near, Expr(-1)), Expr(0));
}

namespace {
struct AxisRange {
  Expr offset, size;
};
} // namespace

/// The elements start, start + step, ... before `end`, cut to the axis.
static AxisRange sliceForward(Expr start, Expr end, int64_t step,
                              const Expr &size) {
  std::optional<int64_t> first = start.getLiteral(), last = end.getLiteral();
  end = last && *last >= endOfAxis ? size : min(fromFront(end, size), size);
  start = first && *first >= endOfAxis ? size : fromFront(start, size);
  // end - max(start, 0)
  Expr span = start.bounds().min >= 0 ? end - start : min(end, end - start);
  return {max(start, Expr(0)), ceilDiv(max(span, Expr(0)), Expr(step))};
}

static AxisRange sliceBackward(Expr start, Expr end, int64_t step,
                               const Expr &size) {
  std::optional<int64_t> first = start.getLiteral(), last = end.getLiteral();
  Expr top = size - Expr(1);
  start = first && (*first >= endOfAxis || *first == -1)
              ? top
              : min(max(fromFront(start, size), Expr(0)), top);
  end = last && *last <= -endOfAxis ? Expr(-1)
                                    : max(fromFront(end, size), Expr(-1));
  return {start, ceilDiv(max(start - end, Expr(0)), Expr(-step))};
}

static LogicalResult convertSlice(NodeContext &node) {
  Value x = node.input(0);
  Exprs sizes = node.shapes.sizes(x), starts, ends;
  int64_t rank = sizes.size();
  bool isInputs = node.opset >= 10;
  if (isInputs) {
    starts = node.elements(1);
    ends = node.elements(2);
  } else {
    for (int64_t start :
         node.getInts("starts").value_or(SmallVector<int64_t>()))
      starts.push_back(start);
    for (int64_t end : node.getInts("ends").value_or(SmallVector<int64_t>()))
      ends.push_back(end);
  }
  SmallVector<int64_t> axes =
      node.literals("axes", 3, 10)
          .value_or(llvm::to_vector(llvm::seq<int64_t>(0, starts.size())));
  SmallVector<int64_t> steps =
      (isInputs ? node.literals(4) : std::nullopt)
          .value_or(SmallVector<int64_t>(starts.size(), 1));
  if (node.hasFailed())
    return failure();
  if (ends.size() != starts.size() || axes.size() != starts.size() ||
      steps.size() != starts.size())
    return node.error("starts, ends, axes and steps differ in length");
  Exprs offsets(rank, Expr(0));
  SmallVector<int64_t> strides(rank, 1);
  if (node.normalizeAxes(axes, rank).size() != axes.size())
    return failure();
  for (size_t i = 0; i < axes.size(); ++i) {
    int64_t axis = node.normalizeAxis(axes[i], rank);
    if (steps[i] == 0 || steps[i] <= -endOfAxis)
      return node.error(Twine("step ") + Twine(steps[i]) + " is not allowed");
    AxisRange range =
        steps[i] > 0 ? sliceForward(starts[i], ends[i], steps[i], sizes[axis])
                     : sliceBackward(starts[i], ends[i], steps[i], sizes[axis]);
    offsets[axis] = range.offset;
    sizes[axis] = range.size;
    strides[axis] = steps[i];
  }
  node.setResult(node.slice(x, offsets, sizes, strides));
  return success();
}

void mlc::onnx::addMovement(ConverterTable &table) {
  table.add("Concat", {4, 1, variadic, convertConcat});
  table.add("Expand", {8, 2, 2, convertExpand});
  table.add("Flatten", {1, 1, 1, convertFlatten});
  table.add("Reshape", {5, 2, 2, convertReshape});
  table.add("Slice", {1, 1, 1, convertSlice});
  table.add("Slice", {10, 3, 5, convertSlice});
  table.add("Squeeze", {1, 1, 1, convertSqueeze});
  table.add("Squeeze", {13, 1, 2, convertSqueeze});
  table.add("Transpose", {1, 1, 1, convertTranspose});
  table.add("Unsqueeze", {1, 1, 1, convertUnsqueeze});
  table.add("Unsqueeze", {13, 2, 2, convertUnsqueeze});
}
