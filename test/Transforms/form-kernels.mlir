// RUN: mlc-opt %s --split-input-file --mlc-form-kernels | FileCheck %s

// Elementwise ops join the anchor before them.
// CHECK-LABEL: @after_anchor
// CHECK: mlc.group
// CHECK-NEXT: mlc.matmul
// CHECK-NEXT: mlc.exp
// CHECK-NEXT: mlc.yield
// CHECK-NOT: mlc.group
func.func @after_anchor(%x: tensor<4x8xf32>, %y: tensor<8x5xf32>) -> tensor<4x5xf32> {
  %m = mlc.matmul %x, %y : (tensor<4x8xf32>, tensor<8x5xf32>) -> tensor<4x5xf32>
  %r = mlc.exp %m : (tensor<4x5xf32>) -> tensor<4x5xf32>
  return %r : tensor<4x5xf32>
}

// -----

// A value that is also returned is computed by itself.
// CHECK-LABEL: @used_twice
// CHECK-COUNT-2: mlc.group
func.func @used_twice(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %a = mlc.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %b = mlc.neg %a : (tensor<4xf32>) -> tensor<4xf32>
  return %a, %b : tensor<4xf32>, tensor<4xf32>
}

// -----

// What a concatenation reads joins it; nothing follows it in its group.
// CHECK-LABEL: @concat
// CHECK: mlc.group
// CHECK-NEXT: mlc.exp
// CHECK-NEXT: mlc.concat
// CHECK-NEXT: mlc.yield
// CHECK: mlc.group
// CHECK-NEXT: mlc.neg
func.func @concat(%x: tensor<4xf32>, %y: tensor<3xf32>) -> tensor<7xf32> {
  %e = mlc.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %c = mlc.concat %e, %y axis = 0 : (tensor<4xf32>, tensor<3xf32>) -> tensor<7xf32>
  %r = mlc.neg %c : (tensor<7xf32>) -> tensor<7xf32>
  return %r : tensor<7xf32>
}
