//===- FoldConstants.cpp - Evaluation of ops on constants -----------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Dialect/Mlc/Transforms/Passes.h"
#include "mlc/Interpreter/Interpreter.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Iterators.h"
#include <cstddef>

namespace mlc {
#define GEN_PASS_DEF_FOLDCONSTANTS
#include "mlc/Dialect/Mlc/Transforms/Passes.h.inc"
} // namespace mlc

using namespace mlir;
using namespace mlc;
using interpreter::Tensor;

/// Integers and booleans of up to this many elements are inline.
static constexpr int64_t maxInlineElements = 64;

//===----------------------------------------------------------------------===//
// Results as attributes
//===----------------------------------------------------------------------===//

/// Whether all elements have the same bits.
static bool isUniform(const Tensor &tensor) {
  ArrayRef<char> bytes = tensor.bytes();
  size_t size = interpreter::elementSize(tensor.element());
  return tensor.isSplat() || bytes.size() <= size ||
         ArrayRef(bytes).drop_front(size) == bytes.drop_back(size);
}

static ElementsAttr toInlineAttr(RankedTensorType type, ArrayRef<char> bytes) {
  if (!type.getElementType().isInteger(1))
    return DenseElementsAttr::getFromRawBuffer(type, bytes);
  SmallVector<bool> values(bytes.begin(), bytes.end());
  return DenseElementsAttr::get(type, ArrayRef(values));
}

/// Whether a constant of this value is inline: splats, and integers and
/// booleans of few elements.
static bool isInline(const Tensor &tensor) {
  return isUniform(tensor) || (isa<IntegerType>(tensor.element()) &&
                               tensor.count() <= maxInlineElements);
}

/// The attribute that a constant of this value has: inline or a blob, as
/// `import` decides.
static ElementsAttr toAttr(const Tensor &tensor) {
  RankedTensorType type = tensor.type();
  ArrayRef<char> bytes = tensor.bytes();
  if (type.getNumElements() == 0)
    return DenseElementsAttr::get(type, ArrayRef<Attribute>());
  if (isUniform(tensor))
    bytes = bytes.take_front(interpreter::elementSize(type.getElementType()));
  if (isInline(tensor))
    return toInlineAttr(type, bytes);
  std::shared_ptr<char[]> owner = tensor.keepAlive();
  // The result of a reshape is a view on a constant, whose blob lives as long
  // as the context.
  AsmResourceBlob blob(
      bytes, /*dataAlignment=*/owner ? alignof(std::max_align_t) : 1,
      [owner](void *, size_t, size_t) {},
      /*dataIsMutable=*/false);
  return DenseResourceElementsAttr::get(type, "folded", std::move(blob));
}

//===----------------------------------------------------------------------===//
// Budgets
//===----------------------------------------------------------------------===//

/// Scalar operations that one element of the result takes.
static int64_t operationsPerElement(Operation *op) {
  auto type = [](Value value) {
    return cast<RankedTensorType>(value.getType());
  };
  if (auto matmul = dyn_cast<MatmulOp>(op))
    return type(matmul.getX()).getShape().back();
  if (auto reduce = dyn_cast<ReduceOp>(op))
    return llvm::divideCeil(
        reduce.getX().getType().getNumElements(),
        std::max<int64_t>(1, reduce.getType().getNumElements()));
  Value filter;
  if (auto conv = dyn_cast<ConvOp>(op))
    filter = conv.getFilter();
  else if (auto conv = dyn_cast<PackedConvOp>(op))
    filter = conv.getFilter();
  if (filter)
    return type(filter).getNumElements() /
           std::max<int64_t>(1, type(filter).getShape().back());
  return 1;
}

namespace {

/// What is known of an operand: a constant, or one that a broadcast repeats.
struct KnownOperand {
  Tensor value;
  /// Elements that are stored for it.
  int64_t stored;
  bool isRepeated;
};

struct FoldConstants : mlc::impl::FoldConstantsBase<FoldConstants> {
  using FoldConstantsBase::FoldConstantsBase;

  void runOnOperation() override {
    getOperation()->walk([&](Operation *op) { foldOp(op); });
    replaceFolded();
    // What fed the folded ops is dead; weights among it would go into the
    // artifact.
    getOperation()->walk<WalkOrder::PostOrder, ReverseIterator>(
        [](Operation *op) {
          if (isOpTriviallyDead(op))
            op->erase();
        });
  }

private:
  bool isWithinBudget(Operation *op);
  std::optional<Tensor> constantOperand(Value operand);
  std::optional<KnownOperand> knownOperand(Value operand);
  void foldOp(Operation *op);
  void releaseOperands(Operation *op);
  void replaceFolded();

  /// The ops that are constant, in order, and the values of those that an op is
  /// left to use: a constant lives as long as the context, so only what stays
  /// becomes one.
  llvm::SetVector<Operation *> folded;
  DenseMap<Value, Tensor> values;
};

} // namespace

bool FoldConstants::isWithinBudget(Operation *op) {
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!type)
    return op->getResult(0).getType().isIntOrIndex();
  std::optional<int64_t> count;
  if (type.hasStaticShape())
    count = interpreter::elementCount(type.getShape());
  int64_t bytes, operations;
  if (!count ||
      llvm::MulOverflow<int64_t>(
          *count, interpreter::elementSize(type.getElementType()), bytes) ||
      llvm::MulOverflow(*count, operationsPerElement(op), operations))
    return false;
  return bytes <= maxBytes && operations <= maxFlops;
}

