// RUN: mlc-opt %s --mlc-form-kernels --mlc-outline-kernels --mlc-deduplicate-kernels | FileCheck %s

// Equal groups share a kernel, which knows no names, signs or booleans.
// CHECK-LABEL: @main
// CHECK: mlc.call_kernel @[[K:.*]](%{{.*}}) sizes[%{{.*}}] results[%{{.*}}]
// CHECK: mlc.call_kernel @[[K]](
// CHECK: mlc.kernel @[[K]]
// CHECK: func.func @kernel(%{{.*}}: tensor<?xi8> {mlc.sizes_of = array<i64: 0>}, %{{.*}}: tensor<?xi8> {mlc.sizes_of = array<i64: 0>}, %{{.*}}: index)
// CHECK-NOT: mlc.kernel
func.func @main(%x: tensor<?xui8> {mlc.dims = #mlc.dims<"n">}, %y: tensor<?xui8> {mlc.dims = #mlc.dims<"n">})
    -> (tensor<?xui8>, tensor<?xui8>) {
  %a = mlc.not %x : (tensor<?xui8>) -> tensor<?xui8>
  %b = mlc.not %y : (tensor<?xui8>) -> tensor<?xui8>
  return %a, %b : tensor<?xui8>, tensor<?xui8>
}
