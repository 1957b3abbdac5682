//===- Contraction.cpp - Evaluators of matrix products and convolutions ---===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluation.h"
#include "Lanes.h"
#include "llvm/Support/Parallel.h"
#include <cstring>

using namespace mlir;
using namespace mlc;
using namespace mlc::interpreter;

namespace {

/// Some columns of a matrix: as many as have their sums in registers while a
/// row of factors is walked. They are copied, because rows whose distance is a
/// power of two would evict each other from the cache.
template <class Lane> class Tile {
public:
  static constexpr int64_t fullWidth = 16;

  Tile(const Lane *rows, int64_t step, int64_t count, int64_t width)
      : columns(count * fullWidth, 0), width(width) {
    for (int64_t row = 0; row < count; ++row)
      std::copy_n(rows + row * step, width, &columns[row * fullWidth]);
  }

  /// sums[i] += factors[0] * rows[0][i] + factors[1] * rows[1][i] + ..., in
  /// this order: no blocking changes what is rounded. A fused multiplication
  /// would round differently from machine to machine, and folded constants go
  /// into artifacts.
  void addProducts(Lane *sums, const Lane *factors) const {
#pragma clang fp contract(off)
    Lane kept[fullWidth] = {};
    std::copy_n(sums, width, kept);
    for (const Lane *row = columns.data(), *end = row + columns.size();
         row != end; row += fullWidth, ++factors)
      for (int64_t i = 0; i < fullWidth; ++i)
        kept[i] += *factors * row[i];
    std::copy_n(kept, width, sums);
  }

private:
  std::vector<Lane> columns;
  int64_t width;
};

} // namespace

template <class Lane> static std::vector<Lane> readAll(const Tensor &tensor) {
  std::vector<Lane> lanes(tensor.count());
  readLanes(tensor.element(), tensor.bytes().data(), tensor.count(),
            lanes.data());
  return lanes;
}

//===----------------------------------------------------------------------===//
// Matrix product
//===----------------------------------------------------------------------===//

/// Rows of the second matrix that are widened at a time: a tile of them stays
/// in the first-level cache.
static constexpr int64_t rowsPerBlock = 128;

template <class Lane>
static void multiply(const Tensor &x, const Tensor &y, int64_t batch,
                     Type element, char *to) {
  int64_t m = x.shape().end()[-2], k = x.shape().back(), n = y.shape().back();
  unsigned size = elementSize(x.element());
  std::vector<Lane> sums(m * n, 0), rows(std::min(k, rowsPerBlock) * n);
  std::vector<Lane> factors(m * k);
  readLanes(x.element(), x.bytes().data() + batch * m * k * size, m * k,
            factors.data());
  for (int64_t block = 0; block < k; block += rowsPerBlock) {
    int64_t count = std::min(rowsPerBlock, k - block);
    readLanes(y.element(), y.bytes().data() + (batch * k + block) * n * size,
              count * n, rows.data());
    constexpr int64_t width = Tile<Lane>::fullWidth;
    llvm::parallelFor(0, llvm::divideCeil(n, width), [&](size_t number) {
      int64_t first = number * width;
      Tile<Lane> tile(&rows[first], n, count, std::min(width, n - first));
      for (int64_t i = 0; i < m; ++i)
        tile.addProducts(&sums[i * n + first], &factors[i * k + block]);
    });
  }
  writeLanes(element, sums.data(), m * n,
             to + batch * m * n * elementSize(element));
}

FailureOr<Tensor> interpreter::evaluateOp(MatmulOp,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> x = evaluation.dense(0), y = evaluation.dense(1),
                    result = evaluation.allocate();
  if (failed(x) || failed(y) || failed(result))
    return failure();
  if (result->count() == 0)
    return result;
  auto *product = isFloat(x->element()) ? multiply<double> : multiply<uint64_t>;
  for (int64_t batch :
       llvm::seq(*elementCount(ArrayRef(evaluation.shape).drop_back(2))))
    product(*x, *y, batch, evaluation.element, result->mutableData());
  return result;
}

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

