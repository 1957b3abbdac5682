//===- HostRegisters.cpp - Registers of the step program ------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostExporter.h"
#include "mlc/Transforms/Buffers.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlc;

/// Whether the instruction may end the run. In a branch that is not taken it
/// must not run at all.
static bool mayFail(fb::Opcode op, fb::Value divisor) {
  return op >= fb::Opcode::FloorDiv && op <= fb::Opcode::TruncMod &&
         (divisor.reg() >= 0 || divisor.literal() == 0);
}

fb::Value HostExporter::emit(fb::Opcode op, fb::Value a, fb::Value b,
                             std::optional<fb::Value> c) {
  bool isEarlyCode = isEarly(a) && isEarly(b) && (!c || isEarly(*c)) &&
                     (depth == 0 || !mayFail(op, b));
  uint32_t x = toRegister(a, isEarlyCode), y = toRegister(b, isEarlyCode),
           z = c ? toRegister(*c, isEarlyCode) : 0;
  uint32_t dst = numRegisters++;
  (isEarlyCode ? bindCode : pendingCode).emplace_back(op, dst, x, y, z, 0);
  if (isEarlyCode)
    early.insert(dst);
  return reg(dst);
}

fb::Value HostExporter::multiply(fb::Value a, fb::Value b) {
  int64_t product;
  if (isLiteral(a) && isLiteral(b) &&
      !llvm::MulOverflow(a.literal(), b.literal(), product))
    return literal(product);
  if (isLiteral(a) && a.literal() == 1)
    return b;
  if (isLiteral(b) && b.literal() == 1)
    return a;
  return emit(fb::Opcode::Mul, a, b);
}

uint32_t HostExporter::toRegister(fb::Value value, bool isEarlyCode) {
  if (!isLiteral(value))
    return value.reg();
  uint32_t dst = numRegisters++;
  (isEarlyCode ? bindCode : pendingCode)
      .emplace_back(fb::Opcode::Const, dst, 0, 0, 0, value.literal());
  if (isEarlyCode)
    early.insert(dst);
  return dst;
}

void HostExporter::assign(fb::Value variable, fb::Value value) {
  if (isLiteral(value))
    pendingCode.emplace_back(fb::Opcode::Const, variable.reg(), 0, 0, 0,
                             value.literal());
  else
    pendingCode.emplace_back(fb::Opcode::Copy, variable.reg(), value.reg(), 0,
                             0, 0);
}

fb::Value HostExporter::valueOf(Value index) {
  APInt constant;
  if (matchPattern(index, m_ConstantInt(&constant)))
    return literal(index.getType().isInteger(1) ? constant.getZExtValue()
                                                : constant.getSExtValue());
  return values.at(index);
}

static std::optional<fb::Opcode> opcodeOf(Operation &op) {
  using Opcode = std::optional<fb::Opcode>;
  return llvm::TypeSwitch<Operation *, Opcode>(&op)
      .Case<arith::AddIOp>([](auto) { return fb::Opcode::Add; })
      .Case<arith::SubIOp>([](auto) { return fb::Opcode::Sub; })
      .Case<arith::MulIOp>([](auto) { return fb::Opcode::Mul; })
      .Case<arith::FloorDivSIOp>([](auto) { return fb::Opcode::FloorDiv; })
      .Case<arith::CeilDivSIOp, arith::CeilDivUIOp>(
          [](auto) { return fb::Opcode::CeilDiv; })
      .Case<arith::DivSIOp, arith::DivUIOp>(
          [](auto) { return fb::Opcode::TruncDiv; })
      .Case<arith::RemSIOp, arith::RemUIOp>(
          [](auto) { return fb::Opcode::TruncMod; })
      .Case<arith::MinSIOp, arith::MinUIOp>(
          [](auto) { return fb::Opcode::Min; })
      .Case<arith::MaxSIOp, arith::MaxUIOp>(
          [](auto) { return fb::Opcode::Max; })
      .Case<arith::AndIOp>([](auto) { return fb::Opcode::And; })
      .Case<arith::OrIOp>([](auto) { return fb::Opcode::Or; })
      .Case<arith::XOrIOp>([](auto) { return fb::Opcode::Xor; })
      .Default([](auto) { return std::nullopt; });
}

