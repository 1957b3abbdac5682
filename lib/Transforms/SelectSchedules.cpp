//===- SelectSchedules.cpp - Give every kernel a schedule -----------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlc/Target/Target.h"
#include "mlc/Transforms/Lanes.h"
#include "mlc/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/Support/Error.h"

namespace mlc {
#define GEN_PASS_DEF_MLCSELECTSCHEDULES
#include "mlc/Transforms/Passes.h.inc"
} // namespace mlc

using namespace mlir;
using namespace mlc;
using linalg::LinalgOp;

/// Float operations per element of an op's iteration space; transcendental
/// functions count as a polynomial.
static double workPerPoint(LinalgOp op) {
  double work = 0;
  for (Operation &inner : op.getBlock()->without_terminator())
    work += inner.getDialect()->getNamespace() == "math" ? 20 : 1;
  return std::max(work, 1.0);
}

/// Nanoseconds of one core for 1024 elements of the result. An unknown
/// reduction counts as 256 steps.
static int64_t estimateCost(func::FuncOp function, const Level &level) {
  double nanoseconds = 0;
  function.walk([&](LinalgOp op) {
    double reduced = 1;
    for (auto [size, kind] :
         llvm::zip(op.getStaticLoopRanges(), op.getIteratorTypesArray()))
      if (kind == utils::IteratorType::reduction)
        reduced *=
            ShapedType::isDynamic(size) ? 256 : std::max<int64_t>(size, 1);
    double bytes = 0;
    for (Value operand : op->getOperands())
      if (auto type = dyn_cast<RankedTensorType>(operand.getType()))
        bytes += type.getElementTypeBitWidth() / 8.0;
    bool isReduction = op.getNumReductionLoops() != 0;
    double moved =
        isReduction && op.getNumDpsInputs() == 1 ? bytes * reduced : bytes;
    nanoseconds += 1024 * (reduced * workPerPoint(op) / level.flopsPerNs +
                           moved / level.bytesPerNs);
  });
  return std::max<int64_t>(static_cast<int64_t>(nanoseconds), 1);
}

namespace {

struct MlcSelectSchedules
    : mlc::impl::MlcSelectSchedulesBase<MlcSelectSchedules> {
  using Base::Base;

  void runOnOperation() override {
    auto created = createTarget(target);
    if (!created) {
      getOperation().emitError(llvm::toString(created.takeError()));
      return signalPassFailure();
    }
    for (auto kernel : getOperation().getOps<KernelOp>())
      if (failed(schedule(kernel, **created)))
        return signalPassFailure();
  }

  static LogicalResult schedule(KernelOp kernel, const Target &target) {
    OpBuilder builder(kernel.getContext());
    ModuleOp source = *kernel.getModules().begin();
    builder.setInsertionPointAfter(source);
    DenseI64ArrayAttr grid;
    for (const Level &level : target.levels()) {
      auto module = cast<ModuleOp>(builder.clone(*source));
      module.setSymName(level.name);
      auto function = *module.getOps<func::FuncOp>().begin();
      auto schedule = function->getAttrOfType<ScheduleAttr>(scheduleAttrName);
      if (!schedule)
        schedule = target.selectSchedule(function, level);
      if (!schedule)
        continue;
      function->setAttr(scheduleAttrName, schedule);
      kernel->setAttr("cost",
                      builder.getI64IntegerAttr(estimateCost(function, level)));
      auto parts = builder.getDenseI64ArrayAttr(schedule.getGrid());
      if (grid && grid != parts)
        return kernel.emitOpError(
                   "is cut into different grids at different levels: ")
               << grid << " and " << parts;
      grid = parts;
    }
    source.erase();
    if (grid)
      kernel->setAttr("grid", grid);
    return success();
  }
};

} // namespace
