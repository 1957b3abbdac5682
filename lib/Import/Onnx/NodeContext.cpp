//===- NodeContext.cpp - Inputs, attributes and errors of nodes -----------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeContext.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

NodeContext::NodeContext(ImportContext &context, EnclosingGraph &graph,
                         const Node &node, std::string nodeName, int64_t opset,
                         ValueRange inputs)
    : context(context), graph(graph), builder(context.builder),
      shapes(context.shapes), opset(opset),
      loc(NameLoc::get(context.builder.getStringAttr(nodeName))), node(node),
      name(std::move(nodeName)), inputs(inputs.begin(), inputs.end()),
      results(node.outputs.size()) {}

void NodeContext::report(const Twine &message, const Twine &remedy) {
  bool isFirst = !isFailed;
  isFailed = true;
  if (isFirst)
    problem = Problem{name,
                      node.opType.str(),
                      node.domain.str(),
                      opset,
                      ("node \"" + Twine(name) + "\": " + message).str(),
                      remedy.str()};
}

void NodeContext::reportUnsupported(const Twine &message, const Twine &remedy) {
  bool isFirst = !isFailed;
  report(message, remedy);
  if (isFirst)
    problem->isUnsupported = true;
}

bool NodeContext::canWriteOut(int64_t count, const Twine &what) {
  constexpr int64_t maxWrittenOut = 4096;
  if (count <= maxWrittenOut)
    return true;
  reportUnsupported(Twine(count) + " " + what + " are too many; allowed are " +
                    Twine(maxWrittenOut));
  return false;
}

void NodeContext::setResult(Value value, size_t index) {
  if (index < results.size())
    results[index] = value;
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

Exprs NodeContext::elements(size_t index) {
  if (hasFailed() || !hasInput(index))
    return {};
  std::optional<SymbolicShapes::Elements> known = shapes.elements(input(index));
  if (known)
    return std::move(*known);
  reportUnsupported(Twine("input \"") + node.inputs[index] + "\" is " +
                    debugString(input(index).getType()) +
                    "; an integer tensor of known shape and at most " +
                    Twine(SymbolicShapes::maxElements) +
                    " elements is allowed");
  return {};
}

std::optional<SmallVector<int64_t>> NodeContext::literals(size_t index) {
  if (hasFailed() || !hasInput(index))
    return std::nullopt;
  SmallVector<int64_t> values;
  for (const Expr &element : elements(index)) {
    std::optional<int64_t> literal = element.getLiteral();
    if (!literal) {
      reportUnsupported(
          Twine("input \"") + node.inputs[index] +
              "\" is not known at compile time",
          "make it a constant of the model, or fix the sizes that it is "
          "computed from with --shape or --dim");
      return std::nullopt;
    }
    values.push_back(*literal);
  }
  return values;
}

std::optional<SmallVector<double>> NodeContext::numbers(size_t index) const {
  auto constant =
      hasInput(index) ? input(index).getDefiningOp<ConstantOp>() : ConstantOp();
  auto element = constant
                     ? dyn_cast<FloatType>(elementTypeOf(constant.getResult()))
                     : FloatType();
  if (!element)
    return std::nullopt;
  SmallVector<double> values;
  auto add = [&](APFloat value) {
    bool losesInfo;
    value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                  &losesInfo);
    values.push_back(value.convertToDouble());
  };
  if (auto dense = dyn_cast<DenseFPElementsAttr>(constant.getValue())) {
    llvm::for_each(dense.getValues<APFloat>(), add);
    return values;
  }
  auto resource = dyn_cast<DenseResourceElementsAttr>(constant.getValue());
  AsmResourceBlob *blob =
      resource ? resource.getRawHandle().getBlob() : nullptr;
  if (!blob)
    return std::nullopt;
  unsigned bytes = element.getWidth() / 8;
  for (ArrayRef<char> rest = blob->getData(); rest.size() >= bytes;
       rest = rest.drop_front(bytes)) {
    uint64_t bits = 0;
    std::memcpy(&bits, rest.data(), bytes);
    add(APFloat(element.getFloatSemantics(), APInt(8 * bytes, bits)));
  }
  return values;
}

