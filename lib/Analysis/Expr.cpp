//===- Expr.cpp - Integer expressions over symbols ------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Analysis/Expr.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <numeric>

using namespace mlc;
using llvm::ArrayRef;
using llvm::SmallVector;
using llvm::SmallVectorImpl;
using llvm::StringRef;

/// Past this length of text an expression helps nobody.
static constexpr size_t maxTextSize = 2048;
static constexpr size_t maxTerms = 64;
/// Of a minimum or maximum: each is compared with all others.
static constexpr size_t maxOperands = 16;
static constexpr int64_t plusInfinity = std::numeric_limits<int64_t>::max();
static constexpr int64_t minusInfinity = std::numeric_limits<int64_t>::min();

struct Expr::Data {
  SmallVector<Term, 1> terms;
  std::string text;
};

struct Expr::Atom::Data {
  AtomKind kind;
  Symbol symbol;
  Expr lhs, rhs;
  std::string text;
};

//===----------------------------------------------------------------------===//
// Construction
//===----------------------------------------------------------------------===//

/// Orders products by degree, the highest first, and then by their factors.
static int compareFactors(ArrayRef<Expr::Atom> a, ArrayRef<Expr::Atom> b) {
  if (a.size() != b.size())
    return a.size() > b.size() ? -1 : 1;
  for (auto [x, y] : llvm::zip_equal(a, b))
    if (int order = x.toString().compare(y.toString()))
      return order;
  return 0;
}

static std::string printTerms(ArrayRef<Expr::Term> terms) {
  if (terms.empty())
    return "0";
  if (terms.size() == 1 && terms[0].coefficient == 1 &&
      terms[0].factors.size() == 1) {
    StringRef text = terms[0].factors[0].toString();
    return (text.front() == '(' ? text.drop_front().drop_back() : text).str();
  }
  std::string text;
  llvm::raw_string_ostream os(text);
  for (const Expr::Term &term : terms) {
    if (term.coefficient >= 0 && &term != terms.begin())
      os << '+';
    bool isUnit = term.coefficient == 1 || term.coefficient == -1;
    if (isUnit && !term.factors.empty())
      os << (term.coefficient < 0 ? "-" : "");
    else
      os << term.coefficient << (term.factors.empty() ? "" : "*");
    llvm::interleave(
        term.factors, os,
        [&](const Expr::Atom &atom) { os << atom.toString(); }, "*");
  }
  return text;
}

Expr Expr::fromTerms(SmallVectorImpl<Term> &terms) {
  llvm::sort(terms, [](const Term &a, const Term &b) {
    return compareFactors(a.factors, b.factors) < 0;
  });
  auto result = std::make_shared<Data>();
  for (Term &term : terms) {
    if (!result->terms.empty() &&
        compareFactors(result->terms.back().factors, term.factors) == 0) {
      int64_t &sum = result->terms.back().coefficient;
      if (llvm::AddOverflow(sum, term.coefficient, sum))
        return Expr();
    } else {
      result->terms.push_back(std::move(term));
    }
    if (result->terms.back().coefficient == 0)
      result->terms.pop_back();
  }
  if (result->terms.size() > maxTerms)
    return Expr();
  result->text = printTerms(result->terms);
  if (result->text.size() > maxTextSize)
    return Expr();
  Expr expr;
  expr.data = std::move(result);
  return expr;
}

Expr::Expr(int64_t literal) {
  auto result = std::make_shared<Data>();
  if (literal)
    result->terms.push_back({literal, {}});
  result->text = std::to_string(literal);
  data = std::move(result);
}

Expr Expr::symbol(Symbol symbol) {
  Atom atom;
  std::string text = symbol.name;
  atom.data = std::make_shared<Atom::Data>(Atom::Data{
      AtomKind::Symbol, std::move(symbol), Expr(), Expr(), std::move(text)});
  SmallVector<Term, 1> terms = {{1, {std::move(atom)}}};
  return fromTerms(terms);
}

Expr Expr::fromFactor(const Atom &atom) {
  SmallVector<Term, 1> terms = {{1, {atom}}};
  return fromTerms(terms);
}

/// An operand of floordiv and mod: bare where it reads as one word.
static std::string printOperand(const Expr &expr) {
  StringRef text = expr.toString();
  bool isBare = expr.getSymbol() || (expr.getLiteral() && text.front() != '-');
  return isBare ? text.str() : "(" + text.str() + ")";
}

