//===- Contraction.cpp - Matrix products and convolutions -----------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Dialect/Mlc/IR/Mlc.h"

using namespace mlir;
using namespace mlc;

static LogicalResult checkWindows(ShapeEnv &env, size_t spatial,
                                  ArrayRef<int64_t> strides,
                                  ArrayRef<int64_t> dilations) {
  if (strides.size() != spatial || dilations.size() != spatial) // C1
    return env.error(Twine("expected ") + Twine(spatial) +
                     " strides and dilations, found " + Twine(strides.size()) +
                     " and " + Twine(dilations.size()));
  for (int64_t step : llvm::concat<const int64_t>(strides, dilations)) // C2
    if (step < 1)
      return env.error(
          Twine("expected positive strides and dilations, found ") +
          Twine(step));
  return success();
}

LogicalResult MatmulOp::infer(Adaptor op, ShapeEnv &env,
                              SmallVectorImpl<Inferred> &results) {
  SmallVector<Dim> x = env.sizes(op.getX()), y = env.sizes(op.getY());
  auto mismatch = [&](StringRef rule) {
    return env.error(Twine("expected ") + rule + ", found " +
                     debugString(op.getX().getType()) + " and " +
                     debugString(op.getY().getType()));
  };
  if (x.size() != y.size() || x.size() < 2) // C1
    return mismatch("operands of one rank of at least 2");
  if (elementTypeOf(op.getX()) != elementTypeOf(op.getY())) // C4
    return mismatch("operands of one element type");
  size_t batch = x.size() - 2;
  SmallVector<Dim> dims;
  for (size_t axis = 0; axis < batch; ++axis) { // C2
    std::optional<Dim> merged = env.merge(x[axis], y[axis]);
    if (!merged)
      return mismatch("equal leading axes");
    dims.push_back(*merged);
  }
  if (!env.merge(x[batch + 1], y[batch])) // C3
    return mismatch("the columns of the first to equal the rows of the second");
  dims.push_back(x[batch]);
  dims.push_back(y[batch + 1]);
  results.push_back({elementTypeOf(op.getX()), std::move(dims)});
  return success();
}

LogicalResult ConvOp::infer(Adaptor op, ShapeEnv &env,
                            SmallVectorImpl<Inferred> &results) {
  SmallVector<Dim> x = env.sizes(op.getX()), filter = env.sizes(op.getFilter());
  if (x.size() < 3 || x.size() != filter.size()) // C1
    return env.error(
        Twine("expected input and filter of one rank of at least 3, found ") +
        debugString(op.getX().getType()) + " and " +
        debugString(op.getFilter().getType()));
  size_t spatial = x.size() - 2;
  if (failed(checkWindows(env, spatial, op.getStrides(), op.getDilations())))
    return failure();
  ArrayRef<int64_t> padding = op.getPadding();
  if (padding.size() != 2 * spatial ||
      llvm::any_of(padding, [](int64_t p) { return p < 0; }))
    return env.error(Twine("expected ") + Twine(2 * spatial) +
                     " paddings that are not negative");
  Dim groups = env.literal(op.getGroups());
  if (op.getGroups() < 1 || !env.merge(x.back(), filter[spatial] * groups) ||
      !env.merge(floorDiv(filter.back(), groups) * groups,
                 filter.back())) // C3
    return env.error(Twine("expected the input's channels to be ") +
                     Twine(op.getGroups()) +
                     " times the filter's, and its output channels a multiple "
                     "of it, found " +
                     debugString(op.getX().getType()) + " and " +
                     debugString(op.getFilter().getType()));
  SmallVector<Dim> dims = {x.front()};
  for (size_t i = 0; i < spatial; ++i) {
    Dim padded = x[i + 1] + env.literal(padding[2 * i] + padding[2 * i + 1]);
    Dim count = windowCount(padded, filter[i], op.getStrides()[i],
                            op.getDilations()[i]);
    if (count.isLiteral() && count.literal < 1) // C4
      return env.error(Twine("the filter is larger than the padded input along "
                             "spatial axis ") +
                       Twine(i));
    dims.push_back(count);
  }
  dims.push_back(filter.back());
  results.push_back({elementTypeOf(op.getX()), std::move(dims)});
  return success();
}

LogicalResult PackedConvOp::infer(Adaptor op, ShapeEnv &env,
                                  SmallVectorImpl<Inferred> &results) {
  SmallVector<Dim> x = env.sizes(op.getX()), filter = env.sizes(op.getFilter());
  if (x.size() < 2 || filter.size() != x.size() + 1) // C1
    return env.error(
        Twine("expected a filter of one rank more than the input, found ") +
        debugString(op.getX().getType()) + " and " +
        debugString(op.getFilter().getType()));
  size_t spatial = x.size() - 2;
  if (failed(checkWindows(env, spatial, op.getStrides(), op.getDilations())))
    return failure();
  if (!env.merge(x.back(), filter[spatial + 1])) // C2
    return env.error("expected equal channels of input and filter");
  Dim columns = filter.front() * filter.back();
  int64_t outChannels = op.getOutChannels();
  if (columns.isLiteral() &&
      (outChannels > columns.literal ||
       outChannels <= columns.literal - filter.back().literal)) // C3
    return env.error(Twine("expected the panels to hold ") +
                     Twine(outChannels) + " columns, found " +
                     debugString(op.getFilter().getType()));
  SmallVector<Dim> dims = {x.front()};
  for (size_t i = 0; i < spatial; ++i) {
    Dim count = windowCount(x[i + 1], filter[i + 1], op.getStrides()[i],
                            op.getDilations()[i]);
    if (count.isLiteral() && count.literal < 1) // C4
      return env.error(
          Twine("the filter is larger than the input along spatial axis ") +
          Twine(i));
    dims.push_back(count);
  }
  dims.push_back(env.literal(op.getOutChannels()));
  results.push_back({elementTypeOf(op.getX()), std::move(dims)});
  return success();
}

#define GET_OP_CLASSES
#include "mlc/Dialect/Mlc/IR/MlcContraction.cpp.inc"
