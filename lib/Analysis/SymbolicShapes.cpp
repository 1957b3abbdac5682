//===- SymbolicShapes.cpp - Sizes as expressions over symbols -------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Analysis/SymbolicShapes.h"
#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace mlc;

//===----------------------------------------------------------------------===//
// Symbols
//===----------------------------------------------------------------------===//

SymbolicShapes::SymbolicShapes(func::FuncOp function) {
  auto module = function->getParentOfType<ModuleOp>();
  auto table = module ? module->getAttrOfType<SymbolsAttr>("mlc.symbols")
                      : SymbolsAttr();
  if (table)
    for (SymbolAttr symbol : table.getSymbols()) {
      StringRef name = symbol.getName().getValue();
      bool isFixed = symbol.getMin() == symbol.getMax();
      symbols[name] =
          isFixed ? Expr(symbol.getMin())
                  : Expr::symbol({name.str(),
                                  {symbol.getMin(), symbol.getMax()},
                                  std::max<int64_t>(symbol.getMultiple(), 1)});
    }
  if (!function.isExternal())
    bindArguments(function);
}

void SymbolicShapes::bindArguments(func::FuncOp function) {
  for (BlockArgument argument : function.getArguments()) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    auto dims = function.getArgAttrOfType<DimsAttr>(argument.getArgNumber(),
                                                    "mlc.dims");
    if (!type || !dims ||
        static_cast<int64_t>(dims.getDims().size()) != type.getRank())
      continue;
    SmallVector<Expr> &sizes = knownSizes[argument];
    for (auto [axis, size] : llvm::enumerate(type.getShape())) {
      std::optional<Expr> declared;
      if (ShapedType::isDynamic(size))
        declared =
            Expr::parse(dims.getDims()[axis].getValue(), [&](StringRef name) {
              return std::optional(getSymbol(name));
            });
      sizes.push_back(ShapedType::isDynamic(size) ? declared.value_or(Expr())
                                                  : Expr(size));
      if (declared)
        bindSymbols(*declared, argument, axis);
    }
  }
}

void SymbolicShapes::bindSymbols(const Expr &size, Value argument,
                                 unsigned axis) {
  ArrayRef<Expr::Term> terms = size.terms();
  if (terms.empty() || terms.size() > 2 || terms.front().factors.size() != 1 ||
      terms.front().factors[0].getKind() != Expr::AtomKind::Symbol ||
      (terms.size() == 2 && !terms.back().factors.empty()))
    return;
  Origin origin = {Origin::Size, argument, axis, terms.front().coefficient,
                   terms.size() == 2 ? terms.back().coefficient : 0};
  auto [known, isNew] =
      origins.try_emplace(terms.front().factors[0].getSymbol().name, origin);
  bool isPlain = origin.scale == 1 && origin.offset == 0;
  bool wasPlain = known->second.scale == 1 && known->second.offset == 0;
  if (!isNew && isPlain && !wasPlain)
    known->second = origin;
}

Expr SymbolicShapes::getSymbol(StringRef name) {
  Expr &symbol = symbols[name];
  if (!symbol)
    symbol = Expr::symbol({name.str()});
  return symbol;
}

Expr SymbolicShapes::makeSymbol(StringRef stem, Bounds bounds, Origin origin) {
  std::string name = stem.str();
  while (symbols.contains(name))
    name = (stem + "_" + Twine(++stems[stem])).str();
  Expr symbol = Expr::symbol({name, bounds});
  symbols[name] = symbol;
  origins[name] = origin;
  return symbol;
}

bool SymbolicShapes::isShapeOnly(const Expr &expr) const {
  bool result = static_cast<bool>(expr);
  expr.forEachSymbol([&](const Symbol &symbol) {
    auto origin = origins.find(symbol.name);
    if (origin == origins.end() || origin->second.kind != Origin::Size) {
      result = false;
      return;
    }
    auto argument = dyn_cast<BlockArgument>(origin->second.value);
    result &= argument &&
              isa_and_present<func::FuncOp>(argument.getOwner()->getParentOp());
  });
  return result;
}

//===----------------------------------------------------------------------===//
// Queries
//===----------------------------------------------------------------------===//

