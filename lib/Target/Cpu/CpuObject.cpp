//===- CpuObject.cpp - Objects for CPUs -----------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CpuObject.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Target/TargetOptions.h"

using namespace mlir;

static llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createMachine(StringRef level) {
  static const bool isInitialized = [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    return true;
  }();
  (void)isInitialized;
  llvm::Triple triple("x86_64-unknown-linux-gnu");
  std::string error;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return llvm::createStringError(error);
  llvm::TargetOptions options;
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, level, /*Features=*/"", options, llvm::Reloc::PIC_, std::nullopt,
      llvm::CodeGenOptLevel::Aggressive));
}

/// Kernels are vector code already: the scalar passes run, the loop and SLP
/// vectorisers and the unroller do not.
static void optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = false;
  tuning.SLPVectorization = false;
  tuning.LoopUnrolling = false;
  tuning.LoopInterleaving = false;
  llvm::LoopAnalysisManager lam;
  llvm::FunctionAnalysisManager fam;
  llvm::CGSCCAnalysisManager cgam;
  llvm::ModuleAnalysisManager mam;
  llvm::PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(mam);
  builder.registerCGSCCAnalyses(cgam);
  builder.registerFunctionAnalyses(fam);
  builder.registerLoopAnalyses(lam);
  builder.crossRegisterProxies(lam, fam, cgam, mam);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2)
      .run(module, mam);
}

static FailureOr<SmallVector<char, 0>>
emitWith(llvm::TargetMachine &machine, llvm::Module &module, Location loc) {
  SmallVector<char, 0> object;
  llvm::raw_svector_ostream stream(object);
  llvm::legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, stream, nullptr,
                                  llvm::CodeGenFileType::ObjectFile))
    return emitError(loc, "the target cannot emit objects"), failure();
  passes.run(module);
  return object;
}

FailureOr<SmallVector<char, 0>> mlc::cpu::emitObject(ModuleOp module,
                                                     StringRef level,
                                                     StringRef tuning,
                                                     StringRef symbol) {
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> llvmModule =
      translateModuleToLLVMIR(module, context, "kernel");
  if (!llvmModule)
    return module.emitError("cannot be translated to LLVM IR"), failure();
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> machine =
      createMachine(level);
  if (!machine)
    return module.emitError(llvm::toString(machine.takeError())), failure();
  llvmModule->setDataLayout((*machine)->createDataLayout());
  llvmModule->setTargetTriple((*machine)->getTargetTriple());
  for (llvm::Function &function : *llvmModule) {
    if (function.isDeclaration())
      continue;
    function.setName(symbol);
    function.setVisibility(llvm::GlobalValue::HiddenVisibility);
    function.addFnAttr(llvm::Attribute::NoUnwind);
    function.addFnAttr("prefer-vector-width", "512");
    function.addFnAttr("target-cpu", level);
    if (!tuning.empty())
      function.addFnAttr("tune-cpu", tuning);
  }
  optimize(*llvmModule, **machine);

  return emitWith(**machine, *llvmModule, module.getLoc());
}

FailureOr<SmallVector<char, 0>>
mlc::cpu::emitModule(llvm::Module &module, StringRef level, Location loc) {
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> machine =
      createMachine(level);
  if (!machine)
    return emitError(loc, llvm::toString(machine.takeError())), failure();
  module.setDataLayout((*machine)->createDataLayout());
  module.setTargetTriple((*machine)->getTargetTriple());
  return emitWith(**machine, module, loc);
}
