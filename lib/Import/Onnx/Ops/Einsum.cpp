//===- Einsum.cpp - Sums of products, written with letters ----------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operands are combined two by two, from the left. Of each pair, letters that
// nothing later needs are summed: by a matrix product where both have them, by
// a reduction where one has. Letters are numbers here; the axes of an ellipsis
// get numbers of their own, counted from the last.
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "Formula.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

namespace {

using Letters = SmallVector<int>;

/// A tensor with a letter per axis.
struct Operand {
  Formula x;
  Letters letters;

  bool has(int letter) const { return llvm::is_contained(letters, letter); }
  int64_t axisOf(int letter) const {
    return llvm::find(letters, letter) - letters.begin();
  }
};

class Einsum {
public:
  explicit Einsum(NodeContext &node) : node(node) {}
  LogicalResult convert();

private:
  bool parse(StringRef equation);
  std::optional<Letters> parseTerm(StringRef term, int64_t rank);
  bool parseOperands(StringRef text);
  bool parseResult(std::optional<StringRef> text);
  bool unifySizes();
  /// Keeps the diagonal where a letter stands twice.
  Operand takeDiagonals(Operand operand);
  /// Sums the axes whose letters are not `kept`.
  Operand reduceTo(const Operand &operand, const Letters &kept);
  /// The axes in the order of `letters`; a letter without axis gets size 1.
  Formula arrange(const Operand &operand, const Letters &letters);
  Operand combine(const Operand &x, const Operand &y, const Letters &needed);
  Operand multiply(const Operand &x, const Operand &y, const Letters &letters);
  Operand contract(const Operand &x, const Operand &y, const Letters &summed,
                   const Letters &needed);

  NodeContext &node;
  SmallVector<Operand> operands;
  Letters result;
  int64_t ellipsisRank = 0;
  std::map<int, Expr> sizes;
};

} // namespace

/// The axis of an ellipsis that is `fromEnd` before its end.
static int ellipsisLetter(int64_t fromEnd) {
  return -static_cast<int>(fromEnd) - 1;
}

std::optional<Letters> Einsum::parseTerm(StringRef term, int64_t rank) {
  Letters letters;
  auto [before, after] = term.split("...");
  bool hasEllipsis = term.contains("...");
  auto append = [&](StringRef part) {
    for (char letter : part)
      if (llvm::isAlpha(letter))
        letters.push_back(letter);
      else
        return false;
    return true;
  };
  bool isFine = append(before);
  int64_t named = before.size() + (hasEllipsis ? after.size() : 0);
  if (hasEllipsis)
    for (int64_t left = rank - named; left > 0; --left)
      letters.push_back(ellipsisLetter(left - 1));
  isFine &= !hasEllipsis || append(after);
  if (isFine && static_cast<int64_t>(letters.size()) == rank)
    return letters;
  node.report("term \"" + term + "\" of the equation does not fit rank " +
              Twine(rank));
  return std::nullopt;
}

bool Einsum::parseOperands(StringRef text) {
  SmallVector<StringRef> terms;
  text.split(terms, ',');
  if (terms.size() != node.numInputs()) {
    node.report("the equation has " + Twine(terms.size()) +
                " operands; there are " + Twine(node.numInputs()) + " inputs");
    return false;
  }
  for (auto [term, input] : llvm::zip_equal(terms, node.allInputs())) {
    Formula x = Formula(node, input).widen();
    std::optional<Letters> letters = parseTerm(term, x.rank());
    if (!letters)
      return false;
    ellipsisRank = std::max<int64_t>(
        ellipsisRank,
        llvm::count_if(*letters, [](int letter) { return letter < 0; }));
    operands.push_back({x, std::move(*letters)});
  }
  return true;
}

/// Without an arrow: the ellipsis, then the letters that stand once, sorted.
bool Einsum::parseResult(std::optional<StringRef> text) {
  for (int64_t left = ellipsisRank; !text && left > 0; --left)
    result.push_back(ellipsisLetter(left - 1));
  if (text) {
    StringRef named = *text;
    int64_t rank =
        named.contains("...") ? named.size() - 3 + ellipsisRank : named.size();
    std::optional<Letters> letters = parseTerm(named, rank);
    if (!letters)
      return false;
    result = std::move(*letters);
  } else {
    std::map<int, int> counts;
    for (const Operand &operand : operands)
      for (int letter : operand.letters)
        ++counts[letter];
    for (auto [letter, count] : counts)
      if (letter > 0 && count == 1)
        result.push_back(letter);
  }
  for (int letter : result)
    if (llvm::count(result, letter) > 1 ||
        llvm::none_of(operands, [&](const Operand &operand) {
          return operand.has(letter);
        })) {
      node.report("the result of the equation has a letter twice or one that "
                  "no operand has");
      return false;
    }
  return true;
}

bool Einsum::parse(StringRef equation) {
  std::string compact;
  llvm::copy_if(equation, std::back_inserter(compact),
                [](char c) { return c != ' '; });
  StringRef text = compact;
  auto [inputs, output] = text.split("->");
  return parseOperands(inputs) &&
         parseResult(text.contains("->") ? std::optional(output)
                                         : std::nullopt);
}

