//===- ExprTest.cpp - Canonical forms of expressions ----------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Analysis/Expr.h"
#include "gtest/gtest.h"
#include <map>
#include <random>

using namespace mlc;

namespace {

std::string canonical(llvm::StringRef text) {
  std::optional<Expr> expr = Expr::parse(text);
  return expr ? expr->toString().str() : "none";
}

TEST(ExprTest, SumsOfProducts) {
  EXPECT_EQ(canonical("1 + batch*2"), "2*batch+1");
  EXPECT_EQ(canonical("(a+b)*(a-b)"), "a*a-b*b");
  EXPECT_EQ(canonical("n - n"), "0");
  EXPECT_EQ(canonical("-n - 3"), "-n-3");
  EXPECT_EQ(canonical("b*a + a*b"), "2*a*b");
  EXPECT_EQ(canonical("seq*batch+2*batch+1"), "batch*seq+2*batch+1");
}

TEST(ExprTest, Quotients) {
  EXPECT_EQ(canonical("(n*2048) floordiv 2048"), "n");
  EXPECT_EQ(canonical("(2048*n) floordiv n"), "2048");
  EXPECT_EQ(canonical("(a*k + b*k) floordiv k"), "a+b");
  EXPECT_EQ(canonical("(n*k + m*k) floordiv (n + m)"), "k");
  EXPECT_EQ(canonical("(n-1) floordiv 2"), "((n+1) floordiv 2)-1");
  EXPECT_EQ(canonical("(n+5) floordiv 2"), "((n+1) floordiv 2)+2");
  EXPECT_EQ(canonical("(4*n+6) floordiv 8"), "(n+1) floordiv 2");
  EXPECT_EQ(canonical("(n floordiv 2) floordiv 3"), "n floordiv 6");
  EXPECT_EQ(canonical("((n-1) floordiv 2 + 1) floordiv 2"), "(n+1) floordiv 4");
  EXPECT_EQ(canonical("(a*n) floordiv (b*n)"), "a floordiv b");
  EXPECT_EQ(canonical("(n-1) floordiv n"), "0");
  EXPECT_EQ(canonical("-7 floordiv 2"), "-4");
  EXPECT_EQ(canonical("n floordiv 0"), "none");
}

TEST(ExprTest, RoundedUpIsRoundedDown) {
  EXPECT_EQ(canonical("n ceildiv 2"), "(n+1) floordiv 2");
  EXPECT_EQ(canonical("n ceildiv m"), "((n-1) floordiv m)+1");
  EXPECT_EQ(canonical("(n*m) ceildiv m"), "n");
}

TEST(ExprTest, Remainders) {
  EXPECT_EQ(canonical("(8*n) mod 4"), "0");
  EXPECT_EQ(canonical("(8*n+3) mod 4"), "3");
  EXPECT_EQ(canonical("(n+9) mod 4"), "(n+1) mod 4");
  EXPECT_EQ(canonical("(2*n) mod 4"), "2*(n mod 2)");
  EXPECT_EQ(canonical("(n*m) mod n"), "0");
  EXPECT_EQ(canonical("-1 mod 4"), "3");
  EXPECT_EQ(canonical("(n mod 4) mod 8"), "n mod 4");
  EXPECT_EQ(canonical("(n mod 4) floordiv 8"), "0");
}

TEST(ExprTest, Extrema) {
  EXPECT_EQ(canonical("min(n, n)"), "n");
  EXPECT_EQ(canonical("max(n, n+2)"), "n+2");
  EXPECT_EQ(canonical("max(n, 0)"), "n");
  EXPECT_EQ(canonical("min(n, 0)"), "0");
  EXPECT_EQ(canonical("max(max(a, b), a)"), "max(a, b)");
  EXPECT_EQ(canonical("max(b, a)"), "max(a, b)");
  EXPECT_EQ(canonical("max(a, b) - max(b, a)"), "0");
}

TEST(ExprTest, TextIsReadBack) {
  for (const char *text : {"2*batch+1", "(n+1) floordiv 2",
                           "((n+1) floordiv 2)-1", "3*((n+1) mod 4)*m",
                           "min(7, a+1)", "-n+5", "(max(a, b)) floordiv (c+1)"})
    EXPECT_EQ(canonical(text), text);
  for (const char *text : {"", "1 +", "(n", "2x", "min(a)", "a b", "floordiv",
                           "9223372036854775808", "n$"})
    EXPECT_EQ(canonical(text), "none") << text;
  EXPECT_EQ(canonical(std::string(100000, '(')), "none");
}

TEST(ExprTest, OverflowIsNoExpression) {
  EXPECT_EQ(canonical("9223372036854775807 + 1"), "none");
  EXPECT_EQ(canonical("9223372036854775807*n*2"), "none");
  EXPECT_FALSE(Expr() + Expr(1));
}

TEST(ExprTest, AMinimumOfManyIsNoExpression) {
  Expr least = *Expr::parse("n");
  for (int i = 0; i < 16; ++i) {
    EXPECT_TRUE(least);
    least = min(least, *Expr::parse("x" + std::to_string(i)));
  }
  EXPECT_FALSE(least);
}

TEST(ExprTest, BoundsAndDivisibility) {
  Expr n = Expr::symbol({"n", {1, 64}, 8});
  EXPECT_EQ((n * Expr(2) + Expr(1)).bounds(), (Bounds{3, 129}));
  EXPECT_EQ(floorDiv(n - Expr(1), Expr(2)).bounds(), (Bounds{0, 31}));
  EXPECT_EQ((n * Expr(3)).multipleOf(), 24);
  EXPECT_EQ((n + Expr(4)).multipleOf(), 4);
  EXPECT_TRUE(mod(n, Expr(4)).is(0));
  EXPECT_TRUE(isKnownLessEqual(Expr(1), n));
  EXPECT_TRUE(isKnownNotEqual(n, Expr(0)));
  EXPECT_FALSE(isKnownNotEqual(n, Expr(64)));
}

/// Whatever is rewritten keeps its value.
TEST(ExprTest, SimplificationKeepsTheValue) {
  std::mt19937 random(7);
  auto below = [&](int n) { return static_cast<int>(random() % n); };
  std::map<std::string, int64_t> values;
  auto lookup = [&](llvm::StringRef name) -> std::optional<int64_t> {
    return values.at(name.str());
  };
  for (int round = 0; round < 20000; ++round) {
    for (const char *name : {"a", "b", "c"})
      values[name] = below(20);
    auto leaf = [&]() -> Expr {
      static constexpr const char *names[] = {"a", "b", "c"};
      return below(2) ? Expr(below(25) - 8) : Expr::symbol({names[below(3)]});
    };
    Expr x = leaf();
    std::optional<int64_t> expected = x.evaluate(lookup);
    for (int step = below(6); step > 0 && expected && x; --step) {
      Expr y = below(2) ? leaf() : leaf() * leaf() + leaf();
      int64_t v = *y.evaluate(lookup), u = *expected;
      auto quotient = [](int64_t p, int64_t q) {
        return p / q - (p % q != 0 && (p < 0) != (q < 0));
      };
      switch (below(7)) {
      case 0:
        x = x + y, expected = u + v;
        break;
      case 1:
        x = x - y, expected = u - v;
        break;
      case 2:
        x = x * y, expected = u * v;
        break;
      case 3:
        x = floorDiv(x, y);
        expected = v ? std::optional(quotient(u, v)) : std::nullopt;
        break;
      case 4:
        x = mod(x, y);
        expected = v ? std::optional(u - quotient(u, v) * v) : std::nullopt;
        break;
      case 5:
        x = min(x, y), expected = std::min(u, v);
        break;
      default:
        x = max(x, y), expected = std::max(u, v);
      }
    }
    if (!expected || !x)
      continue;
    EXPECT_EQ(x.evaluate(lookup), expected) << x.toString().str();
    std::optional<Expr> again = Expr::parse(x.toString());
    ASSERT_TRUE(again) << x.toString().str();
    EXPECT_EQ(again->toString(), x.toString());
  }
}

} // namespace
