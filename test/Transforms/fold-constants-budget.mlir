// RUN: mlc-opt %s --mlc-fold-constants=max-flops=100 | FileCheck %s --check-prefix=SMALL
// RUN: mlc-opt %s --mlc-fold-constants | FileCheck %s --check-prefix=DEFAULT

// SMALL-LABEL: @matmul
// SMALL: mlc.matmul
// DEFAULT-LABEL: @matmul
// DEFAULT-NEXT: mlc.constant dense<4> : tensor<4x8xi32>
func.func @matmul() -> tensor<4x8xi32> {
  %x = mlc.constant dense<1> : tensor<4x4xi32>
  %y = mlc.constant dense<1> : tensor<4x8xi32>
  %r = mlc.matmul %x, %y : (tensor<4x4xi32>, tensor<4x8xi32>) -> tensor<4x8xi32>
  return %r : tensor<4x8xi32>
}
