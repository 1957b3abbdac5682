//===- HostProgram.cpp - The host function as metadata --------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostProgram.h"
#include "mlc/Analysis/SymbolicShapes.h"
#include "mlc/Runtime/Descriptor.h"
#include "mlc/Transforms/Buffers.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlc;
using flatbuffers::Offset;

static constexpr int64_t weightAlignment = 64;

static FailureOr<fb::DType> toDType(Type type) {
  if (auto integer = dyn_cast<IntegerType>(type)) {
    bool isUnsigned = integer.isUnsigned();
    switch (integer.getWidth()) {
    case 1:
      return fb::DType::I1;
    case 8:
      return isUnsigned ? fb::DType::U8 : fb::DType::I8;
    case 16:
      return isUnsigned ? fb::DType::U16 : fb::DType::I16;
    case 32:
      return isUnsigned ? fb::DType::U32 : fb::DType::I32;
    case 64:
      return isUnsigned ? fb::DType::U64 : fb::DType::I64;
    }
  }
  if (type.isF16())
    return fb::DType::F16;
  if (type.isBF16())
    return fb::DType::BF16;
  if (type.isF32())
    return fb::DType::F32;
  if (type.isF64())
    return fb::DType::F64;
  return failure();
}

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

namespace {

struct BufferInfo {
  fb::BufferKind kind;
  fb::Value size;
  int64_t offset = 0;
  uint32_t index = 0, firstStep = UINT32_MAX, lastStep = 0;
};

class Exporter {
public:
  Exporter(ModuleOp module, func::FuncOp function, const Target &target)
      : module(module), function(function), target(target), shapes(function) {}

  FailureOr<HostProgram> run(const MetadataHeader &header);

private:
  // Registers. Early code runs before the inputs are checked and holds all that
  // follows from their shapes.
  fb::Value literal(int64_t value) { return fb::Value(value, -1); }
  fb::Value reg(uint32_t number) {
    return fb::Value(0, static_cast<int32_t>(number));
  }
  bool isEarly(fb::Value value) {
    return value.reg() < 0 || early.contains(value.reg());
  }
  fb::Value emit(fb::Opcode op, fb::Value a, fb::Value b,
                 std::optional<fb::Value> c = std::nullopt);
  uint32_t toRegister(fb::Value value, bool isEarly);
  fb::Value valueOf(Value index);
  FailureOr<fb::Value> exportIndexOp(Operation &op);
  fb::Value exportExpr(const Expr &expr);
  fb::Value sizeOf(Value tensor, unsigned axis);

  LogicalResult bindInputs();
  fb::Value elementCount(Value tensor, ValueRange dynamicSizes);
  fb::BufferRef refer(Value tensor);
  uint32_t addBuffer(const BufferInfo &buffer);
  uint32_t bufferOf(Value tensor);

  LogicalResult exportOp(Operation &op);
  LogicalResult exportCall(CallKernelOp call);
  void exportElements(FromElementsOp op);
  fb::Value addResultBuffer(Operation *op, ValueRange dynamicSizes);
  LogicalResult exportExtract(tensor::ExtractOp extract);
  LogicalResult exportReturn(func::ReturnOp op);
  void flushEval();
  void addStep(fb::Step kind, Offset<void> step);
  void addBarrier();

  Offset<flatbuffers::Vector<Offset<fb::TensorSpec>>>
  exportSpecs(bool ofInputs);
  std::string nameOf(bool isInput, unsigned number);
  DictionaryAttr attrsOf(bool isInput, unsigned number);

  ModuleOp module;
  func::FuncOp function;
  const Target &target;
  SymbolicShapes shapes;
  flatbuffers::FlatBufferBuilder fbb;
  uint32_t numRegisters = 0;
  DenseSet<int32_t> early;
  std::vector<fb::Instr> bindCode, pendingCode;
  llvm::StringMap<fb::Value> symbolRegisters;
  DenseMap<Value, fb::Value> values;
  std::vector<Offset<fb::Symbol>> symbols;
  std::vector<BufferInfo> buffers;
  DenseMap<Value, uint32_t> bufferNumbers;
  DenseMap<std::pair<Attribute, Attribute>, uint32_t> weightNumbers;
  std::vector<std::vector<fb::Value>> outputDims;
  std::vector<fb::Step> stepKinds;
  std::vector<Offset<void>> steps;
  llvm::StringMap<uint32_t> kernelNumbers;
  HostProgram program;
};

} // namespace

