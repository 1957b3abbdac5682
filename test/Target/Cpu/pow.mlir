// RUN: mlc-opt %s --mlc-stage-kernels --mlc-stage-linalg --mlc-stage-schedule --mlc-stage-loops --mlc-stage-buffers --mlc-stage-device --split-input-file | FileCheck %s

// Powers of f32 are vector code, which calls nothing.
// CHECK: llvm.func @kernel
// CHECK-NOT: llvm.call
// CHECK: llvm.fptrunc %{{.*}} : vector<{{[0-9]+}}xf64> to vector<{{[0-9]+}}xf32>
// CHECK-NOT: llvm.call
func.func @single(%x: tensor<64xf32>, %y: tensor<64xf32>) -> tensor<64xf32> {
  %r = mlc.pow %x, %y : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  return %r : tensor<64xf32>
}

// -----

// Those of f64 need more digits than f64 has on the way.
// CHECK: llvm.intr.pow
func.func @double(%x: tensor<64xf64>, %y: tensor<64xf64>) -> tensor<64xf64> {
  %r = mlc.pow %x, %y : (tensor<64xf64>, tensor<64xf64>) -> tensor<64xf64>
  return %r : tensor<64xf64>
}
