//===- Npy.cpp - Tensors in NumPy's file format ---------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Interpreter/Npy.h"
#include "Lanes.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>

using namespace mlir;
using namespace mlc::interpreter;

static constexpr StringLiteral magic("\x93NUMPY");

/// The type string of the format.
static std::string descriptor(Type element) {
  if (element.isBF16())
    return "|V2";
  unsigned size = elementSize(element);
  char kind = isFloat(element)       ? 'f'
              : element.isInteger(1) ? 'b'
              : isSigned(element)    ? 'i'
                                     : 'u';
  return (llvm::Twine(size == 1 ? "|" : "<") + llvm::Twine(kind) +
          llvm::Twine(size))
      .str();
}

static llvm::Error refuse(StringRef path, const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 "'" + path + "': " + message);
}

/// The text after `'key':` in the header.
static std::optional<StringRef> field(StringRef header, StringRef key) {
  size_t at = header.find(("'" + key + "':").str());
  if (at == StringRef::npos)
    return std::nullopt;
  return header.substr(at + key.size() + 3).ltrim();
}

static std::optional<SmallVector<int64_t>> parseShape(StringRef text) {
  SmallVector<int64_t> shape;
  if (!text.consume_front("("))
    return std::nullopt;
  while (!text.consume_front(")")) {
    int64_t size;
    if (text.consumeInteger(10, size) || size < 0)
      return std::nullopt;
    shape.push_back(size);
    text = text.ltrim();
    if (text.consume_front(","))
      text = text.ltrim();
    else if (!text.starts_with(")"))
      return std::nullopt;
  }
  return shape;
}

/// Cuts the header off `data`.
static std::optional<StringRef> takeHeader(StringRef &data) {
  if (!data.consume_front(magic) || data.size() < 6)
    return std::nullopt;
  bool isWide = data[0] >= 2;
  uint32_t length = isWide ? llvm::support::endian::read32le(data.data() + 2)
                           : llvm::support::endian::read16le(data.data() + 2);
  data = data.drop_front(isWide ? 6 : 4);
  if (length > data.size())
    return std::nullopt;
  StringRef header = data.take_front(length);
  data = data.drop_front(length);
  return header;
}

llvm::Expected<Tensor> mlc::interpreter::readNpy(StringRef path, Type element) {
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                          /*RequiresNullTerminator=*/false);
  if (!file)
    return refuse(path, file.getError().message());
  StringRef data = (*file)->getBuffer();
  std::optional<StringRef> header = takeHeader(data);
  if (!header)
    return refuse(path, "not an .npy file");
  std::optional<StringRef> type = field(*header, "descr"),
                           order = field(*header, "fortran_order"),
                           dims = field(*header, "shape");
  std::optional<SmallVector<int64_t>> shape =
      dims ? parseShape(*dims) : std::nullopt;
  if (!type || !order || !shape)
    return refuse(path, "the header is damaged");
  std::string expected = "'" + descriptor(element) + "'";
  if (!type->starts_with(expected) &&
      !(element.isBF16() && type->starts_with("'<V2'")))
    return refuse(path, "expected elements of type " + expected + ", found " +
                            type->take_until([](char c) { return c == ','; }));
  if (order->starts_with("True"))
    return refuse(path, "the array is in Fortran order, expected C order");
  llvm::FailureOr<Tensor> result = Tensor::allocate(element, *shape);
  if (failed(result) || result->bytes().size() != data.size())
    return refuse(path, "the data is not as long as the header says");
  std::memcpy(result->mutableData(), data.data(), data.size());
  return *result;
}

llvm::Error mlc::interpreter::writeNpy(StringRef path, const Tensor &tensor) {
  std::string header = "{'descr': '" + descriptor(tensor.element()) +
                       "', 'fortran_order': False, 'shape': (";
  for (int64_t size : tensor.shape())
    header += std::to_string(size) + ",";
  header += "), }";
  // The data starts at a multiple of 64.
  header.resize(llvm::alignTo(header.size() + magic.size() + 4 + 1, 64) -
                    magic.size() - 4 - 1,
                ' ');
  header += '\n';
  llvm::FailureOr<Tensor> dense = tensor.dense();
  if (failed(dense))
    return refuse(path, "the tensor does not fit into memory");
  std::error_code error;
  llvm::raw_fd_ostream os(path, error);
  if (error)
    return refuse(path, error.message());
  char version[] = {1, 0, static_cast<char>(header.size()),
                    static_cast<char>(header.size() >> 8)};
  os << magic << StringRef(version, 4) << header
     << StringRef(dense->bytes().data(), dense->bytes().size());
  os.close();
  if (os.has_error()) {
    std::error_code failed = os.error();
    os.clear_error();
    return refuse(path, failed.message());
  }
  return llvm::Error::success();
}
