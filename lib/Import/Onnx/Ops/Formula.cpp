//===- Formula.cpp - Arithmetic on tensors, as formulas -------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Formula.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

Type Formula::element() const {
  return value ? elementTypeOf(value) : Type(node->builder.getF32Type());
}

std::string Formula::typeText() const {
  return value ? debugString(value.getType()) : "nothing";
}

int64_t Formula::rank() const { return value ? NodeContext::rankOf(value) : 0; }

Exprs Formula::sizes() const {
  return value ? node->shapes.sizes(value) : Exprs();
}

bool Formula::hasAxis(int64_t axis) const {
  if (!value || (axis >= 0 && axis < rank()))
    return value != nullptr;
  node->report("expected a tensor of rank " +
               Twine(std::max<int64_t>(axis, 0) + 1) + " or more, found " +
               debugString(value.getType()));
  return false;
}

Expr Formula::size(int64_t axis) const {
  return hasAxis(axis) ? sizes()[axis] : Expr(1);
}

Formula Formula::number(double literal) const {
  return makeScalar(*node, literal, element());
}

Formula Formula::operator+(double y) const {
  return y == 0 ? *this : apply<AddOp>(y);
}

Formula Formula::operator-(double y) const {
  return y == 0 ? *this : apply<SubOp>(y);
}

Formula Formula::operator*(double y) const {
  return y == 1 ? *this : apply<MulOp>(y);
}

Formula Formula::operator/(double y) const {
  return y == 1 ? *this : apply<DivOp>(y);
}

Formula Formula::where(const Formula &condition, const Formula &other) const {
  Value all[] = {condition.value, value, other.value};
  if (failed(node->broadcastTogether(all)))
    return of(nullptr);
  return of(node->create<SelectOp>(all[0], all[1], all[2]));
}

Formula Formula::cast(Type element) const {
  return of(node->cast(value, element));
}

Formula Formula::reshape(ArrayRef<Expr> sizes) const {
  return of(node->reshape(value, sizes));
}

Formula Formula::transpose(ArrayRef<int64_t> permutation) const {
  return of(node->transpose(value, permutation));
}

Formula Formula::unsqueeze(ArrayRef<int64_t> axes) const {
  Exprs to = sizes();
  for (int64_t axis : axes) {
    if (axis > static_cast<int64_t>(to.size())) {
      // Says what rank there should be.
      (void)hasAxis(axis - 1);
      return of(nullptr);
    }
    to.insert(to.begin() + axis, Expr(1));
  }
  return reshape(to);
}

Formula Formula::squeeze(int64_t axis) const {
  if (!hasAxis(axis))
    return of(nullptr);
  Exprs to = sizes();
  to.erase(to.begin() + axis);
  return reshape(to);
}

Formula Formula::broadcast(ArrayRef<Expr> sizes) const {
  return of(node->broadcast(value, sizes));
}

Formula Formula::broadcast(ArrayRef<Expr> sizes, ArrayRef<int64_t> axes) const {
  return of(node->broadcast(value, sizes, axes));
}

Formula Formula::slice(int64_t axis, const Expr &offset,
                       const Expr &count) const {
  if (!hasAxis(axis))
    return of(nullptr);
  Exprs offsets(rank(), Expr(0)), counts = sizes();
  offsets[axis] = offset;
  counts[axis] = count;
  return of(
      node->slice(value, offsets, counts, SmallVector<int64_t>(rank(), 1)));
}

Formula Formula::concat(const Formula &other, int64_t axis) const {
  SmallVector<Value> parts = {value, other.value};
  return of(node->create<ConcatOp>(ValueRange(parts), axis));
}

Formula Formula::reduce(ReduceKind kind, ArrayRef<int64_t> axes) const {
  return of(node->reduce(kind, value, axes, /*keep=*/true));
}

Formula Formula::mean(ArrayRef<int64_t> axes) const {
  Exprs reduced;
  for (int64_t axis : axes)
    reduced.push_back(size(axis));
  return sum(axes) / of(node->count(reduced, element()));
}

//===----------------------------------------------------------------------===//
// Makers
//===----------------------------------------------------------------------===//

Formula mlc::onnx::makeScalar(NodeContext &node, double literal, Type element) {
  return {node, node.scalar(literal, element)};
}

Formula mlc::onnx::makeIota(NodeContext &node, const Expr &count, Type element,
                            int64_t axis, int64_t rank) {
  Exprs sizes(rank - axis, Expr(1));
  sizes.front() = count;
  return {node, node.iota(sizes, 0, element)};
}

Type mlc::onnx::chooseWorkType(NodeContext &node, ArrayRef<Value> values) {
  bool isDouble = llvm::any_of(values, [](Value value) {
    return value && elementTypeOf(value).isF64();
  });
  return isDouble ? node.builder.getF64Type() : node.builder.getF32Type();
}

SmallVector<int64_t> mlc::onnx::axesFrom(int64_t first, int64_t rank) {
  return llvm::to_vector(llvm::seq(first, rank));
}
