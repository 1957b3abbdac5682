// RUN: mlc-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: @reduce_of_transpose
// CHECK-SAME: (%[[X:.*]]: tensor<2x3x4xf32>)
func.func @reduce_of_transpose(%x: tensor<2x3x4xf32>) -> tensor<4x2xf32> {
  // CHECK-NEXT: %[[R:.*]] = mlc.reduce max %[[X]] axes = [1] : tensor<2x3x4xf32> -> tensor<2x4xf32>
  // CHECK-NEXT: mlc.transpose %[[R]] [1, 0]
  %0 = mlc.transpose %x [2, 1, 0] : tensor<2x3x4xf32> -> tensor<4x3x2xf32>
  %1 = mlc.reduce max %0 axes = [1] : tensor<4x3x2xf32> -> tensor<4x2xf32>
  return %1 : tensor<4x2xf32>
}
