//===- MlcContraction.td - Matrix products and convolutions --------*- tablegen -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_DIALECT_MLC_IR_MLCCONTRACTION
#define MLC_DIALECT_MLC_IR_MLCCONTRACTION

include "mlc/Dialect/Mlc/IR/MlcBase.td"

def Mlc_MatmulOp : Mlc_TensorOp<"matmul"> {
  let summary = "Matrix product, batched";
  let description = [{
    Multiplies the matrices of the last two axes of `x` [..., M, K] and `y` [..., K, N]; the axes before them
    are equal.

    * C1: both ranks are equal and at least 2.
    * C2: the leading axes are equal.
    * C3: the last axis of `x` equals the last but one of `y`.
    * C4: element types are equal.

    ```mlir
    %r = mlc.matmul %x, %y : (tensor<?x4x8xf32>, tensor<?x8x5xf32>) -> tensor<?x4x5xf32>
    ```
  }];
  let arguments = (ins Mlc_TensorOf<Mlc_Number>:$x, Mlc_TensorOf<Mlc_Number>:$y);
  let results = (outs Mlc_TensorOf<Mlc_Number>:$result);
}

def Mlc_ConvOp : Mlc_TensorOp<"conv"> {
  let summary = "Convolution, channels last";
  let description = [{
    `x` is [batch, spatial..., channels], `filter` [spatial..., channels / groups, out channels] and the result
    [batch, spatial..., out channels]. `padding` holds the zeros before and after each spatial axis, in pairs.

    * C1: `x` and `filter` have equal rank, at least 3; `strides` and `dilations` have one entry per spatial
      axis, `padding` two.
    * C2: strides and dilations are positive, padding is not negative.
    * C3: the channels of `x` are `groups` times those of `filter`, and `groups` divides the out channels.
    * C4: the dilated filter fits into the padded input.

    ```mlir
    %r = mlc.conv %x, %f strides = [1] dilations = [1] padding = [1, 1] groups = 1
        : (tensor<?x9x4xf32>, tensor<3x4x8xf32>) -> tensor<?x9x8xf32>
    ```
  }];
  let arguments = (ins Mlc_TensorOf<Mlc_Number>:$x, Mlc_TensorOf<Mlc_Number>:$filter,
                   DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$dilations, DenseI64ArrayAttr:$padding,
                   I64Attr:$groups);
  let results = (outs Mlc_TensorOf<Mlc_Number>:$result);
  let assemblyFormat = [{
    $x `,` $filter `strides` `=` $strides `dilations` `=` $dilations `padding` `=` $padding
    `groups` `=` $groups attr-dict `:` functional-type(operands, results)
  }];
}

def Mlc_PackedConvOp : Mlc_TensorOp<"packed_conv"> {
  let summary = "Convolution or matrix product with weights in panels";
  let description = [{
    What `graph` turns convolutions and matrix products with constant weights into. `filter` is
    [panels, spatial..., channels, panel], as `#mlc.pack` makes it, of `outChannels` columns in all; `x` is
    [batch, spatial..., channels], already padded. A matrix product is the case without spatial axes.

    * C1: the rank of `filter` is one more than that of `x`; `strides` and `dilations` have one entry per
      spatial axis.
    * C2: the channels are equal.
    * C3: the panels hold `outChannels` columns.
    * C4: the dilated filter fits into the input.

    ```mlir
    %r = mlc.packed_conv %x, %w strides = [] dilations = [] outChannels = 64
        : (tensor<?x257xf32>, tensor<2x257x32xf32>) -> tensor<?x64xf32>
    ```
  }];
  let arguments = (ins Mlc_TensorOf<Mlc_Number>:$x, Mlc_TensorOf<Mlc_Number>:$filter,
                   DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$dilations, I64Attr:$outChannels);
  let results = (outs Mlc_TensorOf<Mlc_Number>:$result);
  let assemblyFormat = [{
    $x `,` $filter `strides` `=` $strides `dilations` `=` $dilations `outChannels` `=` $outChannels attr-dict
    `:` functional-type(operands, results)
  }];
}

#endif // MLC_DIALECT_MLC_IR_MLCCONTRACTION