//===----------------------------------------------------------------------===//
// Registers
//===----------------------------------------------------------------------===//

fb::Value Exporter::emit(fb::Opcode op, fb::Value a, fb::Value b,
                         std::optional<fb::Value> c) {
  bool isEarlyCode = isEarly(a) && isEarly(b) && (!c || isEarly(*c));
  uint32_t x = toRegister(a, isEarlyCode), y = toRegister(b, isEarlyCode),
           z = c ? toRegister(*c, isEarlyCode) : 0;
  uint32_t dst = numRegisters++;
  (isEarlyCode ? bindCode : pendingCode).emplace_back(op, dst, x, y, z, 0);
  if (isEarlyCode)
    early.insert(dst);
  return reg(dst);
}

uint32_t Exporter::toRegister(fb::Value value, bool isEarlyCode) {
  if (value.reg() >= 0)
    return value.reg();
  // Zero is also what an instruction without that operand names.
  uint32_t dst = numRegisters++;
  (isEarlyCode ? bindCode : pendingCode)
      .emplace_back(fb::Opcode::Const, dst, 0, 0, 0, value.literal());
  if (isEarlyCode)
    early.insert(dst);
  return dst;
}

fb::Value Exporter::valueOf(Value index) {
  APInt constant;
  if (matchPattern(index, m_ConstantInt(&constant)))
    return literal(constant.getSExtValue());
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

FailureOr<fb::Value> Exporter::exportIndexOp(Operation &op) {
  if (std::optional<fb::Opcode> opcode = opcodeOf(op))
    return emit(*opcode, valueOf(op.getOperand(0)), valueOf(op.getOperand(1)));
  if (isa<arith::IndexCastOp, arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp,
          arith::IndexCastUIOp>(op))
    return valueOf(op.getOperand(0));
  if (auto select = dyn_cast<arith::SelectOp>(op))
    return emit(fb::Opcode::Select, valueOf(select.getCondition()),
                valueOf(select.getTrueValue()),
                valueOf(select.getFalseValue()));
  if (auto compare = dyn_cast<arith::CmpIOp>(op)) {
    fb::Value x = valueOf(compare.getLhs()), y = valueOf(compare.getRhs());
    switch (compare.getPredicate()) {
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
  }
  if (auto dim = dyn_cast<tensor::DimOp>(op))
    return sizeOf(dim.getSource(), *dim.getConstantIndex());
  return op.emitError("cannot be computed by the host program"), failure();
}

/// Expressions over symbols are computed once each, by their text.
fb::Value Exporter::exportExpr(const Expr &expr) {
  std::string text = expr.toString().str();
  if (auto it = symbolRegisters.find(text); it != symbolRegisters.end())
    return it->second;
  // The arithmetic is emitted as ops before the terminator, exported, and
  // erased again.
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
  symbolRegisters[text] = result;
  return result;
}

/// A size of a value of the host program: of an input it follows from the
/// symbols, of everything else it was computed before.
fb::Value Exporter::sizeOf(Value tensor, unsigned axis) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!type.isDynamicDim(axis))
    return literal(type.getDimSize(axis));
  if (isa<BlockArgument>(tensor))
    return exportExpr(shapes.size(tensor, axis));
  unsigned position =
      llvm::count_if(type.getShape().take_front(axis), ShapedType::isDynamic);
  if (auto reshape = tensor.getDefiningOp<ReshapeOp>())
    return valueOf(reshape.getSizes()[position]);
  return valueOf(
      cast<CallKernelOp>(tensor.getDefiningOp()).getResultSizes()[position]);
}

//===----------------------------------------------------------------------===//
// Signature
//===----------------------------------------------------------------------===//

DictionaryAttr Exporter::attrsOf(bool isInput, unsigned number) {
  return isInput ? function.getArgAttrDict(number)
                 : function.getResultAttrDict(number);
}

