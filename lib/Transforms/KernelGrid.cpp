//===- KernelGrid.cpp - The grid of a kernel ------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelGrid.h"
#include "mlc/Transforms/KernelSignature.h"
#include "mlc/Transforms/Lanes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlc;
using linalg::LinalgOp;

LogicalResult mlc::fuseProducers(RewriterBase &rewriter,
                                 ArrayRef<Operation *> candidates) {
  SmallVector<Operation *> slices(candidates);
  while (!slices.empty()) {
    auto slice = dyn_cast<tensor::ExtractSliceOp>(slices.pop_back_val());
    auto source = slice ? dyn_cast<OpResult>(slice.getSource()) : OpResult();
    if (!source || !isa<LinalgOp>(source.getOwner()))
      continue;
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPoint(slice);
    FailureOr<TilingResult> producer =
        cast<TilingInterface>(source.getOwner())
            .generateResultTileValue(rewriter, source.getResultNumber(),
                                     slice.getMixedOffsets(),
                                     slice.getMixedSizes());
    if (failed(producer))
      return rewriter.notifyMatchFailure(source.getOwner(),
                                         "cannot be computed slice by slice");
    slices.append(producer->generatedSlices);
    rewriter.replaceOp(slice, producer->tiledValues.front());
  }
  return success();
}

SmallVector<KernelPart> mlc::findParts(func::FuncOp function) {
  SmallVector<KernelPart> parts;
  LinalgOp last;
  function.walk([&](LinalgOp op) {
    last = op;
    if (!writesPart(op))
      return;
    auto insert = cast<tensor::InsertSliceOp>(*op->user_begin());
    parts.push_back({op, insert.getMixedOffsets(), insert.getMixedSizes()});
  });
  if (!parts.empty() || !last)
    return parts;
  SmallVector<OpFoldResult> sizes =
      sizesOfArgument(function, destinationOf(function, 0));
  Attribute zero = IntegerAttr::get(IndexType::get(function.getContext()), 0);
  parts.push_back({last, SmallVector<OpFoldResult>(sizes.size(), zero), sizes});
  return parts;
}

namespace {

/// Along one axis: where a part and a piece of the grid overlap.
struct Overlap {
  OpFoldResult inPart, inPiece, size;
};

class GridBuilder {
public:
  GridBuilder(RewriterBase &rewriter, func::FuncOp function,
              ScheduleAttr schedule)
      : rewriter(rewriter), loc(function.getLoc()),
        destination(destinationOf(function, 0)),
        extents(sizesOfArgument(function, destination)), sizes(extents),
        offsets(extents.size(), rewriter.getIndexAttr(0)) {
    for (auto [axis, part] : llvm::enumerate(schedule.getGrid())) {
      std::optional<int64_t> extent = getConstantIntValue(extents[axis]);
      if (part != 0 && (!extent || part < *extent))
        cuts.push_back({static_cast<unsigned>(axis), part});
    }
  }

  FailureOr<SmallVector<LinalgOp>> run(ArrayRef<KernelPart> parts) {
    if (cuts.empty() || llvm::any_of(extents, isZeroInteger))
      return emitParts(parts, destination);
    SmallVector<OpFoldResult> from, to, steps;
    for (auto [axis, part] : cuts) {
      from.push_back(rewriter.getIndexAttr(0));
      to.push_back(extents[axis]);
      steps.push_back(rewriter.getIndexAttr(part));
    }
    auto forall = scf::ForallOp::create(rewriter, loc, from, to, steps,
                                        ValueRange(destination),
                                        /*mapping=*/std::nullopt);
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(forall.getBody());
    for (auto [cut, iv] : llvm::zip_equal(cuts, forall.getInductionVars()))
      takePiece(cut.axis, cut.part, iv);
    Value shared = forall.getRegionIterArgs().front();
    SmallVector<OpFoldResult> ones(sizes.size(), rewriter.getIndexAttr(1));
    Value piece = tensor::ExtractSliceOp::create(rewriter, loc, shared, offsets,
                                                 sizes, ones);
    FailureOr<SmallVector<LinalgOp>> roots = emitParts(parts, piece);
    if (failed(roots))
      return failure();
    rewriter.setInsertionPointToStart(forall.getTerminator().getBody());
    tensor::ParallelInsertSliceOp::create(rewriter, loc, written, shared,
                                          offsets, sizes, ones);
    written = forall.getResult(0);
    return roots;
  }

  /// The result of the kernel.
  Value written;

private:
  struct Cut {
    unsigned axis;
    int64_t part;
  };

  Value toValue(OpFoldResult value) {
    return getValueOrCreateConstantIndexOp(rewriter, loc, value);
  }

  /// Of the axis, the piece at `iv` of `part` elements or what is left.
  void takePiece(unsigned axis, int64_t part, Value iv) {
    offsets[axis] = iv;
    std::optional<int64_t> extent = getConstantIntValue(extents[axis]);
    if (part == 1 || (extent && *extent % part == 0)) {
      sizes[axis] = rewriter.getIndexAttr(part);
      return;
    }
    AffineExpr d0 = rewriter.getAffineDimExpr(0),
               s0 = rewriter.getAffineSymbolExpr(0);
    auto map =
        AffineMap::get(1, 1, {rewriter.getAffineConstantExpr(part), s0 - d0},
                       rewriter.getContext());
    sizes[axis] = affine::makeComposedFoldedAffineMin(rewriter, loc, map,
                                                      {iv, extents[axis]});
  }

