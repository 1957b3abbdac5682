//===- Tensor.cpp - Values of the reference interpreter -------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Interpreter/Tensor.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>

using namespace mlir;
using namespace mlc::interpreter;

unsigned mlc::interpreter::elementSize(Type element) {
  return element.isIndex()
             ? 8
             : llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
}

std::optional<int64_t> mlc::interpreter::elementCount(ArrayRef<int64_t> shape) {
  // An empty axis empties the tensor, however large the others are.
  if (llvm::is_contained(shape, 0))
    return 0;
  int64_t count = 1;
  for (int64_t size : shape)
    if (size < 0 || llvm::MulOverflow(count, size, count))
      return std::nullopt;
  return count;
}

FailureOr<Tensor> Tensor::allocate(Type element, ArrayRef<int64_t> shape) {
  std::optional<int64_t> count = elementCount(shape);
  int64_t bytes;
  if (!count || llvm::MulOverflow<int64_t>(*count, elementSize(element), bytes))
    return failure();
  Tensor result;
  result.elementType = element;
  result.dims.assign(shape.begin(), shape.end());
  result.owner.reset(new (std::nothrow) char[bytes]);
  if (!result.owner)
    return failure();
  result.data = result.owner.get();
  result.size = bytes;
  return result;
}

Tensor Tensor::view(Type element, ArrayRef<int64_t> shape,
                    ArrayRef<char> bytes) {
  Tensor result;
  result.elementType = element;
  result.dims.assign(shape.begin(), shape.end());
  result.data = bytes.data();
  result.size = bytes.size();
  return result;
}

Tensor Tensor::scalar(Type type, uint64_t bits) {
  Tensor result;
  result.elementType = type;
  result.size = elementSize(type);
  result.owner.reset(new char[sizeof(bits)]);
  std::memcpy(result.owner.get(), &bits, sizeof(bits));
  result.data = result.owner.get();
  return result;
}

/// Booleans take a bit or a byte in an attribute, depending on how it was made.
static FailureOr<Tensor> fromBooleans(DenseElementsAttr value) {
  FailureOr<Tensor> result =
      Tensor::allocate(value.getElementType(), value.getType().getShape());
  if (succeeded(result))
    llvm::copy(value.getValues<bool>(), result->mutableData());
  return result;
}

FailureOr<Tensor> Tensor::fromAttr(ElementsAttr value) {
  ShapedType type = value.getShapedType();
  Type element = type.getElementType();
  if (!element.isIntOrIndexOrFloat())
    return failure();
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    std::optional<int64_t> count = elementCount(type.getShape());
    if (!blob || !count ||
        blob->getData().size() !=
            static_cast<size_t>(*count) * elementSize(element))
      return failure();
    return view(element, type.getShape(), blob->getData());
  }
  auto dense = dyn_cast<DenseElementsAttr>(value);
  if (!dense)
    return failure();
  if (dense.isSplat()) {
    Tensor result;
    if (element.isInteger(1))
      result = scalar(element, dense.getSplatValue<bool>());
    else
      result = view(element, {}, dense.getRawData());
    result.dims.assign(type.getShape().begin(), type.getShape().end());
    result.splat = true;
    return result;
  }
  if (element.isInteger(1))
    return fromBooleans(dense);
  return view(element, type.getShape(), dense.getRawData());
}

int64_t Tensor::count() const { return *elementCount(dims); }

FailureOr<Tensor> Tensor::dense() const {
  if (!splat)
    return *this;
  FailureOr<Tensor> result = allocate(elementType, dims);
  if (failed(result) || result->size == 0)
    return result;
  // Doubles what is filled already, which is as fast as memory.
  char *out = result->mutableData();
  std::memcpy(out, data, size);
  for (size_t filled = size; filled < result->size;) {
    size_t next = std::min(filled, result->size - filled);
    std::memcpy(out + filled, out, next);
    filled += next;
  }
  return result;
}

Tensor Tensor::reshaped(ArrayRef<int64_t> shape) const {
  Tensor result = *this;
  result.dims.assign(shape.begin(), shape.end());
  return result;
}

int64_t Tensor::scalarBits() const {
  uint64_t bits = 0;
  std::memcpy(&bits, data, elementSize(elementType));
  auto integer = dyn_cast<IntegerType>(elementType);
  if (!integer || integer.getWidth() == 1 || integer.isUnsigned())
    return bits;
  return llvm::SignExtend64(bits, integer.getWidth());
}
