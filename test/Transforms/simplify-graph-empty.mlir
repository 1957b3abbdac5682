// RUN: mlc-opt %s --mlc-simplify-graph | FileCheck %s

// CHECK-LABEL: @known_sizes
func.func @known_sizes(%x: tensor<0x3xf32>) -> tensor<0x3xf32> {
  // CHECK-NEXT: %[[NONE:.*]] = mlc.constant dense<> : tensor<0x3xf32>
  // CHECK-NEXT: return %[[NONE]]
  %0 = mlc.exp %x : (tensor<0x3xf32>) -> tensor<0x3xf32>
  return %0 : tensor<0x3xf32>
}

// CHECK-LABEL: @computed_sizes
// CHECK-SAME: (%[[X:.*]]: tensor<0x?xui8>)
func.func @computed_sizes(%x: tensor<0x?xui8>) -> tensor<0x?xui8> {
  // CHECK-DAG: %[[N:.*]] = tensor.dim %[[X]]
  // CHECK-DAG: %[[ZERO:.*]] = mlc.constant dense<0> : tensor<ui8>
  // CHECK:     %[[NONE:.*]] = mlc.broadcast %[[ZERO]] to [0, %[[N]]] axes = []
  // CHECK-NEXT: return %[[NONE]]
  %0 = mlc.add %x, %x : (tensor<0x?xui8>, tensor<0x?xui8>) -> tensor<0x?xui8>
  return %0 : tensor<0x?xui8>
}

// What is reduced over nothing has elements.
// CHECK-LABEL: @reduction_of_nothing
func.func @reduction_of_nothing(%x: tensor<0x3xf32>) -> tensor<3xf32> {
  // CHECK-NEXT: mlc.reduce sum
  %0 = mlc.reduce sum %x axes = [0] : tensor<0x3xf32> -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// CHECK-LABEL: @concatenation
// CHECK-SAME: (%{{.*}}, %[[Y:.*]]: tensor<2x3xf32>, %[[Z:.*]]: tensor<?x3xf32>)
func.func @concatenation(%x: tensor<0x3xf32>, %y: tensor<2x3xf32>, %z: tensor<?x3xf32>) -> tensor<?x3xf32> {
  // CHECK-NEXT: mlc.concat %[[Y]], %[[Z]] axis = 0
  %0 = mlc.concat %x, %y, %z axis = 0 : (tensor<0x3xf32>, tensor<2x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}
