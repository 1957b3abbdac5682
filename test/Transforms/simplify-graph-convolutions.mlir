// RUN: mlc-opt %s --mlc-simplify-graph | FileCheck %s

// A convolution of each channel by itself is a sum over windows.
// CHECK-LABEL: @depthwise
// CHECK-SAME: %[[X:.*]]: tensor<1x8x4xf32>, %[[F:.*]]: tensor<3x1x4xf32>
func.func @depthwise(%x: tensor<1x8x4xf32>, %f: tensor<3x1x4xf32>) -> tensor<1x6x4xf32> {
  // CHECK-DAG: %[[SLID:.*]] = mlc.window %[[X]]
  // CHECK-DAG: %[[W:.*]] = mlc.reshape %[[F]] to [3, 4]
  // CHECK-DAG: %[[SPREAD:.*]] = mlc.broadcast %[[W]] to [1, 6, 3, 4] axes = [2, 3]
  // CHECK: %[[PRODUCT:.*]] = mlc.mul %[[SLID]], %[[SPREAD]]
  // CHECK: mlc.reduce sum %[[PRODUCT]] axes = [2]
  %r = mlc.conv %x, %f strides = [1] dilations = [1] padding = [0, 0] groups = 4
      : (tensor<1x8x4xf32>, tensor<3x1x4xf32>) -> tensor<1x6x4xf32>
  return %r : tensor<1x6x4xf32>
}

// Groups whose channels only the run knows are summed over one more axis.
// CHECK-LABEL: @open_groups
// CHECK-SAME: %[[X:.*]]: tensor<1x8x?xf32>, %[[F:.*]]: tensor<3x?x?xf32>
func.func @open_groups(%x: tensor<1x8x?xf32>, %f: tensor<3x?x?xf32>) -> tensor<1x6x?xf32> {
  // CHECK-DAG: %[[SPLIT:.*]] = mlc.reshape %[[X]] to [1, 8, 2, %{{.*}}]
  // CHECK-DAG: %[[SLID:.*]] = mlc.window %[[SPLIT]]
  // CHECK-DAG: %[[PARTS:.*]] = mlc.reshape %[[F]] to [3, %{{.*}}, 2, %{{.*}}]
  // CHECK-DAG: mlc.transpose %[[PARTS]] [0, 2, 1, 3]
  // CHECK: %[[PRODUCT:.*]] = mlc.mul
  // CHECK: mlc.reduce sum %[[PRODUCT]] axes = [2, 4]
  %r = mlc.conv %x, %f strides = [1] dilations = [1] padding = [0, 0] groups = 2
      : (tensor<1x8x?xf32>, tensor<3x?x?xf32>) -> tensor<1x6x?xf32>
  return %r : tensor<1x6x?xf32>
}
