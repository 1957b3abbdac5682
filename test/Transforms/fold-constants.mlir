// RUN: mlc-opt %s --mlc-fold-constants=max-bytes=4096 --split-input-file | FileCheck %s

// Shape arithmetic of a model folds down to index constants.
// CHECK-LABEL: @shape_arithmetic
func.func @shape_arithmetic(%x: tensor<3x8xf32>) -> index {
  // CHECK-NEXT: %[[C:.*]] = arith.constant 24 : index
  // CHECK-NEXT: return %[[C]]
  %s = mlc.shape_of %x : (tensor<3x8xf32>) -> tensor<2xi64>
  %p = mlc.reduce product %s axes = [0] : tensor<2xi64> -> tensor<i64>
  %e = tensor.extract %p[] : tensor<i64>
  %i = arith.index_cast %e : i64 to index
  return %i : index
}

// -----

// CHECK-LABEL: @integers_are_inline
func.func @integers_are_inline() -> tensor<3xi32> {
  // CHECK-NEXT: mlc.constant dense<[2, 4, 6]> : tensor<3xi32>
  %c = mlc.constant dense<[1, 2, 3]> : tensor<3xi32>
  %r = mlc.add %c, %c : (tensor<3xi32>, tensor<3xi32>) -> tensor<3xi32>
  return %r : tensor<3xi32>
}

// -----

// CHECK-LABEL: @booleans_are_inline
func.func @booleans_are_inline() -> tensor<3xi1> {
  // CHECK-NEXT: mlc.constant dense<[true, false, false]> : tensor<3xi1>
  %c = mlc.constant dense<[1, 2, 3]> : tensor<3xi32>
  %d = mlc.constant dense<2> : tensor<3xi32>
  %r = mlc.less %c, %d : (tensor<3xi32>, tensor<3xi32>) -> tensor<3xi1>
  return %r : tensor<3xi1>
}

// -----

// CHECK-LABEL: @splats_are_inline
func.func @splats_are_inline() -> tensor<4x4xf32> {
  // CHECK-NEXT: mlc.constant dense<5.000000e-01> : tensor<4x4xf32>
  %c = mlc.constant dense<2.0> : tensor<4x4xf32>
  %r = mlc.reciprocal %c : (tensor<4x4xf32>) -> tensor<4x4xf32>
  return %r : tensor<4x4xf32>
}

// -----

// CHECK-LABEL: @floats_are_blobs
func.func @floats_are_blobs() -> tensor<2xf32> {
  // CHECK-NEXT: mlc.constant dense_resource<[[BLOB:.*]]> : tensor<2xf32>
  %c = mlc.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %r = mlc.add %c, %c : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %r : tensor<2xf32>
}
// CHECK: [[BLOB]]: "0x{{[0-9]+}}0000000000004000008040"

// -----

// CHECK-LABEL: @empty
func.func @empty() -> tensor<0x2xf32> {
  // CHECK-NEXT: mlc.constant dense<> : tensor<0x2xf32>
  %c = mlc.constant dense<1.0> : tensor<2xf32>
  %r = mlc.broadcast %c to [0, 2] axes = [1] : tensor<2xf32> -> tensor<0x2xf32>
  return %r : tensor<0x2xf32>
}

// -----

// The run ends with an error, if it comes here.
// CHECK-LABEL: @division_by_zero_stays
func.func @division_by_zero_stays() -> tensor<2xi32> {
  // CHECK: mlc.div
  %c = mlc.constant dense<[1, 2]> : tensor<2xi32>
  %d = mlc.constant dense<[1, 0]> : tensor<2xi32>
  %r = mlc.div %c, %d : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  return %r : tensor<2xi32>
}

// -----

// CHECK-LABEL: @too_large
func.func @too_large() -> tensor<2x1024xf32> {
  // CHECK: mlc.broadcast
  %c = mlc.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %r = mlc.broadcast %c to [2, 1024] axes = [0] : tensor<2xf32> -> tensor<2x1024xf32>
  return %r : tensor<2x1024xf32>
}

// -----

// Transposes of weights become part of pack recipes, and a packed constant is never unpacked.
// CHECK-LABEL: @weights_stay
func.func @weights_stay(%x: tensor<5x3xf32>) -> (tensor<5x2xf32>, tensor<1x2x8xf32>) {
  // CHECK: mlc.transpose
  // CHECK: mlc.neg
  %c = mlc.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %t = mlc.transpose %c [1, 0] : tensor<2x3xf32> -> tensor<3x2xf32>
  %p = mlc.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
      pack #mlc.pack<permutation = [0, 1], panel = 8> -> tensor<1x2x8xf32>
  %y = mlc.matmul %x, %t : (tensor<5x3xf32>, tensor<3x2xf32>) -> tensor<5x2xf32>
  %n = mlc.neg %p : (tensor<1x2x8xf32>) -> tensor<1x2x8xf32>
  return %y, %n : tensor<5x2xf32>, tensor<1x2x8xf32>
}
