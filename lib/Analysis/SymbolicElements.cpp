//===- SymbolicElements.cpp - Elements of small integer tensors -----------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Models compute shapes with tensor ops. Here those ops act on expressions. An
// element that does not follow is no expression. Sizes are taken to fit into
// the integer types that a model computes them in; literals wrap as the ops do.
//
//===----------------------------------------------------------------------===//

#include "mlc/Analysis/SymbolicShapes.h"
#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlc;

using Elements = SymbolicShapes::Elements;
using Lookup = llvm::function_ref<std::optional<Elements>(Value)>;

static RankedTensorType typeOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType());
}

/// Cuts a literal to the width of the element type.
static Expr wrap(const Expr &element, Type type) {
  std::optional<int64_t> literal = element.getLiteral();
  if (!literal)
    return element;
  unsigned width = type.getIntOrFloatBitWidth();
  if (width == 64)
    return type.isUnsignedInteger() && *literal < 0 ? Expr() : element;
  APInt bits = APInt(64, *literal, /*isSigned=*/true).trunc(width);
  bool isUnsigned = type.isUnsignedInteger() || width == 1;
  return isUnsigned ? static_cast<int64_t>(bits.getZExtValue())
                    : bits.getSExtValue();
}

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

/// Rounds towards zero, as integer division of tensors does.
static Expr truncDiv(const Expr &a, const Expr &b) {
  if (!a || !b)
    return Expr();
  if (a.getLiteral() && b.getLiteral() && !b.is(0)) {
    bool isNegative = (*a.getLiteral() < 0) != (*b.getLiteral() < 0);
    return isNegative ? ceilDiv(a, b) : floorDiv(a, b);
  }
  bool isPositive = a.bounds().min >= 0 && b.bounds().min >= 0;
  return isPositive ? floorDiv(a, b) : Expr();
}

static Expr truncMod(const Expr &a, const Expr &b) {
  Expr quotient = truncDiv(a, b);
  return quotient && quotient.getLiteral() ? a - quotient * b
         : quotient                        ? mod(a, b)
                                           : Expr();
}

static Expr decide(bool isTrue, bool isFalse) {
  return isTrue ? Expr(1) : isFalse ? Expr(0) : Expr();
}
static Expr equal(const Expr &a, const Expr &b) {
  return decide(a && a == b, isKnownNotEqual(a, b));
}
static Expr less(const Expr &a, const Expr &b) {
  return decide(isKnownLessEqual(a + Expr(1), b), isKnownLessEqual(b, a));
}
static Expr negate(const Expr &a) { return Expr(1) - a; }

static Expr combine(Operation *op, ArrayRef<Expr> x) {
  bool isBool = elementTypeOf(op->getOperand(0)).isInteger(1);
  return llvm::TypeSwitch<Operation *, Expr>(op)
      .Case([&](AddOp) { return x[0] + x[1]; })
      .Case([&](SubOp) { return x[0] - x[1]; })
      .Case([&](MulOp) { return x[0] * x[1]; })
      .Case([&](DivOp) { return truncDiv(x[0], x[1]); })
      .Case([&](ModOp) { return mod(x[0], x[1]); })
      .Case([&](RemOp) { return truncMod(x[0], x[1]); })
      .Case([&](MinOp) { return min(x[0], x[1]); })
      .Case([&](MaxOp) { return max(x[0], x[1]); })
      .Case([&](ReluOp) { return max(x[0], Expr(0)); })
      .Case([&](NegOp) { return Expr(-1) * x[0]; })
      .Case([&](AbsOp) { return max(x[0], Expr(-1) * x[0]); })
      .Case([&](EqualOp) { return equal(x[0], x[1]); })
      .Case([&](NotEqualOp) { return negate(equal(x[0], x[1])); })
      .Case([&](LessOp) { return less(x[0], x[1]); })
      .Case([&](LessEqualOp) { return negate(less(x[1], x[0])); })
      .Case([&](GreaterOp) { return less(x[1], x[0]); })
      .Case([&](GreaterEqualOp) { return negate(less(x[0], x[1])); })
      .Case([&](AndOp) { return isBool ? min(x[0], x[1]) : Expr(); })
      .Case([&](OrOp) { return isBool ? max(x[0], x[1]) : Expr(); })
      .Case([&](NotOp) { return isBool ? negate(x[0]) : Expr(); })
      .Case([&](SelectOp) {
        return x[1] == x[2] || x[0].is(1) ? x[1] : x[0].is(0) ? x[2] : Expr();
      })
      .Case([&](CastOp op) {
        if (!op.getTo().isInteger(1))
          return x[0];
        return negate(equal(x[0], Expr(0)));
      })
      .Default([](Operation *) { return Expr(); });
}

