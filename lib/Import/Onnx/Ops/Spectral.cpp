//===- Spectral.cpp - Fourier transforms and windows ----------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A transform is a product with the matrix of its cosines and one of its sines.
// Both are made in f64 from exact angles: index times index is taken modulo the
// length before it becomes an angle.
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "Composites.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

static constexpr double pi = 3.14159265358979323846;

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// A sum of cosines: a0 + a2 cos(2 t) - a1 cos(t), where t goes once round. The
/// last term is as large as the others at the ends, where the sum is to be 0.
static Formula makeWindow(const Formula &turn, double a0, double a1,
                          double a2) {
  Formula window = turn.apply<CosOp>() * -a1;
  return a2 == 0 ? window + a0 : ((turn * 2).apply<CosOp>() * a2 + a0) + window;
}

template <auto coefficients>
static LogicalResult convertWindow(NodeContext &node) {
  Exprs size = node.elements(0);
  if (size.size() != 1)
    return node.error("expected a size of one element, found " +
                      debugString(node.input(0).getType()));
  node.requireNotNegative(size.front(), "the size of the window is negative");
  Type element = node.toType(node.getInt("output_datatype", 1));
  Type work = node.builder.getF64Type();
  bool isPeriodic = node.getInt("periodic", 1) != 0;
  Formula place = makeIota(node, size.front(), work);
  Expr period = isPeriodic ? size.front() : size.front() - Expr(1);
  Formula turn = place * (2 * pi) / place.of(node.count(period, work));
  Formula window =
      makeWindow(turn, coefficients[0], coefficients[1], coefficients[2]);
  node.setResult(window.cast(element).get());
  return success();
}

static constexpr std::array<double, 3> hann = {0.5, 0.5, 0};
static constexpr std::array<double, 3> hamming = {25.0 / 46, 21.0 / 46, 0};
static constexpr std::array<double, 3> blackman = {0.42, 0.5, 0.08};

//===----------------------------------------------------------------------===//
// Transforms
//===----------------------------------------------------------------------===//

namespace {
/// [rows, columns] of cosines and sines of 2 pi row column / length.
struct Waves {
  Formula cosine, sine;
};

/// Real and imaginary part; the second may be absent.
struct Complex {
  Formula re, im;
};
} // namespace

static Waves makeWaves(NodeContext &node, const Expr &rows, const Expr &columns,
                       const Expr &length) {
  Type index = node.builder.getI64Type(), work = node.builder.getF64Type();
  Formula row = makeIota(node, rows, index, 0, 2);
  Formula column = makeIota(node, columns, index, 1, 2);
  Formula period(node, node.count(length, index));
  Formula part = (row * column).apply<ModOp>(period);
  Formula angle = part.cast(work) * (2 * pi) / period.cast(work);
  return {angle.apply<CosOp>(), angle.apply<SinOp>()};
}

/// The last axis of `x` holds one number, or real and imaginary part.
static std::optional<Complex> splitComplex(const Formula &x) {
  NodeContext &node = x.context();
  int64_t last = x.rank() - 1;
  std::optional<int64_t> parts =
      last < 1 ? std::nullopt : x.size(last).getLiteral();
  if (!parts || *parts < 1 || *parts > 2) {
    node.report("expected an input whose last axis has size 1 or 2, found " +
                x.typeText());
    return std::nullopt;
  }
  Formula re = x.slice(last, 0, 1).squeeze(last);
  Formula im = *parts == 1 ? x.of(nullptr) : x.slice(last, 1, 1).squeeze(last);
  return Complex{re, im};
}

static Formula joinComplex(const Complex &x) {
  int64_t rank = x.re.rank();
  return x.re.unsqueeze(rank).concat(x.im.unsqueeze(rank), rank);
}

/// The sum of x[n] e^(sign i n k): `sign` is -1 for the transform and 1 for its
/// inverse.
static Complex transform(const Complex &x, const Waves &waves, double sign) {
  Formula cosine = waves.cosine, sine = waves.sine * sign;
  Complex y = {matmul(x.re, cosine), matmul(x.re, sine)};
  if (x.im)
    y = {y.re - matmul(x.im, sine), y.im + matmul(x.im, cosine)};
  return y;
}

/// The real signal whose transform begins with `x`: bins that have a mirror
/// image count twice.
static Formula invertOneSided(const Complex &x, const Waves &waves,
                              const Expr &length) {
  NodeContext &node = x.re.context();
  Type index = node.builder.getI64Type();
  int64_t rank = x.re.rank();
  Formula bin = makeIota(node, x.re.size(rank - 1), index, rank - 1, rank);
  Formula period(node, node.count(length, index));
  Formula isOwnMirror = (bin * 2).apply<ModOp>(period).apply<EqualOp>(0);
  Formula weight = x.re.number(1).where(isOwnMirror, x.re.number(2));
  Formula y = matmul(x.re * weight, waves.cosine);
  return x.im ? y - matmul(x.im * weight, waves.sine) : y;
}

namespace {
struct TransformSpec {
  int64_t axis;
  Expr length;
  bool isInverse, isOneSided;
};
} // namespace

