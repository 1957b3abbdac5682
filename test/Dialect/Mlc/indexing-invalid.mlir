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

// -----

func.func @scatter_C1(%x: tensor<4xf32>, %i: tensor<2xi64>, %u: tensor<3xf32>) {
  // expected-error@+2 {{expected indices of one shape, found tensor<2xi64> and tensor<3xf32>}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.scatter %x[%i] from %u : (tensor<4xf32>, tensor<2xi64>, tensor<3xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @scatter_C2(%x: tensor<4x4xf32>, %i: tensor<2xi64>, %u: tensor<2xf32>) {
  // expected-error@+2 {{expected 2 axes, found 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.scatter %x[%i] from %u : (tensor<4x4xf32>, tensor<2xi64>, tensor<2xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @scatter_C3(%x: tensor<4x4xf32>, %i: tensor<2x5xi64>, %u: tensor<2x5xf32>) {
  // expected-error@+2 {{expected at most 4 elements along axis 1, found 5}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.scatter %x[%i, 1] from %u : (tensor<4x4xf32>, tensor<2x5xi64>, tensor<2x5xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @scatter_C4(%x: tensor<4xf32>, %i: tensor<2xi64>, %u: tensor<2xf16>) {
  // expected-error@+2 {{expected updates of type f32, found f16}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.scatter %x[%i] from %u : (tensor<4xf32>, tensor<2xi64>, tensor<2xf16>) -> tensor<4xf32>
  return
}

// -----

func.func @scatter_C5(%x: tensor<4xi1>, %i: tensor<2xi64>, %u: tensor<2xi1>) {
  // expected-error@+2 {{cannot reduce elements of type i1 with sum}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.scatter %x[%i] from %u by sum : (tensor<4xi1>, tensor<2xi64>, tensor<2xi1>) -> tensor<4xi1>
  return
}

// -----

func.func @scan_C1(%x: tensor<4xf32>) {
  // expected-error@+1 {{expected an axis below the rank 1, found 1}}
  %r = mlc.scan sum %x axis = 1 : tensor<4xf32>
  return
}

// -----

func.func @scan_C2(%x: tensor<4xf32>) {
  // expected-error@+1 {{cannot reduce elements of type f32 with and}}
  %r = mlc.scan and %x axis = 0 : tensor<4xf32>
  return
}

// -----

func.func @argsort_C1(%x: tensor<4xf32>) {
  // expected-error@+2 {{expected an axis below the rank 1, found 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.argsort %x axis = 1 [2] : tensor<4xf32> -> tensor<2xi64>
  return
}

// -----

func.func @argsort_C2_count(%x: tensor<4xf32>) {
  // expected-error@+2 {{expected one size, found 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.argsort %x axis = 0 [2, 2] : tensor<4xf32> -> tensor<2xi64>
  return
}

// -----

func.func @argsort_C2_size(%x: tensor<4xf32>) {
  // expected-error@+2 {{expected at most 4 elements, found 5}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.argsort %x axis = 0 [5] : tensor<4xf32> -> tensor<5xi64>
  return
}
