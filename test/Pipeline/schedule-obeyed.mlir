// A schedule that is in the input is kept and obeyed: tiles of 2 rows by 8 lanes, a grid of parts of 6 rows.

// RUN: mlc-opt %s --mlc-select-schedules=target=x86-64-v3 | FileCheck %s --check-prefix=KEPT
// RUN: mlc-opt %s --mlc-select-schedules=target=x86-64-v3 --mlc-stage-loops="target=x86-64-v3" | FileCheck %s

// KEPT: mlc.kernel @exp_0 attributes {{{.*}}grid = array<i64: 6, 0>}
// KEPT: #mlc.schedule<grid = [6, 0], tile = [2, 8], lanes = 8>

// CHECK: scf.forall ({{.*}}) = (0) to (24) step (6)
// CHECK: scf.for
// CHECK-COUNT-2: math.exp {{.*}} : vector<8xf32>
// CHECK-NOT: math.exp

mlc.kernel @exp_0 {
  builtin.module {
    func.func @kernel(%x: tensor<24x16xf32> {mlc.sizes_of = array<i64: -1, -1>},
                      %out: tensor<24x16xf32> {mlc.sizes_of = array<i64: -1, -1>}) -> tensor<24x16xf32>
        attributes {mlc.schedule = #mlc.schedule<grid = [6, 0], tile = [2, 8], lanes = 8>} {
      %0 = linalg.generic {
          indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
          iterator_types = ["parallel", "parallel"]} ins(%x : tensor<24x16xf32>) outs(%out : tensor<24x16xf32>) {
      ^bb0(%in: f32, %o: f32):
        %e = math.exp %in : f32
        linalg.yield %e : f32
      } -> tensor<24x16xf32>
      return %0 : tensor<24x16xf32>
    }
  }
}
