//===- Elementwise.cpp - Elementwise ops of ONNX --------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "mlc/Dialect/Mlc/IR/OpList.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

//===----------------------------------------------------------------------===//
// Ops that mean the same here and there
//===----------------------------------------------------------------------===//

/// Gives all inputs one shape. Before version 7 an attribute may say at which
/// axis of the first those of the second begin.
static LogicalResult broadcastInputs(NodeContext &node,
                                     MutableArrayRef<Value> inputs) {
  if (node.opset < 7 && inputs.size() == 2 && node.hasAttribute("axis")) {
    int64_t rank = NodeContext::rankOf(inputs[0]);
    int64_t axis = node.normalizeAxis(node.getInt("axis", 0), rank);
    Exprs sizes = node.shapes.sizes(inputs[1]);
    if (axis + static_cast<int64_t>(sizes.size()) > rank)
      return node.error("axis " + Twine(axis) + " does not fit " +
                        debugString(inputs[0].getType()) + " and " +
                        debugString(inputs[1].getType()));
    sizes.resize(rank - axis, Expr(1));
    inputs[1] = node.reshape(inputs[1], sizes);
  }
  return node.broadcastTogether(inputs);
}

/// Makes `Op` from all inputs, broadcast to one shape.
template <class Op> static LogicalResult convertSame(NodeContext &node) {
  SmallVector<Value, 2> inputs(node.allInputs());
  if (failed(broadcastInputs(node, inputs)))
    return failure();
  if constexpr (Op::arity == 1)
    node.setResult(node.create<Op>(inputs[0]));
  else
    node.setResult(node.create<Op>(inputs[0], inputs[1]));
  return success();
}

