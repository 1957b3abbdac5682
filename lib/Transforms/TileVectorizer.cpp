//===- TileVectorizer.cpp - Vector code for the linalg ops of a block -----===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileVectorizer.h"
#include "mlc/Transforms/Lanes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlc;
using linalg::LinalgOp;

/// How often the body of a reduction may be written out: for the taps of a 5 x
/// 5 window and a few positions, so that what windows share is read once.
static constexpr int64_t maxUnrolled = 200;

int64_t TileVectorizer::Loops::numChunks() const {
  if (!lane || isLaneReduced || laneSize)
    return 1;
  return llvm::divideCeil(*getConstantIntValue(sizes[*lane]), lanes);
}

LogicalResult TileVectorizer::run(Block &block) {
  SmallVector<LinalgOp> ops(block.getOps<LinalgOp>());
  for (LinalgOp op : ops)
    expandIndexMaps(op);
  for (LinalgOp op : ops)
    if (failed(vectorize(op)))
      return failure();
  for (LinalgOp op : llvm::reverse(ops))
    rewriter.eraseOp(op);
  return success();
}

/// affine.apply -> arith, which is defined on vectors. Tiling leaves such maps
/// behind the loop indices of a body.
void TileVectorizer::expandIndexMaps(LinalgOp op) {
  SmallVector<affine::AffineApplyOp> applies(
      op.getBlock()->getOps<affine::AffineApplyOp>());
  for (affine::AffineApplyOp apply : applies) {
    rewriter.setInsertionPoint(apply);
    auto expanded = affine::expandAffineMap(
        rewriter, apply.getLoc(), apply.getAffineMap(), apply.getMapOperands());
    rewriter.replaceOp(apply, expanded->front());
  }
}

FailureOr<TileVectorizer::Loops> TileVectorizer::planLoops(LinalgOp op) {
  Loops loops{op};
  loops.lane = laneLoop(op);
  loops.lanes = maxLanes;
  for (Range range : op.createLoopRanges(rewriter, op.getLoc()))
    loops.sizes.push_back(range.size);
  // Behind a reduction along the lanes come scalars, one per row.
  for (Value input : op.getDpsInputs())
    if (auto it = registers.find(input);
        it != registers.end() && it->second.lanes == 1)
      loops.lanes = 1;
  auto iterators = op.getIteratorTypesArray();
  std::optional<int64_t> steps = 1;
  if (loops.lane)
    loops.isLaneReduced =
        iterators[*loops.lane] == utils::IteratorType::reduction;
  if (loops.lanes == 1 && !loops.isLaneReduced)
    loops.lane = std::nullopt;
  for (unsigned loop = 0; loop < op.getNumLoops(); ++loop) {
    if (loop == loops.lane)
      continue;
    if (iterators[loop] == utils::IteratorType::reduction) {
      loops.reduced.push_back(loop);
      std::optional<int64_t> size = getConstantIntValue(loops.sizes[loop]);
      steps = size && steps ? std::optional(*steps * *size) : std::nullopt;
      continue;
    }
    if (!getConstantIntValue(loops.sizes[loop]))
      return op.emitOpError("has a tile of dynamic size along loop ") << loop;
    loops.unrolled.push_back(loop);
  }
  if (loops.lane && !getConstantIntValue(loops.sizes[*loops.lane]))
    loops.laneSize = cast<Value>(loops.sizes[*loops.lane]);
  int64_t points = loops.numChunks();
  for (unsigned loop : loops.unrolled)
    points *= *getConstantIntValue(loops.sizes[loop]);
  // In a product, few vectors are read for many operations: nothing is shared.
  bool readsVectors =
      loops.lane &&
      llvm::all_of(op.getDpsInputOperands(), [&](OpOperand *operand) {
        return op.getMatchingIndexingMap(operand).isFunctionOfDim(*loops.lane);
      });
  loops.unrollsReduction =
      readsVectors && steps && *steps * points <= maxUnrolled;
  if (!loops.isLaneReduced)
    planBlocks(loops);
  return loops;
}