std::string Exporter::nameOf(bool isInput, unsigned number) {
  DictionaryAttr attrs = attrsOf(isInput, number);
  if (auto name = attrs ? attrs.getAs<StringAttr>("mlc.name") : nullptr)
    return name.str();
  return (isInput ? "input" : "output") + std::to_string(number);
}

/// The first axis whose size is a symbol by itself binds it; the others are
/// computed and compared.
LogicalResult Exporter::bindInputs() {
  auto table = module->getAttrOfType<SymbolsAttr>("mlc.symbols");
  for (BlockArgument argument : function.getArguments()) {
    auto type = cast<RankedTensorType>(argument.getType());
    for (int64_t axis : llvm::seq(type.getRank())) {
      if (!type.isDynamicDim(axis))
        continue;
      Expr size = shapes.size(argument, axis);
      std::string name = size.toString().str();
      if (!size.getSymbol() || symbolRegisters.contains(name))
        continue;
      int64_t min = 0, max = INT64_MAX, multiple = 1;
      if (table)
        for (SymbolAttr symbol : table.getSymbols())
          if (symbol.getName() == name) {
            min = symbol.getMin();
            max = symbol.getMax();
            multiple = symbol.getMultiple();
          }
      uint32_t number = numRegisters++;
      early.insert(number);
      symbolRegisters[name] = reg(number);
      symbols.push_back(fb::CreateSymbolDirect(fbb, name.c_str(), number,
                                               argument.getArgNumber(), axis,
                                               min, max, multiple));
    }
  }
  return success();
}

