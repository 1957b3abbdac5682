//===- NodeOps.cpp - Ops that converters make -----------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeContext.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

Value NodeContext::constant(ElementsAttr value) {
  return ConstantOp::create(builder, loc, value);
}

Value NodeContext::scalar(double value, Type element) {
  auto type = RankedTensorType::get({}, element);
  if (auto floatType = dyn_cast<FloatType>(element)) {
    APFloat rounded(value);
    bool losesInfo;
    rounded.convert(floatType.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                    &losesInfo);
    return constant(DenseElementsAttr::get(type, rounded));
  }
  if (!std::isfinite(value)) {
    report("elements of type " + debugString(element) +
           " are given where floats are needed");
    return nullptr;
  }
  APSInt bits(64, /*isUnsigned=*/false);
  bool isExact;
  APFloat(value).convertToInteger(bits, APFloat::rmTowardZero, &isExact);
  return constant(DenseElementsAttr::get(
      type, bits.trunc(element.getIntOrFloatBitWidth())));
}

Value NodeContext::splatLike(double value, Value like) {
  if (!like)
    return nullptr;
  return broadcast(scalar(value, elementTypeOf(like)), shapes.sizes(like), {});
}

Value NodeContext::splatLike(const Expr &value, Value like) {
  if (!like)
    return nullptr;
  return broadcast(count(value, elementTypeOf(like)), shapes.sizes(like), {});
}

Value NodeContext::fromExprs(ArrayRef<Expr> elements, RankedTensorType type) {
  if (llvm::all_of(elements, [](const Expr &e) { return e.getLiteral(); })) {
    unsigned width = type.getElementType().getIntOrFloatBitWidth();
    SmallVector<APInt> values;
    for (const Expr &element : elements)
      values.push_back(
          APInt(64, *element.getLiteral(), /*isSigned=*/true).trunc(width));
    return constant(DenseElementsAttr::get(type, values));
  }
  SmallVector<Value> values;
  for (const Expr &element : elements)
    values.push_back(materialize(element));
  if (hasFailed())
    return nullptr;
  return FromElementsOp::create(builder, loc, type, values);
}

Expr mlc::onnx::productOf(ArrayRef<Expr> sizes) {
  Expr product(1);
  for (const Expr &size : sizes)
    product = product * size;
  return product;
}

Value NodeContext::count(ArrayRef<Expr> sizes, Type element) {
  Expr product = productOf(sizes);
  if (std::optional<int64_t> literal = product.getLiteral())
    return scalar(static_cast<double>(*literal), element);
  return cast(
      fromExprs(product, RankedTensorType::get({}, builder.getI64Type())),
      element);
}

//===----------------------------------------------------------------------===//
// Index arithmetic
//===----------------------------------------------------------------------===//

FailureOr<SmallVector<OpFoldResult>>
NodeContext::materialize(ArrayRef<Expr> exprs) {
  SmallVector<OpFoldResult> result;
  for (const Expr &expr : exprs) {
    OpFoldResult value =
        expr ? shapes.materialize(builder, loc, expr) : OpFoldResult();
    if (!value)
      return error("a size overflows or cannot be computed");
    result.push_back(value);
  }
  return result;
}

Value NodeContext::materialize(const Expr &expr) {
  FailureOr<SmallVector<OpFoldResult>> result = materialize(ArrayRef(expr));
  if (failed(result))
    return nullptr;
  return getValueOrCreateConstantIndexOp(builder, loc, result->front());
}

Value NodeContext::scalarValue(Value tensor) {
  if (hasFailed() || !tensor)
    return nullptr;
  if (!typeOf(tensor).hasStaticShape() ||
      typeOf(tensor).getNumElements() != 1) {
    report(debugString(tensor.getType()) + " is given where one element is "
                                           "allowed");
    return nullptr;
  }
  SmallVector<Value> zeros(rankOf(tensor));
  for (Value &zero : zeros)
    zero = arith::ConstantIndexOp::create(builder, loc, 0);
  return tensor::ExtractOp::create(builder, loc, tensor, zeros);
}

Expr NodeContext::selectEqual(const Expr &value, int64_t literal,
                              const Expr &ifEqual, const Expr &otherwise) {
  if (hasFailed() || isKnownNotEqual(value, Expr(literal)))
    return otherwise;
  if (value.is(literal))
    return ifEqual;
  Value with = arith::ConstantIndexOp::create(builder, loc, literal);
  Value x = materialize(value), y = materialize(ifEqual);
  Value z = materialize(otherwise);
  if (hasFailed())
    return Expr();
  Value isEqual =
      arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, x, with);
  return shapes.value(arith::SelectOp::create(builder, loc, isEqual, y, z));
}

