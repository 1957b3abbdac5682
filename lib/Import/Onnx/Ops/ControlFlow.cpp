//===- ControlFlow.cpp - Branches and loops -------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "../LoopBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

/// The literal of a condition that is decided; none otherwise.
static std::optional<bool> decide(NodeContext &node, Value condition) {
  std::optional<SymbolicShapes::Elements> elements =
      node.shapes.elements(condition);
  if (!elements || elements->size() != 1)
    return std::nullopt;
  std::optional<int64_t> literal = elements->front().getLiteral();
  return literal ? std::optional(*literal != 0) : std::nullopt;
}

static bool isBool(Value value) { return elementTypeOf(value).isInteger(1); }

//===----------------------------------------------------------------------===//
// If
//===----------------------------------------------------------------------===//

/// The type of a result that is either of two values.
static RankedTensorType joinTypes(RankedTensorType x, RankedTensorType y) {
  SmallVector<int64_t> shape;
  for (auto [a, b] : llvm::zip_equal(x.getShape(), y.getShape()))
    shape.push_back(a == b ? a : ShapedType::kDynamic);
  return RankedTensorType::get(shape, x.getElementType());
}

namespace {

/// What the regions of a branch contain.
enum class Extent {
  Branch,
  /// All that follows in the graph, too: its outputs are the results.
  BranchAndRest
};

} // namespace

/// Imports one branch. When it fails, its problems are taken out and returned;
/// there are none when what it captures has failed.
static std::optional<std::vector<Problem>>
importBranch(NodeContext &node, const Graph &graph, Region &region,
             Extent extent, SmallVectorImpl<Value> &results) {
  OpBuilder::InsertionGuard guard(node.builder);
  node.builder.createBlock(&region);
  std::vector<Problem> &problems = node.context.problems;
  size_t before = problems.size();
  // What is computed in the branch is not known around it.
  llvm::SaveAndRestore sizeFacts(node.context.sizeFacts);
  FailureOr<SmallVector<Value>> values = node.graph.importSubgraph(graph, {});
  if (succeeded(values) && values->size() != node.numResults())
    node.report("a branch has " + Twine(values->size()) +
                " outputs; the node has " + Twine(node.numResults()));
  else if (succeeded(values) && extent == Extent::BranchAndRest)
    values = node.graph.importRest(*values);
  std::vector<Problem> found(problems.begin() + before, problems.end());
  problems.resize(before);
  if (failed(values))
    return found;
  YieldOp::create(node.builder, node.loc, *values);
  results = std::move(*values);
  return std::nullopt;
}

/// Has a branch that cannot run end the run instead, when the other one can:
/// for the sizes that the model is compiled for it is never taken.
///
///   %false, "message"; yield zeros of the other branch's sizes
static LogicalResult failAtRun(NodeContext &node, Region &region,
                               const Problem &problem, ArrayRef<Value> others,
                               SmallVectorImpl<Value> &results) {
  OpBuilder &builder = node.builder;
  OpBuilder::InsertionGuard guard(builder);
  auto keeper =
      IfOp::create(builder, node.loc, TypeRange(),
                   arith::ConstantIntOp::create(builder, node.loc, 0, 1));
  keeper.getThenRegion().takeBody(region);
  node.context.replaced.push_back(keeper);
  keeper->remove();
  builder.createBlock(&region);
  cf::AssertOp::create(builder, node.loc,
                       arith::ConstantIntOp::create(builder, node.loc, 0, 1),
                       problem.message);
  for (Value other : others) {
    Exprs sizes;
    for (const Expr &size : node.shapes.sizes(other))
      sizes.push_back(node.shapes.isShapeOnly(size) ? size : Expr(0));
    results.push_back(node.broadcast(node.scalar(0, elementTypeOf(other)),
                                     sizes, ArrayRef<int64_t>()));
  }
  if (node.hasFailed())
    return failure();
  YieldOp::create(builder, node.loc, results);
  return success();
}

