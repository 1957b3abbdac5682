//===- Indexing.cpp - Ops that make and follow indices --------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlc;

static LogicalResult checkAxis(ShapeEnv &env, int64_t axis, size_t rank) {
  if (axis >= 0 && axis < static_cast<int64_t>(rank))
    return success();
  return env.error(Twine("expected an axis below the rank ") + Twine(rank) +
                   ", found " + Twine(axis));
}

//===----------------------------------------------------------------------===//
// Iota
//===----------------------------------------------------------------------===//

void IotaOp::build(OpBuilder &builder, OperationState &state, Type to,
                   ArrayRef<OpFoldResult> sizes, int64_t axis) {
  SmallVector<Value> values;
  SmallVector<int64_t> literals;
  dispatchIndexOpFoldResults(sizes, values, literals);
  build(builder, state, RankedTensorType::get(literals, to), to, values,
        literals, axis);
}

LogicalResult IotaOp::infer(Adaptor op, ShapeEnv &env,
                            SmallVectorImpl<Inferred> &results) {
  SmallVector<Dim> dims = env.mixed(op.getStaticSizes(), op.getSizes());
  if (failed(checkAxis(env, op.getAxis(), dims.size()))) // C1
    return failure();
  results.push_back({op.getTo(), std::move(dims)});
  return success();
}

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

/// The shape that all index operands have, when `axes` assigns each of them to
/// an axis of `x` and the other axes to axes of that shape.
static FailureOr<SmallVector<Dim>> inferIndexed(ShapeEnv &env, Value x,
                                                ValueRange indices,
                                                ArrayRef<int64_t> axes) {
  if (indices.empty()) // C1
    return env.error("expected an index operand");
  SmallVector<Dim> dims = env.sizes(indices.front());
  for (Value index : indices.drop_front()) {
    SmallVector<Dim> others = env.sizes(index);
    bool isSame = others.size() == dims.size();
    for (size_t axis = 0; isSame && axis < dims.size(); ++axis) {
      std::optional<Dim> merged = env.merge(dims[axis], others[axis]);
      isSame = merged.has_value();
      dims[axis] = merged.value_or(dims[axis]);
    }
    if (!isSame) // C1
      return env.error(Twine("expected indices of one shape, found ") +
                       debugString(indices.front().getType()) + " and " +
                       debugString(index.getType()));
  }
  SmallVector<Dim> source = env.sizes(x);
  if (axes.size() != source.size()) // C2
    return env.error(Twine("expected ") + Twine(source.size()) +
                     " axes, found " + Twine(axes.size()));
  for (auto [size, axis] : llvm::zip_equal(source, axes)) {
    if (ShapedType::isDynamic(axis))
      continue;
    if (axis < 0 || axis >= static_cast<int64_t>(dims.size())) // C2
      return env.error(Twine("expected axes below the rank ") +
                       Twine(dims.size()) + ", found " + Twine(axis));
    Dim along = dims[axis];
    if (!env.mayHold(SizeRelation::AtMost, along, size)) // C3
      return env.error(Twine("expected at most ") + Twine(size.literal) +
                       " elements along axis " + Twine(axis) + ", found " +
                       Twine(along.literal));
  }
  return dims;
}

LogicalResult GatherOp::infer(Adaptor op, ShapeEnv &env,
                              SmallVectorImpl<Inferred> &results) {
  FailureOr<SmallVector<Dim>> dims =
      inferIndexed(env, op.getX(), op.getIndices(), op.getAxes());
  if (failed(dims))
    return failure();
  bool isEmpty = llvm::any_of(*dims, [](Dim dim) { return dim.is(0); });
  bool isStatic = llvm::all_of(*dims, [](Dim dim) { return dim.isLiteral(); });
  bool readsNothing =
      llvm::any_of(env.sizes(op.getX()), [](Dim dim) { return dim.is(0); });
  if (isStatic && !isEmpty && readsNothing) // C4
    return env.error(Twine("reads elements of the empty ") +
                     debugString(op.getX().getType()));
  results.push_back({elementTypeOf(op.getX()), std::move(*dims)});
  return success();
}

