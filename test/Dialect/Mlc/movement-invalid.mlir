// RUN: mlc-opt %s --split-input-file --verify-diagnostics

func.func @constant_C2() {
  // expected-error@+1 {{expected type 'tensor<1x2x8xi64>', found 'tensor<2x3xi64>'}}
  %r = mlc.constant dense<1> : tensor<2x3xi64> pack #mlc.pack<permutation = [0, 1], panel = 8> -> tensor<2x3xi64>
  return
}

// -----

func.func @reshape_C1(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{cannot reshape tensor<2x3xf32> with 6 elements to 5}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.reshape %x to [5] : tensor<2x3xf32> -> tensor<5xf32>
  return
}

// -----

func.func @broadcast_C1_count(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{expected 2 axes, found 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.broadcast %x to [2, 3] axes = [0] : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @broadcast_C1_order(%x: tensor<2x2xf32>) {
  // expected-error@+2 {{expected increasing axes below the rank 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.broadcast %x to [2, 2] axes = [1, 0] : tensor<2x2xf32> -> tensor<2x2xf32>
  return
}

// -----

func.func @broadcast_C2(%x: tensor<2xf32>) {
  // expected-error@+2 {{cannot broadcast axis 0 of size 2 to 3}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.broadcast %x to [3] axes = [0] : tensor<2xf32> -> tensor<3xf32>
  return
}

// -----

func.func @transpose_C1(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{expected a permutation of 2 axes}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.transpose %x [1, 1] : tensor<2x3xf32> -> tensor<3x3xf32>
  return
}

// -----

func.func @slice_C1(%x: tensor<8xf32>) {
  // expected-error@+2 {{expected 1 offsets, sizes and strides}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.slice %x [0, 0] [4] [1] : tensor<8xf32> -> tensor<4xf32>
  return
}

// -----

func.func @slice_C2(%x: tensor<8xf32>) {
  // expected-error@+2 {{the stride along axis 0 is zero}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.slice %x [0] [4] [0] : tensor<8xf32> -> tensor<4xf32>
  return
}

// -----

func.func @slice_C3_end(%x: tensor<8xf32>) {
  // expected-error@+2 {{reads element 9 of axis 0, which has 8}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.slice %x [3] [4] [2] : tensor<8xf32> -> tensor<4xf32>
  return
}

// -----

func.func @slice_C3_begin(%x: tensor<8xf32>) {
  // expected-error@+2 {{reads element -1 of axis 0, which has 8}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.slice %x [2] [4] [-1] : tensor<8xf32> -> tensor<4xf32>
  return
}

// -----

func.func @pad_C1(%x: tensor<2x3xf32>, %v: tensor<f32>) {
  // expected-error@+2 {{expected 2 numbers in low and high}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.pad %x, %v low [1] high [1, 1] : tensor<2x3xf32>, tensor<f32> -> tensor<4x4xf32>
  return
}

// -----

func.func @pad_C2(%x: tensor<2x3xf32>, %v: tensor<f32>) {
  // expected-error@+2 {{the border along axis 1 is negative, -1}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.pad %x, %v low [0, 0] high [0, -1] : tensor<2x3xf32>, tensor<f32> -> tensor<2x2xf32>
  return
}

// -----

func.func @pad_C3(%x: tensor<2x3xf32>, %v: tensor<f64>) {
  // expected-error@+2 {{expected a value of type tensor<f32>, found tensor<f64>}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.pad %x, %v low [0, 0] high [0, 1] : tensor<2x3xf32>, tensor<f64> -> tensor<2x4xf32>
  return
}

// -----

func.func @window_C1(%x: tensor<2x9xf32>) {
  // expected-error@+2 {{expected increasing axes below the rank 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.window %x axes = [2] sizes = [3] strides = [1] dilations = [1] : (tensor<2x9xf32>) -> tensor<2x7x3xf32>
  return
}

// -----

func.func @window_C2(%x: tensor<2x9xf32>) {
  // expected-error@+2 {{expected positive sizes, strides and dilations, found 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.window %x axes = [1] sizes = [3] strides = [0] dilations = [1] : (tensor<2x9xf32>) -> tensor<2x7x3xf32>
  return
}

// -----

func.func @window_C3(%x: tensor<2x4xf32>) {
  // expected-error@+2 {{the window is larger than axis 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.window %x axes = [1] sizes = [3] strides = [1] dilations = [2] : (tensor<2x4xf32>) -> tensor<2x0x3xf32>
  return
}

// -----

func.func @concat_C1(%x: tensor<2x3xf32>, %y: tensor<3xf32>) {
  // expected-error@+2 {{expected operands of one rank and element type}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.concat %x, %y axis = 0 : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<3x3xf32>
  return
}

// -----

func.func @concat_C2(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{expected an axis below the rank 2, found 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.concat %x axis = 2 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @concat_C3(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) {
  // expected-error@+2 {{expected equal sizes along axis 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %r = mlc.concat %x, %y axis = 0 : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @from_elements_C1(%a: index) {
  // expected-error@+1 {{expected as many elements as 'tensor<2xi64>' has, found 1}}
  %r = mlc.from_elements %a : tensor<2xi64>
  return
}
