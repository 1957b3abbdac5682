//===- Normalization.cpp - Normalizations of ONNX -------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Mean and variance are taken in two passes and in f32 at least: what is summed
// up is the square of the distance from the mean.
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "Formula.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

namespace {
struct Moments {
  Formula mean, centred, variance;

  /// 1 / sqrt(variance + epsilon).
  Formula invStdDev(double epsilon) const {
    return (variance + epsilon).apply<RsqrtOp>();
  }
};
} // namespace

static Moments computeMoments(const Formula &x, ArrayRef<int64_t> axes) {
  Formula mean = x.mean(axes);
  Formula centred = x - mean;
  return {mean, centred, (centred * centred).mean(axes)};
}

/// A vector with one element per index of `axis`, ready to be combined with
/// tensors of `rank`.
static Formula alongAxis(const Formula &vector, int64_t axis, int64_t rank) {
  if (!vector || vector.rank() != 1)
    return vector;
  Exprs sizes(std::max<int64_t>(rank - axis, 1), Expr(1));
  sizes.front() = vector.size(0);
  return vector.reshape(sizes);
}

//===----------------------------------------------------------------------===//
// By channel
//===----------------------------------------------------------------------===//

namespace {
/// The operands of BatchNormalization, in the type that it computes in.
struct BatchNorm {
  Formula x, scale, bias, mean, variance;
  double epsilon;
};
} // namespace

/// y = x * a + b, where a = scale / sqrt(variance + epsilon) and
/// b = bias - mean * a are constants of most models.
static Formula applyAffine(const BatchNorm &norm, const Formula &mean,
                           const Formula &variance) {
  Formula a = norm.scale * (variance + norm.epsilon).apply<RsqrtOp>();
  return norm.x * a + (norm.bias - mean * a);
}

/// The statistics of the batch normalize it and are mixed into the running
/// ones.
static void trainBatchNorm(NodeContext &node, const BatchNorm &norm) {
  SmallVector<int64_t> axes = axesFrom(0, norm.x.rank());
  if (axes.size() > 1)
    axes.erase(axes.begin() + 1);
  Moments moments = computeMoments(norm.x, axes);
  Formula y = moments.centred * (norm.scale * moments.invStdDev(norm.epsilon)) +
              norm.bias;
  node.setResult(y.cast(elementTypeOf(node.input(0))).get());
  double momentum = node.getFloat("momentum", 0.9);
  auto mix = [&](const Formula &running, const Formula &current, size_t index) {
    Formula mixed = running * momentum + current * (1 - momentum);
    Value like = node.input(index + 2);
    node.setResult(
        mixed.reshape(node.shapes.sizes(like)).cast(elementTypeOf(like)).get(),
        index);
  };
  mix(norm.mean, moments.mean, 1);
  mix(norm.variance, moments.variance, 2);
}

static LogicalResult convertBatchNorm(NodeContext &node) {
  if (node.opset < 7 && node.getInt("is_test", 0) == 0)
    return node.unsupported("training with running statistics is not supported "
                            "before opset 14",
                            "export the model for inference");
  Type work = chooseWorkType(node, node.allInputs());
  int64_t rank = NodeContext::rankOf(node.input(0));
  auto read = [&](size_t index) { return Formula(node, index).cast(work); };
  auto readVector = [&](size_t index) {
    return alongAxis(read(index), std::min<int64_t>(1, rank - 1), rank);
  };
  BatchNorm norm = {read(0),       readVector(1),
                    readVector(2), readVector(3),
                    readVector(4), node.getFloat("epsilon", 1e-5)};
  if (node.opset >= 14 && node.getInt("training_mode", 0) != 0) {
    trainBatchNorm(node, norm);
    return success();
  }
  Formula y = applyAffine(norm, norm.mean, norm.variance);
  node.setResult(y.cast(elementTypeOf(node.input(0))).get());
  return success();
}

static LogicalResult convertInstanceNorm(NodeContext &node) {
  Formula input(node, 0);
  int64_t rank = input.rank();
  if (rank < 3)
    return node.error("expected an input with spatial axes, found " +
                      input.typeText());
  Type work = chooseWorkType(node, input.get());
  Moments moments = computeMoments(input.cast(work), axesFrom(2, rank));
  Formula scale = alongAxis(Formula(node, 1).cast(work), 1, rank);
  Formula bias = alongAxis(Formula(node, 2).cast(work), 1, rank);
  Formula a = scale * moments.invStdDev(node.getFloat("epsilon", 1e-5));
  node.setResult((moments.centred * a + bias).cast(input.element()).get());
  return success();
}

