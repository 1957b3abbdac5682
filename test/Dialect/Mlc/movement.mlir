// RUN: mlc-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @constant
func.func @constant() -> (tensor<2xi64>, tensor<1x2x8xi64>) {
  // CHECK: mlc.constant dense<[1, 2]> : tensor<2xi64>
  // CHECK: mlc.constant dense<1> : tensor<2x3xi64> pack #mlc.pack<permutation = [0, 1], panel = 8> -> tensor<1x2x8xi64>
  %0 = mlc.constant dense<[1, 2]> : tensor<2xi64>
  %1 = mlc.constant dense<1> : tensor<2x3xi64> pack #mlc.pack<permutation = [0, 1], panel = 8> -> tensor<1x2x8xi64>
  return %0, %1 : tensor<2xi64>, tensor<1x2x8xi64>
}

// CHECK-LABEL: @reshape
func.func @reshape(%x: tensor<?x8x8xf32>, %n: index) -> tensor<?x64xf32> {
  // CHECK: mlc.reshape %{{.*}} to [%{{.*}}, 64] : tensor<?x8x8xf32> -> tensor<?x64xf32>
  %r = mlc.reshape %x to [%n, 64] : tensor<?x8x8xf32> -> tensor<?x64xf32>
  return %r : tensor<?x64xf32>
}

// CHECK-LABEL: @broadcast
func.func @broadcast(%x: tensor<64xf32>, %n: index) -> tensor<?x64xf32> {
  // CHECK: mlc.broadcast %{{.*}} to [%{{.*}}, 64] axes = [1] : tensor<64xf32> -> tensor<?x64xf32>
  %r = mlc.broadcast %x to [%n, 64] axes = [1] : tensor<64xf32> -> tensor<?x64xf32>
  return %r : tensor<?x64xf32>
}

// CHECK-LABEL: @transpose
func.func @transpose(%x: tensor<2x?xf32>) -> tensor<?x2xf32> {
  // CHECK: mlc.transpose %{{.*}} [1, 0] : tensor<2x?xf32> -> tensor<?x2xf32>
  %r = mlc.transpose %x [1, 0] : tensor<2x?xf32> -> tensor<?x2xf32>
  return %r : tensor<?x2xf32>
}

// CHECK-LABEL: @slice
func.func @slice(%x: tensor<?x8xf32>, %o: index, %n: index) -> tensor<?x3xf32> {
  // CHECK: mlc.slice %{{.*}} [%{{.*}}, 7] [%{{.*}}, 3] [1, -2] : tensor<?x8xf32> -> tensor<?x3xf32>
  %r = mlc.slice %x [%o, 7] [%n, 3] [1, -2] : tensor<?x8xf32> -> tensor<?x3xf32>
  return %r : tensor<?x3xf32>
}

// CHECK-LABEL: @concat
func.func @concat(%x: tensor<?x3xf32>, %y: tensor<4x3xf32>) -> tensor<?x3xf32> {
  // CHECK: mlc.concat %{{.*}}, %{{.*}} axis = 0 : (tensor<?x3xf32>, tensor<4x3xf32>) -> tensor<?x3xf32>
  %r = mlc.concat %x, %y axis = 0 : (tensor<?x3xf32>, tensor<4x3xf32>) -> tensor<?x3xf32>
  return %r : tensor<?x3xf32>
}

// CHECK-LABEL: @pad
func.func @pad(%x: tensor<?x8xf32>, %v: tensor<f32>, %n: index) -> tensor<?x?xf32> {
  // CHECK: mlc.pad %{{.*}}, %{{.*}} low [0, %{{.*}}] high [2, 1] : tensor<?x8xf32>, tensor<f32> -> tensor<?x?xf32>
  %r = mlc.pad %x, %v low [0, %n] high [2, 1] : tensor<?x8xf32>, tensor<f32> -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

// CHECK-LABEL: @window
func.func @window(%x: tensor<?x9x4xf32>) -> tensor<?x4x3x4xf32> {
  // CHECK: mlc.window %{{.*}} axes = [1] sizes = [3] strides = [2] dilations = [1] : (tensor<?x9x4xf32>) -> tensor<?x4x3x4xf32>
  %r = mlc.window %x axes = [1] sizes = [3] strides = [2] dilations = [1] : (tensor<?x9x4xf32>) -> tensor<?x4x3x4xf32>
  return %r : tensor<?x4x3x4xf32>
}

// CHECK-LABEL: @shape_of
func.func @shape_of(%x: tensor<?x8xf32>) -> tensor<2xi64> {
  // CHECK: mlc.shape_of %{{.*}} : (tensor<?x8xf32>) -> tensor<2xi64>
  %r = mlc.shape_of %x : (tensor<?x8xf32>) -> tensor<2xi64>
  return %r : tensor<2xi64>
}

// CHECK-LABEL: @from_elements
func.func @from_elements(%a: index, %b: index) -> tensor<2x1xi32> {
  // CHECK: mlc.from_elements %{{.*}}, %{{.*}} : tensor<2x1xi32>
  %r = mlc.from_elements %a, %b : tensor<2x1xi32>
  return %r : tensor<2x1xi32>
}
