//===- Reader.cpp - Views of an ONNX file ---------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// protozero reports malformed input by exceptions. They end in `readModel`, the
// one entry point; this file must be compiled with exceptions.
//
//===----------------------------------------------------------------------===//

#include "mlc/Import/Onnx/Reader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>
#include <exception>
#include <protozero/pbf_message.hpp>

using namespace mlc::onnx;
using llvm::StringRef;
using llvm::Twine;

namespace {

struct ReadError : std::exception {
  explicit ReadError(const Twine &message) : message(message.str()) {}
  const char *what() const noexcept override { return message.c_str(); }
  std::string message;
};

/// A message of the file, field by field. protozero only asserts that a field
/// is of the kind that it is read as.
class Fields : private protozero::pbf_reader {
  using Base = protozero::pbf_reader;
  using Wire = protozero::pbf_wire_type;

public:
  Fields(const char *data, size_t size) : Base(data, size) {}

  using Base::next;
  using Base::skip;
  using Base::tag;
  bool isPacked() const { return has_wire_type(Wire::length_delimited); }

  StringRef getBytes() {
    require(Wire::length_delimited);
    protozero::data_view bytes = get_view();
    return {bytes.data(), bytes.size()};
  }
  /// A name or a path; they end in messages and metadata.
  StringRef getText() {
    StringRef text = getBytes();
    if (!llvm::json::isUTF8(text))
      throw ReadError("a name in the model is not UTF-8");
    return text;
  }
  Fields getMessage() {
    StringRef bytes = getBytes();
    return Fields(bytes.data(), bytes.size());
  }
  int64_t getInt() {
    require(Wire::varint);
    return get_int64();
  }
  float getFloat() {
    require(Wire::fixed32);
    return get_float();
  }
  /// The bits of a field of 4 or 8 bytes.
  uint64_t getFixed(unsigned width) {
    require(width == 4 ? Wire::fixed32 : Wire::fixed64);
    return width == 4 ? get_fixed32() : get_fixed64();
  }
  auto getPackedInts() { return get_packed_int64(); }
  auto getPackedFloats() { return get_packed_float(); }

private:
  void require(Wire wire) const {
    if (!has_wire_type(wire))
      throw ReadError("the file is damaged or not an ONNX model (field " +
                      Twine(tag()) + " is of another kind)");
  }
};

/// What no honest model exceeds, and what keeps time and memory in proportion
/// to the file.
constexpr unsigned maxDepth = 96;
constexpr unsigned maxMessages = 2'000'000;
constexpr size_t maxRank = 64;

class Reader {
public:
  explicit Reader(Model &model) : model(model) {}

  void readModel(Fields fields);

private:
  /// Counts messages and how deep they are nested.
  struct Scope {
    explicit Scope(Reader &reader) : reader(reader) {
      if (++reader.messages > maxMessages)
        throw ReadError(Twine("the model has more than ") + Twine(maxMessages) +
                        " parts");
      if (++reader.depth > maxDepth)
        throw ReadError(Twine("the model is nested deeper than ") +
                        Twine(maxDepth) + " levels");
    }
    ~Scope() { --reader.depth; }
    Reader &reader;
  };

  Graph readGraph(Fields fields);
  Function readFunction(Fields fields);
  Node readNode(Fields fields);
  Attribute readAttribute(Fields fields);
  Tensor readTensor(Fields fields);
  ValueInfo readValueInfo(Fields fields);
  void readType(Fields fields, ValueInfo &info);
  void readTensorType(Fields fields, ValueInfo &info);
  void readExternalData(Fields fields, Tensor &tensor);
  std::string &newStorage() { return model.decoded.emplace_back(); }

