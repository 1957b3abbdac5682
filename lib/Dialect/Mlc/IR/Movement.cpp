//===- Movement.cpp - Ops that move data ----------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlc;

//===----------------------------------------------------------------------===//
// Constant
//===----------------------------------------------------------------------===//

LogicalResult ConstantOp::verify() {
  auto source = dyn_cast<RankedTensorType>(getValue().getShapedType());
  if (!source)
    return emitOpError() << "expected a value of ranked tensor type, found "
                         << getValue().getShapedType();
  RankedTensorType expected = getPack() ? getPack()->apply(source) : source;
  if (!expected)
    return emitOpError() << "recipe " << *getPack() << " does not fit "
                         << source;
  if (expected != getType()) // C1, C2
    return emitOpError() << "expected type " << expected << ", found "
                         << getType();
  return success();
}

/// What tells constants apart: with a recipe that belongs to it.
OpFoldResult ConstantOp::fold(FoldAdaptor) {
  if (!getPack())
    return getValue();
  return ArrayAttr::get(getContext(), {getValue(), getPackAttr()});
}

void ConstantOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getValue();
  if (getPack())
    printer << " pack " << *getPack() << " -> " << getType();
  printer.printOptionalAttrDict((*this)->getAttrs(), {"value", "pack"});
}

ParseResult ConstantOp::parse(OpAsmParser &parser, OperationState &state) {
  ElementsAttr value;
  PackAttr pack;
  if (parser.parseAttribute(value, "value", state.attributes))
    return failure();
  Type type = value.getShapedType();
  if (succeeded(parser.parseOptionalKeyword("pack")) &&
      (parser.parseAttribute(pack, "pack", state.attributes) ||
       parser.parseArrow() || parser.parseType(type)))
    return failure();
  state.addTypes(type);
  return parser.parseOptionalAttrDict(state.attributes);
}

//===----------------------------------------------------------------------===//
// Reshape
//===----------------------------------------------------------------------===//

void ReshapeOp::build(OpBuilder &builder, OperationState &state, Value x,
                      ArrayRef<OpFoldResult> sizes) {
  SmallVector<Value> values;
  SmallVector<int64_t> literals;
  dispatchIndexOpFoldResults(sizes, values, literals);
  auto type = RankedTensorType::get(literals, elementTypeOf(x));
  build(builder, state, type, x, values, literals);
}

LogicalResult ReshapeOp::infer(Adaptor op, ShapeEnv &env,
                               SmallVectorImpl<Inferred> &results) {
  SmallVector<Dim> dims = env.mixed(op.getStaticSizes(), op.getSizes());
  auto type = cast<RankedTensorType>(op.getX().getType());
  if (type.hasStaticShape() &&
      llvm::all_of(dims, [](Dim dim) { return dim.isLiteral(); })) {
    int64_t count = 1;
    for (Dim dim : dims)
      if (llvm::MulOverflow(count, dim.literal, count))
        return env.error("the number of elements of the result overflows");
    if (count != type.getNumElements()) // C1
      return env.error(Twine("cannot reshape ") + debugString(type) + " with " +
                       Twine(type.getNumElements()) + " elements to " +
                       Twine(count));
  }
  results.push_back({type.getElementType(), std::move(dims)});
  return success();
}

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  if (getX().getType() == getType() && getType().hasStaticShape())
    return getX();
  // One dynamic dim in the same place on both sides is the same dim.
  if (getX().getType() == getType() && getType().getNumDynamicDims() == 1)
    return getX();
  if (auto dense = dyn_cast_if_present<DenseElementsAttr>(adaptor.getX());
      dense && getType().hasStaticShape())
    return dense.reshape(getType());
  return nullptr;
}

namespace {

/// reshape(reshape(x)) -> reshape(x)
struct ReshapeOfReshape : OpRewritePattern<ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ReshapeOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getX().getDefiningOp<ReshapeOp>();
    if (!inner)
      return rewriter.notifyMatchFailure(op, "operand is not reshaped");
    rewriter.modifyOpInPlace(op,
                             [&] { op.getXMutable().assign(inner.getX()); });
    return success();
  }
};

} // namespace

void ReshapeOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                            MLIRContext *context) {
  patterns.add<ReshapeOfReshape>(context);
}

//===----------------------------------------------------------------------===//
// Broadcast
//===----------------------------------------------------------------------===//

void BroadcastOp::build(OpBuilder &builder, OperationState &state, Value x,
                        ArrayRef<OpFoldResult> sizes, ArrayRef<int64_t> axes) {
  SmallVector<Value> values;
  SmallVector<int64_t> literals;
  dispatchIndexOpFoldResults(sizes, values, literals);
  auto type = RankedTensorType::get(literals, elementTypeOf(x));
  build(builder, state, type, x, values, literals, axes);
}

LogicalResult BroadcastOp::infer(Adaptor op, ShapeEnv &env,
                                 SmallVectorImpl<Inferred> &results) {
  SmallVector<Dim> dims = env.mixed(op.getStaticSizes(), op.getSizes());
  SmallVector<Dim> x = env.sizes(op.getX());
  ArrayRef<int64_t> axes = op.getAxes();
  if (axes.size() != x.size()) // C1
    return env.error(Twine("expected ") + Twine(x.size()) + " axes, found " +
                     Twine(axes.size()));
  for (size_t i = 0; i < axes.size(); ++i) {
    if (axes[i] < (i ? axes[i - 1] + 1 : 0) ||
        axes[i] >= static_cast<int64_t>(dims.size())) // C1
      return env.error(Twine("expected increasing axes below the rank ") +
                       Twine(dims.size()) + ", found " +
                       debugString(op.getAxesAttr()));
    if (!env.mayHold(SizeRelation::OneOrEqual, x[i], dims[axes[i]])) // C2
      return env.error(Twine("cannot broadcast axis ") + Twine(i) +
                       " of size " + Twine(x[i].literal) + " to " +
                       Twine(dims[axes[i]].literal));
  }
  results.push_back({elementTypeOf(op.getX()), std::move(dims)});
  return success();
}

OpFoldResult BroadcastOp::fold(FoldAdaptor adaptor) {
  if (getX().getType() == getType() && getType().hasStaticShape())
    return getX();
  if (auto splat = dyn_cast_if_present<SplatElementsAttr>(adaptor.getX());
      splat && getType().hasStaticShape())
    return splat.resizeSplat(getType());
  return nullptr;
}

namespace {

/// broadcast(broadcast(x)) -> broadcast(x)
struct BroadcastOfBroadcast : OpRewritePattern<BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(BroadcastOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getX().getDefiningOp<BroadcastOp>();
    if (!inner)
      return rewriter.notifyMatchFailure(op, "operand is not a broadcast");
    SmallVector<int64_t> axes;
    for (int64_t axis : inner.getAxes())
      axes.push_back(op.getAxes()[axis]);
    rewriter.replaceOpWithNewOp<BroadcastOp>(op, op.getType(), inner.getX(),
                                             op.getSizes(), op.getStaticSizes(),
                                             axes);
    return success();
  }
};

} // namespace

void BroadcastOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                              MLIRContext *context) {
  patterns.add<BroadcastOfBroadcast>(context);
}

//===----------------------------------------------------------------------===//
// Transpose
//===----------------------------------------------------------------------===//

LogicalResult TransposeOp::infer(Adaptor op, ShapeEnv &env,
                                 SmallVectorImpl<Inferred> &results) {
  SmallVector<Dim> x = env.sizes(op.getX());
  if (op.getPermutation().size() != x.size() ||
      !isPermutationVector(op.getPermutation())) // C1
    return env.error(Twine("expected a permutation of ") + Twine(x.size()) +
                     " axes, found " + debugString(op.getPermutationAttr()));
  SmallVector<Dim> dims;
  for (int64_t axis : op.getPermutation())
    dims.push_back(x[axis]);
  results.push_back({elementTypeOf(op.getX()), std::move(dims)});
  return success();
}

OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  if (llvm::is_sorted(getPermutation()))
    return getX().getType() == getType() ? OpFoldResult(getX()) : nullptr;
  if (auto splat = dyn_cast_if_present<SplatElementsAttr>(adaptor.getX());
      splat && getType().hasStaticShape())
    return splat.resizeSplat(getType());
  return nullptr;
}

