//===- Parts.cpp - Results that are written part by part ------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelLowering.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlc;

FailureOr<Value>
KernelLowering::writePart(const Region &region, Value destination,
                          function_ref<FailureOr<Value>(Value)> compute) {
  Location loc = function.getLoc();
  auto [offsets, sizes] = region;
  if (llvm::any_of(sizes, isZeroInteger))
    return destination;
  SmallVector<OpFoldResult> ones(sizes.size(), rewriter.getIndexAttr(1));
  Value part = tensor::ExtractSliceOp::create(rewriter, loc, destination,
                                              offsets, sizes, ones);
  FailureOr<Value> computed = compute(part);
  if (failed(computed))
    return failure();
  return tensor::InsertSliceOp::create(rewriter, loc, *computed, destination,
                                       offsets, sizes, ones)
      .getResult();
}

FailureOr<Value> KernelLowering::lowerConcat(ConcatOp op, Value destination) {
  int64_t rank = op.getType().getRank(), axis = op.getAxis();
  SmallVector<OpFoldResult> offsets(rank, rewriter.getIndexAttr(0));
  AffineExpr sum = rewriter.getAffineDimExpr(0) + rewriter.getAffineDimExpr(1);
  for (Value x : op.getXs()) {
    SmallVector<OpFoldResult> sizes = allSizesOf(x);
    FailureOr<Value> written =
        writePart({offsets, sizes}, destination, [&](Value part) {
          return lowerPointwise(x, identityMap(rank), part);
        });
    if (failed(written))
      return failure();
    destination = *written;
    offsets[axis] = apply(sum, {offsets[axis], sizes[axis]});
  }
  return destination;
}

/// The borders of an axis run over all of the axes after it, and over what is
/// inside of those before it:
///
///   aaaaa
///   b   c
///   ddddd
FailureOr<Value> KernelLowering::lowerPad(PadOp op, Value destination) {
  unsigned rank = op.getType().getRank();
  auto low = getMixedValues(op.getStaticLow(), op.getLow(), rewriter);
  auto high = getMixedValues(op.getStaticHigh(), op.getHigh(), rewriter);
  AffineExpr d0 = rewriter.getAffineDimExpr(0),
             d1 = rewriter.getAffineDimExpr(1),
             d2 = rewriter.getAffineDimExpr(2);
  Region inside = {SmallVector<OpFoldResult>(rank, rewriter.getIndexAttr(0)),
                   sizesOf(this->destination(0))};
  auto fill = [&](Value part) {
    return lowerPointwise(op.getValue(), makeMap(rank, {}), part);
  };
  auto fillBorder = [&](unsigned axis, OpFoldResult offset, OpFoldResult size) {
    if (isZeroInteger(size))
      return success();
    Region border = inside;
    border.first[axis] = offset;
    border.second[axis] = size;
    FailureOr<Value> written = writePart(border, destination, fill);
    if (succeeded(written))
      destination = *written;
    return LogicalResult(written);
  };
  for (unsigned axis = 0; axis < rank; ++axis) {
    if (isZeroInteger(low[axis]) && isZeroInteger(high[axis]))
      continue;
    int64_t known = op.getX().getType().getDimSize(axis);
    OpFoldResult size =
        ShapedType::isStatic(known)
            ? rewriter.getIndexAttr(known)
            : apply(d0 - d1 - d2, {inside.second[axis], low[axis], high[axis]});
    OpFoldResult end = apply(d0 + d1, {low[axis], size});
    if (failed(fillBorder(axis, rewriter.getIndexAttr(0), low[axis])) ||
        failed(fillBorder(axis, end, high[axis])))
      return failure();
    inside.first[axis] = low[axis];
    inside.second[axis] = size;
  }
  anchorSizes = inside.second;
  return writePart(inside, destination,
                   [&](Value part) { return lowerInto(op.getX(), part); });
}
