//===- TileAndFuse.cpp - Tile a kernel as its schedule says ---------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelGrid.h"
#include "mlc/Transforms/Lanes.h"
#include "mlc/Transforms/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlc {
#define GEN_PASS_DEF_KERNELTILEANDFUSE
#include "mlc/Transforms/Passes.h.inc"
} // namespace mlc

using namespace mlir;
using namespace mlc;
using linalg::LinalgOp;

namespace {

/// Cuts the block of iterations that `root` computes into tiles.
///
/// Along an axis of size E and tile T, E / T whole tiles are followed by the
/// rest: one tile of its size when E is static; else, along the lanes, tiles of
/// at most `lanes`, and along other axes smaller tiles, the last of which
/// overlaps the one before it: what both compute is the same.
class RegisterTiling {
public:
  RegisterTiling(RewriterBase &rewriter, LinalgOp root, ScheduleAttr schedule)
      : rewriter(rewriter), root(root), loc(root.getLoc()),
        tileSizes(root.getNumLoops(), 0), lanes(schedule.getLanes()) {
    AffineMap results = root.getMatchingIndexingMap(root.getDpsInitOperand(0));
    for (auto [axis, tile] : llvm::enumerate(schedule.getTile())) {
      unsigned loop = results.getDimPosition(axis);
      tileSizes[loop] = tile;
      order.push_back(loop);
    }
    for (Range range : root.createLoopRanges(rewriter, loc)) {
      offsets.push_back(rewriter.getIndexAttr(0));
      sizes.push_back(range.size);
    }
    extents = sizes;
    LinalgOp anchor = root;
    for (Value input : root.getDpsInputs())
      if (auto producer = input.getDefiningOp<LinalgOp>())
        anchor = producer;
    std::optional<unsigned> lane = laneLoop(anchor);
    lanesRunAlongResult = lane && anchor.getIteratorTypesArray()[*lane] ==
                                      utils::IteratorType::parallel;
  }

  Value run() {
    Value init = root.getDpsInits().front();
    // A reduction that is the root starts from a filled tensor: every tile
    // fills its own part.
    if (auto fill = init.getDefiningOp<linalg::FillOp>()) {
      start = fill.value();
      init = fill.output();
    }
    return tileAxis(0, init);
  }

private:
  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(rewriter, loc, value);
  }

  /// The tiles of the axes from `axis` on; yields `destination` with them
  /// inserted.
  Value tileAxis(unsigned axis, Value destination) {
    if (axis == order.size())
      return emitTile(destination);
    unsigned loop = order[axis];
    int64_t tile = tileSizes[loop];
    if (tile == 0)
      return tileAxis(axis + 1, destination);
    std::optional<int64_t> extent = getConstantIntValue(extents[loop]);
    if (extent) {
      int64_t whole = *extent / tile * tile;
      if (whole)
        destination = loopOver(axis, index(0), whole, tile, destination);
      if (whole == *extent)
        return destination;
      offsets[loop] = rewriter.getIndexAttr(whole);
      sizes[loop] = rewriter.getIndexAttr(*extent - whole);
      return tileAxis(axis + 1, destination);
    }
    Value size = getValueOrCreateConstantIndexOp(rewriter, loc, extents[loop]);
    if (tile > 1) {
      bool isLaneAxis = axis + 1 == order.size() && lanesRunAlongResult;
      // Small tiles are their own rest.
      if (tile <= restTile && !isLaneAxis)
        return loopOverRest(axis, index(0), size, tile, destination);
      Value rest = arith::RemUIOp::create(rewriter, loc, size, index(tile));
      Value whole = arith::SubIOp::create(rewriter, loc, size, rest);
      destination = loopOver(axis, index(0), whole, tile, destination);
      if (isLaneAxis)
        return loopOverTail(axis, whole, size, destination);
      return loopOverRest(axis, whole, size, restTile, destination);
    }
    return loopOver(axis, index(0), size, 1, destination);
  }

