//===- Contraction.cpp - Matrix products
//-----------------------------------===//
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
  if (!x || !y)
    return nullptr;
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
    node.report("expected inputs of rank 1 or more, found " + x.typeText() +
                " and " + y.typeText());
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

void mlc::onnx::addContractions(ConverterTable &table) {
  table.add("Gemm", {6, 2, 3, convertGemm});
  table.add("MatMul", {1, 2, 2, convertMatMul});
}
