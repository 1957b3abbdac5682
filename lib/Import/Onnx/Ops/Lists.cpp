//===- Lists.cpp - Sequences of known length, optional values -------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sequence whose length the importer knows is a list of values and nothing in
// the imported module: a cast of its parts to a tuple, which dies when the last
// op that takes parts out of it has been converted. An optional value is known
// to be there or not, and is the value itself.
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "Formula.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

//===----------------------------------------------------------------------===//
// Lists as values
//===----------------------------------------------------------------------===//

static Value makeList(NodeContext &node, ValueRange parts) {
  if (node.hasFailed() || llvm::is_contained(parts, Value()))
    return nullptr;
  auto type = TupleType::get(node.builder.getContext(), parts.getTypes());
  return UnrealizedConversionCastOp::create(node.builder, node.loc,
                                            TypeRange(type), parts)
      .getResult(0);
}

static FailureOr<SmallVector<Value>> readList(NodeContext &node, size_t index) {
  Value list = node.input(index);
  auto cast = list.getDefiningOp<UnrealizedConversionCastOp>();
  if (cast && isa<TupleType>(list.getType()))
    return SmallVector<Value>(cast.getInputs());
  return node.error("input " + Twine(index) + " is " +
                    debugString(list.getType()) +
                    "; a sequence that the model builds is allowed");
}

/// A position in a list of `count`, counted from the end when it is negative.
/// Absent positions are `absent`.
static std::optional<int64_t> readPosition(NodeContext &node, size_t index,
                                           int64_t count, int64_t absent) {
  if (!node.hasInput(index))
    return absent;
  std::optional<SmallVector<int64_t>> position = node.literals(index);
  if (!position || position->size() != 1)
    return std::nullopt;
  int64_t place = position->front();
  return place < 0 ? place + count : place;
}

static LogicalResult reportPosition(NodeContext &node, int64_t count) {
  if (node.hasFailed())
    return failure();
  return node.error("the position does not lie in a sequence of " +
                    Twine(count));
}

//===----------------------------------------------------------------------===//
// Sequences
//===----------------------------------------------------------------------===//

static LogicalResult convertConstruct(NodeContext &node) {
  node.setResult(makeList(node, node.allInputs()));
  return success();
}

static LogicalResult convertEmpty(NodeContext &node) {
  node.setResult(makeList(node, {}));
  return success();
}

static LogicalResult convertLength(NodeContext &node) {
  FailureOr<SmallVector<Value>> parts = readList(node, 0);
  if (failed(parts))
    return failure();
  node.setResult(node.scalar(static_cast<double>(parts->size()),
                             node.builder.getI64Type()));
  return success();
}

static LogicalResult convertAt(NodeContext &node) {
  FailureOr<SmallVector<Value>> parts = readList(node, 0);
  if (failed(parts))
    return failure();
  int64_t count = parts->size();
  std::optional<int64_t> place = readPosition(node, 1, count, 0);
  if (!place || *place < 0 || *place >= count)
    return reportPosition(node, count);
  node.setResult((*parts)[*place]);
  return success();
}

static LogicalResult convertInsert(NodeContext &node) {
  FailureOr<SmallVector<Value>> parts = readList(node, 0);
  if (failed(parts))
    return failure();
  int64_t count = parts->size();
  std::optional<int64_t> place = readPosition(node, 2, count, count);
  if (!place || *place < 0 || *place > count)
    return reportPosition(node, count);
  parts->insert(parts->begin() + *place, node.input(1));
  node.setResult(makeList(node, *parts));
  return success();
}

static LogicalResult convertErase(NodeContext &node) {
  FailureOr<SmallVector<Value>> parts = readList(node, 0);
  if (failed(parts))
    return failure();
  int64_t count = parts->size();
  std::optional<int64_t> place = readPosition(node, 1, count, count - 1);
  if (!place || *place < 0 || *place >= count)
    return reportPosition(node, count);
  parts->erase(parts->begin() + *place);
  node.setResult(makeList(node, *parts));
  return success();
}

static LogicalResult convertConcat(NodeContext &node) {
  FailureOr<SmallVector<Value>> parts = readList(node, 0);
  if (failed(parts))
    return failure();
  if (parts->empty())
    return node.error("an empty sequence cannot be concatenated");
  bool isNew = node.getInt("new_axis", 0) != 0;
  int64_t rank = NodeContext::rankOf(parts->front()) + (isNew ? 1 : 0);
  int64_t axis = node.normalizeAxis(node.requireInt("axis"), rank);
  if (isNew)
    for (Value &part : *parts)
      part = Formula(node, part).unsqueeze(axis).get();
  node.setResult(node.create<ConcatOp>(ValueRange(*parts), axis));
  return success();
}

