//===- PlanBuffers.cpp - Place the values of the host program in memory ---===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Runtime/ArenaPlan.h"
#include "mlc/Transforms/Buffers.h"
#include "mlc/Transforms/Passes.h"

namespace mlc {
#define GEN_PASS_DEF_MLCPLANBUFFERS
#include "mlc/Transforms/Passes.h.inc"
} // namespace mlc

using namespace mlir;
using namespace mlc;

namespace {

struct MlcPlanBuffers : mlc::impl::MlcPlanBuffersBase<MlcPlanBuffers> {
  using Base::Base;

  void runOnOperation() override {
    Block &block = getOperation().getBody().front();
    DenseMap<Operation *, uint32_t> order;
    for (Operation &op : block)
      order[&op] = order.size();

    // Results of the function are computed in the caller's memory, the first
    // time they are returned.
    DenseMap<Value, int64_t> outputs;
    for (OpOperand &operand : block.getTerminator()->getOpOperands()) {
      Value root = bufferRoot(operand.get());
      if (isa_and_present<CallKernelOp, FromElementsOp>(root.getDefiningOp()))
        outputs.try_emplace(root, operand.getOperandNumber());
    }

    SmallVector<Operation *> placed;
    SmallVector<rt::ArenaItem> items;
    bool isStatic = true;
    for (Operation &op : block) {
      if (!isa<CallKernelOp, FromElementsOp>(op))
        continue;
      Value value = op.getResult(0);
      if (auto it = outputs.find(value); it != outputs.end()) {
        setBuffer(&op, BufferKind::Output, it->second, 0);
        continue;
      }
      auto type = cast<RankedTensorType>(value.getType());
      isStatic &= type.hasStaticShape();
      int64_t bytes = type.hasStaticShape()
                          ? type.getNumElements() * elementBytes(type)
                          : 0;
      items.push_back(
          {bytes, order[&op], lastUse(value, order, order[&op]), 0});
      placed.push_back(&op);
    }
    if (isStatic) {
      SmallVector<uint32_t> scratch(2 * items.size());
      if (rt::planArena(items.data(), items.size(), scratch.data()) < 0) {
        getOperation().emitError("needs more than 2^62 bytes of memory");
        return signalPassFailure();
      }
    }
    for (auto [number, op] : llvm::enumerate(placed))
      setBuffer(op, BufferKind::Arena, number,
                isStatic ? items[number].offset : -1);
  }

  static void setBuffer(Operation *op, BufferKind kind, int64_t number,
                        int64_t offset) {
    op->setAttr(bufferAttrName,
                BufferAttr::get(op->getContext(), kind, number, offset));
  }

  /// The last op that reads `value` or a view of it.
  static uint32_t lastUse(Value value,
                          const DenseMap<Operation *, uint32_t> &order,
                          uint32_t last) {
    for (Operation *user : value.getUsers()) {
      last = std::max(last, order.lookup(user));
      if (auto reshape = dyn_cast<ReshapeOp>(user))
        last = std::max(last, lastUse(reshape, order, last));
    }
    return last;
  }
};

} // namespace
