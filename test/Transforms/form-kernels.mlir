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

// -----

// What computes a tensor writes it with its border.
// CHECK-LABEL: @pad_after_anchor
// CHECK: mlc.group
// CHECK-NEXT: mlc.matmul
// CHECK-NEXT: mlc.exp
// CHECK-NEXT: mlc.pad
// CHECK-NEXT: mlc.yield
// CHECK: mlc.group
// CHECK-NEXT: mlc.window
// CHECK-NEXT: mlc.reduce
func.func @pad_after_anchor(%x: tensor<4x8xf32>, %y: tensor<8x5xf32>) -> tensor<4x5xf32> {
  %zero = mlc.constant dense<0.0> : tensor<f32>
  %m = mlc.matmul %x, %y : (tensor<4x8xf32>, tensor<8x5xf32>) -> tensor<4x5xf32>
  %e = mlc.exp %m : (tensor<4x5xf32>) -> tensor<4x5xf32>
  %p = mlc.pad %e, %zero low [1, 0] high [1, 0] : tensor<4x5xf32>, tensor<f32> -> tensor<6x5xf32>
  %w = mlc.window %p axes = [0] sizes = [3] strides = [1] dilations = [1] : (tensor<6x5xf32>) -> tensor<4x3x5xf32>
  %r = mlc.reduce max %w axes = [1] : tensor<4x3x5xf32> -> tensor<4x5xf32>
  return %r : tensor<4x5xf32>
}

// -----

// Windows test for the border of what is there.
// CHECK-LABEL: @pad_of_argument
// CHECK: mlc.group
// CHECK-NEXT: mlc.pad
// CHECK-NEXT: mlc.window
// CHECK-NEXT: mlc.reduce
// CHECK-NOT: mlc.group
func.func @pad_of_argument(%x: tensor<4x5xf32>) -> tensor<4x5xf32> {
  %zero = mlc.constant dense<0.0> : tensor<f32>
  %p = mlc.pad %x, %zero low [1, 0] high [1, 0] : tensor<4x5xf32>, tensor<f32> -> tensor<6x5xf32>
  %w = mlc.window %p axes = [0] sizes = [3] strides = [1] dilations = [1] : (tensor<6x5xf32>) -> tensor<4x3x5xf32>
  %r = mlc.reduce max %w axes = [1] : tensor<4x3x5xf32> -> tensor<4x5xf32>
  return %r : tensor<4x5xf32>
}

// -----

// What several windows read is computed once.
// CHECK-LABEL: @window_of_computed
// CHECK: mlc.group
// CHECK-NEXT: mlc.exp
// CHECK-NEXT: mlc.yield
// CHECK: mlc.group
// CHECK-NEXT: mlc.window
func.func @window_of_computed(%x: tensor<6x5xf32>) -> tensor<4x5xf32> {
  %e = mlc.exp %x : (tensor<6x5xf32>) -> tensor<6x5xf32>
  %w = mlc.window %e axes = [0] sizes = [3] strides = [1] dilations = [1] : (tensor<6x5xf32>) -> tensor<4x3x5xf32>
  %r = mlc.reduce sum %w axes = [1] : tensor<4x3x5xf32> -> tensor<4x5xf32>
  return %r : tensor<4x5xf32>
}

// -----

// A large splat is computed for those who read it from memory, and stays a number for the others.
// CHECK-LABEL: @large_splat
// CHECK-SAME: %[[X:.*]]: tensor<100000xf32>
// CHECK-DAG: %[[SPLAT:.*]] = mlc.constant dense<1.000000e+00> : tensor<100000xf32>
// CHECK-DAG: %[[ONE:.*]] = mlc.constant dense<1.000000e+00> : tensor<f32>
// CHECK-DAG: mlc.add %[[X]], %[[SPLAT]]
// CHECK-DAG: mlc.broadcast %[[ONE]] to [100000] axes = []
// CHECK: return %{{.*}}, %{{.*}} : tensor<100000xf32>, tensor<100000xf32>
func.func @large_splat(%x: tensor<100000xf32>) -> (tensor<100000xf32>, tensor<100000xf32>) {
  %c = mlc.constant dense<1.0> : tensor<100000xf32>
  %r = mlc.add %x, %c : (tensor<100000xf32>, tensor<100000xf32>) -> tensor<100000xf32>
  return %c, %r : tensor<100000xf32>, tensor<100000xf32>
}