/// The mask of the vector that starts at `firstLane`, or null when it is full.
Value TileVectorizer::chunkMask(const Loops &loops, int64_t firstLane) {
  Location loc = loops.op.getLoc();
  auto type = VectorType::get(loops.lanes, rewriter.getI1Type());
  if (loops.laneSize)
    return vector::CreateMaskOp::create(rewriter, loc, type, loops.laneSize);
  int64_t rest = *getConstantIntValue(loops.sizes[*loops.lane]) - firstLane;
  if (rest >= loops.lanes)
    return Value();
  return vector::ConstantMaskOp::create(rewriter, loc, type,
                                        ArrayRef<int64_t>{rest});
}

/// The points of the unrolled loops in row-major order, the vectors of the lane
/// loop last.
SmallVector<TileVectorizer::Point> TileVectorizer::points(const Loops &loops) {
  unsigned numLoops = loops.op.getNumLoops();
  SmallVector<Point> result;
  result.push_back({SmallVector<int64_t>(numLoops, 0),
                    SmallVector<Value>(numLoops), Value()});
  for (unsigned loop : loops.unrolled) {
    SmallVector<Point> next;
    for (const Point &point : result)
      for (int64_t i = 0, e = *getConstantIntValue(loops.sizes[loop]); i < e;
           ++i) {
        next.push_back(point);
        next.back().position[loop] = i;
      }
    result = std::move(next);
  }
  if (!loops.lane || loops.isLaneReduced)
    return result;
  SmallVector<Value> masks;
  for (int64_t chunk = 0; chunk < loops.numChunks(); ++chunk)
    masks.push_back(chunkMask(loops, chunk * loops.lanes));
  SmallVector<Point> next;
  for (const Point &point : result)
    for (auto [chunk, mask] : llvm::enumerate(masks)) {
      next.push_back(point);
      next.back().position[*loops.lane] = chunk * loops.lanes;
      next.back().mask = mask;
    }
  return next;
}

/// Whether nothing is left of the op: it added products with zero.
static bool yieldsInit(LinalgOp op) {
  auto yield = cast<linalg::YieldOp>(op.getBlock()->getTerminator());
  return llvm::equal(yield.getValues(), op.getRegionOutputArgs());
}

LogicalResult TileVectorizer::vectorize(LinalgOp op) {
  rewriter.setInsertionPoint(op);
  // A fill that only starts reductions needs registers, not memory.
  auto fill = dyn_cast<linalg::FillOp>(op.getOperation());
  if (fill && llvm::all_of(fill->getUsers(), [](Operation *user) {
        auto op = dyn_cast<LinalgOp>(user);
        return op && !yieldsInit(op);
      })) {
    fills[fill.output()] = fill.value();
    rewriter.replaceAllUsesWith(fill.result(), fill.output());
    return success();
  }
  if (yieldsInit(op)) {
    rewriter.replaceAllUsesWith(op->getResults(), op.getDpsInits());
    return success();
  }
  FailureOr<Loops> planned = planLoops(op);
  if (failed(planned))
    return failure();
  Loops &loops = *planned;
  SmallVector<Point> tile = points(loops);
  SmallVector<Value> values;
  loaded.clear();
  if (loops.isLaneReduced) {
    values = reduceLanesLast(loops, tile);
  } else if (!loops.reduced.empty()) {
    SmallVector<Value> init;
    for (const Point &point : tile)
      init.push_back(toVector(load(loops, point, *op.getDpsInitOperand(0)),
                              loops.lane ? loops.lanes : 1));
    values = reduce(loops, tile, init, 0);
  } else {
    values = body(loops, tile, {});
  }
  loaded.clear();
  int64_t lanes = loops.lane && !loops.isLaneReduced ? loops.lanes : 1;
  for (Value &value : values)
    value = toVector(value, lanes);
  Value stored = store(loops, tile, values);
  Registers result{{}, lanes, values};
  AffineMap map = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  for (AffineExpr expr : map.getResults()) {
    unsigned loop = cast<AffineDimExpr>(expr).getPosition();
    result.extents.push_back(loop == loops.lane
                                 ? loops.numChunks()
                                 : *getConstantIntValue(loops.sizes[loop]));
  }
  registers[stored] = result;
  rewriter.replaceAllUsesWith(op->getResult(0), stored);
  return success();
}

