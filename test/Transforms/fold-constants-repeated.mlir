// RUN: mlc-opt %s --mlc-fold-constants --split-input-file | FileCheck %s

// A bias is not stored once per pixel: the kernel that adds it renames indices.
// CHECK-LABEL: @bias
func.func @bias(%x: tensor<1x32x40x40xi32>) -> tensor<1x32x40x40xi32> {
  // CHECK: %[[C:.*]] = mlc.constant dense<{{.*}}> : tensor<32xi32>
  // CHECK: mlc.broadcast %[[C]]
  %c = mlc.constant dense<[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32]> : tensor<32xi32>
  %b = mlc.broadcast %c to [1, 32, 40, 40] axes = [1] : tensor<32xi32> -> tensor<1x32x40x40xi32>
  %r = mlc.add %x, %b : (tensor<1x32x40x40xi32>, tensor<1x32x40x40xi32>) -> tensor<1x32x40x40xi32>
  return %r : tensor<1x32x40x40xi32>
}
// -----

// What is computed from two of them is as large as they are together, or it is not stored either.
// CHECK-LABEL: @sum_of_repeated
func.func @sum_of_repeated() -> tensor<32x64x32xi32> {
  // CHECK: mlc.broadcast
  // CHECK: mlc.broadcast
  // CHECK: mlc.add
  %c = mlc.constant dense<[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32]> : tensor<32xi32>
  %rows = mlc.broadcast %c to [32, 64, 32] axes = [0] : tensor<32xi32> -> tensor<32x64x32xi32>
  %columns = mlc.broadcast %c to [32, 64, 32] axes = [2] : tensor<32xi32> -> tensor<32x64x32xi32>
  %r = mlc.add %rows, %columns : (tensor<32x64x32xi32>, tensor<32x64x32xi32>) -> tensor<32x64x32xi32>
  return %r : tensor<32x64x32xi32>
}

// -----

// A filter is scaled: the result is no larger than the filter was.
// CHECK-LABEL: @scaled_filter
func.func @scaled_filter() -> tensor<40x32xi32> {
  // CHECK-NEXT: %[[C:.*]] = mlc.constant dense_resource<folded{{.*}}> : tensor<40x32xi32>
  // CHECK-NEXT: return %[[C]]
  %i = mlc.iota i32 [40, 32] axis = 0 : tensor<40x32xi32>
  %c = mlc.constant dense<[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32]> : tensor<32xi32>
  %b = mlc.broadcast %c to [40, 32] axes = [1] : tensor<32xi32> -> tensor<40x32xi32>
  %r = mlc.mul %i, %b : (tensor<40x32xi32>, tensor<40x32xi32>) -> tensor<40x32xi32>
  return %r : tensor<40x32xi32>
}

// -----

// CHECK-LABEL: @splat
func.func @splat() -> tensor<64x64xf32> {
  // CHECK-NEXT: mlc.constant dense<2.000000e+00> : tensor<64x64xf32>
  %c = mlc.constant dense<2.0> : tensor<64xf32>
  %r = mlc.broadcast %c to [64, 64] axes = [1] : tensor<64xf32> -> tensor<64x64xf32>
  return %r : tensor<64x64xf32>
}

// -----

// CHECK-LABEL: @small
func.func @small() -> tensor<4x2xi32> {
  // CHECK-NEXT: mlc.constant dense<{{\[\[}}1, 2], [1, 2], [1, 2], [1, 2]]>
  %c = mlc.constant dense<[1, 2]> : tensor<2xi32>
  %r = mlc.broadcast %c to [4, 2] axes = [1] : tensor<2xi32> -> tensor<4x2xi32>
  return %r : tensor<4x2xi32>
}
