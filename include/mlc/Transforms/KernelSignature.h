//===- KernelSignature.h - How a kernel's function takes its operands ---*- C++
//-*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tensors first, the destinations last among them, then one `index` per
// distinct dynamic size: see `mlc.kernel`.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TRANSFORMS_KERNELSIGNATURE_H
#define MLC_TRANSFORMS_KERNELSIGNATURE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlc {

/// The attribute of a tensor argument that lists, per dim, the position of its
/// size among the size operands, or -1 for a static dim.
inline constexpr llvm::StringLiteral sizesOfAttrName = "mlc.sizes_of";

/// The number of the first size operand; how many operands there are when there
/// is none.
inline unsigned firstSizeOperand(mlir::func::FuncOp function) {
  llvm::ArrayRef<mlir::Type> types = function.getArgumentTypes();
  unsigned first = types.size();
  while (first && types[first - 1].isIndex())
    --first;
  return first;
}

/// The argument that a result of the kernel is written to.
inline mlir::BlockArgument destinationOf(mlir::func::FuncOp function,
                                         unsigned result) {
  return function.getArgument(firstSizeOperand(function) -
                              function.getNumResults() + result);
}

/// The sizes of a tensor argument: literals and size operands, so that equal
/// sizes are the same value.
inline llvm::SmallVector<mlir::OpFoldResult>
sizesOfArgument(mlir::func::FuncOp function, mlir::BlockArgument argument) {
  auto type = mlir::cast<mlir::RankedTensorType>(argument.getType());
  auto positions = function.getArgAttrOfType<mlir::DenseI64ArrayAttr>(
      argument.getArgNumber(), sizesOfAttrName);
  auto index = mlir::IndexType::get(type.getContext());
  llvm::SmallVector<mlir::OpFoldResult> sizes;
  for (auto [axis, size] : llvm::enumerate(type.getShape())) {
    if (mlir::ShapedType::isDynamic(size))
      sizes.push_back(
          function.getArgument(firstSizeOperand(function) + positions[axis]));
    else
      sizes.push_back(mlir::IntegerAttr::get(index, size));
  }
  return sizes;
}

} // namespace mlc

#endif // MLC_TRANSFORMS_KERNELSIGNATURE_H