void NodeContext::requireNotNegative(const Expr &value, const Twine &message) {
  if (hasFailed() || !value || value.bounds().min >= 0)
    return;
  if (value.bounds().max < 0)
    return report(message);
  Value x = materialize(value);
  if (!x)
    return;
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value holds =
      arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge, x, zero);
  cf::AssertOp::create(builder, loc, holds,
                       ("node \"" + Twine(name) + "\": " + message).str());
}

void NodeContext::requireMemory(ArrayRef<Expr> sizes, Type element) {
  if (hasFailed())
    return;
  if (llvm::any_of(sizes, [](const Expr &size) { return !size; }))
    return report("a size of its result overflows");
  if (llvm::any_of(sizes,
                   [](const Expr &size) { return size.bounds().max < 0; }))
    return report("a size of its result is negative");
  // Those of inputs are as small as the inputs are.
  if (llvm::all_of(sizes,
                   [&](const Expr &size) { return shapes.isShapeOnly(size); }))
    return;
  Expr bytes(llvm::divideCeil(element.getIntOrFloatBitWidth(), 8));
  for (const Expr &size : sizes)
    bytes = bytes * size;
  requireNotNegative(Expr(maxTensorBytes) - bytes, "a tensor has more than " +
                                                       Twine(maxTensorBytes) +
                                                       " bytes");
}

void NodeContext::requireEqual(const Expr &a, const Expr &b,
                               const Twine &what) {
  if (!hasFailed())
    require(SizeRelation::Equal, a, b,
            what + " differs: " + a.toString() + " and " + b.toString());
}

static std::pair<std::string, std::string> keyOf(const Expr &a, const Expr &b) {
  return std::minmax({a.toString().str(), b.toString().str()});
}

/// Whether the relation holds or fails for all sizes; none when that depends.
static std::optional<bool> decide(SizeRelation relation, const Expr &a,
                                  const Expr &b) {
  if (a == b || (relation == SizeRelation::OneOrEqual && a.is(1)))
    return true;
  if (relation == SizeRelation::AtMost)
    return isKnownLessEqual(a, b)             ? std::optional(true)
           : isKnownLessEqual(b + Expr(1), a) ? std::optional(false)
                                              : std::nullopt;
  bool canBeOne =
      relation == SizeRelation::OneOrEqual && !isKnownNotEqual(a, Expr(1));
  return isKnownNotEqual(a, b) && !canBeOne ? std::optional(false)
                                            : std::nullopt;
}

void NodeContext::require(SizeRelation relation, const Expr &a, const Expr &b,
                          const Twine &message) {
  if (hasFailed() || !a || !b)
    return;
  if (std::optional<bool> holds = decide(relation, a, b)) {
    if (!*holds)
      report(message);
    return;
  }
  SizeFacts &facts = context.sizeFacts;
  auto merged = facts.merged.find(keyOf(a, b));
  bool isMerged = merged != facts.merged.end() && merged->second == b;
  if ((relation == SizeRelation::OneOrEqual && isMerged) ||
      !facts.checked.insert({relation, a.toString().str(), b.toString().str()})
           .second)
    return;
  Value x = materialize(a), y = materialize(b);
  if (hasFailed())
    return;
  auto compare = [&](arith::CmpIPredicate predicate, Value other) -> Value {
    return arith::CmpIOp::create(builder, loc, predicate, x, other);
  };
  Value holds =
      compare(relation == SizeRelation::AtMost ? arith::CmpIPredicate::sle
                                               : arith::CmpIPredicate::eq,
              y);
  if (relation == SizeRelation::OneOrEqual) {
    Value one = arith::ConstantIndexOp::create(builder, loc, 1);
    holds = arith::OrIOp::create(builder, loc, holds,
                                 compare(arith::CmpIPredicate::eq, one));
  }
  cf::AssertOp::create(builder, loc, holds,
                       ("node \"" + Twine(name) + "\": " + message).str());
}

