// RUN: mlc-opt %s --split-input-file --verify-diagnostics

func.func @reduce_C1_order(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{expected increasing axes below the rank 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.reduce sum %x axes = [1, 0] : tensor<2x3xf32> -> tensor<f32>
  return
}

// -----

func.func @reduce_C1_rank(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{expected increasing axes below the rank 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.reduce sum %x axes = [2] : tensor<2x3xf32> -> tensor<2xf32>
  return
}

// -----

func.func @reduce_C2_sum(%x: tensor<2xi1>) {
  // expected-error@+2 {{cannot reduce elements of type i1 with sum}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.reduce sum %x axes = [0] : tensor<2xi1> -> tensor<i1>
  return
}

// -----

func.func @reduce_C2_and(%x: tensor<2xf32>) {
  // expected-error@+2 {{cannot reduce elements of type f32 with and}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.reduce and %x axes = [0] : tensor<2xf32> -> tensor<f32>
  return
}
