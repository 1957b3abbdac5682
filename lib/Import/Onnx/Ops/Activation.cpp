//===- Activation.cpp - Activations of ONNX with parameters ---------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

namespace {

/// Arithmetic on tensors of one shape and on numbers, which stand for tensors
/// that hold them everywhere.
class Formula {
public:
  Formula(NodeContext &node, Value value) : node(&node), value(value) {}

  Formula number(double literal) const {
    return {*node, node->splatLike(literal, value)};
  }
  template <class Op> Formula apply() const {
    return {*node, node->create<Op>(value)};
  }
  template <class Op> Formula apply(const Formula &other) const {
    return {*node, node->create<Op>(value, other.value)};
  }
  template <class Op> Formula apply(double literal) const {
    return apply<Op>(number(literal));
  }
  Formula operator+(const Formula &y) const { return apply<AddOp>(y); }
  Formula operator+(double y) const { return apply<AddOp>(y); }
  Formula operator-(double y) const { return apply<SubOp>(y); }
  Formula operator*(const Formula &y) const { return apply<MulOp>(y); }
  Formula operator*(double y) const { return y == 1 ? *this : apply<MulOp>(y); }
  Formula operator/(double y) const { return y == 1 ? *this : apply<DivOp>(y); }
  /// This where `condition` holds, else `other`.
  Formula where(const Formula &condition, const Formula &other) const {
    return {*node, node->create<SelectOp>(condition.value, value, other.value)};
  }

  Value get() const { return value; }

private:
  NodeContext *node;
  Value value;
};

} // namespace

/// Makes a converter of a function from the input to the result.
template <Formula (*formula)(NodeContext &, const Formula &)>
static LogicalResult convert(NodeContext &node) {
  Value x = node.input(0);
  Formula result = formula(node, Formula(node, node.widen(x)));
  node.setResult(node.cast(result.get(), elementTypeOf(x)));
  return success();
}

static Formula leakyRelu(NodeContext &node, const Formula &x) {
  double alpha = node.getFloat("alpha", 0.01);
  return (x * alpha).where(x.apply<LessOp>(0), x);
}

static Formula elu(NodeContext &node, const Formula &x) {
  double alpha = node.getFloat("alpha", 1);
  return ((x.apply<ExpOp>() - 1) * alpha).where(x.apply<LessOp>(0), x);
}

static Formula selu(NodeContext &node, const Formula &x) {
  double alpha = node.getFloat("alpha", 1.67326319217681884765625);
  double gamma = node.getFloat("gamma", 1.05070102214813232421875);
  Formula below = (x.apply<ExpOp>() - 1) * alpha;
  return below.where(x.apply<LessEqualOp>(0), x) * gamma;
}

static Formula celu(NodeContext &node, const Formula &x) {
  double alpha = node.getFloat("alpha", 1);
  Formula below = ((x / alpha).apply<ExpOp>() - 1) * alpha;
  return x.apply<MaxOp>(0) + below.apply<MinOp>(0);
}

static Formula clampToUnit(const Formula &x) {
  return x.apply<MaxOp>(0).apply<MinOp>(1);
}

static Formula hardSigmoid(NodeContext &node, const Formula &x) {
  double alpha = node.getFloat("alpha", 0.2), beta = node.getFloat("beta", 0.5);
  return clampToUnit(x * alpha + beta);
}

static Formula hardSwish(NodeContext &, const Formula &x) {
  return x * clampToUnit(x * (1.0 / 6) + 0.5);
}

static Formula mish(NodeContext &, const Formula &x) {
  return x * x.apply<SoftplusOp>().apply<TanhOp>();
}

static Formula swish(NodeContext &node, const Formula &x) {
  return x * (x * node.getFloat("alpha", 1)).apply<SigmoidOp>();
}

static Formula gelu(NodeContext &node, const Formula &x) {
  if (node.getChoice("approximate", {"none", "tanh"}) == "none")
    return x * 0.5 * ((x * 0.70710678118654752440).apply<ErfOp>() + 1);
  Formula inner = x + x * x * x * 0.044715;
  return x * 0.5 * ((inner * 0.79788456080286535588).apply<TanhOp>() + 1);
}

static Formula thresholdedRelu(NodeContext &node, const Formula &x) {
  return x.where(x.apply<GreaterOp>(node.getFloat("alpha", 1)), x.number(0));
}

static Formula shrink(NodeContext &node, const Formula &x) {
  double bias = node.getFloat("bias", 0), lambda = node.getFloat("lambd", 0.5);
  Formula above = (x - bias).where(x.apply<GreaterOp>(lambda), x.number(0));
  return (x + bias).where(x.apply<LessOp>(-lambda), above);
}

/// The parameters are floats even where the numbers are integers, which are cut
/// in the end.
static LogicalResult convertShrink(NodeContext &node) {
  Value x = node.input(0);
  Type element = elementTypeOf(x);
  Value work = isa<FloatType>(element)
                   ? node.widen(x)
                   : node.cast(x, node.builder.getF64Type());
  node.setResult(node.cast(shrink(node, Formula(node, work)).get(), element));
  return success();
}

static LogicalResult convertPRelu(NodeContext &node) {
  Formula x(node, node.input(0));
  Formula slope(
      node, node.broadcast(node.input(1), node.shapes.sizes(node.input(0))));
  node.setResult((x * slope).where(x.apply<LessOp>(0), x).get());
  return success();
}

/// Limits were attributes before version 11. Absent inputs set no limit.
static LogicalResult convertClip(NodeContext &node) {
  Value x = node.input(0);
  auto limit = [&](StringRef attribute, size_t index) -> Value {
    if (node.opset < 11)
      return node.hasAttribute(attribute)
                 ? node.splatLike(node.getFloat(attribute, 0), x)
                 : Value();
    return node.hasInput(index)
               ? node.broadcast(node.input(index), node.shapes.sizes(x))
               : Value();
  };
  if (Value low = limit("min", 1))
    x = node.create<MaxOp>(x, low);
  if (Value high = limit("max", 2))
    x = node.create<MinOp>(x, high);
  node.setResult(x);
  return success();
}

void mlc::onnx::addActivations(ConverterTable &table) {
  table.add("Celu", {12, 1, 1, convert<celu>});
  table.add("Clip", {6, 1, 3, convertClip});
  table.add("Elu", {6, 1, 1, convert<elu>});
  table.add("Gelu", {20, 1, 1, convert<gelu>});
  table.add("HardSigmoid", {6, 1, 1, convert<hardSigmoid>});
  table.add("HardSwish", {14, 1, 1, convert<hardSwish>});
  table.add("LeakyRelu", {6, 1, 1, convert<leakyRelu>});
  table.add("Mish", {18, 1, 1, convert<mish>});
  table.add("PRelu", {7, 2, 2, convertPRelu});
  table.add("Selu", {6, 1, 1, convert<selu>});
  table.add("Shrink", {9, 1, 1, convertShrink});
  table.add("Swish", {24, 1, 1, convert<swish>});
  table.add("ThresholdedRelu", {10, 1, 1, convert<thresholdedRelu>});
}
