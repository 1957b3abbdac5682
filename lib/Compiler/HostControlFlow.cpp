//===- HostControlFlow.cpp - Branches and loops of the step program -------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostExporter.h"
#include "mlc/Transforms/Buffers.h"

using namespace mlir;
using namespace mlc;

static BufferAttr plannedBuffer(Operation *op, StringRef attr,
                                unsigned number) {
  return cast<BufferAttr>(op->getAttrOfType<ArrayAttr>(attr)[number]);
}

//===----------------------------------------------------------------------===//
// If
//===----------------------------------------------------------------------===//

SmallVector<fb::Value> HostExporter::declareSizes(Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  SmallVector<fb::Value> sizes;
  for (auto [axis, size] : llvm::enumerate(shapes.sizes(tensor))) {
    if (!type.isDynamicDim(axis))
      sizes.push_back(literal(type.getDimSize(axis)));
    else
      sizes.push_back(shapes.isShapeOnly(size) ? exportExpr(size)
                                               : newVariable());
  }
  return sizes;
}

/// Ends a branch: what it yields is in the results' buffers, its sizes are in
/// their variables.
void HostExporter::endBranch(IfOp op, Block &block) {
  for (auto [result, value] :
       llvm::zip_equal(op.getResults(), block.getTerminator()->getOperands())) {
    Place target = places.at(result), source = placeOf(value);
    SmallVector<fb::Value> sizes = sizesOf(value);
    for (auto [size, declared] : llvm::zip_equal(sizes, knownSizes[result]))
      if (isVariable(declared))
        assign(declared, size);
    if (source.buffer == target.buffer)
      continue;
    if (buffers[target.buffer].isVariable)
      assign(buffers[target.buffer].size, bytesOf(value));
    copy(value, target);
  }
  flushEval();
}

/// Exports a branch; the number of its steps.
FailureOr<uint32_t> HostExporter::exportBranch(IfOp op, Block &block) {
  uint32_t before = steps.size();
  ++depth;
  if (failed(exportBlock(block)))
    return failure();
  endBranch(op, block);
  --depth;
  return steps.size() - before;
}

LogicalResult HostExporter::exportIf(IfOp op) {
  fb::Value condition = valueOf(op.getCondition());
  for (OpResult result : op.getResults()) {
    SmallVector<fb::Value> sizes = knownSizes[result] = declareSizes(result);
    bool varies =
        llvm::any_of(sizes, [&](fb::Value size) { return isVariable(size); });
    places[result] = {
        bufferFor(plannedBuffer(op, buffersAttrName, result.getResultNumber()),
                  varies ? newVariable() : bytesOf(result), varies)};
  }
  flushEval();
  // Its place; the numbers of steps are known at the end.
  uint32_t step = addStep(fb::Step::IfStep, {});
  FailureOr<uint32_t> thenSteps = exportBranch(op, op.getThenRegion().front());
  if (failed(thenSteps))
    return failure();
  FailureOr<uint32_t> elseSteps = exportBranch(op, op.getElseRegion().front());
  if (failed(elseSteps))
    return failure();
  steps[step] =
      fb::CreateIfStep(fbb, &condition, *thenSteps, *elseSteps).Union();
  return success();
}

//===----------------------------------------------------------------------===//
// Loop
//===----------------------------------------------------------------------===//

/// Copies the initial value and gives the carried tensor and the result of the
/// loop their place.
HostExporter::Carried HostExporter::startCarried(LoopOp op, unsigned number) {
  Value init = op.getInits()[number], argument = op.getCarried()[number],
        result = op.getCarriedResults()[number];
  Carried carried;
  for (auto [axis, size] : llvm::enumerate(sizesOf(init))) {
    bool varies = op.isVarying(number, axis);
    carried.sizes.push_back(varies ? newVariable() : size);
    if (!varies)
      continue;
    carried.varying.push_back(axis);
    assign(carried.sizes.back(), size);
  }
  bool varies = !carried.varying.empty();
  fb::Value bytes = bytesOf(init), own = varies ? newVariable() : bytes;
  if (varies)
    assign(own, bytes);
  carried.own =
      bufferFor(plannedBuffer(op, buffersAttrName, number), own, varies);
  carried.next = bufferFor(plannedBuffer(op, nextBuffersAttrName, number),
                           varies ? newVariable() : bytes, varies);
  copy(init, {carried.own});
  knownSizes[argument] = knownSizes[result] = carried.sizes;
  places[argument] = places[result] = {carried.own};
  return carried;
}

/// A stack whose size is known has it from the start; another grows.
HostExporter::Stack HostExporter::startStack(LoopOp op, unsigned number,
                                             fb::Value trips,
                                             fb::Value counter) {
  OpResult result = op.getStacks()[number];
  Value part = op.getToStack()[number];
  Stack stack{0, counter, trips, declareSizes(part), !op.isCounted()};
  fb::Value bytes = literal(elementBytes(part.getType()));
  for (fb::Value size : stack.sizes) {
    stack.grows |= isVariable(size);
    if (isVariable(size))
      assign(size, literal(0));
    else
      bytes = multiply(bytes, size);
  }
  fb::Value size = stack.grows ? newVariable() : multiply(trips, bytes);
  if (stack.grows) {
    stack.count = newVariable();
    assign(stack.count, literal(0));
    assign(size, literal(0));
  }
  BufferAttr planned =
      plannedBuffer(op, buffersAttrName, result.getResultNumber());
  stack.buffer = bufferFor(planned, size, stack.grows);
  knownSizes[result].assign({stack.count});
  llvm::append_range(knownSizes[result], stack.sizes);
  places[result] = {stack.buffer};
  return stack;
}