namespace {

/// A convolution as blocks of output columns, each of which reads some of the
/// channels: the groups of `conv`, the panels of `packed_conv`.
struct Convolution {
  ArrayRef<int64_t> strides, dilations;
  SmallVector<int64_t> before; // Padding before each spatial axis.
  SmallVector<int64_t> window;
  int64_t channels; // That a block reads.
  int64_t blocks;
  int64_t blockChannels; // From the channels of one block to those of the next.
  int64_t width;         // Columns of a full block.
  /// Distances in the filter.
  int64_t blockStep, tapStep, channelStep;
};

} // namespace

/// Calls `function(tap, offset)` for every element of the window of an output
/// position that lies inside the input, with the element's offset in positions.
template <class Function>
static void forEachTap(const Convolution &conv, ArrayRef<int64_t> input,
                       ArrayRef<int64_t> position, Function function) {
  int64_t taps = *elementCount(conv.window);
  for (int64_t tap = 0; tap < taps; ++tap) {
    int64_t rest = tap, offset = 0, scale = 1;
    bool inside = true;
    for (int64_t axis = static_cast<int64_t>(input.size()) - 1; axis >= 0;
         --axis) {
      int64_t at = position[axis] * conv.strides[axis] - conv.before[axis] +
                   rest % conv.window[axis] * conv.dilations[axis];
      rest /= conv.window[axis];
      inside &= at >= 0 && at < input[axis];
      offset += at * scale;
      scale *= input[axis];
    }
    if (inside)
      function(tap, offset);
  }
}

/// Output positions that read the same tile of the filter in turn.
static constexpr int64_t positionsPerBlock = 32;

namespace {

/// Consecutive output positions of all channels.
template <class Lane> struct PositionBlock {
  const Convolution &conv;
  const std::vector<Lane> &weights;
  int64_t outChannels;
  /// By tap and position what is read; null outside of the input.
  std::vector<const Lane *> sources = {};
  std::vector<Lane> sums = {};

  void collect(const std::vector<Lane> &in, const Tensor &x,
               ArrayRef<int64_t> output, int64_t first, int64_t count);
  void accumulate(int64_t count);

private:
  void accumulateDepthwise(int64_t count);
};

} // namespace

template <class Lane>
void PositionBlock<Lane>::collect(const std::vector<Lane> &in, const Tensor &x,
                                  ArrayRef<int64_t> output, int64_t first,
                                  int64_t count) {
  ArrayRef<int64_t> input = x.shape().drop_front().drop_back();
  int64_t inputs = *elementCount(input);
  sources.assign(*elementCount(conv.window) * count, nullptr);
  sums.assign(count * outChannels, 0);
  for (int64_t i = 0; i < count; ++i) {
    SmallVector<int64_t> position(output.size());
    int64_t batch = first + i;
    for (int64_t axis = static_cast<int64_t>(output.size()) - 1; axis >= 0;
         --axis) {
      position[axis] = batch % output[axis];
      batch /= output[axis];
    }
    forEachTap(conv, input, position, [&](int64_t tap, int64_t offset) {
      sources[tap * count + i] =
          &in[(batch * inputs + offset) * x.shape().back()];
    });
  }
}

/// Where each block is one channel, a tap of all blocks is a row.
template <class Lane>
void PositionBlock<Lane>::accumulateDepthwise(int64_t count) {
#pragma clang fp contract(off)
  int64_t taps = *elementCount(conv.window);
  for (int64_t tap = 0; tap < taps; ++tap)
    for (int64_t i = 0; i < count; ++i)
      if (const Lane *from = sources[tap * count + i])
        for (int64_t c = 0; c < outChannels; ++c)
          sums[i * outChannels + c] +=
              from[c] * weights[tap * conv.tapStep + c];
}

