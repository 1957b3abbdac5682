//===- MlcReduction.td - Reductions --------------------------------*- tablegen -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_DIALECT_MLC_IR_MLCREDUCTION
#define MLC_DIALECT_MLC_IR_MLCREDUCTION

include "mlc/Dialect/Mlc/IR/MlcBase.td"
include "mlc/Dialect/Mlc/IR/MlcAttrs.td"

def Mlc_ReduceOp : Mlc_TensorOp<"reduce"> {
  let summary = "Combination of the elements along axes";
  let description = [{
    Removes `axes` by combining their elements. Over no element at all the result is the neutral element of
    the kind: 0, 1, the largest, the smallest value of the type (infinity for floats), true, false. Integers
    wrap; `min` and `max` of a NaN are NaN. `and` and `or` are for booleans.

    * C1: `axes` are distinct, increasing and within the rank.
    * C2: the kind suits the element type.

    ```mlir
    %r = mlc.reduce sum %x axes = [1] : tensor<4x8xf32> -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Mlc_ReduceKindAttr:$kind, Mlc_Tensor:$x, DenseI64ArrayAttr:$axes);
  let results = (outs Mlc_Tensor:$result);
  let assemblyFormat = "$kind $x `axes` `=` $axes attr-dict `:` type($x) `->` type($result)";
  let hasCanonicalizer = 1;
}

#endif // MLC_DIALECT_MLC_IR_MLCREDUCTION
