//===- LoopBuilder.cpp - Loops out of their bodies ------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

namespace {

/// The axes along which each carried tensor varies.
using Axes = SmallVector<SmallVector<int64_t>>;

class LoopMaker {
public:
  LoopMaker(NodeContext &node, const Expr &trips, Value condition,
            ValueRange inits, LoopBody body)
      : node(node), builder(node.builder), inits(inits), body(body),
        varying(inits.size()), condition(condition) {
    if (trips)
      this->trips = node.materialize(trips);
    if (!condition)
      this->condition = isTrue();
  }

  FailureOr<SmallVector<Value>> run();

private:
  Value isTrue() {
    return arith::ConstantIntOp::create(builder, node.loc, 1, 1);
  }
  LoopOp open();
  std::optional<LoopStep> fill(LoopOp loop);
  LogicalResult findVarying(LoopOp loop, const LoopStep &step, bool &isNew);
  RankedTensorType stackType(LoopOp loop, Value part);
  SmallVector<Value> close(LoopOp loop, const LoopStep &step);
  /// The analysis may know the op: it stays until the end of the import.
  void discard(LoopOp loop) {
    loop->remove();
    node.context.replaced.push_back(loop);
  }
  ArrayAttr varyingAttr() {
    SmallVector<mlir::Attribute> lists;
    for (ArrayRef<int64_t> axes : varying)
      lists.push_back(builder.getDenseI64ArrayAttr(axes));
    return builder.getArrayAttr(lists);
  }

  NodeContext &node;
  OpBuilder &builder;
  ValueRange inits;
  LoopBody body;
  Axes varying;
  Value trips, condition;
};

} // namespace

/// A loop without results whose region has its arguments.
LoopOp LoopMaker::open() {
  auto loop = LoopOp::create(builder, node.loc, TypeRange(), trips, condition,
                             inits, varyingAttr());
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Type> types = {builder.getIndexType()};
  for (auto [init, axes] : llvm::zip_equal(inits, varying)) {
    auto type = cast<RankedTensorType>(init.getType());
    SmallVector<int64_t> shape(type.getShape());
    for (int64_t axis : axes)
      shape[axis] = ShapedType::kDynamic;
    types.push_back(RankedTensorType::get(shape, type.getElementType()));
  }
  builder.createBlock(&loop.getBody(), {}, types,
                      SmallVector<Location>(types.size(), node.loc));
  return loop;
}

std::optional<LoopStep> LoopMaker::fill(LoopOp loop) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&loop.getBody().front());
  // What is computed in the body is not known around it.
  llvm::SaveAndRestore sizeFacts(node.context.sizeFacts);
  std::optional<LoopStep> step = body(loop.getIteration(), loop.getCarried());
  if (!step || node.hasFailed())
    return std::nullopt;
  SmallVector<Value> yielded = {step->condition ? step->condition : isTrue()};
  llvm::append_range(yielded, step->carried);
  llvm::append_range(yielded, step->stacked);
  YieldOp::create(builder, node.loc, yielded);
  return step;
}

/// Adds the axes along which what is carried on differs from what came.
LogicalResult LoopMaker::findVarying(LoopOp loop, const LoopStep &step,
                                     bool &isNew) {
  for (auto [number, next] : llvm::enumerate(step.carried)) {
    Value argument = loop.getCarried()[number];
    if (elementTypeOf(next) != elementTypeOf(argument) ||
        NodeContext::rankOf(next) != NodeContext::rankOf(argument))
      return node.error("carries " + debugString(argument.getType()) + " as " +
                        debugString(next.getType()) +
                        " into the next iteration; element type and rank must "
                        "stay");
    Exprs before = node.shapes.sizes(argument), after = node.shapes.sizes(next);
    for (int64_t axis : llvm::seq<int64_t>(0, before.size()))
      if (before[axis] != after[axis] &&
          !llvm::is_contained(varying[number], axis)) {
        varying[number].push_back(axis);
        isNew = true;
      }
  }
  return success();
}

RankedTensorType LoopMaker::stackType(LoopOp loop, Value part) {
  auto type = cast<RankedTensorType>(part.getType());
  std::optional<int64_t> count;
  if (loop.isCounted())
    count = node.shapes.value(trips).getLiteral();
  SmallVector<int64_t> shape = {count ? std::max<int64_t>(*count, 0)
                                      : ShapedType::kDynamic};
  llvm::append_range(shape, type.getShape());
  return RankedTensorType::get(shape, type.getElementType());
}

SmallVector<Value> LoopMaker::close(LoopOp loop, const LoopStep &step) {
  SmallVector<Type> types;
  for (Value argument : loop.getCarried())
    types.push_back(argument.getType());
  for (Value part : step.stacked)
    types.push_back(stackType(loop, part));
  auto final = LoopOp::create(builder, node.loc, types, trips, condition, inits,
                              varyingAttr());
  final.getBody().takeBody(loop.getBody());
  discard(loop);
  return SmallVector<Value>(final.getResults());
}

FailureOr<SmallVector<Value>> LoopMaker::run() {
  while (!node.hasFailed()) {
    LoopOp loop = open();
    std::optional<LoopStep> step = fill(loop);
    bool isNew = false;
    if (!step || failed(findVarying(loop, *step, isNew))) {
      discard(loop);
      return failure();
    }
    if (!isNew)
      return close(loop, *step);
    discard(loop);
  }
  return failure();
}

FailureOr<SmallVector<Value>>
mlc::onnx::buildLoop(NodeContext &node, const Expr &trips, Value condition,
                     ValueRange inits, LoopBody body) {
  if (node.hasFailed())
    return failure();
  return LoopMaker(node, trips, condition, inits, body).run();
}
