//===- Mlc.h - The mlc dialect ----------------------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_DIALECT_MLC_IR_MLC_H
#define MLC_DIALECT_MLC_IR_MLC_H

#include "mlc/Dialect/Mlc/IR/Scalar.h"
#include "mlc/Dialect/Mlc/IR/Shape.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Support/DebugStringHelper.h"

namespace mlc {

/// Computes every element of its results from the elements at the same place of
/// its operands.
template <class Op>
class IsElementwise : public mlir::OpTrait::TraitBase<Op, IsElementwise> {};

inline bool isElementwise(mlir::Operation *op) {
  return op->hasTrait<IsElementwise>();
}

} // namespace mlc

#include "mlc/Dialect/Mlc/IR/MlcDialect.h.inc"
#include "mlc/Dialect/Mlc/IR/MlcEnums.h.inc"
#include "mlc/Dialect/Mlc/IR/MlcInterfaces.h.inc"

#define GET_ATTRDEF_CLASSES
#include "mlc/Dialect/Mlc/IR/MlcAttrs.h.inc"

#define GET_OP_CLASSES
#include "mlc/Dialect/Mlc/IR/MlcContraction.h.inc"
#define GET_OP_CLASSES
#include "mlc/Dialect/Mlc/IR/MlcControlFlow.h.inc"
#define GET_OP_CLASSES
#include "mlc/Dialect/Mlc/IR/MlcElementwise.h.inc"
#define GET_OP_CLASSES
#include "mlc/Dialect/Mlc/IR/MlcIndexing.h.inc"
#define GET_OP_CLASSES
#include "mlc/Dialect/Mlc/IR/MlcKernel.h.inc"
#define GET_OP_CLASSES
#include "mlc/Dialect/Mlc/IR/MlcMovement.h.inc"
#define GET_OP_CLASSES
#include "mlc/Dialect/Mlc/IR/MlcReduction.h.inc"

namespace mlc {

/// What a kernel is built around: it holds at most one of these.
inline bool isAnchor(mlir::Operation *op) {
  return mlir::isa<ConvOp, MatmulOp, PackedConvOp, ReduceOp>(op);
}

/// Whether the code of the op is a function of the builtins: it is a kernel by
/// itself, which reads its operands from memory.
inline bool isLibraryOp(mlir::Operation *op) {
  return mlir::isa<ArgsortOp, ScanOp, ScatterOp>(op);
}

/// `and` and `or` are for booleans, the other kinds for numbers.
llvm::LogicalResult checkKind(ShapeEnv &env, ReduceKind kind,
                              mlir::Type element);

/// Computes no element: each is that of an operand at another index.
inline bool isIndexOp(mlir::Operation *op) {
  return mlir::isa<BroadcastOp, PadOp, SliceOp, TransposeOp, WindowOp>(op);
}

} // namespace mlc

#endif // MLC_DIALECT_MLC_IR_MLC_H
