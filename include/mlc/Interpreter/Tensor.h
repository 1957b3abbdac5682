//===- Tensor.h - Values of the reference interpreter -----------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_INTERPRETER_TENSOR_H
#define MLC_INTERPRETER_TENSOR_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include <memory>

namespace mlc::interpreter {

/// Bytes of one element in memory; booleans take one.
unsigned elementSize(mlir::Type element);

/// The product of `shape`, or none when it does not fit into 63 bits.
std::optional<int64_t> elementCount(llvm::ArrayRef<int64_t> shape);

/// A row-major tensor, or a scalar as a tensor of rank 0. Copies share the
/// bytes, which nobody changes after the op that made them. The bytes need not
/// be aligned: weights are read where the model file has them.
class Tensor {
public:
  Tensor() = default;

  /// A new tensor of undefined bytes, or failure when it does not fit into
  /// memory.
  static llvm::FailureOr<Tensor> allocate(mlir::Type element,
                                          llvm::ArrayRef<int64_t> shape);
  /// A view on bytes that outlive it.
  static Tensor view(mlir::Type element, llvm::ArrayRef<int64_t> shape,
                     llvm::ArrayRef<char> bytes);
  /// A view on a constant, or failure when its blob is missing or of the wrong
  /// size.
  static llvm::FailureOr<Tensor> fromAttr(mlir::ElementsAttr value);
  static Tensor scalar(mlir::Type type, uint64_t bits);

  mlir::Type element() const { return elementType; }
  llvm::ArrayRef<int64_t> shape() const { return dims; }
  int64_t count() const;
  mlir::RankedTensorType type() const {
    return mlir::RankedTensorType::get(dims, elementType);
  }

  /// Whether one stored element stands for all.
  bool isSplat() const { return splat; }
  llvm::ArrayRef<char> bytes() const { return {data, size}; }
  /// For the op that allocated the tensor.
  char *mutableData() { return owner.get(); }
  /// What keeps the bytes alive; null for a view.
  std::shared_ptr<char[]> keepAlive() const { return owner; }

  /// The same with every element stored.
  llvm::FailureOr<Tensor> dense() const;
  /// The same bytes under another shape of as many elements.
  Tensor reshaped(llvm::ArrayRef<int64_t> shape) const;

  /// The bits of an integer scalar, extended by its sign; of a boolean or float
  /// as they are.
  int64_t scalarBits() const;

private:
  mlir::Type elementType;
  llvm::SmallVector<int64_t, 4> dims;
  std::shared_ptr<char[]> owner;
  const char *data = nullptr;
  size_t size = 0;
  bool splat = false;
};

} // namespace mlc::interpreter

#endif // MLC_INTERPRETER_TENSOR_H
