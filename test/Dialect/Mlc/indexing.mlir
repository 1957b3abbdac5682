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

// CHECK-LABEL: @scatter
func.func @scatter(%x: tensor<4x8xf32>, %i: tensor<?x8xi64>, %u: tensor<?x8xf32>) -> tensor<4x8xf32> {
  // CHECK: %[[S:.*]] = mlc.scatter %{{.*}}[%{{.*}}, 1] from %{{.*}} by sum : (tensor<4x8xf32>, tensor<?x8xi64>, tensor<?x8xf32>) -> tensor<4x8xf32>
  // CHECK: mlc.scatter %[[S]][%{{.*}}, 1] from %{{.*}} : (tensor<4x8xf32>, tensor<?x8xi64>, tensor<?x8xf32>) -> tensor<4x8xf32>
  %0 = mlc.scatter %x[%i, 1] from %u by sum : (tensor<4x8xf32>, tensor<?x8xi64>, tensor<?x8xf32>) -> tensor<4x8xf32>
  %1 = mlc.scatter %0[%i, 1] from %u : (tensor<4x8xf32>, tensor<?x8xi64>, tensor<?x8xf32>) -> tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}

// CHECK-LABEL: @scan
func.func @scan(%x: tensor<4x?xf32>) -> tensor<4x?xf32> {
  // CHECK: mlc.scan sum %{{.*}} axis = 1 : tensor<4x?xf32>
  // CHECK: mlc.scan max %{{.*}} axis = 0 exclusive reverse : tensor<4x?xf32>
  %0 = mlc.scan sum %x axis = 1 : tensor<4x?xf32>
  %1 = mlc.scan max %0 axis = 0 exclusive reverse : tensor<4x?xf32>
  return %1 : tensor<4x?xf32>
}

// CHECK-LABEL: @argsort
func.func @argsort(%x: tensor<4x8xf32>, %k: index) -> (tensor<4x?xi64>, tensor<3x8xi64>) {
  // CHECK: mlc.argsort %{{.*}} axis = 1 descending [%{{.*}}] : tensor<4x8xf32> -> tensor<4x?xi64>
  // CHECK: mlc.argsort %{{.*}} axis = 0 [3] : tensor<4x8xf32> -> tensor<3x8xi64>
  %0 = mlc.argsort %x axis = 1 descending [%k] : tensor<4x8xf32> -> tensor<4x?xi64>
  %1 = mlc.argsort %x axis = 0 [3] : tensor<4x8xf32> -> tensor<3x8xi64>
  return %0, %1 : tensor<4x?xi64>, tensor<3x8xi64>
}
