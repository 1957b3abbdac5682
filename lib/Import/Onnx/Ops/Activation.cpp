//===- Activation.cpp - Activations of ONNX with parameters ---------------===//
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

/// Makes a converter of a function from the input to the result.
template <Formula (*formula)(NodeContext &, const Formula &)>
static LogicalResult convert(NodeContext &node) {
  Value x = node.input(0);
  Formula result = formula(node, Formula(node, x).widen());
  node.setResult(node.cast(result.get(), elementTypeOf(x)));
  return success();
}

static Formula leakyRelu(const Formula &x, double alpha) {
  return (x * alpha).where(x.apply<LessOp>(0), x);
}

static Formula leakyReluOf(NodeContext &node, const Formula &x) {
  return leakyRelu(x, node.getFloat("alpha", 0.01));
}

static Formula elu(const Formula &x, double alpha) {
  return ((x.apply<ExpOp>() - 1) * alpha).where(x.apply<LessOp>(0), x);
}

static Formula eluOf(NodeContext &node, const Formula &x) {
  return elu(x, node.getFloat("alpha", 1));
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

static Formula hardSigmoid(const Formula &x, double alpha, double beta) {
  return (x * alpha + beta).clamp(0, 1);
}

static Formula hardSigmoidOf(NodeContext &node, const Formula &x) {
  return hardSigmoid(x, node.getFloat("alpha", 0.2),
                     node.getFloat("beta", 0.5));
}

static Formula hardSwish(NodeContext &, const Formula &x) {
  return x * hardSigmoid(x, 1.0 / 6, 0.5);
}

static Formula mish(NodeContext &, const Formula &x) {
  return x * x.apply<SoftplusOp>().apply<TanhOp>();
}

Formula mlc::onnx::swish(const Formula &x, double alpha) {
  return x * (x * alpha).apply<SigmoidOp>();
}

static Formula swishOf(NodeContext &node, const Formula &x) {
  return swish(x, node.getFloat("alpha", 1));
}

Formula mlc::onnx::gelu(const Formula &x, bool isTanh) {
  if (!isTanh)
    return x * 0.5 * ((x * 0.70710678118654752440).apply<ErfOp>() + 1);
  Formula inner = x + x * x * x * 0.044715;
  return x * 0.5 * ((inner * 0.79788456080286535588).apply<TanhOp>() + 1);
}

static Formula geluOf(NodeContext &node, const Formula &x) {
  return gelu(x, node.getChoice("approximate", {"none", "tanh"}) == "tanh");
}

static Formula thresholdedRelu(const Formula &x, double alpha) {
  return x.where(x.apply<GreaterOp>(alpha), 0.0);
}

static Formula thresholdedReluOf(NodeContext &node, const Formula &x) {
  return thresholdedRelu(x, node.getFloat("alpha", 1));
}

static Formula shrink(NodeContext &node, const Formula &x) {
  double bias = node.getFloat("bias", 0), lambda = node.getFloat("lambd", 0.5);
  Formula above = (x - bias).where(x.apply<GreaterOp>(lambda), 0.0);
  return (x + bias).where(x.apply<LessOp>(-lambda), above);
}

/// The gate comes first.
static LogicalResult convertSwiGlu(NodeContext &node) {
  Formula gate(node, 0), linear(node, 1);
  Formula y = swish(gate.widen(), node.getFloat("alpha", 1)) * linear.widen();
  node.setResult(y.cast(gate.element()).get());
  return success();
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

/// Before version 7 a slope of one axis belongs to the channels.
static LogicalResult convertPRelu(NodeContext &node) {
  Formula x(node, size_t(0)), slope(node, 1);
  if (node.opset < 7 && slope.rank() == 1 && x.rank() > 1 &&
      !slope.size(0).is(1)) {
    Exprs sizes(x.rank() - 1, Expr(1));
    sizes.front() = slope.size(0);
    slope = slope.reshape(sizes);
  }
  Formula scaled = x * slope.broadcast(x.sizes());
  node.setResult(scaled.where(x.apply<LessOp>(0), x).get());
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

//===----------------------------------------------------------------------===//
// Activations by name
//===----------------------------------------------------------------------===//

template <class Op>
static Formula same(const Formula &x, double /*alpha*/, double /*beta*/) {
  return x.apply<Op>();
}

template <Formula (*function)(const Formula &, double)>
static Formula withAlpha(const Formula &x, double alpha, double /*beta*/) {
  return function(x, alpha);
}

static Formula scaleAndShift(const Formula &x, double alpha, double beta) {
  return x * alpha + beta;
}

static Formula scaledTanh(const Formula &x, double alpha, double beta) {
  return (x * beta).apply<TanhOp>() * alpha;
}

static constexpr NamedActivation namedActivations[] = {
    {"Affine", true, true, 1, 0, scaleAndShift},
    {"Elu", true, false, 1, 0, withAlpha<elu>},
    {"HardSigmoid", true, true, 0.2, 0.5, hardSigmoid},
    {"LeakyRelu", true, false, 0.01, 0, withAlpha<leakyRelu>},
    {"Relu", false, false, 0, 0, same<ReluOp>},
    {"ScaledTanh", true, true, 1, 1, scaledTanh},
    {"Sigmoid", false, false, 0, 0, same<SigmoidOp>},
    {"Softplus", false, false, 0, 0, same<SoftplusOp>},
    {"Softsign", false, false, 0, 0, same<SoftsignOp>},
    {"Tanh", false, false, 0, 0, same<TanhOp>},
    {"ThresholdedRelu", true, false, 1, 0, withAlpha<thresholdedRelu>},
};

const NamedActivation *mlc::onnx::findActivation(StringRef name) {
  const auto *found =
      llvm::find_if(namedActivations, [&](const NamedActivation &activation) {
        return name.equals_insensitive(activation.name);
      });
  return found == std::end(namedActivations) ? nullptr : found;
}

void mlc::onnx::addActivations(ConverterTable &table) {
  table.add("Celu", {12, 1, 1, convert<celu>});
  table.add("Clip", {6, 1, 3, convertClip});
  table.add("Elu", {6, 1, 1, convert<eluOf>});
  table.add("Gelu", {20, 1, 1, convert<geluOf>});
  table.add("HardSigmoid", {6, 1, 1, convert<hardSigmoidOf>});
  table.add("HardSwish", {14, 1, 1, convert<hardSwish>});
  table.add("LeakyRelu", {6, 1, 1, convert<leakyReluOf>});
  table.add("Mish", {18, 1, 1, convert<mish>});
  table.add("PRelu", {6, 2, 2, convertPRelu});
  table.add("Selu", {6, 1, 1, convert<selu>});
  table.add("Shrink", {9, 1, 1, convertShrink});
  table.add("SwiGLU", {28, 2, 2, convertSwiGlu});
  table.add("Swish", {24, 1, 1, convert<swishOf>});
  table.add("ThresholdedRelu", {10, 1, 1, convert<thresholdedReluOf>});
}
