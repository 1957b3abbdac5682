//===- Signature.cpp - The contract of a model's inputs -------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Signature.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

/// Some exporters call every open dim "?" or "-1" where they mean that nothing
/// is known of it; dims called so need not be equal.
static bool isName(StringRef symbol) {
  return llvm::any_of(symbol, [](char c) {
    return llvm::isAlpha(c) || c == '_' || !llvm::isASCII(c);
  });
}

namespace {

class SignatureReader {
public:
  SignatureReader(MLIRContext *context, const Graph &graph,
                  const ImportOptions &options, std::vector<Problem> &problems)
      : context(context), graph(graph), options(options), problems(problems) {}

  Signature read();

private:
  void error(const Twine &message, const Twine &remedy = "") {
    problems.push_back({"", "", "", 0, message.str(), remedy.str()});
  }
  void findInputs();
  void bindShapes();
  void bindShape(const ValueInfo &input, ArrayRef<int64_t> shape);
  void bindDims();
  void readInput(const ValueInfo &input);
  std::string nameDim(const ValueInfo &input, size_t axis);
  std::string makeSymbol(StringRef key, StringRef text);
  /// The name by which options and messages know a dim.
  static std::string keyOf(const ValueInfo &input, size_t axis) {
    const Dimension &dim = input.dims[axis];
    return isName(dim.symbol) ? dim.symbol.str()
                              : (input.name + "_" + Twine(axis)).str();
  }

  MLIRContext *context;
  const Graph &graph;
  const ImportOptions &options;
  std::vector<Problem> &problems;
  SmallVector<const ValueInfo *> inputs;
  std::map<std::string, Bounds> ranges;
  llvm::StringMap<std::string> symbolOfKey;
  llvm::StringSet<> symbolNames;
  Signature signature;
};

} // namespace

/// What initializers define is not passed by callers.
void SignatureReader::findInputs() {
  llvm::StringSet<> initialized, seen;
  for (const Tensor &tensor : graph.initializers)
    initialized.insert(tensor.name);
  for (const ValueInfo &input : graph.inputs) {
    if (!seen.insert(input.name).second)
      error("input \"" + input.name + "\" is declared twice");
    if (!initialized.contains(input.name))
      inputs.push_back(&input);
  }
}

void SignatureReader::bindShape(const ValueInfo &input,
                                ArrayRef<int64_t> shape) {
  auto contradict = [&](size_t axis, const Twine &found) {
    error("the shape given for input \"" + input.name + "\" has size " +
          Twine(shape[axis]) + " at axis " + Twine(axis) + "; the model has " +
          found);
  };
  for (int64_t size : shape)
    if (size < 0)
      return error("the shape given for input \"" + input.name +
                   "\" has a negative size");
  if (!input.hasShape)
    return;
  if (input.dims.size() != shape.size())
    return error("the shape given for input \"" + input.name + "\" has rank " +
                 Twine(shape.size()) + "; the model has rank " +
                 Twine(input.dims.size()));
  for (auto [axis, dim] : llvm::enumerate(input.dims)) {
    if (dim.value >= 0) {
      if (dim.value != shape[axis])
        contradict(axis, Twine(dim.value));
      continue;
    }
    Bounds range = {shape[axis], shape[axis]};
    auto [known, isNew] = ranges.try_emplace(keyOf(input, axis), range);
    if (!isNew && known->second != range)
      contradict(axis, "\"" + keyOf(input, axis) + "\", which is " +
                           Twine(known->second.min) + " elsewhere");
  }
}

void SignatureReader::bindShapes() {
  for (const auto &[name, shape] : options.shapes) {
    auto found =
        llvm::find_if(inputs, [&, &name = name](const ValueInfo *input) {
          return input->name == name;
        });
    if (found != inputs.end()) {
      bindShape(**found, shape);
      continue;
    }
    std::string names;
    for (const ValueInfo *input : inputs)
      names += (names.empty() ? "\"" : ", \"") + input->name.str() + "\"";
    error("the model has no input \"" + name + "\"", "its inputs are " + names);
  }
}

