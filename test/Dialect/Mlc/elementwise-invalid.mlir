// RUN: mlc-opt %s --split-input-file --verify-diagnostics

func.func @add_C1_rank(%x: tensor<4xf32>, %y: tensor<4x1xf32>) {
  // expected-error@+2 {{expected operands of one shape, found tensor<4xf32> and tensor<4x1xf32>}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = "mlc.add"(%x, %y) : (tensor<4xf32>, tensor<4x1xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @add_C1_size(%x: tensor<4xf32>, %y: tensor<5xf32>) {
  // expected-error@+2 {{expected operands of one shape, found tensor<4xf32> and tensor<5xf32>}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = "mlc.add"(%x, %y) : (tensor<4xf32>, tensor<5xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @add_C2(%x: tensor<4xf32>, %y: tensor<4xf64>) {
  // expected-error@+2 {{expected operands of one element type, found f32 and f64}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = "mlc.add"(%x, %y) : (tensor<4xf32>, tensor<4xf64>) -> tensor<4xf32>
  return
}

// -----

func.func @exp_takes_floats(%x: tensor<4xi32>) {
  // expected-error@+1 {{operand #0 must be float tensor}}
  %r = "mlc.exp"(%x) : (tensor<4xi32>) -> tensor<4xi32>
  return
}

// -----

func.func @neg_takes_signed_numbers(%x: tensor<4xui8>) {
  // expected-error@+1 {{operand #0 must be float or signed integer tensor}}
  %r = "mlc.neg"(%x) : (tensor<4xui8>) -> tensor<4xui8>
  return
}

// -----

func.func @less_is_boolean(%x: tensor<4xf32>) {
  // expected-error@+1 {{result #0 must be boolean tensor}}
  %r = "mlc.less"(%x, %x) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi8>
  return
}

// -----

func.func @select_C2(%c: tensor<4xi1>, %x: tensor<4xf32>, %y: tensor<4xf16>) {
  // expected-error@+2 {{expected operands of one element type, found f32 and f16}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = "mlc.select"(%c, %x, %y) : (tensor<4xi1>, tensor<4xf32>, tensor<4xf16>) -> tensor<4xf32>
  return
}

// -----

func.func @bitcast_C1(%x: tensor<4xf32>) {
  // expected-error@+2 {{expected element types of one width, found f32 and i64}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = "mlc.bitcast"(%x) <{to = i64}> : (tensor<4xf32>) -> tensor<4xi64>
  return
}
