//===- Interpreter.cpp - The reference interpreter ------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Interpreter/Interpreter.h"
#include "Evaluation.h"
#include "Lanes.h"
#include "mlc/Dialect/Mlc/IR/OpList.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include <cstring>

using namespace mlir;
using namespace mlc;
using namespace mlc::interpreter;

//===----------------------------------------------------------------------===//
// Evaluation
//===----------------------------------------------------------------------===//

LogicalResult Evaluation::fail(const Twine &message) const {
  return options.diagnose ? op->emitOpError(message) : failure();
}

FailureOr<Tensor> Evaluation::allocate() const {
  FailureOr<Tensor> result = Tensor::allocate(element, shape);
  if (failed(result))
    return fail("the result does not fit into memory");
  return result;
}

FailureOr<Tensor> Evaluation::dense(unsigned operand) const {
  FailureOr<Tensor> result = operands[operand].dense();
  if (failed(result))
    return fail("an operand does not fit into memory");
  return result;
}

Type interpreter::evaluatedType(Type element, const Options &options) {
  return options.widened && isFloat(element)
             ? Float64Type::get(element.getContext())
             : element;
}

FailureOr<Tensor> interpreter::evaluatedTensor(const Tensor &tensor,
                                               const Options &options) {
  Type element = evaluatedType(tensor.element(), options);
  if (element == tensor.element())
    return tensor;
  FailureOr<Tensor> source = tensor.dense();
  FailureOr<Tensor> result = Tensor::allocate(element, tensor.shape());
  if (failed(source) || failed(result))
    return failure();
  std::vector<double> lanes(source->count());
  readLanes(source->element(), source->bytes().data(), source->count(),
            lanes.data());
  std::memcpy(result->mutableData(), lanes.data(), result->bytes().size());
  return result;
}

namespace {

/// Where a shape function runs on the sizes of given operands: every Dim is
/// literal.
class OperandEnv : public ShapeEnv {
public:
  explicit OperandEnv(const Evaluation &evaluation)
      : ShapeEnv(evaluation.options.diagnose
                     ? std::optional(evaluation.op->getLoc())
                     : std::nullopt) {
    for (auto [value, tensor] :
         llvm::zip_equal(evaluation.op->getOperands(), evaluation.operands))
      tensors[value] = &tensor;
  }

  bool overflows() const { return overflowed; }

protected:
  Dim dynamicSize(Value tensor, unsigned axis) override {
    return literal(tensors.lookup(tensor)->shape()[axis]);
  }
  Dim indexValue(Value index) override {
    return literal(tensors.lookup(index)->scalarBits());
  }
  Dim compute(DimOp, Dim, Dim) override {
    overflowed = true;
    return literal(0);
  }

private:
  DenseMap<Value, const Tensor *> tensors;
  bool overflowed = false;
};

} // namespace

/// Runs the shape function, which checks the rules of the op, and sets element
/// type and shape of the result.
static LogicalResult inferResult(Evaluation &evaluation) {
  auto type = cast<RankedTensorType>(evaluation.op->getResult(0).getType());
  evaluation.element = evaluatedType(type.getElementType(), evaluation.options);
  auto shaped = dyn_cast<ShapedOp>(evaluation.op);
  if (!shaped) {
    evaluation.shape.assign(type.getShape().begin(), type.getShape().end());
    return success();
  }
  OperandEnv env(evaluation);
  SmallVector<Inferred> results;
  if (failed(shaped.inferShapes(env, results)))
    return failure();
  if (env.overflows())
    return evaluation.fail("a size overflows");
  for (auto [dim, declared] :
       llvm::zip_equal(results.front().dims, type.getShape())) {
    if (dim.literal < 0)
      return evaluation.fail(Twine("a size is negative: ") +
                             Twine(dim.literal));
    if (!ShapedType::isDynamic(declared) && dim.literal != declared)
      return evaluation.fail(Twine("a size of the result is ") +
                             Twine(dim.literal) + " and declared as " +
                             Twine(declared));
    evaluation.shape.push_back(dim.literal);
  }
  return success();
}