Expr Expr::fromAtom(AtomKind kind, const Expr &a, const Expr &b) {
  if (!a || !b)
    return Expr();
  std::string text;
  llvm::raw_string_ostream os(text);
  if (kind == AtomKind::Min || kind == AtomKind::Max)
    os << (kind == AtomKind::Min ? "min(" : "max(") << a << ", " << b << ")";
  else
    os << "(" << printOperand(a)
       << (kind == AtomKind::FloorDiv ? " floordiv " : " mod ")
       << printOperand(b) << ")";
  Atom atom;
  atom.data = std::make_shared<Atom::Data>(
      Atom::Data{kind, Symbol(), a, b, std::move(text)});
  SmallVector<Term, 1> terms = {{1, {std::move(atom)}}};
  return fromTerms(terms);
}

//===----------------------------------------------------------------------===//
// Accessors
//===----------------------------------------------------------------------===//

ArrayRef<Expr::Term> Expr::terms() const {
  return data ? ArrayRef<Term>(data->terms) : ArrayRef<Term>();
}

StringRef Expr::toString() const {
  return data ? StringRef(data->text) : StringRef("?");
}

std::optional<int64_t> Expr::getLiteral() const {
  if (!data)
    return std::nullopt;
  if (data->terms.empty())
    return 0;
  if (data->terms.size() == 1 && data->terms[0].factors.empty())
    return data->terms[0].coefficient;
  return std::nullopt;
}

const Symbol *Expr::getSymbol() const {
  if (terms().size() != 1 || terms()[0].coefficient != 1 ||
      terms()[0].factors.size() != 1 ||
      terms()[0].factors[0].getKind() != AtomKind::Symbol)
    return nullptr;
  return &terms()[0].factors[0].getSymbol();
}

void Expr::forEachSymbol(llvm::function_ref<void(const Symbol &)> visit) const {
  for (const Term &term : terms())
    for (const Atom &atom : term.factors) {
      if (atom.getKind() == AtomKind::Symbol) {
        visit(atom.getSymbol());
        continue;
      }
      atom.getLhs().forEachSymbol(visit);
      atom.getRhs().forEachSymbol(visit);
    }
}

Expr::AtomKind Expr::Atom::getKind() const { return data->kind; }
const Symbol &Expr::Atom::getSymbol() const { return data->symbol; }
const Expr &Expr::Atom::getLhs() const { return data->lhs; }
const Expr &Expr::Atom::getRhs() const { return data->rhs; }
StringRef Expr::Atom::toString() const { return data->text; }

//===----------------------------------------------------------------------===//
// Bounds and divisibility
//===----------------------------------------------------------------------===//

