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

#endif // MLC_DIALECT_MLC_IR_MLCINDEXING