namespace {

/// transpose(transpose(x)) -> transpose(x)
struct TransposeOfTranspose : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getX().getDefiningOp<TransposeOp>();
    if (!inner)
      return rewriter.notifyMatchFailure(op, "operand is not transposed");
    SmallVector<int64_t> permutation =
        applyPermutation(inner.getPermutation(), op.getPermutation());
    rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), inner.getX(),
                                             permutation);
    return success();
  }
};

/// A transpose that only moves axes of size 1 leaves the elements where they
/// are.
///
///   transpose(x : 4x1x8, [0, 2, 1]) -> reshape(x, 4x8x1)
struct TransposeOfUnitAxes : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<int64_t> moved;
    for (int64_t axis : op.getPermutation())
      if (op.getX().getType().getDimSize(axis) != 1)
        moved.push_back(axis);
    if (!llvm::is_sorted(moved))
      return rewriter.notifyMatchFailure(op,
                                         "moves axes that are not of size 1");
    SmallVector<OpFoldResult> sizes;
    for (int64_t axis : op.getPermutation())
      sizes.push_back(
          tensor::getMixedSize(rewriter, op.getLoc(), op.getX(), axis));
    rewriter.replaceOpWithNewOp<ReshapeOp>(op, op.getX(), sizes);
    return success();
  }
};

} // namespace

void TransposeOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                              MLIRContext *context) {
  patterns.add<TransposeOfTranspose, TransposeOfUnitAxes>(context);
}

//===----------------------------------------------------------------------===//
// Slice
//===----------------------------------------------------------------------===//

void SliceOp::build(OpBuilder &builder, OperationState &state, Value x,
                    ArrayRef<OpFoldResult> offsets,
                    ArrayRef<OpFoldResult> sizes, ArrayRef<int64_t> strides) {
  SmallVector<Value> offsetValues, sizeValues;
  SmallVector<int64_t> offsetLiterals, sizeLiterals;
  dispatchIndexOpFoldResults(offsets, offsetValues, offsetLiterals);
  dispatchIndexOpFoldResults(sizes, sizeValues, sizeLiterals);
  auto type = RankedTensorType::get(sizeLiterals, elementTypeOf(x));
  build(builder, state, type, x, offsetValues, sizeValues, offsetLiterals,
        sizeLiterals, strides);
}

LogicalResult SliceOp::infer(Adaptor op, ShapeEnv &env,
                             SmallVectorImpl<Inferred> &results) {
  SmallVector<Dim> x = env.sizes(op.getX());
  ArrayRef<int64_t> strides = op.getStrides();
  if (op.getStaticOffsets().size() != x.size() ||
      op.getStaticSizes().size() != x.size() ||
      strides.size() != x.size()) // C1
    return env.error(Twine("expected ") + Twine(x.size()) +
                     " offsets, sizes and strides");
  SmallVector<Dim> offsets = env.mixed(op.getStaticOffsets(), op.getOffsets());
  SmallVector<Dim> sizes = env.mixed(op.getStaticSizes(), op.getSizes());
  for (auto [axis, stride] : llvm::enumerate(strides)) {
    if (stride == 0) // C2
      return env.error(Twine("the stride along axis ") + Twine(axis) +
                       " is zero");
    Dim first = offsets[axis], count = sizes[axis];
    if (!first.isLiteral() || !count.isLiteral() || !x[axis].isLiteral() ||
        count.is(0))
      continue;
    int64_t last = first.literal + (count.literal - 1) * stride;
    if (std::min(first.literal, last) < 0 ||
        std::max(first.literal, last) >= x[axis].literal) // C3
      return env.error(Twine("reads element ") +
                       Twine(std::min(first.literal, last) < 0
                                 ? std::min(first.literal, last)
                                 : std::max(first.literal, last)) +
                       " of axis " + Twine(axis) + ", which has " +
                       Twine(x[axis].literal));
  }
  results.push_back({elementTypeOf(op.getX()), std::move(sizes)});
  return success();
}