/// Groups of channels are rows of [batch, groups, elements]. Scale and bias
/// were per group before version 21 and are per channel since.
static LogicalResult convertGroupNorm(NodeContext &node) {
  Formula input(node, 0);
  int64_t rank = input.rank(), groups = node.requireInt("num_groups");
  if (rank < 2 || groups < 1)
    return node.error("expected channels and a positive number of groups, "
                      "found " +
                      input.typeText() + " and " + Twine(groups));
  Type work = chooseWorkType(node, input.get());
  Exprs sizes = input.sizes();
  if (isKnownNotEqual(mod(sizes[1], Expr(groups)), Expr(0)))
    return node.error("attribute \"num_groups\" is " + Twine(groups) +
                      ", which does not divide the channels, " +
                      sizes[1].toString());
  Expr perGroup = floorDiv(sizes[1], Expr(groups));
  // [batch, groups, channels of a group, spatial...]
  Exprs split(sizes);
  split[1] = perGroup;
  split.insert(split.begin() + 1, Expr(groups));
  Formula x = input.cast(work).reshape(split);
  Moments moments = computeMoments(x, axesFrom(2, rank + 1));
  auto spread = [&](size_t index) {
    Formula vector = Formula(node, index).cast(work);
    Exprs shape(rank, Expr(1));
    shape[0] = groups;
    shape[1] = node.opset < 21 ? Expr(1) : perGroup;
    return vector.reshape(shape);
  };
  Formula a = spread(1) * moments.invStdDev(node.getFloat("epsilon", 1e-5));
  Formula y = moments.centred * a + spread(2);
  node.setResult(y.reshape(sizes).cast(input.element()).get());
  return success();
}

//===----------------------------------------------------------------------===//
// By row
//===----------------------------------------------------------------------===//

/// The type of the statistics that are outputs.
static Type readStashType(NodeContext &node) {
  return node.toType(node.getInt("stash_type", 1));
}

static SmallVector<int64_t> readRowAxes(NodeContext &node, int64_t rank) {
  return axesFrom(node.normalizeAxis(node.getInt("axis", -1), rank), rank);
}

static LogicalResult convertLayerNorm(NodeContext &node) {
  Formula input(node, 0);
  Type work = chooseWorkType(node, input.get()), stash = readStashType(node);
  SmallVector<int64_t> axes = readRowAxes(node, input.rank());
  if (node.hasFailed())
    return failure();
  Moments moments = computeMoments(input.cast(work), axes);
  Formula inverse = moments.invStdDev(node.getFloat("epsilon", 1e-5));
  Formula y = moments.centred * inverse * Formula(node, 1).cast(work);
  if (node.hasInput(2))
    y = y + Formula(node, 2).cast(work);
  node.setResult(y.cast(input.element()).get());
  node.setResult(moments.mean.cast(stash).get(), 1);
  node.setResult(inverse.cast(stash).get(), 2);
  return success();
}

/// The second output is what exporters ask of SimplifiedLayerNormalization.
static LogicalResult convertRmsNorm(NodeContext &node) {
  Formula input(node, 0), scale(node, 1);
  Type work = chooseWorkType(node, node.allInputs());
  Type stash = readStashType(node);
  SmallVector<int64_t> axes = readRowAxes(node, input.rank());
  if (node.hasFailed())
    return failure();
  Formula x = input.cast(work);
  Formula square = (x * x).mean(axes) + node.getFloat("epsilon", 1e-5);
  Formula inverse = square.apply<RsqrtOp>();
  Formula y = x * inverse * scale.cast(work);
  node.setResult(y.cast(scale.element()).get());
  node.setResult(inverse.cast(stash).get(), 1);
  return success();
}

//===----------------------------------------------------------------------===//
// By norm
//===----------------------------------------------------------------------===//

static LogicalResult convertMeanVarianceNorm(NodeContext &node) {
  Formula input(node, 0);
  SmallVector<int64_t> axes = node.normalizeAxes(
      node.getInts("axes").value_or(SmallVector<int64_t>{0, 2, 3}),
      input.rank());
  if (node.hasFailed())
    return failure();
  Moments moments = computeMoments(input.widen(), axes);
  // The standard adds this to keep constant inputs from dividing by zero.
  Formula deviation = moments.variance.apply<SqrtOp>() + 1e-9;
  node.setResult((moments.centred / deviation).cast(input.element()).get());
  return success();
}

/// Where all elements are zero so is the result.
static LogicalResult convertLpNorm(NodeContext &node) {
  Formula input(node, 0);
  int64_t p = node.getInt("p", 2);
  int64_t axis = node.normalizeAxis(node.getInt("axis", -1), input.rank());
  if (p != 1 && p != 2)
    return node.error("attribute \"p\" is " + Twine(p) +
                      "; allowed are 1 and 2");
  if (node.hasFailed())
    return failure();
  Formula x = input.widen();
  Formula norm =
      p == 1 ? x.apply<AbsOp>().sum(axis) : (x * x).sum(axis).apply<SqrtOp>();
  Formula safe = norm.number(1).where(norm.apply<EqualOp>(0), norm);
  node.setResult((x / safe).cast(input.element()).get());
  return success();
}

void mlc::onnx::addNormalizations(ConverterTable &table) {
  table.add("BatchNormalization", {6, 5, 5, convertBatchNorm});
  table.add("GroupNormalization", {18, 3, 3, convertGroupNorm});
  table.add("InstanceNormalization", {6, 3, 3, convertInstanceNorm});
  table.add("LayerNormalization", {17, 2, 3, convertLayerNorm});
  table.add("LpNormalization", {1, 1, 1, convertLpNorm});
  table.add("MeanVarianceNormalization", {9, 1, 1, convertMeanVarianceNorm});
  table.add("RMSNormalization", {23, 2, 2, convertRmsNorm});
  // What exporters write into the default domain from version 1 on.
  table.add("SimplifiedLayerNormalization", {1, 2, 2, convertRmsNorm});
}
