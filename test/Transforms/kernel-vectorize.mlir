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

// -----

// Products with zero are folded away, and with them all but the accumulator.
// CHECK-LABEL: func.func @kernel
// CHECK: %[[ZERO:.*]] = arith.constant dense<0> : vector<8xi32>
// CHECK-NOT: vector.transfer_read
// CHECK: vector.transfer_write %[[ZERO]]
func.func @zeros(%x: tensor<4x16xi32>) -> tensor<4x16xi32> {
  %y = mlc.constant dense<0> : tensor<16x16xi32>
  %r = mlc.matmul %x, %y : (tensor<4x16xi32>, tensor<16x16xi32>) -> tensor<4x16xi32>
  return %r : tensor<4x16xi32>
}

// -----

// A long sum starts again from zero after 128 products; the last block is short.
// CHECK-LABEL: func.func @kernel
// CHECK: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : vector<8xf32>
// CHECK: scf.for %[[BEGIN:.*]] = %c0{{.*}} to %c300{{.*}} step %c128{{.*}} iter_args(%[[SUM:[^ ]*]] =
// CHECK: %[[END:.*]] = arith.minui
// CHECK: %[[BLOCK:.*]]:{{.*}} = scf.for %{{.*}} = %[[BEGIN]] to %[[END]] step %c1{{.*}} iter_args(%{{.*}} = %[[ZERO]]
// CHECK: arith.addf %[[SUM]], %[[BLOCK]]#0
func.func @long_sum(%x: tensor<12x300xf32>, %y: tensor<300x16xf32>) -> tensor<12x16xf32> {
  %r = mlc.matmul %x, %y : (tensor<12x300xf32>, tensor<300x16xf32>) -> tensor<12x16xf32>
  return %r : tensor<12x16xf32>
}

// -----

// One of little more than a block is one loop.
// CHECK-LABEL: func.func @kernel
// CHECK-NOT: arith.minui
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %c200{{.*}} step %c1{{.*}}
// CHECK-NOT: step %c128
func.func @short_sum(%x: tensor<12x200xf32>, %y: tensor<200x16xf32>) -> tensor<12x16xf32> {
  %r = mlc.matmul %x, %y : (tensor<12x200xf32>, tensor<200x16xf32>) -> tensor<12x16xf32>
  return %r : tensor<12x16xf32>
}
