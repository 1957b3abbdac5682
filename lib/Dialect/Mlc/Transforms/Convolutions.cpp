//===- Convolutions.cpp - Convolutions by what they consist of ------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SimplifyGraph.h"
#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace mlc;

Value mlc::padInput(RewriterBase &rewriter, ConvOp op) {
  ArrayRef<int64_t> padding = op.getPadding();
  if (llvm::all_of(padding, [](int64_t zeros) { return zeros == 0; }))
    return op.getX();
  auto type = op.getX().getType();
  SmallVector<OpFoldResult> low, high;
  for (int64_t axis : llvm::seq(type.getRank())) {
    bool isSpatial = axis > 0 && axis + 1 < type.getRank();
    low.push_back(rewriter.getIndexAttr(isSpatial ? padding[2 * axis - 2] : 0));
    high.push_back(
        rewriter.getIndexAttr(isSpatial ? padding[2 * axis - 1] : 0));
  }
  auto scalar = RankedTensorType::get({}, type.getElementType());
  Value zero = ConstantOp::create(
      rewriter, op.getLoc(), cast<ElementsAttr>(rewriter.getZeroAttr(scalar)));
  SmallVector<int64_t> sizes;
  for (auto [axis, size] : llvm::enumerate(type.getShape()))
    sizes.push_back(ShapedType::isDynamic(size)
                        ? size
                        : size + *getConstantIntValue(low[axis]) +
                              *getConstantIntValue(high[axis]));
  return PadOp::create(rewriter, op.getLoc(), type.clone(sizes), op.getX(),
                       zero, low, high);
}

static Value reshapeTo(RewriterBase &rewriter, Location loc, Value x,
                       ArrayRef<int64_t> shape) {
  if (cast<RankedTensorType>(x.getType()).getShape() == shape)
    return x;
  return ReshapeOp::create(
      rewriter, loc, x, getAsIndexOpFoldResult(rewriter.getContext(), shape));
}

static Value castTo(RewriterBase &rewriter, Location loc, Value x,
                    Type element) {
  auto type = cast<RankedTensorType>(x.getType());
  if (type.getElementType() == element)
    return x;
  return CastOp::create(rewriter, loc, type.clone(element), x, element);
}

namespace {

/// A convolution of each channel by itself is a sum over windows: its lanes are
/// the channels. One whose groups have channels that only the run knows is a
/// sum over windows as well, over one more axis.
///
///   conv(x, filter : 3x3x1x8, groups = 8) ->
///   reduce(sum, mul(window(x), broadcast(filter)))
struct ConvByWindows : OpRewritePattern<ConvOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConvOp op,
                                PatternRewriter &rewriter) const override {
    auto filter = op.getFilter().getType();
    int64_t spatial = filter.getRank() - 2, groups = op.getGroups();
    bool isOpen = !filter.hasStaticShape();
    if (groups == 1 || (!isOpen && filter.getDimSize(spatial) != 1))
      return rewriter.notifyMatchFailure(op, "channels are mixed");
    Location loc = op.getLoc();
    Type element = filter.getElementType();
    Type work =
        element.isF16() || element.isBF16() ? rewriter.getF32Type() : element;
    auto outside = llvm::to_vector(llvm::seq<int64_t>(1, spatial + 1));
    auto inside = llvm::to_vector(llvm::seq(spatial + 1, 2 * spatial + 1));
    Value x = padInput(rewriter, op);
    if (isOpen)
      x = splitChannels(rewriter, x, op);
    Value slid = WindowOp::create(rewriter, loc, x, outside,
                                  filter.getShape().take_front(spatial),
                                  op.getStrides(), op.getDilations());
    slid = castTo(rewriter, loc, slid, work);
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, loc, slid);
    bool hasColumns = isOpen || filter.getShape().back() != groups;
    if (hasColumns) {
      sizes.push_back(columnsPerGroup(rewriter, op));
      slid = BroadcastOp::create(
          rewriter, loc, slid, sizes,
          llvm::to_vector(llvm::seq<int64_t>(0, sizes.size() - 1)));
    }
    Value weight = splitFilter(rewriter, op, isOpen, hasColumns);
    weight = BroadcastOp::create(
        rewriter, loc, castTo(rewriter, loc, weight, work), sizes,
        llvm::to_vector(llvm::seq<int64_t>(spatial + 1, sizes.size())));
    Value product = MulOp::create(rewriter, loc, slid, weight);
    if (isOpen)
      inside.push_back(2 * spatial + 2);
    Value sum =
        ReduceOp::create(rewriter, loc, ReduceKind::Sum, product, inside);
    sum = castTo(rewriter, loc, sum, element);
    if (hasColumns) {
      SmallVector<OpFoldResult> joined(ArrayRef(sizes).take_front(spatial + 1));
      joined.push_back(
          tensor::getMixedSize(rewriter, loc, op.getFilter(), spatial + 1));
      sum = ReshapeOp::create(rewriter, loc, sum, joined);
    }
    if (sum.getType() != op.getType())
      sum = tensor::CastOp::create(rewriter, loc, op.getType(), sum);
    rewriter.replaceOp(op, sum);
    return success();
  }

