// RUN: mlc-opt %s --split-input-file --verify-diagnostics

func.func @call_kernel_C1_missing(%x: tensor<4xf32>) {
  // expected-error@+1 {{calls @missing, which is not a kernel}}
  %r = mlc.call_kernel @missing(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

mlc.kernel @exp {
  builtin.module {
    func.func @exp(%x: tensor<4xf32>, %out: tensor<4xf32>) -> tensor<4xf32> {
      return %out : tensor<4xf32>
    }
  }
}

func.func @call_kernel_C1_operands(%x: tensor<4xf32>) {
  // expected-error@+1 {{passes 3 operands to @exp, which takes 2}}
  %r = mlc.call_kernel @exp(%x, %x) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}