template <class Lane> void PositionBlock<Lane>::accumulate(int64_t count) {
  if (conv.channels == 1 && conv.width == 1)
    return accumulateDepthwise(count);
  constexpr int64_t width = Tile<Lane>::fullWidth;
  int64_t taps = *elementCount(conv.window);
  for (int64_t block = 0; block < conv.blocks; ++block) {
    int64_t begin = block * conv.width;
    int64_t end = std::min(begin + conv.width, outChannels);
    const Lane *filter = &weights[block * conv.blockStep];
    for (int64_t first = begin; first < end; first += width)
      for (int64_t tap = 0; tap < taps; ++tap) {
        Tile<Lane> tile(filter + tap * conv.tapStep + first - begin,
                        conv.channelStep, conv.channels,
                        std::min(width, end - first));
        for (int64_t i = 0; i < count; ++i)
          if (const Lane *from = sources[tap * count + i])
            tile.addProducts(&sums[i * outChannels + first],
                             from + block * conv.blockChannels);
      }
  }
}

template <class Lane>
static void convolve(const Convolution &conv, const Tensor &x,
                     const Tensor &filter, Tensor &result) {
  std::vector<Lane> in = readAll<Lane>(x), weights = readAll<Lane>(filter);
  ArrayRef<int64_t> output = result.shape().drop_front().drop_back();
  int64_t outChannels = result.shape().back();
  int64_t positions = x.shape().front() * *elementCount(output);
  unsigned size = elementSize(result.element());
  llvm::parallelFor(
      0, llvm::divideCeil(positions, positionsPerBlock), [&](size_t number) {
        int64_t first = number * positionsPerBlock;
        int64_t count = std::min(positionsPerBlock, positions - first);
        PositionBlock<Lane> block{conv, weights, outChannels};
        block.collect(in, x, output, first, count);
        block.accumulate(count);
        writeLanes(result.element(), block.sums.data(), count * outChannels,
                   result.mutableData() + first * outChannels * size);
      });
}

static FailureOr<Tensor> evaluateConvolution(const Evaluation &evaluation,
                                             const Convolution &conv,
                                             const Tensor &x,
                                             const Tensor &filter) {
  FailureOr<Tensor> result = evaluation.allocate();
  if (failed(result))
    return failure();
  if (result->count() == 0)
    return result;
  if (x.count() == 0 || filter.count() == 0) {
    std::memset(result->mutableData(), 0, result->bytes().size());
    return result;
  }
  if (isFloat(x.element()))
    convolve<double>(conv, x, filter, *result);
  else
    convolve<uint64_t>(conv, x, filter, *result);
  return result;
}

FailureOr<Tensor> interpreter::evaluateOp(ConvOp op,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> x = evaluation.dense(0), filter = evaluation.dense(1);
  if (failed(x) || failed(filter))
    return failure();
  ArrayRef<int64_t> shape = filter->shape();
  Convolution conv;
  conv.strides = op.getStrides();
  conv.dilations = op.getDilations();
  for (size_t axis = 0; axis < op.getStrides().size(); ++axis)
    conv.before.push_back(op.getPadding()[2 * axis]);
  conv.window.assign(shape.begin(), shape.end() - 2);
  conv.channels = conv.blockChannels = shape.end()[-2];
  conv.blocks = op.getGroups();
  conv.width = shape.back() / conv.blocks;
  conv.blockStep = conv.width;
  conv.channelStep = shape.back();
  conv.tapStep = conv.channels * conv.channelStep;
  return evaluateConvolution(evaluation, conv, *x, *filter);
}

FailureOr<Tensor> interpreter::evaluateOp(PackedConvOp op,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> x = evaluation.dense(0), filter = evaluation.dense(1);
  if (failed(x) || failed(filter))
    return failure();
  ArrayRef<int64_t> shape = filter->shape();
  Convolution conv;
  conv.strides = op.getStrides();
  conv.dilations = op.getDilations();
  conv.before.assign(op.getStrides().size(), 0);
  conv.window.assign(shape.begin() + 1, shape.end() - 2);
  conv.channels = shape.end()[-2];
  conv.blockChannels = 0;
  conv.blocks = shape.front();
  conv.width = conv.channelStep = shape.back();
  conv.tapStep = conv.channels * conv.channelStep;
  conv.blockStep = *elementCount(shape.drop_front());
  return evaluateConvolution(evaluation, conv, *x, *filter);
}
