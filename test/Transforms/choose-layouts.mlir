// RUN: mlc-opt %s --split-input-file --pass-pipeline='builtin.module(func.func(mlc-choose-layouts{panel=32}))' | FileCheck %s

// CHECK-LABEL: @weights
// CHECK: mlc.constant {{.*}} pack #mlc.pack<permutation = [0, 1], panel = 32>
// CHECK: mlc.packed_conv
func.func @weights(%x: tensor<4x2xf32>) -> tensor<4x3xf32> {
  %w = mlc.constant dense_resource<w> : tensor<2x3xf32>
  %r = mlc.matmul %x, %w : (tensor<4x2xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
  return %r : tensor<4x3xf32>
}

{-# dialect_resources: { builtin: { w: "0x400000000000803F000000400000404000008040000000A0000000C0" } } #-}

// -----

// Padding is zeros around the input.
// CHECK-LABEL: @padded
// CHECK: %[[X:.*]] = mlc.pad %{{.*}}, %{{.*}} low [0, 1, 0] high [0, 1, 0]
// CHECK: mlc.conv %[[X]], {{.*}} padding = [0, 0]
func.func @padded(%x: tensor<1x9x4xf32>, %f: tensor<3x4x8xf32>) -> tensor<1x9x8xf32> {
  %r = mlc.conv %x, %f strides = [1] dilations = [1] padding = [1, 1] groups = 1
      : (tensor<1x9x4xf32>, tensor<3x4x8xf32>) -> tensor<1x9x8xf32>
  return %r : tensor<1x9x8xf32>
}

// -----

// Weights of one shape stay two.
// CHECK-LABEL: @two_weights
// CHECK-DAG: %[[V:.*]] = mlc.constant dense_resource<v> {{.*}} pack
// CHECK-DAG: %[[W:.*]] = mlc.constant dense_resource<w> {{.*}} pack
// CHECK-DAG: mlc.packed_conv %{{.*}}, %[[V]]
// CHECK-DAG: mlc.packed_conv %{{.*}}, %[[W]]
func.func @two_weights(%x: tensor<4x2xf32>) -> (tensor<4x3xf32>, tensor<4x3xf32>) {
  %v = mlc.constant dense_resource<v> : tensor<2x3xf32>
  %w = mlc.constant dense_resource<w> : tensor<2x3xf32>
  %r = mlc.matmul %x, %v : (tensor<4x2xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
  %s = mlc.matmul %x, %w : (tensor<4x2xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
  return %r, %s : tensor<4x3xf32>, tensor<4x3xf32>
}

{-# dialect_resources: { builtin: {
  v: "0x400000000000803F0000004000004040000080400000A0400000C040",
  w: "0x400000000000803F000000400000404000008040000000A0000000C0"
} } #-}
