// RUN: mlc-opt %s -split-input-file -verify-diagnostics | mlc-opt -split-input-file | FileCheck %s

// CHECK-LABEL: @branches
// CHECK: mlc.if %{{.*}} {
// CHECK: } else {
// CHECK: } : tensor<?xf32>
func.func @branches(%c: i1, %x: tensor<4xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
  %r = mlc.if %c {
    mlc.yield %x : tensor<4xf32>
  } else {
    mlc.yield %y : tensor<?xf32>
  } : tensor<?xf32>
  return %r : tensor<?xf32>
}

// -----

// CHECK-LABEL: @loops
// CHECK: mlc.loop trips %{{.*}} while %{{.*}}(%{{.*}}) varying = {{\[}}array<i64>] {
func.func @loops(%n: index, %x: tensor<4xf32>) -> (tensor<4xf32>, tensor<?x4xf32>) {
  %true = arith.constant true
  %r:2 = mlc.loop trips %n while %true (%x) varying = [array<i64>] {
  ^bb0(%i: index, %a: tensor<4xf32>):
    %b = mlc.add %a, %a : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    mlc.yield %true, %b, %b : i1, tensor<4xf32>, tensor<4xf32>
  } : (tensor<4xf32>) -> (tensor<4xf32>, tensor<?x4xf32>)
  return %r#0, %r#1 : tensor<4xf32>, tensor<?x4xf32>
}

// -----

func.func @c1_if(%c: i1, %x: tensor<4xf32>, %y: tensor<?xf32>) {
  // expected-error @+1 {{yields 'tensor<?xf32>' for 'tensor<4xf32>'}}
  %r = mlc.if %c {
    mlc.yield %x : tensor<4xf32>
  } else {
    mlc.yield %y : tensor<?xf32>
  } : tensor<4xf32>
  return
}

// -----

func.func @c1_if_count(%c: i1, %x: tensor<4xf32>) {
  // expected-error @+1 {{expected regions that yield 1 values}}
  %r = mlc.if %c {
    mlc.yield %x : tensor<4xf32>
  } else {
    mlc.yield
  } : tensor<4xf32>
  return
}

// -----

func.func @c1_loop(%c: i1, %x: tensor<4xf32>, %y: tensor<?xf32>) {
  // expected-error @+1 {{carries 'tensor<?xf32>' as 'tensor<4xf32>'}}
  %r = mlc.loop while %c (%x) varying = [array<i64>] {
  ^bb0(%i: index, %a: tensor<4xf32>):
    mlc.yield %c, %y : i1, tensor<?xf32>
  } : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @c1_loop_region(%c: i1, %x: tensor<4xf32>) {
  // expected-error @+1 {{expected a region with an index and 1 carried tensors, and as many lists of axes}}
  %r = mlc.loop while %c (%x) varying = [] {
  ^bb0(%i: index, %a: tensor<4xf32>):
    mlc.yield %c, %a : i1, tensor<4xf32>
  } : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @c2(%c: i1, %x: tensor<4xf32>) {
  // expected-error @+1 {{stacks 'tensor<4xf32>' into 'tensor<?x5xf32>'}}
  %r = mlc.loop while %c () varying = [] {
  ^bb0(%i: index):
    mlc.yield %c, %x : i1, tensor<4xf32>
  } : () -> tensor<?x5xf32>
  return
}