/// Rounds towards minus infinity; none where it is not defined.
static std::optional<int64_t> floorDivide(int64_t a, int64_t b) {
  if (b == 0 || (a == minusInfinity && b == -1))
    return std::nullopt;
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static bool isInfinite(int64_t bound) {
  return bound == plusInfinity || bound == minusInfinity;
}

static int64_t saturatingMultiply(int64_t a, int64_t b) {
  int64_t result;
  if (a == 0 || b == 0)
    return 0;
  if (isInfinite(a) || isInfinite(b) || llvm::MulOverflow(a, b, result))
    return (a < 0) == (b < 0) ? plusInfinity : minusInfinity;
  return result;
}

/// `infinity` is what the sum is when one of the two is unbounded.
static int64_t saturatingAdd(int64_t a, int64_t b, int64_t infinity) {
  int64_t result;
  if (isInfinite(a) || isInfinite(b))
    return infinity;
  if (llvm::AddOverflow(a, b, result))
    return a < 0 ? minusInfinity : plusInfinity;
  return result;
}

static Bounds multiply(Bounds a, Bounds b) {
  auto [low, high] = std::minmax(
      {saturatingMultiply(a.min, b.min), saturatingMultiply(a.min, b.max),
       saturatingMultiply(a.max, b.min), saturatingMultiply(a.max, b.max)});
  return {low, high};
}

static Bounds divide(Bounds a, Bounds b) {
  if (b.min < 0)
    return {};
  b.min = std::max<int64_t>(b.min, 1);
  auto quotient = [](int64_t x, int64_t y) {
    return isInfinite(x) ? x : *floorDivide(x, y);
  };
  return {a.min >= 0 ? quotient(a.min, b.max) : quotient(a.min, b.min),
          a.max >= 0 ? quotient(a.max, b.min) : quotient(a.max, b.max)};
}

static Bounds remainder(Bounds a, Bounds b) {
  if (b.min < 0)
    return {};
  int64_t high = isInfinite(b.max) ? plusInfinity : b.max - 1;
  return {0, a.min >= 0 ? std::min(a.max, high) : high};
}

Bounds Expr::Atom::bounds() const {
  if (getKind() == AtomKind::Symbol)
    return getSymbol().bounds;
  Bounds a = getLhs().bounds(), b = getRhs().bounds();
  switch (getKind()) {
  case AtomKind::FloorDiv:
    return divide(a, b);
  case AtomKind::Mod:
    return remainder(a, b);
  case AtomKind::Min:
    return {std::min(a.min, b.min), std::min(a.max, b.max)};
  case AtomKind::Max:
    return {std::max(a.min, b.min), std::max(a.max, b.max)};
  case AtomKind::Symbol:
    break;
  }
  llvm_unreachable("covered switch");
}

Bounds Expr::Term::bounds() const {
  Bounds result = {coefficient, coefficient};
  for (const Atom &atom : factors)
    result = multiply(result, atom.bounds());
  return result;
}

Bounds Expr::bounds() const {
  if (!data)
    return {};
  Bounds result = {0, 0};
  for (const Term &term : terms()) {
    Bounds part = term.bounds();
    result.min = saturatingAdd(result.min, part.min, minusInfinity);
    result.max = saturatingAdd(result.max, part.max, plusInfinity);
  }
  return result;
}

int64_t Expr::Atom::multipleOf() const {
  switch (getKind()) {
  case AtomKind::Symbol:
    return getSymbol().multiple;
  case AtomKind::FloorDiv:
    return 1;
  default:
    return std::gcd(getLhs().multipleOf(), getRhs().multipleOf());
  }
}

int64_t Expr::Term::multipleOf() const {
  int64_t result = coefficient == minusInfinity ? 1 : std::abs(coefficient);
  for (const Atom &atom : factors)
    if (int64_t product; !llvm::MulOverflow(result, atom.multipleOf(), product))
      result = product;
  return result;
}

int64_t Expr::multipleOf() const {
  int64_t result = 0;
  for (const Term &term : terms())
    result = std::gcd(result, term.multipleOf());
  return result;
}

bool mlc::isKnownLessEqual(const Expr &a, const Expr &b) {
  return a && b && (b - a).bounds().min >= 0;
}

bool mlc::isKnownNotEqual(const Expr &a, const Expr &b) {
  if (!a || !b)
    return false;
  Expr difference = a - b;
  Bounds bounds = difference.bounds();
  return bounds.min > 0 || bounds.max < 0;
}

//===----------------------------------------------------------------------===//
// Sums and products
//===----------------------------------------------------------------------===//

Expr mlc::operator+(const Expr &a, const Expr &b) {
  if (!a || !b)
    return Expr();
  SmallVector<Expr::Term> terms(a.terms());
  llvm::append_range(terms, b.terms());
  return Expr::fromTerms(terms);
}

Expr mlc::operator-(const Expr &a, const Expr &b) { return a + Expr(-1) * b; }

static std::optional<Expr::Term> multiply(const Expr::Term &a,
                                          const Expr::Term &b) {
  Expr::Term product;
  if (llvm::MulOverflow(a.coefficient, b.coefficient, product.coefficient))
    return std::nullopt;
  llvm::append_range(product.factors, a.factors);
  llvm::append_range(product.factors, b.factors);
  llvm::sort(product.factors, [](const Expr::Atom &x, const Expr::Atom &y) {
    return x.toString() < y.toString();
  });
  return product;
}

Expr mlc::operator*(const Expr &a, const Expr &b) {
  if (!a || !b || a.terms().size() * b.terms().size() > maxTerms * maxTerms)
    return Expr();
  SmallVector<Expr::Term> terms;
  for (const Expr::Term &x : a.terms())
    for (const Expr::Term &y : b.terms()) {
      std::optional<Expr::Term> product = multiply(x, y);
      if (!product)
        return Expr();
      terms.push_back(std::move(*product));
    }
  return Expr::fromTerms(terms);
}

//===----------------------------------------------------------------------===//
// Quotients and remainders
//===----------------------------------------------------------------------===//

/// Takes `factor` out of the product, if it is there.
static bool removeFactor(Expr::Term &term, const Expr::Atom &factor) {
  auto found = llvm::find_if(term.factors, [&](const Expr::Atom &atom) {
    return atom.toString() == factor.toString();
  });
  if (found == term.factors.end())
    return false;
  term.factors.erase(found);
  return true;
}

/// a / b when it is a product again.
static std::optional<Expr::Term> divideExactly(Expr::Term a,
                                               const Expr::Term &b) {
  if (b.coefficient == 0 ||
      (a.coefficient == minusInfinity && b.coefficient == -1) ||
      a.coefficient % b.coefficient != 0)
    return std::nullopt;
  a.coefficient /= b.coefficient;
  for (const Expr::Atom &factor : b.factors)
    if (!removeFactor(a, factor))
      return std::nullopt;
  return a;
}

Expr Expr::takeQuotient(Expr &a, const Expr &b) {
  SmallVector<Term> quotient, rest;
  if (b.terms().size() == 1) {
    for (const Term &term : a.terms())
      if (std::optional<Term> part = divideExactly(term, b.terms()[0]))
        quotient.push_back(std::move(*part));
      else
        rest.push_back(term);
    a = fromTerms(rest);
    return fromTerms(quotient);
  }
  // Long division by a sum; of use only when nothing remains.
  Expr remaining = a;
  while (remaining && !remaining.terms().empty() &&
         quotient.size() < maxTerms) {
    std::optional<Term> part =
        divideExactly(remaining.terms().front(), b.terms().front());
    if (!part)
      return Expr(0);
    SmallVector<Term, 1> single = {*part};
    remaining = remaining - fromTerms(single) * b;
    quotient.push_back(std::move(*part));
  }
  if (!remaining || !remaining.terms().empty())
    return Expr(0);
  a = remaining;
  return fromTerms(quotient);
}

/// Removes factors that every term of `a` shares with the product `b`.
static bool cancelCommonFactors(SmallVectorImpl<Expr::Term> &a, Expr::Term &b) {
  bool changed = false;
  for (const Expr::Atom &factor : SmallVector<Expr::Atom, 2>(b.factors)) {
    SmallVector<Expr::Term> divided(a.begin(), a.end());
    if (!llvm::all_of(divided, [&](Expr::Term &term) {
          return removeFactor(term, factor);
        }))
      continue;
    a.assign(divided.begin(), divided.end());
    removeFactor(b, factor);
    changed = true;
  }
  int64_t divisor =
      b.coefficient == minusInfinity ? 1 : std::abs(b.coefficient);
  for (const Expr::Term &term : a)
    divisor = std::gcd(divisor, term.coefficient);
  if (divisor <= 1)
    return changed;
  for (Expr::Term &term : a)
    term.coefficient /= divisor;
  b.coefficient /= divisor;
  return true;
}

static int64_t literalPart(const Expr &expr) {
  if (expr.terms().empty() || !expr.terms().back().factors.empty())
    return 0;
  return expr.terms().back().coefficient;
}

/// Whether 0 <= a < b wherever a division by b is defined.
static bool isKnownRemainder(const Expr &a, const Expr &b) {
  return a.bounds().min >= 0 && isKnownLessEqual(a + Expr(1), b);
}

/// x when `expr` is x floordiv d with a positive literal d.
static const Expr::Atom *getLiteralQuotient(const Expr &expr) {
  if (expr.terms().size() != 1 || expr.terms()[0].coefficient != 1 ||
      expr.terms()[0].factors.size() != 1)
    return nullptr;
  const Expr::Atom &atom = expr.terms()[0].factors[0];
  if (atom.getKind() != Expr::AtomKind::FloorDiv)
    return nullptr;
  std::optional<int64_t> divisor = atom.getRhs().getLiteral();
  return divisor && *divisor > 0 ? &atom : nullptr;
}

/// The largest literal that divides `divisor` and every term but the literal.
static int64_t commonDivisor(const Expr &expr, int64_t divisor) {
  for (const Expr::Term &term : expr.terms())
    if (!term.factors.empty())
      divisor = std::gcd(divisor, term.coefficient);
  return divisor;
}

Expr mlc::floorDiv(const Expr &a, const Expr &b) {
  if (!a || !b || b.is(0))
    return Expr();
  std::optional<int64_t> divisor = b.getLiteral();
  if (divisor && a.getLiteral()) {
    std::optional<int64_t> value = floorDivide(*a.getLiteral(), *divisor);
    return value ? Expr(*value) : Expr();
  }
  if (divisor && *divisor < 0)
    return floorDiv(Expr(-1) * a, Expr(-1) * b);

  Expr rest = a;
  Expr quotient = Expr::takeQuotient(rest, b);
  if (!rest || !quotient)
    return Expr();
  if (divisor) {
    int64_t whole = *floorDivide(literalPart(rest), *divisor);
    quotient = quotient + Expr(whole);
    rest = rest - Expr(whole) * b;
    if (!rest)
      return Expr();
  }
  if (rest.is(0) || isKnownRemainder(rest, b))
    return quotient;
  if (rest.is(-1) && b.bounds().min >= 0)
    return quotient - Expr(1);

  if (divisor) {
    // floor((g*r + k) / (g*d)) -> floor((r + floor(k/g)) / d)
    int64_t common = commonDivisor(rest, *divisor);
    if (common > 1) {
      int64_t literal = literalPart(rest);
      Expr scaled = rest - Expr(literal);
      Expr reduced = Expr::takeQuotient(scaled, Expr(common)) +
                     Expr(*floorDivide(literal, common));
      return quotient + floorDiv(reduced, Expr(*divisor / common));
    }
    // floor((floor(x/c) + k) / d) -> floor((x + c*k) / (c*d))
    Expr literal(literalPart(rest));
    Expr inner = rest - literal;
    if (const Expr::Atom *atom = getLiteralQuotient(inner))
      return quotient + floorDiv(atom->getLhs() + atom->getRhs() * literal,
                                 atom->getRhs() * b);
  } else if (b.terms().size() == 1) {
    SmallVector<Expr::Term> terms(rest.terms());
    SmallVector<Expr::Term, 1> product = {b.terms()[0]};
    if (cancelCommonFactors(terms, product[0])) {
      Expr reduced = Expr::fromTerms(terms);
      return quotient + floorDiv(reduced, Expr::fromTerms(product));
    }
  }
  return quotient + Expr::fromAtom(Expr::AtomKind::FloorDiv, rest, b);
}

Expr mlc::ceilDiv(const Expr &a, const Expr &b) {
  if (b && b.bounds().min >= 0)
    return floorDiv(a + b - Expr(1), b);
  return Expr(-1) * floorDiv(Expr(-1) * a, b);
}

/// Every term modulo a positive literal.
static Expr reduceTerms(const Expr &expr, int64_t divisor) {
  Expr result(0);
  for (const Expr::Term &term : expr.terms()) {
    if (term.multipleOf() % divisor == 0)
      continue;
    Expr product(term.coefficient -
                 *floorDivide(term.coefficient, divisor) * divisor);
    for (const Expr::Atom &atom : term.factors)
      product = product * Expr::fromFactor(atom);
    result = result + product;
  }
  return result;
}

Expr mlc::mod(const Expr &a, const Expr &b) {
  if (!a || !b || b.is(0))
    return Expr();
  std::optional<int64_t> divisor = b.getLiteral();
  if (divisor && *divisor < 0)
    return Expr(-1) * mod(Expr(-1) * a, Expr(-1) * b);
  Expr rest = a;
  if (divisor)
    rest = reduceTerms(a, *divisor);
  else
    Expr::takeQuotient(rest, b);
  if (!rest || rest.is(0) || isKnownRemainder(rest, b))
    return rest;
  if (divisor) {
    int64_t common = std::gcd(commonDivisor(rest, *divisor), literalPart(rest));
    if (common > 1) {
      Expr reduced = Expr::takeQuotient(rest, Expr(common));
      return Expr(common) * mod(reduced, Expr(*divisor / common));
    }
  }
  return Expr::fromAtom(Expr::AtomKind::Mod, rest, b);
}

//===----------------------------------------------------------------------===//
// Minimum and maximum
//===----------------------------------------------------------------------===//

Expr Expr::extremum(AtomKind kind, const Expr &a, const Expr &b) {
  if (!a || !b)
    return Expr();
  SmallVector<Expr> operands;
  auto insert = [&](auto &&self, const Expr &expr) -> void {
    if (expr.terms().size() == 1 && expr.terms()[0].coefficient == 1 &&
        expr.terms()[0].factors.size() == 1 &&
        expr.terms()[0].factors[0].getKind() == kind) {
      const Atom &atom = expr.terms()[0].factors[0];
      self(self, atom.getLhs());
      self(self, atom.getRhs());
      return;
    }
    auto isCovered = [&](const Expr &x, const Expr &by) {
      return kind == AtomKind::Min ? isKnownLessEqual(by, x)
                                   : isKnownLessEqual(x, by);
    };
    if (llvm::any_of(operands,
                     [&](const Expr &other) { return isCovered(expr, other); }))
      return;
    llvm::erase_if(operands,
                   [&](const Expr &other) { return isCovered(other, expr); });
    operands.push_back(expr);
  };
  insert(insert, a);
  insert(insert, b);
  if (operands.size() > maxOperands)
    return Expr();
  llvm::sort(operands);
  Expr result = operands.back();
  for (const Expr &operand :
       llvm::reverse(ArrayRef<Expr>(operands).drop_back()))
    result = fromAtom(kind, operand, result);
  return result;
}

Expr mlc::min(const Expr &a, const Expr &b) {
  return Expr::extremum(Expr::AtomKind::Min, a, b);
}

Expr mlc::max(const Expr &a, const Expr &b) {
  return Expr::extremum(Expr::AtomKind::Max, a, b);
}