  Overlap overlap(const KernelPart &part, unsigned axis) {
    OpFoldResult begin = part.offsets[axis], size = part.sizes[axis];
    OpFoldResult zero = rewriter.getIndexAttr(0);
    bool isCut = !isZeroInteger(offsets[axis]);
    if (isZeroInteger(begin) && isEqualConstantIntOrValue(size, extents[axis]))
      return {offsets[axis], zero, sizes[axis]};
    if (!isCut)
      return {zero, begin, size};
    Value from = toValue(begin), piece = toValue(offsets[axis]);
    Value to = arith::AddIOp::create(rewriter, loc, from, toValue(size));
    Value end =
        arith::AddIOp::create(rewriter, loc, piece, toValue(sizes[axis]));
    Value first = arith::MaxSIOp::create(rewriter, loc, from, piece);
    Value last = arith::MinSIOp::create(rewriter, loc, to, end);
    Value count = arith::SubIOp::create(rewriter, loc, last, first);
    count = arith::MaxSIOp::create(rewriter, loc, count, toValue(zero));
    auto sub = [&](Value a, Value b) -> OpFoldResult {
      return rewriter.createOrFold<arith::SubIOp>(loc, a, b);
    };
    return {sub(first, from), sub(first, piece), OpFoldResult(count)};
  }

  FailureOr<SmallVector<LinalgOp>> emitParts(ArrayRef<KernelPart> parts,
                                             Value piece) {
    SmallVector<LinalgOp> roots;
    for (const KernelPart &part : parts) {
      // Nothing is to be written.
      if (llvm::any_of(part.sizes, isZeroInteger))
        continue;
      FailureOr<LinalgOp> root = emitPart(part, piece);
      if (failed(root))
        return failure();
      roots.push_back(*root);
    }
    written = piece;
    return roots;
  }

  /// The root of `part` on its overlap with `piece`, which is replaced by what
  /// it becomes.
  FailureOr<LinalgOp> emitPart(const KernelPart &part, Value &piece) {
    LinalgOp root = part.root;
    SmallVector<OpFoldResult> loopOffsets, loopSizes, inPiece, sizes;
    for (Range range : root.createLoopRanges(rewriter, loc)) {
      loopOffsets.push_back(range.offset);
      loopSizes.push_back(range.size);
    }
    AffineMap results = root.getMatchingIndexingMap(root.getDpsInitOperand(0));
    for (unsigned axis = 0; axis < extents.size(); ++axis) {
      Overlap at = overlap(part, axis);
      unsigned loop = results.getDimPosition(axis);
      loopOffsets[loop] = at.inPart;
      loopSizes[loop] = at.size;
      inPiece.push_back(at.inPiece);
      sizes.push_back(at.size);
    }
    FailureOr<TilingResult> tiled =
        cast<TilingInterface>(root.getOperation())
            .getTiledImplementation(rewriter, loopOffsets, loopSizes);
    if (failed(tiled))
      return rewriter.notifyMatchFailure(root, "cannot be tiled at the grid");
    auto tile = cast<LinalgOp>(tiled->tiledOps.front());
    SmallVector<OpFoldResult> ones(sizes.size(), rewriter.getIndexAttr(1));
    rewriter.setInsertionPoint(tile);
    Value init = tensor::ExtractSliceOp::create(rewriter, loc, piece, inPiece,
                                                sizes, ones);
    // A reduction that is the root starts from a filled tensor.
    if (auto fill = root.getDpsInits().front().getDefiningOp<linalg::FillOp>())
      init = linalg::FillOp::create(rewriter, loc, fill.value(), init)
                 .getResult(0);
    tile.getDpsInitOperand(0)->set(init);
    rewriter.setInsertionPointAfter(tile);
    piece = tensor::InsertSliceOp::create(rewriter, loc, tile->getResult(0),
                                          piece, inPiece, sizes, ones);
    if (failed(fuseProducers(rewriter, tiled->generatedSlices)))
      return failure();
    return tile;
  }

  RewriterBase &rewriter;
  Location loc;
  BlockArgument destination;
  SmallVector<OpFoldResult> extents;
  /// Of the piece of the grid at hand.
  SmallVector<OpFoldResult> sizes, offsets;
  SmallVector<Cut> cuts;
};

} // namespace

FailureOr<SmallVector<LinalgOp>> mlc::distribute(RewriterBase &rewriter,
                                                 func::FuncOp function,
                                                 ArrayRef<KernelPart> parts,
                                                 ScheduleAttr schedule) {
  Operation *terminator = function.getBody().front().getTerminator();
  rewriter.setInsertionPoint(terminator);
  GridBuilder grid(rewriter, function, schedule);
  FailureOr<SmallVector<LinalgOp>> roots = grid.run(parts);
  if (succeeded(roots))
    terminator->setOperand(0, grid.written);
  return roots;
}
