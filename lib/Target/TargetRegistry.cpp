//===- TargetRegistry.cpp - The targets by name ---------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Cpu/CpuTarget.h"
#include "llvm/Support/Error.h"

using namespace mlc;

llvm::Expected<std::unique_ptr<Target>>
mlc::createTarget(llvm::StringRef name) {
  if (std::unique_ptr<Target> cpu = cpu::create(name))
    return cpu;
  return llvm::createStringError("unknown target \"" + name +
                                 "\"; allowed: " + cpu::targetNames);
}
