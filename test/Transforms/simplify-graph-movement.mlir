// RUN: mlc-opt %s --mlc-simplify-graph | FileCheck %s

// CHECK-LABEL: @broadcast_of_reshape
// CHECK-SAME: (%[[X:.*]]: tensor<64xf32>, %[[N:.*]]: index)
func.func @broadcast_of_reshape(%x: tensor<64xf32>, %n: index) -> tensor<?x64xf32> {
  // CHECK-NEXT: mlc.broadcast %[[X]] to [%[[N]], 64] axes = [1]
  %0 = mlc.reshape %x to [1, 64] : tensor<64xf32> -> tensor<1x64xf32>
  %1 = mlc.broadcast %0 to [%n, 64] axes = [0, 1] : tensor<1x64xf32> -> tensor<?x64xf32>
  return %1 : tensor<?x64xf32>
}

// CHECK-LABEL: @broadcast_to_reshape
func.func @broadcast_to_reshape(%x: tensor<64xf32>) -> tensor<1x64xf32> {
  // CHECK-NEXT: mlc.reshape
  %0 = mlc.broadcast %x to [1, 64] axes = [1] : tensor<64xf32> -> tensor<1x64xf32>
  return %0 : tensor<1x64xf32>
}

// CHECK-LABEL: @slice_of_slice
func.func @slice_of_slice(%x: tensor<20xf32>) -> tensor<2xf32> {
  // CHECK-NEXT: mlc.slice %{{.*}} [7] [2] [-4]
  %0 = mlc.slice %x [1] [8] [2] : tensor<20xf32> -> tensor<8xf32>
  %1 = mlc.slice %0 [3] [2] [-2] : tensor<8xf32> -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: @slice_of_concat
// CHECK-SAME: (%[[X:.*]]: tensor<2x3xf32>, %[[Y:.*]]: tensor<4x3xf32>)
func.func @slice_of_concat(%x: tensor<2x3xf32>, %y: tensor<4x3xf32>) -> (tensor<2x3xf32>, tensor<3x3xf32>) {
  // CHECK-NEXT: %[[C:.*]] = mlc.concat
  // CHECK-NEXT: %[[A:.*]] = mlc.slice %[[Y]] [1, 0] [2, 3] [1, 1]
  // CHECK-NEXT: %[[B:.*]] = mlc.slice %[[C]] [1, 0]
  %0 = mlc.concat %x, %y axis = 0 : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<6x3xf32>
  %1 = mlc.slice %0 [3, 0] [2, 3] [1, 1] : tensor<6x3xf32> -> tensor<2x3xf32>
  %2 = mlc.slice %0 [1, 0] [3, 3] [1, 1] : tensor<6x3xf32> -> tensor<3x3xf32>
  return %1, %2 : tensor<2x3xf32>, tensor<3x3xf32>
}

// CHECK-LABEL: @concat_of_concat
// CHECK-SAME: (%[[X:.*]]: tensor<2xf32>, %[[Y:.*]]: tensor<?xf32>)
func.func @concat_of_concat(%x: tensor<2xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
  // CHECK-NEXT: mlc.concat %[[X]], %[[Y]], %[[X]] axis = 0
  %0 = mlc.concat %x, %y axis = 0 : (tensor<2xf32>, tensor<?xf32>) -> tensor<?xf32>
  %1 = mlc.concat %0, %x axis = 0 : (tensor<?xf32>, tensor<2xf32>) -> tensor<?xf32>
  return %1 : tensor<?xf32>
}

// CHECK-LABEL: @elementwise_of_reshape
// CHECK-SAME: (%[[X:.*]]: tensor<?x8xf32>, %[[Y:.*]]: tensor<?x8xf32>, %[[N:.*]]: index)
func.func @elementwise_of_reshape(%x: tensor<?x8xf32>, %y: tensor<?x8xf32>, %n: index) -> tensor<?x1x8xi1> {
  // CHECK-NEXT: %[[L:.*]] = mlc.less %[[X]], %[[Y]] : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xi1>
  // CHECK-NEXT: mlc.reshape %[[L]] to [%[[N]], 1, 8]
  %0 = mlc.reshape %x to [%n, 1, 8] : tensor<?x8xf32> -> tensor<?x1x8xf32>
  %1 = mlc.reshape %y to [%n, 1, 8] : tensor<?x8xf32> -> tensor<?x1x8xf32>
  %2 = mlc.less %0, %1 : (tensor<?x1x8xf32>, tensor<?x1x8xf32>) -> tensor<?x1x8xi1>
  return %2 : tensor<?x1x8xi1>
}

// A reshape that changes the order of axes is not one of unit axes.
// CHECK-LABEL: @elementwise_of_true_reshape
func.func @elementwise_of_true_reshape(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  // CHECK-NEXT: mlc.reshape
  // CHECK-NEXT: mlc.exp
  %0 = mlc.reshape %x to [3, 2] : tensor<2x3xf32> -> tensor<3x2xf32>
  %1 = mlc.exp %0 : (tensor<3x2xf32>) -> tensor<3x2xf32>
  return %1 : tensor<3x2xf32>
}

// Attributes move along.
// CHECK-LABEL: @cast_of_reshape
func.func @cast_of_reshape(%x: tensor<8xf32>) -> tensor<1x8xi32> {
  // CHECK-NEXT: %[[C:.*]] = mlc.cast %{{.*}} to i32 : (tensor<8xf32>) -> tensor<8xi32>
  // CHECK-NEXT: mlc.reshape %[[C]] to [1, 8]
  %0 = mlc.reshape %x to [1, 8] : tensor<8xf32> -> tensor<1x8xf32>
  %1 = mlc.cast %0 to i32 : (tensor<1x8xf32>) -> tensor<1x8xi32>
  return %1 : tensor<1x8xi32>
}

// CHECK-LABEL: @elementwise_of_reshape_and_splat
// CHECK-SAME: (%[[X:.*]]: tensor<8xf32>)
func.func @elementwise_of_reshape_and_splat(%x: tensor<8xf32>) -> tensor<1x8xf32> {
  // CHECK-NEXT: %[[C:.*]] = mlc.constant dense<3.000000e+00> : tensor<8xf32>
  // CHECK-NEXT: %[[S:.*]] = mlc.sub %[[C]], %[[X]]
  // CHECK-NEXT: mlc.reshape %[[S]] to [1, 8]
  %c = mlc.constant dense<3.0> : tensor<1x8xf32>
  %0 = mlc.reshape %x to [1, 8] : tensor<8xf32> -> tensor<1x8xf32>
  %1 = mlc.sub %c, %0 : (tensor<1x8xf32>, tensor<1x8xf32>) -> tensor<1x8xf32>
  return %1 : tensor<1x8xf32>
}
