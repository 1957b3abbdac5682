//===- KernelLowering.h - Lowering of one kernel to linalg ------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel is a tree: its root is what the function returns, below it lie
// elementwise ops, ops that only rename indices (broadcast, transpose, slice,
// window, pad) and at most one anchor. The lowering walks down from the root.
// Ops that are computed point by point become the body of one linalg.generic,
// in which each leaf (an argument or the anchor) is read through the
// composition of the index maps on the way. Maps have symbols for what is known
// at run time only: offsets of slices, strides of broadcast axes, 0 when the
// size is 1, and indices into what is padded, clamped to it. A leaf whose map
// has symbols, runs backwards or jumps is no operand of the linalg op: its
// element is extracted in the body. So is what a gather reads, which must be in
// memory: its index is computed in the body.
//
// A concatenation or pad at the root writes its parts to their places in the
// destination, each by an op of its own.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_CONVERSION_MLCTOLINALG_KERNELLOWERING_H
#define MLC_CONVERSION_MLCTOLINALG_KERNELLOWERING_H

#include "Emitted.h"
#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlc {

/// What a value of the kernel is read from, and the index at which it is, as a
/// map from the loops and the symbols of the kernel.
struct Leaf {
  mlir::Value tensor;
  mlir::AffineMap map;

  bool operator==(const Leaf &other) const {
    return tensor == other.tensor && map == other.map;
  }
};

class KernelLowering {
public:
  KernelLowering(mlir::func::FuncOp function, mlir::RewriterBase &rewriter)
      : function(function), rewriter(rewriter) {}

  /// Lowers the whole body, or emits an error.
  mlir::LogicalResult run();

private:
  mlir::LogicalResult findAnchor();

  // Kernel signature.
  mlir::Value destination(unsigned result);
  mlir::SmallVector<mlir::OpFoldResult> sizesOf(mlir::Value argument);
  /// The size of any value of the kernel along an axis.
  mlir::OpFoldResult sizeOf(mlir::Value value, int64_t axis);
  mlir::OpFoldResult sizeOf(WindowOp window, int64_t axis);
  mlir::SmallVector<mlir::OpFoldResult> allSizesOf(mlir::Value value);
  /// `expr` of d0, d1, ... folded.
  mlir::OpFoldResult apply(mlir::AffineExpr expr,
                           mlir::ArrayRef<mlir::OpFoldResult> operands);
  /// Computes a value of the tree, with the anchor if it needs it, into
  /// `destination`.
  mlir::FailureOr<mlir::Value> lowerInto(mlir::Value value,
                                         mlir::Value destination);

  // Index maps: see IndexMaps.cpp.
  void collectSymbols();
  void collectSymbols(SliceOp slice);
  void collectSymbols(BroadcastOp broadcast);
  void collectSymbols(PadOp pad);
  mlir::AffineExpr addSymbol(mlir::Value value);
  /// The index into operand `operand` of `op` at index `map` of its result.
  mlir::AffineMap operandMap(mlir::Operation *op, unsigned operand,
                             mlir::AffineMap map);
  mlir::AffineMap makeMap(unsigned numLoops,
                          mlir::ArrayRef<mlir::AffineExpr> results);
  /// The index that `map` gives, in the body of a linalg op.
  mlir::SmallVector<mlir::Value> emitIndices(mlir::OpBuilder &builder,
                                             mlir::AffineMap map);
  mlir::Value extractElement(mlir::OpBuilder &builder, const Leaf &leaf);
  /// The leaves that are operands of a linalg op, and their maps, to which
  /// `shape` is added when they do not determine the sizes of all loops.
  struct Operands {
    mlir::SmallVector<Leaf> leaves;
    mlir::SmallVector<mlir::Value> values;
    mlir::SmallVector<mlir::AffineMap> maps;
  };
  /// The sizes of an argument, a lowered anchor or a view of one.
  mlir::SmallVector<mlir::OpFoldResult> storedSizesOf(mlir::Value tensor);
  mlir::Value reachedPart(const Leaf &leaf,
                          mlir::ArrayRef<mlir::OpFoldResult> loopSizes);
  Operands operandsOf(mlir::ArrayRef<Leaf> leaves, mlir::AffineMap result,
                      mlir::ArrayRef<mlir::OpFoldResult> loopSizes);

  /// The tensor that `value` is stored in: an argument, or a lowered anchor.
  /// Null when it is computed.
  mlir::Value storageOf(mlir::Value value);
  /// The type that an element is computed in: f32 for half-precision floats.
  mlir::Type computeType(mlir::Type element);
  /// The type that a reduction accumulates in. Sums of f32 are carried in f64:
  /// one accumulator may take thousands of elements in a row.
  mlir::Type accumulatorType(ReduceOp op);