/// Gives the node, or its graph, the results of an op that takes the regions of
/// `open`.
static LogicalResult closeIf(NodeContext &node, IfOp open, Extent extent,
                             ArrayRef<Value> x, ArrayRef<Value> y) {
  SmallVector<Type> types;
  for (auto [a, b] : llvm::zip_equal(x, y)) {
    if (elementTypeOf(a) != elementTypeOf(b) ||
        NodeContext::rankOf(a) != NodeContext::rankOf(b))
      return node.unsupported(
          "its branches give " + debugString(a.getType()) + " and " +
              debugString(b.getType()) +
              "; element type and rank must be equal",
          "fix the sizes that the condition follows from with "
          "--shape or --dim, so that one branch is left");
    types.push_back(joinTypes(NodeContext::typeOf(a), NodeContext::typeOf(b)));
  }
  auto op = IfOp::create(node.builder, node.loc, types, open.getCondition());
  for (auto [from, to] : llvm::zip_equal(open->getRegions(), op->getRegions()))
    to.takeBody(from);
  if (extent == Extent::BranchAndRest)
    node.graph.finish(op.getResults());
  else
    for (auto [number, result] : llvm::enumerate(op.getResults()))
      node.setResult(result, number);
  return success();
}

/// Adds the problems of both branches; those of what follows are in both.
static void addProblems(NodeContext &node, ArrayRef<Problem> found) {
  for (const Problem &problem : found)
    if (llvm::none_of(node.context.problems, [&](const Problem &other) {
          return other.message == problem.message;
        }))
      node.context.problems.push_back(problem);
}

static LogicalResult importBranches(NodeContext &node, IfOp open,
                                    const Graph &thenGraph,
                                    const Graph &elseGraph, Extent extent,
                                    SmallVectorImpl<Value> &x,
                                    SmallVectorImpl<Value> &y) {
  auto ofThen = importBranch(node, thenGraph, open.getThenRegion(), extent, x);
  auto ofElse = importBranch(node, elseGraph, open.getElseRegion(), extent, y);
  if (node.hasFailed() || (!ofThen && !ofElse))
    return success(!node.hasFailed());
  auto isWrong = [](const std::vector<Problem> &problems) {
    return !problems.empty() && llvm::none_of(problems, [](const Problem &p) {
      return p.isUnsupported;
    });
  };
  if (!ofElse && isWrong(*ofThen))
    return failAtRun(node, open.getThenRegion(), ofThen->front(), y, x);
  if (!ofThen && isWrong(*ofElse))
    return failAtRun(node, open.getElseRegion(), ofElse->front(), x, y);
  for (const auto &problems : {ofThen, ofElse})
    if (problems)
      addProblems(node, *problems);
  return failure();
}

/// Makes the op of a condition that only the run knows. Where the branches give
/// results of different ranks, no value can stand for both: what follows is
/// imported into each of them.
///
///   y = if c { squeeze x } else { x }; z = f(y)
///   =>  z = if c { f(squeeze x) } else { f(x) }
static LogicalResult importIf(NodeContext &node, Value condition,
                              const Graph &thenGraph, const Graph &elseGraph,
                              Extent extent) {
  auto open = IfOp::create(node.builder, node.loc, TypeRange(), condition);
  SmallVector<Value> x, y;
  LogicalResult imported =
      importBranches(node, open, thenGraph, elseGraph, extent, x, y);
  bool differ =
      succeeded(imported) && !llvm::all_of_zip(x, y, [](Value a, Value b) {
        return NodeContext::rankOf(a) == NodeContext::rankOf(b);
      });
  bool takesRest = differ && extent == Extent::Branch;
  if (failed(imported))
    imported = node.failQuietly();
  else if (!takesRest)
    imported = closeIf(node, open, extent, x, y);
  open->remove();
  node.context.replaced.push_back(open);
  return takesRest ? importIf(node, condition, thenGraph, elseGraph,
                              Extent::BranchAndRest)
                   : imported;
}

static LogicalResult convertIf(NodeContext &node) {
  const Graph *thenGraph = node.requireGraph("then_branch");
  const Graph *elseGraph = node.requireGraph("else_branch");
  Value condition = node.input(0);
  if (node.hasFailed())
    return failure();
  if (!isBool(condition))
    return node.error("its condition is " + debugString(condition.getType()) +
                      "; a boolean is allowed");
  if (!thenGraph->inputs.empty() || !elseGraph->inputs.empty())
    return node.error("its branches have inputs; none are allowed");
  if (std::optional<bool> isTrue = decide(node, condition)) {
    FailureOr<SmallVector<Value>> values =
        node.graph.importSubgraph(*isTrue ? *thenGraph : *elseGraph, {});
    if (failed(values))
      return node.failQuietly();
    for (auto [number, value] : llvm::enumerate(*values))
      node.setResult(value, number);
    return success();
  }
  Value scalar = node.scalarValue(condition);
  if (!scalar)
    return failure();
  return importIf(node, scalar, *thenGraph, *elseGraph, Extent::Branch);
}

