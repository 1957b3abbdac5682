// RUN: mlc-opt %s --mlc-form-kernels --mlc-outline-kernels --mlc-deduplicate-kernels | FileCheck %s

// A scalar that several kernels share stands before its user in each of them,
// wherever the graph has it.
// CHECK-LABEL: @main
// CHECK: mlc.call_kernel @[[K:[a-z_0-9]+]]
// CHECK: mlc.call_kernel @[[K]](
// CHECK: mlc.kernel @[[K]]
// CHECK-NOT: mlc.kernel
func.func @main(%x: tensor<8x5xf32>, %y: tensor<8x5xf32>, %w: tensor<5x8xf32>) -> (tensor<8x8xf32>, tensor<8x8xf32>) {
  %six = mlc.constant dense<6.0> : tensor<f32>
  %a = mlc.matmul %x, %w : (tensor<8x5xf32>, tensor<5x8xf32>) -> tensor<8x8xf32>
  %s = mlc.broadcast %six to [8, 8] axes = [] : tensor<f32> -> tensor<8x8xf32>
  %b = mlc.min %a, %s : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %c = mlc.matmul %y, %w : (tensor<8x5xf32>, tensor<5x8xf32>) -> tensor<8x8xf32>
  %d = mlc.min %c, %s : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  return %b, %d : tensor<8x8xf32>, tensor<8x8xf32>
}