//===----------------------------------------------------------------------===//
// The body at one point
//===----------------------------------------------------------------------===//

Value TileVectorizer::toVector(Value value, int64_t lanes) {
  if (lanes == 1 || isa<VectorType>(value.getType()))
    return value;
  return vector::BroadcastOp::create(
      rewriter, value.getLoc(), VectorType::get(lanes, value.getType()), value);
}

SmallVector<Value> TileVectorizer::body(const Loops &loops,
                                        ArrayRef<Point> points,
                                        ValueRange accumulators) {
  LinalgOp op = loops.op;
  Block &block = *op.getBlock();
  SmallVector<Value> results;
  for (auto [number, point] : llvm::enumerate(points)) {
    IRMapping mapping;
    for (OpOperand &operand : op->getOpOperands()) {
      BlockArgument argument = op.getMatchingBlockArgument(&operand);
      if (argument.use_empty())
        continue;
      bool isAccumulator = op.isDpsInit(&operand) && !accumulators.empty();
      mapping.map(argument, isAccumulator ? accumulators[number]
                                          : load(loops, point, operand));
    }
    for (Operation &inner : block.without_terminator())
      mapping.map(inner.getResult(0),
                  emitScalarOp(loops, point, inner, mapping));
    results.push_back(
        mapping.lookupOrDefault(block.getTerminator()->getOperand(0)));
  }
  return results;
}

/// A scalar op of the body on vectors, when one of its operands is one.
Value TileVectorizer::emitScalarOp(const Loops &loops, const Point &point,
                                   Operation &op, IRMapping &mapping) {
  if (auto index = dyn_cast<linalg::IndexOp>(op))
    return loopIndex(loops, point, index.getDim());
  SmallVector<Value> operands;
  for (Value operand : op.getOperands())
    operands.push_back(mapping.lookupOrDefault(operand));
  bool isVector = llvm::any_of(
      operands, [](Value v) { return isa<VectorType>(v.getType()); });
  if (!isVector)
    return rewriter.clone(op, mapping)->getResult(0);
  if (auto extract = dyn_cast<tensor::ExtractOp>(op)) {
    if (Value vector = extractVector(loops, point, extract, mapping))
      return vector;
    return extractPerLane(loops, extract, mapping);
  }
  // One condition may choose between vectors.
  bool isSelect = isa<arith::SelectOp>(op);
  for (Value &operand : MutableArrayRef(operands).drop_front(isSelect))
    operand = toVector(operand, loops.lanes);
  // Lanes past the end must not divide by what happens to be there.
  if (point.mask &&
      isa<arith::DivSIOp, arith::DivUIOp, arith::RemSIOp, arith::RemUIOp>(op)) {
    Value one = arith::ConstantOp::create(
        rewriter, op.getLoc(), rewriter.getOneAttr(operands[1].getType()));
    operands[1] = arith::SelectOp::create(rewriter, op.getLoc(), point.mask,
                                          operands[1], one);
  }
  OperationState state(op.getLoc(), op.getName());
  state.addOperands(operands);
  state.addAttributes(op.getAttrs());
  state.addTypes(VectorType::get(loops.lanes, op.getResult(0).getType()));
  return rewriter.create(state)->getResult(0);
}

/// By how much an index of the body grows from lane to lane; none when it is
/// not by the same everywhere.
static std::optional<int64_t> laneStep(Value index, unsigned lane,
                                       const IRMapping &mapping) {
  if (!isa<VectorType>(mapping.lookupOrDefault(index).getType()))
    return 0;
  Operation *definition = index.getDefiningOp();
  if (!definition)
    return std::nullopt;
  if (auto loop = dyn_cast<linalg::IndexOp>(definition))
    return loop.getDim() == lane ? 1 : 0;
  SmallVector<int64_t> steps;
  for (Value operand : definition->getOperands()) {
    std::optional<int64_t> step = laneStep(operand, lane, mapping);
    if (!step)
      return std::nullopt;
    steps.push_back(*step);
  }
  if (isa<arith::AddIOp>(definition))
    return steps[0] + steps[1];
  if (isa<arith::SubIOp>(definition))
    return steps[0] - steps[1];
  if (llvm::all_of(steps, [](int64_t step) { return step == 0; }))
    return 0;
  if (isa<arith::MulIOp>(definition))
    if (auto factor = getConstantIntValue(definition->getOperand(1)))
      return steps[0] * *factor;
  return std::nullopt;
}