/// gather(splat) -> splat
OpFoldResult GatherOp::fold(FoldAdaptor adaptor) {
  auto splat = dyn_cast_if_present<SplatElementsAttr>(adaptor.getX());
  return splat && getType().hasStaticShape()
             ? OpFoldResult(splat.resizeSplat(getType()))
             : nullptr;
}

//===----------------------------------------------------------------------===//
// Scatter
//===----------------------------------------------------------------------===//

/// What the function of the builtins has room for.
static constexpr int64_t maxRank = 32;

LogicalResult ScatterOp::infer(Adaptor op, ShapeEnv &env,
                               SmallVectorImpl<Inferred> &results) {
  SmallVector<Value> indices(op.getIndices());
  if (!indices.empty()) // C1
    indices.push_back(op.getUpdates());
  if (failed(inferIndexed(env, op.getX(), indices, op.getAxes())))
    return failure();
  for (Value ranked : {op.getX(), op.getUpdates()})
    if (cast<RankedTensorType>(ranked.getType()).getRank() > maxRank) // C2
      return env.error(Twine("expected a rank of at most ") + Twine(maxRank) +
                       ", found " + debugString(ranked.getType()));
  Type element = elementTypeOf(op.getX());
  if (elementTypeOf(op.getUpdates()) != element) // C4
    return env.error(Twine("expected updates of type ") + debugString(element) +
                     ", found " + debugString(elementTypeOf(op.getUpdates())));
  if (op.getKind() && failed(checkKind(env, *op.getKind(), element))) // C5
    return failure();
  results.push_back({element, env.sizes(op.getX())});
  return success();
}

//===----------------------------------------------------------------------===//
// Scan and argsort
//===----------------------------------------------------------------------===//

LogicalResult ScanOp::infer(Adaptor op, ShapeEnv &env,
                            SmallVectorImpl<Inferred> &results) {
  SmallVector<Dim> dims = env.sizes(op.getX());
  Type element = elementTypeOf(op.getX());
  if (failed(checkAxis(env, op.getAxis(), dims.size())) || // C1
      failed(checkKind(env, op.getKind(), element)))       // C2
    return failure();
  results.push_back({element, std::move(dims)});
  return success();
}

void ArgsortOp::build(OpBuilder &builder, OperationState &state, Value x,
                      int64_t axis, bool descending, OpFoldResult size) {
  SmallVector<Value> values;
  SmallVector<int64_t> literals;
  dispatchIndexOpFoldResults(size, values, literals);
  SmallVector<int64_t> shape(cast<RankedTensorType>(x.getType()).getShape());
  if (axis >= 0 && axis < static_cast<int64_t>(shape.size()))
    shape[axis] = literals.front();
  build(builder, state, RankedTensorType::get(shape, builder.getI64Type()), x,
        axis, descending, values, literals);
}

LogicalResult ArgsortOp::infer(Adaptor op, ShapeEnv &env,
                               SmallVectorImpl<Inferred> &results) {
  SmallVector<Dim> dims = env.sizes(op.getX());
  SmallVector<Dim> sizes = env.mixed(op.getStaticSize(), op.getSize());
  if (failed(checkAxis(env, op.getAxis(), dims.size()))) // C1
    return failure();
  if (sizes.size() != 1) // C2
    return env.error(Twine("expected one size, found ") + Twine(sizes.size()));
  Dim &along = dims[op.getAxis()], size = sizes.front();
  if (!env.mayHold(SizeRelation::AtMost, size, along)) // C2
    return env.error(Twine("expected at most ") + Twine(along.literal) +
                     " elements, found " + Twine(size.literal));
  along = size;
  Type element = IntegerType::get(op.getX().getContext(), 64);
  results.push_back({element, std::move(dims)});
  return success();
}

#define GET_OP_CLASSES
#include "mlc/Dialect/Mlc/IR/MlcIndexing.cpp.inc"
