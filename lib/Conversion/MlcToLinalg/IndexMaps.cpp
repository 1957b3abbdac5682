//===- IndexMaps.cpp - Where the elements of a tree are read --------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelLowering.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace mlc;

OpFoldResult KernelLowering::sizeOf(Value value, int64_t axis) {
  auto type = cast<RankedTensorType>(value.getType());
  if (!type.isDynamicDim(axis))
    return rewriter.getIndexAttr(type.getDimSize(axis));
  if (Value tensor = storageOf(value); isa_and_present<BlockArgument>(tensor))
    return sizesOf(tensor)[axis];
  Operation *op = value.getDefiningOp();
  if (auto broadcast = dyn_cast<BroadcastOp>(op))
    return getMixedValues(broadcast.getStaticSizes(), broadcast.getSizes(),
                          rewriter)[axis];
  if (auto slice = dyn_cast<SliceOp>(op))
    return getMixedValues(slice.getStaticSizes(), slice.getSizes(),
                          rewriter)[axis];
  if (auto iota = dyn_cast<IotaOp>(op))
    return getMixedValues(iota.getStaticSizes(), iota.getSizes(),
                          rewriter)[axis];
  if (auto gather = dyn_cast<GatherOp>(op))
    return sizeOf(gather.getIndices().front(), axis);
  if (auto transpose = dyn_cast<TransposeOp>(op))
    return sizeOf(transpose.getX(), transpose.getPermutation()[axis]);
  if (auto window = dyn_cast<WindowOp>(op))
    return sizeOf(window, axis);
  if (auto pad = dyn_cast<PadOp>(op)) {
    auto low = getMixedValues(pad.getStaticLow(), pad.getLow(), rewriter);
    auto high = getMixedValues(pad.getStaticHigh(), pad.getHigh(), rewriter);
    MLIRContext *context = rewriter.getContext();
    AffineExpr sum = getAffineDimExpr(0, context) +
                     getAffineDimExpr(1, context) +
                     getAffineDimExpr(2, context);
    return apply(sum, {low[axis], sizeOf(pad.getX(), axis), high[axis]});
  }
  if (isElementwise(op))
    return sizeOf(op->getOperand(0), axis);
  return anchorSizes[axis];
}

OpFoldResult KernelLowering::sizeOf(WindowOp window, int64_t axis) {
  ArrayRef<int64_t> axes = window.getAxes();
  int64_t count = axes.size(), firstNew = count ? axes.back() + 1 : 0;
  // The axes inside of windows have literal sizes.
  if (axis >= firstNew)
    return sizeOf(window.getX(), axis - count);
  auto slid = llvm::find(axes, axis);
  if (slid == axes.end())
    return sizeOf(window.getX(), axis);
  unsigned i = slid - axes.begin();
  int64_t span = (window.getSizes()[i] - 1) * window.getDilations()[i] + 1;
  AffineExpr x = getAffineDimExpr(0, rewriter.getContext());
  return apply((x - span).floorDiv(window.getStrides()[i]) + 1,
               sizeOf(window.getX(), axis));
}

SmallVector<OpFoldResult> KernelLowering::allSizesOf(Value value) {
  SmallVector<OpFoldResult> sizes;
  for (int64_t axis :
       llvm::seq(cast<RankedTensorType>(value.getType()).getRank()))
    sizes.push_back(sizeOf(value, axis));
  return sizes;
}

OpFoldResult KernelLowering::apply(AffineExpr expr,
                                   ArrayRef<OpFoldResult> operands) {
  auto map = AffineMap::get(operands.size(), 0, expr);
  return affine::makeComposedFoldedAffineApply(rewriter, function.getLoc(), map,
                                               operands);
}

AffineExpr KernelLowering::addSymbol(Value value) {
  symbols.push_back(value);
  return getAffineSymbolExpr(symbols.size() - 1, rewriter.getContext());
}

void KernelLowering::collectSymbols(SliceOp slice) {
  auto mixed =
      getMixedValues(slice.getStaticOffsets(), slice.getOffsets(), rewriter);
  if (slice.getOffsets().empty())
    return;
  // Whole rows are a view of memory and are read as vectors.
  Value tensor = storageOf(slice.getX());
  bool isView = llvm::all_of(slice.getStrides(),
                             [](int64_t stride) { return stride == 1; });
  if (tensor && isView) {
    SmallVector<OpFoldResult> ones(mixed.size(), rewriter.getIndexAttr(1));
    lowered[slice.getResult()] = tensor::ExtractSliceOp::create(
        rewriter, function.getLoc(), tensor, mixed,
        getMixedValues(slice.getStaticSizes(), slice.getSizes(), rewriter),
        ones);
    return;
  }
  for (auto [axis, offset] : llvm::enumerate(mixed))
    if (!getConstantIntValue(offset))
      offsets[{slice, axis}] = addSymbol(cast<Value>(offset));
}