void SignatureReader::bindDims() {
  llvm::StringSet<> known;
  std::string names;
  for (const ValueInfo *input : inputs)
    for (size_t axis = 0; axis < input->dims.size(); ++axis)
      if (input->dims[axis].value < 0 &&
          known.insert(keyOf(*input, axis)).second)
        names += (names.empty() ? "\"" : ", \"") + keyOf(*input, axis) + "\"";
  for (const auto &[name, range] : options.dims) {
    if (!known.contains(name))
      error("the model has no dim \"" + name + "\"",
            names.empty() ? "all its dims are fixed" : "its dims are " + names);
    else if (range.min < 0 || range.min > range.max)
      error("the range given for dim \"" + name + "\" is empty or negative");
    else if (!ranges.try_emplace(name, range).second)
      error("dim \"" + name + "\" is given by --shape and --dim");
  }
}

std::string SignatureReader::makeSymbol(StringRef key, StringRef text) {
  std::string &name = symbolOfKey[key];
  if (!name.empty())
    return name;
  name = Expr::toSymbolName(text);
  for (unsigned i = 1; !symbolNames.insert(name).second; ++i)
    name = Expr::toSymbolName(text) + "_" + std::to_string(i);
  auto range = ranges.find(key.str());
  Bounds bounds = range == ranges.end() ? Symbol().bounds : range->second;
  signature.symbols.push_back(SymbolAttr::get(
      context, StringAttr::get(context, name), bounds.min, bounds.max, 1));
  return name;
}

std::string SignatureReader::nameDim(const ValueInfo &input, size_t axis) {
  if (input.dims[axis].value >= 0)
    return std::to_string(input.dims[axis].value);
  std::string key = keyOf(input, axis);
  if (auto range = ranges.find(key);
      range != ranges.end() && range->second.min == range->second.max)
    return std::to_string(range->second.min);
  return makeSymbol(key, key);
}

void SignatureReader::readInput(const ValueInfo &input) {
  if (!input.otherKind.empty())
    return error("input \"" + input.name + "\" is a " + input.otherKind +
                 "; only tensors are supported");
  Type element = toElementType(context, input.type);
  if (!element)
    return error("input \"" + input.name + "\" has elements of type " +
                 onnx::toString(input.type) + ", which are not supported");
  InputSpec spec{input.name, nullptr, {}};
  auto given = options.shapes.find(input.name.str());
  if (input.hasShape) {
    for (size_t axis = 0; axis < input.dims.size(); ++axis)
      spec.dims.push_back(nameDim(input, axis));
  } else if (given != options.shapes.end()) {
    for (int64_t size : given->second)
      spec.dims.push_back(std::to_string(size));
  } else {
    return error("input \"" + input.name + "\" has no shape",
                 "give it with --shape " + input.name + "=...");
  }
  SmallVector<int64_t> shape;
  for (StringRef dim : spec.dims)
    if (int64_t size; !dim.getAsInteger(10, size))
      shape.push_back(size);
    else
      shape.push_back(ShapedType::kDynamic);
  spec.type = RankedTensorType::get(shape, element);
  if (!canBeHeld(spec.type))
    return error("input \"" + input.name + "\" is of type " +
                 debugString(spec.type) + "; allowed are tensors of at most " +
                 Twine(maxTensorBytes) + " bytes");
  signature.inputs.push_back(std::move(spec));
}

Signature SignatureReader::read() {
  findInputs();
  bindShapes();
  bindDims();
  for (const ValueInfo *input : inputs)
    readInput(*input);
  return std::move(signature);
}

Signature mlc::onnx::readSignature(MLIRContext *context, const Graph &graph,
                                   const ImportOptions &options,
                                   std::vector<Problem> &problems) {
  return SignatureReader(context, graph, options, problems).read();
}
