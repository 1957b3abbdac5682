// What is wrong with a request is said in words, with what is allowed; exit code 2.

// RUN: not mlc compile %s -o %t.so --target toaster 2>&1 | FileCheck %s --check-prefix=TARGET
// TARGET: error: unknown target "toaster"; allowed: cpu, x86-64, x86-64-v3, x86-64-v4

// RUN: not mlc compile %s -o %t.so --set colour=red 2>&1 | FileCheck %s --check-prefix=OPTION
// OPTION: error: unknown option "colour"; allowed: panel,

// RUN: not mlc compile %s -o %t.so --set panel=wide 2>&1 | FileCheck %s --check-prefix=VALUE
// VALUE: error: option "panel" expects a number, found "wide"

// RUN: not mlc compile %s -o %t.so --stop-after lunch 2>&1 | FileCheck %s --check-prefix=STAGE
// STAGE: error: unknown stage "lunch"; allowed: import, graph, kernels, linalg, schedule, loops, buffers, device, binary

// RUN: not mlc compile %t.absent.onnx -o %t.so 2>&1 | FileCheck %s --check-prefix=ABSENT
// ABSENT: error: cannot read "{{.*}}absent.onnx": No such file or directory

// RUN: not mlc compile %s -o %t.nowhere/x.so 2>&1 | FileCheck %s --check-prefix=OUTPUT
// OUTPUT: cannot write "{{.*}}x.so": No such file or directory

// RUN: test ! -e %t.so

func.func @main(%x: tensor<4xf32> {mlc.name = "x"}) -> (tensor<4xf32> {mlc.name = "y"}) {
  %y = mlc.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
