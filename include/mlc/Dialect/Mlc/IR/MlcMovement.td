//===- MlcMovement.td - Ops that move data ---------------------*- tablegen -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_DIALECT_MLC_IR_MLCMOVEMENT
#define MLC_DIALECT_MLC_IR_MLCMOVEMENT

include "mlc/Dialect/Mlc/IR/MlcBase.td"
include "mlc/Dialect/Mlc/IR/MlcAttrs.td"

def Mlc_ConstantOp : Mlc_Op<"constant", [ConstantLike, Pure]> {
  let summary = "A tensor known at compile time";
  let description = [{
    `value` is inline for splats and for integers and booleans of up to 64 elements; everything else is a
    resource blob. With a `pack` recipe the result is the value in panels: the recipe is carried out when the
    artifact is written, never before.

    * C1: without `pack` the result type is the type of `value`.
    * C2: with `pack` it is the type that the recipe gives.

    ```mlir
    %c = mlc.constant dense<0.5> : tensor<4xf32>
    %w = mlc.constant dense_resource<w> : tensor<257x64xf32>
        pack #mlc.pack<permutation = [0, 1], panel = 32> -> tensor<2x257x32xf32>
    ```
  }];
  let arguments = (ins ElementsAttr:$value, OptionalAttr<Mlc_PackAttr>:$pack);
  let results = (outs Mlc_Tensor:$result);
  let hasCustomAssemblyFormat = 1;
  let hasFolder = 1;
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::mlir::ElementsAttr":$value), [{
    build($_builder, $_state, value.getShapedType(), value, PackAttr());
  }]>];
}

def Mlc_ReshapeOp : Mlc_TensorOp<"reshape"> {
  let summary = "The same elements under another shape";
  let description = [{
    Reads the elements in row-major order and gives them the shape `sizes`.

    * C1: operand and result have the same number of elements (checked at run time where it is not known).

    ```mlir
    %r = mlc.reshape %x to [%n, 64] : tensor<?x8x8xf32> -> tensor<?x64xf32>
    ```
  }];
  let arguments = (ins Mlc_Tensor:$x, Variadic<Index>:$sizes, DenseI64ArrayAttr:$staticSizes);
  let results = (outs Mlc_Tensor:$result);
  let assemblyFormat = [{
    $x `to` custom<DynamicIndexList>($sizes, $staticSizes) attr-dict `:` type($x) `->` type($result)
  }];
  let hasFolder = 1;
  let hasCanonicalizer = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$x, "::llvm::ArrayRef<::mlir::OpFoldResult>":$sizes)>];
}

def Mlc_BroadcastOp : Mlc_TensorOp<"broadcast"> {
  let summary = "Repetition along axes";
  let description = [{
    Gives `x` the shape `sizes`: axis i of `x` becomes axis `axes[i]` of the result. An axis of size 1 is
    repeated; the axes that `axes` does not name are new.

    * C1: `axes` has one entry per axis of `x`, strictly increasing, within the rank of the result.
    * C2: an axis of `x` has size 1 or the size in the result (checked at run time where it is not known).

    ```mlir
    %r = mlc.broadcast %x to [%n, 64] axes = [1] : tensor<64xf32> -> tensor<?x64xf32>
    ```
  }];
  let arguments = (ins Mlc_Tensor:$x, Variadic<Index>:$sizes, DenseI64ArrayAttr:$staticSizes,
                   DenseI64ArrayAttr:$axes);
  let results = (outs Mlc_Tensor:$result);
  let assemblyFormat = [{
    $x `to` custom<DynamicIndexList>($sizes, $staticSizes) `axes` `=` $axes attr-dict
    `:` type($x) `->` type($result)
  }];
  let hasFolder = 1;
  let hasCanonicalizer = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$x, "::llvm::ArrayRef<::mlir::OpFoldResult>":$sizes,
                             "::llvm::ArrayRef<int64_t>":$axes)>];
}

