// RUN: mlc-opt %s --mlc-stage-kernels --mlc-stage-linalg --mlc-stage-schedule --mlc-stage-loops --mlc-stage-buffers --mlc-stage-device | FileCheck %s

// A power of f32 is computed on vectors of f64 and rounded once; no function is
// called for each lane.
// CHECK: llvm.func @kernel
// CHECK-NOT: @powf
// CHECK: llvm.fpext %{{.*}} : vector<16xf32> to vector<16xf64>
// CHECK: llvm.intr.fma{{.*}} vector<16xf64>
// CHECK: llvm.fptrunc %{{.*}} : vector<16xf64> to vector<16xf32>
// CHECK-NOT: @powf
func.func @main(%x: tensor<64xf32>, %y: tensor<64xf32>) -> tensor<64xf32> {
  %r = mlc.pow %x, %y : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  return %r : tensor<64xf32>
}