  Value loopOver(unsigned axis, Value from, OpFoldResult to, int64_t tile,
                 Value destination) {
    if (std::optional<int64_t> end = getConstantIntValue(to);
        end && *end == tile) {
      offsets[order[axis]] = rewriter.getIndexAttr(0);
      sizes[order[axis]] = rewriter.getIndexAttr(tile);
      return tileAxis(axis + 1, destination);
    }
    Value end = getValueOrCreateConstantIndexOp(rewriter, loc, to);
    auto loop =
        scf::ForOp::create(rewriter, loc, from, end, index(tile), destination);
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(loop.getBody());
    offsets[order[axis]] = loop.getInductionVar();
    sizes[order[axis]] = rewriter.getIndexAttr(tile);
    Value result = tileAxis(axis + 1, loop.getRegionIterArg(0));
    scf::YieldOp::create(rewriter, loc, result);
    return loop.getResult(0);
  }
  Value loopOver(unsigned axis, Value from, int64_t to, int64_t tile,
                 Value destination) {
    return loopOver(axis, from, OpFoldResult(rewriter.getIndexAttr(to)), tile,
                    destination);
  }

  /// Tiles of `tile` that end at `to`, or tiles of one where the axis is
  /// shorter than a tile.
  Value loopOverRest(unsigned axis, Value from, Value to, int64_t tile,
                     Value destination) {
    Value isShort = arith::CmpIOp::create(
        rewriter, loc, arith::CmpIPredicate::ult, to, index(tile));
    Value end = arith::SelectOp::create(rewriter, loc, isShort, from, to);
    Value last = arith::SubIOp::create(rewriter, loc, to, index(tile));
    auto loop =
        scf::ForOp::create(rewriter, loc, from, end, index(tile), destination);
    {
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPointToStart(loop.getBody());
      offsets[order[axis]] =
          arith::MinUIOp::create(rewriter, loc, loop.getInductionVar(), last)
              .getResult();
      sizes[order[axis]] = rewriter.getIndexAttr(tile);
      Value result = tileAxis(axis + 1, loop.getRegionIterArg(0));
      scf::YieldOp::create(rewriter, loc, result);
    }
    return loopOver(axis, end, to, 1, loop.getResult(0));
  }

  Value loopOverTail(unsigned axis, Value from, Value to, Value destination) {
    auto loop =
        scf::ForOp::create(rewriter, loc, from, to, index(lanes), destination);
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(loop.getBody());
    Value offset = loop.getInductionVar();
    AffineExpr d0 = rewriter.getAffineDimExpr(0),
               s0 = rewriter.getAffineSymbolExpr(0);
    auto map =
        AffineMap::get(1, 1, {rewriter.getAffineConstantExpr(lanes), s0 - d0},
                       rewriter.getContext());
    offsets[order[axis]] = offset;
    sizes[order[axis]] =
        affine::makeComposedFoldedAffineMin(rewriter, loc, map, {offset, to});
    Value result = tileAxis(axis + 1, loop.getRegionIterArg(0));
    scf::YieldOp::create(rewriter, loc, result);
    return loop.getResult(0);
  }

  /// The root on one tile, with a tile of each producer before it.
  Value emitTile(Value destination) {
    auto clone =
        cast<LinalgOp>(mlir::clone(rewriter, root, root->getResultTypes(), [&] {
          SmallVector<Value> operands(root->getOperands());
          operands.back() = destination;
          return operands;
        }()));
    auto tiling = cast<TilingInterface>(clone.getOperation());
    SmallVector<OpFoldResult> resultOffsets, resultSizes;
    FailureOr<TilingResult> tiled =
        tiling.getTiledImplementation(rewriter, offsets, sizes);
    if (failed(tiled) ||
        failed(tiling.getResultTilePosition(rewriter, 0, offsets, sizes,
                                            resultOffsets, resultSizes))) {
      isBroken = true;
      return destination;
    }
    if (start) {
      auto tile = cast<LinalgOp>(tiled->tiledOps.front());
      OpOperand *init = tile.getDpsInitOperand(0);
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPoint(tile);
      init->set(linalg::FillOp::create(rewriter, loc, start, init->get())
                    .getResult(0));
    }
    isBroken |= failed(fuseProducers(rewriter, tiled->generatedSlices));
    rewriter.eraseOp(clone);
    SmallVector<OpFoldResult> strides(resultSizes.size(),
                                      rewriter.getIndexAttr(1));
    return tensor::InsertSliceOp::create(
        rewriter, loc, tiled->tiledValues.front(), destination, resultOffsets,
        resultSizes, strides);
  }

