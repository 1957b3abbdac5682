// RUN: mlc-opt %s --split-input-file --kernel-tile-and-fuse --verify-diagnostics | FileCheck %s

#id = affine_map<(d0) -> (d0)>

// Tiles of 32, then the rest. An op that only copies stays: it writes the result.
// CHECK-LABEL: @copy
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<100xf32>, %[[OUT:[a-z0-9]+]]: tensor<100xf32>
// CHECK: %[[WHOLE:.*]] = scf.for {{.*}} iter_args(%{{.*}} = %[[OUT]])
// CHECK: tensor.extract_slice %[[X]][%{{.*}}] [32] [1]
// CHECK: linalg.generic
// CHECK: tensor.extract_slice %[[X]][96] [4] [1]
// CHECK: linalg.generic
// CHECK: tensor.insert_slice %{{.*}} into %[[WHOLE]][96] [4] [1]
func.func @copy(%x: tensor<100xf32>, %out: tensor<100xf32>) -> tensor<100xf32>
    attributes {mlc.schedule = #mlc.schedule<grid = [0], tile = [32], lanes = 8>} {
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%x : tensor<100xf32>) outs(%out : tensor<100xf32>) {
  ^bb0(%in: f32, %o: f32):
    linalg.yield %in : f32
  } -> tensor<100xf32>
  return %r : tensor<100xf32>
}

// -----

#id = affine_map<(d0) -> (d0)>
func.func @rank(%x: tensor<100xf32>, %out: tensor<100xf32>) -> tensor<100xf32>
    attributes {mlc.schedule = #mlc.schedule<grid = [0, 0], tile = [1, 32], lanes = 8>} {
  // expected-error @below {{has a result of rank 1, but its schedule is}}
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%x : tensor<100xf32>) outs(%out : tensor<100xf32>) {
  ^bb0(%in: f32, %o: f32):
    linalg.yield %in : f32
  } -> tensor<100xf32>
  return %r : tensor<100xf32>
}
