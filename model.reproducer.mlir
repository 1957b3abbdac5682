// Fails in: mlc-opt --mlc-stage-linalg="target=cpu "
module attributes {mlc.model_name = "g", mlc.symbols = #mlc.symbols<>} {
  func.func @main(%arg0: tensor<2x1xf32> {mlc.dims = #mlc.dims<"2", "1">, mlc.name = "v5"}) -> (tensor<1x1xf32> {mlc.dims = #mlc.dims<"1", "1">, mlc.name = "v9"}) {
    %0 = mlc.call_kernel @slice_0(%arg0) : (tensor<2x1xf32>) -> tensor<1x1xf32>
    return %0 : tensor<1x1xf32>
  }
  mlc.kernel @slice_0 {
    builtin.module {
      func.func @kernel(%arg0: tensor<2x1xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg1: tensor<1x1xf32> {mlc.sizes_of = array<i64: -1, -1>}) -> tensor<1x1xf32> {
        %0 = mlc.slice %arg0 [0, 0] [1, 1] [1, 1] : tensor<2x1xf32> -> tensor<1x1xf32>
        return %0 : tensor<1x1xf32>
      }
    }
  }
}
