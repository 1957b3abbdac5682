//===- Kernel.cpp - Kernels and their calls -------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Dialect/Mlc/IR/Mlc.h"

using namespace mlir;
using namespace mlc;

func::FuncOp KernelOp::getFunction() {
  for (ModuleOp module : getModules())
    for (auto function : module.getOps<func::FuncOp>())
      if (function.getName() == getName())
        return function;
  return nullptr;
}

LogicalResult
CallKernelOp::reifyResultShapes(OpBuilder &builder,
                                ReifiedRankedShapedTypeDims &shapes) {
  OperandRange dynamic = getResultSizes();
  for (Type type : getResultTypes()) {
    SmallVector<OpFoldResult> &sizes = shapes.emplace_back();
    for (int64_t size : cast<RankedTensorType>(type).getShape()) {
      if (!ShapedType::isDynamic(size)) {
        sizes.push_back(builder.getIndexAttr(size));
        continue;
      }
      sizes.push_back(dynamic.front());
      dynamic = dynamic.drop_front();
    }
  }
  return success();
}

LogicalResult CallKernelOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto kernel = symbols.lookupNearestSymbolFrom<KernelOp>(*this, getKernelAttr());
  if (!kernel) // C1
    return emitOpError() << "calls " << getKernelAttr() << ", which is not a kernel";
  func::FuncOp function = kernel.getFunction();
  if (!function) // Past `device` the function is code of the target.
    return success();
  size_t expected = getInputs().size() + getNumResults() + getSizes().size();
  if (function.getNumArguments() != expected) // C1
    return emitOpError() << "passes " << expected << " operands to "
                         << getKernelAttr() << ", which takes "
                         << function.getNumArguments();
  return success();
}

#define GET_OP_CLASSES
#include "mlc/Dialect/Mlc/IR/MlcKernel.cpp.inc"
