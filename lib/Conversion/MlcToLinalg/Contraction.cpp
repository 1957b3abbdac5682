//===- Contraction.cpp - Matrix products and convolutions -----------------===//
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

SmallVector<OpFoldResult> KernelLowering::loopSizes(Value x, Value y,
                                                    ArrayRef<AffineMap> maps) {
  SmallVector<OpFoldResult> sizes(maps.front().getNumDims());
  auto collect = [&](AffineMap map, auto sizeAt) {
    for (auto [axis, expr] : llvm::enumerate(map.getResults()))
      if (auto dim = dyn_cast<AffineDimExpr>(expr))
        sizes[dim.getPosition()] = sizeAt(axis);
  };
  collect(maps[0], [&](unsigned axis) { return sizeOf(x, axis); });
  collect(maps[1], [&](unsigned axis) { return sizeOf(y, axis); });
  collect(maps[2], [&](unsigned axis) { return anchorSizes[axis]; });
  return sizes;
}

FailureOr<Value> KernelLowering::contraction(Operation *op, Value x, Value y,
                                             ArrayRef<AffineMap> maps,
                                             unsigned numParallel,
                                             Value destination) {
  SmallVector<Leaf> leaves;
  if (failed(collectLeaves(x, maps[0], leaves)) ||
      failed(collectLeaves(y, maps[1], leaves)))
    return failure();
  Type element = elementTypeOf(op->getResult(0));
  Type accumulator = computeType(element);
  Value init = filled(op, cast<TypedAttr>(rewriter.getZeroAttr(accumulator)),
                      destination);
  unsigned numLoops = maps.front().getNumDims();
  SmallVector<utils::IteratorType> iterators(numLoops,
                                             utils::IteratorType::reduction);
  std::fill_n(iterators.begin(), numParallel, utils::IteratorType::parallel);
  SmallVector<OpFoldResult> sizes = loopSizes(x, y, maps);
  if (llvm::any_of(ArrayRef(sizes).drop_front(numParallel),
                   [](OpFoldResult size) { return isZeroInteger(size); }))
    return reduceNothing(init);
  Operands operands = operandsOf(leaves, maps[2], sizes);
  auto generic = linalg::GenericOp::create(
      rewriter, function.getLoc(), init.getType(), operands.values, init,
      operands.maps, iterators,
      [&](OpBuilder &b, Location loc, ValueRange arguments) {
        auto load = [&](Value value, AffineMap map) {
          return emitTree(b, loc, value, map, operands.leaves, arguments);
        };
        Emitted left = load(x, maps[0]), right = load(y, maps[1]);
        Emitted sum = left.with(arguments.back()) + left * right;
        linalg::YieldOp::create(b, loc, sum.value);
      });
  return generic.getResult(0);
}

FailureOr<Value> KernelLowering::lowerMatmul(MatmulOp op, Value destination) {
  unsigned batch = op.getType().getRank() - 2;
  MLIRContext *context = rewriter.getContext();
  unsigned loops = batch + 3;
  SmallVector<AffineExpr> x, y, out;
  for (unsigned axis = 0; axis < batch; ++axis)
    for (auto *map : {&x, &y, &out})
      map->push_back(getAffineDimExpr(axis, context));
  AffineExpr m = getAffineDimExpr(batch, context),
             n = getAffineDimExpr(batch + 1, context),
             k = getAffineDimExpr(batch + 2, context);
  x.append({m, k});
  y.append({k, n});
  out.append({m, n});
  SmallVector<AffineMap> maps;
  for (auto *map : {&x, &y, &out})
    maps.push_back(makeMap(loops, *map));
  return contraction(op, op.getX(), op.getY(), maps, batch + 2, destination);
}

/// Loops: batch, spatial..., out channel, then filter taps..., channel. The
/// filter is [panels, taps..., channels, panel].
FailureOr<Value> KernelLowering::lowerPackedConv(PackedConvOp op,
                                                 Value destination) {
  unsigned spatial = op.getX().getType().getRank() - 2;
  int64_t panel = op.getFilter().getType().getShape().back();
  MLIRContext *context = rewriter.getContext();
  unsigned parallel = spatial + 2, loops = parallel + spatial + 1;
  auto dim = [&](unsigned i) { return getAffineDimExpr(i, context); };
  AffineExpr column = dim(spatial + 1), channel = dim(loops - 1);
  SmallVector<AffineExpr> x = {dim(0)}, filter = {column.floorDiv(panel)},
                          out = {dim(0)};
  for (unsigned i = 0; i < spatial; ++i) {
    x.push_back(dim(1 + i) * op.getStrides()[i] +
                dim(parallel + i) * op.getDilations()[i]);
    filter.push_back(dim(parallel + i));
    out.push_back(dim(1 + i));
  }
  x.push_back(channel);
  filter.append({channel, column % panel});
  out.push_back(column);
  SmallVector<AffineMap> maps;
  for (auto *map : {&x, &filter, &out})
    maps.push_back(makeMap(loops, *map));
  return contraction(op, op.getX(), op.getFilter(), maps, parallel,
                     destination);
}

/// Loops: batch, spatial..., out channel, then taps..., channel of the group.
FailureOr<Value> KernelLowering::lowerConv(ConvOp op, Value destination) {
  if (llvm::any_of(op.getPadding(),
                   [](int64_t padding) { return padding != 0; }))
    return op.emitOpError("must have been padded before it becomes a kernel");
  unsigned spatial = op.getX().getType().getRank() - 2;
  MLIRContext *context = rewriter.getContext();
  unsigned parallel = spatial + 2, loops = parallel + spatial + 1;
  auto dim = [&](unsigned i) { return getAffineDimExpr(i, context); };
  AffineExpr column = dim(spatial + 1), channel = dim(loops - 1);
  auto filterShape = op.getFilter().getType().getShape();
  AffineExpr group = column.floorDiv(filterShape.back() / op.getGroups());
  SmallVector<AffineExpr> x = {dim(0)}, filter, out = {dim(0)};
  for (unsigned i = 0; i < spatial; ++i) {
    x.push_back(dim(1 + i) * op.getStrides()[i] +
                dim(parallel + i) * op.getDilations()[i]);
    filter.push_back(dim(parallel + i));
    out.push_back(dim(1 + i));
  }
  x.push_back(op.getGroups() == 1 ? channel
                                  : group * filterShape[spatial] + channel);
  filter.append({channel, column});
  out.push_back(column);
  SmallVector<AffineMap> maps;
  for (auto *map : {&x, &filter, &out})
    maps.push_back(makeMap(loops, *map));
  return contraction(op, op.getX(), op.getFilter(), maps, parallel,
                     destination);
}
