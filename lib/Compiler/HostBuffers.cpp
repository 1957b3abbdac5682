//===- HostBuffers.cpp - Buffers of the step program ----------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostExporter.h"
#include "mlc/Runtime/ArenaPlan.h"
#include "mlc/Transforms/Buffers.h"

using namespace mlir;
using namespace mlc;

static constexpr int64_t weightAlignment = 64;

uint32_t HostExporter::addBuffer(const BufferInfo &buffer) {
  buffers.push_back(buffer);
  return buffers.size() - 1;
}

uint32_t HostExporter::bufferFor(BufferAttr planned, fb::Value size,
                                 bool isVariable) {
  auto [it, isNew] = plannedBuffers.try_emplace(planned, buffers.size());
  if (!isNew)
    return it->second;
  bool isOutput = planned.getKind() == mlc::BufferKind::Output;
  BufferInfo buffer{isOutput ? fb::BufferKind::Output : fb::BufferKind::Arena,
                    size};
  buffer.index = isOutput ? planned.getNumber() : 0;
  buffer.isVariable = isVariable;
  return addBuffer(buffer);
}

HostExporter::Place HostExporter::weightPlace(ConstantOp constant) {
  auto [it, isNew] = weightNumbers.try_emplace(
      {constant.getValue(), constant.getPackAttr()}, buffers.size());
  if (isNew) {
    int64_t size =
        constant.getType().getNumElements() * elementBytes(constant.getType());
    program.weights.push_back({constant, program.weightsSize, size});
    addBuffer({fb::BufferKind::Weight, literal(size), program.weightsSize});
    program.weightsSize =
        llvm::alignTo(program.weightsSize + size, weightAlignment);
  }
  return {it->second};
}

HostExporter::Place HostExporter::placeOf(Value tensor) {
  Value root = bufferRoot(tensor);
  auto [it, isNew] = places.try_emplace(root);
  if (!isNew)
    return it->second;
  if (auto constant = root.getDefiningOp<ConstantOp>())
    return places[root] = weightPlace(constant);
  BufferInfo input{fb::BufferKind::Input, bytesOf(root)};
  input.index = cast<BlockArgument>(root).getArgNumber();
  return places[root] = {addBuffer(input)};
}

void HostExporter::placeResult(Operation *op, unsigned number) {
  Value result = op->getResult(number);
  auto planned =
      cast<BufferAttr>(op->getAttrOfType<ArrayAttr>(buffersAttrName)[number]);
  fb::Value bytes = bytesOf(result);
  Place place{bufferFor(planned, bytes)};
  if (auto stack = openStacks.find(planned); stack != openStacks.end())
    place.offset = beginPart(*stack->second, sizesOf(result), bytes);
  else if (buffers[place.buffer].isVariable)
    assign(buffers[place.buffer].size, bytes);
  places[result] = place;
}

fb::BufferRef HostExporter::refer(Place place) {
  buffers[place.buffer].use(steps.size());
  return fb::BufferRef(place.buffer, place.offset);
}

void HostExporter::copy(Value from, Place to) {
  fb::Value bytes = bytesOf(from);
  flushEval();
  fb::BufferRef source = refer(from), target = refer(to);
  addStep(fb::Step::CopyStep,
          fb::CreateCopyStep(fbb, &source, &target, &bytes).Union());
}

void HostExporter::keepThroughLoop(uint32_t start, uint32_t numBuffersBefore) {
  for (BufferInfo &buffer :
       MutableArrayRef(buffers).take_front(numBuffersBefore))
    if (buffer.firstStep != UINT32_MAX && buffer.lastStep >= start) {
      buffer.use(start);
      buffer.use(steps.size() - 1);
    }
}

/// Lays the arena out when all sizes are known; the runtime does it otherwise.
LogicalResult HostExporter::layOutArena() {
  // After an odd number of iterations each lies where the other was planned.
  for (auto [a, b] : swapped) {
    uint32_t first = std::min(buffers[a].firstStep, buffers[b].firstStep);
    uint32_t last = std::max(buffers[a].lastStep, buffers[b].lastStep);
    for (uint32_t buffer : {a, b}) {
      buffers[buffer].firstStep = first;
      buffers[buffer].lastStep = last;
    }
  }
  SmallVector<rt::ArenaItem> items;
  SmallVector<BufferInfo *> planned;
  for (BufferInfo &buffer : buffers) {
    if (buffer.firstStep == UINT32_MAX)
      buffer.firstStep = 0;
    if (buffer.kind != fb::BufferKind::Arena)
      continue;
    if (!isLiteral(buffer.size)) {
      arenaSize = -1;
      continue;
    }
    items.push_back(
        {buffer.size.literal(), buffer.firstStep, buffer.lastStep, 0});
    planned.push_back(&buffer);
  }
  if (arenaSize < 0)
    return success();
  SmallVector<uint32_t> scratch(2 * items.size());
  arenaSize = rt::planArena(items.data(), items.size(), scratch.data());
  if (arenaSize < 0)
    return function.emitError("needs more than 2^62 bytes of memory");
  for (auto [buffer, item] : llvm::zip_equal(planned, items))
    buffer->offset = item.offset;
  return success();
}
