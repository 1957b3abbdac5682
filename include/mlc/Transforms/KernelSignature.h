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

} // namespace mlc

#endif // MLC_TRANSFORMS_KERNELSIGNATURE_H
