//===- TileReduction.cpp - Vector code for the reductions of a block ------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileVectorizer.h"
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlc;
using linalg::LinalgOp;

/// Products that are summed before the sum is added to the others. A float
/// rounds with half a unit of what was summed so far: the shorter the sums, the
/// smaller the error, and the blocks cost an addition each.
static constexpr int64_t blockProducts = 128;

/// Cuts the loops of a long sum of f32 where about `blockProducts` steps are
/// inside.
void TileVectorizer::planBlocks(Loops &loops) {
  SmallVector<Operation *> combiners;
  Type element = getElementTypeOrSelf(loops.op.getDpsInits().front());
  if (!element.isF32() ||
      !matchReduction(loops.op.getRegionOutputArgs(), 0, combiners) ||
      combiners.size() != 1 || !isa<arith::AddFOp>(combiners.front()))
    return;
  int64_t inside = 1;
  for (unsigned depth = loops.reduced.size(); depth-- > 0;) {
    std::optional<int64_t> size =
        getConstantIntValue(loops.sizes[loops.reduced[depth]]);
    if (size && inside * *size < blockProducts) {
      inside *= *size;
      continue;
    }
    int64_t block = llvm::divideCeil(blockProducts, inside);
    // A loop of little more than a block is one.
    if (size && *size < 2 * block)
      block = *size;
    bool isWhole = depth == 0 && size == block;
    if (!isWhole) {
      loops.blockDepth = depth;
      loops.blockSize = block;
    }
    return;
  }
}

/// The body at every step of the reduction, one after the other.
SmallVector<Value> TileVectorizer::unroll(const Loops &loops,
                                          MutableArrayRef<Point> points,
                                          ArrayRef<Value> init,
                                          unsigned depth) {
  if (depth == loops.reduced.size())
    return body(loops, points, init);
  SmallVector<Value> values(init);
  unsigned loop = loops.reduced[depth];
  for (int64_t i = 0, e = *getConstantIntValue(loops.sizes[loop]); i < e; ++i) {
    for (Point &point : points)
      point.position[loop] = i;
    values = unroll(loops, points, values, depth + 1);
  }
  return values;
}

/// Loops over `loops.reduced[depth...]` around the body.
SmallVector<Value> TileVectorizer::reduce(const Loops &loops,
                                          MutableArrayRef<Point> points,
                                          ArrayRef<Value> init,
                                          unsigned depth) {
  Location loc = loops.op.getLoc();
  if (depth == loops.reduced.size() || loops.unrollsReduction) {
    loaded.clear();
    SmallVector<Value> result = unroll(loops, points, init, depth);
    loaded.clear();
    return result;
  }
  if (depth == loops.blockDepth)
    return reduceBlocks(loops, points, init);
  Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
  Value size = getValueOrCreateConstantIndexOp(
      rewriter, loc, loops.sizes[loops.reduced[depth]]);
  return reduceLoop(loops, points, init, depth, zero, size);
}

/// Steps [from, to) of one loop around those inside of it.
SmallVector<Value> TileVectorizer::reduceLoop(const Loops &loops,
                                              MutableArrayRef<Point> points,
                                              ArrayRef<Value> init,
                                              unsigned depth, Value from,
                                              Value to) {
  Location loc = loops.op.getLoc();
  Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
  auto loop = scf::ForOp::create(rewriter, loc, from, to, one, init);
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(loop.getBody());
  for (Point &point : points)
    point.ivs[loops.reduced[depth]] = loop.getInductionVar();
  SmallVector<Value> results =
      reduce(loops, points,
             llvm::to_vector(ValueRange(loop.getRegionIterArgs())), depth + 1);
  scf::YieldOp::create(rewriter, loc, results);
  return llvm::to_vector(ValueRange(loop.getResults()));
}

/// The steps of the loop at `blockDepth` in blocks that start from zero:
///
///   for begin in 0 to size step block:
///     sum += (for i in begin to min(begin + block, size): ...)
SmallVector<Value> TileVectorizer::reduceBlocks(const Loops &loops,
                                                MutableArrayRef<Point> points,
                                                ArrayRef<Value> init) {
  Location loc = loops.op.getLoc();
  unsigned depth = *loops.blockDepth;
  OpFoldResult size = loops.sizes[loops.reduced[depth]];
  Value from = arith::ConstantIndexOp::create(rewriter, loc, 0);
  Value to = getValueOrCreateConstantIndexOp(rewriter, loc, size);
  auto addBlock = [&](Value begin, Value end, ArrayRef<Value> sums) {
    auto zeros = llvm::map_to_vector(sums, [&](Value sum) -> Value {
      return arith::ConstantOp::create(rewriter, loc,
                                       rewriter.getZeroAttr(sum.getType()));
    });
    SmallVector<Value> added =
        reduceLoop(loops, points, zeros, depth, begin, end);
    for (auto [value, sum] : llvm::zip_equal(added, sums))
      value = arith::AddFOp::create(rewriter, loc, sum, value);
    return added;
  };
  std::optional<int64_t> steps = getConstantIntValue(size);
  if (steps && *steps <= loops.blockSize)
    return addBlock(from, to, init);
  Value block = arith::ConstantIndexOp::create(rewriter, loc, loops.blockSize);
  auto loop = scf::ForOp::create(rewriter, loc, from, to, block, init);
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(loop.getBody());
  Value end =
      arith::AddIOp::create(rewriter, loc, loop.getInductionVar(), block);
  if (!steps || *steps % loops.blockSize)
    end = arith::MinUIOp::create(rewriter, loc, end, to);
  scf::YieldOp::create(
      rewriter, loc,
      addBlock(loop.getInductionVar(), end,
               llvm::to_vector(ValueRange(loop.getRegionIterArgs()))));
  return llvm::to_vector(ValueRange(loop.getResults()));
}