std::optional<SmallVector<int64_t>>
NodeContext::literals(StringRef attribute, size_t index, int64_t since) {
  return opset < since ? getInts(attribute) : literals(index);
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

static StringRef toString(onnx::Attribute::Kind kind) {
  using Kind = onnx::Attribute::Kind;
  switch (kind) {
  case Kind::Float:
    return "float";
  case Kind::Int:
    return "int";
  case Kind::String:
    return "string";
  case Kind::Tensor:
    return "tensor";
  case Kind::Graph:
    return "graph";
  case Kind::Floats:
    return "list of floats";
  case Kind::Ints:
    return "list of ints";
  case Kind::Strings:
    return "list of strings";
  case Kind::Undefined:
    break;
  }
  return "another kind";
}

const onnx::Attribute *NodeContext::find(StringRef attribute) const {
  for (const onnx::Attribute &candidate : node.attributes)
    if (candidate.name == attribute)
      return candidate.reference.empty() ? &candidate
                                         : graph.resolve(candidate.reference);
  return nullptr;
}

bool NodeContext::hasAttribute(StringRef attribute) const {
  return find(attribute) != nullptr;
}

const onnx::Attribute *NodeContext::find(StringRef attribute,
                                         onnx::Attribute::Kind kind) {
  const onnx::Attribute *found = find(attribute);
  // Files of the first versions do not give the kind.
  if (!found || found->kind == kind ||
      found->kind == onnx::Attribute::Kind::Undefined)
    return found;
  report(Twine("attribute \"") + attribute + "\" is of kind " +
         ::toString(found->kind) + "; allowed is " + ::toString(kind));
  return nullptr;
}

int64_t NodeContext::getInt(StringRef attribute, int64_t absent) {
  auto *found = find(attribute, onnx::Attribute::Kind::Int);
  return found ? found->intValue : absent;
}

double NodeContext::getFloat(StringRef attribute, double absent) {
  auto *found = find(attribute, onnx::Attribute::Kind::Float);
  // What is absent is a float as well.
  return found ? found->floatValue : static_cast<float>(absent);
}

StringRef NodeContext::getString(StringRef attribute, StringRef absent) {
  auto *found = find(attribute, onnx::Attribute::Kind::String);
  return found ? found->stringValue : absent;
}

std::optional<SmallVector<int64_t>> NodeContext::getInts(StringRef attribute) {
  auto *found = find(attribute, onnx::Attribute::Kind::Ints);
  if (!found)
    return std::nullopt;
  return SmallVector<int64_t>(found->ints.begin(), found->ints.end());
}

std::optional<SmallVector<float>> NodeContext::getFloats(StringRef attribute) {
  auto *found = find(attribute, onnx::Attribute::Kind::Floats);
  if (!found)
    return std::nullopt;
  return SmallVector<float>(found->floats.begin(), found->floats.end());
}

std::optional<ArrayRef<StringRef>>
NodeContext::getStrings(StringRef attribute) {
  auto *found = find(attribute, onnx::Attribute::Kind::Strings);
  if (!found)
    return std::nullopt;
  return ArrayRef<StringRef>(found->strings);
}

const Tensor *NodeContext::getTensor(StringRef attribute) {
  auto *found = find(attribute, onnx::Attribute::Kind::Tensor);
  if (found && !found->tensor)
    report(Twine("attribute \"") + attribute + "\" holds no tensor");
  return found ? found->tensor.get() : nullptr;
}

const Graph *NodeContext::requireGraph(StringRef attribute) {
  auto *found = find(attribute, onnx::Attribute::Kind::Graph);
  if (!hasFailed() && (!found || !found->graph))
    report(Twine("attribute \"") + attribute + "\" is missing");
  return found ? found->graph.get() : nullptr;
}

int64_t NodeContext::requireInt(StringRef attribute) {
  if (!hasAttribute(attribute))
    report(Twine("attribute \"") + attribute + "\" is missing");
  return getInt(attribute, 0);
}

StringRef NodeContext::getChoice(StringRef attribute,
                                 ArrayRef<StringRef> allowed) {
  StringRef found = getString(attribute, allowed.front());
  if (!llvm::is_contained(allowed, found))
    report(Twine("attribute \"") + attribute + "\" is \"" +
           llvm::json::fixUTF8(found) + "\"; allowed are \"" +
           llvm::join(allowed, "\", \"") + "\"");
  return found;
}

Type NodeContext::toType(int64_t number) {
  auto dataType = static_cast<DataType>(number);
  Type type = toElementType(builder.getContext(), dataType);
  if (type)
    return type;
  reportUnsupported(Twine("element type ") + onnx::toString(dataType) +
                    " is not supported");
  return builder.getF32Type();
}

//===----------------------------------------------------------------------===//
// Axes
//===----------------------------------------------------------------------===//

int64_t NodeContext::normalizeAxis(int64_t axis, int64_t rank) {
  if (axis >= -rank && axis < rank)
    return axis < 0 ? axis + rank : axis;
  report(Twine("axis ") + Twine(axis) + " is out of range for rank " +
         Twine(rank));
  return 0;
}

SmallVector<int64_t> NodeContext::normalizeAxes(ArrayRef<int64_t> axes,
                                                int64_t rank) {
  SmallVector<int64_t> result;
  for (int64_t axis : axes)
    result.push_back(normalizeAxis(axis, rank));
  llvm::sort(result);
  if (llvm::adjacent_find(result) != result.end())
    report("an axis is named twice");
  return hasFailed() ? SmallVector<int64_t>() : result;
}

//===----------------------------------------------------------------------===//
// Making ops
//===----------------------------------------------------------------------===//

Type NodeContext::placeholder() {
  return RankedTensorType::get({}, builder.getF32Type());
}

Value NodeContext::finish(OperationState &state) {
  std::string message;
  Operation *op = nullptr;
  {
    ScopedDiagnosticHandler handler(builder.getContext(), [&](Diagnostic &d) {
      if (message.empty())
        message = d.str();
    });
    auto *inference = state.name.getInterface<InferTypeOpInterface>();
    SmallVector<Type> types;
    if (succeeded(inference->inferReturnTypes(
            builder.getContext(), loc, state.operands,
            state.attributes.getDictionary(builder.getContext()),
            state.getRawProperties(), state.regions, types))) {
      state.types.assign(types.begin(), types.end());
      op = builder.create(state);
      if (failed(verify(op))) {
        op->erase();
        op = nullptr;
      }
    }
  }
  if (!op) {
    StringRef text = message;
    if (text.consume_front("'"))
      text = text.split("' op ").second;
    report(text);
    return nullptr;
  }
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  if (!canBeHeld(type)) {
    op->erase();
    report("makes a tensor of type " + debugString(type) +
           "; allowed are tensors of at most " + Twine(maxTensorBytes) +
           " bytes");
    return nullptr;
  }
  requireDemands(op);
  if (hasFailed()) {
    op->erase();
    return nullptr;
  }
  SmallVector<Value> folded;
  if (succeeded(builder.tryFold(op, folded)) && !folded.empty()) {
    op->erase();
    return folded.front();
  }
  return op->getResult(0);
}
