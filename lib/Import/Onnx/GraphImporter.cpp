//===- GraphImporter.cpp - The nodes of a graph ---------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"
#include "NodeOrder.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

std::optional<int64_t> mlc::onnx::opsetOf(ArrayRef<OpsetImport> opsets,
                                          StringRef domain) {
  for (const OpsetImport &opset : opsets)
    if (normalizeDomain(opset.domain) == normalizeDomain(domain))
      return opset.version;
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

bool GraphImporter::isDefined(StringRef name) const {
  return values.contains(name) || (outer && outer->isDefined(name));
}

bool GraphImporter::isAbsent(StringRef name) const {
  return name.empty() || absent.contains(name) ||
         (outer && !values.contains(name) && outer->isAbsent(name));
}

Value GraphImporter::lookup(StringRef name) const {
  auto found = values.find(name);
  if (found != values.end())
    return found->second;
  return outer ? outer->lookup(name) : Value();
}

const onnx::Attribute *GraphImporter::resolve(StringRef reference) const {
  if (outer)
    return outer->resolve(reference);
  return attributes.lookup(reference);
}

void GraphImporter::importInitializers() {
  MLIRContext *mlir = context.builder.getContext();
  auto error = [&](const Twine &message, bool isUnsupported = false) {
    context.problems.push_back(
        {"", "", "", 0, message.str(), "", isUnsupported});
  };
  for (StringRef name : graph.sparseInitializers)
    error("initializer \"" + name + "\" is sparse, which is not supported",
          /*isUnsupported=*/true);
  llvm::StringSet<> seen;
  for (const Tensor &tensor : graph.initializers) {
    if (!seen.insert(tensor.name).second) {
      error("initializer \"" + tensor.name + "\" is defined twice");
      continue;
    }
    llvm::Expected<ElementsAttr> value = toElements(mlir, context.file, tensor);
    if (!value) {
      error(llvm::toString(value.takeError()));
      bind(tensor.name, nullptr);
      continue;
    }
    bind(tensor.name,
         ConstantOp::create(context.builder,
                            NameLoc::get(StringAttr::get(mlir, tensor.name)),
                            *value));
  }
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

void GraphImporter::run() {
  importInitializers();
  // What nodes that are left out define is unknown, not undefined.
  for (const Node &node : graph.nodes)
    for (StringRef name : node.outputs)
      values.try_emplace(name);
  auto isDefinedAround = [&](StringRef name) {
    return outer && outer->isDefined(name);
  };
  importNodes(sortNodes(graph, context.problems, isDefinedAround));
}

void GraphImporter::importNodes(ArrayRef<size_t> order) {
  for (pending = order; !pending.empty() && !isFinished;
       pending = pending.drop_front())
    importNode(pending.front());
}

/// What no honest model expands to: functions that call others twice each
/// double with every level, and so do branches of different ranks in a row.
static constexpr int64_t maxNodes = 200'000;

void GraphImporter::importNode(size_t index) {
  if (++context.numNodes > maxNodes) {
    if (context.numNodes == maxNodes + 1)
      context.problems.push_back(
          {"", "", "", 0,
           "the model has more than " + std::to_string(maxNodes) +
               " nodes when its functions are expanded and what follows "
               "branches of different ranks is repeated",
           "", /*isUnsupported=*/true});
    return;
  }
  const Node &node = graph.nodes[index];
  StringRef domain = normalizeDomain(node.domain);
  std::optional<int64_t> opset = opsetOf(opsets, domain);
  SmallVector<Value> inputs;
  bool isBlocked = false;
  for (StringRef name : node.inputs) {
    Value value = isAbsent(name) ? Value() : lookup(name);
    isBlocked |= !isAbsent(name) && !value;
    inputs.push_back(value);
  }
  NodeContext nodeContext(context, *this, node, nameOf(graph, index),
                          opset.value_or(0), inputs);
  const Function *called = context.functions.find(node);
  const Converter *converter =
      opset ? table.find(domain, node.opType, *opset) : nullptr;
  if (!opset && !called)
    nodeContext.report("the model does not say which opset of domain \"" +
                       domain + "\" it uses");
  else if (!converter && !called)
    nodeContext.reportUnsupported(
        "op \"" + (domain.empty() ? "" : domain + ".") + node.opType +
            "\" (opset " + Twine(*opset) + ") is not supported",
        domain.empty() ? "express it with supported ops when exporting"
                       : "export the model with ops of the default domain");
  // What follows a failed node is looked at no further: its inputs are unknown.
  else if (!isBlocked && called)
    callFunction(nodeContext, node, *called);
  else if (!isBlocked)
    convertNode(nodeContext, node, converter);
  if (nodeContext.hasFailed()) {
    if (nodeContext.getProblem())
      context.problems.push_back(*nodeContext.getProblem());
    return;
  }
  if (isFinished)
    return;
  for (auto [name, value] :
       llvm::zip_equal(node.outputs, nodeContext.getResults()))
    values[name] = value;
}

/// Whether the graph or a subgraph of it reads the value.
static bool isUsed(const Graph &graph, StringRef name) {
  auto isRead = [&](const Node &node) {
    return llvm::is_contained(node.inputs, name) ||
           llvm::any_of(node.attributes, [&](const onnx::Attribute &attribute) {
             return attribute.graph && isUsed(*attribute.graph, name);
           });
  };
  return llvm::any_of(graph.nodes, isRead) ||
         llvm::any_of(graph.outputs, [&](const ValueInfo &output) {
           return output.name == name;
         });
}

void GraphImporter::convertNode(NodeContext &nodeContext, const Node &node,
                                const Converter *converter) {
  // Absent optional inputs at the end may be named "" or not at all.
  size_t count = nodeContext.numInputs();
  if (count < converter->minInputs || count > converter->maxInputs) {
    nodeContext.report("op \"" + node.opType + "\" has " + Twine(count) +
                       " inputs; allowed are " +
                       (converter->maxInputs == variadic
                            ? Twine(converter->minInputs) + " or more"
                            : Twine(converter->minInputs) + " to " +
                                  Twine(converter->maxInputs)));
    return;
  }
  size_t needed =
      converter->maxInputs == variadic ? count : converter->minInputs;
  for (size_t i = 0; i < needed; ++i)
    if (!nodeContext.hasInput(i)) {
      nodeContext.report("input " + Twine(i) + " is missing");
      return;
    }
  for (auto [number, value] : llvm::enumerate(nodeContext.allInputs()))
    if (value && !converter->takesLists &&
        !isa<RankedTensorType>(value.getType())) {
      nodeContext.report("input " + Twine(number) +
                         " is a sequence; a tensor is allowed");
      return;
    }
  LogicalResult converted = converter->convert(nodeContext);
  if (nodeContext.hasFailed() || isFinished)
    return;
  if (failed(converted)) {
    nodeContext.report("cannot be converted");
    return;
  }
  for (auto [name, value] :
       llvm::zip_equal(node.outputs, nodeContext.getResults()))
    if (!name.empty() && !value && isUsed(graph, name)) {
      nodeContext.reportUnsupported("output \"" + name + "\" is not supported");
      return;
    }
}

//===----------------------------------------------------------------------===//
// Subgraphs and functions
//===----------------------------------------------------------------------===//

FailureOr<SmallVector<Value>> GraphImporter::outputs(size_t problemsBefore) {
  SmallVector<Value> results;
  for (const ValueInfo &output : graph.outputs) {
    if (!isDefined(output.name))
      context.problems.push_back(
          {"", "", "", 0,
           ("output \"" + output.name + "\" of graph \"" + graph.name +
            "\" is not defined")
               .str(),
           ""});
    Value value = lookup(output.name);
    if (value && !isa<RankedTensorType>(value.getType()))
      context.problems.push_back(
          {"", "", "", 0,
           ("output \"" + output.name + "\" of graph \"" + graph.name +
            "\" is a sequence, which is not supported")
               .str(),
           "", /*isUnsupported=*/true});
    results.push_back(value);
  }
  bool isComplete = !llvm::is_contained(results, Value());
  if (context.problems.size() != problemsBefore || !isComplete)
    return failure();
  return results;
}

FailureOr<SmallVector<Value>>
GraphImporter::importSubgraph(const Graph &subgraph, ValueRange inputs) {
  GraphImporter inner(context, table, subgraph, opsets, this);
  for (auto [info, value] : llvm::zip_equal(subgraph.inputs, inputs))
    inner.bind(info.name, value);
  size_t problemsBefore = context.problems.size();
  inner.run();
  return inner.outputs(problemsBefore);
}

FailureOr<SmallVector<Value>> GraphImporter::importRest(ValueRange results) {
  GraphImporter inner(context, table, graph, opsets, this);
  for (auto [name, value] :
       llvm::zip_equal(graph.nodes[pending.front()].outputs, results))
    inner.bind(name, value);
  size_t problemsBefore = context.problems.size();
  inner.importNodes(pending.drop_front());
  return inner.outputs(problemsBefore);
}

void GraphImporter::finish(ValueRange outputs) {
  isFinished = true;
  for (auto [output, value] : llvm::zip_equal(graph.outputs, outputs))
    bind(output.name, value);
}

FunctionTable::FunctionTable(const Model &model) {
  for (const Function &function : model.functions)
    functions.try_emplace(
        {normalizeDomain(function.domain), function.name, function.overload},
        &function);
}

const Function *FunctionTable::find(const Node &node) const {
  auto found = functions.find(
      {normalizeDomain(node.domain), node.opType, node.overload});
  return found == functions.end() ? nullptr : found->second;
}

void GraphImporter::callFunction(NodeContext &nodeContext, const Node &node,
                                 const Function &called) {
  for (const GraphImporter *at = this; at;
       at = at->outer ? at->outer : at->caller)
    if (at->function == &called)
      return nodeContext.report("function \"" + called.name +
                                "\" calls itself");
  const Graph &body = called.body;
  if (node.inputs.size() > body.inputs.size() ||
      node.outputs.size() > body.outputs.size())
    return nodeContext.report(
        "function \"" + called.name + "\" has " + Twine(body.inputs.size()) +
        " inputs and " + Twine(body.outputs.size()) +
        " outputs; it is called with " + Twine(node.inputs.size()) + " and " +
        Twine(node.outputs.size()));
  GraphImporter inner(context, table, body,
                      called.opsets.empty() ? opsets : ArrayRef(called.opsets),
                      nullptr);
  inner.function = &called;
  inner.caller = this;
  for (auto [number, info] : llvm::enumerate(body.inputs)) {
    if (nodeContext.hasInput(number))
      inner.bind(info.name, nodeContext.input(number));
    else
      inner.bindAbsent(info.name);
  }
  for (const Attribute &attribute : called.defaults)
    inner.attributes[attribute.name] = &attribute;
  for (const Attribute &attribute : node.attributes)
    inner.attributes[attribute.name] =
        attribute.reference.empty() ? &attribute : resolve(attribute.reference);
  size_t problemsBefore = context.problems.size();
  inner.run();
  FailureOr<SmallVector<Value>> results = inner.outputs(problemsBefore);
  if (failed(results)) {
    (void)nodeContext.failQuietly();
    return;
  }
  for (size_t i = 0; i < node.outputs.size(); ++i)
    nodeContext.setResult((*results)[i], i);
}
