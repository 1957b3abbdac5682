//===- Vectorize.cpp - Turn tiles of linalg ops into vector code ----------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileVectorizer.h"
#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlc/Transforms/Lanes.h"
#include "mlc/Transforms/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mlc {
#define GEN_PASS_DEF_KERNELVECTORIZE
#include "mlc/Transforms/Passes.h.inc"
} // namespace mlc

using namespace mlir;
using namespace mlc;
using linalg::LinalgOp;

/// Whether `map` moves by one element, or not at all, when `loop` advances.
static bool isContiguousOrConstant(AffineMap map, unsigned loop) {
  for (auto [axis, expr] : llvm::enumerate(map.getResults())) {
    if (!expr.isFunctionOfDim(loop))
      continue;
    if (axis + 1 != map.getNumResults())
      // The panel of a packed weight changes only every so many columns.
      if (auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
          !binary || expr.getKind() != AffineExprKind::FloorDiv)
        return false;
  }
  return true;
}

std::optional<unsigned> mlc::laneLoop(LinalgOp op) {
  AffineMap results = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  auto suits = [&](unsigned loop) {
    return llvm::all_of(op.getDpsInputOperands(), [&](OpOperand *operand) {
      return isContiguousOrConstant(op.getMatchingIndexingMap(operand), loop);
    });
  };
  std::optional<unsigned> last;
  if (results.getNumResults())
    last = results.getDimPosition(results.getNumResults() - 1);
  if (op.getNumReductionLoops() == 0 || (last && suits(*last)))
    return last;
  unsigned innermost = op.getNumLoops() - 1;
  bool isReduction =
      op.getIteratorTypesArray()[innermost] == utils::IteratorType::reduction;
  return isReduction && suits(innermost) ? std::optional(innermost) : last;
}

bool mlc::writesPart(LinalgOp op) {
  return llvm::any_of(op->getUsers(), [](Operation *user) {
    return isa<tensor::InsertSliceOp>(user);
  });
}

namespace {

struct KernelVectorize : mlc::impl::KernelVectorizeBase<KernelVectorize> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    auto schedule = function->getAttrOfType<ScheduleAttr>(scheduleAttrName);
    int64_t lanes = schedule ? schedule.getLanes() : 1;
    SetVector<Block *> blocks;
    function.walk([&](LinalgOp op) { blocks.insert(op->getBlock()); });
    IRRewriter rewriter(&getContext());
    for (Block *block : blocks)
      if (failed(TileVectorizer(rewriter, lanes).run(*block)))
        return signalPassFailure();
  }
};

} // namespace
