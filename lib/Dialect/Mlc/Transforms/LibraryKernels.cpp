//===- LibraryKernels.cpp - Ops whose code is among the builtins ----------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LibraryKernels.h"
#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlc;

/// Booleans are bytes.
static std::string functionName(StringRef op, Type element) {
  std::string name = ("mlc_" + op + "_").str();
  return name + (element.isInteger(1) ? "ui8" : debugString(element));
}

/// How far apart elements along `axis` lie.
static Expr strideOf(ArrayRef<Expr> sizes, int64_t axis) {
  Expr stride(1);
  for (const Expr &size : sizes.drop_front(axis + 1))
    stride = stride * size;
  return stride;
}

/// One point of the grid per row along `axis`.
static SmallVector<int64_t> gridOfRows(int64_t rank, int64_t axis) {
  SmallVector<int64_t> grid(rank, 1);
  grid[axis] = 0;
  return grid;
}

static Expr flag(bool isSet) { return Expr(isSet ? 1 : 0); }

static LibraryCall describe(ScanOp op, SymbolicShapes &shapes) {
  LibraryCall call;
  int64_t axis = op.getAxis();
  SmallVector<Expr> x = shapes.sizes(op.getX());
  call.function = functionName("scan", elementTypeOf(op.getX()));
  call.tensors.push_back(op.getX());
  call.sizes = {x[axis], strideOf(x, axis),
                Expr(static_cast<int64_t>(op.getKind())),
                flag(op.getExclusive()), flag(op.getReverse())};
  call.grid = gridOfRows(x.size(), axis);
  call.cost = 2000;
  return call;
}

static LibraryCall describe(ArgsortOp op, SymbolicShapes &shapes) {
  LibraryCall call;
  int64_t axis = op.getAxis();
  SmallVector<Expr> x = shapes.sizes(op.getX());
  call.function = functionName("argsort", elementTypeOf(op.getX()));
  call.tensors.push_back(op.getX());
  call.sizes = {x[axis], shapes.size(op.getResult(), axis), strideOf(x, axis),
                flag(op.getDescending())};
  call.grid = gridOfRows(x.size(), axis);
  call.cost = 100000;
  return call;
}

static LibraryCall describe(ScatterOp op, SymbolicShapes &shapes) {
  LibraryCall call;
  SmallVector<Expr> x = shapes.sizes(op.getX());
  SmallVector<Expr> updates = shapes.sizes(op.getUpdates());
  call.function = functionName("scatter", elementTypeOf(op.getX()));
  call.tensors.assign(op->operand_begin(), op->operand_end());
  std::optional<ReduceKind> kind = op.getKind();
  call.sizes = {Expr(kind ? static_cast<int64_t>(*kind) : -1),
                Expr(static_cast<int64_t>(x.size())),
                Expr(static_cast<int64_t>(updates.size()))};
  call.sizes.append(x);
  call.sizes.append(updates);
  for (int64_t axis : op.getAxes())
    call.sizes.push_back(Expr(ShapedType::isDynamic(axis) ? -1 : axis));
  call.grid.assign(x.size(), 0);
  call.cost = 1000;
  return call;
}

LibraryCall mlc::describeLibraryCall(Operation *op, SymbolicShapes &shapes) {
  return llvm::TypeSwitch<Operation *, LibraryCall>(op)
      .Case<ArgsortOp, ScanOp, ScatterOp>(
          [&](auto op) { return describe(op, shapes); });
}
