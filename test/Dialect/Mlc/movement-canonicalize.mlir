// RUN: mlc-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: @reshape_of_reshape
// CHECK-SAME: (%[[X:.*]]: tensor<2x3x4xf32>)
func.func @reshape_of_reshape(%x: tensor<2x3x4xf32>) -> tensor<12x2xf32> {
  // CHECK-NEXT: mlc.reshape %[[X]] to [12, 2]
  %0 = mlc.reshape %x to [24] : tensor<2x3x4xf32> -> tensor<24xf32>
  %1 = mlc.reshape %0 to [12, 2] : tensor<24xf32> -> tensor<12x2xf32>
  return %1 : tensor<12x2xf32>
}

// CHECK-LABEL: @reshape_to_the_same_shape
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %{{.*}}: index)
func.func @reshape_to_the_same_shape(%x: tensor<?x3xf32>, %n: index) -> tensor<?x3xf32> {
  // CHECK-NEXT: return %[[X]]
  %0 = mlc.reshape %x to [%n, 3] : tensor<?x3xf32> -> tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}

// CHECK-LABEL: @broadcast_of_broadcast
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>)
func.func @broadcast_of_broadcast(%x: tensor<4xf32>) -> tensor<2x3x4xf32> {
  // CHECK-NEXT: mlc.broadcast %[[X]] to [2, 3, 4] axes = [2]
  %0 = mlc.broadcast %x to [3, 4] axes = [1] : tensor<4xf32> -> tensor<3x4xf32>
  %1 = mlc.broadcast %0 to [2, 3, 4] axes = [1, 2] : tensor<3x4xf32> -> tensor<2x3x4xf32>
  return %1 : tensor<2x3x4xf32>
}

// CHECK-LABEL: @transpose_of_transpose
// CHECK-SAME: (%[[X:.*]]: tensor<2x3x4xf32>)
func.func @transpose_of_transpose(%x: tensor<2x3x4xf32>) -> (tensor<4x2x3xf32>, tensor<2x3x4xf32>) {
  // CHECK-NEXT: %[[T:.*]] = mlc.transpose %[[X]] [2, 0, 1]
  // CHECK-NEXT: return %[[T]], %[[X]]
  %0 = mlc.transpose %x [1, 2, 0] : tensor<2x3x4xf32> -> tensor<3x4x2xf32>
  %1 = mlc.transpose %0 [1, 2, 0] : tensor<3x4x2xf32> -> tensor<4x2x3xf32>
  %2 = mlc.transpose %0 [2, 0, 1] : tensor<3x4x2xf32> -> tensor<2x3x4xf32>
  return %1, %2 : tensor<4x2x3xf32>, tensor<2x3x4xf32>
}

// CHECK-LABEL: @transpose_of_unit_axes
func.func @transpose_of_unit_axes(%x: tensor<4x1x8xf32>) -> tensor<4x8x1xf32> {
  // CHECK-NEXT: mlc.reshape %{{.*}} to [4, 8, 1]
  %0 = mlc.transpose %x [0, 2, 1] : tensor<4x1x8xf32> -> tensor<4x8x1xf32>
  return %0 : tensor<4x8x1xf32>
}

// CHECK-LABEL: @slice_of_the_whole
// CHECK-SAME: (%[[X:.*]]: tensor<?x8xf32>)
func.func @slice_of_the_whole(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK: return %[[X]]
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x8xf32>
  %0 = mlc.slice %x [0, 0] [%n, 8] [1, 1] : tensor<?x8xf32> -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// CHECK-LABEL: @slice_of_the_size_it_was_made_with
func.func @slice_of_the_size_it_was_made_with(%x: tensor<8xf32>, %n: index) -> tensor<?x8xf32> {
  // CHECK-NEXT: %[[B:.*]] = mlc.broadcast
  // CHECK-NEXT: return %[[B]]
  %0 = mlc.broadcast %x to [%n, 8] axes = [1] : tensor<8xf32> -> tensor<?x8xf32>
  %1 = mlc.slice %0 [0, 0] [%n, 8] [1, 1] : tensor<?x8xf32> -> tensor<?x8xf32>
  return %1 : tensor<?x8xf32>
}

// CHECK-LABEL: @slice_of_nothing
func.func @slice_of_nothing(%x: tensor<?x8xf32>) -> tensor<2x0xf32> {
  // CHECK-NEXT: mlc.constant dense<> : tensor<2x0xf32>
  %0 = mlc.slice %x [0, 8] [2, 0] [1, 1] : tensor<?x8xf32> -> tensor<2x0xf32>
  return %0 : tensor<2x0xf32>
}

// CHECK-LABEL: @slice_of_a_part
func.func @slice_of_a_part(%x: tensor<?x8xf32>, %n: index) -> tensor<?x8xf32> {
  // CHECK-NEXT: mlc.slice
  %0 = mlc.slice %x [0, 0] [%n, 8] [1, 1] : tensor<?x8xf32> -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// CHECK-LABEL: @pad_by_nothing
// CHECK-SAME: (%[[X:.*]]: tensor<?xf32>
func.func @pad_by_nothing(%x: tensor<?xf32>, %v: tensor<f32>) -> tensor<?xf32> {
  // CHECK-NEXT: return %[[X]]
  %0 = mlc.pad %x, %v low [0] high [0] : tensor<?xf32>, tensor<f32> -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// CHECK-LABEL: @concat_of_one
// CHECK-SAME: (%[[X:.*]]: tensor<?xf32>)
func.func @concat_of_one(%x: tensor<?xf32>) -> tensor<?xf32> {
  // CHECK-NEXT: return %[[X]]
  %0 = mlc.concat %x axis = 0 : (tensor<?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// Constants are one when value and recipe are.
// CHECK-LABEL: @packed_constants
func.func @packed_constants() -> (tensor<1x2x8xf32>, tensor<1x2x8xf32>, tensor<1x2x8xf32>, tensor<1x2x8xf32>) {
  // CHECK-DAG: %[[V:.*]] = mlc.constant dense_resource<v> {{.*}}permutation = [0, 1]
  // CHECK-DAG: %[[W:.*]] = mlc.constant dense_resource<w> {{.*}}permutation = [0, 1]
  // CHECK-DAG: %[[T:.*]] = mlc.constant dense_resource<w> {{.*}}permutation = [1, 0]
  // CHECK: return %[[V]], %[[W]], %[[T]], %[[V]]
  %0 = mlc.constant dense_resource<v> : tensor<2x2xf32> pack #mlc.pack<permutation = [0, 1], panel = 8> -> tensor<1x2x8xf32>
  %1 = mlc.constant dense_resource<w> : tensor<2x2xf32> pack #mlc.pack<permutation = [0, 1], panel = 8> -> tensor<1x2x8xf32>
  %2 = mlc.constant dense_resource<w> : tensor<2x2xf32> pack #mlc.pack<permutation = [1, 0], panel = 8> -> tensor<1x2x8xf32>
  %3 = mlc.constant dense_resource<v> : tensor<2x2xf32> pack #mlc.pack<permutation = [0, 1], panel = 8> -> tensor<1x2x8xf32>
  return %0, %1, %2, %3 : tensor<1x2x8xf32>, tensor<1x2x8xf32>, tensor<1x2x8xf32>, tensor<1x2x8xf32>
}

{-# dialect_resources: { builtin: {
  v: "0x040000000000803F000000400000404000008040",
  w: "0x04000000000080BF000000C0000040C0000080C0"
} } #-}
