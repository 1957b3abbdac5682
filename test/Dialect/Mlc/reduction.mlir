// RUN: mlc-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @reduce
func.func @reduce(%x: tensor<?x8x3xf32>, %b: tensor<2xi1>) -> (tensor<?x3xf32>, tensor<i1>) {
  // CHECK: mlc.reduce sum %{{.*}} axes = [1] : tensor<?x8x3xf32> -> tensor<?x3xf32>
  // CHECK: mlc.reduce and %{{.*}} axes = [0] : tensor<2xi1> -> tensor<i1>
  %0 = mlc.reduce sum %x axes = [1] : tensor<?x8x3xf32> -> tensor<?x3xf32>
  %1 = mlc.reduce and %b axes = [0] : tensor<2xi1> -> tensor<i1>
  return %0, %1 : tensor<?x3xf32>, tensor<i1>
}
