//===- HostProgram.cpp - The host function as metadata --------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostExporter.h"
#include "mlc/Runtime/Descriptor.h"

using namespace mlir;
using namespace mlc;
using flatbuffers::Offset;

FailureOr<fb::DType> mlc::toDType(Type type) {
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
    default:
      return failure();
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

//===----------------------------------------------------------------------===//
// Signature
//===----------------------------------------------------------------------===//

DictionaryAttr HostExporter::attrsOf(bool isInput, unsigned number) {
  return isInput ? function.getArgAttrDict(number)
                 : function.getResultAttrDict(number);
}

std::string HostExporter::nameOf(bool isInput, unsigned number) {
  DictionaryAttr attrs = attrsOf(isInput, number);
  if (auto name = attrs ? attrs.getAs<StringAttr>("mlc.name") : nullptr)
    return name.str();
  return (isInput ? "input" : "output") + std::to_string(number);
}

/// The first axis whose size is a symbol by itself binds it; the others are
/// computed and compared.
LogicalResult HostExporter::bindInputs() {
  auto table = module->getAttrOfType<SymbolsAttr>("mlc.symbols");
  for (BlockArgument argument : function.getArguments()) {
    auto type = cast<RankedTensorType>(argument.getType());
    for (int64_t axis : llvm::seq(type.getRank())) {
      if (!type.isDynamicDim(axis))
        continue;
      Expr size = shapes.size(argument, axis);
      std::string name = size.toString().str();
      if (!size.getSymbol() || exprValues.contains(name))
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
      exprValues[name] = reg(number);
      symbols.push_back(fb::CreateSymbolDirect(fbb, name.c_str(), number,
                                               argument.getArgNumber(), axis,
                                               min, max, multiple));
    }
  }
  return success();
}

Offset<flatbuffers::Vector<Offset<fb::TensorSpec>>>
HostExporter::exportSpecs(bool ofInputs) {
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
// Metadata
//===----------------------------------------------------------------------===//

Offset<fb::Program> HostExporter::exportProgram() {
  std::vector<Offset<fb::Buffer>> table;
  for (const BufferInfo &buffer : buffers)
    table.push_back(fb::CreateBuffer(fbb, buffer.kind, &buffer.size,
                                     buffer.offset, buffer.index,
                                     buffer.firstStep, buffer.lastStep));
  return fb::CreateProgram(fbb, numRegisters, fbb.CreateVector(symbols),
                           fbb.CreateVectorOfStructs(bindCode),
                           fbb.CreateVector(table), fbb.CreateVector(stepKinds),
                           fbb.CreateVector(steps), arenaSize);
}

std::vector<Offset<fb::Level>> HostExporter::exportLevels() {
  std::vector<Offset<fb::Level>> levels;
  for (const Level &level : target.levels()) {
    std::vector<Offset<flatbuffers::String>> features;
    for (const std::string &feature : level.features)
      features.push_back(fbb.CreateString(feature));
    levels.push_back(fb::CreateLevel(fbb, fbb.CreateString(level.name),
                                     fbb.CreateVector(features)));
  }
  return levels;
}

FailureOr<HostProgram> HostExporter::run(const MetadataHeader &header) {
  if (failed(bindInputs()))
    return failure();
  // Every input has a buffer, so that its size is checked even when nothing
  // reads it.
  for (BlockArgument argument : function.getArguments())
    placeOf(argument);
  if (failed(exportBlock(function.getBody().front())))
    return failure();
  if (failed(layOutArena()))
    return failure();

  auto inputs = exportSpecs(true), outputs = exportSpecs(false);
  Offset<fb::Program> programTable = exportProgram();
  std::vector<Offset<fb::Level>> levels = exportLevels();
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
  return HostExporter(module, *functions.begin(), target).run(header);
}
