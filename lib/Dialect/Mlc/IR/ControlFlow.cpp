//===- ControlFlow.cpp - Branches and loops -------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlc;

/// Whether a tensor of type `actual` may stand for one of type `declared`,
/// whose static dims it has.
static bool fits(Type actual, Type declared) {
  auto from = dyn_cast<RankedTensorType>(actual);
  auto to = dyn_cast<RankedTensorType>(declared);
  return from && to && from.getElementType() == to.getElementType() &&
         from.getRank() == to.getRank() &&
         llvm::all_of(
             llvm::zip_equal(from.getShape(), to.getShape()), [](auto dims) {
               auto [actual, declared] = dims;
               return ShapedType::isDynamic(declared) || actual == declared;
             });
}

/// Has `smaller`, whose results stand for the `used` ones of `op`, take over
/// its regions, which no longer yield what is `unused`.
static void replaceBySmaller(PatternRewriter &rewriter, Operation *op,
                             Operation *smaller, ArrayRef<Value> used,
                             const llvm::BitVector &unused) {
  for (auto [from, to] :
       llvm::zip_equal(op->getRegions(), smaller->getRegions())) {
    to.takeBody(from);
    Operation *yield = to.front().getTerminator();
    rewriter.modifyOpInPlace(yield, [&] { yield->eraseOperands(unused); });
  }
  for (auto [result, replacement] :
       llvm::zip_equal(used, smaller->getResults()))
    rewriter.replaceAllUsesWith(result, replacement);
  rewriter.eraseOp(op);
}

//===----------------------------------------------------------------------===//
// If
//===----------------------------------------------------------------------===//

LogicalResult IfOp::verify() {
  for (Region *region : {&getThenRegion(), &getElseRegion()}) {
    auto yield = dyn_cast<YieldOp>(region->front().getTerminator());
    if (!yield || yield.getNumOperands() != getNumResults()) // C1
      return emitOpError() << "expected regions that yield " << getNumResults()
                           << " values";
    for (auto [value, result] :
         llvm::zip_equal(yield.getOperands(), getResults()))
      if (!fits(value.getType(), result.getType())) // C1
        return emitOpError()
               << "yields " << value.getType() << " for " << result.getType();
  }
  return success();
}

namespace {

/// if (true) { a; yield x } else { b } -> a; x
struct DecidedIf : OpRewritePattern<IfOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(IfOp op,
                                PatternRewriter &rewriter) const override {
    APInt condition;
    if (!matchPattern(op.getCondition(), m_ConstantInt(&condition)))
      return rewriter.notifyMatchFailure(op, "the condition is not decided");
    Block &taken = condition.isZero() ? op.getElseRegion().front()
                                      : op.getThenRegion().front();
    SmallVector<Value> yielded(taken.getTerminator()->getOperands());
    for (auto [value, result] : llvm::zip_equal(yielded, op.getResults()))
      if (value.getType() != result.getType())
        return rewriter.notifyMatchFailure(op, "the result is more general");
    rewriter.eraseOp(taken.getTerminator());
    rewriter.inlineBlockBefore(&taken, op);
    rewriter.replaceOp(op, yielded);
    return success();
  }
};

/// Results that nobody uses are not computed.
struct UnusedIfResults : OpRewritePattern<IfOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(IfOp op,
                                PatternRewriter &rewriter) const override {
    llvm::BitVector unused(op.getNumResults());
    for (OpResult result : op.getResults())
      unused[result.getResultNumber()] = result.use_empty();
    if (unused.none())
      return rewriter.notifyMatchFailure(op, "all results are used");
    SmallVector<Type> types;
    SmallVector<Value> used;
    for (OpResult result : op.getResults())
      if (!unused[result.getResultNumber()]) {
        types.push_back(result.getType());
        used.push_back(result);
      }
    auto smaller =
        IfOp::create(rewriter, op.getLoc(), types, op.getCondition());
    replaceBySmaller(rewriter, op, smaller, used, unused);
    return success();
  }
};

} // namespace

void IfOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                       MLIRContext *context) {
  patterns.add<DecidedIf, UnusedIfResults>(context);
}

//===----------------------------------------------------------------------===//
// Loop
//===----------------------------------------------------------------------===//

bool LoopOp::isVarying(unsigned carried, int64_t axis) {
  auto axes = cast<DenseI64ArrayAttr>(getVarying()[carried]);
  return llvm::is_contained(axes.asArrayRef(), axis);
}

bool LoopOp::isCounted() {
  return getTrips() && matchPattern(getCondition(), m_One()) &&
         matchPattern(getNextCondition(), m_One());
}

/// The type of a stack of tensors of type `part`.
static bool fitsStack(Type part, Type stack) {
  auto from = dyn_cast<RankedTensorType>(part);
  auto to = dyn_cast<RankedTensorType>(stack);
  return from && to && to.getRank() == from.getRank() + 1 &&
         fits(from, RankedTensorType::get(to.getShape().drop_front(),
                                          to.getElementType()));
}

LogicalResult LoopOp::verify() {
  Block &block = getBody().front();
  auto yield = dyn_cast<YieldOp>(block.getTerminator());
  size_t carried = getInits().size();
  if (block.getNumArguments() != carried + 1 ||
      !getIteration().getType().isIndex() ||
      getVarying().size() != carried) // C1
    return emitOpError() << "expected a region with an index and " << carried
                         << " carried tensors, and as many lists of axes";
  if (!yield || getNumResults() < carried ||
      yield.getNumOperands() != getNumResults() + 1 ||
      !yield.getOperand(0).getType().isInteger(1)) // C1
    return emitOpError() << "expected a region that yields a condition and "
                         << getNumResults() << " values";
  for (auto [init, argument, next, result] : llvm::zip_equal(
           getInits(), getCarried(), getNextCarried(), getCarriedResults()))
    for (Type type : {init.getType(), next.getType(), result.getType()})
      if (!fits(type, argument.getType()) ||
          result.getType() != argument.getType()) // C1
        return emitOpError()
               << "carries " << type << " as " << argument.getType();
  for (auto [part, stack] : llvm::zip_equal(getToStack(), getStacks()))
    if (!fitsStack(part.getType(), stack.getType())) // C2
      return emitOpError() << "stacks " << part.getType() << " into "
                           << stack.getType();
  return success();
}

namespace {

/// Stacks that nobody uses are not kept.
struct UnusedStacks : OpRewritePattern<LoopOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(LoopOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<Type> types(op.getCarriedResults().getTypes());
    SmallVector<Value> used(op.getCarriedResults());
    llvm::BitVector unused(op.getNumResults() + 1);
    for (OpResult stack : op.getStacks()) {
      if (stack.use_empty()) {
        unused.set(stack.getResultNumber() + 1);
        continue;
      }
      types.push_back(stack.getType());
      used.push_back(stack);
    }
    if (unused.none())
      return rewriter.notifyMatchFailure(op, "all stacks are used");
    auto smaller =
        LoopOp::create(rewriter, op.getLoc(), types, op.getTrips(),
                       op.getCondition(), op.getInits(), op.getVarying());
    replaceBySmaller(rewriter, op, smaller, used, unused);
    return success();
  }
};

} // namespace

void LoopOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                         MLIRContext *context) {
  patterns.add<UnusedStacks>(context);
}

#define GET_OP_CLASSES
#include "mlc/Dialect/Mlc/IR/MlcControlFlow.cpp.inc"
