// One artifact for two levels: the kernels of each compute the same.

// REQUIRES: x86-64-v4
// RUN: mlc compile %s -o %t.so --target x86-64
// RUN: mlc inspect %t.so | FileCheck %s
// RUN: mlc run %t.so --level v3 --random 3 --shape x=7x33 --output %t.v3
// RUN: mlc run %t.so --level v4 --random 3 --shape x=7x33 --expect y=%t.v3/y.npy

// CHECK: {{^}}levels
// CHECK-NEXT: x86-64-v3
// CHECK-NEXT: x86-64-v4

module attributes {mlc.symbols = #mlc.symbols<<"n", min = 0, max = 100, multiple = 1>>} {
  func.func @main(%x: tensor<?x33xf32> {mlc.name = "x", mlc.dims = #mlc.dims<"n", "33">})
      -> (tensor<?x40xf32> {mlc.name = "y", mlc.dims = #mlc.dims<"n", "40">}) {
    %w = mlc.constant dense<0.25> : tensor<33x40xf32>
    %p = mlc.matmul %x, %w : (tensor<?x33xf32>, tensor<33x40xf32>) -> tensor<?x40xf32>
    %y = mlc.tanh %p : (tensor<?x40xf32>) -> tensor<?x40xf32>
    return %y : tensor<?x40xf32>
  }
}
