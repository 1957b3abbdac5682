//===- main.cpp - The reference interpreter as a program ------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// mlc-interpret runs @main of an .mlir file, or an .onnx model, on .npy files
// and writes its results as 0.npy, 1.npy, ...
//
//===----------------------------------------------------------------------===//

#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlc/Import/Onnx/Importer.h"
#include "mlc/Interpreter/Interpreter.h"
#include "mlc/Interpreter/Npy.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>
#include <random>

using namespace mlir;
using namespace mlc::interpreter;
namespace cl = llvm::cl;

static cl::opt<std::string> file(cl::Positional, cl::Required,
                                 cl::desc("FILE.mlir|FILE.onnx"));
static cl::list<std::string>
    inputs("input", cl::desc("One .npy file per argument of @main"));
static cl::opt<std::string> output("output", cl::desc("Folder of the results"));
static cl::opt<bool> widened("widened",
                             cl::desc("Evaluate every float in f64"));
static cl::opt<uint64_t>
    seed("random",
         cl::desc("Draw all inputs from this seed; dynamic sizes are 1"));

/// Floats in [-1, 1), integers in [0, 4), which index and divide without
/// surprises.
static FailureOr<Tensor> draw(RankedTensorType type, std::mt19937_64 &random) {
  SmallVector<int64_t> shape(type.getShape());
  for (int64_t &size : shape)
    size = ShapedType::isDynamic(size) ? 1 : size;
  FailureOr<Tensor> result = Tensor::allocate(type.getElementType(), shape);
  if (failed(result))
    return failure();
  bool isFloat = isa<FloatType>(type.getElementType());
  char *to = result->mutableData();
  unsigned size = elementSize(type.getElementType());
  for (int64_t i = 0, e = result->count(); i < e; ++i, to += size) {
    uint64_t bits = random() >> 40;
    uint64_t value = type.getElementType().isInteger(1) ? bits & 1 : bits & 3;
    if (isFloat) {
      llvm::APFloat number(std::ldexp(double(bits), -23) - 1);
      bool inexact;
      number.convert(cast<FloatType>(type.getElementType()).getFloatSemantics(),
                     llvm::APFloat::rmNearestTiesToEven, &inexact);
      value = number.bitcastToAPInt().getZExtValue();
    }
    std::memcpy(to, &value, size);
  }
  return result;
}

static FailureOr<SmallVector<Tensor>> readInputs(func::FuncOp function) {
  SmallVector<Tensor> tensors;
  std::mt19937_64 random(seed);
  if (!seed.getNumOccurrences() && inputs.size() != function.getNumArguments())
    return function.emitError() << "expected " << function.getNumArguments()
                                << " inputs, found " << inputs.size();
  for (auto [number, argument] : llvm::enumerate(function.getArgumentTypes())) {
    auto type = dyn_cast<RankedTensorType>(argument);
    if (!type)
      return function.emitError() << "input " << number << " is '" << argument
                                  << "', expected a tensor";
    if (seed.getNumOccurrences()) {
      FailureOr<Tensor> drawn = draw(type, random);
      if (failed(drawn))
        return function.emitError("an input does not fit into memory");
      tensors.push_back(*drawn);
      continue;
    }
    llvm::Expected<Tensor> tensor =
        readNpy(inputs[number], type.getElementType());
    if (!tensor)
      return function.emitError(llvm::toString(tensor.takeError()));
    tensors.push_back(*tensor);
  }
  return tensors;
}

static LogicalResult writeOutputs(func::FuncOp function,
                                  ArrayRef<Tensor> results) {
  if (std::error_code error = llvm::sys::fs::create_directories(output))
    return function.emitError() << "'" << output << "': " << error.message();
  for (auto [number, result] : llvm::enumerate(results)) {
    SmallString<128> path(output);
    llvm::sys::path::append(path, Twine(number) + ".npy");
    if (llvm::Error error = writeNpy(path, result))
      return function.emitError(llvm::toString(std::move(error)));
  }
  return success();
}

static LogicalResult run(ModuleOp module) {
  auto function = module.lookupSymbol<func::FuncOp>("main");
  if (!function)
    return module.emitError("there is no function 'main'");
  FailureOr<SmallVector<Tensor>> tensors = readInputs(function);
  if (failed(tensors))
    return failure();
  Options options;
  options.widened = widened;
  FailureOr<SmallVector<Tensor>> results =
      interpret(function, *tensors, options);
  if (failed(results))
    return failure();
  return output.empty() ? success() : writeOutputs(function, *results);
}

/// The module in `file`; `sources` keeps the text that errors quote.
static OwningOpRef<ModuleOp>
readModule(MLIRContext &context, std::shared_ptr<llvm::SourceMgr> sources) {
  if (StringRef(file).ends_with(".onnx")) {
    FailureOr<OwningOpRef<ModuleOp>> module =
        mlc::onnx::importOnnx(&context, file);
    return succeeded(module) ? std::move(*module) : nullptr;
  }
  std::string error;
  auto buffer = openInputFile(file, &error);
  if (!buffer) {
    llvm::errs() << "error: " << error << "\n";
    return nullptr;
  }
  sources->AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  return parseSourceFile<ModuleOp>(sources, &context);
}

int main(int argc, char **argv) {
  llvm::InitLLVM initialization(argc, argv);
  cl::ParseCommandLineOptions(argc, argv,
                              "mlc-interpret: the reference interpreter\n");
  DialectRegistry registry;
  registry.insert<mlc::MlcDialect, func::FuncDialect, arith::ArithDialect,
                  tensor::TensorDialect, cf::ControlFlowDialect>();
  MLIRContext context(registry);
  auto sources = std::make_shared<llvm::SourceMgr>();
  SourceMgrDiagnosticHandler handler(*sources, &context);
  OwningOpRef<ModuleOp> module = readModule(context, sources);
  return module && succeeded(run(*module)) ? 0 : 1;
}
