// RUN: mlc-opt %s --split-input-file --verify-diagnostics

func.func @matmul_C1(%x: tensor<4xf32>) {
  // expected-error@+2 {{expected operands of one rank of at least 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.matmul %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<f32>
  return
}

// -----

func.func @matmul_C2(%x: tensor<2x4x4xf32>, %y: tensor<3x4x4xf32>) {
  // expected-error@+2 {{expected equal leading axes}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.matmul %x, %y : (tensor<2x4x4xf32>, tensor<3x4x4xf32>) -> tensor<2x4x4xf32>
  return
}

// -----

func.func @matmul_C3(%x: tensor<4x5xf32>) {
  // expected-error@+2 {{expected the columns of the first to equal the rows of the second}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.matmul %x, %x : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @matmul_C4(%x: tensor<4x4xf32>, %y: tensor<4x4xf64>) {
  // expected-error@+2 {{expected operands of one element type}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.matmul %x, %y : (tensor<4x4xf32>, tensor<4x4xf64>) -> tensor<4x4xf32>
  return
}

// -----

func.func @conv_C1(%x: tensor<1x9x4xf32>, %f: tensor<3x4x8xf32>) {
  // expected-error@+2 {{expected 1 strides and dilations, found 2 and 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.conv %x, %f strides = [1, 1] dilations = [1] padding = [0, 0] groups = 1
      : (tensor<1x9x4xf32>, tensor<3x4x8xf32>) -> tensor<1x7x8xf32>
  return
}

// -----

func.func @conv_C2_stride(%x: tensor<1x9x4xf32>, %f: tensor<3x4x8xf32>) {
  // expected-error@+2 {{expected positive strides and dilations, found 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.conv %x, %f strides = [0] dilations = [1] padding = [0, 0] groups = 1
      : (tensor<1x9x4xf32>, tensor<3x4x8xf32>) -> tensor<1x7x8xf32>
  return
}

// -----

func.func @conv_C2_padding(%x: tensor<1x9x4xf32>, %f: tensor<3x4x8xf32>) {
  // expected-error@+2 {{expected 2 paddings that are not negative}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.conv %x, %f strides = [1] dilations = [1] padding = [0, -1] groups = 1
      : (tensor<1x9x4xf32>, tensor<3x4x8xf32>) -> tensor<1x7x8xf32>
  return
}

// -----

func.func @conv_C3(%x: tensor<1x9x4xf32>, %f: tensor<3x4x8xf32>) {
  // expected-error@+2 {{expected the input's channels to be 2 times the filter's}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.conv %x, %f strides = [1] dilations = [1] padding = [0, 0] groups = 2
      : (tensor<1x9x4xf32>, tensor<3x4x8xf32>) -> tensor<1x7x8xf32>
  return
}

// -----

func.func @conv_C4(%x: tensor<1x2x4xf32>, %f: tensor<3x4x8xf32>) {
  // expected-error@+2 {{the filter is larger than the padded input along spatial axis 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.conv %x, %f strides = [1] dilations = [1] padding = [0, 0] groups = 1
      : (tensor<1x2x4xf32>, tensor<3x4x8xf32>) -> tensor<1x1x8xf32>
  return
}

// -----

func.func @packed_conv_C1(%x: tensor<4x8xf32>) {
  // expected-error@+2 {{expected a filter of one rank more than the input}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.packed_conv %x, %x strides = [] dilations = [] outChannels = 8
      : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @packed_conv_C2(%x: tensor<4x8xf32>, %w: tensor<1x9x8xf32>) {
  // expected-error@+2 {{expected equal channels of input and filter}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.packed_conv %x, %w strides = [] dilations = [] outChannels = 8
      : (tensor<4x8xf32>, tensor<1x9x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @packed_conv_C3(%x: tensor<4x8xf32>, %w: tensor<2x8x8xf32>) {
  // expected-error@+2 {{expected the panels to hold 8 columns}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.packed_conv %x, %w strides = [] dilations = [] outChannels = 8
      : (tensor<4x8xf32>, tensor<2x8x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @packed_conv_C4(%x: tensor<4x2x8xf32>, %w: tensor<1x3x8x8xf32>) {
  // expected-error@+2 {{the filter is larger than the input along spatial axis 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.packed_conv %x, %w strides = [1] dilations = [1] outChannels = 8
      : (tensor<4x2x8xf32>, tensor<1x3x8x8xf32>) -> tensor<4x1x8xf32>
  return
}
