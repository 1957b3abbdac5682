//===- SimplifyGraph.h - The pattern sets of the pass -----------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_DIALECT_MLC_TRANSFORMS_SIMPLIFYGRAPH_H
#define MLC_LIB_DIALECT_MLC_TRANSFORMS_SIMPLIFYGRAPH_H

#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlir/IR/PatternMatch.h"

namespace mlc {

/// Identities of arithmetic and of casts that hold bit for bit.
void populateIdentities(mlir::RewritePatternSet &patterns);

/// Ops whose results or operands have no elements.
void populateEmptyTensors(mlir::RewritePatternSet &patterns);
/// Convolutions with groups or a constant factor per column.
void populateConvolutions(mlir::RewritePatternSet &patterns);

/// Transposes move below the ops that read them, until they meet their inverse.
void populateSinkTransposes(mlir::RewritePatternSet &patterns);

/// The input of `conv` with its padding.
mlir::Value padInput(mlir::RewriterBase &rewriter, ConvOp conv);

} // namespace mlc

#endif // MLC_LIB_DIALECT_MLC_TRANSFORMS_SIMPLIFYGRAPH_H
