//===- Contrib.cpp - Fused ops of onnxruntime's domain --------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What optimizers of models write most often into the domain "com.microsoft".
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "Heads.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

static constexpr StringLiteral domain = "com.microsoft";

//===----------------------------------------------------------------------===//
// Activations and products
//===----------------------------------------------------------------------===//

/// An activation of the first input, to which the second, if any, is added.
template <Formula (*activation)(NodeContext &, const Formula &)>
static LogicalResult convertBiased(NodeContext &node) {
  Formula input(node, size_t(0)), x = input.widen();
  if (node.hasInput(1))
    x = x + Formula(node, 1).widen();
  node.setResult(activation(node, x).cast(input.element()).get());
  return success();
}

static Formula exactGelu(NodeContext &, const Formula &x) {
  return gelu(x, /*isTanh=*/false);
}

static Formula fastGelu(NodeContext &, const Formula &x) {
  return gelu(x, /*isTanh=*/true);
}

static Formula quickGelu(NodeContext &node, const Formula &x) {
  return swish(x, node.getFloat("alpha", 1.702));
}

/// Moves the first axis behind the others of the batch, then swaps the last
/// two, as the attributes say.
static Formula arrangeFactor(const Formula &x, bool swapsBatch, bool swaps) {
  if (!x || x.rank() < 2)
    return x;
  SmallVector<int64_t> permutation = axesFrom(0, x.rank());
  if (swapsBatch)
    std::rotate(permutation.begin(), permutation.begin() + 1,
                permutation.end() - 1);
  if (swaps)
    std::swap(permutation.back(), permutation[permutation.size() - 2]);
  return x.transpose(permutation);
}

static LogicalResult convertFusedMatMul(NodeContext &node) {
  Formula input(node, size_t(0));
  Formula x = arrangeFactor(input, node.getInt("transBatchA", 0) != 0,
                            node.getInt("transA", 0) != 0);
  Formula y =
      arrangeFactor(Formula(node, 1), node.getInt("transBatchB", 0) != 0,
                    node.getInt("transB", 0) != 0);
  Formula product = matmul(x.widen(), y.widen()) * node.getFloat("alpha", 1);
  node.setResult(product.cast(input.element()).get());
  return success();
}

//===----------------------------------------------------------------------===//
// Normalization of sums
//===----------------------------------------------------------------------===//

namespace {
struct Normalized {
  Formula result, mean, invStdDev;
};
} // namespace

static Normalized normalizeRows(const Formula &x, double epsilon) {
  int64_t last = x.rank() - 1;
  Formula mean = x.mean(last), centred = x - mean;
  Formula variance = (centred * centred).mean(last);
  Formula inverse = (variance + epsilon).apply<RsqrtOp>();
  return {centred * inverse, mean, inverse};
}

static Normalized normalizeRootMeanSquare(const Formula &x, double epsilon) {
  Formula square = (x * x).mean(x.rank() - 1);
  Formula inverse = (square + epsilon).apply<RsqrtOp>();
  return {x * inverse, x.of(nullptr), inverse};
}

/// The input, what was skipped and a bias are added, normalized, scaled by
/// input 2 and shifted by input `shift`; the sum is output 3.
template <Normalized (*normalize)(const Formula &, double), size_t shift,
          size_t bias>
static LogicalResult convertSkipNorm(NodeContext &node) {
  Formula input(node, size_t(0));
  Formula sum = input.widen() + Formula(node, 1).widen();
  if (node.hasInput(bias))
    sum = sum + Formula(node, bias).widen();
  Normalized normal = normalize(sum, node.getFloat("epsilon", 1e-12));
  Formula y = normal.result * Formula(node, 2).widen();
  if (shift != bias && node.hasInput(shift))
    y = y + Formula(node, shift).widen();
  node.setResult(y.cast(input.element()).get());
  node.setResult(normal.mean.get(), 1);
  node.setResult(normal.invStdDev.get(), 2);
  node.setResult(sum.cast(input.element()).get(), 3);
  return success();
}

/// Inputs: token and segment numbers, the tables of words, places and segments,
/// scale, shift, mask, places.
static LogicalResult convertEmbedLayerNorm(NodeContext &node) {
  auto look = [&](size_t table, Value indices) {
    return Formula(node, gather(node, node.input(table), indices, 0)).widen();
  };
  Formula sum = look(2, node.input(0));
  Formula places = node.hasInput(8)
                       ? look(3, node.input(8))
                       : Formula(node, 3).widen().slice(0, 0, sum.size(1));
  sum = sum + places;
  if (node.hasInput(1) && node.hasInput(4))
    sum = sum + look(4, node.input(1));
  Normalized normal = normalizeRows(sum, node.getFloat("epsilon", 1e-12));
  Formula y =
      normal.result * Formula(node, 5).widen() + Formula(node, 6).widen();
  Type element = elementTypeOf(node.input(2));
  node.setResult(y.cast(element).get());
  if (node.numResults() > 1 && node.hasInput(7)) {
    // How many tokens of each row the mask lets through.
    Type i32 = node.builder.getI32Type();
    Formula kept = Formula(node, 7).cast(i32).sum(1);
    node.setResult(kept.squeeze(1).get(), 1);
  }
  node.setResult(sum.cast(element).get(), 2);
  return success();
}

void mlc::onnx::addContrib(ConverterTable &table) {
  auto add = [&](StringRef op, const Converter &converter) {
    table.add(op, converter, domain);
  };
  add("BiasGelu", {1, 2, 2, convertBiased<exactGelu>});
  add("EmbedLayerNormalization", {1, 7, 9, convertEmbedLayerNorm});
  add("FastGelu", {1, 1, 2, convertBiased<fastGelu>});
  add("FusedMatMul", {1, 2, 2, convertFusedMatMul});
  add("Gelu", {1, 1, 1, convertBiased<exactGelu>});
  add("QuickGelu", {1, 1, 1, convertBiased<quickGelu>});
  add("SkipLayerNormalization",
      {1, 3, 5, convertSkipNorm<normalizeRows, 3, 4>});
  add("SkipSimplifiedLayerNormalization",
      {1, 3, 4, convertSkipNorm<normalizeRootMeanSquare, 3, 3>});
}