void KernelLowering::collectSymbols(BroadcastOp broadcast) {
  Location loc = function.getLoc();
  auto sizes = getMixedValues(broadcast.getStaticSizes(), broadcast.getSizes(),
                              rewriter);
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(rewriter, loc, value);
  };
  for (auto [axis, target] : llvm::enumerate(broadcast.getAxes())) {
    OpFoldResult size = sizeOf(broadcast.getX(), axis);
    if (getConstantIntValue(size) || size == sizes[target])
      continue;
    Value isOne = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::eq,
                                        cast<Value>(size), constant(1));
    strides[{broadcast, axis}] = addSymbol(arith::SelectOp::create(
        rewriter, loc, isOne, constant(0), constant(1)));
  }
}

void KernelLowering::collectSymbols(PadOp pad) {
  // The root is written part by part.
  bool isRoot =
      llvm::all_of(pad->getUsers(),
                   llvm::IsaPred<func::ReturnOp, UnrealizedConversionCastOp>);
  if (isRoot)
    return;
  Location loc = function.getLoc();
  auto low = getMixedValues(pad.getStaticLow(), pad.getLow(), rewriter);
  auto high = getMixedValues(pad.getStaticHigh(), pad.getHigh(), rewriter);
  for (auto [axis, before] : llvm::enumerate(low)) {
    if (isZeroInteger(before) && isZeroInteger(high[axis]))
      continue;
    auto toValue = [&](OpFoldResult size) {
      return getValueOrCreateConstantIndexOp(rewriter, loc, size);
    };
    padded[{pad, axis}] = {addSymbol(Value()), toValue(before),
                           toValue(sizeOf(pad.getX(), axis))};
  }
}

void KernelLowering::collectSymbols() {
  rewriter.setInsertionPoint(function.getBody().front().getTerminator());
  for (Operation &op : function.getBody().front()) {
    if (auto slice = dyn_cast<SliceOp>(op))
      collectSymbols(slice);
    else if (auto broadcast = dyn_cast<BroadcastOp>(op))
      collectSymbols(broadcast);
    else if (auto pad = dyn_cast<PadOp>(op))
      collectSymbols(pad);
  }
}

AffineMap KernelLowering::makeMap(unsigned numLoops,
                                  ArrayRef<AffineExpr> results) {
  return AffineMap::get(numLoops, symbols.size(), results,
                        rewriter.getContext());
}

AffineMap KernelLowering::operandMap(Operation *op, unsigned operand,
                                     AffineMap map) {
  MLIRContext *context = op->getContext();
  SmallVector<AffineExpr> results;
  if (auto broadcast = dyn_cast<BroadcastOp>(op)) {
    auto x = broadcast.getX().getType();
    for (auto [axis, target] : llvm::enumerate(broadcast.getAxes())) {
      AffineExpr expr = map.getResult(target);
      if (x.getDimSize(axis) == 1)
        expr = getAffineConstantExpr(0, context);
      else if (AffineExpr stride = strides.lookup({op, axis}))
        expr = expr * stride;
      results.push_back(expr);
    }
  } else if (auto transpose = dyn_cast<TransposeOp>(op)) {
    results.resize(map.getNumResults());
    for (auto [axis, source] : llvm::enumerate(transpose.getPermutation()))
      results[source] = map.getResult(axis);
  } else if (auto slice = dyn_cast<SliceOp>(op)) {
    for (auto [axis, expr] : llvm::enumerate(map.getResults())) {
      AffineExpr offset = offsets.lookup({op, axis});
      if (!offset)
        offset = getAffineConstantExpr(slice.getStaticOffsets()[axis], context);
      results.push_back(offset + expr * slice.getStrides()[axis]);
    }
  } else if (auto window = dyn_cast<WindowOp>(op)) {
    ArrayRef<int64_t> axes = window.getAxes();
    int64_t firstNew = axes.empty() ? 0 : axes.back() + 1;
    llvm::append_range(results, map.getResults().take_front(firstNew));
    for (auto [i, axis] : llvm::enumerate(axes))
      results[axis] = results[axis] * window.getStrides()[i] +
                      map.getResult(firstNew + i) * window.getDilations()[i];
    llvm::append_range(results,
                       map.getResults().drop_front(firstNew + axes.size()));
  } else if (auto pad = dyn_cast<PadOp>(op)) {
    // The value is a scalar.
    if (operand == 1)
      return makeMap(map.getNumDims(), {});
    for (auto [axis, expr] : llvm::enumerate(map.getResults())) {
      AffineExpr clamped = padded.lookup({op, axis}).clamped;
      results.push_back(clamped ? clamped : expr);
    }
  } else {
    return map;
  }
  return makeMap(map.getNumDims(), results);
}