/// An index of the body as it is at the first lane.
Value TileVectorizer::atFirstLane(const Loops &loops, const Point &point,
                                  Value index, IRMapping &mapping) {
  Value mapped = mapping.lookupOrDefault(index);
  if (!isa<VectorType>(mapped.getType()))
    return mapped;
  Operation *definition = index.getDefiningOp();
  if (auto loop = dyn_cast<linalg::IndexOp>(definition))
    return firstIndex(loops, point, loop.getDim());
  SmallVector<Value> operands;
  for (Value operand : definition->getOperands())
    operands.push_back(atFirstLane(loops, point, operand, mapping));
  OperationState state(definition->getLoc(), definition->getName(), operands,
                       index.getType(), definition->getAttrs());
  return rewriter.create(state)->getResult(0);
}

/// The elements of all lanes when they lie side by side.
Value TileVectorizer::extractVector(const Loops &loops, const Point &point,
                                    tensor::ExtractOp extract,
                                    IRMapping &mapping) {
  int64_t rank = extract.getIndices().size();
  for (auto [axis, index] : llvm::enumerate(extract.getIndices()))
    if (laneStep(index, *loops.lane, mapping) !=
        (static_cast<int64_t>(axis) + 1 == rank ? 1 : 0))
      return Value();
  SmallVector<Value> position;
  for (Value index : extract.getIndices())
    position.push_back(atFirstLane(loops, point, index, mapping));
  return contiguous(loops, point, mapping.lookupOrDefault(extract.getTensor()),
                    position);
}

Value TileVectorizer::extractPerLane(const Loops &loops,
                                     tensor::ExtractOp extract,
                                     IRMapping &mapping) {
  Location loc = extract.getLoc();
  SmallVector<Value> elements;
  for (int64_t lane = 0; lane < loops.lanes; ++lane) {
    SmallVector<Value> position;
    for (Value index : extract.getIndices()) {
      Value value = mapping.lookupOrDefault(index);
      if (isa<VectorType>(value.getType()))
        value = vector::ExtractOp::create(rewriter, loc, value, lane);
      position.push_back(value);
    }
    elements.push_back(tensor::ExtractOp::create(
        rewriter, loc, mapping.lookupOrDefault(extract.getTensor()), position));
  }
  return vector::FromElementsOp::create(
      rewriter, loc, VectorType::get(loops.lanes, extract.getType()), elements);
}

Value TileVectorizer::firstIndex(const Loops &loops, const Point &point,
                                 unsigned loop) {
  if (Value iv = point.ivs[loop])
    return iv;
  return arith::ConstantIndexOp::create(rewriter, loops.op.getLoc(),
                                        point.position[loop]);
}

Value TileVectorizer::loopIndex(const Loops &loops, const Point &point,
                                unsigned loop) {
  Location loc = loops.op.getLoc();
  Value first = firstIndex(loops, point, loop);
  if (loop != loops.lane)
    return first;
  auto type = VectorType::get(loops.lanes, rewriter.getIndexType());
  Value step = vector::StepOp::create(rewriter, loc, type);
  Value index =
      arith::AddIOp::create(rewriter, loc, toVector(first, loops.lanes), step);
  if (!point.mask)
    return index;
  // Lanes past the end stand at the last element: what they read must exist.
  Value size =
      getValueOrCreateConstantIndexOp(rewriter, loc, loops.sizes[loop]);
  Value last = arith::SubIOp::create(
      rewriter, loc, size, arith::ConstantIndexOp::create(rewriter, loc, 1));
  return arith::MinSIOp::create(rewriter, loc, index,
                                toVector(last, loops.lanes));
}
