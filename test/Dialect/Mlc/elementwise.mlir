// RUN: mlc-opt %s --verify-roundtrip | FileCheck %s

// Every op of the family is parsed, verified and printed the same.

// CHECK-LABEL: @abs
func.func @abs(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.abs %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.abs %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @acos
func.func @acos(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.acos %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.acos %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @acosh
func.func @acosh(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.acosh %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.acosh %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @add
func.func @add(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.add %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.add %x, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @and
func.func @and(%x: tensor<?x4xui64>, %y: tensor<?x4xui64>) -> tensor<?x4xui64> {
  // CHECK: mlc.and %{{.*}}, %{{.*}} : (tensor<?x4xui64>, tensor<?x4xui64>) -> tensor<?x4xui64>
  %r = mlc.and %x, %y : (tensor<?x4xui64>, tensor<?x4xui64>) -> tensor<?x4xui64>
  return %r : tensor<?x4xui64>
}

// CHECK-LABEL: @asin
func.func @asin(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.asin %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.asin %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @asinh
func.func @asinh(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.asinh %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.asinh %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @atan
func.func @atan(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.atan %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.atan %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @atanh
func.func @atanh(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.atanh %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.atanh %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @bitcast
func.func @bitcast(%x: tensor<?xf32>) -> tensor<?xui32> {
  // CHECK: mlc.bitcast %{{.*}} to ui32 : (tensor<?xf32>) -> tensor<?xui32>
  %r = mlc.bitcast %x to ui32 : (tensor<?xf32>) -> tensor<?xui32>
  return %r : tensor<?xui32>
}

// CHECK-LABEL: @cast
func.func @cast(%x: tensor<?xi1>) -> tensor<?xui8> {
  // CHECK: mlc.cast %{{.*}} to ui8 : (tensor<?xi1>) -> tensor<?xui8>
  %r = mlc.cast %x to ui8 : (tensor<?xi1>) -> tensor<?xui8>
  return %r : tensor<?xui8>
}

// CHECK-LABEL: @ceil
func.func @ceil(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.ceil %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.ceil %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @cos
func.func @cos(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.cos %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.cos %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @cosh
func.func @cosh(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.cosh %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.cosh %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @div
func.func @div(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.div %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.div %x, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @equal
func.func @equal(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xi1> {
  // CHECK: mlc.equal %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1>
  %r = mlc.equal %x, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1>
  return %r : tensor<?x4xi1>
}

// CHECK-LABEL: @erf
func.func @erf(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.erf %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.erf %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @exp
func.func @exp(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.exp %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.exp %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @floor
func.func @floor(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.floor %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.floor %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @greater_equal
func.func @greater_equal(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xi1> {
  // CHECK: mlc.greater_equal %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1>
  %r = mlc.greater_equal %x, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1>
  return %r : tensor<?x4xi1>
}

// CHECK-LABEL: @greater
func.func @greater(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xi1> {
  // CHECK: mlc.greater %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1>
  %r = mlc.greater %x, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1>
  return %r : tensor<?x4xi1>
}

// CHECK-LABEL: @is_inf
func.func @is_inf(%x: tensor<?x4xf32>) -> tensor<?x4xi1> {
  // CHECK: mlc.is_inf %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xi1>
  %r = mlc.is_inf %x : (tensor<?x4xf32>) -> tensor<?x4xi1>
  return %r : tensor<?x4xi1>
}

// CHECK-LABEL: @is_nan
func.func @is_nan(%x: tensor<?x4xf32>) -> tensor<?x4xi1> {
  // CHECK: mlc.is_nan %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xi1>
  %r = mlc.is_nan %x : (tensor<?x4xf32>) -> tensor<?x4xi1>
  return %r : tensor<?x4xi1>
}

// CHECK-LABEL: @less_equal
func.func @less_equal(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xi1> {
  // CHECK: mlc.less_equal %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1>
  %r = mlc.less_equal %x, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1>
  return %r : tensor<?x4xi1>
}

// CHECK-LABEL: @less
func.func @less(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xi1> {
  // CHECK: mlc.less %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1>
  %r = mlc.less %x, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1>
  return %r : tensor<?x4xi1>
}

// CHECK-LABEL: @log1p
func.func @log1p(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.log1p %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.log1p %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @log
func.func @log(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.log %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.log %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @max
func.func @max(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.max %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.max %x, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @min
func.func @min(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.min %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.min %x, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @mod
func.func @mod(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.mod %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.mod %x, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @mul
func.func @mul(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.mul %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.mul %x, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @neg
func.func @neg(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.neg %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.neg %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @not_equal
func.func @not_equal(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xi1> {
  // CHECK: mlc.not_equal %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1>
  %r = mlc.not_equal %x, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1>
  return %r : tensor<?x4xi1>
}

// CHECK-LABEL: @not
func.func @not(%x: tensor<?x4xui64>) -> tensor<?x4xui64> {
  // CHECK: mlc.not %{{.*}} : (tensor<?x4xui64>) -> tensor<?x4xui64>
  %r = mlc.not %x : (tensor<?x4xui64>) -> tensor<?x4xui64>
  return %r : tensor<?x4xui64>
}

// CHECK-LABEL: @or
func.func @or(%x: tensor<?x4xui64>, %y: tensor<?x4xui64>) -> tensor<?x4xui64> {
  // CHECK: mlc.or %{{.*}}, %{{.*}} : (tensor<?x4xui64>, tensor<?x4xui64>) -> tensor<?x4xui64>
  %r = mlc.or %x, %y : (tensor<?x4xui64>, tensor<?x4xui64>) -> tensor<?x4xui64>
  return %r : tensor<?x4xui64>
}

// CHECK-LABEL: @pow
func.func @pow(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.pow %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.pow %x, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @reciprocal
func.func @reciprocal(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.reciprocal %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.reciprocal %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @relu
func.func @relu(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.relu %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.relu %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @rem
func.func @rem(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.rem %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.rem %x, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @round
func.func @round(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.round %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.round %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @rsqrt
func.func @rsqrt(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.rsqrt %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.rsqrt %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @select
func.func @select(%c: tensor<?x4xi1>, %x: tensor<?x4xbf16>, %y: tensor<?x4xbf16>) -> tensor<?x4xbf16> {
  // CHECK: mlc.select %{{.*}}, %{{.*}}, %{{.*}} : (tensor<?x4xi1>, tensor<?x4xbf16>, tensor<?x4xbf16>) -> tensor<?x4xbf16>
  %r = mlc.select %c, %x, %y : (tensor<?x4xi1>, tensor<?x4xbf16>, tensor<?x4xbf16>) -> tensor<?x4xbf16>
  return %r : tensor<?x4xbf16>
}

// CHECK-LABEL: @shift_left
func.func @shift_left(%x: tensor<?x4xui64>, %y: tensor<?x4xui64>) -> tensor<?x4xui64> {
  // CHECK: mlc.shift_left %{{.*}}, %{{.*}} : (tensor<?x4xui64>, tensor<?x4xui64>) -> tensor<?x4xui64>
  %r = mlc.shift_left %x, %y : (tensor<?x4xui64>, tensor<?x4xui64>) -> tensor<?x4xui64>
  return %r : tensor<?x4xui64>
}

// CHECK-LABEL: @shift_right
func.func @shift_right(%x: tensor<?x4xui64>, %y: tensor<?x4xui64>) -> tensor<?x4xui64> {
  // CHECK: mlc.shift_right %{{.*}}, %{{.*}} : (tensor<?x4xui64>, tensor<?x4xui64>) -> tensor<?x4xui64>
  %r = mlc.shift_right %x, %y : (tensor<?x4xui64>, tensor<?x4xui64>) -> tensor<?x4xui64>
  return %r : tensor<?x4xui64>
}

// CHECK-LABEL: @sigmoid
func.func @sigmoid(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.sigmoid %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.sigmoid %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @sign
func.func @sign(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.sign %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.sign %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @sin
func.func @sin(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.sin %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.sin %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @sinh
func.func @sinh(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.sinh %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.sinh %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @softplus
func.func @softplus(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.softplus %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.softplus %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @softsign
func.func @softsign(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.softsign %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.softsign %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @sqrt
func.func @sqrt(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.sqrt %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.sqrt %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @sub
func.func @sub(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.sub %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.sub %x, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @tan
func.func @tan(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.tan %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.tan %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @tanh
func.func @tanh(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: mlc.tanh %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.tanh %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: @xor
func.func @xor(%x: tensor<?x4xui64>, %y: tensor<?x4xui64>) -> tensor<?x4xui64> {
  // CHECK: mlc.xor %{{.*}}, %{{.*}} : (tensor<?x4xui64>, tensor<?x4xui64>) -> tensor<?x4xui64>
  %r = mlc.xor %x, %y : (tensor<?x4xui64>, tensor<?x4xui64>) -> tensor<?x4xui64>
  return %r : tensor<?x4xui64>
}
