//===- PlanBuffers.cpp - Buffers for the values of the host program -------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Transforms/Buffers.h"
#include "mlc/Transforms/Passes.h"

namespace mlc {
#define GEN_PASS_DEF_MLCPLANBUFFERS
#include "mlc/Transforms/Passes.h.inc"
} // namespace mlc

using namespace mlir;
using namespace mlc;

namespace {

class BufferPlanner {
public:
  explicit BufferPlanner(MLIRContext *context) : context(context) {}

  void plan(func::FuncOp function) {
    Block &block = function.getBody().front();
    for (OpOperand &operand : block.getTerminator()->getOpOperands())
      claim(operand.get(), &block,
            BufferAttr::get(context, BufferKind::Output,
                            operand.getOperandNumber()));
    plan(block);
  }

private:
  BufferAttr newBuffer() {
    return BufferAttr::get(context, BufferKind::Arena, numArena++);
  }

  /// Has what `value` shows made in `buffer`, if an op of `block` makes it and
  /// nobody came before.
  void claim(Value value, Block *block, BufferAttr buffer) {
    Value root = bufferRoot(value);
    Operation *op = root.getDefiningOp();
    if (op && op->getBlock() == block &&
        isa<CallKernelOp, FromElementsOp, IfOp>(op))
      claimed.try_emplace(root, buffer);
  }

  void plan(Block &block) {
    for (Operation &op : block) {
      if (!isa<CallKernelOp, FromElementsOp, IfOp, LoopOp>(op))
        continue;
      SmallVector<Attribute> buffers;
      for (Value result : op.getResults()) {
        BufferAttr buffer = claimed.lookup(result);
        buffers.push_back(buffer ? buffer : newBuffer());
      }
      op.setAttr(buffersAttrName, ArrayAttr::get(context, buffers));
      if (auto branch = dyn_cast<IfOp>(op))
        planRegions(branch, buffers);
      else if (auto loop = dyn_cast<LoopOp>(op))
        planBody(loop, buffers);
    }
  }

  void planRegions(IfOp op, ArrayRef<Attribute> buffers) {
    for (Region &region : op->getRegions()) {
      Block &block = region.front();
      for (auto [yielded, buffer] :
           llvm::zip_equal(block.getTerminator()->getOperands(), buffers))
        claim(yielded, &block, cast<BufferAttr>(buffer));
      plan(block);
    }
  }

  void planBody(LoopOp op, ArrayRef<Attribute> buffers) {
    Block &block = op.getBody().front();
    SmallVector<Attribute> next;
    for (Value yielded : op.getNextCarried()) {
      BufferAttr buffer = newBuffer();
      next.push_back(buffer);
      claim(yielded, &block, buffer);
    }
    for (auto [yielded, buffer] : llvm::zip_equal(
             op.getToStack(), buffers.drop_front(op.getInits().size())))
      if (!bufferRoot(yielded).getDefiningOp<IfOp>())
        claim(yielded, &block, cast<BufferAttr>(buffer));
    op->setAttr(nextBuffersAttrName, ArrayAttr::get(context, next));
    plan(block);
  }

  MLIRContext *context;
  DenseMap<Value, BufferAttr> claimed;
  int64_t numArena = 0;
};

struct MlcPlanBuffers : mlc::impl::MlcPlanBuffersBase<MlcPlanBuffers> {
  using Base::Base;

  void runOnOperation() override {
    BufferPlanner(&getContext()).plan(getOperation());
  }
};

} // namespace