/// Whether `size` is by construction what `x` has along `axis`.
static bool isSizeOf(Value size, Value x, int64_t axis) {
  if (auto dim = size.getDefiningOp<tensor::DimOp>())
    if (dim.getSource() == x && dim.getConstantIndex() == axis)
      return true;
  auto isSame = [&](auto op) {
    ArrayRef<int64_t> literals = op.getStaticSizes();
    int64_t position =
        llvm::count(literals.take_front(axis), ShapedType::kDynamic);
    return ShapedType::isDynamic(literals[axis]) &&
           op.getSizes()[position] == size;
  };
  Operation *definition = x.getDefiningOp();
  if (!definition)
    return false;
  return TypeSwitch<Operation *, bool>(definition)
      .Case<ReshapeOp, BroadcastOp, SliceOp>(isSame)
      .Default(false);
}

OpFoldResult SliceOp::fold(FoldAdaptor) {
  if (getType().hasStaticShape() && getType().getNumElements() == 0)
    return DenseElementsAttr::get(getType(), ArrayRef<Attribute>());
  bool isStep =
      llvm::all_of(getStrides(), [](int64_t stride) { return stride == 1; });
  bool isStart = llvm::all_of(getStaticOffsets(),
                              [](int64_t offset) { return offset == 0; });
  if (!isStep || !isStart || getX().getType() != getType())
    return nullptr;
  OperandRange sizes = getSizes();
  for (auto [axis, size] : llvm::enumerate(getStaticSizes())) {
    if (!ShapedType::isDynamic(size))
      continue;
    if (!isSizeOf(sizes.front(), getX(), axis))
      return nullptr;
    sizes = sizes.drop_front();
  }
  return getX();
}

//===----------------------------------------------------------------------===//
// Pad, Window
//===----------------------------------------------------------------------===//

void PadOp::build(OpBuilder &builder, OperationState &state, Type type, Value x,
                  Value value, ArrayRef<OpFoldResult> low,
                  ArrayRef<OpFoldResult> high) {
  SmallVector<Value> lowValues, highValues;
  SmallVector<int64_t> lowLiterals, highLiterals;
  dispatchIndexOpFoldResults(low, lowValues, lowLiterals);
  dispatchIndexOpFoldResults(high, highValues, highLiterals);
  build(builder, state, type, x, value, lowValues, highValues, lowLiterals,
        highLiterals);
}

LogicalResult PadOp::infer(Adaptor op, ShapeEnv &env,
                           SmallVectorImpl<Inferred> &results) {
  SmallVector<Dim> dims = env.sizes(op.getX());
  if (op.getStaticLow().size() != dims.size() ||
      op.getStaticHigh().size() != dims.size()) // C1
    return env.error(Twine("expected ") + Twine(dims.size()) +
                     " numbers in low and high");
  auto scalar = RankedTensorType::get({}, elementTypeOf(op.getX()));
  if (op.getValue().getType() != scalar) // C3
    return env.error("expected a value of type " + debugString(scalar) +
                     ", found " + debugString(op.getValue().getType()));
  SmallVector<Dim> low = env.mixed(op.getStaticLow(), op.getLow());
  SmallVector<Dim> high = env.mixed(op.getStaticHigh(), op.getHigh());
  for (auto [axis, dim] : llvm::enumerate(dims)) {
    for (Dim border : {low[axis], high[axis]})
      if (border.isLiteral() && border.literal < 0) // C2
        return env.error(Twine("the border along axis ") + Twine(axis) +
                         " is negative, " + Twine(border.literal));
    dim = low[axis] + dim + high[axis];
  }
  results.push_back({elementTypeOf(op.getX()), std::move(dims)});
  return success();
}

OpFoldResult PadOp::fold(FoldAdaptor) {
  auto isZero = [](int64_t border) { return border == 0; };
  return llvm::all_of(getStaticLow(), isZero) &&
                 llvm::all_of(getStaticHigh(), isZero) &&
                 getX().getType() == getType()
             ? OpFoldResult(getX())
             : nullptr;
}

