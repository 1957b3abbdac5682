//===- Quantization.cpp - Quantized tensors -------------------------------===//
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
// Scales and zero points
//===----------------------------------------------------------------------===//

/// Each element of a blocked scale serves `block` elements of `x` along `axis`;
/// the last ones may be fewer.
static Formula repeatBlocks(const Formula &scale, const Formula &x,
                            int64_t axis, int64_t block) {
  Exprs sizes = scale.sizes(), split = sizes, merged = sizes;
  split.insert(split.begin() + axis + 1, Expr(block));
  merged[axis] = sizes[axis] * Expr(block);
  return scale.unsqueeze(axis + 1).broadcast(split).reshape(merged).slice(
      axis, 0, x.size(axis));
}

/// A scale or zero point in a shape that broadcasts with `x`: one number, one
/// per index of the axis, or one per block of an axis.
static Formula alignScale(NodeContext &node, const Formula &scale,
                          const Formula &x) {
  if (!scale || !x || scale.rank() == 0)
    return scale;
  if (scale.rank() == 1 && scale.size(0).is(1))
    return scale.reshape({});
  int64_t axis = node.normalizeAxis(node.getInt("axis", 1), x.rank());
  int64_t block = node.getInt("block_size", 0);
  if (node.hasFailed())
    return scale.of(nullptr);
  if (scale.rank() == 1 && block == 0) {
    Exprs sizes(x.rank() - axis, Expr(1));
    sizes.front() = scale.size(0);
    return scale.reshape(sizes);
  }
  if (block > 0 && scale.rank() == x.rank())
    return repeatBlocks(scale, x, axis, block);
  node.report("a scale of type " + scale.typeText() + " with block size " +
              Twine(block) + " does not fit " + x.typeText());
  return scale.of(nullptr);
}

Formula mlc::onnx::saturate(const Formula &x, const Formula &zeroPoint,
                            Type element) {
  Formula rounded = x.widen().apply<RoundOp>();
  if (zeroPoint)
    rounded = rounded + zeroPoint.cast(rounded.element());
  return rounded.cast(element);
}

static bool checkQuantizedType(NodeContext &node, Type element) {
  if (element.isInteger() && !element.isInteger(1))
    return true;
  node.reportUnsupported("quantization to " + debugString(element) +
                         " is not supported; integers are");
  return false;
}

//===----------------------------------------------------------------------===//
// Between floats and integers
//===----------------------------------------------------------------------===//

/// The scale's type, or the attribute, says how precise the division is.
static LogicalResult convertQuantize(NodeContext &node) {
  Formula x(node, size_t(0)), scale(node, 1), zeroPoint(node, 2);
  Type element = zeroPoint ? zeroPoint.element() : Type();
  if (int64_t given = node.getInt("output_dtype", 0); given && !element)
    element = node.toType(given);
  else if (!element)
    element = node.builder.getIntegerType(8, /*isSigned=*/false);
  if (node.hasFailed() || !checkQuantizedType(node, element))
    return failure();
  Type precision = scale.element();
  if (int64_t given = node.getInt("precision", 0))
    precision = node.toType(given);
  if (!isa<FloatType>(precision))
    precision = node.builder.getF32Type();
  Formula quotient =
      x.cast(precision) / alignScale(node, scale, x).cast(precision);
  node.setResult(
      saturate(quotient, alignScale(node, zeroPoint, x), element).get());
  return success();
}

/// The difference is exact in 32 bits; the product is rounded once.
static LogicalResult convertDequantize(NodeContext &node) {
  Formula x(node, size_t(0)), scale(node, 1), zeroPoint(node, 2);
  Type element = scale.element();
  if (int64_t given = node.getInt("output_dtype", 0))
    element = node.toType(given);
  if (node.hasFailed() || !checkQuantizedType(node, x.element()))
    return failure();
  Type wide = node.builder.getI32Type(), work = node.builder.getF32Type();
  Formula distance = x.cast(wide);
  if (zeroPoint)
    distance = distance - alignScale(node, zeroPoint, x).cast(wide);
  Formula y = distance.cast(work) * alignScale(node, scale, x).cast(work);
  node.setResult(y.cast(element).get());
  return success();
}

/// Scale and zero point such that the range of `x`, with 0, fills 0 to 255.
static LogicalResult convertDynamicQuantize(NodeContext &node) {
  Formula x(node, size_t(0));
  SmallVector<int64_t> all = axesFrom(0, x.rank());
  Formula highest = x.reduce(ReduceKind::Max, all).reshape({}).apply<MaxOp>(0);
  Formula lowest = x.reduce(ReduceKind::Min, all).reshape({}).apply<MinOp>(0);
  Formula range = highest - lowest;
  Formula scale = range.number(1).where(range.apply<EqualOp>(0), range / 255);
  Type byte = node.builder.getIntegerType(8, /*isSigned=*/false);
  Formula zeroPoint =
      saturate(lowest.apply<NegOp>() / scale, Formula(node, Value()), byte);
  node.setResult(saturate(x / scale, zeroPoint, byte).get());
  node.setResult(scale.get(), 1);
  node.setResult(zeroPoint.get(), 2);
  return success();
}

//===----------------------------------------------------------------------===//
// Products of integers
//===----------------------------------------------------------------------===//

/// A vector of numbers per row as a column; per-column vectors need nothing.
static Formula asColumn(const Formula &vector) {
  return vector && vector.rank() == 1 ? vector.unsqueeze(1) : vector;
}

/// The distances from the zero point in 32 bits.
static Formula centre(const Formula &x, const Formula &zeroPoint) {
  Type wide = x.context().builder.getI32Type();
  Formula widened = x.cast(wide);
  return zeroPoint ? widened - zeroPoint.cast(wide) : widened;
}

static LogicalResult convertMatMulInteger(NodeContext &node) {
  Formula x = centre(Formula(node, size_t(0)), asColumn(Formula(node, 2)));
  Formula y = centre(Formula(node, 1), Formula(node, 3));
  node.setResult(matmul(x, y).get());
  return success();
}

static LogicalResult convertQLinearMatMul(NodeContext &node) {
  Type work = node.builder.getF32Type();
  auto read = [&](size_t index) { return Formula(node, index); };
  Formula product =
      matmul(centre(read(0), asColumn(read(2))), centre(read(3), read(5)));
  Formula scale =
      asColumn(read(1)).cast(work) * read(4).cast(work) / read(6).cast(work);
  Formula zeroPoint = read(7);
  node.setResult(
      saturate(product.cast(work) * scale, zeroPoint, zeroPoint.element())
          .get());
  return success();
}

void mlc::onnx::addQuantization(ConverterTable &table) {
  // onnxruntime's own domain had the wider types first.
  for (StringRef domain : {"", "com.microsoft"}) {
    int64_t since = domain.empty() ? 10 : 1;
    table.add("DequantizeLinear", {since, 2, 3, convertDequantize}, domain);
    table.add("QuantizeLinear", {since, 2, 3, convertQuantize}, domain);
  }
  table.add("DynamicQuantizeLinear", {11, 1, 1, convertDynamicQuantize});
  table.add("MatMulInteger", {10, 2, 4, convertMatMulInteger});
  table.add("QLinearMatMul", {10, 8, 8, convertQLinearMatMul});
}
