//===- Elementwise.cpp - Elementwise ops ----------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Dialect/Mlc/IR/Mlc.h"

using namespace mlir;
using namespace mlc;

LogicalResult mlc::inferElementwise(ValueRange operands, Type elementType,
                                    ShapeEnv &env,
                                    SmallVectorImpl<Inferred> &results) {
  // The condition of a select is boolean whatever it selects.
  ValueRange combined = operands.size() == 3 ? operands.drop_front() : operands;
  for (Value operand : combined.drop_front())
    if (elementTypeOf(operand) != elementTypeOf(combined.front())) // C2
      return env.error(Twine("expected operands of one element type, found ") +
                       debugString(elementTypeOf(combined.front())) + " and " +
                       debugString(elementTypeOf(operand)));
  SmallVector<Dim> dims = env.sizes(operands.front());
  for (Value operand : operands.drop_front()) { // C1
    SmallVector<Dim> others = env.sizes(operand);
    if (others.size() != dims.size())
      return env.error(Twine("expected operands of one shape, found ") +
                       debugString(operands.front().getType()) + " and " +
                       debugString(operand.getType()));
    for (auto [dim, other] : llvm::zip_equal(dims, others)) {
      std::optional<Dim> merged = env.merge(dim, other);
      if (!merged)
        return env.error(Twine("expected operands of one shape, found ") +
                         debugString(operands.front().getType()) + " and " +
                         debugString(operand.getType()));
      dim = *merged;
    }
  }
  results.push_back({elementType, std::move(dims)});
  return success();
}

OpFoldResult CastOp::fold(FoldAdaptor adaptor) {
  return getX().getType() == getType() ? OpFoldResult(getX()) : nullptr;
}

LogicalResult BitcastOp::infer(Adaptor op, ShapeEnv &env,
                               SmallVectorImpl<Inferred> &results) {
  Type from = elementTypeOf(op.getX()), to = op.getTo();
  if (!to.isIntOrFloat() ||
      from.getIntOrFloatBitWidth() != to.getIntOrFloatBitWidth()) // C1
    return env.error(Twine("expected element types of one width, found ") +
                     debugString(from) + " and " + debugString(to));
  return inferElementwise(op.getOperands(), to, env, results);
}

OpFoldResult BitcastOp::fold(FoldAdaptor adaptor) {
  return getX().getType() == getType() ? OpFoldResult(getX()) : nullptr;
}

#define GET_OP_CLASSES
#include "mlc/Dialect/Mlc/IR/MlcElementwise.cpp.inc"
