//===- Evaluation.h - One op and its operands -------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_INTERPRETER_EVALUATION_H
#define MLC_LIB_INTERPRETER_EVALUATION_H

#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlc/Interpreter/Interpreter.h"

namespace mlc::interpreter {

/// What an evaluator is given. The shape function of the op has run on the
/// sizes of the operands, so the rules of the op hold.
struct Evaluation {
  mlir::Operation *op;
  llvm::ArrayRef<Tensor> operands;
  const Options &options;
  /// Of the result, with `Options::widened` carried out.
  mlir::Type element = nullptr;
  llvm::SmallVector<int64_t> shape = {};

  llvm::LogicalResult fail(const llvm::Twine &message) const;
  /// A new tensor for the result, or an error when it does not fit into memory.
  llvm::FailureOr<Tensor> allocate() const;
  /// The operand with every element stored.
  llvm::FailureOr<Tensor> dense(unsigned operand) const;
};

/// The type that values of declared type `element` have.
mlir::Type evaluatedType(mlir::Type element, const Options &options);
/// The same of a tensor as a constant or a caller gives it.
llvm::FailureOr<Tensor> evaluatedTensor(const Tensor &tensor,
                                        const Options &options);

/// One evaluator per op: an op without one does not compile.
llvm::FailureOr<Tensor> evaluateOp(SelectOp op, const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(CastOp op, const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(BitcastOp op, const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(ReshapeOp op, const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(BroadcastOp op,
                                   const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(TransposeOp op,
                                   const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(SliceOp op, const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(PadOp op, const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(WindowOp op, const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(ConcatOp op, const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(ShapeOfOp op, const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(FromElementsOp op,
                                   const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(ConstantOp op, const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(ReduceOp op, const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(MatmulOp op, const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(ConvOp op, const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(PackedConvOp op,
                                   const Evaluation &evaluation);

llvm::FailureOr<Tensor> evaluateOp(IotaOp op, const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(GatherOp op, const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(ScatterOp op, const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(ScanOp op, const Evaluation &evaluation);
llvm::FailureOr<Tensor> evaluateOp(ArgsortOp op, const Evaluation &evaluation);

/// The evaluator of an op of the elementwise family.
using Evaluator = llvm::FailureOr<Tensor> (*)(const Evaluation &);
Evaluator elementwiseEvaluator(mlir::OperationName name);

/// The tensor as `#mlc.pack` lays it out.
llvm::FailureOr<Tensor> pack(const Tensor &source, PackAttr recipe);

} // namespace mlc::interpreter

#endif // MLC_LIB_INTERPRETER_EVALUATION_H
