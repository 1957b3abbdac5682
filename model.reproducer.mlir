// Fails in: mlc-opt --mlc-stage-linalg="target=cpu "
module attributes {mlc.model_name = "test_causal_conv_with_state_kernel_size_one_expanded", mlc.symbols = #mlc.symbols<>} {
  func.func @main(%arg0: tensor<2x4x8xf32> {mlc.dims = #mlc.dims<"2", "4", "8">, mlc.name = "input"}, %arg1: tensor<4x1x1xf32> {mlc.dims = #mlc.dims<"4", "1", "1">, mlc.name = "weight"}) -> (tensor<2x4x8xf32> {mlc.dims = #mlc.dims<"2", "4", "8">, mlc.name = "output"}, tensor<2x4x0xf32> {mlc.dims = #mlc.dims<"2", "4", "0">, mlc.name = "present_state"}) {
    %0 = mlc.call_kernel @concat_0(%arg0) : (tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
    %1 = mlc.reshape %arg1 to [1, 4] : tensor<4x1x1xf32> -> tensor<1x4xf32>
    %2 = mlc.call_kernel @reduce_0(%0, %1) : (tensor<2x4x8xf32>, tensor<1x4xf32>) -> tensor<2x8x4xf32>
    %3 = mlc.call_kernel @transpose_0(%2) : (tensor<2x8x4xf32>) -> tensor<2x4x8xf32>
    %4 = mlc.call_kernel @slice_0(%0) : (tensor<2x4x8xf32>) -> tensor<2x4x0xf32>
    return %3, %4 : tensor<2x4x8xf32>, tensor<2x4x0xf32>
  }
  mlc.kernel @concat_0 {
    builtin.module {
      func.func @kernel(%arg0: tensor<2x4x8xf32> {mlc.sizes_of = array<i64: -1, -1, -1>}, %arg1: tensor<2x4x8xf32> {mlc.sizes_of = array<i64: -1, -1, -1>}) -> tensor<2x4x8xf32> {
        %0 = mlc.constant dense<0.000000e+00> : tensor<2x4x0xf32>
        %1 = mlc.concat %0, %arg0 axis = 2 : (tensor<2x4x0xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
        return %1 : tensor<2x4x8xf32>
      }
    }
  }
  mlc.kernel @reduce_0 {
    builtin.module {
      func.func @kernel(%arg0: tensor<2x4x8xf32> {mlc.sizes_of = array<i64: -1, -1, -1>}, %arg1: tensor<1x4xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg2: tensor<2x8x4xf32> {mlc.sizes_of = array<i64: -1, -1, -1>}) -> tensor<2x8x4xf32> {
        %0 = mlc.transpose %arg0 [0, 2, 1] : tensor<2x4x8xf32> -> tensor<2x8x4xf32>
        %1 = mlc.window %0 axes = [1] sizes = [1] strides = [1] dilations = [1] : (tensor<2x8x4xf32>) -> tensor<2x8x1x4xf32>
        %2 = mlc.broadcast %arg1 to [2, 8, 1, 4] axes = [2, 3] : tensor<1x4xf32> -> tensor<2x8x1x4xf32>
        %3 = mlc.mul %1, %2 : (tensor<2x8x1x4xf32>, tensor<2x8x1x4xf32>) -> tensor<2x8x1x4xf32>
        %4 = mlc.reduce  sum %3 axes = [2] : tensor<2x8x1x4xf32> -> tensor<2x8x4xf32>
        return %4 : tensor<2x8x4xf32>
      }
    }
  }
  mlc.kernel @transpose_0 {
    builtin.module {
      func.func @kernel(%arg0: tensor<2x8x4xf32> {mlc.sizes_of = array<i64: -1, -1, -1>}, %arg1: tensor<2x4x8xf32> {mlc.sizes_of = array<i64: -1, -1, -1>}) -> tensor<2x4x8xf32> {
        %0 = mlc.transpose %arg0 [0, 2, 1] : tensor<2x8x4xf32> -> tensor<2x4x8xf32>
        return %0 : tensor<2x4x8xf32>
      }
    }
  }
  mlc.kernel @slice_0 {
    builtin.module {
      func.func @kernel(%arg0: tensor<2x4x8xf32> {mlc.sizes_of = array<i64: -1, -1, -1>}, %arg1: tensor<2x4x0xf32> {mlc.sizes_of = array<i64: -1, -1, -1>}) -> tensor<2x4x0xf32> {
        %0 = mlc.slice %arg0 [0, 0, 8] [2, 4, 0] [1, 1, 1] : tensor<2x4x8xf32> -> tensor<2x4x0xf32>
        return %0 : tensor<2x4x0xf32>
      }
    }
  }
}