//===----------------------------------------------------------------------===//
// Loop
//===----------------------------------------------------------------------===//

/// The outputs of the body at an iteration; none when something failed.
static std::optional<SmallVector<Value>>
importBody(NodeContext &node, const Graph &body, ArrayRef<Value> inputs) {
  if (node.hasFailed())
    return std::nullopt;
  if (inputs.size() != body.inputs.size()) {
    node.report("its body has " + Twine(body.inputs.size()) +
                " inputs; expected are " + Twine(inputs.size()));
    return std::nullopt;
  }
  FailureOr<SmallVector<Value>> outputs =
      node.graph.importSubgraph(body, inputs);
  if (succeeded(outputs))
    return std::move(*outputs);
  (void)node.failQuietly();
  return std::nullopt;
}

/// The condition of a body as a scalar; null when it is always true.
static Value conditionOf(NodeContext &node, Value tensor) {
  if (!isBool(tensor)) {
    node.report("its condition is " + debugString(tensor.getType()) +
                "; a boolean is allowed");
    return nullptr;
  }
  return decide(node, tensor) == true ? Value() : node.scalarValue(tensor);
}

static LogicalResult setResults(NodeContext &node,
                                FailureOr<SmallVector<Value>> results) {
  if (failed(results))
    return failure();
  for (auto [number, value] : llvm::enumerate(*results))
    node.setResult(value, number);
  return success();
}

/// Inputs: trips, condition, carried...; the body takes the iteration's number,
/// the condition and what is carried, and gives the condition, what is carried
/// on, and what is stacked.
static LogicalResult convertLoop(NodeContext &node) {
  const Graph *body = node.requireGraph("body");
  Expr trips;
  if (node.hasInput(0)) {
    Exprs elements = node.elements(0);
    if (!node.hasFailed() && elements.size() != 1)
      return node.error("its trip count has " + Twine(elements.size()) +
                        " elements; one is allowed");
    if (!node.hasFailed())
      trips = elements.front();
  }
  if (node.hasFailed())
    return failure();
  Value condition =
      node.hasInput(1) ? conditionOf(node, node.input(1)) : Value();
  ArrayRef<Value> inits =
      node.allInputs().drop_front(std::min<size_t>(2, node.numInputs()));
  if (llvm::is_contained(inits, Value()))
    return node.error("one of its carried inputs is missing");
  if (body->outputs.size() < inits.size() + 1)
    return node.error("its body has " + Twine(body->outputs.size()) +
                      " outputs; at least " + Twine(inits.size() + 1) +
                      " are expected");
  auto makeStep = [&](Value iteration,
                      ValueRange carried) -> std::optional<LoopStep> {
    auto i64 = RankedTensorType::get({}, node.builder.getI64Type());
    SmallVector<Value> inputs = {
        node.fromExprs(node.shapes.value(iteration), i64),
        node.scalar(1, node.builder.getI1Type())};
    llvm::append_range(inputs, carried);
    std::optional<SmallVector<Value>> outputs = importBody(node, *body, inputs);
    if (!outputs)
      return std::nullopt;
    auto values = ArrayRef(*outputs).drop_front();
    return LoopStep{conditionOf(node, outputs->front()),
                    llvm::to_vector(values.take_front(carried.size())),
                    llvm::to_vector(values.drop_front(carried.size()))};
  };
  return setResults(node, buildLoop(node, trips, condition, inits, makeStep));
}

//===----------------------------------------------------------------------===//
// Scan
//===----------------------------------------------------------------------===//