  // Point-wise trees: see Pointwise.cpp.
  mlir::LogicalResult collectLeaves(mlir::Value value, mlir::AffineMap map,
                                    mlir::SmallVectorImpl<Leaf> &leaves);
  scalar::Emitted emit(mlir::Value value, mlir::AffineMap map);
  scalar::Emitted emitOp(mlir::Operation *op,
                         mlir::ArrayRef<scalar::Emitted> operands);
  scalar::Emitted emitCast(const scalar::Emitted &x, mlir::Type to);
  scalar::Emitted emitBitcast(BitcastOp op, const scalar::Emitted &x);
  // See Indexing.cpp.
  scalar::Emitted emitIota(IotaOp op, mlir::AffineMap map);
  scalar::Emitted emitGather(GatherOp op, mlir::AffineMap map);
  /// What a stored element is computed with.
  scalar::Emitted fromStorage(mlir::Value value, mlir::Type element);
  scalar::Emitted emitSplat(ConstantOp constant);
  mlir::Value toStorage(const scalar::Emitted &x, mlir::Type element,
                        mlir::Type storage);
  /// `map` is the index into `root` at which an element of the destination is.
  mlir::FailureOr<mlir::Value> lowerPointwise(mlir::Value root,
                                              mlir::AffineMap map,
                                              mlir::Value destination);
  mlir::AffineMap identityMap(unsigned rank);
  scalar::Emitted emitPad(PadOp pad, mlir::AffineMap map);
  /// Emits `value` as a function of the loops in the body of a generic whose
  /// operands are `leaves`.
  scalar::Emitted emitTree(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Value value, mlir::AffineMap map,
                           mlir::ArrayRef<Leaf> leaves,
                           mlir::ValueRange arguments);

  // Anchors: see Reduction.cpp and Contraction.cpp. `destination` is null when
  // something follows the anchor.
  mlir::FailureOr<mlir::Value> lowerAnchor(mlir::Operation *op,
                                           mlir::Value destination);
  mlir::FailureOr<mlir::Value> lowerReduce(ReduceOp op,
                                           mlir::Value destination);
  mlir::FailureOr<mlir::Value> lowerMatmul(MatmulOp op,
                                           mlir::Value destination);
  mlir::FailureOr<mlir::Value> lowerPackedConv(PackedConvOp op,
                                               mlir::Value destination);
  mlir::FailureOr<mlir::Value> lowerConv(ConvOp op, mlir::Value destination);
  /// Of a contraction with these operands and maps.
  mlir::SmallVector<mlir::OpFoldResult>
  loopSizes(mlir::Value x, mlir::Value y, mlir::ArrayRef<mlir::AffineMap> maps);
  mlir::FailureOr<mlir::Value> contraction(mlir::Operation *op, mlir::Value x,
                                           mlir::Value y,
                                           mlir::ArrayRef<mlir::AffineMap> maps,
                                           unsigned numParallel,
                                           mlir::Value destination);

  // Roots that consist of parts: see Parts.cpp.
  mlir::FailureOr<mlir::Value> lowerConcat(ConcatOp op,
                                           mlir::Value destination);
  mlir::FailureOr<mlir::Value> lowerPad(PadOp op, mlir::Value destination);
  using Region = std::pair<mlir::SmallVector<mlir::OpFoldResult>,
                           mlir::SmallVector<mlir::OpFoldResult>>;
  /// Replaces the region, offsets and sizes, of `destination` by what `compute`
  /// makes of it.
  mlir::FailureOr<mlir::Value> writePart(
      const Region &region, mlir::Value destination,
      llvm::function_ref<mlir::FailureOr<mlir::Value>(mlir::Value)> compute);

  /// `destination`, or a new tensor of its shape, filled with `neutral`.
  mlir::Value filled(mlir::Operation *op, mlir::TypedAttr neutral,
                     mlir::Value destination);
  /// The result of a reduction of nothing that starts from `filled`.
  mlir::Value reduceNothing(mlir::Value filled);

  mlir::func::FuncOp function;
  mlir::RewriterBase &rewriter;
  mlir::Operation *anchor = nullptr;
  /// Of the anchor's result, which only elementwise ops follow, and then at
  /// most a pad.
  mlir::SmallVector<mlir::OpFoldResult> anchorSizes;
  llvm::DenseMap<mlir::Value, mlir::Value> lowered;
  mlir::SmallVector<mlir::Value> symbols;
  /// By op and axis: the symbol that is added to the index into the operand of
  /// a slice, or by which that into the operand of a broadcast is multiplied.
  llvm::DenseMap<std::pair<mlir::Operation *, int64_t>, mlir::AffineExpr>
      offsets, strides;
  /// By pad and axis that has a border.
  struct PaddedAxis {
    mlir::AffineExpr clamped; // A symbol, whose value the body computes.
    mlir::Value low, size;    // Size: of what is padded.
  };
  llvm::DenseMap<std::pair<mlir::Operation *, int64_t>, PaddedAxis> padded;

  /// State of the body that is being emitted.
  struct Body {
    mlir::OpBuilder *builder = nullptr;
    mlir::ArrayRef<Leaf> leaves;
    mlir::ValueRange arguments;
    llvm::DenseMap<std::pair<mlir::Value, mlir::AffineMap>, scalar::Emitted>
        emitted;
  };
  Body *body = nullptr;
};

} // namespace mlc

#endif // MLC_CONVERSION_MLCTOLINALG_KERNELLOWERING_H
