// RUN: mlc-opt %s --split-input-file --verify-diagnostics

func.func @iota_C1() {
  // expected-error@+2 {{expected an axis below the rank 2, found 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.iota i64 [3, 4] axis = 2 : tensor<3x4xi64>
  return
}

// -----

func.func @gather_C1_none(%x: tensor<4xf32>) {
  // expected-error@+2 {{expected an index operand}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.gather %x[0] : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @gather_C1_shapes(%x: tensor<4x4xf32>, %i: tensor<2xi64>, %j: tensor<3xi64>) {
  // expected-error@+2 {{expected indices of one shape, found tensor<2xi64> and tensor<3xi64>}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.gather %x[%i, %j] : (tensor<4x4xf32>, tensor<2xi64>, tensor<3xi64>) -> tensor<2xf32>
  return
}

// -----

func.func @gather_C2_count(%x: tensor<4x4xf32>, %i: tensor<2xi64>) {
  // expected-error@+2 {{expected 2 axes, found 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.gather %x[%i] : (tensor<4x4xf32>, tensor<2xi64>) -> tensor<2xf32>
  return
}

// -----

func.func @gather_C2_rank(%x: tensor<4x4xf32>, %i: tensor<2xi64>) {
  // expected-error@+2 {{expected axes below the rank 1, found 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.gather %x[%i, 1] : (tensor<4x4xf32>, tensor<2xi64>) -> tensor<2xf32>
  return
}

// -----

func.func @gather_C3(%x: tensor<4x4xf32>, %i: tensor<2x5xi64>) {
  // expected-error@+2 {{expected at most 4 elements along axis 1, found 5}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.gather %x[%i, 1] : (tensor<4x4xf32>, tensor<2x5xi64>) -> tensor<2x5xf32>
  return
}

// -----

func.func @gather_C4(%x: tensor<0xf32>, %i: tensor<2xi64>) {
  // expected-error@+2 {{reads elements of the empty tensor<0xf32>}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.gather %x[%i] : (tensor<0xf32>, tensor<2xi64>) -> tensor<2xf32>
  return
}