FailureOr<fb::Value> HostExporter::exportCompare(arith::CmpIOp op) {
  fb::Value x = valueOf(op.getLhs()), y = valueOf(op.getRhs());
  switch (op.getPredicate()) {
  case arith::CmpIPredicate::eq:
    return emit(fb::Opcode::Eq, x, y);
  case arith::CmpIPredicate::ne:
    return emit(fb::Opcode::Ne, x, y);
  case arith::CmpIPredicate::slt:
  case arith::CmpIPredicate::ult:
    return emit(fb::Opcode::Lt, x, y);
  case arith::CmpIPredicate::sle:
  case arith::CmpIPredicate::ule:
    return emit(fb::Opcode::Le, x, y);
  case arith::CmpIPredicate::sgt:
  case arith::CmpIPredicate::ugt:
    return emit(fb::Opcode::Lt, y, x);
  case arith::CmpIPredicate::sge:
  case arith::CmpIPredicate::uge:
    return emit(fb::Opcode::Le, y, x);
  }
  llvm_unreachable("covered switch");
}

FailureOr<fb::Value> HostExporter::exportIndexOp(Operation &op) {
  if (std::optional<fb::Opcode> opcode = opcodeOf(op))
    return emit(*opcode, valueOf(op.getOperand(0)), valueOf(op.getOperand(1)));
  if (isa<arith::IndexCastOp, arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp,
          arith::IndexCastUIOp>(op))
    return valueOf(op.getOperand(0));
  if (auto select = dyn_cast<arith::SelectOp>(op))
    return emit(fb::Opcode::Select, valueOf(select.getCondition()),
                valueOf(select.getTrueValue()),
                valueOf(select.getFalseValue()));
  if (auto compare = dyn_cast<arith::CmpIOp>(op))
    return exportCompare(compare);
  if (auto dim = dyn_cast<tensor::DimOp>(op))
    return sizeOf(dim.getSource(), *dim.getConstantIndex());
  return op.emitError("cannot be computed by the host program"), failure();
}

/// Expressions are computed once each, by their text.
fb::Value HostExporter::exportExpr(const Expr &expr) {
  std::string text = expr.toString().str();
  if (auto it = exprValues.find(text); it != exprValues.end())
    return it->second;
  // The arithmetic is emitted as ops before the terminator and exported from
  // there; nothing but registers is left of it.
  OpBuilder builder(function.getBody().front().getTerminator());
  Operation *before = builder.getInsertionPoint()->getPrevNode();
  OpFoldResult folded = shapes.materialize(builder, function.getLoc(), expr);
  fb::Value result = literal(0);
  if (auto constant = getConstantIntValue(folded)) {
    result = literal(*constant);
  } else {
    Operation *terminator = function.getBody().front().getTerminator();
    Operation *first =
        before ? before->getNextNode() : &function.getBody().front().front();
    for (Operation *op = first; op != terminator; op = op->getNextNode())
      if (!isa<arith::ConstantOp>(op) && !values.count(op->getResult(0)))
        values[op->getResult(0)] = *exportIndexOp(*op);
    result = valueOf(cast<Value>(folded));
  }
  exprValues[text] = result;
  return result;
}

/// A size of a value of the host program: of an input it follows from the
/// symbols, of everything else it was computed before.
fb::Value HostExporter::sizeOf(Value tensor, unsigned axis) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!type.isDynamicDim(axis))
    return literal(type.getDimSize(axis));
  if (auto known = knownSizes.find(tensor); known != knownSizes.end())
    return known->second[axis];
  if (isa<BlockArgument>(tensor))
    return exportExpr(shapes.size(tensor, axis));
  auto isBefore = [&](Type other) {
    return cast<RankedTensorType>(other).getNumDynamicDims();
  };
  unsigned position =
      llvm::count_if(type.getShape().take_front(axis), ShapedType::isDynamic);
  if (auto reshape = tensor.getDefiningOp<ReshapeOp>())
    return valueOf(reshape.getSizes()[position]);
  auto call = cast<CallKernelOp>(tensor.getDefiningOp());
  for (Value result :
       call.getResults().take_front(cast<OpResult>(tensor).getResultNumber()))
    position += isBefore(result.getType());
  return valueOf(call.getResultSizes()[position]);
}

SmallVector<fb::Value> HostExporter::sizesOf(Value tensor) {
  SmallVector<fb::Value> sizes;
  for (int64_t axis :
       llvm::seq(cast<RankedTensorType>(tensor.getType()).getRank()))
    sizes.push_back(sizeOf(tensor, axis));
  return sizes;
}

fb::Value HostExporter::elementCount(Value tensor) {
  fb::Value count = literal(1);
  for (fb::Value size : sizesOf(tensor))
    count = multiply(count, size);
  return count;
}

fb::Value HostExporter::bytesOf(Value tensor) {
  return multiply(elementCount(tensor),
                  literal(elementBytes(tensor.getType())));
}