static void addSameOps(ConverterTable &table) {
  ElementwiseOps::forEach([&]<class Op>() {
    if constexpr (requires { Op::onnxName; })
      if (!Op::onnxName.empty())
        table.add(Op::onnxName, {1, Op::arity, Op::arity, convertSame<Op>});
  });
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// Min, Max, Sum: a chain over any number of inputs.
template <class Op> static Value combineAll(NodeContext &node) {
  SmallVector<Value> inputs(node.allInputs());
  if (failed(node.broadcastTogether(inputs)))
    return nullptr;
  Value result = inputs.front();
  for (Value input : ArrayRef(inputs).drop_front())
    result = node.create<Op>(result, input);
  return result;
}

template <class Op> static LogicalResult convertVariadic(NodeContext &node) {
  node.setResult(combineAll<Op>(node));
  return success();
}

static LogicalResult convertMean(NodeContext &node) {
  Value sum = combineAll<AddOp>(node);
  node.setResult(node.create<DivOp>(
      sum, node.splatLike(static_cast<double>(node.numInputs()), sum)));
  return success();
}

static LogicalResult convertMod(NodeContext &node) {
  SmallVector<Value, 2> inputs(node.allInputs());
  if (failed(node.broadcastTogether(inputs)))
    return failure();
  bool isTruncated = node.getInt("fmod", 0) != 0;
  node.setResult(isTruncated ? node.create<RemOp>(inputs[0], inputs[1])
                             : node.create<ModOp>(inputs[0], inputs[1]));
  return success();
}

/// Base and exponent may be of different types; the result is of the base's.
/// Integers take the way over f64.
static LogicalResult convertPow(NodeContext &node) {
  SmallVector<Value, 2> inputs(node.allInputs());
  Type element = elementTypeOf(inputs[0]);
  Type work = isa<FloatType>(element) ? element : node.builder.getF64Type();
  for (Value &input : inputs)
    input = node.cast(input, work);
  if (failed(broadcastInputs(node, inputs)))
    return failure();
  node.setResult(node.cast(node.create<PowOp>(inputs[0], inputs[1]), element));
  return success();
}

//===----------------------------------------------------------------------===//
// Logic, bits and classification
//===----------------------------------------------------------------------===//

template <class Op> static LogicalResult convertLogic(NodeContext &node) {
  for (Value input : node.allInputs())
    if (!elementTypeOf(input).isInteger(1))
      return node.error("expected boolean inputs, found " +
                        debugString(input.getType()));
  return convertSame<Op>(node);
}

template <class Op> static LogicalResult convertBits(NodeContext &node) {
  for (Value input : node.allInputs())
    if (!isa<IntegerType>(elementTypeOf(input)) ||
        elementTypeOf(input).isInteger(1))
      return node.error("expected integer inputs, found " +
                        debugString(input.getType()));
  return convertSame<Op>(node);
}

static LogicalResult convertBitShift(NodeContext &node) {
  if (!node.hasAttribute("direction"))
    return node.error("attribute \"direction\" is missing");
  bool isLeft = node.getChoice("direction", {"LEFT", "RIGHT"}) == "LEFT";
  return isLeft ? convertBits<ShiftLeftOp>(node)
                : convertBits<ShiftRightOp>(node);
}

static LogicalResult convertIsInf(NodeContext &node) {
  Value x = node.input(0);
  bool negative = node.getInt("detect_negative", 1) != 0;
  bool positive = node.getInt("detect_positive", 1) != 0;
  if (!isa<FloatType>(elementTypeOf(x)))
    return node.error("expected a float input, found " +
                      debugString(x.getType()));
  Value infinite = node.create<IsInfOp>(x);
  Value zero = node.splatLike(0, x);
  if (!negative)
    infinite = node.create<AndOp>(infinite, node.create<GreaterOp>(x, zero));
  if (!positive)
    infinite = node.create<AndOp>(infinite, node.create<LessOp>(x, zero));
  node.setResult(infinite);
  return success();
}

static LogicalResult convertWhere(NodeContext &node) {
  SmallVector<Value, 3> inputs(node.allInputs());
  if (failed(node.broadcastTogether(inputs)))
    return failure();
  node.setResult(node.create<SelectOp>(inputs[0], inputs[1], inputs[2]));
  return success();
}

//===----------------------------------------------------------------------===//
// Conversion and copies
//===----------------------------------------------------------------------===//

static LogicalResult convertCast(NodeContext &node) {
  Type element = node.toType(node.requireInt("to"));
  node.setResult(node.cast(node.input(0), element));
  return success();
}

static LogicalResult convertCastLike(NodeContext &node) {
  node.setResult(node.cast(node.input(0), elementTypeOf(node.input(1))));
  return success();
}

/// A boolean is a byte in ONNX, and every byte but 0 is true.
static LogicalResult convertBitCast(NodeContext &node) {
  Value x = node.input(0);
  Type to = node.toType(node.requireInt("to"));
  if (node.hasFailed())
    return failure();
  Type byte = node.builder.getIntegerType(8);
  auto stored = [&](Type type) { return type.isInteger(1) ? byte : type; };
  Type from = stored(elementTypeOf(x)), result = stored(to);
  if (from.getIntOrFloatBitWidth() != result.getIntOrFloatBitWidth())
    return node.error("expected \"to\" to be as wide as " +
                      debugString(elementTypeOf(x)) + ", found " +
                      debugString(to));
  x = node.cast(x, from);
  if (from != result)
    x = node.create<BitcastOp>(x, result);
  node.setResult(node.cast(x, to));
  return success();
}

static LogicalResult convertIdentity(NodeContext &node) {
  node.setResult(node.input(0));
  return success();
}

/// Dropout keeps everything outside of training.
static LogicalResult convertDropout(NodeContext &node) {
  if (node.opset < 7 && node.getInt("is_test", 0) == 0)
    return node.unsupported("Dropout in training mode is not supported",
                            "export the model for inference");
  if (node.opset >= 12 && node.hasInput(2)) {
    std::optional<SmallVector<int64_t>> training = node.literals(2);
    if (!training)
      return failure();
    if (llvm::any_of(*training, [](int64_t value) { return value != 0; }))
      return node.unsupported("Dropout in training mode is not supported",
                              "export the model for inference");
  }
  node.setResult(node.input(0));
  if (node.numResults() > 1) {
    Exprs sizes = node.shapes.sizes(node.input(0));
    // The mask was of the input's type before version 10.
    Type mask = node.opset < 10 ? elementTypeOf(node.input(0))
                                : node.builder.getI1Type();
    node.setResult(node.broadcast(node.scalar(1, mask), sizes, {}), 1);
  }
  return success();
}

void mlc::onnx::addElementwise(ConverterTable &table) {
  addSameOps(table);
  table.add("Min", {1, 1, variadic, convertVariadic<MinOp>});
  table.add("Max", {1, 1, variadic, convertVariadic<MaxOp>});
  table.add("Sum", {1, 1, variadic, convertVariadic<AddOp>});
  table.add("Mean", {1, 1, variadic, convertMean});
  table.add("Mod", {10, 2, 2, convertMod});
  table.add("Pow", {1, 2, 2, convertPow});
  table.add("And", {1, 2, 2, convertLogic<AndOp>});
  table.add("Or", {1, 2, 2, convertLogic<OrOp>});
  table.add("Xor", {1, 2, 2, convertLogic<XorOp>});
  table.add("Not", {1, 1, 1, convertLogic<NotOp>});
  table.add("BitwiseAnd", {18, 2, 2, convertBits<AndOp>});
  table.add("BitwiseOr", {18, 2, 2, convertBits<OrOp>});
  table.add("BitwiseXor", {18, 2, 2, convertBits<XorOp>});
  table.add("BitwiseNot", {18, 1, 1, convertBits<NotOp>});
  table.add("BitShift", {11, 2, 2, convertBitShift});
  table.add("IsInf", {10, 1, 1, convertIsInf});
  table.add("Where", {9, 3, 3, convertWhere});
  table.add("Cast", {6, 1, 1, convertCast});
  table.add("CastLike", {15, 2, 2, convertCastLike});
  table.add("BitCast", {26, 1, 1, convertBitCast});
  table.add("Identity", {1, 1, 1, convertIdentity, /*takesLists=*/true});
  table.add("Dropout", {6, 1, 3, convertDropout});
}
