//===- Reduction.cpp - Reductions with their prologue ---------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelLowering.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlc;
using scalar::Emitted;

static TypedAttr neutralElement(ReduceKind kind, Type type, bool isUnsigned,
                                OpBuilder &b) {
  if (auto floating = dyn_cast<FloatType>(type)) {
    const llvm::fltSemantics &semantics = floating.getFloatSemantics();
    switch (kind) {
    case ReduceKind::Product:
      return b.getFloatAttr(type, 1.0);
    case ReduceKind::Min:
      return b.getFloatAttr(type, APFloat::getInf(semantics));
    case ReduceKind::Max:
      return b.getFloatAttr(type,
                            APFloat::getInf(semantics, /*Negative=*/true));
    default:
      return b.getFloatAttr(type, 0.0);
    }
  }
  unsigned width = type.getIntOrFloatBitWidth();
  switch (kind) {
  case ReduceKind::Product:
  case ReduceKind::And:
    return b.getIntegerAttr(type, 1);
  case ReduceKind::Min:
    return b.getIntegerAttr(type, isUnsigned ? APInt::getMaxValue(width)
                                             : APInt::getSignedMaxValue(width));
  case ReduceKind::Max:
    return b.getIntegerAttr(type, isUnsigned ? APInt::getMinValue(width)
                                             : APInt::getSignedMinValue(width));
  default:
    return b.getIntegerAttr(type, 0);
  }
}

static Emitted combine(ReduceKind kind, const Emitted &x, const Emitted &y) {
  switch (kind) {
  case ReduceKind::Sum:
    return x + y;
  case ReduceKind::Product:
    return x * y;
  case ReduceKind::Min:
    return minimum(x, y);
  case ReduceKind::Max:
    return maximum(x, y);
  case ReduceKind::And:
    return x & y;
  case ReduceKind::Or:
    return x | y;
  }
  llvm_unreachable("covered switch");
}

Value KernelLowering::filled(Operation *op, TypedAttr neutral,
                             Value destination) {
  Location loc = function.getLoc();
  if (!destination)
    destination =
        tensor::EmptyOp::create(rewriter, loc, anchorSizes, neutral.getType());
  Value scalar = arith::ConstantOp::create(rewriter, loc, neutral);
  return linalg::FillOp::create(rewriter, loc, scalar, destination)
      .getResult(0);
}

Value KernelLowering::reduceNothing(Value filled) {
  auto fill = filled.getDefiningOp<linalg::FillOp>();
  unsigned rank = cast<RankedTensorType>(filled.getType()).getRank();
  SmallVector<AffineMap> maps = {
      AffineMap::getMultiDimIdentityMap(rank, rewriter.getContext())};
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             rewriter, function.getLoc(), filled.getType(), ValueRange(),
             fill.output(), maps, iterators,
             [&](OpBuilder &b, Location loc, ValueRange) {
               linalg::YieldOp::create(b, loc, fill.value());
             })
      .getResult(0);
}

/// Whether so many elements are combined that rounding after each adds up.
static bool isLong(ReduceOp op) {
  constexpr int64_t fewTerms = 128;
  auto type = op.getX().getType();
  int64_t count = 1;
  for (int64_t axis : op.getAxes()) {
    int64_t size = type.getDimSize(axis);
    if (ShapedType::isDynamic(size) || size > fewTerms)
      return true;
    count *= std::max<int64_t>(size, 1);
    if (count > fewTerms)
      return true;
  }
  return false;
}

Type KernelLowering::accumulatorType(ReduceOp op) {
  Type element = op.getX().getType().getElementType();
  // Booleans are bytes in memory.
  if (element.isInteger(1))
    return rewriter.getI8Type();
  return op.getKind() == ReduceKind::Sum && element.isF32() && isLong(op)
             ? rewriter.getF64Type()
             : computeType(element);
}

FailureOr<Value> KernelLowering::lowerReduce(ReduceOp op, Value destination) {
  auto type = op.getX().getType();
  Type element = type.getElementType();
  bool isUnsigned = element.isUnsignedInteger() || element.isInteger(1);
  Type accumulator = accumulatorType(op);

  MLIRContext *context = rewriter.getContext();
  AffineMap identity = identityMap(type.getRank());
  SmallVector<utils::IteratorType> iterators;
  SmallVector<AffineExpr> kept;
  for (int64_t axis : llvm::seq(type.getRank())) {
    bool isReduced = llvm::is_contained(op.getAxes(), axis);
    iterators.push_back(isReduced ? utils::IteratorType::reduction
                                  : utils::IteratorType::parallel);
    if (!isReduced)
      kept.push_back(getAffineDimExpr(axis, context));
  }
  SmallVector<Leaf> leaves;
  if (failed(collectLeaves(op.getX(), identity, leaves)))
    return failure();
  Operands operands =
      operandsOf(leaves, makeMap(type.getRank(), kept), allSizesOf(op.getX()));
  Value init = filled(
      op, neutralElement(op.getKind(), accumulator, isUnsigned, rewriter),
      destination);
  if (llvm::any_of(op.getAxes(),
                   [&](int64_t axis) { return type.getDimSize(axis) == 0; }))
    return reduceNothing(init);
  auto generic = linalg::GenericOp::create(
      rewriter, function.getLoc(), init.getType(), operands.values, init,
      operands.maps, iterators,
      [&](OpBuilder &b, Location loc, ValueRange arguments) {
        Emitted x =
            emitTree(b, loc, op.getX(), identity, operands.leaves, arguments);
        x.value = toStorage(x, element, accumulator);
        Emitted sum = x.with(arguments.back());
        linalg::YieldOp::create(b, loc, combine(op.getKind(), sum, x).value);
      });
  return generic.getResult(0);
}