static vector::CombiningKind combiningKind(Operation *combiner) {
  using Kind = vector::CombiningKind;
  return llvm::TypeSwitch<Operation *, Kind>(combiner)
      .Case<arith::AddFOp, arith::AddIOp>([](auto) { return Kind::ADD; })
      .Case<arith::MulFOp, arith::MulIOp>([](auto) { return Kind::MUL; })
      .Case<arith::MinimumFOp>([](auto) { return Kind::MINIMUMF; })
      .Case<arith::MaximumFOp>([](auto) { return Kind::MAXIMUMF; })
      .Case<arith::MinSIOp>([](auto) { return Kind::MINSI; })
      .Case<arith::MaxSIOp>([](auto) { return Kind::MAXSI; })
      .Case<arith::MinUIOp>([](auto) { return Kind::MINUI; })
      .Case<arith::MaxUIOp>([](auto) { return Kind::MAXUI; })
      .Case<arith::AndIOp>([](auto) { return Kind::AND; })
      .Case<arith::OrIOp>([](auto) { return Kind::OR; });
}

/// A reduction along the lanes: vector accumulators over whole vectors, a
/// masked step for the rest, then a horizontal reduction.
SmallVector<Value> TileVectorizer::reduceLanesLast(const Loops &loops,
                                                   ArrayRef<Point> tile) {
  LinalgOp op = loops.op;
  Location loc = op.getLoc();
  SmallVector<Operation *> combiners;
  Type element = getElementTypeOrSelf(op.getDpsInits().front());
  if (!matchReduction(op.getRegionOutputArgs(), 0, combiners) ||
      combiners.size() != 1)
    llvm_unreachable("reductions have one combiner by construction");
  vector::CombiningKind kind = combiningKind(combiners.front());
  Value neutral = arith::ConstantOp::create(
      rewriter, loc, *arith::getNeutralElement(combiners.front()));
  Value splat = vector::BroadcastOp::create(
      rewriter, loc, VectorType::get(loops.lanes, element), neutral);

  SmallVector<Point> points(tile);
  Value size =
      getValueOrCreateConstantIndexOp(rewriter, loc, loops.sizes[*loops.lane]);
  Value lanes = arith::ConstantIndexOp::create(rewriter, loc, loops.lanes);
  Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
  Value rest = rewriter.createOrFold<arith::RemUIOp>(loc, size, lanes);
  Value whole = rewriter.createOrFold<arith::SubIOp>(loc, size, rest);
  auto runLanes = [&](Value from, Value to, ArrayRef<Value> init, bool isTail) {
    auto loop = scf::ForOp::create(rewriter, loc, from, to, lanes, init);
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(loop.getBody());
    Value mask;
    if (isTail)
      mask = vector::CreateMaskOp::create(
          rewriter, loc, VectorType::get(loops.lanes, rewriter.getI1Type()),
          rest);
    for (Point &point : points) {
      point.ivs[*loops.lane] = loop.getInductionVar();
      point.mask = mask;
    }
    SmallVector<Value> before =
        llvm::to_vector(ValueRange(loop.getRegionIterArgs()));
    SmallVector<Value> after = reduce(loops, points, before, 0);
    if (isTail)
      for (auto [x, y] : llvm::zip_equal(after, before))
        x = arith::SelectOp::create(rewriter, loc, mask, x, y);
    scf::YieldOp::create(rewriter, loc, after);
    return llvm::to_vector(ValueRange(loop.getResults()));
  };
  SmallVector<Value> sums(points.size(), splat);
  sums = runLanes(zero, whole, sums, false);
  if (getConstantIntValue(rest) != 0)
    sums = runLanes(whole, size, sums, true);

  SmallVector<Value> results;
  for (auto [point, sum] : llvm::zip_equal(tile, sums)) {
    Value init = load(loops, point, *op.getDpsInitOperand(0));
    Value horizontal = vector::ReductionOp::create(rewriter, loc, kind, sum);
    IRMapping mapping;
    mapping.map(combiners.front()->getOperand(0), init);
    mapping.map(combiners.front()->getOperand(1), horizontal);
    results.push_back(
        rewriter.clone(*combiners.front(), mapping)->getResult(0));
  }
  return results;
}