Expr SymbolicShapes::size(Value tensor, unsigned axis) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!type.isDynamicDim(axis))
    return type.getDimSize(axis);
  analyze(tensor);
  return knownSizes.find(tensor)->second[axis];
}

SmallVector<Expr> SymbolicShapes::sizes(Value tensor) {
  SmallVector<Expr> result;
  if (!tensor)
    return result;
  for (int64_t axis :
       llvm::seq(cast<RankedTensorType>(tensor.getType()).getRank()))
    result.push_back(size(tensor, axis));
  return result;
}

SmallVector<SizeDemand> SymbolicShapes::demands(Operation *op) {
  for (Value operand : op->getOperands())
    if (isa<RankedTensorType>(operand.getType()))
      (void)sizes(operand);
  SmallVector<SizeDemand> demands;
  llvm::SaveAndRestore collecting(collected, &demands);
  SmallVector<Inferred> results;
  if (auto shaped = dyn_cast<ShapedOp>(op))
    (void)shaped.inferShapes(*this, results);
  return demands;
}

Expr SymbolicShapes::value(Value index) {
  analyze(index);
  return knownScalars.lookup(index);
}

/// Whether the tensor is followed element by element.
static bool hasElements(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getElementType().isInteger() &&
         tensor.hasStaticShape() &&
         tensor.getNumElements() <= SymbolicShapes::maxElements;
}

std::optional<SymbolicShapes::Elements> SymbolicShapes::elements(Value tensor) {
  if (!hasElements(tensor.getType()))
    return std::nullopt;
  analyze(tensor);
  return knownElements.find(tensor)->second;
}

//===----------------------------------------------------------------------===//
// Analysis
//===----------------------------------------------------------------------===//

/// What the sizes and elements of the results of `op` follow from.
static SmallVector<Value> dependences(Operation *op) {
  SmallVector<Value> result(op->getOperands());
  if (isa<IfOp, LoopOp>(op))
    for (Region &region : op->getRegions())
      llvm::append_range(result, region.front().getTerminator()->getOperands());
  return result;
}

void SymbolicShapes::analyze(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return analyzeArgument(argument);
  // A stack of our own: chains of ops are longer than the machine's is deep.
  SmallVector<Operation *> pending = {value.getDefiningOp()};
  while (!pending.empty()) {
    Operation *op = pending.back();
    size_t before = pending.size();
    if (!analyzed.contains(op))
      for (Value operand : dependences(op)) {
        if (auto argument = dyn_cast<BlockArgument>(operand))
          analyzeArgument(argument);
        else if (!analyzed.contains(operand.getDefiningOp()))
          pending.push_back(operand.getDefiningOp());
      }
    if (pending.size() > before)
      continue;
    pending.pop_back();
    if (analyzed.insert(op).second)
      analyzeOp(op);
  }
}

static std::string stemOf(Operation *op) {
  if (auto name = dyn_cast<NameLoc>(op->getLoc()))
    return Expr::toSymbolName(name.getName().getValue());
  return Expr::toSymbolName(op->getName().stripDialect());
}

void SymbolicShapes::analyzeArgument(BlockArgument argument) {
  std::string stem = "arg" + std::to_string(argument.getArgNumber());
  if (auto function =
          dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp()))
    if (auto name = function.getArgAttrOfType<StringAttr>(
            argument.getArgNumber(), "mlc.name"))
      stem = Expr::toSymbolName(name.getValue());
  auto loop = dyn_cast<LoopOp>(argument.getOwner()->getParentOp());
  if (loop && !knownScalars.contains(argument) &&
      !knownSizes.contains(argument)) {
    stem = stemOf(loop) + "_" + stem;
    if (argument.getType().isIndex())
      knownScalars[argument] =
          makeSymbol(stem, Symbol().bounds, {Origin::Scalar, argument});
    else
      sizesInLoop(loop, argument);
  }
  complete(argument, stem);
}

/// Sizes that do not vary are those that the loop starts with.
void SymbolicShapes::sizesInLoop(LoopOp loop, BlockArgument argument) {
  unsigned carried = argument.getArgNumber() - 1;
  for (auto [axis, size] : llvm::enumerate(sizes(loop.getInits()[carried])))
    knownSizes[argument].push_back(loop.isVarying(carried, axis) ? Expr()
                                                                 : size);
}

