// RUN: mlc-opt %s --split-input-file --kernel-bufferize --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @in_place
// CHECK-SAME: %{{.*}}: memref<8xf32>, %[[OUT:.*]]: memref<8xf32>
// CHECK: vector.transfer_write %{{.*}}, %[[OUT]]
// CHECK-NOT: memref.copy
func.func @in_place(%x: tensor<8xf32>, %out: tensor<8xf32>) -> tensor<8xf32> {
  %c0 = arith.constant 0 : index
  %p = arith.constant 0.0 : f32
  %v = vector.transfer_read %x[%c0], %p {in_bounds = [true]} : tensor<8xf32>, vector<8xf32>
  %e = math.exp %v : vector<8xf32>
  %r = vector.transfer_write %e, %out[%c0] {in_bounds = [true]} : vector<8xf32>, tensor<8xf32>
  return %r : tensor<8xf32>
}

// -----

// A kernel of which only a copy of one vector is left writes it.
// CHECK-LABEL: @returns_operand
// CHECK-SAME: %[[X:.*]]: memref<8xf32>, %[[OUT:.*]]: memref<8xf32>
// CHECK: %[[V:.*]] = vector.transfer_read %[[X]]
// CHECK: vector.transfer_write %[[V]], %[[OUT]]
func.func @returns_operand(%x: tensor<8xf32>, %out: tensor<8xf32>) -> tensor<8xf32> {
  return %x : tensor<8xf32>
}

// -----

// CHECK-LABEL: @returns_part_of_operand
// CHECK-SAME: %[[X:.*]]: memref<11xf32>, %[[OUT:.*]]: memref<8xf32>
// CHECK: %[[PART:.*]] = memref.subview %[[X]][3] [8] [1]
// CHECK: %[[V:.*]] = vector.transfer_read %[[PART]]
// CHECK: vector.transfer_write %[[V]], %[[OUT]]
func.func @returns_part_of_operand(%x: tensor<11xf32>, %out: tensor<8xf32>) -> tensor<8xf32> {
  %r = tensor.extract_slice %x[3] [8] [1] : tensor<11xf32> to tensor<8xf32>
  return %r : tensor<8xf32>
}

// -----

// What upstream folded to a copy of one whole vector is written by one.
// CHECK-LABEL: @one_vector
// CHECK-SAME: %[[X:.*]]: memref<8xf32>, %[[OUT:.*]]: memref<12xf32>
// CHECK: %[[PART:.*]] = memref.subview %[[OUT]][4] [8] [1]
// CHECK: %[[V:.*]] = vector.transfer_read %[[X]]
// CHECK: vector.transfer_write %[[V]], %[[PART]]
func.func @one_vector(%x: tensor<8xf32>, %out: tensor<12xf32>) -> tensor<12xf32> {
  %r = tensor.insert_slice %x into %out[4] [8] [1] : tensor<8xf32> into tensor<12xf32>
  return %r : tensor<12xf32>
}

// -----

func.func @copies(%x: tensor<80xf32>, %out: tensor<80xf32>) -> tensor<80xf32> {
  // expected-error @below {{was not planned: the kernel does not compute its results in place}}
  %r = tensor.insert_slice %x into %out[0] [80] [1] : tensor<80xf32> into tensor<80xf32>
  return %r : tensor<80xf32>
}

// -----

func.func @elsewhere(%c: i1, %x: tensor<80xf32>, %y: tensor<80xf32>, %out: tensor<80xf32>) -> tensor<80xf32> {
  %r = arith.select %c, %x, %y : tensor<80xf32>
  // expected-error @below {{was not planned: a result is not computed in its destination}}
  return %r : tensor<80xf32>
}
