//===- Contraction.cpp - Matrix products and convolutions -----------------===//
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

//===----------------------------------------------------------------------===//
// Matrix products
//===----------------------------------------------------------------------===//

/// The matrix product of two tensors of at least rank 2; the axes before the
/// matrices broadcast.
static Value multiply(NodeContext &node, Value x, Value y) {
  Exprs a = node.shapes.sizes(x), b = node.shapes.sizes(y);
  // A weight without batch is used once for all rows, not repeated.
  if (b.size() == 2 && a.size() > 2) {
    Expr rows(1);
    for (const Expr &size : ArrayRef(a).drop_back())
      rows = rows * size;
    Value flat = node.reshape(x, {rows, a.back()});
    Value product = node.create<MatmulOp>(flat, y);
    Exprs sizes(ArrayRef(a).drop_back());
    sizes.push_back(b.back());
    return node.reshape(product, sizes);
  }
  FailureOr<Exprs> batch =
      node.commonSizes(ArrayRef(a).drop_back(2), ArrayRef(b).drop_back(2));
  if (failed(batch))
    return nullptr;
  auto extend = [&](Value value, ArrayRef<Expr> matrix) {
    Exprs sizes(*batch);
    llvm::append_range(sizes, matrix);
    return node.broadcast(value, sizes);
  };
  return node.create<MatmulOp>(extend(x, ArrayRef(a).take_back(2)),
                               extend(y, ArrayRef(b).take_back(2)));
}

/// A vector counts as a matrix of one row or column, which the result lacks.
Formula mlc::onnx::matmul(const Formula &x, const Formula &y) {
  NodeContext &node = x.context();
  if (!x || !y)
    return x.of(nullptr);
  if (x.rank() == 0 || y.rank() == 0) {
    node.report("expected inputs of rank 1 or more, found " +
                debugString(x.get().getType()) + " and " +
                debugString(y.get().getType()));
    return x.of(nullptr);
  }
  bool isRow = x.rank() == 1, isColumn = y.rank() == 1;
  Formula rows = isRow ? x.unsqueeze(0) : x;
  Formula columns = isColumn ? y.unsqueeze(1) : y;
  Formula product = x.of(multiply(node, rows.get(), columns.get()));
  if (isColumn)
    product = product.squeeze(product.rank() - 1);
  return isRow ? product.squeeze(product.rank() - (isColumn ? 1 : 2)) : product;
}

static LogicalResult convertMatMul(NodeContext &node) {
  node.setResult(matmul(Formula(node, 0), Formula(node, 1)).get());
  return success();
}

/// `factor` times x; `factor` is a float also when x holds integers.
static Value scale(NodeContext &node, Value x, double factor) {
  if (!x || factor == 1)
    return x;
  Type element = elementTypeOf(x);
  Value work =
      isa<FloatType>(element) ? x : node.cast(x, node.builder.getF64Type());
  return node.cast(node.create<MulOp>(work, node.splatLike(factor, work)),
                   element);
}

static LogicalResult convertGemm(NodeContext &node) {
  Value x = node.input(0), y = node.input(1);
  if (NodeContext::rankOf(x) != 2 || NodeContext::rankOf(y) != 2)
    return node.error("expected matrices, found " + debugString(x.getType()) +
                      " and " + debugString(y.getType()));
  if (node.getInt("transA", 0))
    x = node.transpose(x, {1, 0});
  if (node.getInt("transB", 0))
    y = node.transpose(y, {1, 0});
  Value result =
      scale(node, node.create<MatmulOp>(x, y), node.getFloat("alpha", 1));
  if (result && node.hasInput(2)) {
    Value added = scale(node, node.input(2), node.getFloat("beta", 1));
    result = node.create<AddOp>(
        result, node.broadcast(added, node.shapes.sizes(result)));
  }
  node.setResult(result);
  return success();
}

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

/// One number per spatial axis, all 1 when the attribute is absent.
static SmallVector<int64_t> readSteps(NodeContext &node, StringRef attribute,
                                      size_t spatial) {
  SmallVector<int64_t> steps =
      node.getInts(attribute).value_or(SmallVector<int64_t>(spatial, 1));
  bool isPositive = llvm::all_of(steps, [](int64_t step) { return step > 0; });
  if (steps.size() != spatial || !isPositive)
    node.report("attribute \"" + attribute + "\" is not " + Twine(spatial) +
                " positive numbers");
  return steps;
}