void SymbolicShapes::analyzeOp(Operation *op) {
  analyzeSizes(op);
  if (op->getNumResults() == 1) {
    Value result = op->getResult(0);
    if (result.getType().isIntOrIndex()) {
      if (Expr scalar = computeScalar(op))
        knownScalars[result] = scalar;
    } else if (hasElements(result.getType())) {
      if (std::optional<Elements> elements = computeElements(op))
        knownElements[result] = std::move(*elements);
    }
  }
  std::string stem = stemOf(op);
  for (Value result : op->getResults())
    complete(result, stem);
}

void SymbolicShapes::analyzeSizes(Operation *op) {
  if (llvm::all_of(op->getResultTypes(), [](Type type) {
        auto tensor = dyn_cast<RankedTensorType>(type);
        return !tensor || tensor.hasStaticShape();
      }))
    return;
  if (auto branch = dyn_cast<IfOp>(op))
    return analyzeIf(branch);
  if (auto loop = dyn_cast<LoopOp>(op))
    return analyzeLoop(loop);
  auto shaped = dyn_cast<ShapedOp>(op);
  SmallVector<Inferred> results;
  if (!shaped || failed(shaped.inferShapes(*this, results)))
    return;
  for (auto [result, inferred] : llvm::zip_equal(op->getResults(), results))
    for (Dim dim : inferred.dims)
      knownSizes[result].push_back(toExpr(dim));
}

bool SymbolicShapes::isKnownAround(Operation *op, const Expr &expr) const {
  bool result = static_cast<bool>(expr);
  expr.forEachSymbol([&](const Symbol &symbol) {
    auto origin = origins.find(symbol.name);
    if (origin == origins.end())
      return;
    Value value = origin->second.value;
    result &= !op->isAncestor(value.getParentBlock()->getParentOp());
  });
  return result;
}

/// A size on which both regions agree.
void SymbolicShapes::analyzeIf(IfOp op) {
  for (auto [result, x, y] : llvm::zip_equal(
           op.getResults(), op.getThenResults(), op.getElseResults()))
    for (auto [a, b] : llvm::zip_equal(sizes(x), sizes(y)))
      knownSizes[result].push_back(a == b && isKnownAround(op, a) ? a : Expr());
}

void SymbolicShapes::analyzeLoop(LoopOp op) {
  for (OpResult result : op.getCarriedResults()) {
    unsigned carried = result.getResultNumber();
    for (auto [axis, size] : llvm::enumerate(sizes(op.getInits()[carried])))
      knownSizes[result].push_back(op.isVarying(carried, axis) ? Expr() : size);
  }
  Expr count = op.isCounted() ? max(value(op.getTrips()), Expr(0)) : Expr();
  for (auto [part, stack] : llvm::zip_equal(op.getToStack(), op.getStacks())) {
    SmallVector<Expr> known = {count};
    for (const Expr &size : sizes(part))
      known.push_back(isKnownAround(op, size) ? size : Expr());
    knownSizes[stack] = std::move(known);
  }
}

static Bounds boundsOf(Type type) {
  if (type.isIndex())
    return {};
  unsigned width = type.getIntOrFloatBitWidth();
  if (type.isUnsignedInteger() || width == 1)
    return {0, width > 62 ? Bounds().max : (int64_t(1) << width) - 1};
  return width > 62 ? Bounds()
                    : Bounds{-(int64_t(1) << (width - 1)),
                             (int64_t(1) << (width - 1)) - 1};
}