  Model &model;
  unsigned depth = 0, messages = 0;
};

/// Appends the values of a repeated field, packed or not.
void appendInts(Fields &fields, std::vector<int64_t> &values) {
  if (!fields.isPacked())
    return values.push_back(fields.getInt());
  for (int64_t value : fields.getPackedInts())
    values.push_back(value);
}

void appendFloats(Fields &fields, std::vector<float> &values) {
  if (!fields.isPacked())
    return values.push_back(fields.getFloat());
  for (float value : fields.getPackedFloats())
    values.push_back(value);
}

/// Appends the values of a repeated integer field, cut to `width` bytes each.
void appendBytes(Fields &fields, std::string &bytes, unsigned width) {
  auto append = [&](int64_t value) {
    bytes.append(reinterpret_cast<const char *>(&value), width);
  };
  if (!fields.isPacked())
    return append(fields.getInt());
  for (int64_t value : fields.getPackedInts())
    append(value);
}

/// Appends the values of a repeated field of fixed width. The usual single
/// packed run stays a view.
void appendFixed(Fields &fields, StringRef &run, std::string &bytes,
                 unsigned width) {
  if (fields.isPacked()) {
    StringRef chunk = fields.getBytes();
    if (run.empty() && bytes.empty()) {
      run = chunk;
      return;
    }
    bytes.append(run.begin(), run.end()).append(chunk.begin(), chunk.end());
    run = StringRef();
    return;
  }
  bytes.append(run.begin(), run.end());
  run = StringRef();
  uint64_t value = fields.getFixed(width);
  bytes.append(reinterpret_cast<const char *>(&value), width);
}

std::string describe(const Tensor &tensor) {
  return ("tensor \"" + tensor.name + "\"").str();
}

/// The bytes of a tensor by its dims; checks the dims.
int64_t computeByteSize(const Tensor &tensor) {
  if (tensor.dims.size() > maxRank)
    throw ReadError(describe(tensor) + " has rank " +
                    Twine(tensor.dims.size()) + "; at most " + Twine(maxRank) +
                    " is allowed");
  int64_t size = byteWidth(tensor.type);
  for (int64_t dim : tensor.dims) {
    if (dim < 0)
      throw ReadError(describe(tensor) + " has a dim of size " + Twine(dim));
    if (dim != 0 && llvm::MulOverflow(size, dim, size))
      throw ReadError("the size of " + describe(tensor) + " overflows");
  }
  return llvm::is_contained(tensor.dims, 0) ? 0 : size;
}

} // namespace

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

unsigned mlc::onnx::byteWidth(DataType type) {
  switch (type) {
  case DataType::UInt8:
  case DataType::Int8:
  case DataType::Bool:
    return 1;
  case DataType::UInt16:
  case DataType::Int16:
  case DataType::Float16:
  case DataType::BFloat16:
    return 2;
  case DataType::Float:
  case DataType::Int32:
  case DataType::UInt32:
    return 4;
  case DataType::Int64:
  case DataType::Double:
  case DataType::UInt64:
    return 8;
  case DataType::Undefined:
  case DataType::String:
    return 0;
  }
  return 0;
}