/// The padding that keeps an axis of `size` at ceil(size / stride), in pairs.
static SmallVector<int64_t> computeSamePadding(NodeContext &node,
                                               ArrayRef<Expr> sizes,
                                               ArrayRef<int64_t> extents,
                                               ArrayRef<int64_t> strides,
                                               bool isUpper) {
  SmallVector<int64_t> padding;
  for (auto [size, extent, stride] : llvm::zip_equal(sizes, extents, strides)) {
    Expr covered = (ceilDiv(size, Expr(stride)) - Expr(1)) * Expr(stride);
    std::optional<int64_t> total =
        stride == 1 ? std::optional(extent - 1)
                    : max(Expr(0), covered + Expr(extent) - size).getLiteral();
    if (!total) {
      node.report("attribute \"auto_pad\" needs a known size along every axis "
                  "that is strided, found " +
                      size.toString(),
                  "fix the size with --shape or --dim");
      return {};
    }
    int64_t smaller = *total / 2, larger = *total - smaller;
    padding.push_back(isUpper ? smaller : larger);
    padding.push_back(isUpper ? larger : smaller);
  }
  return padding;
}

/// Padding before and after each spatial axis, in pairs.
static SmallVector<int64_t> readPadding(NodeContext &node, ArrayRef<Expr> sizes,
                                        ArrayRef<int64_t> extents,
                                        ArrayRef<int64_t> strides) {
  StringRef mode = node.getChoice(
      "auto_pad", {"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"});
  size_t spatial = sizes.size();
  if (mode.starts_with("SAME"))
    return computeSamePadding(node, sizes, extents, strides,
                              mode == "SAME_UPPER");
  SmallVector<int64_t> padding(2 * spatial, 0);
  std::optional<SmallVector<int64_t>> pads = node.getInts("pads");
  if (mode == "VALID" || !pads)
    return padding;
  if (pads->size() != 2 * spatial) {
    node.report(Twine("attribute \"pads\" has ") + Twine(pads->size()) +
                " numbers; needed are " + Twine(2 * spatial));
    return {};
  }
  for (size_t axis = 0; axis < spatial; ++axis) {
    padding[2 * axis] = (*pads)[axis];
    padding[2 * axis + 1] = (*pads)[spatial + axis];
  }
  return padding;
}

/// The sizes of the filter's spatial axes with the gaps of dilation.
static FailureOr<SmallVector<int64_t>>
readExtents(NodeContext &node, Value filter, ArrayRef<int64_t> dilations) {
  ArrayRef<int64_t> sizes =
      NodeContext::typeOf(filter).getShape().drop_front(2);
  std::optional<SmallVector<int64_t>> declared = node.getInts("kernel_shape");
  if (declared && ArrayRef<int64_t>(*declared) != sizes &&
      llvm::none_of(sizes, ShapedType::isDynamic))
    return node.error("attribute \"kernel_shape\" does not agree with the "
                      "filter, " +
                      debugString(filter.getType()));
  SmallVector<int64_t> extents;
  for (auto [size, dilation] : llvm::zip_equal(sizes, dilations)) {
    if (ShapedType::isDynamic(size))
      return node.error("the size of the filter is not known at compile time");
    extents.push_back((size - 1) * dilation + 1);
  }
  return extents;
}

/// Channels come second in ONNX and last here.
static LogicalResult convertConv(NodeContext &node) {
  Value x = node.input(0), filter = node.input(1);
  int64_t rank = NodeContext::rankOf(x);
  if (rank < 3 || NodeContext::rankOf(filter) != rank)
    return node.error("expected input and filter of one rank of at least 3, "
                      "found " +
                      debugString(x.getType()) + " and " +
                      debugString(filter.getType()));
  size_t spatial = rank - 2;
  SmallVector<int64_t> strides = readSteps(node, "strides", spatial);
  SmallVector<int64_t> dilations = readSteps(node, "dilations", spatial);
  if (node.hasFailed())
    return failure();
  FailureOr<SmallVector<int64_t>> extents =
      readExtents(node, filter, dilations);
  if (failed(extents))
    return failure();
  Exprs sizes = node.shapes.sizes(x);
  SmallVector<int64_t> padding =
      readPadding(node, ArrayRef(sizes).drop_front(2), *extents, strides);
  int64_t groups = node.getInt("group", 1);

  SmallVector<int64_t> toLast = {0}, toFirst = {0, rank - 1}, ofFilter;
  for (int64_t axis : llvm::seq<int64_t>(2, rank)) {
    toLast.push_back(axis);
    toFirst.push_back(axis - 1);
    ofFilter.push_back(axis);
  }
  toLast.push_back(1);
  ofFilter.append({1, 0});
  Value result = node.create<ConvOp>(node.transpose(x, toLast),
                                     node.transpose(filter, ofFilter), strides,
                                     dilations, padding, groups);
  if (result && node.hasInput(2))
    result = node.create<AddOp>(
        result, node.broadcast(node.input(2), node.shapes.sizes(result)));
  node.setResult(node.transpose(result, toFirst));
  return success();
}

void mlc::onnx::addContractions(ConverterTable &table) {
  table.add("Conv", {1, 2, 3, convertConv});
  table.add("Gemm", {7, 2, 3, convertGemm});
  table.add("MatMul", {1, 2, 2, convertMatMul});
}
