// RUN: mlc-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: @gather_of_a_splat
func.func @gather_of_a_splat(%i: tensor<3xi64>) -> tensor<3xf32> {
  // CHECK: mlc.constant dense<2.000000e+00> : tensor<3xf32>
  // CHECK-NOT: mlc.gather
  %x = mlc.constant dense<2.0> : tensor<8xf32>
  %r = mlc.gather %x[%i] : (tensor<8xf32>, tensor<3xi64>) -> tensor<3xf32>
  return %r : tensor<3xf32>
}
