//===- LowerVectors.cpp - Vector transfers, math and guarded divisions ----===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CpuTarget.h"
#include "mlc/Runtime/Descriptor.h"
#include "mlc/Target/Cpu/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlc {
#define GEN_PASS_DEF_CPULOWERVECTORS
#include "mlc/Target/Cpu/Passes.h.inc"
} // namespace mlc

using namespace mlir;
using namespace mlc;

/// Makes the integer division or remainder `op` safe. A divisor of zero stores
/// a status and is replaced by one, as is -1, by which the smallest integer
/// cannot be divided: x / -1 is -x and x rem -1 is 0.
static void guardDivision(Operation *op, Value status) {
  OpBuilder b(op);
  Location loc = op->getLoc();
  Type type = op->getResult(0).getType();
  Value x = op->getOperand(0), y = op->getOperand(1);
  auto constant = [&](int64_t value) -> Value {
    TypedAttr element = b.getIntegerAttr(getElementTypeOrSelf(type), value);
    if (auto shaped = dyn_cast<ShapedType>(type))
      element = DenseElementsAttr::get(shaped, element);
    return arith::ConstantOp::create(b, loc, element);
  };
  auto equals = [&](int64_t value) -> Value {
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, y,
                                 constant(value));
  };
  Value isZero = equals(0);
  Value anyZero = isZero;
  if (isa<VectorType>(type))
    anyZero =
        vector::ReductionOp::create(b, loc, vector::CombiningKind::OR, isZero);
  scf::IfOp::create(b, loc, anyZero, [&](OpBuilder &b, Location loc) {
    Value code = LLVM::ConstantOp::create(
        b, loc, b.getI32IntegerAttr(MLC_KERNEL_DIVISION_BY_ZERO));
    LLVM::StoreOp::create(b, loc, code, status);
    scf::YieldOp::create(b, loc);
  });
  bool isSigned = isa<arith::DivSIOp, arith::RemSIOp>(op);
  Value isUnsafe = isZero, isMinusOne;
  if (isSigned) {
    isMinusOne = equals(-1);
    isUnsafe = arith::OrIOp::create(b, loc, isZero, isMinusOne);
  }
  op->setOperand(1, arith::SelectOp::create(b, loc, isUnsafe, constant(1), y));
  if (!isSigned)
    return;
  b.setInsertionPointAfter(op);
  Value negated = constant(0);
  if (isa<arith::DivSIOp>(op))
    negated = arith::SubIOp::create(b, loc, negated, x);
  Value result =
      arith::SelectOp::create(b, loc, isMinusOne, negated, op->getResult(0));
  op->getResult(0).replaceAllUsesExcept(result, result.getDefiningOp());
}

namespace {

/// Float functions that a polynomial on vectors of f32 stands in for.
bool hasPolynomial(StringRef name) {
  static constexpr StringLiteral names[] = {
      "math.tanh", "math.log", "math.log2", "math.log1p",
      "math.erf",  "math.exp", "math.expm1"};
  return llvm::is_contained(names, name);
}

struct CpuLowerVectors : mlc::impl::CpuLowerVectorsBase<CpuLowerVectors> {
  using Base::Base;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    for (auto function : module.getOps<func::FuncOp>()) {
      SmallVector<Operation *> divisions;
      function.walk([&](Operation *op) {
        if (isa<arith::DivSIOp, arith::DivUIOp, arith::RemSIOp, arith::RemUIOp>(
                op) &&
            !getElementTypeOrSelf(op->getResult(0).getType()).isIndex())
          divisions.push_back(op);
      });
      for (Operation *op : divisions)
        guardDivision(op, function.getArguments().back());
    }
    RewritePatternSet patterns(&getContext());
    populateMathPolynomialApproximationPatterns(patterns, hasPolynomial);
    cpu::populateExpandMathPatterns(patterns);
    vector::populateVectorTransferLoweringPatterns(patterns,
                                                   /*maxTransferRank=*/1);
    vector::populateVectorMaskOpLoweringPatterns(patterns);
    if (failed(applyPatternsGreedily(module, std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
