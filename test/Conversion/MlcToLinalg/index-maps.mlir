// RUN: mlc-opt %s --split-input-file --mlc-stage-kernels --mlc-stage-linalg | FileCheck %s

// A slice that runs backwards is extracted: a tile of it is no slice of memory.
// CHECK-LABEL: func.func @kernel
// CHECK: linalg.generic
// CHECK: linalg.index 0
// CHECK: tensor.extract
func.func @backwards(%x: tensor<8xf32>) -> tensor<8xf32> {
  %r = mlc.slice %x [7] [8] [-1] : tensor<8xf32> -> tensor<8xf32>
  return %r : tensor<8xf32>
}

// -----

// An offset of run time makes a view.
// CHECK-LABEL: func.func @kernel
// CHECK: %[[VIEW:.*]] = tensor.extract_slice %{{.*}}[%{{.*}}] [3] [1]
// CHECK: linalg.generic {{.*}} ins(%[[VIEW]] : tensor<3xf32>)
func.func @offset(%x: tensor<8xf32>, %at: tensor<i64>) -> tensor<3xf32> {
  %i = tensor.extract %at[] : tensor<i64>
  %o = arith.index_cast %i : i64 to index
  %r = mlc.slice %x [%o] [3] [1] : tensor<8xf32> -> tensor<3xf32>
  return %r : tensor<3xf32>
}

// -----

// A part from the start is a view too: the loops have its sizes.
// CHECK-LABEL: func.func @kernel
// CHECK: %[[VIEW:.*]] = tensor.extract_slice %{{.*}}[0, 0] [4, 3] [1, 1]
// CHECK: linalg.generic {{.*}} ins(%[[VIEW]] : tensor<4x3xf32>)
func.func @start(%x: tensor<4x8xf32>) -> tensor<4x3xf32> {
  %r = mlc.slice %x [0, 0] [4, 3] [1, 1] : tensor<4x8xf32> -> tensor<4x3xf32>
  return %r : tensor<4x3xf32>
}

// -----

// What a gather reads is extracted at the clamped index.
// CHECK-LABEL: func.func @kernel
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<3x4xi64>)
// CHECK: ^bb0(%[[INDEX:.*]]: i64
// CHECK: %[[CAST:.*]] = arith.index_cast %[[INDEX]]
// CHECK: %[[LOW:.*]] = arith.minsi %[[CAST]], %{{.*}}
// CHECK: %[[AT:.*]] = arith.maxsi %[[LOW]], %{{.*}}
// CHECK: tensor.extract %{{.*}}[%[[AT]], %{{.*}}] : tensor<9x4xf32>
func.func @gather(%x: tensor<9x4xf32>, %i: tensor<3x4xi64>) -> tensor<3x4xf32> {
  %r = mlc.gather %x[%i, 1] : (tensor<9x4xf32>, tensor<3x4xi64>) -> tensor<3x4xf32>
  return %r : tensor<3x4xf32>
}

// -----

// The stride of an axis that may be 1 is known at run time.
// CHECK-LABEL: func.func @kernel
// CHECK: %[[IS_ONE:.*]] = arith.cmpi eq
// CHECK: %[[STRIDE:.*]] = arith.select %[[IS_ONE]]
// CHECK: %[[LOOP:.*]] = linalg.index 0
// CHECK: arith.muli %[[LOOP]], %[[STRIDE]]
// CHECK: tensor.extract
func.func @stride(%x: tensor<?xf32> {mlc.dims = #mlc.dims<"a">}, %y: tensor<?xf32> {mlc.dims = #mlc.dims<"n">})
    -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %y, %c0 : tensor<?xf32>
  %r = mlc.broadcast %x to [%n] axes = [0] : tensor<?xf32> -> tensor<?xf32>
  return %r : tensor<?xf32>
}

// -----

// Operands that are read in part do not tell the sizes of the loops: they are
// cut to what is read, also under a transposition.
// CHECK-LABEL: func.func @kernel
// CHECK: %[[X:.*]] = tensor.extract_slice %arg0[0, 0] [5, 4] [1, 1] : tensor<8x9xf32> to tensor<5x4xf32>
// CHECK: linalg.generic {{.*}} ins(%[[X]], %arg0 : tensor<5x4xf32>, tensor<8x9xf32>)
func.func @parts(%x: tensor<8x9xf32>) -> tensor<4x5xf32> {
  %t = mlc.transpose %x [1, 0] : tensor<8x9xf32> -> tensor<9x8xf32>
  %a = mlc.slice %t [0, 0] [4, 5] [1, 1] : tensor<9x8xf32> -> tensor<4x5xf32>
  %b = mlc.slice %t [5, 3] [4, 5] [1, 1] : tensor<9x8xf32> -> tensor<4x5xf32>
  %r = mlc.add %a, %b : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
  return %r : tensor<4x5xf32>
}
