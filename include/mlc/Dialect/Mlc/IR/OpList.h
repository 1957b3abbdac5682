//===- OpList.h - The ops of the dialect as type lists ----------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The op list is the registry: what must exist once per op is a fold over it,
// family by family.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_DIALECT_MLC_IR_OPLIST_H
#define MLC_DIALECT_MLC_IR_OPLIST_H

#include "mlc/Dialect/Mlc/IR/Mlc.h"

namespace mlc {

template <class... Ops> struct OpList {
  /// Calls `function.template operator()<Op>()` for each op in turn.
  template <class Function> static void forEach(Function &&function) {
    (function.template operator()<Ops>(), ...);
  }
};

using ContractionOps = OpList<
#define GET_OP_LIST
#include "mlc/Dialect/Mlc/IR/MlcContraction.cpp.inc"
    >;
using ControlFlowOps = OpList<
#define GET_OP_LIST
#include "mlc/Dialect/Mlc/IR/MlcControlFlow.cpp.inc"
    >;
using ElementwiseOps = OpList<
#define GET_OP_LIST
#include "mlc/Dialect/Mlc/IR/MlcElementwise.cpp.inc"
    >;
using IndexingOps = OpList<
#define GET_OP_LIST
#include "mlc/Dialect/Mlc/IR/MlcIndexing.cpp.inc"
    >;
using KernelOps = OpList<
#define GET_OP_LIST
#include "mlc/Dialect/Mlc/IR/MlcKernel.cpp.inc"
    >;
using MovementOps = OpList<
#define GET_OP_LIST
#include "mlc/Dialect/Mlc/IR/MlcMovement.cpp.inc"
    >;
using ReductionOps = OpList<
#define GET_OP_LIST
#include "mlc/Dialect/Mlc/IR/MlcReduction.cpp.inc"
    >;

/// Calls `function.template operator()<Ops>(name)` for the op list of every
/// family.
template <class Function> void forEachFamily(Function &&function) {
  function.template operator()<ContractionOps>("Contraction");
  function.template operator()<ControlFlowOps>("ControlFlow");
  function.template operator()<ElementwiseOps>("Elementwise");
  function.template operator()<IndexingOps>("Indexing");
  function.template operator()<KernelOps>("Kernel");
  function.template operator()<MovementOps>("Movement");
  function.template operator()<ReductionOps>("Reduction");
}

/// Calls `function.template operator()<Op>()` for every op of the dialect.
template <class Function> void forEachOp(Function &&function) {
  forEachFamily([&]<class Ops>(llvm::StringRef) { Ops::forEach(function); });
}

} // namespace mlc

#endif // MLC_DIALECT_MLC_IR_OPLIST_H
