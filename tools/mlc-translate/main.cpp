//===- main.cpp - Translation between formats -----------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// mlc-translate --import-onnx FILE prints the model as a module of the mlc
// dialect; --check-onnx lists what keeps it from being imported; --onnx-ops,
// without a file, lists the ops that can be.
//
//===----------------------------------------------------------------------===//

#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlc/Import/Onnx/Importer.h"
#include "mlir/InitAllDialects.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/ToolOutputFile.h"

namespace cl = llvm::cl;
using llvm::StringRef;

static cl::opt<std::string> inputFile(cl::Positional, cl::desc("<model>"));
static cl::opt<std::string> outputFile("o", cl::desc("Where to write"),
                                       cl::value_desc("file"), cl::init("-"));
static cl::opt<bool> importOnnx("import-onnx",
                                cl::desc("Import an ONNX model"));
static cl::opt<bool> checkOnnx("check-onnx",
                               cl::desc("List what blocks an ONNX model"));
static cl::opt<bool> onnxOps("onnx-ops",
                             cl::desc("List the ops that can be imported"));
static cl::list<std::string> shapes("shape",
                                    cl::desc("Fix the shape of an input"),
                                    cl::value_desc("NAME=1x3x224x224"));
static cl::list<std::string> dims("dim",
                                  cl::desc("Fix or bound a dim of the model"),
                                  cl::value_desc("NAME=4|1..64"));
static cl::list<std::string>
    externalData("external-data",
                 cl::desc("A directory that files of weights may lie in"),
                 cl::value_desc("DIR"));
static cl::opt<bool> elide("elide",
                           cl::desc("Print large constants without values"));
static cl::opt<bool> locations("locations", cl::desc("Print locations"));

static bool parseShape(StringRef text, std::vector<int64_t> &shape) {
  llvm::SmallVector<StringRef> parts;
  if (!text.empty())
    text.split(parts, 'x');
  for (StringRef part : parts)
    if (part.getAsInteger(10, shape.emplace_back()))
      return false;
  return true;
}

static bool parseRange(StringRef text, mlc::Bounds &range) {
  auto [low, high] = text.split("..");
  bool isLiteral = !text.contains("..");
  return !low.getAsInteger(10, range.min) &&
         !(isLiteral ? low : high).getAsInteger(10, range.max);
}

static bool parseOptions(mlc::onnx::ImportOptions &options) {
  for (StringRef text : shapes) {
    auto [name, value] = text.rsplit('=');
    if (!parseShape(value, options.shapes[name.str()])) {
      llvm::errs() << "error: --shape \"" << text
                   << "\" is not of the form NAME=1x3x224x224\n";
      return false;
    }
  }
  for (StringRef text : dims) {
    auto [name, value] = text.rsplit('=');
    if (!parseRange(value, options.dims[name.str()])) {
      llvm::errs() << "error: --dim \"" << text
                   << "\" is not of the form NAME=4 or NAME=1..64\n";
      return false;
    }
  }
  options.externalDataDirectories = {externalData.begin(), externalData.end()};
  return true;
}

static int check(mlir::MLIRContext &context,
                 const mlc::onnx::ImportOptions &options) {
  std::vector<mlc::onnx::Problem> problems =
      mlc::onnx::checkOnnx(&context, inputFile, options);
  for (const mlc::onnx::Problem &problem : problems) {
    llvm::outs() << problem.message << "\n";
    if (!problem.remedy.empty())
      llvm::outs() << "  " << problem.remedy << "\n";
  }
  return problems.empty() ? 0 : 1;
}

/// One op per line, with the versions at which its conversion changes.
static void listOps() {
  for (const mlc::onnx::SupportedOp &entry : mlc::onnx::supportedOps()) {
    if (!entry.domain.empty())
      llvm::outs() << entry.domain << ".";
    llvm::outs() << entry.op;
    for (int64_t version : entry.versions)
      llvm::outs() << " " << version;
    llvm::outs() << "\n";
  }
}

int main(int argc, char **argv) {
  llvm::InitLLVM initialization(argc, argv);
  cl::SetVersionPrinter([](llvm::raw_ostream &os) {
    os << "mlc " MLC_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
  });
  cl::ParseCommandLineOptions(argc, argv,
                              "mlc-translate: formats into modules\n");
  mlc::onnx::ImportOptions options;
  if (!parseOptions(options))
    return 2;
  if (onnxOps) {
    listOps();
    return 0;
  }
  if (importOnnx == checkOnnx || inputFile.empty()) {
    llvm::errs() << "error: a model and one of --import-onnx and --check-onnx "
                    "are needed\n";
    return 2;
  }
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  registry.insert<mlc::MlcDialect>();
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  if (checkOnnx)
    return check(context, options);

  mlir::ScopedDiagnosticHandler handler(
      &context, [](mlir::Diagnostic &diagnostic) {
        llvm::errs() << "error: " << diagnostic << "\n";
        for (mlir::Diagnostic &note : diagnostic.getNotes())
          llvm::errs() << "note: " << note << "\n";
      });
  auto module = mlc::onnx::importOnnx(&context, inputFile, options);
  if (failed(module))
    return 1;
  std::string message;
  std::unique_ptr<llvm::ToolOutputFile> output =
      mlir::openOutputFile(outputFile, &message);
  if (!output) {
    llvm::errs() << "error: " << message << "\n";
    return 1;
  }
  mlir::OpPrintingFlags flags;
  if (elide)
    flags.elideLargeElementsAttrs(64).elideLargeResourceString(64);
  if (locations)
    flags.enableDebugInfo();
  (*module)->print(output->os(), flags);
  output->keep();
  return 0;
}