/// A constant that may be read: a packed one stays a recipe.
std::optional<Tensor> FoldConstants::constantOperand(Value operand) {
  if (auto found = values.find(operand); found != values.end())
    return found->second;
  Operation *definition = operand.getDefiningOp();
  if (auto constant = dyn_cast_if_present<ConstantOp>(definition))
    return constant.getPack() ? std::optional<Tensor>()
                              : Tensor::fromAttr(constant.getValue());
  auto scalar = dyn_cast_if_present<arith::ConstantOp>(definition);
  auto integer =
      scalar ? dyn_cast<IntegerAttr>(scalar.getValue()) : IntegerAttr();
  if (!integer)
    return std::nullopt;
  return Tensor::scalar(integer.getType(), integer.getValue().getZExtValue());
}

static std::optional<Tensor> evaluateSilently(Operation *op,
                                              ArrayRef<Tensor> operands) {
  interpreter::Options options;
  options.diagnose = false;
  FailureOr<SmallVector<Tensor>> results =
      interpreter::evaluate(op, operands, options);
  return failed(results) ? std::nullopt : std::optional(results->front());
}

std::optional<KnownOperand> FoldConstants::knownOperand(Value operand) {
  if (std::optional<Tensor> value = constantOperand(operand))
    return KnownOperand{*value, value->count(), /*isRepeated=*/false};
  auto broadcast = operand.getDefiningOp<BroadcastOp>();
  if (!broadcast || broadcast->getNumOperands() != 1 ||
      !isWithinBudget(broadcast))
    return std::nullopt;
  std::optional<Tensor> x = constantOperand(broadcast.getX());
  if (!x)
    return std::nullopt;
  std::optional<Tensor> value = evaluateSilently(broadcast, *x);
  if (!value)
    return std::nullopt;
  return KnownOperand{*value, x->count(), /*isRepeated=*/true};
}

/// Bytes of repeated elements that are cheaper to store than to compute.
static constexpr int64_t maxRepeatedBytes = 4096;

/// Whether the result would only repeat elements of the operands: a kernel that
/// reads it renames indices instead, and the biases of a network would fill the
/// artifact.
static bool onlyRepeats(Operation *op, ArrayRef<KnownOperand> operands) {
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  bool repeats = isa<BroadcastOp>(op);
  int64_t stored = 0;
  for (const KnownOperand &operand : operands) {
    // One element is no more stored than what is repeated.
    stored += isUniform(operand.value) ? 1 : operand.stored;
    repeats |= operand.isRepeated;
  }
  return type && repeats && stored > 1 && type.getNumElements() > stored &&
         type.getNumElements() *
                 interpreter::elementSize(type.getElementType()) >
             maxRepeatedBytes;
}

void FoldConstants::foldOp(Operation *op) {
  if (op->getNumResults() != 1 || op->getNumRegions() || op->use_empty() ||
      op->hasTrait<OpTrait::ConstantLike>() ||
      !interpreter::canEvaluate(op->getName()) || !isWithinBudget(op))
    return;
  SmallVector<KnownOperand> known;
  for (Value operand : op->getOperands()) {
    std::optional<KnownOperand> value = knownOperand(operand);
    // The sizes of a tensor may be known where its elements are not.
    auto type = dyn_cast<RankedTensorType>(operand.getType());
    if (isa<ShapeOfOp>(op) && type.hasStaticShape())
      value = KnownOperand{
          Tensor::view(type.getElementType(), type.getShape(), {}), 0, false};
    if (!value)
      return;
    known.push_back(*value);
  }
  if (onlyRepeats(op, known))
    return;
  auto operands = llvm::map_to_vector(
      known, [](const KnownOperand &operand) { return operand.value; });
  // A weight that is only transposed stays as the model has it: the transpose
  // becomes part of its pack recipe.
  bool isPacked = llvm::all_of(op->getUsers(),
                               llvm::IsaPred<ConvOp, MatmulOp, TransposeOp>);
  if (isa<TransposeOp>(op) && !isInline(operands.front()) && isPacked)
    return;
  std::optional<Tensor> result = evaluateSilently(op, operands);
  if (!result)
    return;
  folded.insert(op);
  values[op->getResult(0)] = *result;
  releaseOperands(op);
}

/// Drops the values that only folded ops used.
void FoldConstants::releaseOperands(Operation *op) {
  for (Value operand : op->getOperands())
    if (llvm::all_of(operand.getUsers(),
                     [&](Operation *user) { return folded.contains(user); }))
      values.erase(operand);
}

void FoldConstants::replaceFolded() {
  for (Operation *op : folded) {
    auto found = values.find(op->getResult(0));
    if (found == values.end())
      continue;
    const Tensor &value = found->second;
    OpBuilder builder(op);
    Value replacement;
    if (!isa<RankedTensorType>(op->getResult(0).getType()))
      replacement = arith::ConstantOp::create(
          builder, op->getLoc(),
          IntegerAttr::get(value.element(), value.scalarBits()));
    else
      replacement = ConstantOp::create(builder, op->getLoc(), toAttr(value));
    op->getResult(0).replaceAllUsesWith(replacement);
  }
  folded.clear();
  values.clear();
}