/// Rules of the op that only the run can check, before it runs.
void NodeContext::requireDemands(Operation *op) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(op);
  for (const auto &[relation, a, b] : shapes.demands(op)) {
    std::string x = a.toString().str(), y = b.toString().str();
    switch (relation) {
    case SizeRelation::Equal:
      require(relation, a, b, "sizes \"" + x + "\" and \"" + y + "\" differ");
      break;
    case SizeRelation::OneOrEqual:
      require(relation, a, b,
              "size \"" + x + "\" is neither 1 nor \"" + y + "\"");
      break;
    case SizeRelation::AtMost:
      require(relation, a, b,
              "size \"" + x + "\" is larger than \"" + y + "\"");
      break;
    }
  }
}

void NodeContext::requireAll(Value holds, const Twine &message) {
  SmallVector<int64_t> axes =
      llvm::to_vector(llvm::seq<int64_t>(0, holds ? rankOf(holds) : 0));
  Value all = reduce(ReduceKind::And, holds, axes, /*keep=*/false);
  if (hasFailed())
    return;
  Value isTrue = tensor::ExtractOp::create(builder, loc, all, ValueRange());
  cf::AssertOp::create(builder, loc, isTrue,
                       ("node \"" + Twine(name) + "\": " + message).str());
}

/// Two sizes of which nothing is known: they are equal, or one of them is 1.
///
///   %size = select(%a == 1, %b, %a)
Expr NodeContext::mergeAtRunTime(const Expr &a, const Expr &b) {
  Expr &merged = context.sizeFacts.merged[keyOf(a, b)];
  if (merged)
    return merged;
  Value x = materialize(a), y = materialize(b);
  if (hasFailed())
    return Expr();
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  auto isEqual = [&](Value p, Value q) -> Value {
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, p, q);
  };
  Value isOneX = isEqual(x, one);
  Value isEither = arith::OrIOp::create(builder, loc, isOneX, isEqual(y, one));
  Value holds = arith::OrIOp::create(builder, loc, isEither, isEqual(x, y));
  cf::AssertOp::create(builder, loc, holds,
                       ("node \"" + Twine(name) + "\": sizes \"" +
                        a.toString() + "\" and \"" + b.toString() +
                        "\" differ and neither is 1")
                           .str());
  Value size = arith::SelectOp::create(builder, loc, isOneX, y, x);
  Expr result = merged = shapes.value(size);
  // The common size agrees with either.
  for (const Expr &part : {a, b})
    context.sizeFacts.merged[keyOf(result, part)] = result;
  return result;
}

//===----------------------------------------------------------------------===//
// Broadcasting
//===----------------------------------------------------------------------===//

static std::string toString(ArrayRef<Expr> sizes) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleave(sizes, os, "x");
  return "\"" + text + "\"";
}

FailureOr<Exprs> NodeContext::commonSizes(ArrayRef<Expr> a, ArrayRef<Expr> b) {
  if (a.size() < b.size())
    std::swap(a, b);
  Exprs result(a.begin(), a.end());
  for (size_t i = 0; i < b.size(); ++i) {
    Expr &size = result[a.size() - b.size() + i];
    const Expr &other = b[i];
    if (size == other || other.is(1))
      continue;
    bool isLiteral = size.getLiteral().has_value();
    if (size.is(1)) {
      size = other;
    } else if (isLiteral && other.getLiteral()) {
      return error("cannot broadcast shapes " + ::toString(a) + " and " +
                   ::toString(b) + " together");
    } else if (isLiteral || isKnownNotEqual(size, Expr(1))) {
      // The other size is this one or 1; the broadcast checks it at run time.
      continue;
    } else if (other.getLiteral() || isKnownNotEqual(other, Expr(1))) {
      size = other;
    } else {
      size = mergeAtRunTime(size, other);
      if (!size)
        return failure();
    }
  }
  return result;
}

LogicalResult NodeContext::broadcastTogether(MutableArrayRef<Value> values) {
  if (hasFailed() || llvm::is_contained(values, Value()))
    return failure();
  Exprs sizes;
  for (Value value : values) {
    FailureOr<Exprs> common = commonSizes(sizes, shapes.sizes(value));
    if (failed(common))
      return failure();
    sizes = std::move(*common);
  }
  for (Value &value : values)
    value = broadcast(value, sizes);
  return success(!hasFailed());
}

