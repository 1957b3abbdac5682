//===- TileAccess.cpp - Reading and writing the tensors of a tile ---------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileVectorizer.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlc;

/// `map` with every loop that is unrolled at `point` replaced by its position,
/// and the lane loop moved on by `lane`.
static AffineMap specialize(AffineMap map, ArrayRef<int64_t> position,
                            ArrayRef<Value> ivs,
                            std::optional<unsigned> laneLoop, int64_t lane) {
  MLIRContext *context = map.getContext();
  SmallVector<AffineExpr> dims;
  for (unsigned loop = 0; loop < map.getNumDims(); ++loop) {
    AffineExpr expr = ivs[loop]
                          ? getAffineDimExpr(loop, context)
                          : getAffineConstantExpr(position[loop], context);
    dims.push_back(loop == laneLoop ? expr + lane : expr);
  }
  AffineMap result = map.replaceDimsAndSymbols(dims, {}, map.getNumDims(), 0);
  return simplifyAffineMap(result);
}

SmallVector<Value> TileVectorizer::indices(const Point &point, AffineMap map) {
  // Loops that the map does not use have no value.
  SmallVector<OpFoldResult> operands;
  for (Value iv : point.ivs)
    operands.push_back(iv ? OpFoldResult(iv)
                          : OpFoldResult(rewriter.getIndexAttr(0)));
  SmallVector<Value> result;
  Location loc = rewriter.getUnknownLoc();
  for (unsigned axis = 0; axis < map.getNumResults(); ++axis)
    result.push_back(getValueOrCreateConstantIndexOp(
        rewriter, loc,
        affine::makeComposedFoldedAffineApply(
            rewriter, loc, map.getSubMap({axis}), operands)));
  return result;
}

Value TileVectorizer::loadFromRegisters(const Loops &loops, const Point &point,
                                        const Registers &source,
                                        AffineMap map) {
  int64_t offset = 0;
  for (auto [expr, extent] :
       llvm::zip_equal(map.getResults(), source.extents)) {
    auto dim = dyn_cast<AffineDimExpr>(expr);
    if (!dim || point.ivs[dim.getPosition()])
      return Value();
    int64_t position = point.position[dim.getPosition()];
    bool isLane = dim.getPosition() == loops.lane;
    offset = offset * extent + (isLane ? position / loops.lanes : position);
  }
  bool isAlongLanes = loops.lane && map.getNumResults() &&
                      map.getResults().back() ==
                          getAffineDimExpr(*loops.lane, map.getContext());
  if (isAlongLanes != (source.lanes > 1) ||
      (isAlongLanes && source.lanes != loops.lanes))
    return Value();
  return source.values[offset];
}

Value TileVectorizer::contiguous(const Loops &loops, const Point &point,
                                 Value tensor, ValueRange position) {
  Location loc = loops.op.getLoc();
  Type element = getElementTypeOrSelf(tensor);
  Value padding = ub::PoisonOp::create(rewriter, loc, element);
  AffineMap minor =
      AffineMap::getMinorIdentityMap(position.size(), 1, rewriter.getContext());
  return vector::TransferReadOp::create(
      rewriter, loc, VectorType::get(loops.lanes, element), tensor, position,
      AffineMapAttr::get(minor), padding, point.mask,
      rewriter.getBoolArrayAttr({true}));
}

/// One vector, element by element: the tensor is read across its rows. Lanes
/// past the end read the last element.
Value TileVectorizer::strided(const Loops &loops, const Point &point,
                              Value tensor, AffineMap map) {
  Location loc = loops.op.getLoc();
  SmallVector<Value> elements;
  Value last;
  if (loops.laneSize) {
    Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
    last = arith::SubIOp::create(rewriter, loc, loops.laneSize, one);
  }
  for (int64_t lane = 0; lane < loops.lanes; ++lane) {
    Point at = point;
    unsigned loop = *loops.lane;
    if (last) {
      // The lane loop is one vector or, reduced, runs from `ivs`.
      Value index = arith::ConstantIndexOp::create(rewriter, loc, lane);
      if (Value iv = point.ivs[loop])
        index = arith::AddIOp::create(rewriter, loc, iv, index);
      at.ivs[loop] = arith::MinSIOp::create(rewriter, loc, index, last);
    } else if (Value iv = point.ivs[loop]) {
      int64_t end = *getConstantIntValue(loops.sizes[loop]) - 1;
      AffineExpr d0 = rewriter.getAffineDimExpr(0);
      auto clamp =
          AffineMap::get(1, 0, {d0 + lane, rewriter.getAffineConstantExpr(end)},
                         rewriter.getContext());
      at.ivs[loop] = affine::AffineMinOp::create(rewriter, loc, clamp, iv);
    } else {
      int64_t end = *getConstantIntValue(loops.sizes[loop]) - 1;
      at.position[loop] = std::min(point.position[loop] + lane, end);
    }
    AffineMap element = specialize(map, at.position, at.ivs, std::nullopt, 0);
    elements.push_back(
        tensor::ExtractOp::create(rewriter, loc, tensor, indices(at, element)));
  }
  auto type = VectorType::get(loops.lanes, getElementTypeOrSelf(tensor));
  return vector::FromElementsOp::create(rewriter, loc, type, elements);
}

