//===- Indexing.cpp - Ops that make and follow indices --------------------===//
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

Emitted KernelLowering::emitIota(IotaOp op, AffineMap map) {
  OpBuilder &b = *body->builder;
  Location loc = function.getLoc();
  Value index = emitIndices(b, map.getSubMap(op.getAxis())).front();
  Value integer = arith::IndexCastOp::create(b, loc, b.getI64Type(), index);
  return emitCast({&b, loc, integer}, op.getTo());
}

/// Clamps are only needed along axes that operands index: the others have the
/// bounds of the result's.
Emitted KernelLowering::emitGather(GatherOp op, AffineMap map) {
  OpBuilder &b = *body->builder;
  Location loc = function.getLoc();
  if (auto constant = op.getX().getDefiningOp<ConstantOp>())
    return emitSplat(constant);
  Value tensor = storageOf(op.getX());
  auto indices = op.getIndices();
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  SmallVector<Value> position;
  for (auto [axis, from] : llvm::enumerate(op.getAxes())) {
    if (!ShapedType::isDynamic(from)) {
      position.push_back(emitIndices(b, map.getSubMap(from)).front());
      continue;
    }
    Value index = arith::IndexCastOp::create(b, loc, b.getIndexType(),
                                             emit(indices.front(), map).value);
    indices = indices.drop_front();
    Value size =
        getValueOrCreateConstantIndexOp(b, loc, sizeOf(op.getX(), axis));
    Value one = arith::ConstantIndexOp::create(b, loc, 1);
    Value last = b.createOrFold<arith::SubIOp>(loc, size, one);
    index = arith::MinSIOp::create(b, loc, index, last);
    position.push_back(arith::MaxSIOp::create(b, loc, index, zero));
  }
  return fromStorage(tensor::ExtractOp::create(b, loc, tensor, position),
                     elementTypeOf(op.getX()));
}