Value NodeContext::broadcast(Value x, ArrayRef<Expr> sizes) {
  if (hasFailed() || !x)
    return nullptr;
  int64_t offset = static_cast<int64_t>(sizes.size()) - rankOf(x);
  if (offset < 0) {
    report(Twine("cannot broadcast ") + debugString(x.getType()) + " to rank " +
           Twine(sizes.size()));
    return nullptr;
  }
  return broadcast(x, sizes,
                   llvm::to_vector(llvm::seq<int64_t>(offset, sizes.size())));
}

Value NodeContext::broadcast(Value x, ArrayRef<Expr> sizes,
                             ArrayRef<int64_t> axes) {
  if (hasFailed() || !x)
    return nullptr;
  if (shapes.sizes(x) == Exprs(sizes))
    return x;
  FailureOr<SmallVector<OpFoldResult>> mixed = materialize(sizes);
  if (failed(mixed))
    return nullptr;
  OperationState state(loc, BroadcastOp::getOperationName());
  BroadcastOp::build(builder, state, x, *mixed, axes);
  return finish(state);
}

//===----------------------------------------------------------------------===//
// Movement and reduction
//===----------------------------------------------------------------------===//

Value NodeContext::cast(Value x, Type element) {
  if (!x || !element)
    return nullptr;
  return elementTypeOf(x) == element ? x : create<CastOp>(x, element);
}

Value NodeContext::widen(Value x) {
  bool isNarrow = x && isa<FloatType>(elementTypeOf(x)) &&
                  elementTypeOf(x).getIntOrFloatBitWidth() < 32;
  return isNarrow ? cast(x, builder.getF32Type()) : x;
}

Value NodeContext::reshape(Value x, ArrayRef<Expr> sizes) {
  if (hasFailed() || !x)
    return nullptr;
  Exprs from = shapes.sizes(x);
  if (from == Exprs(sizes))
    return x;
  bool isNegative = llvm::any_of(
      sizes, [](const Expr &size) { return size && size.bounds().max < 0; });
  std::string message =
      "cannot reshape " + ::toString(from) + " to " + ::toString(sizes);
  if (isNegative)
    report(message);
  require(SizeRelation::Equal, productOf(from), productOf(sizes), message);
  FailureOr<SmallVector<OpFoldResult>> mixed = materialize(sizes);
  if (failed(mixed))
    return nullptr;
  OperationState state(loc, ReshapeOp::getOperationName());
  ReshapeOp::build(builder, state, x, *mixed);
  return finish(state);
}

Value NodeContext::transpose(Value x, ArrayRef<int64_t> permutation) {
  if (!x || llvm::equal(permutation, llvm::seq<int64_t>(0, rankOf(x))))
    return x;
  return create<TransposeOp>(x, permutation);
}

Value NodeContext::slice(Value x, ArrayRef<Expr> offsets, ArrayRef<Expr> sizes,
                         ArrayRef<int64_t> strides) {
  if (hasFailed() || !x)
    return nullptr;
  bool isForward = llvm::all_of(strides, [](int64_t s) { return s == 1; });
  if (isForward && shapes.sizes(x) == Exprs(sizes))
    return x;
  FailureOr<SmallVector<OpFoldResult>> first = materialize(offsets);
  FailureOr<SmallVector<OpFoldResult>> counts = materialize(sizes);
  if (failed(first) || failed(counts))
    return nullptr;
  OperationState state(loc, SliceOp::getOperationName());
  SliceOp::build(builder, state, x, *first, *counts, strides);
  return finish(state);
}

Value NodeContext::component(Value x, int64_t index) {
  if (hasFailed() || !x)
    return nullptr;
  Exprs sizes = shapes.sizes(x), offsets(sizes.size(), Expr(0));
  SmallVector<int64_t> strides(sizes.size(), 1);
  offsets.back() = index;
  sizes.back() = 1;
  return reshape(slice(x, offsets, sizes, strides),
                 ArrayRef(sizes).drop_back());
}

Value NodeContext::iota(ArrayRef<Expr> sizes, int64_t axis, Type element) {
  requireMemory(sizes, element);
  FailureOr<SmallVector<OpFoldResult>> mixed = materialize(sizes);
  if (failed(mixed) || hasFailed())
    return nullptr;
  OperationState state(loc, IotaOp::getOperationName());
  IotaOp::build(builder, state, element, *mixed, axis);
  return finish(state);
}

