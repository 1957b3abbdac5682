// RUN: mlc-opt %s --split-input-file --mlc-stage-kernels --mlc-stage-linalg --mlc-select-schedules=target=x86-64-v3 --mlc-stage-loops | FileCheck %s

// The rest of a static axis is masked; a mask of one lane is an element.
// CHECK-LABEL: func.func @kernel
// CHECK-DAG: vector.transfer_read {{.*}} vector<8xf32>
// CHECK: tensor.insert %{{.*}} into
func.func @one_above(%x: tensor<17xf32>) -> tensor<17xf32> {
  %r = mlc.exp %x : (tensor<17xf32>) -> tensor<17xf32>
  return %r : tensor<17xf32>
}

// -----

// Lanes past the end divide by one.
// CHECK-LABEL: func.func @kernel
// CHECK: %[[MASK:.*]] = vector.{{constant|create}}_mask
// CHECK: %[[DIVISOR:.*]] = arith.select %[[MASK]]
// CHECK: arith.divsi %{{.*}}, %[[DIVISOR]]
func.func @divide(%x: tensor<5xi32>, %y: tensor<5xi32>) -> tensor<5xi32> {
  %r = mlc.div %x, %y : (tensor<5xi32>, tensor<5xi32>) -> tensor<5xi32>
  return %r : tensor<5xi32>
}
