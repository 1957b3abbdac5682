// RUN: mlc-opt %s --mlc-simplify-graph | FileCheck %s

// CHECK-LABEL: @neutral_operands
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>)
func.func @neutral_operands(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-NEXT: return %[[X]]
  %one = mlc.constant dense<1.0> : tensor<4xf32>
  %zero = mlc.constant dense<0.0> : tensor<4xf32>
  %negative_zero = mlc.constant dense<-0.0> : tensor<4xf32>
  %0 = mlc.mul %one, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = mlc.div %0, %one : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %2 = mlc.sub %1, %zero : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = mlc.add %2, %negative_zero : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = mlc.pow %3, %one : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %5 = mlc.max %4, %4 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %6 = mlc.neg %5 : (tensor<4xf32>) -> tensor<4xf32>
  %7 = mlc.neg %6 : (tensor<4xf32>) -> tensor<4xf32>
  return %7 : tensor<4xf32>
}

// -0 + 0 is 0, and -0 - -0 is 0.
// CHECK-LABEL: @signed_zeros_are_kept
func.func @signed_zeros_are_kept(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  // CHECK: mlc.add
  // CHECK: mlc.sub
  // CHECK: %[[E:.*]] = mlc.exp
  // CHECK-NEXT: return %{{.*}}, %{{.*}}, %[[E]]
  %zero = mlc.constant dense<0.0> : tensor<4xf32>
  %negative_zero = mlc.constant dense<-0.0> : tensor<4xf32>
  %0 = mlc.add %x, %zero : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = mlc.sub %x, %negative_zero : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %e = mlc.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %2 = mlc.add %e, %zero : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0, %1, %2 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: @negations
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[Y:.*]]: tensor<4xf32>)
func.func @negations(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK-NEXT: %[[D:.*]] = mlc.sub %[[X]], %[[Y]]
  // CHECK-NEXT: %[[S:.*]] = mlc.add %[[X]], %[[Y]]
  // CHECK-NEXT: return %[[D]], %[[S]]
  %minus = mlc.constant dense<-1.0> : tensor<4xf32>
  %0 = mlc.mul %y, %minus : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = mlc.add %x, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %2 = mlc.sub %x, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %1, %2 : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: @strength
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>)
func.func @strength(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  // CHECK-DAG: %[[EIGHTH:.*]] = mlc.constant dense<1.250000e-01>
  // CHECK-DAG: %[[THREE:.*]] = mlc.constant dense<3.0
  // CHECK: mlc.mul %[[X]], %[[EIGHTH]]
  // CHECK: mlc.div %[[X]], %[[THREE]]
  // CHECK: mlc.mul %[[X]], %[[X]]
  %two = mlc.constant dense<2.0> : tensor<4xf32>
  %three = mlc.constant dense<3.0> : tensor<4xf32>
  %eight = mlc.constant dense<8.0> : tensor<4xf32>
  %0 = mlc.div %x, %eight : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = mlc.div %x, %three : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %2 = mlc.pow %x, %two : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0, %1, %2 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: @broadcast_neutral
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32>
func.func @broadcast_neutral(%x: tensor<?x4xf32>, %n: index) -> tensor<?x4xf32> {
  // CHECK-NEXT: return %[[X]]
  %one = mlc.constant dense<1.0> : tensor<f32>
  %b = mlc.broadcast %one to [%n, 4] axes = [] : tensor<f32> -> tensor<?x4xf32>
  %0 = mlc.mul %x, %b : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// CHECK-LABEL: @select
// CHECK-SAME: (%[[C:.*]]: tensor<4xi1>, %[[X:.*]]: tensor<4xf32>, %[[Y:.*]]: tensor<4xf32>)
func.func @select(%c: tensor<4xi1>, %x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK-NEXT: return %[[X]], %[[Y]]
  %false = mlc.constant dense<false> : tensor<4xi1>
  %0 = mlc.select %c, %x, %x : (tensor<4xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = mlc.select %false, %x, %y : (tensor<4xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: @casts
// CHECK-SAME: (%[[H:.*]]: tensor<4xf16>, %[[I:.*]]: tensor<4xi8>)
func.func @casts(%h: tensor<4xf16>, %i: tensor<4xi8>) -> (tensor<4xf16>, tensor<4xi32>, tensor<4xui8>, tensor<4xf32>) {
  // A float saturates where integers wrap.
  // CHECK-NEXT: %[[F:.*]] = mlc.cast %[[I]] to f32
  // CHECK-NEXT: %[[WIDE:.*]] = mlc.cast %[[I]] to i32
  // CHECK-NEXT: %[[SATURATED:.*]] = mlc.cast %[[F]] to ui8
  // A float of 8 bits does not hold what one of 11 does.
  // CHECK-NEXT: %[[B:.*]] = mlc.cast %[[H]] to bf16
  // CHECK-NEXT: %[[ROUNDED:.*]] = mlc.cast %[[B]] to f32
  // CHECK-NEXT: return %[[H]], %[[WIDE]], %[[SATURATED]], %[[ROUNDED]]
  %0 = mlc.cast %h to f32 : (tensor<4xf16>) -> tensor<4xf32>
  %1 = mlc.cast %0 to f16 : (tensor<4xf32>) -> tensor<4xf16>
  %2 = mlc.cast %i to f32 : (tensor<4xi8>) -> tensor<4xf32>
  %3 = mlc.cast %2 to i32 : (tensor<4xf32>) -> tensor<4xi32>
  %4 = mlc.cast %2 to ui8 : (tensor<4xf32>) -> tensor<4xui8>
  %5 = mlc.cast %h to bf16 : (tensor<4xf16>) -> tensor<4xbf16>
  %6 = mlc.cast %5 to f32 : (tensor<4xbf16>) -> tensor<4xf32>
  return %1, %3, %4, %6 : tensor<4xf16>, tensor<4xi32>, tensor<4xui8>, tensor<4xf32>
}

// CHECK-LABEL: @cube
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[H:.*]]: tensor<4xf16>)
func.func @cube(%x: tensor<4xf32>, %h: tensor<4xf16>) -> (tensor<4xf32>, tensor<4xf16>) {
  // CHECK: %[[SQUARE:.*]] = mlc.mul %[[X]], %[[X]]
  // CHECK: mlc.mul %[[SQUARE]], %[[X]]
  // CHECK: mlc.pow %[[H]]
  %three = mlc.constant dense<3.0> : tensor<4xf32>
  %narrow = mlc.constant dense<3.0> : tensor<4xf16>
  %0 = mlc.pow %x, %three : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = mlc.pow %h, %narrow : (tensor<4xf16>, tensor<4xf16>) -> tensor<4xf16>
  return %0, %1 : tensor<4xf32>, tensor<4xf16>
}
