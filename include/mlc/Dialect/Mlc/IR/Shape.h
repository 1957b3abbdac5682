//===- Shape.h - Shape functions, written once ------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A shape function computes with Dims: sizes that are literal, or known only to
// the ShapeEnv that made them. Type inference runs it where nothing but
// literals is known, `tensor.dim` resolution where a Dim is an SSA value, and
// SymbolicShapes where it is an expression over symbols.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_DIALECT_MLC_IR_SHAPE_H
#define MLC_DIALECT_MLC_IR_SHAPE_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/Operation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"

namespace mlc {

class ShapeEnv;

/// A size. Not literal: `handle` means something to `env` alone.
struct Dim {
  int64_t literal = mlir::ShapedType::kDynamic;
  const void *handle = nullptr;
  ShapeEnv *env = nullptr;

  bool isLiteral() const { return !mlir::ShapedType::isDynamic(literal); }
  bool is(int64_t value) const { return isLiteral() && literal == value; }
};

/// What an op asks of two sizes.
enum class SizeRelation { Equal, OneOrEqual, AtMost };

enum class DimOp { Add, Sub, Mul, FloorDiv, CeilDiv, Mod, Min, Max };

/// Where a shape function runs.
class ShapeEnv {
public:
  explicit ShapeEnv(std::optional<mlir::Location> location = std::nullopt)
      : location(location) {}
  virtual ~ShapeEnv() = default;

  Dim literal(int64_t value) { return Dim{value, nullptr, this}; }
  /// The size of `tensor` along `axis`.
  Dim size(mlir::Value tensor, unsigned axis);
  llvm::SmallVector<Dim> sizes(mlir::Value tensor);
  /// The dims of a list of sizes as ops hold it: literals with `values` for the
  /// dynamic ones.
  llvm::SmallVector<Dim> mixed(llvm::ArrayRef<int64_t> literals,
                               mlir::ValueRange values);
  /// Folds literals and units, and asks the environment for the rest.
  Dim apply(DimOp op, Dim a, Dim b);
  /// Whether `a` may be in the relation to `b`; between literals, whether it
  /// is.
  bool mayHold(SizeRelation relation, Dim a, Dim b);
  /// The common size of two dims that must be equal; a literal is preferred.
  /// None when they differ.
  std::optional<Dim> merge(Dim a, Dim b);

  /// Reports a violated rule, where there is somebody to report to.
  llvm::LogicalResult error(const llvm::Twine &message);

protected:
  /// Not called for static dims.
  virtual Dim dynamicSize(mlir::Value tensor, unsigned axis) = 0;
  virtual Dim indexValue(mlir::Value index) = 0;
  virtual Dim compute(DimOp op, Dim a, Dim b) = 0;
  /// Told of every relation that literals do not decide.
  virtual void demand(SizeRelation, Dim, Dim) {}
  /// Whether two dims are the same although neither is literal.
  virtual bool isSame(Dim a, Dim b) { return a.handle == b.handle; }

private:
  std::optional<mlir::Location> location;
};

inline Dim operator+(Dim a, Dim b) { return a.env->apply(DimOp::Add, a, b); }
inline Dim operator-(Dim a, Dim b) { return a.env->apply(DimOp::Sub, a, b); }
inline Dim operator*(Dim a, Dim b) { return a.env->apply(DimOp::Mul, a, b); }
inline Dim floorDiv(Dim a, Dim b) {
  return a.env->apply(DimOp::FloorDiv, a, b);
}

/// How many windows of `extent` elements, `dilation` apart, fit into `size`
/// when they are moved by `stride`.
Dim windowCount(Dim size, Dim extent, int64_t stride, int64_t dilation);

/// What a shape function finds for one result.
struct Inferred {
  mlir::Type elementType;
  llvm::SmallVector<Dim> dims;
};

/// Literals only.
class TypeEnv : public ShapeEnv {
public:
  using ShapeEnv::ShapeEnv;

protected:
  Dim dynamicSize(mlir::Value, unsigned) override { return unknown(); }
  Dim indexValue(mlir::Value) override { return unknown(); }
  Dim compute(DimOp, Dim, Dim) override { return unknown(); }
  bool isSame(Dim, Dim) override { return false; }

private:
  Dim unknown() { return Dim{mlir::ShapedType::kDynamic, nullptr, this}; }
};

mlir::RankedTensorType toType(const Inferred &inferred);

/// No tensor of a model is larger: 256 GiB. Kernels never hold most tensors of
/// a model in memory, so that memory alone does not stop a model whose sizes
/// explode: it would compute for hours.
constexpr int64_t maxTensorBytes = int64_t(1) << 38;

/// Whether the type allows for tensors of at most `maxTensorBytes`.
bool canBeHeld(mlir::RankedTensorType type);

/// Whether tensors of the two type lists may be of equal type once all dims are
/// known.
bool areCompatibleTypes(mlir::TypeRange inferred, mlir::TypeRange actual);

template <class Op>
llvm::LogicalResult inferTypes(typename Op::Adaptor op,
                               std::optional<mlir::Location> location,
                               llvm::SmallVectorImpl<mlir::Type> &types) {
  TypeEnv env(location);
  llvm::SmallVector<Inferred> results;
  if (failed(Op::infer(op, env, results)))
    return llvm::failure();
  for (const Inferred &result : results)
    types.push_back(toType(result));
  return llvm::success();
}

inline mlir::Type elementTypeOf(mlir::Value tensor) {
  return mlir::cast<mlir::RankedTensorType>(tensor.getType()).getElementType();
}

/// The shape function of elementwise ops.
llvm::LogicalResult inferElementwise(mlir::ValueRange operands,
                                     mlir::Type elementType, ShapeEnv &env,
                                     llvm::SmallVectorImpl<Inferred> &results);

/// Emits the arithmetic of the sizes of the results of `op`.
llvm::LogicalResult reifyShapes(mlir::Operation *op, mlir::OpBuilder &builder,
                                mlir::ReifiedRankedShapedTypeDims &shapes);

} // namespace mlc

#endif // MLC_DIALECT_MLC_IR_SHAPE_H
