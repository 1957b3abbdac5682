//===- TileAndFuse.cpp - Tile a kernel as its schedule says ---------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlc/Transforms/Lanes.h"
#include "mlc/Transforms/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
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
/// rest: one tile of its size when E is static; else tiles of one, or, along
/// the lanes, tiles of at most `lanes`.
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
      Value rest = arith::RemUIOp::create(rewriter, loc, size, index(tile));
      Value whole = arith::SubIOp::create(rewriter, loc, size, rest);
      destination = loopOver(axis, index(0), whole, tile, destination);
      if (axis + 1 == order.size() && lanesRunAlongResult)
        return loopOverTail(axis, whole, size, destination);
      return loopOver(axis, whole, size, 1, destination);
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
    fuseProducers(tiled->generatedSlices);
    rewriter.eraseOp(clone);
    SmallVector<OpFoldResult> strides(resultSizes.size(),
                                      rewriter.getIndexAttr(1));
    return tensor::InsertSliceOp::create(
        rewriter, loc, tiled->tiledValues.front(), destination, resultOffsets,
        resultSizes, strides);
  }

  /// slice(producer(x)) -> producer(slice(x)), for all producers of the block.
  void fuseProducers(ArrayRef<Operation *> candidates) {
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
      if (failed(producer)) {
        isBroken = true;
        return;
      }
      slices.append(producer->generatedSlices);
      rewriter.replaceOp(slice, producer->tiledValues.front());
    }
  }

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
    SmallVector<LinalgOp> roots = findRoots(function);
    for (LinalgOp root : roots)
      if (failed(checkSchedule(root, schedule, roots.size())) ||
          failed(tile(rewriter, root, schedule)))
        return signalPassFailure();
    SmallVector<LinalgOp> ops;
    function.walk([&](LinalgOp op) { ops.push_back(op); });
    for (LinalgOp op : llvm::reverse(ops))
      if (op->use_empty())
        rewriter.eraseOp(op);
    if (failed(applyPatternsGreedily(function, cleanup)))
      signalPassFailure();
  }

  /// The ops that write to the destination: the last one, or those that each
  /// write a part of it.
  static SmallVector<LinalgOp> findRoots(func::FuncOp function) {
    SmallVector<LinalgOp> roots;
    LinalgOp last;
    function.walk([&](LinalgOp op) {
      last = op;
      if (writesPart(op))
        roots.push_back(op);
    });
    if (roots.empty() && last)
      roots.push_back(last);
    return roots;
  }

  static LogicalResult tile(IRRewriter &rewriter, LinalgOp root,
                            ScheduleAttr schedule) {
    Value init = root.getDpsInits().front();
    if (llvm::is_contained(cast<RankedTensorType>(init.getType()).getShape(),
                           0)) {
      rewriter.replaceOp(root, init);
      return success();
    }
    if (hasGrid(schedule)) {
      FailureOr<LinalgOp> inner = distribute(rewriter, root, schedule);
      if (failed(inner))
        return root.emitOpError("cannot be distributed as ") << schedule;
      root = *inner;
    }
    rewriter.setInsertionPoint(root);
    RegisterTiling tiling(rewriter, root, schedule);
    Value result = tiling.run();
    if (tiling.isBroken)
      return root.emitOpError("cannot be tiled as ") << schedule;
    rewriter.replaceOp(root, result);
    return success();
  }

  static bool hasGrid(ScheduleAttr schedule) {
    return llvm::any_of(schedule.getGrid(),
                        [](int64_t part) { return part != 0; });
  }

  static LogicalResult checkSchedule(LinalgOp root, ScheduleAttr schedule,
                                     size_t numRoots) {
    size_t rank =
        root.getMatchingIndexingMap(root.getDpsInitOperand(0)).getNumResults();
    if (schedule.getGrid().size() != rank || schedule.getTile().size() != rank)
      return root.emitOpError("has a result of rank ")
             << rank << ", but its schedule is " << schedule;
    if (numRoots > 1 && hasGrid(schedule))
      return root.emitOpError("writes a part of the result and has no grid, "
                              "but its schedule is ")
             << schedule;
    return success();
  }

  /// The grid: an scf.forall over parts of the result, all producers fused into
  /// it.
  static FailureOr<LinalgOp> distribute(RewriterBase &rewriter, LinalgOp root,
                                        ScheduleAttr schedule) {
    AffineMap results = root.getMatchingIndexingMap(root.getDpsInitOperand(0));
    SmallVector<OpFoldResult> parts(root.getNumLoops(),
                                    rewriter.getIndexAttr(0));
    for (auto [axis, part] : llvm::enumerate(schedule.getGrid()))
      parts[results.getDimPosition(axis)] = rewriter.getIndexAttr(part);
    scf::SCFTileAndFuseOptions options;
    options.tilingOptions.setTileSizes(parts).setLoopType(
        scf::SCFTilingOptions::LoopType::ForallOp);
    auto tiling = cast<TilingInterface>(root.getOperation());
    FailureOr<scf::SCFTileAndFuseResult> fused =
        scf::tileConsumerAndFuseProducersUsingSCF(rewriter, tiling, options);
    if (failed(fused))
      return failure();
    LinalgOp inner;
    fused->loops.front().walk([&](LinalgOp op) { inner = op; });
    rewriter.replaceOp(root, fused->replacements.lookup(root->getResult(0)));
    return inner;
  }

  FrozenRewritePatternSet cleanup;
};

} // namespace