void SymbolicShapes::complete(Value result, StringRef stem) {
  // Nothing is said about a condition that is not decided.
  if (result.getType().isInteger(1))
    return;
  if (result.getType().isIntOrIndex()) {
    Expr &scalar = knownScalars[result];
    if (!scalar)
      scalar = makeSymbol(stem, boundsOf(result.getType()),
                          {Origin::Scalar, result});
    return;
  }
  auto type = dyn_cast<RankedTensorType>(result.getType());
  if (!type)
    return;
  if (!type.hasStaticShape()) {
    SmallVector<Expr> &sizes = knownSizes[result];
    sizes.resize(type.getRank());
    for (auto [axis, size] : llvm::enumerate(sizes)) {
      if (!type.isDynamicDim(axis))
        size = type.getDimSize(axis);
      else if (!size)
        size = makeSymbol((stem + "_" + Twine(axis)).str(), Symbol().bounds,
                          {Origin::Size, result, static_cast<int64_t>(axis)});
    }
  }
  if (!hasElements(type))
    return;
  Elements &elements = knownElements[result];
  elements.resize(type.getNumElements());
  for (auto [index, element] : llvm::enumerate(elements))
    if (!element)
      element = makeSymbol(
          (stem + "_" + Twine(index)).str(), boundsOf(type.getElementType()),
          {Origin::Element, result, static_cast<int64_t>(index)});
}

/// A quotient or remainder that rounds towards zero, where that is towards
/// minus infinity.
static bool isNonNegative(const Expr &a, const Expr &b) {
  return a && b && a.bounds().min >= 0 && b.bounds().min >= 0;
}

/// 1, 0 or no expression, when it does not follow from the symbols' bounds.
static Expr compare(arith::CmpIPredicate predicate, const Expr &a,
                    const Expr &b) {
  auto decide = [](bool isTrue, bool isFalse) {
    return isTrue ? Expr(1) : isFalse ? Expr(0) : Expr();
  };
  switch (predicate) {
  case arith::CmpIPredicate::eq:
    return decide(a && a == b, isKnownNotEqual(a, b));
  case arith::CmpIPredicate::ne:
    return decide(isKnownNotEqual(a, b), a && a == b);
  case arith::CmpIPredicate::sle:
    return decide(isKnownLessEqual(a, b), isKnownLessEqual(b + Expr(1), a));
  case arith::CmpIPredicate::slt:
    return decide(isKnownLessEqual(a + Expr(1), b), isKnownLessEqual(b, a));
  case arith::CmpIPredicate::sge:
    return compare(arith::CmpIPredicate::sle, b, a);
  case arith::CmpIPredicate::sgt:
    return compare(arith::CmpIPredicate::slt, b, a);
  default:
    return Expr();
  }
}

Expr SymbolicShapes::computeScalar(Operation *op) {
  auto binary = [&](Expr (*combine)(const Expr &, const Expr &)) {
    return combine(value(op->getOperand(0)), value(op->getOperand(1)));
  };
  auto ifNonNegative = [&](Expr (*combine)(const Expr &, const Expr &)) {
    Expr a = value(op->getOperand(0)), b = value(op->getOperand(1));
    return isNonNegative(a, b) ? combine(a, b) : Expr();
  };
  return llvm::TypeSwitch<Operation *, Expr>(op)
      .Case([&](arith::ConstantOp op) {
        auto literal = dyn_cast<IntegerAttr>(op.getValue());
        if (!literal || literal.getValue().getBitWidth() > 64)
          return Expr();
        return Expr(op.getType().isInteger(1)
                        ? literal.getValue().getZExtValue()
                        : literal.getValue().getSExtValue());
      })
      .Case([&](arith::AddIOp) { return binary(operator+); })
      .Case([&](arith::SubIOp) { return binary(operator-); })
      .Case([&](arith::MulIOp) { return binary(operator*); })
      .Case([&](arith::FloorDivSIOp) { return binary(floorDiv); })
      .Case([&](arith::CeilDivSIOp) { return binary(ceilDiv); })
      .Case<arith::DivSIOp, arith::DivUIOp>(
          [&](auto) { return ifNonNegative(floorDiv); })
      .Case<arith::RemSIOp, arith::RemUIOp>(
          [&](auto) { return ifNonNegative(mod); })
      .Case([&](arith::MinSIOp) { return binary(min); })
      .Case([&](arith::MaxSIOp) { return binary(max); })
      .Case([&](arith::IndexCastOp op) { return value(op.getIn()); })
      .Case([&](arith::CmpIOp op) {
        return compare(op.getPredicate(), value(op.getLhs()),
                       value(op.getRhs()));
      })
      .Case([&](arith::SelectOp op) {
        Expr x = value(op.getTrueValue()), y = value(op.getFalseValue());
        Expr condition = value(op.getCondition());
        return x == y || condition.is(1) ? x : condition.is(0) ? y : Expr();
      })
      .Case([&](tensor::DimOp op) {
        std::optional<int64_t> axis = value(op.getIndex()).getLiteral();
        auto type = dyn_cast<RankedTensorType>(op.getSource().getType());
        return axis && type && *axis >= 0 && *axis < type.getRank()
                   ? size(op.getSource(), *axis)
                   : Expr();
      })
      .Case([&](tensor::ExtractOp op) {
        std::optional<Elements> all = elements(op.getTensor());
        int64_t position = 0;
        for (auto [index, size] : llvm::zip_equal(
                 op.getIndices(), op.getTensor().getType().getShape())) {
          std::optional<int64_t> literal = value(index).getLiteral();
          if (!all || !literal || *literal < 0 || *literal >= size)
            return Expr();
          position = position * size + *literal;
        }
        return all ? (*all)[position] : Expr();
      })
      .Default([](Operation *) { return Expr(); });
}

