// RUN: mlc-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: mlc.kernel @exp
mlc.kernel @exp {
  builtin.module {
    func.func @exp(%x: tensor<?xf32> {mlc.sizes_of = array<i64: 0>},
                   %out: tensor<?xf32> {mlc.sizes_of = array<i64: 0>}, %n: index) -> tensor<?xf32> {
      return %out : tensor<?xf32>
    }
  }
}

// CHECK-LABEL: @call_kernel
func.func @call_kernel(%x: tensor<?xf32>, %n: index) -> tensor<?xf32> {
  // CHECK: mlc.call_kernel @exp(%{{.*}}) sizes[%{{.*}}] results[%{{.*}}] : (tensor<?xf32>) -> tensor<?xf32>
  %r = mlc.call_kernel @exp(%x) sizes [%n] results [%n] : (tensor<?xf32>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}

// CHECK-LABEL: @group
func.func @group(%x: tensor<?xf32>, %n: index) -> tensor<?xf32> {
  // CHECK: mlc.group[%{{.*}}] {
  // CHECK:   mlc.yield %{{.*}} : tensor<?xf32>
  %r = mlc.group [%n] {
    %e = mlc.exp %x : (tensor<?xf32>) -> tensor<?xf32>
    mlc.yield %e : tensor<?xf32>
  } : tensor<?xf32>
  return %r : tensor<?xf32>
}