static std::optional<Elements> inferElementwiseElements(Operation *op,
                                                        Lookup elements) {
  SmallVector<Elements> operands;
  for (Value operand : op->getOperands()) {
    std::optional<Elements> known = elements(operand);
    if (!known)
      return std::nullopt;
    operands.push_back(std::move(*known));
  }
  Type element = elementTypeOf(op->getResult(0));
  Elements result;
  for (size_t i = 0; i < operands.front().size(); ++i) {
    SmallVector<Expr, 3> parts;
    for (const Elements &operand : operands)
      parts.push_back(operand[i]);
    result.push_back(wrap(combine(op, parts), element));
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

static SmallVector<int64_t> delinearize(int64_t position,
                                        ArrayRef<int64_t> shape) {
  SmallVector<int64_t> index(shape.size());
  for (size_t axis = shape.size(); axis-- > 0;) {
    index[axis] = position % shape[axis];
    position /= shape[axis];
  }
  return index;
}

static int64_t linearize(ArrayRef<int64_t> index, ArrayRef<int64_t> shape) {
  int64_t position = 0;
  for (auto [i, size] : llvm::zip_equal(index, shape))
    position = position * size + i;
  return position;
}

/// Reads element `source(index)` of `x` for every index of `result`.
static std::optional<Elements>
read(Value x, Value result, Lookup elements,
     llvm::function_ref<SmallVector<int64_t>(ArrayRef<int64_t>)> source) {
  std::optional<Elements> known = elements(x);
  if (!known)
    return std::nullopt;
  Elements gathered;
  for (int64_t i : llvm::seq(typeOf(result).getNumElements())) {
    SmallVector<int64_t> index =
        source(delinearize(i, typeOf(result).getShape()));
    gathered.push_back((*known)[linearize(index, typeOf(x).getShape())]);
  }
  return gathered;
}

static std::optional<Elements> inferSlice(SliceOp op, Lookup elements) {
  if (!op.getOffsets().empty())
    return std::nullopt;
  return read(op.getX(), op.getResult(), elements,
              [&](ArrayRef<int64_t> index) {
                SmallVector<int64_t> source;
                for (size_t axis = 0; axis < index.size(); ++axis)
                  source.push_back(op.getStaticOffsets()[axis] +
                                   index[axis] * op.getStrides()[axis]);
                return source;
              });
}

static std::optional<Elements> inferBroadcast(BroadcastOp op, Lookup elements) {
  auto type = typeOf(op.getX());
  return read(
      op.getX(), op.getResult(), elements, [&](ArrayRef<int64_t> index) {
        SmallVector<int64_t> source;
        for (auto [axis, target] : llvm::enumerate(op.getAxes()))
          source.push_back(type.getDimSize(axis) == 1 ? 0 : index[target]);
        return source;
      });
}

static std::optional<Elements> inferTranspose(TransposeOp op, Lookup elements) {
  return read(op.getX(), op.getResult(), elements,
              [&](ArrayRef<int64_t> index) {
                SmallVector<int64_t> source(index.size());
                for (auto [axis, from] : llvm::enumerate(op.getPermutation()))
                  source[from] = index[axis];
                return source;
              });
}

static std::optional<Elements> inferConcat(ConcatOp op, Lookup elements) {
  auto type = typeOf(op.getResult());
  Elements result(type.getNumElements());
  int64_t offset = 0;
  for (Value x : op.getXs()) {
    std::optional<Elements> known = elements(x);
    if (!known)
      return std::nullopt;
    for (auto [position, element] : llvm::enumerate(*known)) {
      SmallVector<int64_t> index = delinearize(position, typeOf(x).getShape());
      index[op.getAxis()] += offset;
      result[linearize(index, type.getShape())] = element;
    }
    offset += typeOf(x).getDimSize(op.getAxis());
  }
  return result;
}

static std::optional<Elements> inferIota(IotaOp op) {
  if (isa<FloatType>(op.getTo()))
    return std::nullopt;
  auto type = typeOf(op.getResult());
  Elements result;
  for (int64_t i : llvm::seq(type.getNumElements()))
    result.push_back(
        wrap(delinearize(i, type.getShape())[op.getAxis()], op.getTo()));
  return result;
}

/// Of an index that is not known no element follows.
static std::optional<Elements> inferGather(GatherOp op, Lookup elements) {
  auto type = typeOf(op.getX()), target = typeOf(op.getResult());
  std::optional<Elements> known = elements(op.getX());
  SmallVector<Elements> indices;
  for (Value index : op.getIndices())
    if (std::optional<Elements> all = elements(index))
      indices.push_back(std::move(*all));
  if (!known || indices.size() != op.getIndices().size() || known->empty())
    return std::nullopt;
  Elements result;
  for (int64_t i : llvm::seq(target.getNumElements())) {
    SmallVector<int64_t> at = delinearize(i, target.getShape()), source;
    const Elements *index = indices.begin();
    for (auto [axis, from] : llvm::enumerate(op.getAxes())) {
      Expr along = ShapedType::isDynamic(from) ? (*index++)[i] : at[from];
      if (along && along.getLiteral())
        source.push_back(std::clamp<int64_t>(*along.getLiteral(), 0,
                                             type.getDimSize(axis) - 1));
    }
    bool isKnown = source.size() == op.getAxes().size();
    result.push_back(isKnown ? (*known)[linearize(source, type.getShape())]
                             : Expr());
  }
  return result;
}

static std::optional<Elements> inferReduce(ReduceOp op, Lookup elements) {
  std::optional<Elements> known = elements(op.getX());
  if (!known)
    return std::nullopt;
  using Combine = Expr (*)(const Expr &, const Expr &);
  Combine combine = operator+;
  int64_t neutral = 0;
  switch (op.getKind()) {
  case ReduceKind::Sum:
    break;
  case ReduceKind::Product:
    combine = operator*;
    neutral = 1;
    break;
  case ReduceKind::Min:
  case ReduceKind::And:
    combine = min;
    neutral = 1;
    break;
  case ReduceKind::Max:
  case ReduceKind::Or:
    combine = max;
    break;
  }
  bool isExtremum =
      op.getKind() == ReduceKind::Min || op.getKind() == ReduceKind::Max;
  if (isExtremum && known->empty())
    return std::nullopt;
  auto type = typeOf(op.getX());
  Elements result(typeOf(op.getResult()).getNumElements(), Expr(neutral));
  SmallVector<bool> isStarted(result.size(), !isExtremum);
  for (auto [position, element] : llvm::enumerate(*known)) {
    SmallVector<int64_t> index = delinearize(position, type.getShape()), kept;
    for (auto [axis, i] : llvm::enumerate(index))
      if (!llvm::is_contained(op.getAxes(), static_cast<int64_t>(axis)))
        kept.push_back(i);
    int64_t target = linearize(kept, typeOf(op.getResult()).getShape());
    result[target] =
        isStarted[target] ? combine(result[target], element) : element;
    isStarted[target] = true;
  }
  for (Expr &element : result)
    element = wrap(element, type.getElementType());
  return result;
}

//===----------------------------------------------------------------------===//
// Constants, and all together
//===----------------------------------------------------------------------===//

static std::optional<Elements> inferConstant(Attribute value) {
  auto dense = dyn_cast<DenseIntElementsAttr>(value);
  if (!dense)
    return std::nullopt;
  Type type = dense.getElementType();
  bool isUnsigned = type.isUnsignedInteger() || type.isInteger(1);
  Elements result;
  for (const APInt &element : dense.getValues<APInt>()) {
    if (element.getSignificantBits() > 64)
      return std::nullopt;
    if (!isUnsigned)
      result.push_back(element.getSExtValue());
    else
      result.push_back(
          element.getActiveBits() > 63
              ? Expr()
              : Expr(static_cast<int64_t>(element.getZExtValue())));
  }
  return result;
}

std::optional<Elements> mlc::inferElements(Operation *op, Lookup elements) {
  if (isElementwise(op))
    return inferElementwiseElements(op, elements);
  return llvm::TypeSwitch<Operation *, std::optional<Elements>>(op)
      .Case([&](ConstantOp op) { return inferConstant(op.getValue()); })
      .Case([&](arith::ConstantOp op) { return inferConstant(op.getValue()); })
      .Case([&](ReshapeOp op) { return elements(op.getX()); })
      .Case([&](SliceOp op) { return inferSlice(op, elements); })
      .Case([&](BroadcastOp op) { return inferBroadcast(op, elements); })
      .Case([&](TransposeOp op) { return inferTranspose(op, elements); })
      .Case([&](ConcatOp op) { return inferConcat(op, elements); })
      .Case([&](IotaOp op) { return inferIota(op); })
      .Case([&](GatherOp op) { return inferGather(op, elements); })
      .Case([&](ReduceOp op) { return inferReduce(op, elements); })
      .Default([](Operation *) { return std::nullopt; });
}
