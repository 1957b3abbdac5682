//===- FoldSizes.cpp - Replace the sizes of arguments by size operands ----===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Transforms/KernelSignature.h"
#include "mlc/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlc {
#define GEN_PASS_DEF_KERNELFOLDSIZES
#include "mlc/Transforms/Passes.h.inc"
} // namespace mlc

using namespace mlir;
using namespace mlc;

namespace {

struct KernelFoldSizes : mlc::impl::KernelFoldSizesBase<KernelFoldSizes> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    unsigned firstIndex = firstSizeOperand(function);
    function.walk([&](tensor::DimOp dim) {
      auto argument = dyn_cast<BlockArgument>(dim.getSource());
      std::optional<int64_t> axis = dim.getConstantIndex();
      if (!argument || argument.getOwner() != &function.getBody().front() ||
          !axis)
        return;
      auto positions = function.getArgAttrOfType<DenseI64ArrayAttr>(
          argument.getArgNumber(), sizesOfAttrName);
      if (!positions || positions[*axis] < 0)
        return;
      dim.replaceAllUsesWith(
          function.getArgument(firstIndex + positions[*axis]));
      dim.erase();
    });
  }
};

} // namespace
