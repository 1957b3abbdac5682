//===- Weights.cpp - Tensors of a model as attributes ---------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Weights.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include <cstring>

using namespace mlir;
using namespace mlc::onnx;

/// Integers and booleans up to this many elements are inline.
static constexpr int64_t maxInlineElements = 64;

Type mlc::onnx::toElementType(MLIRContext *context, DataType type) {
  auto integer = [&](unsigned width,
                     IntegerType::SignednessSemantics signedness =
                         IntegerType::Signless) -> Type {
    return IntegerType::get(context, width, signedness);
  };
  switch (type) {
  case DataType::Float:
    return Float32Type::get(context);
  case DataType::Double:
    return Float64Type::get(context);
  case DataType::Float16:
    return Float16Type::get(context);
  case DataType::BFloat16:
    return BFloat16Type::get(context);
  case DataType::Bool:
    return integer(1);
  case DataType::Int8:
    return integer(8);
  case DataType::Int16:
    return integer(16);
  case DataType::Int32:
    return integer(32);
  case DataType::Int64:
    return integer(64);
  case DataType::UInt8:
    return integer(8, IntegerType::Unsigned);
  case DataType::UInt16:
    return integer(16, IntegerType::Unsigned);
  case DataType::UInt32:
    return integer(32, IntegerType::Unsigned);
  case DataType::UInt64:
    return integer(64, IntegerType::Unsigned);
  case DataType::Undefined:
  case DataType::String:
    return nullptr;
  }
  return nullptr;
}

/// Element `index` as an integer of the type's width.
static APInt readBits(StringRef bytes, size_t index, unsigned width,
                      unsigned bits) {
  uint64_t value = 0;
  std::memcpy(&value, bytes.data() + index * width, width);
  return APInt(64, bits == 1 ? value != 0 : value).zextOrTrunc(bits);
}

static bool isSplat(StringRef bytes, unsigned width) {
  return bytes.size() >= width &&
         bytes.drop_back(width) == bytes.drop_front(width);
}

static DenseElementsAttr toInline(RankedTensorType type, StringRef bytes,
                                  unsigned width, size_t count) {
  Type element = type.getElementType();
  unsigned bits = element.getIntOrFloatBitWidth();
  if (auto floatType = dyn_cast<FloatType>(element)) {
    SmallVector<APFloat> values;
    for (size_t i = 0; i < count; ++i)
      values.emplace_back(floatType.getFloatSemantics(),
                          readBits(bytes, i, width, bits));
    return DenseElementsAttr::get(type, values);
  }
  SmallVector<APInt> values;
  for (size_t i = 0; i < count; ++i)
    values.push_back(readBits(bytes, i, width, bits));
  return DenseElementsAttr::get(type, values);
}

/// The largest power of two up to 64 that divides the address.
static size_t alignmentOf(const char *data) {
  uintptr_t address = reinterpret_cast<uintptr_t>(data) | 64;
  return address & -address;
}

llvm::Expected<ElementsAttr>
mlc::onnx::toElements(MLIRContext *context,
                      const std::shared_ptr<ModelFile> &file,
                      const Tensor &tensor) {
  Type element = toElementType(context, tensor.type);
  if (!element)
    return llvm::createStringError(
        llvm::Twine("tensor \"") + tensor.name + "\" has elements of type " +
        toString(tensor.type) + ", which are not supported");
  llvm::Expected<StringRef> bytes = loadBytes(*file, tensor);
  if (!bytes)
    return bytes.takeError();
  auto type = RankedTensorType::get(tensor.dims, element);
  unsigned width = byteWidth(tensor.type);
  size_t count = bytes->size() / width;
  if (isSplat(*bytes, width))
    return toInline(type, *bytes, width, 1);
  if (count == 0 || (isa<IntegerType>(element) && count <= maxInlineElements))
    return toInline(type, *bytes, width, count);
  // The attribute outlives the import: its deleter holds on to the file.
  AsmResourceBlob blob(
      ArrayRef<char>(bytes->data(), bytes->size()), alignmentOf(bytes->data()),
      [file](void *, size_t, size_t) {},
      /*dataIsMutable=*/false);
  StringRef name = tensor.name.empty() ? "weight" : tensor.name;
  return DenseResourceElementsAttr::get(type, name, std::move(blob));
}