Value NodeContext::argsort(Value x, int64_t axis, bool isDescending,
                           const Expr &size) {
  FailureOr<SmallVector<OpFoldResult>> mixed = materialize(ArrayRef(size));
  if (failed(mixed) || hasFailed() || !x)
    return nullptr;
  OperationState state(loc, ArgsortOp::getOperationName());
  ArgsortOp::build(builder, state, x, axis, isDescending, mixed->front());
  return finish(state);
}

/// Every element that holds goes to the place that the number of those before
/// it says.
///
///   %place = scan sum %condition exclusive
///   scatter zeros[select(%condition, %place, -1)] from iota
Value NodeContext::compress(Value condition) {
  if (hasFailed() || !condition)
    return nullptr;
  Type i64 = builder.getI64Type();
  Expr total = productOf(shapes.sizes(condition));
  condition = reshape(condition, total);
  Value ones = cast(condition, i64);
  Value sum = reduce(ReduceKind::Sum, ones, 0, /*keep=*/false);
  if (!sum)
    return nullptr;
  Expr count = shapes.elements(sum)->front();
  Value place = create<ScanOp>(ReduceKind::Sum, ones, int64_t(0),
                               /*exclusive=*/true, /*reverse=*/false);
  Value dropped = create<SelectOp>(condition, place, splatLike(-1.0, place));
  Value zeros = broadcast(scalar(0, i64), count, {});
  int64_t isIndexed = ShapedType::kDynamic;
  return create<ScatterOp>(zeros, ValueRange(dropped), iota(total, 0, i64),
                           ArrayRef(isIndexed), ReduceKindAttr());
}

/// Indices that are known need no check when the model runs.
static std::optional<Exprs> knownIndices(NodeContext &node, Value indices,
                                         const Expr &size) {
  std::optional<SymbolicShapes::Elements> known = node.shapes.elements(indices);
  if (!known || NodeContext::rankOf(indices) > 1)
    return std::nullopt;
  Exprs result;
  for (const Expr &index : *known) {
    std::optional<int64_t> literal = index.getLiteral();
    Expr fromFront = literal && *literal < 0 ? index + size : index;
    bool isInside = literal && isKnownLessEqual(0, fromFront) &&
                    isKnownLessEqual(fromFront + Expr(1), size);
    bool isOutside = literal && size.getLiteral() && !isInside;
    if (isOutside)
      node.report("index " + Twine(*literal) + " is out of range for size " +
                  size.toString());
    if (!isInside)
      return std::nullopt;
    result.push_back(fromFront);
  }
  return result;
}

Value NodeContext::checkedIndices(Value indices, const Expr &size) {
  if (hasFailed() || !indices)
    return nullptr;
  if (std::optional<Exprs> known = knownIndices(*this, indices, size))
    return fromExprs(*known, typeOf(indices));
  Value zero = splatLike(0, indices), count = splatLike(size, indices);
  Value fromFront = create<SelectOp>(create<LessOp>(indices, zero),
                                     create<AddOp>(indices, count), indices);
  requireAll(create<AndOp>(create<GreaterEqualOp>(fromFront, zero),
                           create<LessOp>(fromFront, count)),
             "an index is out of range for size " + size.toString());
  return fromFront;
}

Value NodeContext::pad(Value x, Value value, ArrayRef<Expr> low,
                       ArrayRef<Expr> high) {
  auto isZero = [](const Expr &border) { return border.is(0); };
  if (hasFailed() || !x || !value ||
      (llvm::all_of(low, isZero) && llvm::all_of(high, isZero)))
    return x;
  Exprs sizes = shapes.sizes(x);
  for (auto [size, first, last] : llvm::zip_equal(sizes, low, high))
    size = size + first + last;
  requireMemory(sizes, elementTypeOf(x));
  FailureOr<SmallVector<OpFoldResult>> before = materialize(low);
  FailureOr<SmallVector<OpFoldResult>> after = materialize(high);
  if (failed(before) || failed(after))
    return nullptr;
  OperationState state(loc, PadOp::getOperationName());
  PadOp::build(builder, state, placeholder(), x, value, *before, *after);
  return finish(state);
}

Value NodeContext::reduce(ReduceKind kind, Value x, ArrayRef<int64_t> axes,
                          bool keep) {
  if (hasFailed() || !x)
    return nullptr;
  if (axes.empty())
    return x;
  Value reduced = create<ReduceOp>(kind, x, axes);
  if (!keep)
    return reduced;
  Exprs sizes = shapes.sizes(x);
  for (int64_t axis : axes)
    sizes[axis] = 1;
  return reshape(reduced, sizes);
}
