//===- main.cpp - The pass driver of mlc ----------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// mlc-opt runs passes and stages on textual IR, as mlir-opt does, and prints
// the op registry with --registry.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include "mlc/InitAll.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"

static llvm::cl::opt<bool>
    printRegistry("registry",
                  llvm::cl::desc("Print the ops of the mlc dialect as JSON"));

int main(int argc, char **argv) {
  llvm::InitLLVM initialization(argc, argv);
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::registerAllPasses();
  mlc::registerAllDialects(registry);
  mlc::registerAllPasses();

  llvm::cl::SetVersionPrinter([](llvm::raw_ostream &os) {
    os << "mlc " MLC_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
  });
  auto [input, output] = mlir::registerAndParseCLIOptions(
      argc, argv, "mlc-opt: runs mlc's passes and stages\n", registry);
  if (printRegistry) {
    mlc::printRegistry(llvm::outs());
    return 0;
  }
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, input, output, registry));
}