/// Makes room for the part of this iteration; its offset in the stack.
fb::Value HostExporter::beginPart(Stack &stack, ArrayRef<fb::Value> sizes,
                                  fb::Value bytes) {
  fb::Value offset = multiply(stack.counter, bytes);
  if (!stack.grows)
    return offset;
  for (auto [size, declared] : llvm::zip_equal(sizes, stack.sizes)) {
    if (!isVariable(declared))
      continue;
    fb::Value differs =
        emit(fb::Opcode::And, emit(fb::Opcode::Ne, size, declared),
             emit(fb::Opcode::Ne, stack.counter, literal(0)));
    flushEval();
    addStep(fb::Step::FailStep,
            fb::CreateFailStep(
                fbb, &differs,
                fbb.CreateString("a loop stacks tensors of different sizes"))
                .Union());
    assign(declared, size);
  }
  assign(stack.count, emit(fb::Opcode::Add, stack.counter, literal(1)));
  assign(buffers[stack.buffer].size, emit(fb::Opcode::Add, offset, bytes));
  flushEval();
  buffers[stack.buffer].use(steps.size());
  addStep(fb::Step::GrowStep, fb::CreateGrowStep(fbb, stack.buffer).Union());
  return offset;
}

void HostExporter::fillStack(Value part, Stack &stack) {
  if (placeOf(part).buffer == stack.buffer)
    return;
  fb::Value offset = beginPart(stack, sizesOf(part), bytesOf(part));
  copy(part, {stack.buffer, offset});
}

/// Ends an iteration: what was made in the next buffers becomes what is
/// carried.
void HostExporter::carryOn(LoopOp op, ArrayRef<Carried> all,
                           fb::Value condition) {
  // All new sizes before any changes: one may be computed from another.
  SmallVector<std::pair<fb::Value, fb::Value>> changes;
  SmallVector<const Carried *> changed;
  for (auto [carried, argument, next] :
       llvm::zip_equal(all, op.getCarried(), op.getNextCarried())) {
    if (next == argument)
      continue;
    changed.push_back(&carried);
    bool varies = !carried.varying.empty();
    for (unsigned axis : carried.varying) {
      changes.push_back({carried.sizes[axis], newVariable()});
      assign(changes.back().second, sizeOf(next, axis));
    }
    if (varies)
      changes.push_back(
          {buffers[carried.own].size, buffers[carried.next].size});
    if (placeOf(next).buffer == carried.next)
      continue;
    if (varies)
      assign(buffers[carried.next].size, bytesOf(next));
    copy(next, {carried.next});
  }
  if (!isLiteral(condition))
    assign(condition, valueOf(op.getNextCondition()));
  for (auto [variable, value] : changes)
    assign(variable, value);
  flushEval();
  for (const Carried *carried : changed) {
    buffers[carried->own].use(steps.size());
    buffers[carried->next].use(steps.size());
    addStep(fb::Step::SwapStep,
            fb::CreateSwapStep(fbb, carried->own, carried->next).Union());
    swapped.push_back({carried->own, carried->next});
  }
}

LogicalResult HostExporter::exportLoop(LoopOp op) {
  fb::Value trips = literal(-1), counter = newVariable();
  if (op.getTrips()) {
    trips = valueOf(op.getTrips());
    trips = isLiteral(trips) ? literal(std::max<int64_t>(trips.literal(), 0))
                             : emit(fb::Opcode::Max, trips, literal(0));
  }
  fb::Value condition = op.isCounted() ? literal(1) : newVariable();
  if (!isLiteral(condition))
    assign(condition, valueOf(op.getCondition()));
  SmallVector<Carried> carried;
  for (unsigned number : llvm::seq(op.getInits().size()))
    carried.push_back(startCarried(op, number));
  SmallVector<Stack> stacks;
  for (unsigned number : llvm::seq(op.getStacks().size()))
    stacks.push_back(startStack(op, number, trips, counter));
  for (auto [stack, result] : llvm::zip_equal(stacks, op.getStacks()))
    openStacks[plannedBuffer(op, buffersAttrName, result.getResultNumber())] =
        &stack;
  flushEval();
  values[op.getIteration()] = counter;
  uint32_t numBuffersBefore = buffers.size();
  // Its place; the number of steps is known at the end.
  uint32_t step = addStep(fb::Step::LoopStep, {});
  ++depth;
  if (failed(exportBlock(op.getBody().front())))
    return failure();
  for (auto [part, stack] : llvm::zip_equal(op.getToStack(), stacks))
    fillStack(part, stack);
  carryOn(op, carried, condition);
  --depth;
  steps[step] = fb::CreateLoopStep(fbb, counter.reg(), &trips, &condition,
                                   steps.size() - step - 1)
                    .Union();
  keepThroughLoop(step, numBuffersBefore);
  return success();
}
