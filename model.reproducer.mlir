// Fails in: mlc-opt --mlc-stage-loops="target=cpu "
#map = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#map1 = affine_map<(d0, d1) -> (d1, d0)>
#map2 = affine_map<(d0, d1) -> (d0, d1)>
#map3 = affine_map<(d0, d1, d2) -> (d0, d2)>
#map4 = affine_map<(d0, d1, d2) -> (d2, d1)>
#map5 = affine_map<(d0, d1, d2) -> (d0, d1)>
#map6 = affine_map<(d0, d1) -> (d1)>
#map7 = affine_map<(d0, d1) -> (d1 + 7)>
#map8 = affine_map<(d0, d1) -> (d0, 0)>
#map9 = affine_map<(d0, d1, d2) -> (d0 + 1, d1, d2)>
#map10 = affine_map<(d0, d1, d2) -> (d0 + 2, d1, d2)>
#map11 = affine_map<(d0, d1, d2) -> (d0 + 3, d1, d2)>
#map12 = affine_map<(d0, d1, d2) -> (d0 + 4, d1, d2)>
#map13 = affine_map<(d0, d1) -> (d0 + 1, d1)>
#map14 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
module attributes {mlc.model_name = "g", mlc.symbols = #mlc.symbols<<"n", min = 0, max = 9223372036854775807, multiple = 1>>} {
  func.func @main(%arg0: tensor<5x?x6xf32> {mlc.dims = #mlc.dims<"5", "n", "6">, mlc.name = "x"}, %arg1: tensor<2x7x6xf32> {mlc.dims = #mlc.dims<"2", "7", "6">, mlc.name = "w"}, %arg2: tensor<2x7x7xf32> {mlc.dims = #mlc.dims<"2", "7", "7">, mlc.name = "r"}, %arg3: tensor<2x14xf32> {mlc.dims = #mlc.dims<"2", "14">, mlc.name = "b"}, %arg4: tensor<?xi32> {mlc.dims = #mlc.dims<"n">, mlc.name = "sl"}, %arg5: tensor<2x?x7xf32> {mlc.dims = #mlc.dims<"2", "n", "7">, mlc.name = "h0"}) -> (tensor<5x2x?x7xf32> {mlc.dims = #mlc.dims<"5", "2", "n", "7">, mlc.name = "y"}, tensor<2x?x7xf32> {mlc.dims = #mlc.dims<"2", "n", "7">, mlc.name = "yh"}) {
    %c5 = arith.constant 5 : index
    %c1 = arith.constant 1 : index
    %0 = mlc.call_kernel @slice_0(%arg1) : (tensor<2x7x6xf32>) -> tensor<1x7x6xf32>
    %1 = mlc.reshape %0 to [7, 6] : tensor<1x7x6xf32> -> tensor<7x6xf32>
    %2 = mlc.call_kernel @transpose_0(%1) : (tensor<7x6xf32>) -> tensor<6x7xf32>
    %dim = tensor.dim %arg0, %c1 : tensor<5x?x6xf32>
    %3 = arith.muli %dim, %c5 : index
    %4 = mlc.reshape %arg0 to [%3, 6] : tensor<5x?x6xf32> -> tensor<?x6xf32>
    %5 = mlc.call_kernel @slice_0_0(%arg2) : (tensor<2x7x7xf32>) -> tensor<1x7x7xf32>
    %6 = mlc.reshape %5 to [7, 7] : tensor<1x7x7xf32> -> tensor<7x7xf32>
    %7 = mlc.call_kernel @transpose_0_1(%6) : (tensor<7x7xf32>) -> tensor<7x7xf32>
    %8 = mlc.call_kernel @slice_0_2(%arg3) : (tensor<2x14xf32>) -> tensor<1x14xf32>
    %9 = mlc.reshape %8 to [14] : tensor<1x14xf32> -> tensor<14xf32>
    %10 = mlc.call_kernel @matmul_0(%4, %2, %9) sizes[%3] results[%3] : (tensor<?x6xf32>, tensor<6x7xf32>, tensor<14xf32>) -> tensor<?x7xf32>
    %11 = mlc.reshape %10 to [5, %dim, 7] : tensor<?x7xf32> -> tensor<5x?x7xf32>
    %12 = mlc.call_kernel @slice_0_3(%arg5) sizes[%dim] results[%dim] : (tensor<2x?x7xf32>) -> tensor<1x?x7xf32>
    %13 = mlc.reshape %12 to [%dim, 7] : tensor<1x?x7xf32> -> tensor<?x7xf32>
    %14 = mlc.call_kernel @slice_0_4(%11) sizes[%dim] results[%dim] : (tensor<5x?x7xf32>) -> tensor<1x?x7xf32>
    %15 = mlc.reshape %14 to [%dim, 7] : tensor<1x?x7xf32> -> tensor<?x7xf32>
    %16 = mlc.call_kernel @matmul_0_5(%13, %7, %15) sizes[%dim] results[%dim] : (tensor<?x7xf32>, tensor<7x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %17 = mlc.reshape %arg4 to [%dim, 1] : tensor<?xi32> -> tensor<?x1xi32>
    %18 = mlc.call_kernel @less_0(%17) sizes[%dim] results[%dim] : (tensor<?x1xi32>) -> tensor<?x1xi1>
    %19 = mlc.call_kernel @select_0(%18, %16) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %20 = mlc.call_kernel @select_0_6(%18, %16, %13) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %21 = mlc.reshape %19 to [1, %dim, 7] : tensor<?x7xf32> -> tensor<1x?x7xf32>
    %22 = mlc.call_kernel @slice_0_7(%11) sizes[%dim] results[%dim] : (tensor<5x?x7xf32>) -> tensor<1x?x7xf32>
    %23 = mlc.reshape %22 to [%dim, 7] : tensor<1x?x7xf32> -> tensor<?x7xf32>
    %24 = mlc.call_kernel @matmul_0_8(%20, %7, %23) sizes[%dim] results[%dim] : (tensor<?x7xf32>, tensor<7x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %25 = mlc.call_kernel @less_0_9(%17) sizes[%dim] results[%dim] : (tensor<?x1xi32>) -> tensor<?x1xi1>
    %26 = mlc.call_kernel @select_0_10(%25, %24) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %27 = mlc.call_kernel @select_0_6(%25, %24, %20) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %28 = mlc.reshape %26 to [1, %dim, 7] : tensor<?x7xf32> -> tensor<1x?x7xf32>
    %29 = mlc.call_kernel @slice_0_12(%11) sizes[%dim] results[%dim] : (tensor<5x?x7xf32>) -> tensor<1x?x7xf32>
    %30 = mlc.reshape %29 to [%dim, 7] : tensor<1x?x7xf32> -> tensor<?x7xf32>
    %31 = mlc.call_kernel @matmul_0_13(%27, %7, %30) sizes[%dim] results[%dim] : (tensor<?x7xf32>, tensor<7x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %32 = mlc.call_kernel @less_0_14(%17) sizes[%dim] results[%dim] : (tensor<?x1xi32>) -> tensor<?x1xi1>
    %33 = mlc.call_kernel @select_0_15(%32, %31) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %34 = mlc.call_kernel @select_0_16(%32, %31, %27) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %35 = mlc.reshape %33 to [1, %dim, 7] : tensor<?x7xf32> -> tensor<1x?x7xf32>
    %36 = mlc.call_kernel @slice_0_17(%11) sizes[%dim] results[%dim] : (tensor<5x?x7xf32>) -> tensor<1x?x7xf32>
    %37 = mlc.reshape %36 to [%dim, 7] : tensor<1x?x7xf32> -> tensor<?x7xf32>
    %38 = mlc.call_kernel @matmul_0_18(%34, %7, %37) sizes[%dim] results[%dim] : (tensor<?x7xf32>, tensor<7x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %39 = mlc.call_kernel @less_0_19(%17) sizes[%dim] results[%dim] : (tensor<?x1xi32>) -> tensor<?x1xi1>
    %40 = mlc.call_kernel @select_0_20(%39, %38) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %41 = mlc.call_kernel @select_0_21(%39, %38, %34) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %42 = mlc.reshape %40 to [1, %dim, 7] : tensor<?x7xf32> -> tensor<1x?x7xf32>
    %43 = mlc.call_kernel @slice_0_22(%11) sizes[%dim] results[%dim] : (tensor<5x?x7xf32>) -> tensor<1x?x7xf32>
    %44 = mlc.reshape %43 to [%dim, 7] : tensor<1x?x7xf32> -> tensor<?x7xf32>
    %45 = mlc.call_kernel @matmul_0_23(%41, %7, %44) sizes[%dim] results[%dim] : (tensor<?x7xf32>, tensor<7x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %46 = mlc.call_kernel @less_0_24(%17) sizes[%dim] results[%dim] : (tensor<?x1xi32>) -> tensor<?x1xi1>
    %47 = mlc.call_kernel @select_0_25(%46, %45) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %48 = mlc.call_kernel @select_0_26(%46, %45, %41) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %49 = mlc.reshape %47 to [1, %dim, 7] : tensor<?x7xf32> -> tensor<1x?x7xf32>
    %50 = mlc.call_kernel @concat_0(%21, %28, %35, %42, %49) sizes[%dim] results[%dim] : (tensor<1x?x7xf32>, tensor<1x?x7xf32>, tensor<1x?x7xf32>, tensor<1x?x7xf32>, tensor<1x?x7xf32>) -> tensor<5x?x7xf32>
    %51 = mlc.call_kernel @slice_0_27(%arg1) : (tensor<2x7x6xf32>) -> tensor<1x7x6xf32>
    %52 = mlc.reshape %51 to [7, 6] : tensor<1x7x6xf32> -> tensor<7x6xf32>
    %53 = mlc.call_kernel @transpose_0_28(%52) : (tensor<7x6xf32>) -> tensor<6x7xf32>
    %54 = mlc.call_kernel @slice_0_29(%arg2) : (tensor<2x7x7xf32>) -> tensor<1x7x7xf32>
    %55 = mlc.reshape %54 to [7, 7] : tensor<1x7x7xf32> -> tensor<7x7xf32>
    %56 = mlc.call_kernel @transpose_0_30(%55) : (tensor<7x7xf32>) -> tensor<7x7xf32>
    %57 = mlc.call_kernel @slice_0_31(%arg3) : (tensor<2x14xf32>) -> tensor<1x14xf32>
    %58 = mlc.reshape %57 to [14] : tensor<1x14xf32> -> tensor<14xf32>
    %59 = mlc.call_kernel @matmul_0_32(%4, %53, %58) sizes[%3] results[%3] : (tensor<?x6xf32>, tensor<6x7xf32>, tensor<14xf32>) -> tensor<?x7xf32>
    %60 = mlc.reshape %59 to [5, %dim, 7] : tensor<?x7xf32> -> tensor<5x?x7xf32>
    %61 = mlc.call_kernel @slice_0_33(%arg5) sizes[%dim] results[%dim] : (tensor<2x?x7xf32>) -> tensor<1x?x7xf32>
    %62 = mlc.reshape %61 to [%dim, 7] : tensor<1x?x7xf32> -> tensor<?x7xf32>
    %63 = mlc.call_kernel @slice_0_34(%60) sizes[%dim] results[%dim] : (tensor<5x?x7xf32>) -> tensor<1x?x7xf32>
    %64 = mlc.reshape %63 to [%dim, 7] : tensor<1x?x7xf32> -> tensor<?x7xf32>
    %65 = mlc.call_kernel @matmul_0_35(%62, %56, %64) sizes[%dim] results[%dim] : (tensor<?x7xf32>, tensor<7x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %66 = mlc.call_kernel @select_0_36(%46, %65) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %67 = mlc.call_kernel @select_0_37(%46, %65, %62) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %68 = mlc.reshape %66 to [1, %dim, 7] : tensor<?x7xf32> -> tensor<1x?x7xf32>
    %69 = mlc.call_kernel @slice_0_38(%60) sizes[%dim] results[%dim] : (tensor<5x?x7xf32>) -> tensor<1x?x7xf32>
    %70 = mlc.reshape %69 to [%dim, 7] : tensor<1x?x7xf32> -> tensor<?x7xf32>
    %71 = mlc.call_kernel @matmul_0_39(%67, %56, %70) sizes[%dim] results[%dim] : (tensor<?x7xf32>, tensor<7x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %72 = mlc.call_kernel @select_0_40(%39, %71) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %73 = mlc.call_kernel @select_0_41(%39, %71, %67) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %74 = mlc.reshape %72 to [1, %dim, 7] : tensor<?x7xf32> -> tensor<1x?x7xf32>
    %75 = mlc.call_kernel @slice_0_42(%60) sizes[%dim] results[%dim] : (tensor<5x?x7xf32>) -> tensor<1x?x7xf32>
    %76 = mlc.reshape %75 to [%dim, 7] : tensor<1x?x7xf32> -> tensor<?x7xf32>
    %77 = mlc.call_kernel @matmul_0_43(%73, %56, %76) sizes[%dim] results[%dim] : (tensor<?x7xf32>, tensor<7x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %78 = mlc.call_kernel @select_0_44(%32, %77) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %79 = mlc.call_kernel @select_0_45(%32, %77, %73) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %80 = mlc.reshape %78 to [1, %dim, 7] : tensor<?x7xf32> -> tensor<1x?x7xf32>
    %81 = mlc.call_kernel @slice_0_46(%60) sizes[%dim] results[%dim] : (tensor<5x?x7xf32>) -> tensor<1x?x7xf32>
    %82 = mlc.reshape %81 to [%dim, 7] : tensor<1x?x7xf32> -> tensor<?x7xf32>
    %83 = mlc.call_kernel @matmul_0_47(%79, %56, %82) sizes[%dim] results[%dim] : (tensor<?x7xf32>, tensor<7x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %84 = mlc.call_kernel @select_0_48(%25, %83) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %85 = mlc.call_kernel @select_0_49(%25, %83, %79) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %86 = mlc.reshape %84 to [1, %dim, 7] : tensor<?x7xf32> -> tensor<1x?x7xf32>
    %87 = mlc.call_kernel @slice_0_50(%60) sizes[%dim] results[%dim] : (tensor<5x?x7xf32>) -> tensor<1x?x7xf32>
    %88 = mlc.reshape %87 to [%dim, 7] : tensor<1x?x7xf32> -> tensor<?x7xf32>
    %89 = mlc.call_kernel @matmul_0_51(%85, %56, %88) sizes[%dim] results[%dim] : (tensor<?x7xf32>, tensor<7x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %90 = mlc.call_kernel @select_0_52(%18, %89) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %91 = mlc.call_kernel @select_0_53(%18, %89, %85) sizes[%dim] results[%dim] : (tensor<?x1xi1>, tensor<?x7xf32>, tensor<?x7xf32>) -> tensor<?x7xf32>
    %92 = mlc.reshape %90 to [1, %dim, 7] : tensor<?x7xf32> -> tensor<1x?x7xf32>
    %93 = mlc.call_kernel @concat_0_54(%92, %86, %80, %74, %68) sizes[%dim] results[%dim] : (tensor<1x?x7xf32>, tensor<1x?x7xf32>, tensor<1x?x7xf32>, tensor<1x?x7xf32>, tensor<1x?x7xf32>) -> tensor<5x?x7xf32>
    %94 = mlc.reshape %50 to [5, 1, %dim, 7] : tensor<5x?x7xf32> -> tensor<5x1x?x7xf32>
    %95 = mlc.reshape %93 to [5, 1, %dim, 7] : tensor<5x?x7xf32> -> tensor<5x1x?x7xf32>
    %96 = mlc.call_kernel @concat_0_55(%94, %95) sizes[%dim] results[%dim] : (tensor<5x1x?x7xf32>, tensor<5x1x?x7xf32>) -> tensor<5x2x?x7xf32>
    %97 = mlc.reshape %48 to [1, %dim, 7] : tensor<?x7xf32> -> tensor<1x?x7xf32>
    %98 = mlc.reshape %91 to [1, %dim, 7] : tensor<?x7xf32> -> tensor<1x?x7xf32>
    %99 = mlc.call_kernel @concat_0_56(%97, %98) sizes[%dim] results[%dim] : (tensor<1x?x7xf32>, tensor<1x?x7xf32>) -> tensor<2x?x7xf32>
    return %96, %99 : tensor<5x2x?x7xf32>, tensor<2x?x7xf32>
  }
  mlc.kernel @slice_0 attributes {cost = 414 : i64, grid = array<i64: 1, 7, 6>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<2x7x6xf32> {mlc.sizes_of = array<i64: -1, -1, -1>}, %arg1: tensor<1x7x6xf32> {mlc.sizes_of = array<i64: -1, -1, -1>}) -> tensor<1x7x6xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 7, 6], tile = [1, 1, 64], lanes = 16>} {
        %extracted_slice = tensor.extract_slice %arg0[0, 0, 0] [1, 7, 6] [1, 1, 1] : tensor<2x7x6xf32> to tensor<1x7x6xf32>
        %0 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%extracted_slice : tensor<1x7x6xf32>) outs(%arg1 : tensor<1x7x6xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x7x6xf32>
        return %0 : tensor<1x7x6xf32>
      }
    }
  }
  mlc.kernel @transpose_0 attributes {cost = 414 : i64, grid = array<i64: 6, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<7x6xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg1: tensor<6x7xf32> {mlc.sizes_of = array<i64: -1, -1>}) -> tensor<6x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [6, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map1, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<7x6xf32>) outs(%arg1 : tensor<6x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<6x7xf32>
        return %0 : tensor<6x7xf32>
      }
    }
  }
  mlc.kernel @slice_0_0 attributes {cost = 414 : i64, grid = array<i64: 1, 7, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<2x7x7xf32> {mlc.sizes_of = array<i64: -1, -1, -1>}, %arg1: tensor<1x7x7xf32> {mlc.sizes_of = array<i64: -1, -1, -1>}) -> tensor<1x7x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 7, 7], tile = [1, 1, 64], lanes = 16>} {
        %extracted_slice = tensor.extract_slice %arg0[0, 0, 0] [1, 7, 7] [1, 1, 1] : tensor<2x7x7xf32> to tensor<1x7x7xf32>
        %0 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%extracted_slice : tensor<1x7x7xf32>) outs(%arg1 : tensor<1x7x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x7x7xf32>
        return %0 : tensor<1x7x7xf32>
      }
    }
  }
  mlc.kernel @transpose_0_1 attributes {cost = 414 : i64, grid = array<i64: 7, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<7x7xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg1: tensor<7x7xf32> {mlc.sizes_of = array<i64: -1, -1>}) -> tensor<7x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [7, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map1, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<7x7xf32>) outs(%arg1 : tensor<7x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<7x7xf32>
        return %0 : tensor<7x7xf32>
      }
    }
  }
  mlc.kernel @slice_0_2 attributes {cost = 414 : i64, grid = array<i64: 1, 14>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<2x14xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg1: tensor<1x14xf32> {mlc.sizes_of = array<i64: -1, -1>}) -> tensor<1x14xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 14], tile = [1, 64], lanes = 16>} {
        %extracted_slice = tensor.extract_slice %arg0[0, 0] [1, 14] [1, 1] : tensor<2x14xf32> to tensor<1x14xf32>
        %0 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%extracted_slice : tensor<1x14xf32>) outs(%arg1 : tensor<1x14xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x14xf32>
        return %0 : tensor<1x14xf32>
      }
    }
  }
  mlc.kernel @matmul_0 attributes {cost = 1715 : i64, grid = array<i64: 48, 32>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x6xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<6x7xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg2: tensor<14xf32> {mlc.sizes_of = array<i64: -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [48, 32], tile = [12, 32], lanes = 16>} {
        %0 = tensor.empty(%arg4) : tensor<?x7xf32>
        %cst = arith.constant 0.000000e+00 : f32
        %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<?x7xf32>) -> tensor<?x7xf32>
        %2 = linalg.generic {indexing_maps = [#map3, #map4, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%arg0, %arg1 : tensor<?x6xf32>, tensor<6x7xf32>) outs(%1 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_1: f32, %out: f32):
          %4 = arith.mulf %in, %in_1 fastmath<contract> : f32
          %5 = arith.addf %out, %4 fastmath<contract> : f32
          linalg.yield %5 : f32
        } -> tensor<?x7xf32>
        %c0 = arith.constant 0 : index
        %extracted_slice = tensor.extract_slice %2[0, 0] [%arg4, 7] [1, 1] : tensor<?x7xf32> to tensor<?x7xf32>
        %extracted_slice_0 = tensor.extract_slice %arg2[0] [7] [1] : tensor<14xf32> to tensor<7xf32>
        %3 = linalg.generic {indexing_maps = [#map2, #map6, #map7, #map2], iterator_types = ["parallel", "parallel"]} ins(%extracted_slice, %extracted_slice_0, %arg2 : tensor<?x7xf32>, tensor<7xf32>, tensor<14xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_1: f32, %in_2: f32, %out: f32):
          %4 = arith.addf %in_1, %in_2 fastmath<contract> : f32
          %5 = arith.addf %in, %4 fastmath<contract> : f32
          linalg.yield %5 : f32
        } -> tensor<?x7xf32>
        return %3 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @slice_0_3 attributes {cost = 414 : i64, grid = array<i64: 1, 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<2x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg1: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg2: index) -> tensor<1x?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 2340, 7], tile = [1, 1, 64], lanes = 16>} {
        %extracted_slice = tensor.extract_slice %arg0[0, 0, 0] [1, %arg2, 7] [1, 1, 1] : tensor<2x?x7xf32> to tensor<1x?x7xf32>
        %0 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%extracted_slice : tensor<1x?x7xf32>) outs(%arg1 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        return %0 : tensor<1x?x7xf32>
      }
    }
  }
  mlc.kernel @slice_0_4 attributes {cost = 414 : i64, grid = array<i64: 1, 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<5x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg1: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg2: index) -> tensor<1x?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 2340, 7], tile = [1, 1, 64], lanes = 16>} {
        %extracted_slice = tensor.extract_slice %arg0[0, 0, 0] [1, %arg2, 7] [1, 1, 1] : tensor<5x?x7xf32> to tensor<1x?x7xf32>
        %0 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%extracted_slice : tensor<1x?x7xf32>) outs(%arg1 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        return %0 : tensor<1x?x7xf32>
      }
    }
  }
  mlc.kernel @matmul_0_5 attributes {cost = 1638 : i64, grid = array<i64: 48, 32>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<7x7xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [48, 32], tile = [12, 32], lanes = 16>} {
        %0 = tensor.empty(%arg4) : tensor<?x7xf32>
        %cst = arith.constant 0.000000e+00 : f32
        %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<?x7xf32>) -> tensor<?x7xf32>
        %2 = linalg.generic {indexing_maps = [#map3, #map4, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%arg0, %arg1 : tensor<?x7xf32>, tensor<7x7xf32>) outs(%1 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.mulf %in, %in_0 fastmath<contract> : f32
          %5 = arith.addf %out, %4 fastmath<contract> : f32
          linalg.yield %5 : f32
        } -> tensor<?x7xf32>
        %3 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg2, %2 : tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.addf %in, %in_0 fastmath<contract> : f32
          %cst_1 = arith.constant -3.000000e-01 : f32
          %5 = arith.maximumf %4, %cst_1 fastmath<contract> : f32
          %cst_2 = arith.constant 3.000000e-01 : f32
          %6 = arith.minimumf %5, %cst_2 fastmath<contract> : f32
          %7 = math.tanh %6 : f32
          linalg.yield %7 : f32
        } -> tensor<?x7xf32>
        return %3 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @less_0 attributes {cost = 271 : i64, grid = array<i64: 16384, 1>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi32> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: index) -> tensor<?x1xi8> attributes {mlc.schedule = #mlc.schedule<grid = [16384, 1], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<?x1xi32>) outs(%arg1 : tensor<?x1xi8>) {
        ^bb0(%in: i32, %out: i8):
          %c0_i32 = arith.constant 0 : i32
          %1 = arith.cmpi slt, %c0_i32, %in : i32
          %2 = arith.extui %1 : i1 to i8
          linalg.yield %2 : i8
        } -> tensor<?x1xi8>
        return %0 : tensor<?x1xi8>
      }
    }
  }
  mlc.kernel @select_0 attributes {cost = 481 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1 : tensor<?x1xi8>, tensor<?x7xf32>) outs(%arg2 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %cst = arith.constant 0.000000e+00 : f32
          %2 = arith.select %1, %in_0, %cst : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @select_0_6 attributes {cost = 680 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1, %arg2 : tensor<?x1xi8>, tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %in_1: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %2 = arith.select %1, %in_0, %in_1 : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @slice_0_7 attributes {cost = 414 : i64, grid = array<i64: 1, 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<5x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg1: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg2: index) -> tensor<1x?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 2340, 7], tile = [1, 1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map9, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<5x?x7xf32>) outs(%arg1 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        return %0 : tensor<1x?x7xf32>
      }
    }
  }
  mlc.kernel @matmul_0_8 attributes {cost = 1638 : i64, grid = array<i64: 48, 32>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<7x7xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [48, 32], tile = [12, 32], lanes = 16>} {
        %0 = tensor.empty(%arg4) : tensor<?x7xf32>
        %cst = arith.constant 0.000000e+00 : f32
        %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<?x7xf32>) -> tensor<?x7xf32>
        %2 = linalg.generic {indexing_maps = [#map3, #map4, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%arg0, %arg1 : tensor<?x7xf32>, tensor<7x7xf32>) outs(%1 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.mulf %in, %in_0 fastmath<contract> : f32
          %5 = arith.addf %out, %4 fastmath<contract> : f32
          linalg.yield %5 : f32
        } -> tensor<?x7xf32>
        %3 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg2, %2 : tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.addf %in, %in_0 fastmath<contract> : f32
          %cst_1 = arith.constant -3.000000e-01 : f32
          %5 = arith.maximumf %4, %cst_1 fastmath<contract> : f32
          %cst_2 = arith.constant 3.000000e-01 : f32
          %6 = arith.minimumf %5, %cst_2 fastmath<contract> : f32
          %7 = math.tanh %6 : f32
          linalg.yield %7 : f32
        } -> tensor<?x7xf32>
        return %3 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @less_0_9 attributes {cost = 271 : i64, grid = array<i64: 16384, 1>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi32> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: index) -> tensor<?x1xi8> attributes {mlc.schedule = #mlc.schedule<grid = [16384, 1], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<?x1xi32>) outs(%arg1 : tensor<?x1xi8>) {
        ^bb0(%in: i32, %out: i8):
          %c1_i32 = arith.constant 1 : i32
          %1 = arith.cmpi slt, %c1_i32, %in : i32
          %2 = arith.extui %1 : i1 to i8
          linalg.yield %2 : i8
        } -> tensor<?x1xi8>
        return %0 : tensor<?x1xi8>
      }
    }
  }
  mlc.kernel @select_0_10 attributes {cost = 481 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1 : tensor<?x1xi8>, tensor<?x7xf32>) outs(%arg2 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %cst = arith.constant 0.000000e+00 : f32
          %2 = arith.select %1, %in_0, %cst : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @slice_0_12 attributes {cost = 414 : i64, grid = array<i64: 1, 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<5x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg1: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg2: index) -> tensor<1x?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 2340, 7], tile = [1, 1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map10, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<5x?x7xf32>) outs(%arg1 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        return %0 : tensor<1x?x7xf32>
      }
    }
  }
  mlc.kernel @matmul_0_13 attributes {cost = 1638 : i64, grid = array<i64: 48, 32>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<7x7xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [48, 32], tile = [12, 32], lanes = 16>} {
        %0 = tensor.empty(%arg4) : tensor<?x7xf32>
        %cst = arith.constant 0.000000e+00 : f32
        %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<?x7xf32>) -> tensor<?x7xf32>
        %2 = linalg.generic {indexing_maps = [#map3, #map4, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%arg0, %arg1 : tensor<?x7xf32>, tensor<7x7xf32>) outs(%1 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.mulf %in, %in_0 fastmath<contract> : f32
          %5 = arith.addf %out, %4 fastmath<contract> : f32
          linalg.yield %5 : f32
        } -> tensor<?x7xf32>
        %3 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg2, %2 : tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.addf %in, %in_0 fastmath<contract> : f32
          %cst_1 = arith.constant -3.000000e-01 : f32
          %5 = arith.maximumf %4, %cst_1 fastmath<contract> : f32
          %cst_2 = arith.constant 3.000000e-01 : f32
          %6 = arith.minimumf %5, %cst_2 fastmath<contract> : f32
          %7 = math.tanh %6 : f32
          linalg.yield %7 : f32
        } -> tensor<?x7xf32>
        return %3 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @less_0_14 attributes {cost = 271 : i64, grid = array<i64: 16384, 1>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi32> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: index) -> tensor<?x1xi8> attributes {mlc.schedule = #mlc.schedule<grid = [16384, 1], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<?x1xi32>) outs(%arg1 : tensor<?x1xi8>) {
        ^bb0(%in: i32, %out: i8):
          %c2_i32 = arith.constant 2 : i32
          %1 = arith.cmpi slt, %c2_i32, %in : i32
          %2 = arith.extui %1 : i1 to i8
          linalg.yield %2 : i8
        } -> tensor<?x1xi8>
        return %0 : tensor<?x1xi8>
      }
    }
  }
  mlc.kernel @select_0_15 attributes {cost = 481 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1 : tensor<?x1xi8>, tensor<?x7xf32>) outs(%arg2 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %cst = arith.constant 0.000000e+00 : f32
          %2 = arith.select %1, %in_0, %cst : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @select_0_16 attributes {cost = 680 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1, %arg2 : tensor<?x1xi8>, tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %in_1: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %2 = arith.select %1, %in_0, %in_1 : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @slice_0_17 attributes {cost = 414 : i64, grid = array<i64: 1, 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<5x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg1: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg2: index) -> tensor<1x?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 2340, 7], tile = [1, 1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map11, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<5x?x7xf32>) outs(%arg1 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        return %0 : tensor<1x?x7xf32>
      }
    }
  }
  mlc.kernel @matmul_0_18 attributes {cost = 1638 : i64, grid = array<i64: 48, 32>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<7x7xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [48, 32], tile = [12, 32], lanes = 16>} {
        %0 = tensor.empty(%arg4) : tensor<?x7xf32>
        %cst = arith.constant 0.000000e+00 : f32
        %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<?x7xf32>) -> tensor<?x7xf32>
        %2 = linalg.generic {indexing_maps = [#map3, #map4, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%arg0, %arg1 : tensor<?x7xf32>, tensor<7x7xf32>) outs(%1 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.mulf %in, %in_0 fastmath<contract> : f32
          %5 = arith.addf %out, %4 fastmath<contract> : f32
          linalg.yield %5 : f32
        } -> tensor<?x7xf32>
        %3 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg2, %2 : tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.addf %in, %in_0 fastmath<contract> : f32
          %cst_1 = arith.constant -3.000000e-01 : f32
          %5 = arith.maximumf %4, %cst_1 fastmath<contract> : f32
          %cst_2 = arith.constant 3.000000e-01 : f32
          %6 = arith.minimumf %5, %cst_2 fastmath<contract> : f32
          %7 = math.tanh %6 : f32
          linalg.yield %7 : f32
        } -> tensor<?x7xf32>
        return %3 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @less_0_19 attributes {cost = 271 : i64, grid = array<i64: 16384, 1>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi32> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: index) -> tensor<?x1xi8> attributes {mlc.schedule = #mlc.schedule<grid = [16384, 1], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<?x1xi32>) outs(%arg1 : tensor<?x1xi8>) {
        ^bb0(%in: i32, %out: i8):
          %c3_i32 = arith.constant 3 : i32
          %1 = arith.cmpi slt, %c3_i32, %in : i32
          %2 = arith.extui %1 : i1 to i8
          linalg.yield %2 : i8
        } -> tensor<?x1xi8>
        return %0 : tensor<?x1xi8>
      }
    }
  }
  mlc.kernel @select_0_20 attributes {cost = 481 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1 : tensor<?x1xi8>, tensor<?x7xf32>) outs(%arg2 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %cst = arith.constant 0.000000e+00 : f32
          %2 = arith.select %1, %in_0, %cst : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @select_0_21 attributes {cost = 680 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1, %arg2 : tensor<?x1xi8>, tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %in_1: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %2 = arith.select %1, %in_0, %in_1 : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @slice_0_22 attributes {cost = 414 : i64, grid = array<i64: 1, 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<5x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg1: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg2: index) -> tensor<1x?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 2340, 7], tile = [1, 1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map12, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<5x?x7xf32>) outs(%arg1 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        return %0 : tensor<1x?x7xf32>
      }
    }
  }
  mlc.kernel @matmul_0_23 attributes {cost = 1638 : i64, grid = array<i64: 48, 32>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<7x7xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [48, 32], tile = [12, 32], lanes = 16>} {
        %0 = tensor.empty(%arg4) : tensor<?x7xf32>
        %cst = arith.constant 0.000000e+00 : f32
        %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<?x7xf32>) -> tensor<?x7xf32>
        %2 = linalg.generic {indexing_maps = [#map3, #map4, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%arg0, %arg1 : tensor<?x7xf32>, tensor<7x7xf32>) outs(%1 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.mulf %in, %in_0 fastmath<contract> : f32
          %5 = arith.addf %out, %4 fastmath<contract> : f32
          linalg.yield %5 : f32
        } -> tensor<?x7xf32>
        %3 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg2, %2 : tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.addf %in, %in_0 fastmath<contract> : f32
          %cst_1 = arith.constant -3.000000e-01 : f32
          %5 = arith.maximumf %4, %cst_1 fastmath<contract> : f32
          %cst_2 = arith.constant 3.000000e-01 : f32
          %6 = arith.minimumf %5, %cst_2 fastmath<contract> : f32
          %7 = math.tanh %6 : f32
          linalg.yield %7 : f32
        } -> tensor<?x7xf32>
        return %3 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @less_0_24 attributes {cost = 271 : i64, grid = array<i64: 16384, 1>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi32> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: index) -> tensor<?x1xi8> attributes {mlc.schedule = #mlc.schedule<grid = [16384, 1], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<?x1xi32>) outs(%arg1 : tensor<?x1xi8>) {
        ^bb0(%in: i32, %out: i8):
          %c4_i32 = arith.constant 4 : i32
          %1 = arith.cmpi slt, %c4_i32, %in : i32
          %2 = arith.extui %1 : i1 to i8
          linalg.yield %2 : i8
        } -> tensor<?x1xi8>
        return %0 : tensor<?x1xi8>
      }
    }
  }
  mlc.kernel @select_0_25 attributes {cost = 481 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1 : tensor<?x1xi8>, tensor<?x7xf32>) outs(%arg2 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %cst = arith.constant 0.000000e+00 : f32
          %2 = arith.select %1, %in_0, %cst : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @select_0_26 attributes {cost = 680 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1, %arg2 : tensor<?x1xi8>, tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %in_1: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %2 = arith.select %1, %in_0, %in_1 : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @concat_0 attributes {cost = 2073 : i64, grid = array<i64: 0, 0, 0>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg1: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg2: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg3: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg4: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg5: tensor<5x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg6: index) -> tensor<5x?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [0, 0, 0], tile = [1, 1, 64], lanes = 16>} {
        %extracted_slice = tensor.extract_slice %arg5[0, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<5x?x7xf32> to tensor<1x?x7xf32>
        %0 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<1x?x7xf32>) outs(%extracted_slice : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        %inserted_slice = tensor.insert_slice %0 into %arg5[0, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<1x?x7xf32> into tensor<5x?x7xf32>
        %extracted_slice_0 = tensor.extract_slice %inserted_slice[1, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<5x?x7xf32> to tensor<1x?x7xf32>
        %1 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg1 : tensor<1x?x7xf32>) outs(%extracted_slice_0 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        %inserted_slice_1 = tensor.insert_slice %1 into %inserted_slice[1, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<1x?x7xf32> into tensor<5x?x7xf32>
        %extracted_slice_2 = tensor.extract_slice %inserted_slice_1[2, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<5x?x7xf32> to tensor<1x?x7xf32>
        %2 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg2 : tensor<1x?x7xf32>) outs(%extracted_slice_2 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        %inserted_slice_3 = tensor.insert_slice %2 into %inserted_slice_1[2, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<1x?x7xf32> into tensor<5x?x7xf32>
        %extracted_slice_4 = tensor.extract_slice %inserted_slice_3[3, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<5x?x7xf32> to tensor<1x?x7xf32>
        %3 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg3 : tensor<1x?x7xf32>) outs(%extracted_slice_4 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        %inserted_slice_5 = tensor.insert_slice %3 into %inserted_slice_3[3, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<1x?x7xf32> into tensor<5x?x7xf32>
        %extracted_slice_6 = tensor.extract_slice %inserted_slice_5[4, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<5x?x7xf32> to tensor<1x?x7xf32>
        %4 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg4 : tensor<1x?x7xf32>) outs(%extracted_slice_6 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        %inserted_slice_7 = tensor.insert_slice %4 into %inserted_slice_5[4, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<1x?x7xf32> into tensor<5x?x7xf32>
        return %inserted_slice_7 : tensor<5x?x7xf32>
      }
    }
  }
  mlc.kernel @slice_0_27 attributes {cost = 414 : i64, grid = array<i64: 1, 7, 6>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<2x7x6xf32> {mlc.sizes_of = array<i64: -1, -1, -1>}, %arg1: tensor<1x7x6xf32> {mlc.sizes_of = array<i64: -1, -1, -1>}) -> tensor<1x7x6xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 7, 6], tile = [1, 1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map9, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<2x7x6xf32>) outs(%arg1 : tensor<1x7x6xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x7x6xf32>
        return %0 : tensor<1x7x6xf32>
      }
    }
  }
  mlc.kernel @transpose_0_28 attributes {cost = 414 : i64, grid = array<i64: 6, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<7x6xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg1: tensor<6x7xf32> {mlc.sizes_of = array<i64: -1, -1>}) -> tensor<6x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [6, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map1, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<7x6xf32>) outs(%arg1 : tensor<6x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<6x7xf32>
        return %0 : tensor<6x7xf32>
      }
    }
  }
  mlc.kernel @slice_0_29 attributes {cost = 414 : i64, grid = array<i64: 1, 7, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<2x7x7xf32> {mlc.sizes_of = array<i64: -1, -1, -1>}, %arg1: tensor<1x7x7xf32> {mlc.sizes_of = array<i64: -1, -1, -1>}) -> tensor<1x7x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 7, 7], tile = [1, 1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map9, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<2x7x7xf32>) outs(%arg1 : tensor<1x7x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x7x7xf32>
        return %0 : tensor<1x7x7xf32>
      }
    }
  }
  mlc.kernel @transpose_0_30 attributes {cost = 414 : i64, grid = array<i64: 7, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<7x7xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg1: tensor<7x7xf32> {mlc.sizes_of = array<i64: -1, -1>}) -> tensor<7x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [7, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map1, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<7x7xf32>) outs(%arg1 : tensor<7x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<7x7xf32>
        return %0 : tensor<7x7xf32>
      }
    }
  }
  mlc.kernel @slice_0_31 attributes {cost = 414 : i64, grid = array<i64: 1, 14>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<2x14xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg1: tensor<1x14xf32> {mlc.sizes_of = array<i64: -1, -1>}) -> tensor<1x14xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 14], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map13, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<2x14xf32>) outs(%arg1 : tensor<1x14xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x14xf32>
        return %0 : tensor<1x14xf32>
      }
    }
  }
  mlc.kernel @matmul_0_32 attributes {cost = 1715 : i64, grid = array<i64: 48, 32>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x6xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<6x7xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg2: tensor<14xf32> {mlc.sizes_of = array<i64: -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [48, 32], tile = [12, 32], lanes = 16>} {
        %0 = tensor.empty(%arg4) : tensor<?x7xf32>
        %cst = arith.constant 0.000000e+00 : f32
        %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<?x7xf32>) -> tensor<?x7xf32>
        %2 = linalg.generic {indexing_maps = [#map3, #map4, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%arg0, %arg1 : tensor<?x6xf32>, tensor<6x7xf32>) outs(%1 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_1: f32, %out: f32):
          %4 = arith.mulf %in, %in_1 fastmath<contract> : f32
          %5 = arith.addf %out, %4 fastmath<contract> : f32
          linalg.yield %5 : f32
        } -> tensor<?x7xf32>
        %c0 = arith.constant 0 : index
        %extracted_slice = tensor.extract_slice %2[0, 0] [%arg4, 7] [1, 1] : tensor<?x7xf32> to tensor<?x7xf32>
        %extracted_slice_0 = tensor.extract_slice %arg2[0] [7] [1] : tensor<14xf32> to tensor<7xf32>
        %3 = linalg.generic {indexing_maps = [#map2, #map6, #map7, #map2], iterator_types = ["parallel", "parallel"]} ins(%extracted_slice, %extracted_slice_0, %arg2 : tensor<?x7xf32>, tensor<7xf32>, tensor<14xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_1: f32, %in_2: f32, %out: f32):
          %4 = arith.addf %in_1, %in_2 fastmath<contract> : f32
          %5 = arith.addf %in, %4 fastmath<contract> : f32
          linalg.yield %5 : f32
        } -> tensor<?x7xf32>
        return %3 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @slice_0_33 attributes {cost = 414 : i64, grid = array<i64: 1, 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<2x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg1: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg2: index) -> tensor<1x?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 2340, 7], tile = [1, 1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map9, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<2x?x7xf32>) outs(%arg1 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        return %0 : tensor<1x?x7xf32>
      }
    }
  }
  mlc.kernel @slice_0_34 attributes {cost = 414 : i64, grid = array<i64: 1, 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<5x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg1: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg2: index) -> tensor<1x?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 2340, 7], tile = [1, 1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map12, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<5x?x7xf32>) outs(%arg1 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        return %0 : tensor<1x?x7xf32>
      }
    }
  }
  mlc.kernel @matmul_0_35 attributes {cost = 1638 : i64, grid = array<i64: 48, 32>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<7x7xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [48, 32], tile = [12, 32], lanes = 16>} {
        %0 = tensor.empty(%arg4) : tensor<?x7xf32>
        %cst = arith.constant 0.000000e+00 : f32
        %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<?x7xf32>) -> tensor<?x7xf32>
        %2 = linalg.generic {indexing_maps = [#map3, #map4, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%arg0, %arg1 : tensor<?x7xf32>, tensor<7x7xf32>) outs(%1 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.mulf %in, %in_0 fastmath<contract> : f32
          %5 = arith.addf %out, %4 fastmath<contract> : f32
          linalg.yield %5 : f32
        } -> tensor<?x7xf32>
        %3 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg2, %2 : tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.addf %in, %in_0 fastmath<contract> : f32
          %cst_1 = arith.constant -3.000000e-01 : f32
          %5 = arith.maximumf %4, %cst_1 fastmath<contract> : f32
          %cst_2 = arith.constant 3.000000e-01 : f32
          %6 = arith.minimumf %5, %cst_2 fastmath<contract> : f32
          %7 = math.tanh %6 : f32
          linalg.yield %7 : f32
        } -> tensor<?x7xf32>
        return %3 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @select_0_36 attributes {cost = 481 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1 : tensor<?x1xi8>, tensor<?x7xf32>) outs(%arg2 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %cst = arith.constant 0.000000e+00 : f32
          %2 = arith.select %1, %in_0, %cst : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @select_0_37 attributes {cost = 680 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1, %arg2 : tensor<?x1xi8>, tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %in_1: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %2 = arith.select %1, %in_0, %in_1 : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @slice_0_38 attributes {cost = 414 : i64, grid = array<i64: 1, 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<5x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg1: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg2: index) -> tensor<1x?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 2340, 7], tile = [1, 1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map11, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<5x?x7xf32>) outs(%arg1 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        return %0 : tensor<1x?x7xf32>
      }
    }
  }
  mlc.kernel @matmul_0_39 attributes {cost = 1638 : i64, grid = array<i64: 48, 32>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<7x7xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [48, 32], tile = [12, 32], lanes = 16>} {
        %0 = tensor.empty(%arg4) : tensor<?x7xf32>
        %cst = arith.constant 0.000000e+00 : f32
        %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<?x7xf32>) -> tensor<?x7xf32>
        %2 = linalg.generic {indexing_maps = [#map3, #map4, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%arg0, %arg1 : tensor<?x7xf32>, tensor<7x7xf32>) outs(%1 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.mulf %in, %in_0 fastmath<contract> : f32
          %5 = arith.addf %out, %4 fastmath<contract> : f32
          linalg.yield %5 : f32
        } -> tensor<?x7xf32>
        %3 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg2, %2 : tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.addf %in, %in_0 fastmath<contract> : f32
          %cst_1 = arith.constant -3.000000e-01 : f32
          %5 = arith.maximumf %4, %cst_1 fastmath<contract> : f32
          %cst_2 = arith.constant 3.000000e-01 : f32
          %6 = arith.minimumf %5, %cst_2 fastmath<contract> : f32
          %7 = math.tanh %6 : f32
          linalg.yield %7 : f32
        } -> tensor<?x7xf32>
        return %3 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @select_0_40 attributes {cost = 481 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1 : tensor<?x1xi8>, tensor<?x7xf32>) outs(%arg2 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %cst = arith.constant 0.000000e+00 : f32
          %2 = arith.select %1, %in_0, %cst : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @select_0_41 attributes {cost = 680 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1, %arg2 : tensor<?x1xi8>, tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %in_1: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %2 = arith.select %1, %in_0, %in_1 : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @slice_0_42 attributes {cost = 414 : i64, grid = array<i64: 1, 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<5x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg1: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg2: index) -> tensor<1x?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 2340, 7], tile = [1, 1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map10, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<5x?x7xf32>) outs(%arg1 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        return %0 : tensor<1x?x7xf32>
      }
    }
  }
  mlc.kernel @matmul_0_43 attributes {cost = 1638 : i64, grid = array<i64: 48, 32>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<7x7xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [48, 32], tile = [12, 32], lanes = 16>} {
        %0 = tensor.empty(%arg4) : tensor<?x7xf32>
        %cst = arith.constant 0.000000e+00 : f32
        %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<?x7xf32>) -> tensor<?x7xf32>
        %2 = linalg.generic {indexing_maps = [#map3, #map4, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%arg0, %arg1 : tensor<?x7xf32>, tensor<7x7xf32>) outs(%1 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.mulf %in, %in_0 fastmath<contract> : f32
          %5 = arith.addf %out, %4 fastmath<contract> : f32
          linalg.yield %5 : f32
        } -> tensor<?x7xf32>
        %3 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg2, %2 : tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.addf %in, %in_0 fastmath<contract> : f32
          %cst_1 = arith.constant -3.000000e-01 : f32
          %5 = arith.maximumf %4, %cst_1 fastmath<contract> : f32
          %cst_2 = arith.constant 3.000000e-01 : f32
          %6 = arith.minimumf %5, %cst_2 fastmath<contract> : f32
          %7 = math.tanh %6 : f32
          linalg.yield %7 : f32
        } -> tensor<?x7xf32>
        return %3 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @select_0_44 attributes {cost = 481 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1 : tensor<?x1xi8>, tensor<?x7xf32>) outs(%arg2 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %cst = arith.constant 0.000000e+00 : f32
          %2 = arith.select %1, %in_0, %cst : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @select_0_45 attributes {cost = 680 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1, %arg2 : tensor<?x1xi8>, tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %in_1: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %2 = arith.select %1, %in_0, %in_1 : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @slice_0_46 attributes {cost = 414 : i64, grid = array<i64: 1, 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<5x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg1: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg2: index) -> tensor<1x?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 2340, 7], tile = [1, 1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map9, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<5x?x7xf32>) outs(%arg1 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        return %0 : tensor<1x?x7xf32>
      }
    }
  }
  mlc.kernel @matmul_0_47 attributes {cost = 1638 : i64, grid = array<i64: 48, 32>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<7x7xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [48, 32], tile = [12, 32], lanes = 16>} {
        %0 = tensor.empty(%arg4) : tensor<?x7xf32>
        %cst = arith.constant 0.000000e+00 : f32
        %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<?x7xf32>) -> tensor<?x7xf32>
        %2 = linalg.generic {indexing_maps = [#map3, #map4, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%arg0, %arg1 : tensor<?x7xf32>, tensor<7x7xf32>) outs(%1 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.mulf %in, %in_0 fastmath<contract> : f32
          %5 = arith.addf %out, %4 fastmath<contract> : f32
          linalg.yield %5 : f32
        } -> tensor<?x7xf32>
        %3 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg2, %2 : tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.addf %in, %in_0 fastmath<contract> : f32
          %cst_1 = arith.constant -3.000000e-01 : f32
          %5 = arith.maximumf %4, %cst_1 fastmath<contract> : f32
          %cst_2 = arith.constant 3.000000e-01 : f32
          %6 = arith.minimumf %5, %cst_2 fastmath<contract> : f32
          %7 = math.tanh %6 : f32
          linalg.yield %7 : f32
        } -> tensor<?x7xf32>
        return %3 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @select_0_48 attributes {cost = 481 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1 : tensor<?x1xi8>, tensor<?x7xf32>) outs(%arg2 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %cst = arith.constant 0.000000e+00 : f32
          %2 = arith.select %1, %in_0, %cst : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @select_0_49 attributes {cost = 680 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1, %arg2 : tensor<?x1xi8>, tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %in_1: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %2 = arith.select %1, %in_0, %in_1 : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @slice_0_50 attributes {cost = 414 : i64, grid = array<i64: 1, 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<5x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg1: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg2: index) -> tensor<1x?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [1, 2340, 7], tile = [1, 1, 64], lanes = 16>} {
        %extracted_slice = tensor.extract_slice %arg0[0, 0, 0] [1, %arg2, 7] [1, 1, 1] : tensor<5x?x7xf32> to tensor<1x?x7xf32>
        %0 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%extracted_slice : tensor<1x?x7xf32>) outs(%arg1 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        return %0 : tensor<1x?x7xf32>
      }
    }
  }
  mlc.kernel @matmul_0_51 attributes {cost = 1638 : i64, grid = array<i64: 48, 32>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<7x7xf32> {mlc.sizes_of = array<i64: -1, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [48, 32], tile = [12, 32], lanes = 16>} {
        %0 = tensor.empty(%arg4) : tensor<?x7xf32>
        %cst = arith.constant 0.000000e+00 : f32
        %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<?x7xf32>) -> tensor<?x7xf32>
        %2 = linalg.generic {indexing_maps = [#map3, #map4, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%arg0, %arg1 : tensor<?x7xf32>, tensor<7x7xf32>) outs(%1 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.mulf %in, %in_0 fastmath<contract> : f32
          %5 = arith.addf %out, %4 fastmath<contract> : f32
          linalg.yield %5 : f32
        } -> tensor<?x7xf32>
        %3 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg2, %2 : tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: f32, %in_0: f32, %out: f32):
          %4 = arith.addf %in, %in_0 fastmath<contract> : f32
          %cst_1 = arith.constant -3.000000e-01 : f32
          %5 = arith.maximumf %4, %cst_1 fastmath<contract> : f32
          %cst_2 = arith.constant 3.000000e-01 : f32
          %6 = arith.minimumf %5, %cst_2 fastmath<contract> : f32
          %7 = math.tanh %6 : f32
          linalg.yield %7 : f32
        } -> tensor<?x7xf32>
        return %3 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @select_0_52 attributes {cost = 481 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1 : tensor<?x1xi8>, tensor<?x7xf32>) outs(%arg2 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %cst = arith.constant 0.000000e+00 : f32
          %2 = arith.select %1, %in_0, %cst : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @select_0_53 attributes {cost = 680 : i64, grid = array<i64: 2340, 7>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<?x1xi8> {mlc.sizes_of = array<i64: 0, -1>}, %arg1: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg2: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg3: tensor<?x7xf32> {mlc.sizes_of = array<i64: 0, -1>}, %arg4: index) -> tensor<?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [2340, 7], tile = [1, 64], lanes = 16>} {
        %0 = linalg.generic {indexing_maps = [#map8, #map2, #map2, #map2], iterator_types = ["parallel", "parallel"]} ins(%arg0, %arg1, %arg2 : tensor<?x1xi8>, tensor<?x7xf32>, tensor<?x7xf32>) outs(%arg3 : tensor<?x7xf32>) {
        ^bb0(%in: i8, %in_0: f32, %in_1: f32, %out: f32):
          %c0_i8 = arith.constant 0 : i8
          %1 = arith.cmpi ne, %in, %c0_i8 : i8
          %2 = arith.select %1, %in_0, %in_1 : f32
          linalg.yield %2 : f32
        } -> tensor<?x7xf32>
        return %0 : tensor<?x7xf32>
      }
    }
  }
  mlc.kernel @concat_0_54 attributes {cost = 2073 : i64, grid = array<i64: 0, 0, 0>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg1: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg2: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg3: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg4: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg5: tensor<5x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg6: index) -> tensor<5x?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [0, 0, 0], tile = [1, 1, 64], lanes = 16>} {
        %extracted_slice = tensor.extract_slice %arg5[0, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<5x?x7xf32> to tensor<1x?x7xf32>
        %0 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<1x?x7xf32>) outs(%extracted_slice : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        %inserted_slice = tensor.insert_slice %0 into %arg5[0, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<1x?x7xf32> into tensor<5x?x7xf32>
        %extracted_slice_0 = tensor.extract_slice %inserted_slice[1, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<5x?x7xf32> to tensor<1x?x7xf32>
        %1 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg1 : tensor<1x?x7xf32>) outs(%extracted_slice_0 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        %inserted_slice_1 = tensor.insert_slice %1 into %inserted_slice[1, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<1x?x7xf32> into tensor<5x?x7xf32>
        %extracted_slice_2 = tensor.extract_slice %inserted_slice_1[2, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<5x?x7xf32> to tensor<1x?x7xf32>
        %2 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg2 : tensor<1x?x7xf32>) outs(%extracted_slice_2 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        %inserted_slice_3 = tensor.insert_slice %2 into %inserted_slice_1[2, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<1x?x7xf32> into tensor<5x?x7xf32>
        %extracted_slice_4 = tensor.extract_slice %inserted_slice_3[3, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<5x?x7xf32> to tensor<1x?x7xf32>
        %3 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg3 : tensor<1x?x7xf32>) outs(%extracted_slice_4 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        %inserted_slice_5 = tensor.insert_slice %3 into %inserted_slice_3[3, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<1x?x7xf32> into tensor<5x?x7xf32>
        %extracted_slice_6 = tensor.extract_slice %inserted_slice_5[4, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<5x?x7xf32> to tensor<1x?x7xf32>
        %4 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg4 : tensor<1x?x7xf32>) outs(%extracted_slice_6 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        %inserted_slice_7 = tensor.insert_slice %4 into %inserted_slice_5[4, 0, 0] [1, %arg6, 7] [1, 1, 1] : tensor<1x?x7xf32> into tensor<5x?x7xf32>
        return %inserted_slice_7 : tensor<5x?x7xf32>
      }
    }
  }
  mlc.kernel @concat_0_55 attributes {cost = 829 : i64, grid = array<i64: 0, 0, 0, 0>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<5x1x?x7xf32> {mlc.sizes_of = array<i64: -1, -1, 0, -1>}, %arg1: tensor<5x1x?x7xf32> {mlc.sizes_of = array<i64: -1, -1, 0, -1>}, %arg2: tensor<5x2x?x7xf32> {mlc.sizes_of = array<i64: -1, -1, 0, -1>}, %arg3: index) -> tensor<5x2x?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [0, 0, 0, 0], tile = [1, 1, 1, 64], lanes = 16>} {
        %extracted_slice = tensor.extract_slice %arg2[0, 0, 0, 0] [5, 1, %arg3, 7] [1, 1, 1, 1] : tensor<5x2x?x7xf32> to tensor<5x1x?x7xf32>
        %0 = linalg.generic {indexing_maps = [#map14, #map14], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%arg0 : tensor<5x1x?x7xf32>) outs(%extracted_slice : tensor<5x1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<5x1x?x7xf32>
        %inserted_slice = tensor.insert_slice %0 into %arg2[0, 0, 0, 0] [5, 1, %arg3, 7] [1, 1, 1, 1] : tensor<5x1x?x7xf32> into tensor<5x2x?x7xf32>
        %extracted_slice_0 = tensor.extract_slice %inserted_slice[0, 1, 0, 0] [5, 1, %arg3, 7] [1, 1, 1, 1] : tensor<5x2x?x7xf32> to tensor<5x1x?x7xf32>
        %1 = linalg.generic {indexing_maps = [#map14, #map14], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%arg1 : tensor<5x1x?x7xf32>) outs(%extracted_slice_0 : tensor<5x1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<5x1x?x7xf32>
        %inserted_slice_1 = tensor.insert_slice %1 into %inserted_slice[0, 1, 0, 0] [5, 1, %arg3, 7] [1, 1, 1, 1] : tensor<5x1x?x7xf32> into tensor<5x2x?x7xf32>
        return %inserted_slice_1 : tensor<5x2x?x7xf32>
      }
    }
  }
  mlc.kernel @concat_0_56 attributes {cost = 829 : i64, grid = array<i64: 0, 0, 0>} {
    builtin.module @"x86-64-v4" {
      func.func @kernel(%arg0: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg1: tensor<1x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg2: tensor<2x?x7xf32> {mlc.sizes_of = array<i64: -1, 0, -1>}, %arg3: index) -> tensor<2x?x7xf32> attributes {mlc.schedule = #mlc.schedule<grid = [0, 0, 0], tile = [1, 1, 64], lanes = 16>} {
        %extracted_slice = tensor.extract_slice %arg2[0, 0, 0] [1, %arg3, 7] [1, 1, 1] : tensor<2x?x7xf32> to tensor<1x?x7xf32>
        %0 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg0 : tensor<1x?x7xf32>) outs(%extracted_slice : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        %inserted_slice = tensor.insert_slice %0 into %arg2[0, 0, 0] [1, %arg3, 7] [1, 1, 1] : tensor<1x?x7xf32> into tensor<2x?x7xf32>
        %extracted_slice_0 = tensor.extract_slice %inserted_slice[1, 0, 0] [1, %arg3, 7] [1, 1, 1] : tensor<2x?x7xf32> to tensor<1x?x7xf32>
        %1 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg1 : tensor<1x?x7xf32>) outs(%extracted_slice_0 : tensor<1x?x7xf32>) {
        ^bb0(%in: f32, %out: f32):
          linalg.yield %in : f32
        } -> tensor<1x?x7xf32>
        %inserted_slice_1 = tensor.insert_slice %1 into %inserted_slice[1, 0, 0] [1, %arg3, 7] [1, 1, 1] : tensor<1x?x7xf32> into tensor<2x?x7xf32>
        return %inserted_slice_1 : tensor<2x?x7xf32>
      }
    }
  }
}
