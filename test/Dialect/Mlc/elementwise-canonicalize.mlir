// RUN: mlc-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: @bitcast_to_the_same_type
// CHECK-SAME: (%[[X:.*]]: tensor<?xf32>)
func.func @bitcast_to_the_same_type(%x: tensor<?xf32>) -> tensor<?xf32> {
  // CHECK-NEXT: return %[[X]]
  %r = mlc.bitcast %x to f32 : (tensor<?xf32>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}

// CHECK-LABEL: @cast_to_the_same_type
// CHECK-SAME: (%[[X:.*]]: tensor<?xf32>)
func.func @cast_to_the_same_type(%x: tensor<?xf32>) -> tensor<?xf32> {
  // CHECK-NEXT: return %[[X]]
  %r = mlc.cast %x to f32 : (tensor<?xf32>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}
