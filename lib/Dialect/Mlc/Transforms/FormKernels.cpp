//===- FormKernels.cpp - Group the ops that become one kernel -------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Analysis/SymbolicShapes.h"
#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlc/Dialect/Mlc/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/MapVector.h"

namespace mlc {
#define GEN_PASS_DEF_MLCFORMKERNELS
#include "mlc/Dialect/Mlc/Transforms/Passes.h.inc"
} // namespace mlc

using namespace mlir;
using namespace mlc;

/// Computes each element from elements of its operands at indices that follow
/// from its own, or are operands themselves.
static bool isPointwise(Operation *op) {
  return isElementwise(op) || isIndexOp(op) || isa<IotaOp, GatherOp>(op);
}

/// Whether the op becomes code of a kernel, in which a splat is a number.
static bool isComputedInKernel(Operation *op) {
  return isPointwise(op) || isAnchor(op) || isa<ConcatOp>(op);
}

/// Whether the borders of `pad` are better written by what computes its operand
/// than tested for by what reads it.
static bool isWrittenByProducer(PadOp pad) {
  Operation *producer = pad.getX().getDefiningOp();
  return producer && pad.getX().hasOneUse() &&
         (isElementwise(producer) || isAnchor(producer));
}

/// Whether what reads `pad` may test for its borders: a reduction of windows
/// does little else than reading, and borders along the lanes would take its
/// vectors apart.
static bool isReadThrough(PadOp pad) {
  if (isWrittenByProducer(pad) || pad.getType().getRank() == 0)
    return false;
  if (pad.getStaticLow().back() != 0 || pad.getStaticHigh().back() != 0)
    return false;
  return llvm::all_of(pad->getUsers(), [](Operation *user) {
    return isa<WindowOp>(user) &&
           llvm::all_of(user->getUsers(), llvm::IsaPred<ReduceOp>);
  });
}

/// Splats of more elements are computed, not written into the artifact.
static constexpr int64_t maxWrittenSplat = 1 << 16;

/// Costs nothing inside of a kernel.
static bool isFree(Operation *op) { return isa<BroadcastOp, IotaOp>(op); }

namespace {

struct Group {
  Operation *root;
  Operation *anchor = nullptr;
  /// In reverse order of the block.
  SmallVector<Operation *> ops;
  /// The dynamic sizes of the result.
  SmallVector<Value> sizes;
};

/// Where in its group an op is computed.
struct Place {
  Group *group;
  /// At the index of the root, not through a broadcast, transpose or slice.
  bool isAtRootIndex;
  /// Before the anchor, inside of its reduction.
  bool isPrologue;
  /// Each element several times, in several windows.
  bool isRepeated;
};

class GroupFormer {
public:
  explicit GroupFormer(Block &block) {
    for (Operation &op : llvm::reverse(block))
      if (isComputedInKernel(&op) || isLibraryOp(&op))
        place(&op);
  }

  auto &getGroups() { return groups; }

private:
  void place(Operation *op) {
    if (std::optional<Place> joined = join(op)) {
      if (isAnchor(op))
        joined->group->anchor = op;
      joined->group->ops.push_back(op);
      places[op] = *joined;
      return;
    }
    groups.push_back(std::make_unique<Group>());
    Group *group = groups.back().get();
    group->root = op;
    group->anchor = isAnchor(op) ? op : nullptr;
    group->ops.push_back(op);
    places[op] = {group, true, false, false};
  }

  /// The place of `op` in the group of all its users, if there is one and it
  /// can take it.
  std::optional<Place> join(Operation *op) {
    // A concatenation writes its parts to memory, each by itself.
    if (isa<ConcatOp>(op) || isLibraryOp(op))
      return std::nullopt;
    if (auto pad = dyn_cast<PadOp>(op); pad && !isReadThrough(pad))
      return std::nullopt;
    std::optional<Place> result;
    for (Operation *user : op->getUsers()) {
      auto it = places.find(user);
      if (it == places.end())
        return std::nullopt;
      const Place &at = it->second;
      if (isLibraryOp(user))
        return std::nullopt;
      bool isBorderOfRoot = isa<PadOp>(user) && user == at.group->root;
      Place here{at.group,
                 at.isAtRootIndex && (isElementwise(user) || isBorderOfRoot),
                 at.isPrologue, at.isRepeated || isa<WindowOp>(user)};
      if (isAnchor(user)) {
        // Contractions read their operands from memory.
        if (!isa<ReduceOp>(user) || isAnchor(op))
          return std::nullopt;
        here.isPrologue = true;
      } else if (auto slice = dyn_cast<SliceOp>(user);
                 slice && !slice.getOffsets().empty()) {
        // A slice at an offset of run time is a view of memory.
        return std::nullopt;
      } else if (auto gather = dyn_cast<GatherOp>(user);
                 gather && gather.getX().getDefiningOp() == op) {
        // A gather reads anywhere.
        return std::nullopt;
      }
      if (result && (result->group != here.group ||
                     result->isPrologue != here.isPrologue))
        return std::nullopt;
      if (result) {
        here.isAtRootIndex &= result->isAtRootIndex;
        here.isRepeated |= result->isRepeated;
      }
      result = here;
    }
    if (result && result->isRepeated &&
        (isElementwise(op) || isa<GatherOp>(op)))
      return std::nullopt;
    if (result && isAnchor(op) &&
        (result->group->anchor || !result->isAtRootIndex))
      return std::nullopt;
    return result;
  }