/// Whether a linalg op can read through `map`: tiling takes the part of the
/// operand between the first and the last element that a tile reads, which
/// must depend on the size of the tile only. Panels are cut where tiles are,
/// and so are the columns of a group when there are enough of them.
static bool isOperandMap(AffineMap map) {
  constexpr int64_t tileColumns = 32;
  bool isPlain = true;
  SmallVector<int64_t> divisors, moduli;
  for (AffineExpr result : map.getResults())
    result.walk([&](AffineExpr expr) {
      auto constant = dyn_cast<AffineConstantExpr>(expr);
      isPlain &= !isa<AffineSymbolExpr>(expr);
      isPlain &= !constant || constant.getValue() >= 0;
      bool isDivision = expr.getKind() == AffineExprKind::FloorDiv;
      if (!isDivision && expr.getKind() != AffineExprKind::Mod)
        return;
      auto by =
          dyn_cast<AffineConstantExpr>(cast<AffineBinaryOpExpr>(expr).getRHS());
      isPlain &= by != nullptr;
      if (by)
        (isDivision ? divisors : moduli).push_back(by.getValue());
    });
  bool areWide = llvm::all_of(divisors, [&](int64_t divisor) {
    return divisor % tileColumns == 0 || llvm::is_contained(moduli, divisor);
  });
  return isPlain && areWide && llvm::all_of(moduli, [&](int64_t modulus) {
           return llvm::is_contained(divisors, modulus);
         });
}

SmallVector<Value> KernelLowering::emitIndices(OpBuilder &builder,
                                               AffineMap map) {
  Location loc = function.getLoc();
  SmallVector<Value> loops, indices;
  for (unsigned loop = 0; loop < map.getNumDims(); ++loop)
    loops.push_back(linalg::IndexOp::create(builder, loc, loop));
  for (AffineExpr expr : map.getResults())
    indices.push_back(
        affine::expandAffineExpr(builder, loc, expr, loops, symbols));
  return indices;
}

Value KernelLowering::extractElement(OpBuilder &builder, const Leaf &leaf) {
  return tensor::ExtractOp::create(builder, function.getLoc(), leaf.tensor,
                                   emitIndices(builder, leaf.map));
}

/// The part of an operand that the loops reach. A linalg op takes the size of a
/// loop from any operand that it indexes with the loop alone.
///
///   x : 4x8, (d0, d1) -> (d0, d1), loops 4 and 3
///   -> extract_slice x [0, 0] [4, 3] [1, 1]
Value KernelLowering::reachedPart(const Leaf &leaf,
                                  ArrayRef<OpFoldResult> loopSizes) {
  // What was lowered here has the sizes of what reads it.
  if (!isa<BlockArgument>(leaf.tensor) &&
      !leaf.tensor.getDefiningOp<tensor::ExtractSliceOp>())
    return leaf.tensor;
  SmallVector<OpFoldResult> sizes = storedSizesOf(leaf.tensor);
  bool isWhole = true;
  for (auto [size, expr] : llvm::zip_equal(sizes, leaf.map.getResults())) {
    auto loop = dyn_cast<AffineDimExpr>(expr);
    if (!loop || isEqualConstantIntOrValue(size, loopSizes[loop.getPosition()]))
      continue;
    size = loopSizes[loop.getPosition()];
    isWhole = false;
  }
  if (isWhole)
    return leaf.tensor;
  SmallVector<OpFoldResult> zeros(sizes.size(), rewriter.getIndexAttr(0)),
      ones(sizes.size(), rewriter.getIndexAttr(1));
  return tensor::ExtractSliceOp::create(rewriter, function.getLoc(),
                                        leaf.tensor, zeros, sizes, ones);
}

SmallVector<OpFoldResult> KernelLowering::storedSizesOf(Value tensor) {
  if (isa<BlockArgument>(tensor))
    return sizesOf(tensor);
  if (auto slice = tensor.getDefiningOp<tensor::ExtractSliceOp>())
    return slice.getMixedSizes();
  return tensor::getMixedSizes(rewriter, function.getLoc(), tensor);
}

KernelLowering::Operands
KernelLowering::operandsOf(ArrayRef<Leaf> leaves, AffineMap result,
                           ArrayRef<OpFoldResult> loopSizes) {
  Operands operands;
  auto withoutSymbols = [](AffineMap map) {
    return AffineMap::get(map.getNumDims(), 0, map.getResults(),
                          map.getContext());
  };
  for (const Leaf &leaf : leaves) {
    if (!isOperandMap(leaf.map))
      continue;
    operands.leaves.push_back(leaf);
    operands.values.push_back(reachedPart(leaf, loopSizes));
    operands.maps.push_back(withoutSymbols(leaf.map));
  }
  SmallVector<AffineMap> all = operands.maps;
  all.push_back(withoutSymbols(result));
  MLIRContext *context = rewriter.getContext();
  if (!inversePermutation(concatAffineMaps(all, context))) {
    // Nothing reads this operand: it has the sizes of the loops.
    operands.values.push_back(tensor::EmptyOp::create(
        rewriter, function.getLoc(), loopSizes, rewriter.getI8Type()));
    operands.maps.push_back(
        AffineMap::getMultiDimIdentityMap(result.getNumDims(), context));
  }
  operands.maps.push_back(withoutSymbols(result));
  return operands;
}