  /// Of what whole tiles leave.
  static constexpr int64_t restTile = 4;

  RewriterBase &rewriter;
  LinalgOp root;
  Value start; // null when the root does not start from a filled tensor
  Location loc;
  SmallVector<int64_t> tileSizes; // per loop of the root, 0: whole
  SmallVector<unsigned> order;    // the loops that run over the result
  int64_t lanes;
  bool lanesRunAlongResult = false;
  SmallVector<OpFoldResult> extents, offsets, sizes;

public:
  bool isBroken = false;
};

struct KernelTileAndFuse : mlc::impl::KernelTileAndFuseBase<KernelTileAndFuse> {
  using Base::Base;

  /// Slices of slices merge, so that a tile is read straight from its operand.
  /// Not linalg's own patterns: they take an op that only copies away, and with
  /// it the write to the destination.
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet patterns(context);
    for (RegisteredOperationName op : context->getRegisteredOperations())
      if (op.getDialectNamespace() != "linalg")
        op.getCanonicalizationPatterns(patterns, context);
    for (Dialect *dialect : context->getLoadedDialects())
      if (dialect->getNamespace() != "linalg")
        dialect->getCanonicalizationPatterns(patterns);
    cleanup = std::move(patterns);
    return success();
  }

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    auto schedule = function->getAttrOfType<ScheduleAttr>(scheduleAttrName);
    if (!schedule)
      return;
    IRRewriter rewriter(&getContext());
    SmallVector<KernelPart> parts = findParts(function);
    if (parts.empty())
      return;
    if (failed(checkSchedule(parts, schedule)))
      return signalPassFailure();
    FailureOr<SmallVector<LinalgOp>> roots =
        distribute(rewriter, function, parts, schedule);
    if (failed(roots)) {
      parts.back().root.emitOpError("cannot be distributed as ") << schedule;
      return signalPassFailure();
    }
    for (LinalgOp root : *roots)
      if (failed(tile(rewriter, root, schedule)))
        return signalPassFailure();
    eraseDead(rewriter, function);
    if (failed(applyPatternsGreedily(function, cleanup)))
      signalPassFailure();
  }

  /// What was cut into pieces, and the slices by which it was put together.
  static void eraseDead(RewriterBase &rewriter, func::FuncOp function) {
    SmallVector<Operation *> ops;
    function.walk([&](Operation *op) {
      if (isa<LinalgOp, tensor::InsertSliceOp, tensor::ExtractSliceOp>(op))
        ops.push_back(op);
    });
    for (Operation *op : llvm::reverse(ops))
      if (op->use_empty())
        rewriter.eraseOp(op);
  }

  static LogicalResult tile(IRRewriter &rewriter, LinalgOp root,
                            ScheduleAttr schedule) {
    rewriter.setInsertionPoint(root);
    RegisterTiling tiling(rewriter, root, schedule);
    Value result = tiling.run();
    if (tiling.isBroken)
      return root.emitOpError("cannot be tiled as ") << schedule;
    rewriter.replaceOp(root, result);
    return success();
  }

  static LogicalResult checkSchedule(ArrayRef<KernelPart> parts,
                                     ScheduleAttr schedule) {
    size_t rank = parts.front().sizes.size();
    if (schedule.getGrid().size() != rank || schedule.getTile().size() != rank)
      return parts.front().root->emitOpError("has a result of rank ")
             << rank << ", but its schedule is " << schedule;
    return success();
  }

  FrozenRewritePatternSet cleanup;
};

} // namespace