Offset<flatbuffers::Vector<Offset<fb::TensorSpec>>>
Exporter::exportSpecs(bool ofInputs) {
  std::vector<Offset<fb::TensorSpec>> specs;
  TypeRange types =
      ofInputs ? function.getArgumentTypes() : function.getResultTypes();
  for (auto [number, type] : llvm::enumerate(types)) {
    auto tensor = cast<RankedTensorType>(type);
    DictionaryAttr attrs = attrsOf(ofInputs, number);
    auto names = attrs ? attrs.getAs<DimsAttr>("mlc.dims") : nullptr;
    std::vector<fb::Value> dims;
    std::vector<std::string> texts;
    for (int64_t axis : llvm::seq(tensor.getRank())) {
      if (!tensor.isDynamicDim(axis)) {
        dims.push_back(literal(tensor.getDimSize(axis)));
        texts.push_back(std::to_string(tensor.getDimSize(axis)));
        continue;
      }
      dims.push_back(
          ofInputs ? exportExpr(shapes.size(function.getArgument(number), axis))
                   : outputDims[number][axis]);
      texts.push_back(names ? names.getDims()[axis].str() : "?");
    }
    std::vector<Offset<flatbuffers::String>> strings;
    for (const std::string &text : texts)
      strings.push_back(fbb.CreateString(text));
    specs.push_back(fb::CreateTensorSpec(
        fbb, fbb.CreateString(nameOf(ofInputs, number)),
        *toDType(tensor.getElementType()), fbb.CreateVectorOfStructs(dims),
        fbb.CreateVector(strings)));
  }
  return fbb.CreateVector(specs);
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

fb::Value Exporter::elementCount(Value tensor, ValueRange dynamicSizes) {
  fb::Value count = literal(1);
  for (int64_t size : cast<RankedTensorType>(tensor.getType()).getShape()) {
    fb::Value factor = literal(size);
    if (ShapedType::isDynamic(size)) {
      factor = valueOf(dynamicSizes.front());
      dynamicSizes = dynamicSizes.drop_front();
    }
    if (factor.reg() < 0 && count.reg() < 0)
      count = literal(factor.literal() * count.literal());
    else if (!(factor.reg() < 0 && factor.literal() == 1))
      count = count.reg() < 0 && count.literal() == 1
                  ? factor
                  : emit(fb::Opcode::Mul, count, factor);
  }
  return count;
}

uint32_t Exporter::addBuffer(const BufferInfo &buffer) {
  buffers.push_back(buffer);
  return buffers.size() - 1;
}

uint32_t Exporter::bufferOf(Value tensor) {
  Value root = bufferRoot(tensor);
  if (auto it = bufferNumbers.find(root); it != bufferNumbers.end())
    return it->second;
  int64_t bytes = elementBytes(root.getType());
  if (auto constant = root.getDefiningOp<ConstantOp>()) {
    auto [it, isNew] = weightNumbers.try_emplace(
        {constant.getValue(), constant.getPackAttr()}, buffers.size());
    if (isNew) {
      int64_t size = constant.getType().getNumElements() * bytes;
      program.weights.push_back({constant, program.weightsSize, size});
      addBuffer({fb::BufferKind::Weight, literal(size), program.weightsSize});
      program.weightsSize =
          llvm::alignTo(program.weightsSize + size, weightAlignment);
    }
    return bufferNumbers[root] = it->second;
  }
  auto argument = cast<BlockArgument>(root);
  fb::Value count = literal(1);
  for (unsigned axis = 0;
       axis < cast<RankedTensorType>(root.getType()).getRank(); ++axis) {
    fb::Value size = sizeOf(argument, axis);
    count = count.reg() < 0 && size.reg() < 0
                ? literal(count.literal() * size.literal())
                : emit(fb::Opcode::Mul, count, size);
  }
  fb::Value size = count.reg() < 0 ? literal(count.literal() * bytes)
                   : bytes == 1 ? count
                                : emit(fb::Opcode::Mul, count, literal(bytes));
  return bufferNumbers[root] = addBuffer(
             {fb::BufferKind::Input, size, 0, argument.getArgNumber()});
}

fb::BufferRef Exporter::refer(Value tensor) {
  uint32_t number = bufferOf(tensor);
  BufferInfo &buffer = buffers[number];
  buffer.firstStep = std::min<uint32_t>(buffer.firstStep, steps.size());
  buffer.lastStep = std::max<uint32_t>(buffer.lastStep, steps.size());
  return fb::BufferRef(number, literal(0));
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

void Exporter::addStep(fb::Step kind, Offset<void> step) {
  stepKinds.push_back(kind);
  steps.push_back(step);
}

void Exporter::flushEval() {
  if (pendingCode.empty())
    return;
  addStep(
      fb::Step::EvalStep,
      fb::CreateEvalStep(fbb, fbb.CreateVectorOfStructs(pendingCode)).Union());
  pendingCode.clear();
}

void Exporter::addBarrier() {
  addStep(fb::Step::BarrierStep, fb::CreateBarrierStep(fbb).Union());
}

/// The buffer that PlanBuffers has chosen for the result of `op`; yields the
/// number of elements.
fb::Value Exporter::addResultBuffer(Operation *op, ValueRange dynamicSizes) {
  Value result = op->getResult(0);
  fb::Value count = elementCount(result, dynamicSizes);
  int64_t bytes = elementBytes(result.getType());
  fb::Value size = count.reg() < 0 ? literal(count.literal() * bytes)
                   : bytes == 1 ? count
                                : emit(fb::Opcode::Mul, count, literal(bytes));
  auto place = op->getAttrOfType<BufferAttr>(bufferAttrName);
  bool isOutput = place.getKind() == mlc::BufferKind::Output;
  bufferNumbers[result] =
      addBuffer({isOutput ? fb::BufferKind::Output : fb::BufferKind::Arena,
                 size, std::max<int64_t>(place.getOffset(), 0),
                 static_cast<uint32_t>(isOutput ? place.getNumber() : 0)});
  return count;
}

void Exporter::exportElements(FromElementsOp op) {
  addResultBuffer(op, {});
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
  addBarrier();
}

LogicalResult Exporter::exportCall(CallKernelOp call) {
  auto kernel = module.lookupSymbol<KernelOp>(call.getKernel());
  Value result = call->getResult(0);
  fb::Value count = addResultBuffer(call, call.getResultSizes());

  fb::Value grid = literal(1);
  if (auto parts = kernel->getAttrOfType<DenseI64ArrayAttr>("grid")) {
    OperandRange dynamic = call.getResultSizes();
    for (auto [extent, part] :
         llvm::zip_equal(cast<RankedTensorType>(result.getType()).getShape(),
                         parts.asArrayRef())) {
      fb::Value axis = literal(extent);
      if (ShapedType::isDynamic(extent)) {
        axis = valueOf(dynamic.front());
        dynamic = dynamic.drop_front();
      }
      if (part == 0)
        continue;
      fb::Value number = axis.reg() < 0
                             ? literal(llvm::divideCeil(axis.literal(), part))
                             : emit(fb::Opcode::CeilDiv, axis, literal(part));
      grid = grid.reg() < 0 && number.reg() < 0
                 ? literal(grid.literal() * number.literal())
                 : emit(fb::Opcode::Mul, grid, number);
    }
  }
  int64_t costPer1024 = 1;
  if (auto attr = kernel->getAttrOfType<IntegerAttr>("cost"))
    costPer1024 = attr.getInt();
  fb::Value cost =
      count.reg() < 0 ? literal(count.literal() / 1024.0 * costPer1024)
                      : emit(fb::Opcode::FloorDiv,
                             emit(fb::Opcode::Mul, count, literal(costPer1024)),
                             literal(1024));

  std::vector<fb::Value> sizes;
  for (Value operand : call.getSizes())
    sizes.push_back(valueOf(operand));
  flushEval();
  std::vector<fb::BufferRef> references;
  for (Value input : call.getInputs())
    references.push_back(refer(input));
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
  addBarrier();
  return success();
}

LogicalResult Exporter::exportExtract(tensor::ExtractOp extract) {
  auto type = cast<RankedTensorType>(extract.getTensor().getType());
  FailureOr<fb::DType> dtype = toDType(type.getElementType());
  if (failed(dtype) || !type.getElementType().isSignlessInteger())
    return extract.emitError("only integers can decide a size"), failure();
  fb::Value position = literal(0);
  for (auto [axis, index] : llvm::enumerate(extract.getIndices())) {
    fb::Value extent = sizeOf(extract.getTensor(), axis);
    position = emit(fb::Opcode::Add, emit(fb::Opcode::Mul, position, extent),
                    valueOf(index));
  }
  flushEval();
  fb::BufferRef source = refer(extract.getTensor());
  uint32_t dst = numRegisters++;
  addStep(fb::Step::LoadStep,
          fb::CreateLoadStep(fbb, dst, &source, *dtype, &position).Union());
  values[extract.getResult()] = reg(dst);
  return success();
}

LogicalResult Exporter::exportReturn(func::ReturnOp op) {
  flushEval();
  for (OpOperand &operand : op->getOpOperands()) {
    Value value = operand.get();
    auto type = cast<RankedTensorType>(value.getType());
    std::vector<fb::Value> dims;
    for (int64_t axis : llvm::seq(type.getRank()))
      dims.push_back(sizeOf(value, axis));
    outputDims.push_back(dims);
    uint32_t number = bufferOf(value);
    if (buffers[number].kind == fb::BufferKind::Output &&
        buffers[number].index == operand.getOperandNumber())
      continue;
    // An input, a constant, or a value that is returned twice.
    fb::Value bytes = buffers[number].size;
    uint32_t output = addBuffer(
        {fb::BufferKind::Output, bytes, 0, operand.getOperandNumber()});
    fb::BufferRef source = refer(value), sink(output, literal(0));
    buffers[output].firstStep = buffers[output].lastStep = steps.size();
    addStep(fb::Step::CopyStep,
            fb::CreateCopyStep(fbb, &source, &sink, &bytes).Union());
  }
  return success();
}

LogicalResult Exporter::exportOp(Operation &op) {
  bool isDead =
      op.use_empty() && isMemoryEffectFree(&op) && !isa<func::ReturnOp>(op);
  if (isDead || isa<ConstantOp, ReshapeOp, arith::ConstantOp>(op))
    return success();
  if (auto call = dyn_cast<CallKernelOp>(op))
    return exportCall(call);
  if (auto elements = dyn_cast<FromElementsOp>(op))
    return exportElements(elements), success();
  if (auto extract = dyn_cast<tensor::ExtractOp>(op))
    return exportExtract(extract);
  if (auto ret = dyn_cast<func::ReturnOp>(op))
    return exportReturn(ret);
  if (auto check = dyn_cast<cf::AssertOp>(op)) {
    fb::Value failed =
        emit(fb::Opcode::Eq, valueOf(check.getArg()), literal(0));
    flushEval();
    addStep(
        fb::Step::FailStep,
        fb::CreateFailStep(fbb, &failed, fbb.CreateString(check.getMsg().str()))
            .Union());
    return success();
  }
  if (values.count(op.getResult(0)))
    return success();
  FailureOr<fb::Value> value = exportIndexOp(op);
  if (failed(value))
    return failure();
  values[op.getResult(0)] = *value;
  return success();
}

FailureOr<HostProgram> Exporter::run(const MetadataHeader &header) {
  if (failed(bindInputs()))
    return failure();
  // Every input has a buffer, so that its size is checked even when nothing
  // reads it.
  for (BlockArgument argument : function.getArguments())
    bufferOf(argument);
  for (Operation &op : llvm::make_early_inc_range(function.getBody().front()))
    if (failed(exportOp(op)))
      return failure();
  if (steps.empty())
    addBarrier();

  int64_t arenaSize = 0;
  std::vector<Offset<fb::Buffer>> bufferTable;
  for (BufferInfo &buffer : buffers) {
    if (buffer.firstStep == UINT32_MAX)
      buffer.firstStep = 0;
    if (buffer.kind == fb::BufferKind::Arena) {
      if (buffer.size.reg() >= 0)
        arenaSize = -1;
      else if (arenaSize >= 0)
        arenaSize = std::max<int64_t>(
            arenaSize,
            llvm::alignTo(buffer.offset + buffer.size.literal(), 64));
    }
    bufferTable.push_back(fb::CreateBuffer(fbb, buffer.kind, &buffer.size,
                                           buffer.offset, buffer.index,
                                           buffer.firstStep, buffer.lastStep));
  }
  auto inputs = exportSpecs(true), outputs = exportSpecs(false);
  auto programTable = fb::CreateProgram(
      fbb, numRegisters, fbb.CreateVector(symbols),
      fbb.CreateVectorOfStructs(bindCode), fbb.CreateVector(bufferTable),
      fbb.CreateVector(stepKinds), fbb.CreateVector(steps), arenaSize);
  std::vector<Offset<fb::Level>> levels;
  for (const Level &level : target.levels()) {
    std::vector<Offset<flatbuffers::String>> features;
    for (const std::string &feature : level.features)
      features.push_back(fbb.CreateString(feature));
    levels.push_back(fb::CreateLevel(fbb, fbb.CreateString(level.name),
                                     fbb.CreateVector(features)));
  }
  std::vector<Offset<fb::Kernel>> kernels;
  for (KernelOp kernel : program.kernels)
    kernels.push_back(fb::CreateKernelDirect(
        fbb, kernel.getSymName().str().c_str(),
        kernel->getAttrOfType<StringAttr>("key").str().c_str()));
  std::vector<uint8_t> noHash(32);
  std::string peak = arenaSize >= 0 ? std::to_string(arenaSize) : "";
  auto text = [&](const std::string &value) { return fbb.CreateString(value); };
  auto metadata = fb::CreateMetadata(
      fbb, MLC_FORMAT_VERSION, text(header.compilerVersion),
      text(target.architecture().str()), text(header.target),
      text(header.options), text(header.modelName), text(header.modelHash),
      inputs, outputs, fbb.CreateVector(levels), fbb.CreateVector(kernels),
      programTable, text(peak), program.weightsSize, fbb.CreateVector(noHash),
      fbb.CreateVector(noHash));
  fb::FinishMetadataBuffer(fbb, metadata);
  program.metadata = fbb.Release();
  return std::move(program);
}

FailureOr<HostProgram> mlc::exportHostProgram(ModuleOp module,
                                              const Target &target,
                                              const MetadataHeader &header) {
  auto functions = module.getOps<func::FuncOp>();
  if (!llvm::hasSingleElement(functions))
    return module.emitError("expected one function, the entry point"),
           failure();
  return Exporter(module, *functions.begin(), target).run(header);
}
