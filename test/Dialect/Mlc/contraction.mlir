// RUN: mlc-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @matmul
func.func @matmul(%x: tensor<?x4x8xf32>, %y: tensor<?x8x5xf32>) -> tensor<?x4x5xf32> {
  // CHECK: mlc.matmul %{{.*}}, %{{.*}} : (tensor<?x4x8xf32>, tensor<?x8x5xf32>) -> tensor<?x4x5xf32>
  %r = mlc.matmul %x, %y : (tensor<?x4x8xf32>, tensor<?x8x5xf32>) -> tensor<?x4x5xf32>
  return %r : tensor<?x4x5xf32>
}

// CHECK-LABEL: @conv
func.func @conv(%x: tensor<?x9x9x4xf32>, %f: tensor<3x3x2x8xf32>) -> tensor<?x5x9x8xf32> {
  // CHECK: mlc.conv %{{.*}}, %{{.*}} strides = [2, 1] dilations = [1, 2] padding = [1, 1, 2, 2] groups = 2
  %r = mlc.conv %x, %f strides = [2, 1] dilations = [1, 2] padding = [1, 1, 2, 2] groups = 2
      : (tensor<?x9x9x4xf32>, tensor<3x3x2x8xf32>) -> tensor<?x5x9x8xf32>
  return %r : tensor<?x5x9x8xf32>
}

// CHECK-LABEL: @packed_conv
func.func @packed_conv(%x: tensor<?x257xf32>, %w: tensor<2x257x32xf32>) -> tensor<?x60xf32> {
  // CHECK: mlc.packed_conv %{{.*}}, %{{.*}} strides = [] dilations = [] outChannels = 60
  %r = mlc.packed_conv %x, %w strides = [] dilations = [] outChannels = 60
      : (tensor<?x257xf32>, tensor<2x257x32xf32>) -> tensor<?x60xf32>
  return %r : tensor<?x60xf32>
}
