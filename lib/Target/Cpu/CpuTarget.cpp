//===- CpuTarget.cpp - Code for CPUs --------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CpuTarget.h"
#include "CpuObject.h"
#include "mlc/Target/Cpu/Passes.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Affine/Transforms/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace mlc;

/// What AVX2 machines have in common; features are named as LLVM names them.
static Level v3() {
  return {"x86-64-v3", {"avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"},
          32,          16,
          100.0,       20.0};
}

static Level v4() {
  Level level = v3();
  level.name = "x86-64-v4";
  for (const char *feature :
       {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"})
    level.features.push_back(feature);
  level.vectorBytes = 64;
  level.registers = 32;
  level.flopsPerNs = 200.0;
  return level;
}

namespace {

class CpuTarget : public Target {
public:
  CpuTarget(std::vector<Level> levels, std::string tuning)
      : supported(std::move(levels)), tuning(std::move(tuning)) {}

  std::string name() const override {
    std::string name = supported.size() > 1 ? "x86-64" : supported.front().name;
    return tuning.empty() ? name : name + "," + tuning;
  }
  StringRef architecture() const override { return "x86-64"; }
  ArrayRef<Level> levels() const override { return supported; }

  ScheduleAttr selectSchedule(func::FuncOp function,
                              const Level &level) const override {
    return cpu::selectSchedule(function, level);
  }

  void buildDevicePasses(OpPassManager &pm) const override {
    pm.addPass(createCpuLowerEntry());
    pm.addPass(createCpuLowerVectors());
    pm.addPass(memref::createExpandStridedMetadataPass());
    pm.addPass(createLowerAffinePass());
    pm.addPass(createCanonicalizerPass());
    pm.addPass(createCSEPass());
    pm.addPass(createSCFToControlFlowPass());
    pm.addPass(arith::createArithExpandOpsPass());
    pm.addPass(createConvertMathToLLVMPass());
    pm.addPass(createConvertMathToLibmPass());
    pm.addPass(createConvertVectorToLLVMPass());
    pm.addPass(createFinalizeMemRefToLLVMConversionPass());
    pm.addPass(createConvertToLLVMPass());
    pm.addPass(createReconcileUnrealizedCastsPass());
  }

  FailureOr<SmallVector<char, 0>> emitObject(ModuleOp module,
                                             const Level &level,
                                             StringRef symbol) const override {
    return cpu::emitObject(module, level.name, tuning, symbol);
  }

  FailureOr<SmallVector<char, 0>> emitModule(llvm::Module &module,
                                             Location loc) const override {
    return cpu::emitModule(module, supported.front().name, loc);
  }

private:
  std::vector<Level> supported;
  std::string tuning;
};

} // namespace

std::unique_ptr<Target> cpu::create(StringRef name) {
  if (name == "x86-64")
    return std::make_unique<CpuTarget>(std::vector<Level>{v3(), v4()}, "");
  if (name == "x86-64-v3")
    return std::make_unique<CpuTarget>(std::vector<Level>{v3()}, "");
  if (name == "x86-64-v4")
    return std::make_unique<CpuTarget>(std::vector<Level>{v4()}, "");
  if (name != "cpu")
    return nullptr;
  // This machine: resolved here, once, so that nothing after depends on where
  // it is compiled.
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  bool hasAvx512 =
      llvm::all_of(ArrayRef<StringRef>{"avx512f", "avx512bw", "avx512cd",
                                       "avx512dq", "avx512vl"},
                   [&](StringRef feature) { return features.lookup(feature); });
  return std::make_unique<CpuTarget>(
      std::vector<Level>{hasAvx512 ? v4() : v3()},
      llvm::sys::getHostCPUName().str());
}
