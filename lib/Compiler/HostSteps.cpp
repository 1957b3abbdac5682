//===- HostSteps.cpp - Steps of the ops of the host program ---------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostExporter.h"
#include "mlc/Transforms/Buffers.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlc;

/// The names of the source nodes at `location`: "conv1+conv1/Relu".
static std::string profileName(Location location, StringRef kernel) {
  SmallVector<StringRef> names;
  location->walk([&](Location part) {
    if (auto name = dyn_cast<NameLoc>(part))
      if (!llvm::is_contained(names, name.getName().strref()))
        names.push_back(name.getName().strref());
    return WalkResult::advance();
  });
  if (names.empty())
    return kernel.str();
  // A long chain is named by its ends.
  if (names.size() > 3)
    return (names.front() + "+...+" + names.back()).str();
  return llvm::join(names, "+");
}

uint32_t HostExporter::addStep(fb::Step kind, Offset<void> step) {
  stepKinds.push_back(kind);
  steps.push_back(step);
  return steps.size() - 1;
}

void HostExporter::flushEval() {
  if (pendingCode.empty())
    return;
  addStep(
      fb::Step::EvalStep,
      fb::CreateEvalStep(fbb, fbb.CreateVectorOfStructs(pendingCode)).Union());
  pendingCode.clear();
}

void HostExporter::exportElements(FromElementsOp op) {
  placeResult(op, 0);
  fb::DType dtype = *toDType(op.getType().getElementType());
  std::vector<fb::Value> elements;
  for (Value element : op.getElements())
    elements.push_back(valueOf(element));
  flushEval();
  for (auto [number, element] : llvm::enumerate(elements)) {
    fb::BufferRef target = refer(op.getResult());
    fb::Value index = literal(number);
    addStep(fb::Step::StoreStep,
            fb::CreateStoreStep(fbb, &element, &target, dtype, &index).Union());
  }
}

/// How many parts the kernel's grid has over the first result.
fb::Value HostExporter::gridOf(CallKernelOp call, KernelOp kernel) {
  fb::Value grid = literal(1);
  auto parts = kernel->getAttrOfType<DenseI64ArrayAttr>("grid");
  if (!parts)
    return grid;
  for (auto [size, part] :
       llvm::zip_equal(sizesOf(call->getResult(0)), parts.asArrayRef())) {
    if (part == 0)
      continue;
    grid = multiply(grid, isLiteral(size)
                              ? literal(llvm::divideCeil(size.literal(), part))
                              : emit(fb::Opcode::CeilDiv, size, literal(part)));
  }
  return grid;
}

/// Nanoseconds of one core, by the elements of the first result.
fb::Value HostExporter::costOf(CallKernelOp call, KernelOp kernel) {
  fb::Value count = elementCount(call->getResult(0));
  int64_t costPer1024 = 1;
  if (auto attr = kernel->getAttrOfType<IntegerAttr>("cost"))
    costPer1024 = attr.getInt();
  if (isLiteral(count))
    return literal(count.literal() / 1024.0 * costPer1024);
  return emit(fb::Opcode::FloorDiv, multiply(count, literal(costPer1024)),
              literal(1024));
}

LogicalResult HostExporter::exportCall(CallKernelOp call) {
  auto kernel = module.lookupSymbol<KernelOp>(call.getKernel());
  for (unsigned number : llvm::seq(call.getNumResults()))
    placeResult(call, number);
  fb::Value grid = gridOf(call, kernel), cost = costOf(call, kernel);
  std::vector<fb::Value> sizes;
  for (Value operand : call.getSizes())
    sizes.push_back(valueOf(operand));
  flushEval();
  std::vector<fb::BufferRef> references;
  for (Value input : call.getInputs())
    references.push_back(refer(input));
  for (Value result : call.getResults())
    references.push_back(refer(result));
  auto [it, isNew] =
      kernelNumbers.try_emplace(call.getKernel(), program.kernels.size());
  if (isNew)
    program.kernels.push_back(kernel);
  addStep(fb::Step::CallStep,
          fb::CreateCallStep(
              fbb, it->second, fbb.CreateVectorOfStructs(references),
              fbb.CreateVectorOfStructs(sizes), &grid, &cost,
              fbb.CreateString(profileName(call.getLoc(), call.getKernel())))
              .Union());
  return success();
}

LogicalResult HostExporter::exportExtract(tensor::ExtractOp extract) {
  auto type = cast<RankedTensorType>(extract.getTensor().getType());
  FailureOr<fb::DType> dtype = toDType(type.getElementType());
  if (failed(dtype) || !type.getElementType().isSignlessInteger())
    return extract.emitError("only integers can decide a size"), failure();
  fb::Value position = literal(0);
  for (auto [size, index] :
       llvm::zip_equal(sizesOf(extract.getTensor()), extract.getIndices()))
    position = emit(fb::Opcode::Add, multiply(position, size), valueOf(index));
  flushEval();
  fb::BufferRef source = refer(extract.getTensor());
  fb::Value result = newVariable();
  addStep(fb::Step::LoadStep,
          fb::CreateLoadStep(fbb, result.reg(), &source, *dtype, &position)
              .Union());
  values[extract.getResult()] = result;
  return success();
}

void HostExporter::exportAssert(cf::AssertOp op) {
  fb::Value failed = emit(fb::Opcode::Eq, valueOf(op.getArg()), literal(0));
  flushEval();
  addStep(fb::Step::FailStep,
          fb::CreateFailStep(fbb, &failed, fbb.CreateString(op.getMsg().str()))
              .Union());
}

LogicalResult HostExporter::exportReturn(func::ReturnOp op) {
  for (OpOperand &operand : op->getOpOperands()) {
    Value value = operand.get();
    SmallVector<fb::Value> sizes = sizesOf(value);
    outputDims.emplace_back(sizes.begin(), sizes.end());
    Place place = placeOf(value);
    const BufferInfo &buffer = buffers[place.buffer];
    if (buffer.kind == fb::BufferKind::Output &&
        buffer.index == operand.getOperandNumber())
      continue;
    // An input, a constant, a value that is returned twice or that a loop has
    // carried.
    BufferInfo output{fb::BufferKind::Output, bytesOf(value)};
    output.index = operand.getOperandNumber();
    copy(value, {addBuffer(output)});
  }
  flushEval();
  return success();
}

LogicalResult HostExporter::exportOp(Operation &op) {
  bool isDead = op.use_empty() && isMemoryEffectFree(&op) &&
                !op.hasTrait<OpTrait::IsTerminator>();
  if (isDead || isa<ConstantOp, ReshapeOp, arith::ConstantOp, YieldOp>(op))
    return success();
  if (auto call = dyn_cast<CallKernelOp>(op))
    return exportCall(call);
  if (auto elements = dyn_cast<FromElementsOp>(op))
    return exportElements(elements), success();
  if (auto extract = dyn_cast<tensor::ExtractOp>(op))
    return exportExtract(extract);
  if (auto branch = dyn_cast<IfOp>(op))
    return exportIf(branch);
  if (auto loop = dyn_cast<LoopOp>(op))
    return exportLoop(loop);
  if (auto check = dyn_cast<cf::AssertOp>(op))
    return exportAssert(check), success();
  if (auto ret = dyn_cast<func::ReturnOp>(op))
    return exportReturn(ret);
  if (values.count(op.getResult(0)))
    return success();
  FailureOr<fb::Value> value = exportIndexOp(op);
  if (failed(value))
    return failure();
  values[op.getResult(0)] = *value;
  return success();
}

LogicalResult HostExporter::exportBlock(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(block))
    if (failed(exportOp(op)))
      return failure();
  return success();
}
