//===- Cleanup.cpp - What remains to be done after import -----------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Cleanup.h"
#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/Iterators.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/CSE.h"

using namespace mlir;
using namespace mlc;

static void eraseDead(func::FuncOp function) {
  function.walk<WalkOrder::PostOrder, ReverseIterator>([](Operation *op) {
    if (isOpTriviallyDead(op))
      op->erase();
  });
}

/// The tensor of `elements` at the place of `op`; null when an element is no
/// literal and no arithmetic of sizes.
static Value build(Operation *op, ArrayRef<Expr> elements,
                   SymbolicShapes &shapes) {
  OpBuilder builder(op);
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  Type element = type.getElementType();
  if (llvm::all_of(elements, [](const Expr &e) { return e.getLiteral(); })) {
    SmallVector<APInt> values;
    for (const Expr &value : elements)
      values.push_back(APInt(64, *value.getLiteral(), /*isSigned=*/true)
                           .trunc(element.getIntOrFloatBitWidth()));
    return ConstantOp::create(builder, op->getLoc(),
                              DenseElementsAttr::get(type, values));
  }
  if (element.isInteger(1))
    return nullptr;
  SmallVector<Value> values;
  for (const Expr &value : elements) {
    if (!shapes.isShapeOnly(value))
      return nullptr;
    values.push_back(getValueOrCreateConstantIndexOp(
        builder, op->getLoc(),
        shapes.materialize(builder, op->getLoc(), value)));
  }
  return FromElementsOp::create(builder, op->getLoc(), type, values);
}

/// Replaces tensors of sizes. The ops in between die with their users.
static void foldShapeArithmetic(func::FuncOp function, SymbolicShapes &shapes) {
  SmallVector<Operation *> ops;
  function.walk([&](Operation *op) {
    if (op->getNumResults() == 1 && op->getNumRegions() == 0 &&
        !isa<ConstantOp, FromElementsOp>(op) &&
        isa<MlcDialect>(op->getDialect()))
      ops.push_back(op);
  });
  for (Operation *op : ops)
    if (std::optional<SymbolicShapes::Elements> elements =
            isa<RankedTensorType>(op->getResult(0).getType())
                ? shapes.elements(op->getResult(0))
                : std::nullopt)
      if (Value folded = build(op, *elements, shapes))
        op->getResult(0).replaceAllUsesWith(folded);
}

void mlc::onnx::cleanUp(func::FuncOp function, SymbolicShapes &shapes) {
  foldShapeArithmetic(function, shapes);
  eraseDead(function);
  IRRewriter rewriter(function.getContext());
  DominanceInfo dominance(function);
  eliminateCommonSubExpressions(rewriter, dominance, function);
  eraseDead(function);
}
