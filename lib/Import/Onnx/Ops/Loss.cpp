//===- Loss.cpp - Losses of classification --------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "Composites.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

namespace {
/// Which class each place has, and whether it counts.
struct Target {
  /// [batch, 1, places...], true where the class along axis 1 is the target.
  Formula isClass;
  /// [batch, 1, places...]
  Formula counts;
};
} // namespace

/// A class out of range would silently cost nothing: it ends the run.
static void checkClasses(NodeContext &node, const Formula &target,
                         const Formula &counts, const Expr &classes) {
  Formula zero = target.number(0);
  Formula limit = target.of(node.count(classes, target.element()));
  Formula isInside =
      target.apply<GreaterEqualOp>(zero) & target.apply<LessOp>(limit);
  Formula isFine = isInside.apply<OrOp>(counts.apply<NotOp>());
  node.requireAll(isFine.get(), "a target is no class");
}

static Target readTarget(NodeContext &node, const Formula &scores) {
  Formula target = Formula(node, 1).unsqueeze(1);
  Formula all =
      makeIota(node, scores.size(1), target.element(), 1, scores.rank());
  Formula counts = target.apply<NotEqualOp>(
      static_cast<double>(node.getInt("ignore_index", -1)));
  if (!node.hasAttribute("ignore_index"))
    counts = target.apply<EqualOp>(target);
  checkClasses(node, target, counts, scores.size(1));
  return {target.apply<EqualOp>(all), counts};
}

/// Minus the score of the target class, weighted, and reduced as the attribute
/// says. `scores` are logarithms of probabilities, [batch, class, places...].
static Formula computeLoss(NodeContext &node, const Formula &scores) {
  StringRef reduction = node.getChoice("reduction", {"mean", "sum", "none"});
  if (!scores || scores.rank() < 2 ||
      NodeContext::rankOf(node.input(1)) != scores.rank() - 1) {
    node.report("expected scores with a class axis and targets without it, "
                "found " +
                debugString(node.input(0).getType()) + " and " +
                debugString(node.input(1).getType()));
    return scores.of(nullptr);
  }
  for (int64_t axis : llvm::seq<int64_t>(1, scores.rank()))
    node.requireEqual(node.shapes.size(node.input(1), axis - 1),
                      scores.size(axis == 1 ? 0 : axis),
                      "a size of targets and scores");
  Target target = readTarget(node, scores);
  Formula chosen = scores.where(target.isClass, 0).sum(1);
  Formula loss = chosen.apply<NegOp>();
  Formula weight = loss.number(1);
  if (node.hasInput(2)) {
    Exprs shape(scores.rank() - 1, Expr(1));
    shape.front() = scores.size(1);
    Formula weights = Formula(node, 2).cast(scores.element()).reshape(shape);
    weight = weights.where(target.isClass, 0).sum(1);
    loss = loss * weight;
  }
  loss = loss.where(target.counts, 0).squeeze(1);
  if (reduction == "none")
    return loss;
  SmallVector<int64_t> all = axesFrom(0, loss.rank());
  Formula total = loss.sum(all);
  if (reduction == "mean")
    total = total / weight.where(target.counts, 0).squeeze(1).sum(all);
  return total.reshape({});
}

static LogicalResult convertNllLoss(NodeContext &node) {
  Formula input(node, 0);
  node.setResult(computeLoss(node, input.widen()).cast(input.element()).get());
  return success();
}

static LogicalResult convertCrossEntropyLoss(NodeContext &node) {
  Formula input(node, 0);
  if (input.rank() < 2)
    return node.error("expected scores with a class axis, found " +
                      input.typeText());
  Formula scores = logSoftmax(input.widen(), 1);
  node.setResult(computeLoss(node, scores).cast(input.element()).get());
  node.setResult(scores.cast(input.element()).get(), 1);
  return success();
}

void mlc::onnx::addLosses(ConverterTable &table) {
  table.add("NegativeLogLikelihoodLoss", {12, 2, 3, convertNllLoss});
  table.add("SoftmaxCrossEntropyLoss", {12, 2, 3, convertCrossEntropyLoss});
}