std::string mlc::onnx::toString(DataType type) {
  static constexpr const char *names[] = {
      "undefined",      "float",      "uint8",
      "int8",           "uint16",     "int16",
      "int32",          "int64",      "string",
      "bool",           "float16",    "double",
      "uint32",         "uint64",     "complex64",
      "complex128",     "bfloat16",   "float8e4m3fn",
      "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz",
      "uint4",          "int4",       "float4e2m1",
      "float8e8m0",     "uint2",      "int2"};
  auto number = static_cast<int32_t>(type);
  if (number < 0 || number >= static_cast<int32_t>(std::size(names)))
    return "number " + std::to_string(number);
  return names[number];
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

void Reader::readExternalData(Fields fields, Tensor &tensor) {
  Scope scope(*this);
  StringRef key, value;
  while (fields.next()) {
    if (fields.tag() == 1)
      key = fields.getText();
    else if (fields.tag() == 2)
      value = fields.getText();
    else
      fields.skip();
  }
  if (key == "location") {
    tensor.location = value;
  } else if (key == "offset" || key == "length") {
    int64_t number;
    if (value.getAsInteger(10, number) || number < 0)
      throw ReadError("the external data of " + describe(tensor) + " has " +
                      key + " \"" + value +
                      "\"; a number that is not negative is allowed");
    (key == "offset" ? tensor.offset : tensor.length) = number;
  }
}

Tensor Reader::readTensor(Fields fields) {
  Scope scope(*this);
  Tensor tensor;
  // Fields come in any order, and the data's width depends on the type.
  std::vector<Fields> typed;
  std::optional<StringRef> raw;
  Fields first = fields;
  while (first.next()) {
    switch (first.tag()) {
    case 1:
      appendInts(first, tensor.dims);
      break;
    case 2:
      tensor.type = static_cast<DataType>(first.getInt());
      break;
    case 8:
      tensor.name = first.getText();
      break;
    case 9:
      raw = first.getBytes();
      break;
    case 14:
      tensor.isExternal = first.getInt() == 1;
      break;
    default:
      first.skip();
    }
  }
  tensor.byteSize = computeByteSize(tensor);
  unsigned width = byteWidth(tensor.type);
  StringRef run;
  std::string bytes;
  while (fields.next()) {
    switch (fields.tag()) {
    case 4:
      appendFixed(fields, run, bytes, 4);
      break;
    case 5:
      appendBytes(fields, bytes, width);
      break;
    case 7:
      appendBytes(fields, bytes, width);
      break;
    case 10:
      appendFixed(fields, run, bytes, 8);
      break;
    case 11:
      appendBytes(fields, bytes, width);
      break;
    case 13:
      readExternalData(fields.getMessage(), tensor);
      break;
    default:
      fields.skip();
    }
  }
  if (tensor.isExternal || width == 0)
    return tensor;
  tensor.bytes = raw ? *raw : run;
  if (!raw && !bytes.empty())
    tensor.bytes = newStorage() = std::move(bytes);
  if (static_cast<int64_t>(tensor.bytes.size()) != tensor.byteSize)
    throw ReadError(describe(tensor) + " has " + Twine(tensor.bytes.size()) +
                    " bytes of data; its shape and type need " +
                    Twine(tensor.byteSize));
  return tensor;
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

void Reader::readTensorType(Fields fields, ValueInfo &info) {
  Scope scope(*this);
  while (fields.next()) {
    if (fields.tag() == 1) {
      info.type = static_cast<DataType>(fields.getInt());
      continue;
    }
    if (fields.tag() != 2) {
      fields.skip();
      continue;
    }
    info.hasShape = true;
    Fields shape = fields.getMessage();
    while (shape.next()) {
      if (shape.tag() != 1) {
        shape.skip();
        continue;
      }
      Scope dimScope(*this);
      Dimension &dim = info.dims.emplace_back();
      Fields parts = shape.getMessage();
      while (parts.next()) {
        if (parts.tag() == 1)
          dim.value = parts.getInt();
        else if (parts.tag() == 2)
          dim.symbol = parts.getText();
        else
          parts.skip();
      }
    }
  }
  if (info.dims.size() > maxRank)
    throw ReadError("value \"" + info.name + "\" has rank " +
                    Twine(info.dims.size()) + "; at most " + Twine(maxRank) +
                    " is allowed");
}

void Reader::readType(Fields fields, ValueInfo &info) {
  Scope scope(*this);
  while (fields.next()) {
    switch (fields.tag()) {
    case 1:
      readTensorType(fields.getMessage(), info);
      continue;
    case 4:
      info.otherKind = "sequence";
      break;
    case 5:
      info.otherKind = "map";
      break;
    case 7:
      info.otherKind = "opaque value";
      break;
    case 8:
      info.otherKind = "sparse tensor";
      break;
    case 9:
      info.otherKind = "optional";
      break;
    }
    fields.skip();
  }
}

ValueInfo Reader::readValueInfo(Fields fields) {
  Scope scope(*this);
  ValueInfo info;
  while (fields.next()) {
    if (fields.tag() == 1)
      info.name = fields.getText();
    else if (fields.tag() == 2)
      readType(fields.getMessage(), info);
    else
      fields.skip();
  }
  return info;
}

//===----------------------------------------------------------------------===//
// Nodes, graphs and models
//===----------------------------------------------------------------------===//

Attribute Reader::readAttribute(Fields fields) {
  Scope scope(*this);
  Attribute attribute;
  while (fields.next()) {
    switch (fields.tag()) {
    case 1:
      attribute.name = fields.getText();
      break;
    case 2:
      attribute.floatValue = fields.getFloat();
      break;
    case 3:
      attribute.intValue = fields.getInt();
      break;
    case 4:
      attribute.stringValue = fields.getBytes();
      break;
    case 5:
      attribute.tensor =
          std::make_unique<Tensor>(readTensor(fields.getMessage()));
      break;
    case 6:
      attribute.graph = std::make_unique<Graph>(readGraph(fields.getMessage()));
      break;
    case 7:
      appendFloats(fields, attribute.floats);
      break;
    case 8:
      appendInts(fields, attribute.ints);
      break;
    case 9:
      attribute.strings.push_back(fields.getBytes());
      break;
    case 21:
      attribute.reference = fields.getText();
      break;
    case 20:
      attribute.kind = static_cast<Attribute::Kind>(fields.getInt());
      break;
    default:
      fields.skip();
    }
  }
  return attribute;
}

Node Reader::readNode(Fields fields) {
  Scope scope(*this);
  Node node;
  while (fields.next()) {
    switch (fields.tag()) {
    case 1:
      node.inputs.push_back(fields.getText());
      break;
    case 2:
      node.outputs.push_back(fields.getText());
      break;
    case 3:
      node.name = fields.getText();
      break;
    case 4:
      node.opType = fields.getText();
      break;
    case 5:
      node.attributes.push_back(readAttribute(fields.getMessage()));
      break;
    case 7:
      node.domain = fields.getText();
      break;
    case 8:
      node.overload = fields.getText();
      break;
    default:
      fields.skip();
    }
  }
  return node;
}

Graph Reader::readGraph(Fields fields) {
  Scope scope(*this);
  Graph graph;
  while (fields.next()) {
    switch (fields.tag()) {
    case 1:
      graph.nodes.push_back(readNode(fields.getMessage()));
      break;
    case 2:
      graph.name = fields.getText();
      break;
    case 5:
      graph.initializers.push_back(readTensor(fields.getMessage()));
      break;
    case 11:
      graph.inputs.push_back(readValueInfo(fields.getMessage()));
      break;
    case 12:
      graph.outputs.push_back(readValueInfo(fields.getMessage()));
      break;
    case 15: {
      Fields sparse = fields.getMessage();
      StringRef name;
      if (sparse.next(1))
        name = readTensor(sparse.getMessage()).name;
      graph.sparseInitializers.push_back(name);
      break;
    }
    default:
      fields.skip();
    }
  }
  return graph;
}

static OpsetImport readOpset(Fields fields) {
  OpsetImport opset;
  while (fields.next()) {
    if (fields.tag() == 1)
      opset.domain = fields.getText();
    else if (fields.tag() == 2)
      opset.version = fields.getInt();
    else
      fields.skip();
  }
  return opset;
}

Function Reader::readFunction(Fields fields) {
  Scope scope(*this);
  Function function;
  auto addName = [](std::vector<ValueInfo> &values, StringRef name) {
    values.emplace_back().name = name;
  };
  while (fields.next()) {
    switch (fields.tag()) {
    case 1:
      function.name = fields.getText();
      break;
    case 4:
      addName(function.body.inputs, fields.getText());
      break;
    case 5:
      addName(function.body.outputs, fields.getText());
      break;
    case 7:
      function.body.nodes.push_back(readNode(fields.getMessage()));
      break;
    case 9:
      function.opsets.push_back(readOpset(fields.getMessage()));
      break;
    case 10:
      function.domain = fields.getText();
      break;
    case 11:
      function.defaults.push_back(readAttribute(fields.getMessage()));
      break;
    case 13:
      function.overload = fields.getText();
      break;
    default:
      fields.skip();
    }
  }
  return function;
}

void Reader::readModel(Fields fields) {
  while (fields.next()) {
    switch (fields.tag()) {
    case 1:
      model.irVersion = fields.getInt();
      break;
    case 2:
      model.producer = fields.getText();
      break;
    case 7:
      if (model.graph)
        throw ReadError("the model has two graphs");
      model.graph = readGraph(fields.getMessage());
      break;
    case 8:
      model.opsets.push_back(readOpset(fields.getMessage()));
      break;
    case 25:
      model.functions.push_back(readFunction(fields.getMessage()));
      break;
    default:
      fields.skip();
    }
  }
}

llvm::Expected<Model> mlc::onnx::readModel(StringRef bytes) {
  auto failed = [](const Twine &message) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
  };
  if (bytes.empty())
    return failed("the file is empty");
  Model model;
  try {
    Reader(model).readModel(Fields(bytes.data(), bytes.size()));
  } catch (const ReadError &error) {
    return failed(error.what());
  } catch (const protozero::exception &error) {
    return failed(Twine("the file is damaged or not an ONNX model (") +
                  error.what() + ")");
  } catch (const std::exception &error) {
    return failed(Twine("the model cannot be read (") + error.what() + ")");
  }
  if (!model.graph)
    return failed("the file is not an ONNX model: it has no graph");
  return model;
}
