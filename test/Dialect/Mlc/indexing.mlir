// RUN: mlc-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @iota
func.func @iota(%n: index) -> (tensor<?x4xi64>, tensor<5xbf16>) {
  // CHECK: mlc.iota i64 [%{{.*}}, 4] axis = 1 : tensor<?x4xi64>
  // CHECK: mlc.iota bf16 [5] axis = 0 : tensor<5xbf16>
  %0 = mlc.iota i64 [%n, 4] axis = 1 : tensor<?x4xi64>
  %1 = mlc.iota bf16 [5] axis = 0 : tensor<5xbf16>
  return %0, %1 : tensor<?x4xi64>, tensor<5xbf16>
}

// CHECK-LABEL: @gather
func.func @gather(%x: tensor<100x64xf32>, %i: tensor<?x64xi64>, %j: tensor<?x64xi32>) -> tensor<?x64xf32> {
  // CHECK: %[[G:.*]] = mlc.gather %{{.*}}[%{{.*}}, 1] : (tensor<100x64xf32>, tensor<?x64xi64>) -> tensor<?x64xf32>
  // CHECK: mlc.gather %[[G]][%{{.*}}, %{{.*}}] : (tensor<?x64xf32>, tensor<?x64xi64>, tensor<?x64xi32>) -> tensor<?x64xf32>
  %0 = mlc.gather %x[%i, 1] : (tensor<100x64xf32>, tensor<?x64xi64>) -> tensor<?x64xf32>
  %1 = mlc.gather %0[%i, %j] : (tensor<?x64xf32>, tensor<?x64xi64>, tensor<?x64xi32>) -> tensor<?x64xf32>
  return %1 : tensor<?x64xf32>
}
