//===- Windows.cpp - The windows of convolutions and pools ----------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Windows.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

bool Windows::haveBorder() const {
  auto isZero = [](const Expr &border) { return border.is(0); };
  return !llvm::all_of(low, isZero) || !llvm::all_of(high, isZero) ||
         !llvm::all_of(overhang, isZero);
}

SmallVector<int64_t> onnx::readSteps(NodeContext &node, StringRef attribute,
                                     size_t count, int64_t least,
                                     int64_t absent) {
  SmallVector<int64_t> steps =
      node.getInts(attribute).value_or(SmallVector<int64_t>(count, absent));
  bool isAllowed = llvm::all_of(
      steps, [&](int64_t step) { return step >= least && step <= maxStep; });
  if (steps.size() != count || !isAllowed) {
    node.report("attribute \"" + attribute + "\" is not " + Twine(count) +
                " numbers from " + Twine(least) + " to " + Twine(maxStep));
    steps.assign(count, absent);
  }
  return steps;
}

/// The borders that keep an axis at ceil(size / stride).
static void setSameBorders(Windows &windows, ArrayRef<Expr> spatial,
                           bool isUpper) {
  for (auto [axis, size] : llvm::enumerate(spatial)) {
    int64_t stride = windows.strides[axis], span = windows.span(axis);
    Expr covered = (ceilDiv(size, stride) - 1) * stride + span;
    Expr total = stride == 1 ? Expr(span - 1) : max(0, covered - size);
    Expr smaller = floorDiv(total, 2), larger = total - smaller;
    windows.low.push_back(isUpper ? smaller : larger);
    windows.high.push_back(isUpper ? larger : smaller);
  }
}

static void readBorders(NodeContext &node, Windows &windows,
                        ArrayRef<Expr> spatial) {
  StringRef mode = node.getChoice(
      "auto_pad", {"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"});
  if (mode.starts_with("SAME"))
    return setSameBorders(windows, spatial, mode == "SAME_UPPER");
  size_t count = spatial.size();
  SmallVector<int64_t> pads(2 * count, 0);
  if (mode == "NOTSET")
    pads = readSteps(node, "pads", 2 * count, /*least=*/0, /*absent=*/0);
  for (size_t axis = 0; axis < count; ++axis) {
    windows.low.push_back(pads[axis]);
    windows.high.push_back(pads[count + axis]);
  }
}

Windows onnx::readWindows(NodeContext &node, ArrayRef<Expr> spatial,
                          ArrayRef<int64_t> sizes) {
  size_t count = spatial.size();
  Windows windows;
  windows.sizes.assign(sizes.begin(), sizes.end());
  for (int64_t &size : windows.sizes)
    if (size > maxStep) {
      node.report("a window of " + Twine(size) +
                  " elements is not allowed; up to " + Twine(maxStep) + " are");
      size = 1;
    }
  windows.strides = readSteps(node, "strides", count);
  windows.dilations = readSteps(node, "dilations", count);
  windows.overhang.assign(count, 0);
  readBorders(node, windows, spatial);
  return windows;
}

//===----------------------------------------------------------------------===//
// Layout
//===----------------------------------------------------------------------===//

Value onnx::toChannelsLast(NodeContext &node, Value x) {
  if (!x)
    return nullptr;
  int64_t rank = NodeContext::rankOf(x);
  SmallVector<int64_t> order = {0};
  llvm::append_range(order, llvm::seq<int64_t>(2, rank));
  order.push_back(1);
  return node.transpose(x, order);
}

Value onnx::toChannelsFirst(NodeContext &node, Value x) {
  if (!x)
    return nullptr;
  int64_t rank = NodeContext::rankOf(x);
  SmallVector<int64_t> order = {0, rank - 1};
  llvm::append_range(order, llvm::seq<int64_t>(1, rank - 1));
  return node.transpose(x, order);
}

Value onnx::padSpatial(NodeContext &node, Value x, Value value,
                       ArrayRef<Expr> low, ArrayRef<Expr> high) {
  auto extend = [](ArrayRef<Expr> spatial) {
    Exprs all = {Expr(0)};
    llvm::append_range(all, spatial);
    all.push_back(0);
    return all;
  };
  return node.pad(x, value, extend(low), extend(high));
}