def Mlc_TransposeOp : Mlc_TensorOp<"transpose"> {
  let summary = "Permutation of the axes";
  let description = [{
    Axis i of the result is axis `permutation[i]` of `x`.

    * C1: `permutation` is a permutation of the axes of `x`.

    ```mlir
    %r = mlc.transpose %x [1, 0] : tensor<2x3xf32> -> tensor<3x2xf32>
    ```
  }];
  let arguments = (ins Mlc_Tensor:$x, DenseI64ArrayAttr:$permutation);
  let results = (outs Mlc_Tensor:$result);
  let assemblyFormat = "$x $permutation attr-dict `:` type($x) `->` type($result)";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Mlc_SliceOp : Mlc_TensorOp<"slice", [AttrSizedOperandSegments]> {
  let summary = "A regular part of a tensor";
  let description = [{
    Element i along an axis of the result is element offset + i * stride of `x`. Strides may be negative.

    * C1: offsets, sizes and strides have one entry per axis of `x`.
    * C2: strides are not zero.
    * C3: every element read lies inside `x` (checked where it is known).

    ```mlir
    %r = mlc.slice %x [0, 2] [%n, 3] [1, 2] : tensor<?x8xf32> -> tensor<?x3xf32>
    ```
  }];
  let arguments = (ins Mlc_Tensor:$x, Variadic<Index>:$offsets, Variadic<Index>:$sizes,
                   DenseI64ArrayAttr:$staticOffsets, DenseI64ArrayAttr:$staticSizes,
                   DenseI64ArrayAttr:$strides);
  let results = (outs Mlc_Tensor:$result);
  let assemblyFormat = [{
    $x custom<DynamicIndexList>($offsets, $staticOffsets) custom<DynamicIndexList>($sizes, $staticSizes) $strides
    attr-dict `:` type($x) `->` type($result)
  }];
  let hasFolder = 1;
  let builders = [OpBuilder<(ins "::mlir::Value":$x, "::llvm::ArrayRef<::mlir::OpFoldResult>":$offsets,
                             "::llvm::ArrayRef<::mlir::OpFoldResult>":$sizes,
                             "::llvm::ArrayRef<int64_t>":$strides)>];
}

def Mlc_PadOp : Mlc_TensorOp<"pad", [AttrSizedOperandSegments]> {
  let summary = "A border of one value around a tensor";
  let description = [{
    Puts `low` copies of the scalar `value` before and `high` after the elements of `x` along each axis.

    * C1: `low` and `high` have one entry per axis of `x`.
    * C2: they are not negative (checked where it is known).
    * C3: `value` is a scalar of the element type of `x`.

    ```mlir
    %r = mlc.pad %x, %zero low [0, %n] high [2, 1] : tensor<?x8xf32>, tensor<f32> -> tensor<?x?xf32>
    ```
  }];
  let arguments = (ins Mlc_Tensor:$x, Mlc_Tensor:$value, Variadic<Index>:$low, Variadic<Index>:$high,
                   DenseI64ArrayAttr:$staticLow, DenseI64ArrayAttr:$staticHigh);
  let results = (outs Mlc_Tensor:$result);
  let assemblyFormat = [{
    $x `,` $value `low` custom<DynamicIndexList>($low, $staticLow) `high` custom<DynamicIndexList>($high, $staticHigh)
    attr-dict `:` type($x) `,` type($value) `->` type($result)
  }];
  let hasFolder = 1;
  let builders = [OpBuilder<(ins "::mlir::Type":$type, "::mlir::Value":$x, "::mlir::Value":$value,
                             "::llvm::ArrayRef<::mlir::OpFoldResult>":$low,
                             "::llvm::ArrayRef<::mlir::OpFoldResult>":$high)>];
}

def Mlc_WindowOp : Mlc_TensorOp<"window"> {
  let summary = "The windows that slide over a tensor";
  let description = [{
    Each of `axes` becomes the axis of the windows' positions; the axes inside of a window are new and stand,
    in the same order, after the last of `axes`. Element k of window i along an axis is element
    i * stride + k * dilation of `x`. There are as many windows as fit.

    * C1: `axes` are distinct, increasing and within the rank; `sizes`, `strides` and `dilations` have one entry
      for each.
    * C2: sizes, strides and dilations are positive.
    * C3: a window fits into `x`.

    ```mlir
    %r = mlc.window %x axes = [1] sizes = [3] strides = [2] dilations = [1]
        : (tensor<?x9x4xf32>) -> tensor<?x4x3x4xf32>
    ```
  }];
  let arguments = (ins Mlc_Tensor:$x, DenseI64ArrayAttr:$axes, DenseI64ArrayAttr:$sizes,
                   DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$dilations);
  let results = (outs Mlc_Tensor:$result);
  let assemblyFormat = [{
    $x `axes` `=` $axes `sizes` `=` $sizes `strides` `=` $strides `dilations` `=` $dilations attr-dict
    `:` functional-type(operands, results)
  }];
}

def Mlc_ConcatOp : Mlc_TensorOp<"concat"> {
  let summary = "Tensors one after the other along an axis";
  let description = [{
    * C1: there is at least one operand, and all have the same rank and element type.
    * C2: `axis` lies in the rank.
    * C3: the sizes along the other axes are equal.

    ```mlir
    %r = mlc.concat %x, %y axis = 0 : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<6x3xf32>
    ```
  }];
  let arguments = (ins Variadic<Mlc_Tensor>:$xs, I64Attr:$axis);
  let results = (outs Mlc_Tensor:$result);
  let assemblyFormat = "$xs `axis` `=` $axis attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def Mlc_ShapeOfOp : Mlc_TensorOp<"shape_of"> {
  let summary = "The sizes of a tensor as a tensor";
  let description = [{
    Yields the sizes of `x` as a vector of 64-bit integers. The arithmetic that models do with it is index
    arithmetic after `import`: see `SymbolicShapes::elements`.

    ```mlir
    %r = mlc.shape_of %x : (tensor<?x8xf32>) -> tensor<2xi64>
    ```
  }];
  let arguments = (ins Mlc_Tensor:$x);
  let results = (outs Mlc_TensorOf<I64>:$result);
}

def Mlc_FromElementsOp : Mlc_Op<"from_elements", [Pure]> {
  let summary = "A small integer tensor from index values";
  let description = [{
    Row-major elements, one value of type `index` each.

    * C1: the result is static and has as many elements as there are operands.

    ```mlir
    %r = mlc.from_elements %a, %b : tensor<2xi64>
    ```
  }];
  let arguments = (ins Variadic<Index>:$elements);
  let results = (outs Mlc_TensorOf<Mlc_Integer>:$result);
  let assemblyFormat = "$elements attr-dict `:` type($result)";
  let hasVerifier = 1;
}

#endif // MLC_DIALECT_MLC_IR_MLCMOVEMENT
