//===- Constant.cpp - Constants and shapes as tensors ---------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

static Value fromTensor(NodeContext &node, const Tensor &tensor) {
  llvm::Expected<ElementsAttr> value =
      toElements(node.builder.getContext(), node.context.file, tensor);
  if (value)
    return node.constant(*value);
  node.report(llvm::toString(value.takeError()));
  return nullptr;
}

static Value fromInts(NodeContext &node, ArrayRef<int64_t> values,
                      ArrayRef<int64_t> shape) {
  auto type = RankedTensorType::get(shape, node.builder.getI64Type());
  return node.constant(DenseElementsAttr::get(type, values));
}

static Value fromFloats(NodeContext &node, ArrayRef<float> values) {
  Tensor tensor;
  tensor.type = DataType::Float;
  tensor.dims = {static_cast<int64_t>(values.size())};
  tensor.bytes = node.context.file->model.decoded.emplace_back(
      reinterpret_cast<const char *>(values.data()), values.size() * 4);
  tensor.byteSize = tensor.bytes.size();
  return fromTensor(node, tensor);
}

static LogicalResult convertConstant(NodeContext &node) {
  for (StringRef kind : {"sparse_value", "value_string", "value_strings"})
    if (node.hasAttribute(kind))
      return node.unsupported("a constant given by \"" + kind +
                              "\" is not supported");
  if (const Tensor *tensor = node.getTensor("value"))
    node.setResult(fromTensor(node, *tensor));
  else if (node.hasAttribute("value_int"))
    node.setResult(fromInts(node, node.getInt("value_int", 0), {}));
  else if (auto ints = node.getInts("value_ints"))
    node.setResult(fromInts(node, *ints, static_cast<int64_t>(ints->size())));
  else if (node.hasAttribute("value_float"))
    node.setResult(node.scalar(node.getFloat("value_float", 0),
                               node.builder.getF32Type()));
  else if (auto floats = node.getFloats("value_floats"))
    node.setResult(fromFloats(node, *floats));
  else
    return node.error("attribute \"value\" is missing");
  return success();
}

static LogicalResult convertConstantOfShape(NodeContext &node) {
  Value scalar;
  if (const Tensor *tensor = node.getTensor("value")) {
    if (llvm::any_of(tensor->dims, [](int64_t dim) { return dim != 1; }))
      return node.error("attribute \"value\" has more than one element");
    scalar = node.reshape(fromTensor(node, *tensor), {});
  } else {
    scalar = node.scalar(0, node.builder.getF32Type());
  }
  Exprs sizes = node.elements(0);
  for (const Expr &size : sizes)
    node.requireNotNegative(size, "a size of the shape is negative");
  if (!scalar)
    return failure();
  node.requireMemory(sizes, elementTypeOf(scalar));
  node.setResult(node.broadcast(scalar, sizes, {}));
  return success();
}

/// `axis` cut to [0, rank] as the slicing of lists does.
static int64_t clampAxis(int64_t axis, int64_t rank) {
  return std::clamp<int64_t>(axis < 0 ? axis + rank : axis, 0, rank);
}

static LogicalResult convertShape(NodeContext &node) {
  Value x = node.input(0);
  int64_t rank = NodeContext::rankOf(x);
  int64_t start = clampAxis(node.getInt("start", 0), rank);
  int64_t end = clampAxis(node.getInt("end", rank), rank);
  Value sizes = node.create<ShapeOfOp>(x);
  node.setResult(node.slice(sizes, Expr(start),
                            Expr(std::max<int64_t>(end - start, 0)), 1));
  return success();
}

static LogicalResult convertSize(NodeContext &node) {
  Value sizes = node.create<ShapeOfOp>(node.input(0));
  node.setResult(node.reduce(ReduceKind::Product, sizes, 0, /*keep=*/false));
  return success();
}

void mlc::onnx::addConstants(ConverterTable &table) {
  table.add("Constant", {1, 0, 0, convertConstant});
  table.add("ConstantOfShape", {9, 1, 1, convertConstantOfShape});
  table.add("Shape", {1, 1, 1, convertShape});
  table.add("Size", {1, 1, 1, convertSize});
}
