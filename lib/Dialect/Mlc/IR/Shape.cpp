//===- Shape.cpp - Shape functions in their environments ------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Dialect/Mlc/IR/Shape.h"
#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace mlc;

Dim ShapeEnv::size(Value tensor, unsigned axis) {
  int64_t size = cast<RankedTensorType>(tensor.getType()).getDimSize(axis);
  return ShapedType::isDynamic(size) ? dynamicSize(tensor, axis)
                                     : literal(size);
}

SmallVector<Dim> ShapeEnv::sizes(Value tensor) {
  SmallVector<Dim> dims;
  for (int64_t axis :
       llvm::seq(cast<RankedTensorType>(tensor.getType()).getRank()))
    dims.push_back(size(tensor, axis));
  return dims;
}

SmallVector<Dim> ShapeEnv::mixed(ArrayRef<int64_t> literals,
                                 ValueRange values) {
  SmallVector<Dim> dims;
  for (int64_t size : literals) {
    if (!ShapedType::isDynamic(size)) {
      dims.push_back(literal(size));
      continue;
    }
    dims.push_back(indexValue(values.front()));
    values = values.drop_front();
  }
  return dims;
}

/// Rounds towards minus infinity.
static int64_t floorDivide(int64_t a, int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static std::optional<int64_t> fold(DimOp op, int64_t a, int64_t b) {
  int64_t result;
  switch (op) {
  case DimOp::Add:
    return llvm::AddOverflow(a, b, result) ? std::nullopt
                                           : std::optional(result);
  case DimOp::Sub:
    return llvm::SubOverflow(a, b, result) ? std::nullopt
                                           : std::optional(result);
  case DimOp::Mul:
    return llvm::MulOverflow(a, b, result) ? std::nullopt
                                           : std::optional(result);
  case DimOp::FloorDiv:
    return b == 0 ? std::nullopt : std::optional(floorDivide(a, b));
  case DimOp::CeilDiv:
    return b == 0 ? std::nullopt : std::optional(-floorDivide(-a, b));
  case DimOp::Mod:
    return b == 0 ? std::nullopt : std::optional(a - floorDivide(a, b) * b);
  case DimOp::Min:
    return std::min(a, b);
  case DimOp::Max:
    return std::max(a, b);
  }
  llvm_unreachable("covered switch");
}

Dim ShapeEnv::apply(DimOp op, Dim a, Dim b) {
  if (a.isLiteral() && b.isLiteral())
    if (std::optional<int64_t> result = fold(op, a.literal, b.literal))
      return literal(*result);
  bool isSum = op == DimOp::Add || op == DimOp::Sub;
  bool isScale =
      op == DimOp::Mul || op == DimOp::FloorDiv || op == DimOp::CeilDiv;
  if ((isSum && b.is(0)) || (isScale && b.is(1)))
    return a;
  if ((op == DimOp::Add && a.is(0)) || (op == DimOp::Mul && a.is(1)))
    return b;
  return compute(op, a, b);
}

bool ShapeEnv::mayHold(SizeRelation relation, Dim a, Dim b) {
  if (relation == SizeRelation::OneOrEqual && a.is(1))
    return true;
  if (a.isLiteral() && b.isLiteral())
    return relation == SizeRelation::AtMost ? a.literal <= b.literal
                                            : a.literal == b.literal;
  demand(relation, a, b);
  return true;
}

std::optional<Dim> ShapeEnv::merge(Dim a, Dim b) {
  if (!mayHold(SizeRelation::Equal, a, b))
    return std::nullopt;
  return b.isLiteral() ? b : a;
}

LogicalResult ShapeEnv::error(const Twine &message) {
  return emitOptionalError(location, message);
}

Dim mlc::windowCount(Dim size, Dim extent, int64_t stride, int64_t dilation) {
  ShapeEnv &env = *size.env;
  Dim span = (extent - env.literal(1)) * env.literal(dilation) + env.literal(1);
  return floorDiv(size - span, env.literal(stride)) + env.literal(1);
}

RankedTensorType mlc::toType(const Inferred &inferred) {
  SmallVector<int64_t> shape;
  for (Dim dim : inferred.dims)
    shape.push_back(dim.literal);
  return RankedTensorType::get(shape, inferred.elementType);
}

bool mlc::canBeHeld(RankedTensorType type) {
  int64_t bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  bool isLarge = false;
  for (int64_t size : type.getShape()) {
    if (size == 0)
      return true;
    isLarge |=
        !ShapedType::isDynamic(size) &&
        (llvm::MulOverflow(bytes, size, bytes) || bytes > maxTensorBytes);
  }
  return !isLarge;
}

bool mlc::areCompatibleTypes(TypeRange inferred, TypeRange actual) {
  return llvm::all_of_zip(inferred, actual, [](Type a, Type b) {
    auto x = dyn_cast<RankedTensorType>(a), y = dyn_cast<RankedTensorType>(b);
    return x && y && x.getElementType() == y.getElementType() &&
           succeeded(verifyCompatibleShape(x, y));
  });
}

namespace {

/// A Dim is an SSA value of type index.
class EmitEnv : public ShapeEnv {
public:
  EmitEnv(OpBuilder &builder, Location loc) : builder(builder), loc(loc) {}

  Value getValue(Dim dim) {
    if (!dim.isLiteral())
      return Value::getFromOpaquePointer(dim.handle);
    return arith::ConstantIndexOp::create(builder, loc, dim.literal);
  }

protected:
  Dim dynamicSize(Value tensor, unsigned axis) override {
    return wrap(builder.createOrFold<tensor::DimOp>(loc, tensor, axis));
  }
  Dim indexValue(Value index) override { return wrap(index); }
  Dim compute(DimOp op, Dim a, Dim b) override {
    Value x = getValue(a), y = getValue(b);
    switch (op) {
    case DimOp::Add:
      return wrap(builder.createOrFold<arith::AddIOp>(loc, x, y));
    case DimOp::Sub:
      return wrap(builder.createOrFold<arith::SubIOp>(loc, x, y));
    case DimOp::Mul:
      return wrap(builder.createOrFold<arith::MulIOp>(loc, x, y));
    case DimOp::FloorDiv:
      return wrap(builder.createOrFold<arith::FloorDivSIOp>(loc, x, y));
    case DimOp::CeilDiv:
      return wrap(builder.createOrFold<arith::CeilDivSIOp>(loc, x, y));
    case DimOp::Mod:
      return wrap(builder.createOrFold<arith::RemSIOp>(loc, x, y));
    case DimOp::Min:
      return wrap(builder.createOrFold<arith::MinSIOp>(loc, x, y));
    case DimOp::Max:
      return wrap(builder.createOrFold<arith::MaxSIOp>(loc, x, y));
    }
    llvm_unreachable("covered switch");
  }

private:
  Dim wrap(Value value) {
    if (std::optional<int64_t> constant = getConstantIntValue(value))
      return literal(*constant);
    return Dim{ShapedType::kDynamic, value.getAsOpaquePointer(), this};
  }

  OpBuilder &builder;
  Location loc;
};

} // namespace

LogicalResult mlc::reifyShapes(Operation *op, OpBuilder &builder,
                               ReifiedRankedShapedTypeDims &shapes) {
  EmitEnv env(builder, op->getLoc());
  SmallVector<Inferred> results;
  if (failed(cast<ShapedOp>(op).inferShapes(env, results)))
    return failure();
  for (auto [result, inferred] : llvm::zip_equal(op->getResults(), results)) {
    SmallVector<OpFoldResult> &sizes = shapes.emplace_back();
    auto type = cast<RankedTensorType>(result.getType());
    for (auto [dim, size] : llvm::zip_equal(inferred.dims, type.getShape()))
      sizes.push_back(ShapedType::isDynamic(size)
                          ? OpFoldResult(env.getValue(dim))
                          : OpFoldResult(builder.getIndexAttr(size)));
  }
  return success();
}