namespace {

/// A list of numbers per scan input or output, zeros when it is absent.
SmallVector<int64_t> readList(NodeContext &node, StringRef name, size_t count) {
  SmallVector<int64_t> values =
      node.getInts(name).value_or(SmallVector<int64_t>(count, 0));
  if (values.size() != count)
    node.report("attribute \"" + name + "\" has " + Twine(values.size()) +
                " numbers; expected are " + Twine(count));
  values.resize(count);
  return values;
}

struct ScanInput {
  Value tensor;
  int64_t axis;
  bool isReversed;
};

/// The part of a scan input that an iteration sees: one index of its axis.
Value partOf(NodeContext &node, const ScanInput &input, const Expr &iteration,
             const Expr &count) {
  Exprs sizes = node.shapes.sizes(input.tensor);
  Exprs offsets(sizes.size(), Expr(0)), rest;
  for (auto [axis, size] : llvm::enumerate(sizes))
    if (static_cast<int64_t>(axis) != input.axis)
      rest.push_back(size);
  offsets[input.axis] =
      input.isReversed ? count - Expr(1) - iteration : iteration;
  sizes[input.axis] = 1;
  SmallVector<int64_t> strides(sizes.size(), 1);
  return node.reshape(node.slice(input.tensor, offsets, sizes, strides), rest);
}

/// A stack with its first axis reversed, or moved.
Value arrange(NodeContext &node, Value stack, int64_t axis, bool isReversed) {
  int64_t rank = NodeContext::rankOf(stack);
  if (isReversed) {
    Exprs sizes = node.shapes.sizes(stack), offsets(rank, Expr(0));
    offsets[0] = sizes[0] - Expr(1);
    SmallVector<int64_t> strides(rank, 1);
    strides[0] = -1;
    stack = node.slice(stack, offsets, sizes, strides);
  }
  auto permutation = llvm::to_vector(llvm::seq<int64_t>(1, rank));
  permutation.insert(permutation.begin() + node.normalizeAxis(axis, rank), 0);
  return node.transpose(stack, permutation);
}

} // namespace

/// Inputs: carried..., scanned...; the body takes and gives what is carried,
/// and takes a part of each scan input and gives one of each scan output.
static LogicalResult convertScan(NodeContext &node) {
  const Graph *body = node.requireGraph("body");
  int64_t numScanned = node.requireInt("num_scan_inputs");
  int64_t numInputs = node.numInputs();
  if (node.hasFailed())
    return failure();
  bool isAllowed = numScanned >= 1 && numScanned <= numInputs;
  int64_t numCarried = isAllowed ? numInputs - numScanned : 0;
  if (!isAllowed || static_cast<int64_t>(body->outputs.size()) < numCarried)
    return node.error("attribute \"num_scan_inputs\" is " + Twine(numScanned) +
                      "; it does not fit the inputs and the body");
  size_t numStacks = body->outputs.size() - numCarried;
  auto axes = readList(node, "scan_input_axes", numScanned),
       directions = readList(node, "scan_input_directions", numScanned),
       stackAxes = readList(node, "scan_output_axes", numStacks),
       stackDirections = readList(node, "scan_output_directions", numStacks);
  ArrayRef<Value> inits = node.allInputs().take_front(numCarried);
  SmallVector<ScanInput> scanned;
  Expr count;
  for (auto [number, x] :
       llvm::enumerate(node.allInputs().drop_front(numCarried))) {
    int64_t axis = node.normalizeAxis(axes[number], NodeContext::rankOf(x));
    if (node.hasFailed())
      return failure();
    scanned.push_back({x, axis, directions[number] != 0});
    Expr size = node.shapes.size(x, axis);
    count = count ? count : size;
    node.requireNotNegative(size - count, "its scan inputs differ in length");
  }
  auto makeStep = [&](Value iteration,
                      ValueRange carried) -> std::optional<LoopStep> {
    SmallVector<Value> inputs(carried);
    for (const ScanInput &input : scanned)
      inputs.push_back(
          partOf(node, input, node.shapes.value(iteration), count));
    std::optional<SmallVector<Value>> outputs = importBody(node, *body, inputs);
    if (!outputs)
      return std::nullopt;
    return LoopStep{
        nullptr, llvm::to_vector(ArrayRef(*outputs).take_front(carried.size())),
        llvm::to_vector(ArrayRef(*outputs).drop_front(carried.size()))};
  };
  FailureOr<SmallVector<Value>> results =
      buildLoop(node, count, nullptr, inits, makeStep);
  if (failed(results))
    return failure();
  for (size_t i = 0; i < numStacks; ++i) {
    Value &stack = (*results)[numCarried + i];
    stack = arrange(node, stack, stackAxes[i], stackDirections[i] != 0);
  }
  return setResults(node, results);
}

static LogicalResult refuseBatchedScan(NodeContext &node) {
  return node.unsupported(
      "op \"Scan\" before opset 9 runs over batches, which is "
      "not supported",
      "convert the model to opset 9 or later");
}

void mlc::onnx::addControlFlow(ConverterTable &table) {
  table.add("If", {1, 1, 1, convertIf});
  table.add("Loop", {1, 0, optionalVariadic, convertLoop});
  table.add("Scan", {8, 1, variadic, refuseBatchedScan});
  table.add("Scan", {9, 1, variadic, convertScan});
}
