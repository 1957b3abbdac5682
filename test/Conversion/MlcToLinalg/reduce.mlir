// RUN: mlc-opt %s --split-input-file --mlc-stage-kernels --mlc-stage-linalg | FileCheck %s

// CHECK-LABEL: func.func @kernel
// CHECK: linalg.fill
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]
// CHECK: math.exp
// CHECK: arith.addf
func.func @prologue(%x: tensor<4x8xf32>) -> tensor<4xf32> {
  %e = mlc.exp %x : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %r = mlc.reduce sum %e axes = [1] : tensor<4x8xf32> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// A reduction of nothing yields what it starts from.
// CHECK-LABEL: func.func @kernel
// CHECK: %[[ONE:.*]] = arith.constant 1.0
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel"]
// CHECK: linalg.yield %[[ONE]]
func.func @nothing(%x: tensor<4x0xf32>) -> tensor<4xf32> {
  %r = mlc.reduce product %x axes = [1] : tensor<4x0xf32> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// Half precision accumulates in f32.
// CHECK-LABEL: func.func @kernel
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<4x8xf16>) outs(%{{.*}} : tensor<4xf32>)
// CHECK: arith.truncf {{.*}} f32 to f16
func.func @half(%x: tensor<4x8xf16>) -> tensor<4xf16> {
  %r = mlc.reduce sum %x axes = [1] : tensor<4x8xf16> -> tensor<4xf16>
  return %r : tensor<4xf16>
}
