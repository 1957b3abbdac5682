//===- ExprText.cpp - Reading and evaluating expressions ------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Analysis/Expr.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlc;
using llvm::StringRef;

llvm::raw_ostream &mlc::operator<<(llvm::raw_ostream &os, const Expr &expr) {
  return os << expr.toString();
}

llvm::hash_code mlc::hash_value(const Expr &expr) {
  return llvm::hash_value(expr.toString());
}

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

static bool isNameStart(char c) { return llvm::isAlpha(c) || c == '_'; }
static bool isNamePart(char c) {
  return llvm::isAlnum(c) || c == '_' || c == '.';
}

static bool isOperator(StringRef name) {
  return name == "floordiv" || name == "ceildiv" || name == "mod" ||
         name == "min" || name == "max";
}

bool Expr::isSymbolName(StringRef text) {
  return !text.empty() && isNameStart(text.front()) &&
         llvm::all_of(text, isNamePart) && !isOperator(text);
}

std::string Expr::toSymbolName(StringRef text) {
  std::string name;
  for (char c : text)
    name += isNamePart(c) ? c : '_';
  if (name.empty() || !isNameStart(name.front()) || isOperator(name))
    name.insert(name.begin(), '_');
  return name;
}

namespace {

using Resolver = llvm::function_ref<std::optional<Expr>(StringRef)>;

/// sum     := product (("+" | "-") product)*
/// product := unary (("*" | "floordiv" | "ceildiv" | "mod") unary)*
/// unary   := "-" unary | "(" sum ")" | ("min" | "max") "(" sum "," sum ")"
///          | name | number
/// An expression that is none stands for an error.
class Parser {
public:
  Parser(StringRef text, Resolver resolve) : text(text), resolve(resolve) {}

  std::optional<Expr> parse() {
    Expr result = parseSum();
    text = text.ltrim();
    return result && text.empty() ? std::optional(result) : std::nullopt;
  }

private:
  static constexpr unsigned maxDepth = 64;

  bool consume(StringRef token) {
    text = text.ltrim();
    return text.consume_front(token);
  }
  bool consumeWord(StringRef word) {
    text = text.ltrim();
    if (text.take_while(isNamePart) != word)
      return false;
    text = text.drop_front(word.size());
    return true;
  }

  Expr parseSum() {
    if (++depth > maxDepth)
      return Expr();
    Expr result = parseProduct();
    while (result) {
      if (consume("+"))
        result = result + parseProduct();
      else if (consume("-"))
        result = result - parseProduct();
      else
        break;
    }
    --depth;
    return result;
  }

  Expr parseProduct() {
    Expr result = parseUnary();
    while (result) {
      if (consume("*"))
        result = result * parseUnary();
      else if (consumeWord("floordiv"))
        result = floorDiv(result, parseUnary());
      else if (consumeWord("ceildiv"))
        result = ceilDiv(result, parseUnary());
      else if (consumeWord("mod"))
        result = mod(result, parseUnary());
      else
        break;
    }
    return result;
  }

  Expr parseUnary() {
    bool isNegative = false;
    while (consume("-"))
      isNegative = !isNegative;
    Expr result = parsePrimary();
    return isNegative ? Expr(-1) * result : result;
  }

  Expr parsePrimary() {
    if (consume("(")) {
      Expr result = parseSum();
      return consume(")") ? result : Expr();
    }
    if (consumeWord("min"))
      return parseExtremum(min);
    if (consumeWord("max"))
      return parseExtremum(max);
    text = text.ltrim();
    if (!text.empty() && llvm::isDigit(text.front())) {
      StringRef digits = text.take_while(llvm::isDigit);
      text = text.drop_front(digits.size());
      int64_t value;
      return digits.getAsInteger(10, value) ? Expr() : Expr(value);
    }
    StringRef name = text.take_while(isNamePart);
    if (!Expr::isSymbolName(name))
      return Expr();
    text = text.drop_front(name.size());
    return resolve(name).value_or(Expr());
  }

  Expr parseExtremum(Expr (*combine)(const Expr &, const Expr &)) {
    if (!consume("("))
      return Expr();
    Expr a = parseSum();
    if (!consume(","))
      return Expr();
    Expr b = parseSum();
    return consume(")") ? combine(a, b) : Expr();
  }

  StringRef text;
  Resolver resolve;
  unsigned depth = 0;
};

} // namespace

std::optional<Expr> Expr::parse(StringRef text, Resolver resolve) {
  return Parser(text, resolve).parse();
}

std::optional<Expr> Expr::parse(StringRef text) {
  return parse(text, [](StringRef name) -> std::optional<Expr> {
    return symbol({name.str()});
  });
}

//===----------------------------------------------------------------------===//
// Evaluation
//===----------------------------------------------------------------------===//

using Values = llvm::function_ref<std::optional<int64_t>(StringRef)>;

static std::optional<int64_t> evaluateAtom(const Expr::Atom &atom,
                                           Values values) {
  if (atom.getKind() == Expr::AtomKind::Symbol)
    return values(atom.getSymbol().name);
  std::optional<int64_t> a = atom.getLhs().evaluate(values);
  std::optional<int64_t> b = atom.getRhs().evaluate(values);
  if (!a || !b)
    return std::nullopt;
  switch (atom.getKind()) {
  case Expr::AtomKind::FloorDiv:
    return floorDiv(Expr(*a), Expr(*b)).getLiteral();
  case Expr::AtomKind::Mod:
    return mod(Expr(*a), Expr(*b)).getLiteral();
  case Expr::AtomKind::Min:
    return std::min(*a, *b);
  case Expr::AtomKind::Max:
    return std::max(*a, *b);
  case Expr::AtomKind::Symbol:
    break;
  }
  llvm_unreachable("covered switch");
}

std::optional<int64_t> Expr::evaluate(Values values) const {
  if (!data)
    return std::nullopt;
  int64_t sum = 0;
  for (const Term &term : terms()) {
    int64_t product = term.coefficient;
    for (const Atom &atom : term.factors) {
      std::optional<int64_t> value = evaluateAtom(atom, values);
      if (!value || llvm::MulOverflow(product, *value, product))
        return std::nullopt;
    }
    if (llvm::AddOverflow(sum, product, sum))
      return std::nullopt;
  }
  return sum;
}
