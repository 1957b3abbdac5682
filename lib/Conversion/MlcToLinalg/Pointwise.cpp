//===- Pointwise.cpp - Trees of ops that compute point by point -----------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelLowering.h"
#include "mlc/Dialect/Mlc/IR/OpList.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlc;
using scalar::Emitted;

LogicalResult KernelLowering::collectLeaves(Value value, AffineMap map,
                                            SmallVectorImpl<Leaf> &leaves) {
  if (Value tensor = storageOf(value)) {
    Leaf leaf{tensor, map};
    if (!llvm::is_contained(leaves, leaf))
      leaves.push_back(leaf);
    return success();
  }
  Operation *op = value.getDefiningOp();
  if (auto constant = dyn_cast<ConstantOp>(op)) {
    if (isa<SplatElementsAttr>(constant.getValue()))
      return success();
    return constant.emitOpError(
        "is not a splat and must be an operand of the kernel");
  }
  if (isa<IotaOp>(op))
    return success();
  if (auto gather = dyn_cast<GatherOp>(op)) {
    for (Value index : gather.getIndices())
      if (failed(collectLeaves(index, map, leaves)))
        return failure();
    return success();
  }
  if (!isElementwise(op) && !isIndexOp(op))
    return op->emitOpError(
        "cannot be computed inside of a kernel with other ops");
  for (OpOperand &operand : op->getOpOperands())
    if (isa<RankedTensorType>(operand.get().getType()) &&
        failed(collectLeaves(operand.get(),
                             operandMap(op, operand.getOperandNumber(), map),
                             leaves)))
      return failure();
  return success();
}

Emitted KernelLowering::emitCast(const Emitted &x, Type to) {
  bool toUnsigned = to.isUnsignedInteger() || to.isInteger(1);
  // A half-precision result is computed in f32 but must have the precision of
  // its type.
  if (to.isF16() || to.isBF16())
    return scalar::cast(scalar::cast(x, to, false), computeType(to), false);
  return scalar::cast(x, computeType(to), toUnsigned);
}

/// A float as `type`, wider or narrower; anything else as it is.
static Value toWidth(OpBuilder &b, Location loc, Type type, Value x) {
  if (x.getType() == type || !isa<FloatType>(type))
    return x;
  if (x.getType().getIntOrFloatBitWidth() < type.getIntOrFloatBitWidth())
    return arith::ExtFOp::create(b, loc, type, x);
  return arith::TruncFOp::create(b, loc, type, x);
}

Emitted KernelLowering::fromStorage(Value value, Type element) {
  OpBuilder &b = *body->builder;
  Location loc = function.getLoc();
  bool isUnsigned = element.isUnsignedInteger() || element.isInteger(1);
  Emitted result{&b, loc, value, isUnsigned};
  if (element.isInteger(1) && !value.getType().isInteger(1))
    return result != result.literal(0);
  result.value = toWidth(b, loc, computeType(element), value);
  return result;
}

/// Of a half-precision float the bits are those of its own type.
Emitted KernelLowering::emitBitcast(BitcastOp op, const Emitted &x) {
  OpBuilder &b = *body->builder;
  Type to = op.getTo();
  Type bits =
      isa<FloatType>(to) ? to : b.getIntegerType(to.getIntOrFloatBitWidth());
  Value value = toWidth(b, x.loc, elementTypeOf(op.getX()), x.value);
  if (value.getType() != bits)
    value = arith::BitcastOp::create(b, x.loc, bits, value);
  return fromStorage(value, to);
}

Emitted KernelLowering::emitOp(Operation *op, ArrayRef<Emitted> operands) {
  std::optional<Emitted> result;
  auto emitFormula = [&]<class Op>() {
    if constexpr (requires { Op::arity; }) {
      if (!isa<Op>(op))
        return;
      if constexpr (Op::arity == 1)
        result = Op::formula(operands[0]);
      else
        result = Op::formula(operands[0], operands[1]);
    }
  };
  ElementwiseOps::forEach(emitFormula);
  if (result)
    return *result;
  if (isa<SelectOp>(op))
    return scalar::select(operands[0], operands[1], operands[2]);
  if (auto bitcast = dyn_cast<BitcastOp>(op))
    return emitBitcast(bitcast, operands[0]);
  return emitCast(operands[0], cast<CastOp>(op).getTo());
}

Emitted KernelLowering::emitSplat(ConstantOp constant) {
  auto splat = cast<SplatElementsAttr>(constant.getValue());
  Type element = elementTypeOf(constant.getResult());
  TypedAttr attr;
  if (isa<FloatType>(element)) {
    APFloat number = splat.getSplatValue<APFloat>();
    bool losesInfo;
    auto type = cast<FloatType>(computeType(element));
    number.convert(type.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                   &losesInfo);
    attr = FloatAttr::get(type, number);
  } else {
    attr = IntegerAttr::get(computeType(element), splat.getSplatValue<APInt>());
  }
  OpBuilder &b = *body->builder;
  Location loc = function.getLoc();
  return {&b, loc, arith::ConstantOp::create(b, loc, attr)};
}