static Evaluator findEvaluator(OperationName name) {
  if (Evaluator found = elementwiseEvaluator(name))
    return found;
  Evaluator found = nullptr;
  auto look = [&]<class Op>() {
    if (name.getTypeID() == TypeID::get<Op>())
      found = +[](const Evaluation &evaluation) {
        return evaluateOp(cast<Op>(evaluation.op), evaluation);
      };
  };
  ContractionOps::forEach(look);
  IndexingOps::forEach(look);
  MovementOps::forEach(look);
  ReductionOps::forEach(look);
  return found;
}

//===----------------------------------------------------------------------===//
// Scalars
//===----------------------------------------------------------------------===//

/// Index arithmetic is what the folders of its dialect make of constants.
static FailureOr<SmallVector<Tensor>>
evaluateByFolding(const Evaluation &evaluation) {
  Operation *op = evaluation.op;
  SmallVector<Attribute> operands;
  for (const Tensor &tensor : evaluation.operands) {
    if (!tensor.shape().empty() || isFloat(tensor.element()))
      return evaluation.fail("operates on more than integers");
    operands.push_back(IntegerAttr::get(tensor.element(), tensor.scalarBits()));
  }
  SmallVector<OpFoldResult> folded;
  if (failed(op->fold(operands, folded)) ||
      folded.size() != op->getNumResults())
    return evaluation.fail("has no value for these operands");
  SmallVector<Tensor> results;
  for (OpFoldResult result : folded) {
    if (auto value = dyn_cast<Value>(result)) {
      auto operand = llvm::find(op->getOperands(), value);
      results.push_back(
          evaluation.operands[std::distance(op->operand_begin(), operand)]);
      continue;
    }
    auto integer = dyn_cast<IntegerAttr>(cast<Attribute>(result));
    if (!integer)
      return evaluation.fail("computes more than an integer");
    results.push_back(
        Tensor::scalar(integer.getType(), integer.getValue().getZExtValue()));
  }
  return results;
}

static FailureOr<SmallVector<Tensor>>
evaluateDim(const Evaluation &evaluation) {
  ArrayRef<int64_t> shape = evaluation.operands[0].shape();
  int64_t axis = evaluation.operands[1].scalarBits();
  if (axis < 0 || axis >= static_cast<int64_t>(shape.size()))
    return evaluation.fail(Twine("there is no axis ") + Twine(axis));
  return SmallVector<Tensor>{
      Tensor::scalar(evaluation.op->getResult(0).getType(), shape[axis])};
}

static FailureOr<SmallVector<Tensor>>
evaluateExtract(const Evaluation &evaluation) {
  const Tensor &x = evaluation.operands.front();
  int64_t offset = 0;
  for (auto [size, index] :
       llvm::zip_equal(x.shape(), evaluation.operands.drop_front())) {
    int64_t at = index.scalarBits();
    if (at < 0 || at >= size)
      return evaluation.fail(Twine("reads element ") + Twine(at) + " of " +
                             Twine(size));
    offset = offset * size + at;
  }
  uint64_t bits = 0;
  unsigned size = elementSize(x.element());
  std::memcpy(&bits, x.bytes().data() + (x.isSplat() ? 0 : offset * size),
              size);
  return SmallVector<Tensor>{Tensor::scalar(x.element(), bits)};
}

static FailureOr<SmallVector<Tensor>>
evaluateFromElements(const Evaluation &evaluation) {
  auto type = cast<RankedTensorType>(evaluation.op->getResult(0).getType());
  FailureOr<Tensor> result =
      Tensor::allocate(evaluatedType(type.getElementType(), evaluation.options),
                       type.getShape());
  if (failed(result))
    return failure();
  char *to = result->mutableData();
  for (const Tensor &element : evaluation.operands) {
    std::memcpy(to, element.bytes().data(), element.bytes().size());
    to += element.bytes().size();
  }
  return SmallVector<Tensor>{*result};
}

static FailureOr<SmallVector<Tensor>>
evaluateCast(const Evaluation &evaluation) {
  const Tensor &x = evaluation.operands.front();
  auto type = cast<RankedTensorType>(evaluation.op->getResult(0).getType());
  if (failed(verifyCompatibleShape(x.shape(), type.getShape())))
    return evaluation.fail("the sizes are not those of the result");
  return SmallVector<Tensor>{x};
}