/// A letter has one size; only the axes of an ellipsis may be repeated.
bool Einsum::unifySizes() {
  for (const Operand &operand : operands)
    for (auto [axis, letter] : llvm::enumerate(operand.letters)) {
      auto [found, isNew] = sizes.try_emplace(letter, operand.x.size(axis));
      if (isNew)
        continue;
      FailureOr<Exprs> common =
          node.commonSizes(found->second, operand.x.size(axis));
      if (failed(common))
        return false;
      found->second = common->front();
    }
  for (Operand &operand : operands) {
    Exprs common;
    for (int letter : operand.letters)
      common.push_back(sizes[letter]);
    operand.x = operand.x.broadcast(common);
  }
  return !node.hasFailed();
}

/// sum over j of (x[i, j] where i == j, else 0)
Operand Einsum::takeDiagonals(Operand operand) {
  Type index = node.builder.getI64Type();
  for (size_t axis = 0; axis < operand.letters.size(); ++axis) {
    int letter = operand.letters[axis];
    auto second = std::find(operand.letters.begin() + axis + 1,
                            operand.letters.end(), letter);
    if (second == operand.letters.end())
      continue;
    int64_t other = second - operand.letters.begin();
    int64_t rank = operand.x.rank();
    Formula rows = makeIota(node, sizes[letter], index, axis, rank);
    Formula columns = makeIota(node, sizes[letter], index, other, rank);
    Formula isDiagonal = rows.apply<EqualOp>(columns);
    operand.x = operand.x.where(isDiagonal, 0.0).sum(other).squeeze(other);
    operand.letters.erase(second);
    --axis;
  }
  return operand;
}

Operand Einsum::reduceTo(const Operand &operand, const Letters &kept) {
  SmallVector<int64_t> axes;
  Letters letters;
  for (auto [axis, letter] : llvm::enumerate(operand.letters))
    if (llvm::is_contained(kept, letter))
      letters.push_back(letter);
    else
      axes.push_back(axis);
  Value reduced = node.reduce(ReduceKind::Sum, operand.x.get(), axes,
                              /*keep=*/false);
  return {operand.x.of(reduced), letters};
}

Formula Einsum::arrange(const Operand &operand, const Letters &letters) {
  SmallVector<int64_t> permutation;
  Exprs shape;
  for (int letter : letters) {
    if (operand.has(letter))
      permutation.push_back(operand.axisOf(letter));
    shape.push_back(operand.has(letter) ? sizes[letter] : Expr(1));
  }
  return operand.x.transpose(permutation).reshape(shape);
}

Operand Einsum::multiply(const Operand &x, const Operand &y,
                         const Letters &letters) {
  return {arrange(x, letters) * arrange(y, letters), letters};
}

/// As the matrix product [batch..., M, K] x [batch..., K, N].
Operand Einsum::contract(const Operand &x, const Operand &y,
                         const Letters &summed, const Letters &needed) {
  Letters batch, rows, columns;
  for (int letter : needed)
    (!y.has(letter)   ? rows
     : !x.has(letter) ? columns
                      : batch)
        .push_back(letter);
  auto order = [&](const Letters &first, const Letters &second) {
    Letters all(batch);
    llvm::append_range(all, first);
    llvm::append_range(all, second);
    return all;
  };
  auto count = [&](const Letters &letters) {
    Expr product(1);
    for (int letter : letters)
      product = product * sizes[letter];
    return product;
  };
  auto toMatrix = [&](const Operand &operand, const Letters &first,
                      const Letters &second) {
    Exprs shape;
    for (int letter : batch)
      shape.push_back(sizes[letter]);
    shape.push_back(count(first));
    shape.push_back(count(second));
    return arrange(operand, order(first, second)).reshape(shape);
  };
  Value product = node.create<MatmulOp>(toMatrix(x, rows, summed).get(),
                                        toMatrix(y, summed, columns).get());
  Letters letters = order(rows, columns);
  Exprs shape;
  for (int letter : letters)
    shape.push_back(sizes[letter]);
  return {x.x.of(product).reshape(shape), letters};
}

Operand Einsum::combine(const Operand &left, const Operand &right,
                        const Letters &later) {
  Letters ofLeft(later), ofRight(later);
  llvm::append_range(ofLeft, right.letters);
  llvm::append_range(ofRight, left.letters);
  Operand x = reduceTo(left, ofLeft), y = reduceTo(right, ofRight);
  Letters needed, summed;
  for (int letter : x.letters)
    (llvm::is_contained(later, letter) ? needed : summed).push_back(letter);
  for (int letter : y.letters)
    if (!x.has(letter))
      needed.push_back(letter);
  return summed.empty() ? multiply(x, y, needed)
                        : contract(x, y, summed, needed);
}

LogicalResult Einsum::convert() {
  if (!node.hasAttribute("equation"))
    return node.error("attribute \"equation\" is missing");
  if (!parse(node.getString("equation", "")) || !unifySizes())
    return failure();
  for (Operand &operand : operands)
    operand = takeDiagonals(operand);
  Operand all = operands.front();
  for (size_t next = 1; next < operands.size(); ++next) {
    Letters later(result);
    for (const Operand &operand : ArrayRef(operands).drop_front(next + 1))
      llvm::append_range(later, operand.letters);
    all = combine(all, operands[next], later);
  }
  Formula y = arrange(reduceTo(all, result), result);
  node.setResult(y.cast(elementTypeOf(node.input(0))).get());
  return success();
}

static LogicalResult convertEinsum(NodeContext &node) {
  return Einsum(node).convert();
}

void mlc::onnx::addEinsum(ConverterTable &table) {
  table.add("Einsum", {12, 1, variadic, convertEinsum});
}
