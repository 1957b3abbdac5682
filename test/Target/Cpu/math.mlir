// RUN: mlc-opt %s --cpu-lower-vectors | FileCheck %s

// The arctangent is a polynomial of our own: a quotient that is at most 1, and the rest of a right angle.
// CHECK-LABEL: @atan
func.func @atan(%x: vector<8xf32>, %status: !llvm.ptr) -> vector<8xf32> {
  // CHECK-NOT: math.atan
  // CHECK: arith.divf
  // CHECK-COUNT-9: math.fma
  // CHECK: math.copysign
  %r = math.atan %x : vector<8xf32>
  return %r : vector<8xf32>
}