Value TileVectorizer::load(const Loops &loops, const Point &point,
                           OpOperand &operand) {
  Value tensor = operand.get();
  if (!isa<RankedTensorType>(tensor.getType()))
    return tensor;
  Location loc = loops.op.getLoc();
  linalg::LinalgOp &op = loops.op;
  AffineMap map = op.getMatchingIndexingMap(&operand);
  if (Value filled = fills.lookup(tensor); filled && op.isDpsInit(&operand))
    return filled;
  if (auto it = registers.find(tensor); it != registers.end())
    if (Value value = loadFromRegisters(loops, point, it->second, map))
      return value;

  AffineMap first = specialize(map, point.position, point.ivs, loops.lane, 0);
  auto [it, isNew] = loaded.try_emplace({tensor, first, point.mask});
  if (!isNew)
    return it->second;
  AffineMap last = specialize(map, point.position, point.ivs, loops.lane,
                              loops.lane ? loops.lanes - 1 : 0);
  bool isUniform = first == last, isContiguous = !isUniform;
  for (unsigned axis = 0; axis < map.getNumResults(); ++axis) {
    AffineExpr step = simplifyAffineExpr(
        last.getResult(axis) - first.getResult(axis), map.getNumDims(), 0);
    bool isLast = axis + 1 == map.getNumResults();
    isContiguous &=
        step == rewriter.getAffineConstantExpr(isLast ? loops.lanes - 1 : 0);
  }
  Value value;
  if (isUniform) {
    value =
        tensor::ExtractOp::create(rewriter, loc, tensor, indices(point, first));
  } else if (isContiguous) {
    value = contiguous(loops, point, tensor, indices(point, first));
  } else {
    value = strided(loops, point, tensor, map);
  }
  loaded[{tensor, first, point.mask}] = value;
  return value;
}

/// The one element that `mask` lets through of `value`, else `value`. LLVM 22
/// makes a store through a constant mask of one lane scalar, and forgets on the
/// way that it was to truncate: it writes past the element.
static Value onlyElement(RewriterBase &rewriter, Value value, Value mask) {
  auto constant = mask ? mask.getDefiningOp<vector::ConstantMaskOp>() : nullptr;
  if (!constant || constant.getMaskDimSizes().front() != 1)
    return value;
  return vector::ExtractOp::create(rewriter, value.getLoc(), value, 0);
}

/// Writes the values of the tile to the tensor that the op was to write to.
Value TileVectorizer::store(const Loops &loops, ArrayRef<Point> points,
                            ArrayRef<Value> values) {
  linalg::LinalgOp &op = loops.op;
  Location loc = op.getLoc();
  OpOperand *init = op.getDpsInitOperand(0);
  AffineMap map = op.getMatchingIndexingMap(init);
  Value tensor = init->get();
  AffineMap minor = AffineMap::getMinorIdentityMap(
      map.getNumResults(), map.getNumResults() ? 1 : 0, rewriter.getContext());
  for (auto [point, value] : llvm::zip_equal(points, values)) {
    // The lane loop of a reduction along the lanes does not reach the result.
    SmallVector<Value> ivs(point.ivs.size());
    Point at{SmallVector<int64_t>(point.position), ivs, point.mask};
    SmallVector<Value> position =
        indices(at, specialize(map, at.position, ivs, std::nullopt, 0));
    Value stored = onlyElement(rewriter, value, point.mask);
    if (isa<VectorType>(stored.getType()))
      tensor = vector::TransferWriteOp::create(
                   rewriter, loc, tensor.getType(), stored, tensor, position,
                   AffineMapAttr::get(minor), point.mask,
                   rewriter.getBoolArrayAttr({true}))
                   .getResult();
    else
      tensor =
          tensor::InsertOp::create(rewriter, loc, stored, tensor, position);
  }
  return tensor;
}