  std::vector<std::unique_ptr<Group>> groups;
  DenseMap<Operation *, Place> places;
};

struct MlcFormKernels : mlc::impl::MlcFormKernelsBase<MlcFormKernels> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    resolveSizes(function);
    SmallVector<GroupFormer> formers;
    function.walk([&](Block *block) {
      computeSplats(*block);
      duplicateFree(*block);
      formers.emplace_back(*block);
    });
    // All sizes first: the analysis does not look into groups.
    SymbolicShapes shapes(function);
    for (GroupFormer &former : formers)
      for (auto &group : former.getGroups())
        if (failed(materializeSizes(shapes, *group)))
          return signalPassFailure();
    for (GroupFormer &former : formers)
      for (auto &group : former.getGroups())
        build(*group);
  }

  /// The size of a value would keep it from being fused: sizes are computed
  /// from those of the arguments.
  static void resolveSizes(func::FuncOp function) {
    SymbolicShapes shapes(function);
    SmallVector<tensor::DimOp> dims;
    function.walk([&](tensor::DimOp dim) { dims.push_back(dim); });
    for (tensor::DimOp dim : dims) {
      std::optional<int64_t> axis = dim.getConstantIndex();
      Operation *source = dim.getSource().getDefiningOp();
      if (!axis || !source || isa<IfOp, LoopOp>(source))
        continue;
      OpBuilder builder(dim);
      OpFoldResult size = shapes.materialize(
          builder, dim.getLoc(), shapes.size(dim.getSource(), *axis));
      if (!size)
        continue;
      dim.replaceAllUsesWith(
          getValueOrCreateConstantIndexOp(builder, dim.getLoc(), size));
      dim.erase();
    }
  }

  /// A splat that is read from memory would be written out in the artifact: a
  /// large one is computed where it is needed.
  ///
  ///   return(constant(splat 0 : 2^30)) -> return(broadcast(constant(0)))
  static void computeSplats(Block &block) {
    for (auto constant :
         llvm::make_early_inc_range(block.getOps<ConstantOp>())) {
      auto splat = dyn_cast<SplatElementsAttr>(constant.getValue());
      auto type = cast<RankedTensorType>(constant.getType());
      if (!splat || constant.getPack() ||
          type.getNumElements() <= maxWrittenSplat)
        continue;
      OpBuilder builder(constant);
      auto scalar = RankedTensorType::get({}, type.getElementType());
      Value value = ConstantOp::create(builder, constant.getLoc(),
                                       splat.resizeSplat(scalar));
      auto computed = BroadcastOp::create(
          builder, constant.getLoc(), value,
          getAsIndexOpFoldResult(builder.getContext(), type.getShape()),
          ArrayRef<int64_t>());
      constant->replaceUsesWithIf(computed, [](OpOperand &use) {
        return !isComputedInKernel(use.getOwner());
      });
    }
  }

  /// Every user gets its own op of those that cost nothing, right before it:
  /// kernels that compute the same then hold their ops in the same order.
  static void duplicateFree(Block &block) {
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
      if (!isFree(&op))
        continue;
      for (OpOperand &use : llvm::make_early_inc_range(op.getUses()))
        if (use.getOwner()->getBlock() == &block)
          use.set(OpBuilder(use.getOwner()).clone(op)->getResult(0));
      if (op.use_empty())
        op.erase();
    }
  }

  static LogicalResult materializeSizes(SymbolicShapes &shapes, Group &group) {
    OpBuilder builder(group.root);
    Value result = group.root->getResult(0);
    Location loc = group.root->getLoc();
    auto type = cast<RankedTensorType>(result.getType());
    for (int64_t axis : llvm::seq(type.getRank())) {
      if (!type.isDynamicDim(axis))
        continue;
      OpFoldResult size =
          shapes.materialize(builder, loc, shapes.size(result, axis));
      if (!size)
        return group.root->emitOpError("has a result whose size along axis ")
               << axis << " cannot be computed before it runs";
      group.sizes.push_back(
          getValueOrCreateConstantIndexOp(builder, loc, size));
    }
    return success();
  }

  static void build(Group &group) {
    OpBuilder builder(group.root);
    Value root = group.root->getResult(0);
    SmallVector<Location> locations;
    for (Operation *op : llvm::reverse(group.ops))
      locations.push_back(op->getLoc());
    auto groupOp =
        GroupOp::create(builder, FusedLoc::get(builder.getContext(), locations),
                        root.getType(), group.sizes);
    root.replaceAllUsesWith(groupOp.getResult(0));
    Block *body = builder.createBlock(&groupOp.getBody());
    for (Operation *op : llvm::reverse(group.ops))
      op->moveBefore(body, body->end());
    builder.setInsertionPointToEnd(body);
    YieldOp::create(builder, group.root->getLoc(), root);
  }
};

} // namespace