std::optional<SymbolicShapes::Elements>
SymbolicShapes::computeElements(Operation *op) {
  if (auto shapeOf = dyn_cast<ShapeOfOp>(op))
    return sizes(shapeOf.getX());
  if (auto fromElements = dyn_cast<FromElementsOp>(op)) {
    Elements result;
    for (Value element : fromElements.getElements())
      result.push_back(value(element));
    return result;
  }
  return inferElements(op, [&](Value tensor) { return elements(tensor); });
}

//===----------------------------------------------------------------------===//
// The environment of shape functions
//===----------------------------------------------------------------------===//

Dim SymbolicShapes::toDim(const Expr &expr) {
  if (std::optional<int64_t> value = expr.getLiteral();
      value && !ShapedType::isDynamic(*value))
    return literal(*value);
  std::unique_ptr<Expr> &entry = interned[expr.toString()];
  if (!entry)
    entry = std::make_unique<Expr>(expr);
  return Dim{ShapedType::kDynamic, entry.get(), this};
}

Expr SymbolicShapes::toExpr(Dim dim) const {
  return dim.isLiteral() ? Expr(dim.literal)
                         : *static_cast<const Expr *>(dim.handle);
}

Dim SymbolicShapes::dynamicSize(Value tensor, unsigned axis) {
  return toDim(size(tensor, axis));
}

Dim SymbolicShapes::indexValue(Value index) { return toDim(value(index)); }

Dim SymbolicShapes::compute(DimOp op, Dim a, Dim b) {
  Expr x = toExpr(a), y = toExpr(b);
  switch (op) {
  case DimOp::Add:
    return toDim(x + y);
  case DimOp::Sub:
    return toDim(x - y);
  case DimOp::Mul:
    return toDim(x * y);
  case DimOp::FloorDiv:
    return toDim(floorDiv(x, y));
  case DimOp::CeilDiv:
    return toDim(ceilDiv(x, y));
  case DimOp::Mod:
    return toDim(mod(x, y));
  case DimOp::Min:
    return toDim(min(x, y));
  case DimOp::Max:
    return toDim(max(x, y));
  }
  llvm_unreachable("covered switch");
}

void SymbolicShapes::demand(SizeRelation relation, Dim a, Dim b) {
  if (collected)
    collected->push_back({relation, toExpr(a), toExpr(b)});
}

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

template <class Op>
static OpFoldResult emit(OpBuilder &builder, Location loc, OpFoldResult a,
                         OpFoldResult b) {
  Value x = getValueOrCreateConstantIndexOp(builder, loc, a);
  Value y = getValueOrCreateConstantIndexOp(builder, loc, b);
  return getAsOpFoldResult(builder.createOrFold<Op>(loc, x, y));
}

