//===- Reader.h - Views of an ONNX file -------------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The parts of an ONNX model that the importer reads, as views of the bytes
// that hold it. Nothing here knows MLIR.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_IMPORT_ONNX_READER_H
#define MLC_IMPORT_ONNX_READER_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mlc::onnx {

/// The numbers of the format's TensorProto.DataType.
enum class DataType : int32_t {
  Undefined = 0,
  Float = 1,
  UInt8 = 2,
  Int8 = 3,
  UInt16 = 4,
  Int16 = 5,
  Int32 = 6,
  Int64 = 7,
  String = 8,
  Bool = 9,
  Float16 = 10,
  Double = 11,
  UInt32 = 12,
  UInt64 = 13,
  BFloat16 = 16,
};

/// The bytes of an element, 0 for types that tensors cannot have here.
unsigned byteWidth(DataType type);
/// The name that the format gives the type.
std::string toString(DataType type);

struct Tensor {
  llvm::StringRef name;
  std::vector<int64_t> dims;
  DataType type = DataType::Undefined;
  /// The elements in row-major order, little-endian and maybe unaligned; as
  /// many as the dims say. Empty when the tensor is external.
  llvm::StringRef bytes;

  bool isExternal = false;
  llvm::StringRef location;
  std::optional<int64_t> offset, length;

  int64_t byteSize = 0;
};

struct Dimension {
  /// Not negative when the size is known.
  int64_t value = -1;
  llvm::StringRef symbol;
};

struct ValueInfo {
  llvm::StringRef name;
  /// What the value is when it is no tensor: "sequence", "map", ...
  llvm::StringRef otherKind;
  DataType type = DataType::Undefined;
  bool hasShape = false;
  std::vector<Dimension> dims;
};

struct Graph;

struct Attribute {
  enum class Kind : int32_t {
    Undefined = 0,
    Float = 1,
    Int = 2,
    String = 3,
    Tensor = 4,
    Graph = 5,
    Floats = 6,
    Ints = 7,
    Strings = 8,
  };
  llvm::StringRef name;
  Kind kind = Kind::Undefined;
  /// In a function: the attribute of its calls that this one stands for.
  llvm::StringRef reference;
  float floatValue = 0;
  int64_t intValue = 0;
  llvm::StringRef stringValue;
  std::unique_ptr<Tensor> tensor;
  std::unique_ptr<Graph> graph;
  std::vector<float> floats;
  std::vector<int64_t> ints;
  std::vector<llvm::StringRef> strings;
};

struct Node {
  llvm::StringRef name, opType, domain, overload;
  std::vector<llvm::StringRef> inputs, outputs;
  std::vector<Attribute> attributes;
};

struct Graph {
  llvm::StringRef name;
  std::vector<Node> nodes;
  std::vector<Tensor> initializers;
  std::vector<ValueInfo> inputs, outputs;
  /// Names of initializers in sparse form.
  std::vector<llvm::StringRef> sparseInitializers;
};

struct OpsetImport {
  llvm::StringRef domain;
  int64_t version = 0;
};

/// An op that the model defines itself.
struct Function {
  llvm::StringRef name, domain, overload;
  /// Inputs and outputs have names only.
  Graph body;
  /// The attributes that calls may leave out.
  std::vector<Attribute> defaults;
  std::vector<OpsetImport> opsets;
};

struct Model {
  int64_t irVersion = 0;
  llvm::StringRef producer;
  std::vector<OpsetImport> opsets;
  std::optional<Graph> graph;
  std::vector<Function> functions;
  /// Elements that the file does not hold as plain bytes.
  std::deque<std::string> decoded;
};

/// Reads the model that `bytes` hold; the views in it live as long as they do.
llvm::Expected<Model> readModel(llvm::StringRef bytes);

} // namespace mlc::onnx

#endif // MLC_IMPORT_ONNX_READER_H