static FailureOr<SmallVector<Tensor>>
evaluateAssert(const Evaluation &evaluation) {
  if (evaluation.operands.front().scalarBits())
    return SmallVector<Tensor>{};
  return evaluation.fail(cast<cf::AssertOp>(evaluation.op).getMsg());
}

/// Ops of other dialects that programs contain.
static auto findHostEvaluator(OperationName name)
    -> FailureOr<SmallVector<Tensor>> (*)(const Evaluation &) {
  if (isa_and_present<arith::ArithDialect>(name.getDialect()))
    return evaluateByFolding;
  if (name.getTypeID() == TypeID::get<tensor::DimOp>())
    return evaluateDim;
  if (name.getTypeID() == TypeID::get<tensor::ExtractOp>())
    return evaluateExtract;
  if (name.getTypeID() == TypeID::get<tensor::CastOp>())
    return evaluateCast;
  if (name.getTypeID() == TypeID::get<tensor::FromElementsOp>())
    return evaluateFromElements;
  if (name.getTypeID() == TypeID::get<cf::AssertOp>())
    return evaluateAssert;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Entry points
//===----------------------------------------------------------------------===//

bool interpreter::canEvaluate(OperationName name) {
  return findEvaluator(name) || findHostEvaluator(name);
}

FailureOr<SmallVector<Tensor>> interpreter::evaluate(Operation *op,
                                                     ArrayRef<Tensor> operands,
                                                     const Options &options) {
  Evaluation evaluation{op, operands, options};
  if (!canEvaluate(op->getName()))
    return evaluation.fail("the interpreter does not know this op");
  if (auto evaluator = findHostEvaluator(op->getName()))
    return evaluator(evaluation);
  if (failed(inferResult(evaluation)))
    return failure();
  FailureOr<Tensor> result = findEvaluator(op->getName())(evaluation);
  if (failed(result))
    return failure();
  return SmallVector<Tensor>{*result};
}

namespace {

/// The values of a function while it runs.
class Frame {
public:
  explicit Frame(const Options &options) : options(options) {}

  void bind(Value value, const Tensor &tensor) { values[value] = tensor; }
  /// Runs a block and gives the operands of its terminator.
  FailureOr<SmallVector<Tensor>> run(Block &block);

private:
  FailureOr<SmallVector<Tensor>> runOp(Operation *op);
  FailureOr<SmallVector<Tensor>> runLoop(LoopOp op);
  bool isTrue(Value condition) { return values.at(condition).scalarBits(); }
  SmallVector<Tensor> lookup(ValueRange range) {
    return llvm::map_to_vector(
        range, [&](Value value) { return values.lookup(value); });
  }

  const Options &options;
  DenseMap<Value, Tensor> values;
};

} // namespace

/// The values of the block by the op after which nothing uses them, so that a
/// model needs no more memory than its largest moment.
static DenseMap<Operation *, SmallVector<Value>> lastUses(Block &block) {
  DenseMap<Operation *, SmallVector<Value>> dying;
  auto record = [&](Value value) {
    Operation *last = nullptr;
    for (Operation *user : value.getUsers()) {
      Operation *ancestor = block.findAncestorOpInBlock(*user);
      if (ancestor && (!last || last->isBeforeInBlock(ancestor)))
        last = ancestor;
    }
    if (last)
      dying[last].push_back(value);
  };
  for (Value argument : block.getArguments())
    record(argument);
  for (Operation &op : block)
    for (Value result : op.getResults())
      record(result);
  return dying;
}

FailureOr<SmallVector<Tensor>> Frame::runOp(Operation *op) {
  if (auto group = dyn_cast<GroupOp>(op))
    return run(group.getBody().front());
  if (auto branch = dyn_cast<IfOp>(op))
    return run((isTrue(branch.getCondition()) ? branch.getThenRegion()
                                              : branch.getElseRegion())
                   .front());
  if (auto loop = dyn_cast<LoopOp>(op))
    return runLoop(loop);
  return evaluate(op, lookup(op->getOperands()), options);
}

/// Parts of one shape along a new first axis; without a part the sizes that the
/// type leaves open are 0.
static FailureOr<Tensor> stack(ArrayRef<Tensor> parts, Type declared,
                               LoopOp op) {
  auto type = cast<RankedTensorType>(declared);
  SmallVector<int64_t> shape = {static_cast<int64_t>(parts.size())};
  for (int64_t size : type.getShape().drop_front())
    shape.push_back(ShapedType::isDynamic(size) ? 0 : size);
  Type element = type.getElementType();
  if (!parts.empty()) {
    llvm::copy(parts.front().shape(), shape.begin() + 1);
    element = parts.front().element();
  }
  FailureOr<Tensor> result = Tensor::allocate(element, shape);
  if (failed(result))
    return op.emitOpError("stacks more than fits into memory");
  char *to = result->mutableData();
  for (const Tensor &part : parts) {
    FailureOr<Tensor> dense = part.dense();
    if (failed(dense) || dense->shape() != parts.front().shape())
      return op.emitOpError("stacks tensors of different sizes");
    to = std::copy(dense->bytes().begin(), dense->bytes().end(), to);
  }
  return result;
}

FailureOr<SmallVector<Tensor>> Frame::runLoop(LoopOp op) {
  int64_t trips = op.getTrips() ? values.at(op.getTrips()).scalarBits()
                                : std::numeric_limits<int64_t>::max();
  size_t numCarried = op.getInits().size();
  SmallVector<Tensor> carried = lookup(op.getInits());
  SmallVector<SmallVector<Tensor>> parts(op.getStacks().size());
  bool goesOn = isTrue(op.getCondition());
  for (int64_t i = 0; goesOn && i < trips; ++i) {
    bind(op.getIteration(),
         Tensor::scalar(op.getIteration().getType(), static_cast<uint64_t>(i)));
    for (auto [argument, tensor] : llvm::zip_equal(op.getCarried(), carried))
      bind(argument, tensor);
    FailureOr<SmallVector<Tensor>> yielded = run(op.getBody().front());
    if (failed(yielded))
      return failure();
    goesOn = yielded->front().scalarBits();
    carried.assign(yielded->begin() + 1, yielded->begin() + 1 + numCarried);
    for (auto [part, tensors] :
         llvm::zip_equal(ArrayRef(*yielded).drop_front(1 + numCarried), parts))
      tensors.push_back(part);
  }
  SmallVector<Tensor> results = carried;
  for (auto [tensors, result] : llvm::zip_equal(parts, op.getStacks())) {
    FailureOr<Tensor> stacked = stack(tensors, result.getType(), op);
    if (failed(stacked))
      return failure();
    results.push_back(*stacked);
  }
  return results;
}

FailureOr<SmallVector<Tensor>> Frame::run(Block &block) {
  DenseMap<Operation *, SmallVector<Value>> dying = lastUses(block);
  for (Operation &op : block.without_terminator()) {
    FailureOr<SmallVector<Tensor>> results = runOp(&op);
    if (failed(results))
      return failure();
    for (auto [value, tensor] : llvm::zip_equal(op.getResults(), *results))
      values[value] = tensor;
    for (Value value : dying.lookup(&op))
      values.erase(value);
  }
  return lookup(block.getTerminator()->getOperands());
}

/// Whether a tensor may be passed as a value of the type.
static LogicalResult checkInput(func::FuncOp function, unsigned number,
                                const Tensor &input) {
  auto type = dyn_cast<RankedTensorType>(function.getArgumentTypes()[number]);
  if (type && areCompatibleTypes(type, input.type()))
    return success();
  return function.emitError()
         << "input " << number << " is '" << input.type() << "', expected '"
         << function.getArgumentTypes()[number] << "'";
}

FailureOr<SmallVector<Tensor>> interpreter::interpret(func::FuncOp function,
                                                      ArrayRef<Tensor> inputs,
                                                      const Options &options) {
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitError("the interpreter runs functions of one block");
  if (inputs.size() != function.getNumArguments())
    return function.emitError() << "expected " << function.getNumArguments()
                                << " inputs, found " << inputs.size();
  Frame frame(options);
  for (auto [argument, input] :
       llvm::zip_equal(function.getArguments(), inputs)) {
    if (failed(checkInput(function, argument.getArgNumber(), input)))
      return failure();
    FailureOr<Tensor> evaluated = evaluatedTensor(input, options);
    if (failed(evaluated))
      return function.emitError("an input does not fit into memory");
    frame.bind(argument, *evaluated);
  }
  return frame.run(function.getBody().front());
}
