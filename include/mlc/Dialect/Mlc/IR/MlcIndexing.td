//===- MlcIndexing.td - Ops that make and follow indices ------*- tablegen -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_DIALECT_MLC_IR_MLCINDEXING
#define MLC_DIALECT_MLC_IR_MLCINDEXING

include "mlc/Dialect/Mlc/IR/MlcBase.td"
include "mlc/Dialect/Mlc/IR/MlcAttrs.td"

def Mlc_IndexTensor : Mlc_TensorOf<Mlc_Signed>;

def Mlc_IotaOp : Mlc_TensorOp<"iota"> {
  let summary = "The index along an axis";
  let description = [{
    Every element is its own index along `axis`, converted to the element type `to` as `mlc.cast` does.

    * C1: `axis` lies in the rank.

    ```mlir
    %r = mlc.iota i64 [%n, 4] axis = 1 : tensor<?x4xi64>
    ```
  }];
  let arguments = (ins TypeAttr:$to, Variadic<Index>:$sizes, DenseI64ArrayAttr:$staticSizes, I64Attr:$axis);
  let results = (outs Mlc_TensorOf<Mlc_Number>:$result);
  let assemblyFormat = [{
    $to custom<DynamicIndexList>($sizes, $staticSizes) `axis` `=` $axis attr-dict `:` type($result)
  }];
  let builders = [OpBuilder<(ins "::mlir::Type":$to, "::llvm::ArrayRef<::mlir::OpFoldResult>":$sizes,
                             "int64_t":$axis)>];
}

def Mlc_GatherOp : Mlc_TensorOp<"gather"> {
  let summary = "Elements at computed indices";
  let description = [{
    `axes` says for every axis of `x` where the index along it comes from: an axis of the result, or an index
    operand, which holds it for every element of the result. An index below 0 reads the first element along its
    axis, one past the end the last.

    * C1: there is an index operand, and all have the same shape, which is that of the result.
    * C2: `axes` has one entry per axis of `x`; one that is an axis lies in the rank of the result.
    * C3: along such an axis the result is not larger than `x`.
    * C4: where there is something to read, `x` is not empty.

    ```mlir
    %r = mlc.gather %table[%ids, 1] : (tensor<100x64xf32>, tensor<?x64xi64>) -> tensor<?x64xf32>
    ```
  }];
  let arguments = (ins Mlc_Tensor:$x, Variadic<Mlc_IndexTensor>:$indices, DenseI64ArrayAttr:$axes);
  let results = (outs Mlc_Tensor:$result);
  let assemblyFormat = [{
    $x `` custom<DynamicIndexList>($indices, $axes) attr-dict `:` functional-type(operands, results)
  }];
  let hasFolder = 1;
}

def Mlc_ScatterOp : Mlc_TensorOp<"scatter"> {
  let summary = "A tensor with elements replaced at computed indices";
  let description = [{
    The reverse of `mlc.gather`: `x`, in which every element of `updates` is written to the place that `mlc.gather`
    would read for it. Without `kind` it replaces what is there; with it, it is combined with that and rounded.
    Updates are applied in row-major order. One with an index outside of its axis is dropped.

    * C1: there is an index operand, and all have the shape of `updates`.
    * C2: `axes` has one entry per axis of `x`; one that is an axis lies in the rank of `updates`. Ranks are at
      most 32.
    * C3: along such an axis `updates` is not larger than `x`.
    * C4: `x` and `updates` have the same element type.
    * C5: the kind suits the element type.

    ```mlir
    %r = mlc.scatter %x[%i, 1] from %u by sum
        : (tensor<4x8xf32>, tensor<2x8xi64>, tensor<2x8xf32>) -> tensor<4x8xf32>
    ```
  }];
  let arguments = (ins Mlc_Tensor:$x, Variadic<Mlc_TensorOf<I64>>:$indices, Mlc_Tensor:$updates,
                   DenseI64ArrayAttr:$axes, OptionalAttr<Mlc_ReduceKindAttr>:$kind);
  let results = (outs Mlc_Tensor:$result);
  let assemblyFormat = [{
    $x `` custom<DynamicIndexList>($indices, $axes) `from` $updates (`by` $kind^)? attr-dict
    `:` functional-type(operands, results)
  }];
}

def Mlc_ScanOp : Mlc_TensorOp<"scan"> {
  let summary = "Partial combinations of the elements along an axis";
  let description = [{
    Every element is the combination of the elements up to and with its own, or, `exclusive`, of those before it;
    `reverse` starts from the end. The neutral elements are those of `mlc.reduce`.

    * C1: `axis` lies in the rank.
    * C2: the kind suits the element type.

    ```mlir
    %r = mlc.scan sum %x axis = 1 exclusive : tensor<4x8xf32>
    ```
  }];
  let arguments = (ins Mlc_ReduceKindAttr:$kind, Mlc_Tensor:$x, I64Attr:$axis, UnitAttr:$exclusive,
                   UnitAttr:$reverse);
  let results = (outs Mlc_Tensor:$result);
  let assemblyFormat = [{
    $kind $x `axis` `=` $axis (`exclusive` $exclusive^)? (`reverse` $reverse^)? attr-dict `:` type($x)
  }];
}

def Mlc_ArgsortOp : Mlc_TensorOp<"argsort"> {
  let summary = "The indices of the first elements in order";
  let description = [{
    Along `axis`, the indices of the elements in ascending or `descending` order, as many of the first as `size`
    says. Of equal elements the one with the lower index comes first; a NaN is greater than all numbers.

    * C1: `axis` lies in the rank.
    * C2: there is one size, and it is not larger than the axis (checked where it is known).

    ```mlir
    %r = mlc.argsort %x axis = 1 descending [%k] : tensor<4x8xf32> -> tensor<4x?xi64>
    ```
  }];
  let arguments = (ins Mlc_Tensor:$x, I64Attr:$axis, UnitAttr:$descending, Variadic<Index>:$size,
                   DenseI64ArrayAttr:$staticSize);
  let results = (outs Mlc_TensorOf<I64>:$result);
  let assemblyFormat = [{
    $x `axis` `=` $axis (`descending` $descending^)? custom<DynamicIndexList>($size, $staticSize) attr-dict
    `:` type($x) `->` type($result)
  }];
  let builders = [OpBuilder<(ins "::mlir::Value":$x, "int64_t":$axis, "bool":$descending,
                             "::mlir::OpFoldResult":$size)>];
}

#endif // MLC_DIALECT_MLC_IR_MLCINDEXING