Emitted KernelLowering::emit(Value value, AffineMap map) {
  auto [it, isNew] = body->emitted.try_emplace(
      {value, map}, Emitted{body->builder, value.getLoc(), Value(), false});
  if (!isNew)
    return it->second;
  Type element = elementTypeOf(value);
  Emitted result = it->second;
  if (Value tensor = storageOf(value)) {
    auto leaf = llvm::find(body->leaves, Leaf{tensor, map});
    result = fromStorage(leaf == body->leaves.end()
                             ? extractElement(*body->builder, {tensor, map})
                             : body->arguments[leaf - body->leaves.begin()],
                         element);
  } else if (auto constant = value.getDefiningOp<ConstantOp>()) {
    result = emitSplat(constant);
  } else if (auto iota = value.getDefiningOp<IotaOp>()) {
    result = emitIota(iota, map);
  } else if (auto gather = value.getDefiningOp<GatherOp>()) {
    result = emitGather(gather, map);
  } else if (auto pad = value.getDefiningOp<PadOp>()) {
    result = emitPad(pad, map);
  } else {
    Operation *op = value.getDefiningOp();
    SmallVector<Emitted> operands;
    for (OpOperand &operand : op->getOpOperands())
      if (isa<RankedTensorType>(operand.get().getType()))
        operands.push_back(emit(
            operand.get(), operandMap(op, operand.getOperandNumber(), map)));
    result = isElementwise(op) ? emitOp(op, operands) : operands.front();
  }
  result.isUnsigned = element.isUnsignedInteger() || element.isInteger(1);
  body->emitted.insert_or_assign({value, map}, result);
  return result;
}

/// select(index - low inside of x, x[clamp(index - low)], value)
Emitted KernelLowering::emitPad(PadOp pad, AffineMap map) {
  OpBuilder &b = *body->builder;
  Location loc = function.getLoc();
  SmallVector<Value> loops;
  for (unsigned loop = 0; loop < map.getNumDims(); ++loop)
    loops.push_back(linalg::IndexOp::create(b, loc, loop));
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  Value one = arith::ConstantIndexOp::create(b, loc, 1);
  Value inside;
  for (auto [axis, expr] : llvm::enumerate(map.getResults())) {
    PaddedAxis at = padded.lookup({pad, axis});
    if (!at.clamped)
      continue;
    Value index = arith::SubIOp::create(
        b, loc, affine::expandAffineExpr(b, loc, expr, loops, symbols), at.low);
    // Read as unsigned, a negative index lies past the end.
    Value isInside = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult,
                                           index, at.size);
    inside =
        inside ? arith::AndIOp::create(b, loc, inside, isInside) : isInside;
    Value last = arith::SubIOp::create(b, loc, at.size, one);
    index = arith::MinSIOp::create(b, loc, index, last);
    index = arith::MaxSIOp::create(b, loc, index, zero);
    symbols[cast<AffineSymbolExpr>(at.clamped).getPosition()] = index;
  }
  // The symbols stand for other indices under another map.
  auto outside = std::move(body->emitted);
  body->emitted.clear();
  Emitted x = emit(pad.getX(), operandMap(pad, 0, map));
  Emitted value = emit(pad.getValue(), operandMap(pad, 1, map));
  body->emitted = std::move(outside);
  return inside ? scalar::select(x.truth(inside), x, value) : x;
}

Emitted KernelLowering::emitTree(OpBuilder &builder, Location loc, Value value,
                                 AffineMap map, ArrayRef<Leaf> leaves,
                                 ValueRange arguments) {
  Body tree;
  tree.builder = &builder;
  tree.leaves = leaves;
  tree.arguments = arguments;
  body = &tree;
  Emitted result = emit(value, map);
  body = nullptr;
  return result;
}

Value KernelLowering::toStorage(const Emitted &x, Type element, Type storage) {
  if (element.isInteger(1) && !storage.isInteger(1))
    return arith::ExtUIOp::create(*x.builder, x.loc, storage, x.value);
  return toWidth(*x.builder, x.loc, storage, x.value);
}

AffineMap KernelLowering::identityMap(unsigned rank) {
  return makeMap(rank,
                 AffineMap::getMultiDimIdentityMap(rank, rewriter.getContext())
                     .getResults());
}

FailureOr<Value> KernelLowering::lowerPointwise(Value root, AffineMap map,
                                                Value destination) {
  Location loc = function.getLoc();
  // There is nothing to compute, and no slice of nothing.
  if (llvm::is_contained(
          cast<RankedTensorType>(destination.getType()).getShape(), 0))
    return destination;
  SmallVector<Leaf> leaves;
  if (failed(collectLeaves(root, map, leaves)))
    return failure();
  unsigned rank = map.getNumDims();
  Operands operands =
      operandsOf(leaves, identityMap(rank), storedSizesOf(destination));
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      rewriter, loc, destination.getType(), operands.values, destination,
      operands.maps, iterators,
      [&](OpBuilder &b, Location loc, ValueRange arguments) {
        Emitted result =
            emitTree(b, loc, root, map, operands.leaves, arguments);
        linalg::YieldOp::create(
            b, loc,
            toStorage(result, elementTypeOf(root), elementTypeOf(destination)));
      });
  return generic.getResult(0);
}
