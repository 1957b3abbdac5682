//===- CpuSchedule.cpp - Tile sizes for CPUs ------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The policy: it only reads the kernel and writes the attribute. The register
// tile of a contraction is as tall as the accumulators fit (field measurements:
// 12 x 32 of f32 with 32 vector registers reaches the peak); everything else is
// bound by memory and takes a few vectors at once.
//
//===----------------------------------------------------------------------===//

#include "CpuTarget.h"
#include "mlc/Transforms/Lanes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace mlc;
using linalg::LinalgOp;

/// Elements that one index of the grid should compute: enough to pay for
/// handing it out.
static constexpr int64_t gridElements = 16 * 1024;

static ArrayRef<int64_t> resultShape(LinalgOp root) {
  return cast<RankedTensorType>(root.getDpsInits().front().getType())
      .getShape();
}

/// The widest element in memory decides how many lanes fill a register; one
/// that is the same in all lanes, such as the index of a row, is no vector.
/// What is wider on the way, as accumulators of sums are, takes two.
static int64_t laneCount(func::FuncOp function, const Level &level) {
  unsigned bytes = 4;
  function.walk([&](LinalgOp op) {
    std::optional<unsigned> lane = laneLoop(op);
    for (OpOperand &operand : op->getOpOperands()) {
      auto type = dyn_cast<RankedTensorType>(operand.get().getType());
      if (operand.get().getDefiningOp<LinalgOp>())
        continue;
      if (!type || !type.getElementType().isIntOrFloat())
        continue;
      if (!lane || op.getMatchingIndexingMap(&operand).isFunctionOfDim(*lane))
        bytes = std::max(bytes, type.getElementTypeBitWidth() / 8);
    }
  });
  return level.vectorBytes / bytes;
}

/// Splits the outer axes until a part has about `gridElements`; axes from
/// `whole` on stay whole.
static SmallVector<int64_t> gridParts(ArrayRef<int64_t> shape, int64_t perPoint,
                                      unsigned whole) {
  SmallVector<int64_t> grid(shape.size(), 0);
  int64_t inner = std::max<int64_t>(perPoint, 1);
  for (int64_t axis = shape.size() - 1; axis >= 0; --axis) {
    bool isDynamic = ShapedType::isDynamic(shape[axis]);
    if (axis < static_cast<int64_t>(whole)) {
      int64_t part = std::clamp<int64_t>(
          gridElements / inner, 1,
          isDynamic ? gridElements : std::max<int64_t>(shape[axis], 1));
      grid[axis] = part;
      inner *= part;
      continue;
    }
    inner *= isDynamic ? 64 : std::max<int64_t>(shape[axis], 1);
  }
  return grid;
}

/// Rows of a dynamic axis that one index of the grid of a contraction computes.
static constexpr int64_t maxGridRows = 48;

/// Rows that divide the axis where that costs nothing, else as many as there
/// are registers for.
static int64_t chooseRows(int64_t size, int64_t most) {
  if (ShapedType::isDynamic(size))
    return most;
  for (int64_t rows = most; rows * 2 > most; --rows)
    if (size % rows == 0)
      return rows;
  return std::min(size, most);
}

/// Columns that one index of the grid of a contraction computes: a panel of
/// packed weights, at every level.
static constexpr int64_t panelColumns = 32;

/// Whether `expr` changes from lane to lane; what is divided changes from group
/// to group of columns only, which are wider than a tile.
static bool movesWithLanes(AffineExpr expr, unsigned lane) {
  if (expr.getKind() == AffineExprKind::FloorDiv)
    return false;
  if (auto binary = dyn_cast<AffineBinaryOpExpr>(expr))
    return movesWithLanes(binary.getLHS(), lane) ||
           movesWithLanes(binary.getRHS(), lane);
  return expr.isFunctionOfDim(lane);
}

/// Rows over which one index of the grid uses a panel: so many that reading it
/// costs less than computing with it.
static constexpr int64_t rowsPerPanel = 64;

/// Whether the panel of columns stays the same along an axis of the result.
static bool sharesPanel(LinalgOp anchor, unsigned axis, unsigned lane) {
  return llvm::none_of(anchor.getDpsInputOperands(), [&](OpOperand *operand) {
    AffineMap map = anchor.getMatchingIndexingMap(operand);
    bool isPanel = llvm::any_of(map.getResults(), [&](AffineExpr expr) {
      return movesWithLanes(expr, lane);
    });
    return isPanel && map.isFunctionOfDim(axis);
  });
}