private:
  /// [N, spatial..., channels] -> [N, spatial..., groups, channels / groups]
  static Value splitChannels(RewriterBase &rewriter, Value x, ConvOp op) {
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, op.getLoc(), x);
    sizes.back() = rewriter.getIndexAttr(op.getGroups());
    sizes.push_back(tensor::getMixedSize(rewriter, op.getLoc(), op.getFilter(),
                                         op.getType().getRank() - 2));
    return ReshapeOp::create(rewriter, op.getLoc(), x, sizes);
  }

  static OpFoldResult columnsPerGroup(RewriterBase &rewriter, ConvOp op) {
    OpFoldResult columns =
        tensor::getMixedSize(rewriter, op.getLoc(), op.getFilter(),
                             op.getFilter().getType().getRank() - 1);
    if (std::optional<int64_t> literal = getConstantIntValue(columns))
      return rewriter.getIndexAttr(*literal / op.getGroups());
    Value groups =
        arith::ConstantIndexOp::create(rewriter, op.getLoc(), op.getGroups());
    return arith::FloorDivSIOp::create(rewriter, op.getLoc(),
                                       cast<Value>(columns), groups)
        .getResult();
  }

  /// [taps..., channels, groups * columns] -> [taps..., groups, channels,
  /// columns], without axes of one channel or column.
  static Value splitFilter(RewriterBase &rewriter, ConvOp op, bool hasChannels,
                           bool hasColumns) {
    Location loc = op.getLoc();
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, loc, op.getFilter());
    size_t spatial = sizes.size() - 2;
    sizes.back() = rewriter.getIndexAttr(op.getGroups());
    if (!hasChannels)
      sizes.erase(sizes.begin() + spatial);
    if (hasColumns)
      sizes.push_back(columnsPerGroup(rewriter, op));
    Value split = ReshapeOp::create(rewriter, loc, op.getFilter(), sizes);
    if (!hasChannels)
      return split;
    auto order = llvm::to_vector(llvm::seq<int64_t>(0, sizes.size()));
    std::swap(order[spatial], order[spatial + 1]);
    return TransposeOp::create(rewriter, loc, split, order);
  }
};

/// Groups too narrow for vectors are merged, with zeros where a column does not
/// read a channel, until a group has whole vectors of columns.
///
///   conv(x, filter : 3x4x64, groups = 16) ->
///   conv(x, filter : 3x32x64, groups = 2)
struct MergeGroups : OpRewritePattern<ConvOp> {
  using OpRewritePattern::OpRewritePattern;

  /// Columns that the widest tile of any target has.
  static constexpr int64_t tileColumns = 32;

  LogicalResult matchAndRewrite(ConvOp op,
                                PatternRewriter &rewriter) const override {
    auto filter = op.getFilter().getType();
    int64_t groups = op.getGroups(), spatial = filter.getRank() - 2;
    if (groups == 1 || !filter.hasStaticShape() ||
        filter.getDimSize(spatial) == 1)
      return rewriter.notifyMatchFailure(op, "no groups of several channels");
    int64_t columns = filter.getShape().back() / groups;
    if (columns % tileColumns == 0)
      return rewriter.notifyMatchFailure(op, "groups are wide enough");
    int64_t merged = groups;
    for (int64_t count = groups; count > 1; --count)
      if (groups % count == 0 && columns * count % tileColumns == 0)
        merged = count;
    Value wide = widen(rewriter, op, merged);
    rewriter.modifyOpInPlace(op, [&] {
      op.getFilterMutable().assign(wide);
      op.setGroups(groups / merged);
    });
    return success();
  }

private:
  /// [taps..., C, O] -> [taps..., merged * C, O]: column o of group g reads the
  /// channels of place g mod merged.
  static Value widen(PatternRewriter &rewriter, ConvOp op, int64_t merged) {
    Location loc = op.getLoc();
    auto type = op.getFilter().getType();
    int64_t spatial = type.getRank() - 2, groups = op.getGroups();
    ArrayRef<int64_t> shape = type.getShape();
    SmallVector<int64_t> split(shape.drop_back());
    split.append({groups / merged, merged, shape.back() / groups});
    SmallVector<int64_t> wide(split), axes;
    wide.insert(wide.begin() + spatial, merged);
    for (int64_t axis : llvm::seq<int64_t>(0, wide.size()))
      if (axis != spatial)
        axes.push_back(axis);
    auto sizes = getAsIndexOpFoldResult(rewriter.getContext(), wide);
    Value weight = BroadcastOp::create(
        rewriter, loc, reshapeTo(rewriter, loc, op.getFilter(), split), sizes,
        axes);
    SmallVector<bool> isOwn;
    for (int64_t place = 0; place < merged; ++place)
      for (int64_t group = 0; group < merged; ++group)
        isOwn.push_back(place == group);
    auto square = RankedTensorType::get({merged, merged}, rewriter.getI1Type());
    Value mask = ConstantOp::create(rewriter, loc,
                                    DenseElementsAttr::get(square, isOwn));
    mask = BroadcastOp::create(rewriter, loc, mask, sizes,
                               ArrayRef<int64_t>{spatial, spatial + 3});
    auto scalar = RankedTensorType::get({}, type.getElementType());
    Value zero = ConstantOp::create(
        rewriter, loc, cast<ElementsAttr>(rewriter.getZeroAttr(scalar)));
    zero = BroadcastOp::create(rewriter, loc, zero, sizes, ArrayRef<int64_t>());
    weight = SelectOp::create(rewriter, loc, mask, weight, zero);
    SmallVector<int64_t> result(shape);
    result[spatial] *= merged;
    return reshapeTo(rewriter, loc, weight, result);
  }
};