OpFoldResult SymbolicShapes::materialize(OpBuilder &builder, Location loc,
                                         const Origin &origin) {
  Value result;
  switch (origin.kind) {
  case Origin::Size:
    result =
        builder.createOrFold<tensor::DimOp>(loc, origin.value, origin.index);
    break;
  case Origin::Scalar:
    result = origin.value;
    break;
  case Origin::Element: {
    auto type = cast<RankedTensorType>(origin.value.getType());
    SmallVector<Value> indices;
    int64_t rest = origin.index;
    for (int64_t size : llvm::reverse(type.getShape())) {
      indices.insert(indices.begin(),
                     arith::ConstantIndexOp::create(builder, loc, rest % size));
      rest /= size;
    }
    result = tensor::ExtractOp::create(builder, loc, origin.value, indices);
    break;
  }
  }
  if (result.getType().isUnsignedInteger())
    return nullptr;
  if (result.getType().isInteger(1))
    result = arith::IndexCastUIOp::create(builder, loc, builder.getIndexType(),
                                          result);
  else if (!result.getType().isIndex())
    result = arith::IndexCastOp::create(builder, loc, builder.getIndexType(),
                                        result);
  OpFoldResult value = getAsOpFoldResult(result);
  if (origin.offset)
    value = emit<arith::SubIOp>(builder, loc, value,
                                builder.getIndexAttr(origin.offset));
  if (origin.scale != 1)
    value = emit<arith::DivSIOp>(builder, loc, value,
                                 builder.getIndexAttr(origin.scale));
  return value;
}

OpFoldResult SymbolicShapes::materialize(OpBuilder &builder, Location loc,
                                         const Expr::Atom &atom) {
  if (atom.getKind() == Expr::AtomKind::Symbol) {
    auto origin = origins.find(atom.getSymbol().name);
    return origin == origins.end() ? nullptr
                                   : materialize(builder, loc, origin->second);
  }
  OpFoldResult a = materialize(builder, loc, atom.getLhs());
  OpFoldResult b = materialize(builder, loc, atom.getRhs());
  if (!a || !b)
    return nullptr;
  switch (atom.getKind()) {
  case Expr::AtomKind::FloorDiv:
    return emit<arith::FloorDivSIOp>(builder, loc, a, b);
  case Expr::AtomKind::Min:
    return emit<arith::MinSIOp>(builder, loc, a, b);
  case Expr::AtomKind::Max:
    return emit<arith::MaxSIOp>(builder, loc, a, b);
  case Expr::AtomKind::Mod: {
    if (isNonNegative(atom.getLhs(), atom.getRhs()))
      return emit<arith::RemSIOp>(builder, loc, a, b);
    OpFoldResult quotient = emit<arith::FloorDivSIOp>(builder, loc, a, b);
    return emit<arith::SubIOp>(builder, loc, a,
                               emit<arith::MulIOp>(builder, loc, quotient, b));
  }
  case Expr::AtomKind::Symbol:
    break;
  }
  llvm_unreachable("covered switch");
}

OpFoldResult SymbolicShapes::materialize(OpBuilder &builder, Location loc,
                                         const Expr &expr) {
  if (std::optional<int64_t> literal = expr.getLiteral())
    return builder.getIndexAttr(*literal);
  OpFoldResult sum;
  for (const Expr::Term &term : expr.terms()) {
    bool isSubtracted = sum && term.coefficient == -1;
    OpFoldResult product =
        builder.getIndexAttr(isSubtracted ? 1 : term.coefficient);
    for (const Expr::Atom &atom : term.factors) {
      OpFoldResult factor = materialize(builder, loc, atom);
      if (!factor)
        return nullptr;
      product = isConstantIntValue(product, 1)
                    ? factor
                    : emit<arith::MulIOp>(builder, loc, factor, product);
    }
    if (!sum)
      sum = product;
    else if (isSubtracted)
      sum = emit<arith::SubIOp>(builder, loc, sum, product);
    else
      sum = emit<arith::AddIOp>(builder, loc, sum, product);
  }
  return sum;
}

SmallVector<OpFoldResult> SymbolicShapes::materialize(OpBuilder &builder,
                                                      Location loc,
                                                      ArrayRef<Expr> exprs) {
  return llvm::map_to_vector(
      exprs, [&](const Expr &expr) { return materialize(builder, loc, expr); });
}
