//===- TileVectorizer.h - Vector code for the linalg ops of a block ---*- C++
//-*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The ops of a block are small tiles: along each of its parallel loops an op
// has a static size, but for the lane loop, whose size may be dynamic and is
// then at most one vector. Parallel loops are unrolled, the lane loop is cut
// into vectors, reduction loops become scf.for with the accumulators in
// registers.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TRANSFORMS_TILEVECTORIZER_H
#define MLC_TRANSFORMS_TILEVECTORIZER_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

namespace mlc {

class TileVectorizer {
public:
  TileVectorizer(mlir::RewriterBase &rewriter, int64_t lanes)
      : rewriter(rewriter), maxLanes(lanes) {}

  mlir::LogicalResult run(mlir::Block &block);

private:
  /// A tensor in registers: one value per point of `extents`, whose last entry
  /// counts vectors.
  struct Registers {
    mlir::SmallVector<int64_t> extents;
    int64_t lanes; // 1: the values are scalars
    mlir::SmallVector<mlir::Value> values;
  };

  /// How the loops of the op at hand are run.
  struct Loops {
    mutable mlir::linalg::LinalgOp op;
    mlir::SmallVector<mlir::OpFoldResult> sizes = {};
    std::optional<unsigned> lane = std::nullopt;
    int64_t lanes = 1;
    bool isLaneReduced = false;
    mlir::SmallVector<unsigned> unrolled = {}, reduced = {}; // the others
    mlir::Value laneSize = nullptr;                          // when dynamic
    bool unrollsReduction = false;
    /// Where sums are computed in blocks: which of `reduced` is cut, and into
    /// how many steps.
    std::optional<unsigned> blockDepth = std::nullopt;
    int64_t blockSize = 0;

    /// Vectors along the lane loop of one tile.
    int64_t numChunks() const;
  };

  /// One point of the unrolled loops.
  struct Point {
    mlir::SmallVector<int64_t>
        position; // per loop; of the lane loop: the first lane
    mlir::SmallVector<mlir::Value>
        ivs;          // per loop that runs at run time, else null
    mlir::Value mask; // null when all lanes are active
  };

  void expandIndexMaps(mlir::linalg::LinalgOp op);
  mlir::LogicalResult vectorize(mlir::linalg::LinalgOp op);
  mlir::FailureOr<Loops> planLoops(mlir::linalg::LinalgOp op);
  void planBlocks(Loops &loops);
  mlir::SmallVector<Point> points(const Loops &loops);
  mlir::Value chunkMask(const Loops &loops, int64_t firstLane);
  mlir::SmallVector<mlir::Value> reduceLanesLast(const Loops &loops,
                                                 mlir::ArrayRef<Point> points);
  mlir::SmallVector<mlir::Value> reduce(const Loops &loops,
                                        mlir::MutableArrayRef<Point> points,
                                        mlir::ArrayRef<mlir::Value> init,
                                        unsigned depth);
  mlir::SmallVector<mlir::Value>
  reduceBlocks(const Loops &loops, mlir::MutableArrayRef<Point> points,
               mlir::ArrayRef<mlir::Value> init);
  mlir::SmallVector<mlir::Value> reduceLoop(const Loops &loops,
                                            mlir::MutableArrayRef<Point> points,
                                            mlir::ArrayRef<mlir::Value> init,
                                            unsigned depth, mlir::Value from,
                                            mlir::Value to);
  mlir::SmallVector<mlir::Value> body(const Loops &loops,
                                      mlir::ArrayRef<Point> points,
                                      mlir::ValueRange accumulators);
  mlir::Value emitScalarOp(const Loops &loops, const Point &point,
                           mlir::Operation &op, mlir::IRMapping &mapping);
  mlir::SmallVector<mlir::Value> unroll(const Loops &loops,
                                        mlir::MutableArrayRef<Point> points,
                                        mlir::ArrayRef<mlir::Value> init,
                                        unsigned depth);
  mlir::Value atFirstLane(const Loops &loops, const Point &point,
                          mlir::Value index, mlir::IRMapping &mapping);
  mlir::Value extractVector(const Loops &loops, const Point &point,
                            mlir::tensor::ExtractOp extract,
                            mlir::IRMapping &mapping);
  mlir::Value extractPerLane(const Loops &loops,
                             mlir::tensor::ExtractOp extract,
                             mlir::IRMapping &mapping);
  /// The index of a loop at the first lane, and at all lanes.
  mlir::Value firstIndex(const Loops &loops, const Point &point, unsigned loop);
  mlir::Value loopIndex(const Loops &loops, const Point &point, unsigned loop);

  mlir::Value load(const Loops &loops, const Point &point,
                   mlir::OpOperand &operand);
  mlir::Value loadFromRegisters(const Loops &loops, const Point &point,
                                const Registers &registers,
                                mlir::AffineMap map);
  mlir::SmallVector<mlir::Value> indices(const Point &point,
                                         mlir::AffineMap map);
  /// One vector from consecutive elements.
  mlir::Value contiguous(const Loops &loops, const Point &point,
                         mlir::Value tensor, mlir::ValueRange position);
  mlir::Value strided(const Loops &loops, const Point &point,
                      mlir::Value tensor, mlir::AffineMap map);
  mlir::Value store(const Loops &loops, mlir::ArrayRef<Point> points,
                    mlir::ArrayRef<mlir::Value> values);
  mlir::Value toVector(mlir::Value value, int64_t lanes);

  mlir::RewriterBase &rewriter;
  int64_t maxLanes;
  llvm::DenseMap<mlir::Value, Registers> registers;
  /// What a tensor that a reduction starts from is filled with.
  llvm::DenseMap<mlir::Value, mlir::Value> fills;
  /// Loads of the current run through a body: several points read the same
  /// element.
  llvm::DenseMap<std::tuple<mlir::Value, mlir::AffineMap, mlir::Value>,
                 mlir::Value>
      loaded;
};

} // namespace mlc

#endif // MLC_TRANSFORMS_TILEVECTORIZER_H
