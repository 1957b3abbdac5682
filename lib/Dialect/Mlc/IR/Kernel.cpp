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
      return function;
  return nullptr;
}

/// The results' types with `sizes` for their dynamic dims, in order.
static void inferFromTypes(TypeRange types, ValueRange sizes, ShapeEnv &env,
                           SmallVectorImpl<Inferred> &results) {
  for (Type type : types) {
    auto tensor = cast<RankedTensorType>(type);
    unsigned dynamic = tensor.getNumDynamicDims();
    results.push_back(
        {tensor.getElementType(),
         env.mixed(tensor.getShape(), sizes.take_front(dynamic))});
    sizes = sizes.drop_front(dynamic);
  }
}

LogicalResult GroupOp::inferShapes(ShapeEnv &env,
                                   SmallVectorImpl<Inferred> &results) {
  inferFromTypes(getResultTypes(), getSizes(), env, results);
  return success();
}

LogicalResult CallKernelOp::inferShapes(ShapeEnv &env,
                                        SmallVectorImpl<Inferred> &results) {
  inferFromTypes(getResultTypes(), getResultSizes(), env, results);
  return success();
}

LogicalResult CallKernelOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto kernel =
      symbols.lookupNearestSymbolFrom<KernelOp>(*this, getKernelAttr());
  if (!kernel) // C1
    return emitOpError() << "calls " << getKernelAttr()
                         << ", which is not a kernel";
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