static std::optional<TransformSpec> readTransform(NodeContext &node,
                                                  const Formula &x) {
  // The axis became an input at version 20.
  TransformSpec spec;
  spec.axis = node.getInt("axis", node.opset < 20 ? 1 : -2);
  if (node.opset >= 20 && node.hasInput(2)) {
    std::optional<SmallVector<int64_t>> axis = node.literals(2);
    if (!axis || axis->size() != 1)
      return std::nullopt;
    spec.axis = axis->front();
  }
  spec.axis = node.normalizeAxis(spec.axis, x.rank());
  spec.isInverse = node.getInt("inverse", 0) != 0;
  spec.isOneSided = node.getInt("onesided", 0) != 0;
  if (node.hasFailed())
    return std::nullopt;
  if (spec.axis == x.rank() - 1) {
    node.report("the last axis holds the parts of complex numbers and cannot "
                "be transformed");
    return std::nullopt;
  }
  Expr size = x.size(spec.axis);
  spec.length =
      spec.isInverse && spec.isOneSided ? (size - Expr(1)) * Expr(2) : size;
  if (node.hasInput(1)) {
    Exprs given = node.elements(1);
    if (given.size() != 1)
      return std::nullopt;
    spec.length = given.front();
    node.requireNotNegative(spec.length - Expr(1),
                            "the length of the transform is not positive");
  }
  node.requireNotNegative(spec.length,
                          "the length of the transform is negative");
  return node.hasFailed() ? std::nullopt : std::optional(spec);
}

/// An input that is longer than the transform is cut, a shorter one counts as
/// followed by zeros: only as many rows of the matrix are made as there are
/// elements to multiply.
static LogicalResult convertDft(NodeContext &node) {
  Formula input(node, size_t(0));
  std::optional<TransformSpec> spec = readTransform(node, input);
  if (!spec)
    return node.hasFailed() ? failure()
                            : node.error("expected one number for the length "
                                         "and for the axis");
  Type work = chooseWorkType(node, input.get());
  std::optional<Complex> parts = splitComplex(input.cast(work));
  if (!parts)
    return failure();
  Expr half = floorDiv(spec->length, Expr(2)) + Expr(1);
  bool isReal = spec->isInverse && spec->isOneSided;
  Expr used = min(input.size(spec->axis), isReal ? half : spec->length);
  Expr count = spec->isOneSided && !isReal ? half : spec->length;
  SmallVector<int64_t> toLast, back;
  for (int64_t axis = 0; axis + 1 < input.rank(); ++axis)
    if (axis != spec->axis)
      toLast.push_back(axis);
  toLast.push_back(spec->axis);
  back.resize(toLast.size());
  for (auto [to, from] : llvm::enumerate(toLast))
    back[from] = to;
  auto prepare = [&](const Formula &part) {
    return part ? part.slice(spec->axis, 0, used).transpose(toLast) : part;
  };
  Complex x = {prepare(parts->re), prepare(parts->im)};
  Waves waves = makeWaves(node, used, count, spec->length);
  waves = {waves.cosine.cast(work), waves.sine.cast(work)};
  Formula scale(node, node.count(spec->length, work));
  Formula y(node, nullptr);
  if (isReal) {
    y = (invertOneSided(x, waves, spec->length) / scale).transpose(back);
    y = y.unsqueeze(y.rank());
  } else {
    Complex result = transform(x, waves, spec->isInverse ? 1 : -1);
    if (spec->isInverse)
      result = {result.re / scale, result.im / scale};
    y = joinComplex({result.re.transpose(back), result.im.transpose(back)});
  }
  node.setResult(y.cast(input.element()).get());
  return success();
}

//===----------------------------------------------------------------------===//
// STFT
//===----------------------------------------------------------------------===//

/// Frames of the signal against windowed waves: a convolution that moves by the
/// step, with a filter [frame, 1, bins].
static Formula convolveFrames(const Formula &signal, const Formula &filter,
                              int64_t step) {
  NodeContext &node = signal.context();
  Formula x = signal.unsqueeze(2), w = filter.unsqueeze(1);
  return x.of(node.create<ConvOp>(x.get(), w.get(), ArrayRef<int64_t>(step),
                                  ArrayRef<int64_t>(1), ArrayRef<int64_t>{0, 0},
                                  int64_t(1)));
}

static LogicalResult convertStft(NodeContext &node) {
  Formula input(node, size_t(0)), window(node, 2);
  Type work = chooseWorkType(node, input.get());
  std::optional<SmallVector<int64_t>> step = node.literals(1);
  std::optional<Complex> x = splitComplex(
      input.rank() == 2 ? input.cast(work).unsqueeze(2) : input.cast(work));
  if (!step || !x)
    return failure();
  if (step->size() != 1 || step->front() < 1 || x->re.rank() != 2)
    return node.error("expected a signal of rank 3 and one positive step");
  Expr length = window ? window.size(0) : x->re.size(1);
  if (node.hasInput(3)) {
    Exprs given = node.elements(3);
    if (given.size() != 1)
      return node.error("expected one frame length");
    length = given.front();
  }
  bool isOneSided = node.getInt("onesided", 1) != 0;
  Expr bins = isOneSided ? floorDiv(length, Expr(2)) + Expr(1) : length;
  Waves waves = makeWaves(node, length, bins, length);
  auto prepare = [&](const Formula &wave) {
    Formula cast = wave.cast(work);
    return window ? cast * window.cast(work).unsqueeze(1) : cast;
  };
  Formula cosine = prepare(waves.cosine);
  Formula sine = prepare(waves.sine.apply<NegOp>());
  Complex y = {convolveFrames(x->re, cosine, step->front()),
               convolveFrames(x->re, sine, step->front())};
  if (x->im)
    y = {y.re - convolveFrames(x->im, sine, step->front()),
         y.im + convolveFrames(x->im, cosine, step->front())};
  node.setResult(joinComplex(y).cast(input.element()).get());
  return success();
}

void mlc::onnx::addSpectral(ConverterTable &table) {
  table.add("BlackmanWindow", {17, 1, 1, convertWindow<blackman>});
  table.add("DFT", {17, 1, 3, convertDft});
  table.add("HammingWindow", {17, 1, 1, convertWindow<hamming>});
  table.add("HannWindow", {17, 1, 1, convertWindow<hann>});
  table.add("STFT", {17, 2, 4, convertStft});
}
