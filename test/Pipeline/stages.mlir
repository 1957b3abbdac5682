// RUN: mlc-opt %s --mlc-stage-graph | FileCheck %s --check-prefix=GRAPH
// RUN: mlc-opt %s --mlc-stage-graph --mlc-stage-kernels | FileCheck %s --check-prefix=KERNELS
// RUN: mlc-opt %s --mlc-stage-graph --mlc-stage-kernels --mlc-stage-linalg | FileCheck %s --check-prefix=LINALG
// RUN: mlc-opt %s --mlc-stage-graph --mlc-stage-kernels --mlc-stage-linalg --mlc-stage-schedule | FileCheck %s --check-prefix=SCHEDULE
// RUN: mlc-opt %s --mlc-stage-graph --mlc-stage-kernels --mlc-stage-linalg --mlc-stage-schedule --mlc-stage-loops | FileCheck %s --check-prefix=LOOPS
// RUN: mlc-opt %s --mlc-stage-graph --mlc-stage-kernels --mlc-stage-linalg --mlc-stage-schedule --mlc-stage-loops --mlc-stage-buffers | FileCheck %s --check-prefix=BUFFERS
// RUN: mlc-opt %s --mlc-stage-graph --mlc-stage-kernels --mlc-stage-linalg --mlc-stage-schedule --mlc-stage-loops --mlc-stage-buffers --mlc-stage-device | FileCheck %s --check-prefix=DEVICE

// GRAPH: mlc.abs
// GRAPH-NOT: mlc.kernel
// KERNELS: mlc.call_kernel @abs_0
// KERNELS: mlc.kernel @abs_0
// KERNELS: mlc.abs
// LINALG: mlc.kernel @abs_0
// LINALG-NOT: mlc.abs
// LINALG: linalg.generic
// SCHEDULE: mlc.schedule = #mlc.schedule<
// LOOPS-NOT: linalg.
// LOOPS: vector.transfer_write {{.*}} tensor<
// BUFFERS: mlc.buffers = [#mlc.buffer<output, 0>]
// BUFFERS: vector.transfer_write {{.*}} memref<
// DEVICE: llvm.func @kernel(%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: i64, %{{.*}}: i64, %{{.*}}: !llvm.ptr)
func.func @main(%x: tensor<64x64xf32>) -> tensor<64x64xf32> {
  %r = mlc.abs %x : (tensor<64x64xf32>) -> tensor<64x64xf32>
  return %r : tensor<64x64xf32>
}
