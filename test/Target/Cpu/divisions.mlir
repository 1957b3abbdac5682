// RUN: mlc-opt %s --mlc-stage-kernels --mlc-stage-linalg --mlc-stage-schedule --mlc-stage-loops --mlc-stage-buffers --mlc-stage-device | FileCheck %s

// An integer divisor of zero stores a status and is replaced: no trap.
// CHECK: llvm.func @kernel({{.*}}, %[[STATUS:[a-z0-9]+]]: !llvm.ptr)
// CHECK: llvm.store %{{.*}}, %[[STATUS]] : i32, !llvm.ptr
// CHECK: %[[SAFE:.*]] = llvm.select
// CHECK: llvm.sdiv %{{.*}}, %[[SAFE]]
func.func @main(%x: tensor<64xi32>, %y: tensor<64xi32>) -> tensor<64xi32> {
  %r = mlc.div %x, %y : (tensor<64xi32>, tensor<64xi32>) -> tensor<64xi32>
  return %r : tensor<64xi32>
}