/// The lengths of the parts of an axis of `size`.
static std::optional<Exprs> readSplit(NodeContext &node, const Expr &size) {
  Exprs lengths;
  if (node.hasInput(1) && NodeContext::rankOf(node.input(1)) == 1) {
    Expr sum(0);
    for (const Expr &length : node.elements(1)) {
      node.requireNotNegative(length, "a length of the split is negative");
      sum = sum + length;
      lengths.push_back(length);
    }
    node.requireEqual(sum, size, "the size that is split");
    return lengths;
  }
  std::optional<SmallVector<int64_t>> step = node.literals(1);
  int64_t length = step && step->size() == 1 ? step->front() : 1;
  std::optional<int64_t> literal = size.getLiteral();
  if (!literal || length < 1) {
    node.reportUnsupported("an axis of size " + size.toString() +
                               " in parts of " + Twine(length) +
                               " is a sequence of unknown length",
                           "fix the size with --shape or --dim");
    return std::nullopt;
  }
  if (!node.canWriteOut(*literal / length, "tensors of a sequence"))
    return std::nullopt;
  for (int64_t rest = *literal; rest > 0; rest -= length)
    lengths.push_back(std::min(rest, length));
  return lengths;
}

static LogicalResult convertSplit(NodeContext &node) {
  Formula x(node, size_t(0));
  int64_t axis = node.normalizeAxis(node.getInt("axis", 0), x.rank());
  if (node.hasFailed())
    return failure();
  std::optional<Exprs> lengths = readSplit(node, x.size(axis));
  if (!lengths)
    return failure();
  bool drops = !node.hasInput(1) && node.getInt("keepdims", 1) == 0;
  SmallVector<Value> parts;
  Expr offset(0);
  for (const Expr &length : *lengths) {
    Formula part = x.slice(axis, offset, length);
    parts.push_back((drops ? part.squeeze(axis) : part).get());
    offset = offset + length;
  }
  node.setResult(makeList(node, parts));
  return success();
}

/// The body once per part; tensors among the inputs are the same each time.
static LogicalResult convertMap(NodeContext &node) {
  const Graph *body = node.requireGraph("body");
  FailureOr<SmallVector<Value>> first = readList(node, 0);
  if (!body || failed(first))
    return failure();
  if (body->inputs.size() != node.numInputs())
    return node.error("its body has " + Twine(body->inputs.size()) +
                      " inputs; expected are " + Twine(node.numInputs()));
  SmallVector<SmallVector<Value>> results(body->outputs.size());
  for (size_t i = 0; i < first->size(); ++i) {
    SmallVector<Value> inputs;
    for (size_t input = 0; input < node.numInputs(); ++input) {
      if (!isa<TupleType>(node.input(input).getType())) {
        inputs.push_back(node.input(input));
        continue;
      }
      FailureOr<SmallVector<Value>> parts = readList(node, input);
      if (failed(parts) || parts->size() != first->size())
        return node.error("its sequences differ in length");
      inputs.push_back((*parts)[i]);
    }
    FailureOr<SmallVector<Value>> outputs =
        node.graph.importSubgraph(*body, inputs);
    if (failed(outputs))
      return node.failQuietly();
    for (auto [list, part] : llvm::zip_equal(results, *outputs))
      list.push_back(part);
  }
  for (auto [number, list] : llvm::enumerate(results))
    node.setResult(makeList(node, list), number);
  return success();
}

//===----------------------------------------------------------------------===//
// Optional values
//===----------------------------------------------------------------------===//

static LogicalResult convertSameValue(NodeContext &node) {
  node.setResult(node.input(0));
  return success();
}

static LogicalResult convertHasElement(NodeContext &node) {
  node.setResult(node.scalar(node.hasInput(0), node.builder.getI1Type()));
  return success();
}

void mlc::onnx::addLists(ConverterTable &table) {
  auto add = [&](StringRef op, int64_t since, unsigned least, unsigned most,
                 LogicalResult (*convert)(NodeContext &)) {
    table.add(op, {since, least, most, convert, /*takesLists=*/true});
  };
  add("ConcatFromSequence", 11, 1, 1, convertConcat);
  add("Optional", 15, 1, 1, convertSameValue);
  add("OptionalGetElement", 15, 1, 1, convertSameValue);
  add("OptionalHasElement", 15, 0, 1, convertHasElement);
  add("SequenceAt", 11, 2, 2, convertAt);
  add("SequenceConstruct", 11, 1, variadic, convertConstruct);
  add("SequenceEmpty", 11, 0, 0, convertEmpty);
  add("SequenceErase", 11, 1, 2, convertErase);
  add("SequenceInsert", 11, 2, 3, convertInsert);
  add("SequenceLength", 11, 1, 1, convertLength);
  add("SequenceMap", 17, 1, variadic, convertMap);
  add("SplitToSequence", 11, 1, 2, convertSplit);
}
