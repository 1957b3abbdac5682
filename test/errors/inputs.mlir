// Wrong inputs and damaged artifacts are refused in words, with exit code 1.

// RUN: mlc compile %s -o %t.so
// RUN: not mlc run %t.so --shape x=3x5 2>&1 | FileCheck %s --check-prefix=DIM
// DIM: error: input "x": dim 1 is 5, must be 4

// RUN: not mlc run %t.so --shape x=4 2>&1 | FileCheck %s --check-prefix=RANK
// RANK: error: input "x" has rank 1, must be 2

// RUN: not mlc run %t.so --shape x=3x4 --shape y=2 2>&1 | FileCheck %s --check-prefix=SYMBOL
// SYMBOL: error: input "y": dim 0

// RUN: not mlc run %t.so --input z=%s 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: error: {{.*}}"z"

// RUN: head -c 5000 %t.so > %t.cut.so
// RUN: not mlc run %t.cut.so 2>&1 | FileCheck %s --check-prefix=CUT
// CUT: error: "{{.*}}cut.so":

// RUN: %python -c "import sys; b = bytearray(open(sys.argv[1], 'rb').read()); b[len(b) // 2] ^= 1; open(sys.argv[2], 'wb').write(b)" %t.so %t.flip.so
// RUN: not mlc run %t.flip.so 2>&1 | FileCheck %s --check-prefix=FLIP
// FLIP: error: "{{.*}}flip.so":

// RUN: not mlc run %s.absent 2>&1 | FileCheck %s --check-prefix=ABSENT
// ABSENT: error: {{.*}}absent

module attributes {mlc.symbols = #mlc.symbols<<"n", min = 1, max = 9, multiple = 1>>} {
  func.func @main(%x: tensor<?x4xf32> {mlc.name = "x", mlc.dims = #mlc.dims<"n", "4">},
                  %y: tensor<?xf32> {mlc.name = "y", mlc.dims = #mlc.dims<"n">})
      -> (tensor<?x4xf32> {mlc.name = "r", mlc.dims = #mlc.dims<"n", "4">}) {
    %c0 = arith.constant 0 : index
    %n = tensor.dim %x, %c0 : tensor<?x4xf32>
    %b = mlc.broadcast %y to [%n, 4] axes = [0] : tensor<?xf32> -> tensor<?x4xf32>
    %r = mlc.add %x, %b : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
    return %r : tensor<?x4xf32>
  }
}