/// Whether a value depends on nothing but constants, through a few ops.
bool isConstantExpression(Value value, unsigned depth = 8) {
  Operation *op = value.getDefiningOp();
  if (!op || depth == 0)
    return false;
  if (op->hasTrait<OpTrait::ConstantLike>())
    return true;
  return isa<MlcDialect>(op->getDialect()) &&
         llvm::all_of(op->getOperands(), [&](Value operand) {
           return isConstantExpression(operand, depth - 1);
         });
}

/// A factor per column becomes part of a constant filter.
///
///   mul(transpose(add(conv(x, w), b)), broadcast(c)) ->
///   transpose(add(conv(x, w * c), b * c))
struct ScaleOfConv : OpRewritePattern<MulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(MulOp op,
                                PatternRewriter &rewriter) const override {
    for (unsigned factor : {1, 0})
      if (succeeded(rewrite(op, op->getOperand(1 - factor),
                            op->getOperand(factor), rewriter)))
        return success();
    return rewriter.notifyMatchFailure(
        op, "no constant factor per column of a convolution");
  }

private:
  /// The operand of a broadcast of constants, as a vector with one element per
  /// index of `axis` of the result; null when it differs along another axis.
  static Value vectorAlong(PatternRewriter &rewriter, Value value,
                           int64_t axis) {
    auto broadcast = value.getDefiningOp<BroadcastOp>();
    if (!broadcast || !isConstantExpression(broadcast.getX()))
      return nullptr;
    auto type = broadcast.getX().getType();
    int64_t size = cast<RankedTensorType>(value.getType()).getDimSize(axis);
    bool isVector = false;
    for (auto [from, to] : llvm::enumerate(broadcast.getAxes())) {
      if (type.getDimSize(from) == 1)
        continue;
      if (to != axis)
        return nullptr;
      isVector = true;
    }
    if (ShapedType::isDynamic(size) || !type.hasStaticShape() ||
        (!isVector && size != 1))
      return nullptr;
    return reshapeTo(rewriter, value.getLoc(), broadcast.getX(), size);
  }

  static LogicalResult rewrite(MulOp op, Value scaled, Value factor,
                               PatternRewriter &rewriter) {
    auto transpose = scaled.getDefiningOp<TransposeOp>();
    Value inner = transpose ? transpose.getX() : scaled;
    auto add = inner.getDefiningOp<AddOp>();
    auto conv = (add ? add->getOperand(0) : inner).getDefiningOp<ConvOp>();
    if (!conv || !conv->hasOneUse() || !scaled.hasOneUse() ||
        !inner.hasOneUse() || !isConstantExpression(conv.getFilter()))
      return failure();
    int64_t last = conv.getType().getRank() - 1, axis = last;
    if (transpose)
      axis = llvm::find(transpose.getPermutation(), last) -
             transpose.getPermutation().begin();
    Value vector = vectorAlong(rewriter, factor, axis);
    Value bias =
        add ? vectorAlong(rewriter, add->getOperand(1), last) : Value();
    if (!vector || (add && !bias))
      return failure();
    Location loc = op.getLoc();
    auto sizes = tensor::getMixedSizes(rewriter, loc, conv.getFilter());
    Value filter = MulOp::create(
        rewriter, loc, conv.getFilter(),
        BroadcastOp::create(rewriter, loc, vector, sizes,
                            static_cast<int64_t>(sizes.size() - 1)));
    Value result = ConvOp::create(
        rewriter, loc, conv.getType(), conv.getX(), filter, conv.getStrides(),
        conv.getDilations(), conv.getPadding(), conv.getGroups());
    if (add)
      result = AddOp::create(
          rewriter, loc, result,
          BroadcastOp::create(
              rewriter, loc, MulOp::create(rewriter, loc, bias, vector),
              tensor::getMixedSizes(rewriter, loc, result), last));
    if (transpose)
      result = TransposeOp::create(rewriter, loc, op.getType(), result,
                                   transpose.getPermutation());
    rewriter.replaceOp(op, result);
    return success();
  }
};

} // namespace

void mlc::populateConvolutions(RewritePatternSet &patterns) {
  patterns.add<ConvByWindows, MergeGroups, ScaleOfConv>(patterns.getContext());
}
