// RUN: mlc-opt %s --split-input-file --mlc-stage-kernels --mlc-stage-linalg --mlc-select-schedules=target=x86-64 | FileCheck %s

// One module per level, each with its lanes.
// CHECK: mlc.kernel @exp_0
// CHECK: builtin.module @"x86-64-v3"
// CHECK: mlc.schedule = #mlc.schedule<grid = [{{.*}}], tile = [32], lanes = 8>
// CHECK: builtin.module @"x86-64-v4"
// CHECK: mlc.schedule = #mlc.schedule<grid = [{{.*}}], tile = [64], lanes = 16>
func.func @pointwise(%x: tensor<1000xf32>) -> tensor<1000xf32> {
  %r = mlc.exp %x : (tensor<1000xf32>) -> tensor<1000xf32>
  return %r : tensor<1000xf32>
}

// -----

// The grid is of the result, not of the parts of a concatenation.
// CHECK: mlc.kernel @concat_0
// CHECK: mlc.schedule = #mlc.schedule<grid = [16], tile = [32], lanes = 8>
func.func @parts(%x: tensor<9xf32>, %y: tensor<7xf32>) -> tensor<16xf32> {
  %r = mlc.concat %x, %y axis = 0 : (tensor<9xf32>, tensor<7xf32>) -> tensor<16xf32>
  return %r : tensor<16xf32>
}
