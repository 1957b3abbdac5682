// RUN: mlc-opt %s --mlc-stage-kernels --mlc-stage-linalg | FileCheck %s

// Every operand is computed into its part of the destination.
// CHECK-LABEL: func.func @kernel
// CHECK-SAME: %[[OUT:[a-z0-9]+]]: tensor<5xf32>
// CHECK: %[[FIRST:.*]] = tensor.extract_slice %[[OUT]][0] [2] [1]
// CHECK: linalg.generic {{.*}} outs(%[[FIRST]] : tensor<2xf32>)
// CHECK: math.exp
// CHECK: %[[BOTH:.*]] = tensor.insert_slice %{{.*}} into %[[OUT]][0] [2] [1]
// CHECK: tensor.extract_slice %[[BOTH]][2] [3] [1]
// CHECK: linalg.generic
// CHECK: tensor.insert_slice %{{.*}} into %[[BOTH]][2] [3] [1]
func.func @concat(%x: tensor<2xf32>, %y: tensor<3xf32>) -> tensor<5xf32> {
  %e = mlc.exp %x : (tensor<2xf32>) -> tensor<2xf32>
  %r = mlc.concat %e, %y axis = 0 : (tensor<2xf32>, tensor<3xf32>) -> tensor<5xf32>
  return %r : tensor<5xf32>
}