/// `whole` is the shape of the kernel's result, of which the root writes a part
/// when it is padded.
static ScheduleAttr scheduleContraction(LinalgOp root, LinalgOp anchor,
                                        ArrayRef<int64_t> whole, int64_t lanes,
                                        const Level &level) {
  ArrayRef<int64_t> shape = resultShape(root);
  unsigned columns = shape.size() - 1;
  SmallVector<int64_t> grid(shape.size(), 1), tile(shape.size(), 1);
  grid[columns] = panelColumns;
  tile[columns] = std::min(2 * lanes, panelColumns);
  // The rows of the register tile are the last axis that has any.
  unsigned rows = columns;
  while (rows > 0 && (rows == columns || (shape[rows] == 1 && rows > 1)))
    --rows;
  if (rows == columns)
    return ScheduleAttr::get(root.getContext(), grid, tile, lanes);
  // One register holds the element that is broadcast, one each the vectors of
  // the panel's row.
  int64_t vectors = tile[columns] / lanes;
  int64_t most =
      std::min<int64_t>((level.registers - vectors - 1) / vectors, 12);
  tile[rows] = std::max<int64_t>(chooseRows(shape[rows], most), 1);
  bool isDynamic = ShapedType::isDynamic(whole[rows]);
  grid[rows] = isDynamic ? maxGridRows : std::max<int64_t>(whole[rows], 1);
  if (rows > 0 && sharesPanel(anchor, rows - 1, columns))
    grid[rows - 1] = isDynamic ? 4 : llvm::divideCeil(rowsPerPanel, grid[rows]);
  return ScheduleAttr::get(root.getContext(), grid, tile, lanes);
}

/// Whether elements of one operand are multiplied with vectors of the other:
/// then a tile of rows and columns reads each of them several times.
static bool isContraction(LinalgOp anchor, unsigned lane) {
  if (anchor.getNumDpsInputs() != 2)
    return false;
  return llvm::any_of(anchor.getDpsInputOperands(), [&](OpOperand *operand) {
    AffineMap map = anchor.getMatchingIndexingMap(operand);
    return llvm::none_of(map.getResults(), [&](AffineExpr expr) {
      return movesWithLanes(expr, lane);
    });
  });
}

/// Whether an operand is read at sums of loops.
static bool readsWindows(LinalgOp anchor) {
  return llvm::any_of(anchor.getIndexingMapsArray(), [](AffineMap map) {
    return !map.isProjectedPermutation(/*allowZeroInResults=*/true);
  });
}

/// Whether an operand stays the same along a parallel loop.
static bool isUsedAgain(LinalgOp anchor, unsigned loop) {
  return anchor.getNumDpsInputs() == 2 &&
         llvm::any_of(anchor.getDpsInputOperands(), [&](OpOperand *operand) {
           AffineMap map = anchor.getMatchingIndexingMap(operand);
           return !map.isFunctionOfDim(loop);
         });
}

ScheduleAttr cpu::selectSchedule(func::FuncOp function, const Level &level) {
  LinalgOp root, anchor;
  function.walk([&](LinalgOp op) {
    root = op;
    if (op.getNumReductionLoops())
      anchor = op;
  });
  if (!root)
    return nullptr;
  MLIRContext *context = function.getContext();
  ArrayRef<int64_t> shape =
      cast<RankedTensorType>(function.getResultTypes().front()).getShape();
  unsigned rank = shape.size();
  int64_t lanes = laneCount(function, level);
  if (rank == 0)
    return ScheduleAttr::get(context, {}, {}, lanes);

  std::optional<unsigned> lane = anchor ? laneLoop(anchor) : std::optional(0u);
  bool isLaneReduced =
      anchor && lane &&
      anchor.getIteratorTypesArray()[*lane] == utils::IteratorType::reduction;
  if (anchor && isContraction(anchor, *lane) && !isLaneReduced)
    return scheduleContraction(root, anchor, shape, lanes, level);

  SmallVector<int64_t> tile(rank, 1);
  if (isLaneReduced) {
    // Four rows at once hide the latency of their accumulators; four rows by
    // four columns of a product use what they read four times.
    tile[rank - 1] = 4;
    if (rank > 1 && isUsedAgain(anchor, rank - 1) &&
        isUsedAgain(anchor, rank - 2))
      tile[rank - 2] = 4;
    int64_t rowElements = 1;
    for (auto [size, kind] : llvm::zip(anchor.getStaticLoopRanges(),
                                       anchor.getIteratorTypesArray()))
      if (kind == utils::IteratorType::reduction)
        rowElements *=
            ShapedType::isDynamic(size) ? 256 : std::max<int64_t>(size, 1);
    return ScheduleAttr::get(context, gridParts(shape, rowElements, rank), tile,
                             lanes);
  }
  // Neighbouring windows share what they read.
  bool isSlid = anchor && rank > 1 && readsWindows(anchor);
  tile[rank - 1] = isSlid ? 2 * lanes : 4 * lanes;
  if (isSlid)
    tile[rank - 2] = 4;
  return ScheduleAttr::get(context, gridParts(shape, 1, rank), tile, lanes);
}
