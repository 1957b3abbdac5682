//===- Expr.h - Integer expressions over symbols ----------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sizes of tensors are expressions over named symbols. An expression is kept in
// one canonical form, a sum of products of atoms, so that two expressions are
// the same exactly when their texts are. A simplification may assume that the
// original is defined: (2048*n) floordiv n is 2048.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_ANALYSIS_EXPR_H
#define MLC_ANALYSIS_EXPR_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace mlc {

/// A closed interval; the extreme values of int64_t mean that there is no
/// bound.
struct Bounds {
  int64_t min = std::numeric_limits<int64_t>::min();
  int64_t max = std::numeric_limits<int64_t>::max();

  bool operator==(const Bounds &) const = default;
};

/// A name with what is known about its value.
struct Symbol {
  std::string name;
  Bounds bounds = {0, std::numeric_limits<int64_t>::max()};
  int64_t multiple = 1;
};

class Expr {
public:
  enum class AtomKind { Symbol, FloorDiv, Mod, Min, Max };
  class Atom;
  struct Term;

  /// No expression: what arithmetic yields that overflows, divides by zero or
  /// grows past all use.
  Expr() = default;
  Expr(int64_t literal);
  static Expr symbol(Symbol symbol);
  static Expr fromFactor(const Atom &atom);

  /// Reads what `toString` writes, `ceildiv` and any spacing besides. `resolve`
  /// gives the expression for a name; None when the text is malformed or a name
  /// has none.
  static std::optional<Expr>
  parse(llvm::StringRef text,
        llvm::function_ref<std::optional<Expr>(llvm::StringRef)> resolve);
  /// As above; any identifier is a symbol that is not negative.
  static std::optional<Expr> parse(llvm::StringRef text);
  /// Whether `text` can be a symbol's name.
  static bool isSymbolName(llvm::StringRef text);
  /// A symbol's name that resembles any text.
  static std::string toSymbolName(llvm::StringRef text);

  explicit operator bool() const { return data != nullptr; }
  std::optional<int64_t> getLiteral() const;
  bool is(int64_t literal) const { return getLiteral() == literal; }
  /// The symbol when the expression is nothing else.
  const Symbol *getSymbol() const;

  /// The products whose sum the expression is, the literal one last.
  llvm::ArrayRef<Term> terms() const;

  /// The canonical text: "2*batch+1", "(n-1) floordiv 2".
  llvm::StringRef toString() const;

  /// The value for given values of the symbols; none on overflow, division by
  /// zero or a symbol without value.
  std::optional<int64_t> evaluate(
      llvm::function_ref<std::optional<int64_t>(llvm::StringRef)> values) const;
  Bounds bounds() const;
  /// The largest integer known to divide every value, 0 for the literal 0.
  int64_t multipleOf() const;
  /// Calls `visit` for every symbol; one that occurs twice is visited twice.
  void forEachSymbol(llvm::function_ref<void(const Symbol &)> visit) const;

  bool operator==(const Expr &other) const {
    return data == other.data || toString() == other.toString();
  }
  bool operator<(const Expr &other) const {
    return toString() < other.toString();
  }

  friend Expr operator+(const Expr &a, const Expr &b);
  friend Expr operator-(const Expr &a, const Expr &b);
  friend Expr operator*(const Expr &a, const Expr &b);
  /// Division and remainder round towards minus infinity.
  friend Expr floorDiv(const Expr &a, const Expr &b);
  friend Expr ceilDiv(const Expr &a, const Expr &b);
  friend Expr mod(const Expr &a, const Expr &b);
  friend Expr min(const Expr &a, const Expr &b);
  friend Expr max(const Expr &a, const Expr &b);

private:
  struct Data;
  static Expr fromTerms(llvm::SmallVectorImpl<Term> &terms);
  static Expr fromAtom(AtomKind kind, const Expr &a, const Expr &b);
  static Expr extremum(AtomKind kind, const Expr &a, const Expr &b);
  /// The terms of `a` that are multiples of `b`, divided by it; takes them away
  /// from `a`.
  static Expr takeQuotient(Expr &a, const Expr &b);

  std::shared_ptr<const Data> data;
};

Expr operator+(const Expr &a, const Expr &b);
Expr operator-(const Expr &a, const Expr &b);
Expr operator*(const Expr &a, const Expr &b);
Expr floorDiv(const Expr &a, const Expr &b);
Expr ceilDiv(const Expr &a, const Expr &b);
Expr mod(const Expr &a, const Expr &b);
Expr min(const Expr &a, const Expr &b);
Expr max(const Expr &a, const Expr &b);

/// Whether the difference of the two has a known sign.
bool isKnownLessEqual(const Expr &a, const Expr &b);
/// Whether the two differ whatever the symbols are.
bool isKnownNotEqual(const Expr &a, const Expr &b);

/// A factor of a product: a symbol, or an operation on two expressions.
class Expr::Atom {
public:
  AtomKind getKind() const;
  const Symbol &getSymbol() const;
  const Expr &getLhs() const;
  const Expr &getRhs() const;
  /// How the atom stands among other factors: operations are in parentheses,
  /// except min and max.
  llvm::StringRef toString() const;
  Bounds bounds() const;
  int64_t multipleOf() const;

private:
  friend class Expr;
  struct Data;
  std::shared_ptr<const Data> data;
};

struct Expr::Term {
  int64_t coefficient = 0;
  /// In the order of their texts.
  llvm::SmallVector<Atom, 2> factors;

  Bounds bounds() const;
  int64_t multipleOf() const;
};

llvm::raw_ostream &operator<<(llvm::raw_ostream &os, const Expr &expr);
llvm::hash_code hash_value(const Expr &expr);

} // namespace mlc

#endif // MLC_ANALYSIS_EXPR_H
