// RUN: mlc-opt %s --mlc-stage-kernels --mlc-plan-buffers | FileCheck %s

// Results are written where the caller wants them, all else lies in the arena.
// CHECK: mlc.from_elements %{{.*}} {mlc.buffers = [#mlc.buffer<output, 1>]}
// CHECK: mlc.call_kernel {{.*}}mlc.buffers = [#mlc.buffer<arena, 0>]
// CHECK: mlc.call_kernel {{.*}}mlc.buffers = [#mlc.buffer<output, 0>]
func.func @main(%x: tensor<4x8xf32>, %n: tensor<i64>) -> (tensor<4xf32>, tensor<1xi64>) {
  %i = tensor.extract %n[] : tensor<i64>
  %k = arith.index_cast %i : i64 to index
  %e = mlc.from_elements %k : tensor<1xi64>
  %a = mlc.reduce sum %x axes = [1] : tensor<4x8xf32> -> tensor<4xf32>
  %t = mlc.reshape %a to [4, 1] : tensor<4xf32> -> tensor<4x1xf32>
  %b = mlc.reduce max %t axes = [1] : tensor<4x1xf32> -> tensor<4xf32>
  return %b, %e : tensor<4xf32>, tensor<1xi64>
}
