//===- SymbolicShapes.h - Sizes as expressions over symbols -----*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gives every size of every tensor of a function, every value of type index and
// every element of a small integer tensor as an expression. The symbols are
// those of the module's `mlc.symbols`, bound by the `mlc.dims` of the
// function's arguments; what follows from nothing known is a fresh symbol,
// named by the op that defines it.
//
// Ops may be added while the analysis lives. After ops were erased or changed,
// make a new one.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_ANALYSIS_SYMBOLICSHAPES_H
#define MLC_ANALYSIS_SYMBOLICSHAPES_H

#include "mlc/Analysis/Expr.h"
#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace mlc {

/// Two sizes that an op needs to be in a relation.
struct SizeDemand {
  SizeRelation relation;
  Expr a, b;
};

class SymbolicShapes : private ShapeEnv {
public:
  /// Tensors with more elements are not followed element by element.
  static constexpr int64_t maxElements = 64;

  using Elements = llvm::SmallVector<Expr>;

  explicit SymbolicShapes(mlir::func::FuncOp function);

  Expr size(mlir::Value tensor, unsigned axis);
  /// None for a null value, so that what follows an error needs no checks.
  llvm::SmallVector<Expr> sizes(mlir::Value tensor);
  /// What the shape function of `op` asks of sizes that are not literals.
  llvm::SmallVector<SizeDemand> demands(mlir::Operation *op);
  /// The value of an integer scalar.
  Expr value(mlir::Value index);
  /// The elements of an integer or boolean tensor of static shape, row-major;
  /// none when it has more than `maxElements`.
  std::optional<Elements> elements(mlir::Value tensor);

  /// Whether all symbols are sizes of the function's arguments, so that the
  /// value is known before the function runs.
  bool isShapeOnly(const Expr &expr) const;

  /// Emits the arithmetic of `expr`, or the literal. Null when a symbol is
  /// bound to nothing in the function.
  mlir::OpFoldResult materialize(mlir::OpBuilder &builder, mlir::Location loc,
                                 const Expr &expr);
  llvm::SmallVector<mlir::OpFoldResult> materialize(mlir::OpBuilder &builder,
                                                    mlir::Location loc,
                                                    llvm::ArrayRef<Expr> exprs);

private:
  /// What a symbol stands for: the size of `value` along `index`, its element
  /// `index`, or the scalar itself. The symbol is (it - offset) / scale.
  struct Origin {
    enum Kind { Size, Element, Scalar } kind;
    mlir::Value value;
    int64_t index = 0;
    int64_t scale = 1, offset = 0;
  };

  // ShapeEnv: a Dim's handle is an interned expression.
  Dim dynamicSize(mlir::Value tensor, unsigned axis) override;
  Dim indexValue(mlir::Value index) override;
  Dim compute(DimOp op, Dim a, Dim b) override;
  void demand(SizeRelation relation, Dim a, Dim b) override;
  Dim toDim(const Expr &expr);
  Expr toExpr(Dim dim) const;

  void bindArguments(mlir::func::FuncOp function);
  void bindSymbols(const Expr &size, mlir::Value argument, unsigned axis);
  Expr getSymbol(llvm::StringRef name);
  Expr makeSymbol(llvm::StringRef stem, Bounds bounds, Origin origin);

  /// Analyses the op that defines `value` and what it depends on.
  void analyze(mlir::Value value);
  void analyzeArgument(mlir::BlockArgument argument);
  void sizesInLoop(LoopOp loop, mlir::BlockArgument argument);
  void analyzeOp(mlir::Operation *op);
  void analyzeSizes(mlir::Operation *op);
  void analyzeIf(IfOp op);
  void analyzeLoop(LoopOp op);
  /// Whether the value exists where `op` does: no symbol of it is defined in a
  /// region of `op`.
  bool isKnownAround(mlir::Operation *op, const Expr &expr) const;
  Expr computeScalar(mlir::Operation *op);
  std::optional<Elements> computeElements(mlir::Operation *op);
  /// Fills in fresh symbols for whatever `result` still lacks.
  void complete(mlir::Value result, llvm::StringRef stem);

  mlir::OpFoldResult materialize(mlir::OpBuilder &builder, mlir::Location loc,
                                 const Expr::Atom &atom);
  mlir::OpFoldResult materialize(mlir::OpBuilder &builder, mlir::Location loc,
                                 const Origin &origin);

  llvm::StringMap<Expr> symbols;
  llvm::StringMap<Origin> origins;
  llvm::StringMap<unsigned> stems;
  llvm::StringMap<std::unique_ptr<Expr>> interned;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<Expr>> knownSizes;
  llvm::DenseMap<mlir::Value, Expr> knownScalars;
  llvm::DenseMap<mlir::Value, Elements> knownElements;
  llvm::DenseSet<mlir::Operation *> analyzed;
  /// Where demands go while somebody asks for them.
  llvm::SmallVector<SizeDemand> *collected = nullptr;
};

/// The elements of the result of `op`, from those of its operands. None where
/// they do not follow.
std::optional<SymbolicShapes::Elements> inferElements(
    mlir::Operation *op,
    llvm::function_ref<std::optional<SymbolicShapes::Elements>(mlir::Value)>
        elements);

} // namespace mlc

#endif // MLC_ANALYSIS_SYMBOLICSHAPES_H
