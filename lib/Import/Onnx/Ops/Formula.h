//===- Formula.h - Arithmetic on tensors, as formulas -----------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Converters of composed ops write what the standard defines as formulas:
// operands broadcast by the rules of NumPy, and a number stands for a tensor
// that holds it everywhere. Errors stick as they do in NodeContext.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_IMPORT_ONNX_OPS_FORMULA_H
#define MLC_IMPORT_ONNX_OPS_FORMULA_H

#include "../NodeContext.h"

namespace mlc::onnx {

class Formula {
public:
  Formula(NodeContext &node, mlir::Value value) : node(&node), value(value) {}
  /// Input `index` of the node, which may be absent.
  Formula(NodeContext &node, size_t index) : Formula(node, node.input(index)) {}

  mlir::Value get() const { return value; }
  NodeContext &context() const { return *node; }
  explicit operator bool() const { return value != nullptr; }
  mlir::Type element() const;
  /// The type for a message.
  std::string typeText() const;
  int64_t rank() const;
  Exprs sizes() const;
  /// Reports an axis that there is not.
  Expr size(int64_t axis) const;

  Formula of(mlir::Value other) const { return {*node, other}; }
  /// The number as a scalar of this element type.
  Formula number(double literal) const;

  template <class Op> Formula apply() const {
    return of(node->create<Op>(value));
  }
  template <class Op> Formula apply(const Formula &other) const {
    mlir::Value both[] = {value, other.value};
    if (failed(node->broadcastTogether(both)))
      return of(nullptr);
    return of(node->create<Op>(both[0], both[1]));
  }
  template <class Op> Formula apply(double literal) const {
    return apply<Op>(number(literal));
  }

  Formula operator+(const Formula &y) const { return apply<AddOp>(y); }
  Formula operator+(double y) const;
  Formula operator-(const Formula &y) const { return apply<SubOp>(y); }
  Formula operator-(double y) const;
  Formula operator*(const Formula &y) const { return apply<MulOp>(y); }
  Formula operator*(double y) const;
  Formula operator/(const Formula &y) const { return apply<DivOp>(y); }
  Formula operator/(double y) const;
  Formula operator&(const Formula &y) const { return apply<AndOp>(y); }
  /// This where `condition` holds, else `other`.
  Formula where(const Formula &condition, const Formula &other) const;
  Formula where(const Formula &condition, double other) const {
    return where(condition, number(other));
  }
  Formula clamp(double low, double high) const {
    return apply<MaxOp>(low).apply<MinOp>(high);
  }

  Formula cast(mlir::Type element) const;
  /// As f32 when it is a narrower float.
  Formula widen() const { return of(node->widen(value)); }
  Formula reshape(llvm::ArrayRef<Expr> sizes) const;
  Formula transpose(llvm::ArrayRef<int64_t> permutation) const;
  /// New axes of size 1 in front of the given axes of the result.
  Formula unsqueeze(llvm::ArrayRef<int64_t> axes) const;
  Formula squeeze(int64_t axis) const;
  Formula broadcast(llvm::ArrayRef<Expr> sizes) const;
  Formula broadcast(llvm::ArrayRef<Expr> sizes,
                    llvm::ArrayRef<int64_t> axes) const;
  /// `count` elements of an axis from `offset` on.
  Formula slice(int64_t axis, const Expr &offset, const Expr &count) const;
  /// This and then `other` along `axis`.
  Formula concat(const Formula &other, int64_t axis) const;

  /// Reductions keep their axes with size 1.
  Formula reduce(ReduceKind kind, llvm::ArrayRef<int64_t> axes) const;
  Formula sum(llvm::ArrayRef<int64_t> axes) const {
    return reduce(ReduceKind::Sum, axes);
  }
  Formula mean(llvm::ArrayRef<int64_t> axes) const;

private:
  /// Whether there is the axis; reports when there is not.
  bool hasAxis(int64_t axis) const;

  NodeContext *node;
  mlir::Value value;
};

/// The scalar that holds `literal`.
Formula makeScalar(NodeContext &node, double literal, mlir::Type element);
/// 0, 1, 2, ... along `axis` of a tensor of rank `rank`, whose other axes have
/// size 1.
Formula makeIota(NodeContext &node, const Expr &count, mlir::Type element,
                 int64_t axis = 0, int64_t rank = 1);
/// f64 when one of the values is, else f32: what composed ops compute in.
mlir::Type chooseWorkType(NodeContext &node,
                          llvm::ArrayRef<mlir::Value> values);
/// All axes from `first` to the last.
llvm::SmallVector<int64_t> axesFrom(int64_t first, int64_t rank);

} // namespace mlc::onnx

#endif // MLC_IMPORT_ONNX_OPS_FORMULA_H