LogicalResult WindowOp::infer(Adaptor op, ShapeEnv &env,
                              SmallVectorImpl<Inferred> &results) {
  SmallVector<Dim> x = env.sizes(op.getX());
  ArrayRef<int64_t> axes = op.getAxes(), sizes = op.getSizes();
  bool isAscending = llvm::is_sorted(axes, std::less_equal<int64_t>());
  if (!isAscending || (!axes.empty() && axes.front() < 0) ||
      (!axes.empty() && axes.back() >= static_cast<int64_t>(x.size()))) // C1
    return env.error(Twine("expected increasing axes below the rank ") +
                     Twine(x.size()) + ", found " +
                     debugString(op.getAxesAttr()));
  if (sizes.size() != axes.size() || op.getStrides().size() != axes.size() ||
      op.getDilations().size() != axes.size()) // C1
    return env.error(Twine("expected ") + Twine(axes.size()) +
                     " sizes, strides and dilations");
  for (int64_t number : llvm::concat<const int64_t>(sizes, op.getStrides(),
                                                    op.getDilations())) // C2
    if (number < 1)
      return env.error(
          Twine("expected positive sizes, strides and dilations, found ") +
          Twine(number));
  SmallVector<Dim> inside;
  for (auto [i, axis] : llvm::enumerate(axes)) {
    Dim extent = env.literal(sizes[i]);
    x[axis] =
        windowCount(x[axis], extent, op.getStrides()[i], op.getDilations()[i]);
    if (x[axis].isLiteral() && x[axis].literal < 1) // C3
      return env.error(Twine("the window is larger than axis ") + Twine(axis));
    inside.push_back(extent);
  }
  x.insert(x.begin() + (axes.empty() ? 0 : axes.back() + 1), inside.begin(),
           inside.end());
  results.push_back({elementTypeOf(op.getX()), std::move(x)});
  return success();
}

//===----------------------------------------------------------------------===//
// Concat, ShapeOf, FromElements
//===----------------------------------------------------------------------===//

LogicalResult ConcatOp::infer(Adaptor op, ShapeEnv &env,
                              SmallVectorImpl<Inferred> &results) {
  ValueRange xs = op.getXs();
  if (xs.empty()) // C1
    return env.error("expected at least one operand");
  SmallVector<Dim> dims = env.sizes(xs.front());
  int64_t axis = op.getAxis();
  if (axis < 0 || axis >= static_cast<int64_t>(dims.size())) // C2
    return env.error(Twine("expected an axis below the rank ") +
                     Twine(dims.size()) + ", found " + Twine(axis));
  for (Value x : xs.drop_front()) {
    SmallVector<Dim> others = env.sizes(x);
    if (others.size() != dims.size() ||
        elementTypeOf(x) != elementTypeOf(xs.front())) // C1
      return env.error(
          Twine("expected operands of one rank and element type, found ") +
          debugString(xs.front().getType()) + " and " +
          debugString(x.getType()));
    for (int64_t i = 0; i < static_cast<int64_t>(dims.size()); ++i) {
      if (i == axis) {
        dims[i] = dims[i] + others[i];
        continue;
      }
      std::optional<Dim> merged = env.merge(dims[i], others[i]);
      if (!merged) // C3
        return env.error(Twine("expected equal sizes along axis ") + Twine(i) +
                         ", found " + debugString(xs.front().getType()) +
                         " and " + debugString(x.getType()));
      dims[i] = *merged;
    }
  }
  results.push_back({elementTypeOf(xs.front()), std::move(dims)});
  return success();
}

OpFoldResult ConcatOp::fold(FoldAdaptor) {
  return getXs().size() == 1 && getXs().front().getType() == getType()
             ? OpFoldResult(getXs().front())
             : nullptr;
}

LogicalResult ShapeOfOp::infer(Adaptor op, ShapeEnv &env,
                               SmallVectorImpl<Inferred> &results) {
  auto type = cast<RankedTensorType>(op.getX().getType());
  results.push_back(
      {IntegerType::get(type.getContext(), 64), {env.literal(type.getRank())}});
  return success();
}

LogicalResult FromElementsOp::verify() {
  if (!getType().hasStaticShape() ||
      getType().getNumElements() !=
          static_cast<int64_t>(getElements().size())) // C1
    return emitOpError() << "expected as many elements as " << getType()
                         << " has, found " << getElements().size();
  return success();
}

#define GET_OP_CLASSES
#include "mlc/Dialect/Mlc/IR/MlcMovement.cpp.inc"
