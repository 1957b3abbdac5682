//===- MlcElementwise.td - Elementwise ops -------------------*- tablegen -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A record is all there is to an elementwise op. Its `formula` is C++ over a scalar type S and is compiled for
// numbers, which is what the interpreter computes, and for emitted values, which is what kernels compute
// (Scalar.h has the vocabulary). Its `oracle` is the NumPy expression that the generated test compares with.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_DIALECT_MLC_IR_MLCELEMENTWISE
#define MLC_DIALECT_MLC_IR_MLCELEMENTWISE

include "mlc/Dialect/Mlc/IR/MlcBase.td"

def Mlc_IsElementwise : NativeOpTrait<"IsElementwise"> { let cppNamespace = "::mlc"; }

/// Rules of the family. C1: operands have equal shapes. C2: operands that the formula combines have equal
/// element types.
class Mlc_Elementwise<string mnemonic, list<string> args, code formula, string oracle_>
    : Mlc_TensorOp<mnemonic, [Mlc_IsElementwise]> {
  /// The ONNX op that means the same, when the names correspond one to one.
  string onnx = "";
  /// Where the generated test draws its operands: "low:high".
  string domain = "-4:4";
  /// What the summary leaves open.
  string details = "";
  /// The types of the example in the documentation.
  string exampleOperand = "f32";
  string exampleResult = exampleOperand;
  /// The element type of the operands that the formula combines.
  Type element = Mlc_Element;
  /// Which scalar types the formula is compiled for.
  bit takesFloats = !not(!empty(!filter(
      type, [Mlc_Float, Mlc_SignedNumber, Mlc_Number, Mlc_Element], !eq(type, element))));
  bit takesIntegers = !not(!eq(element, Mlc_Float));
  /// Whether the formula divides by its last operand, so that an integer zero there ends the run.
  bit failsOnZero = 0;
  /// C++ that gives the element type of the result from the operands of the adaptor `op`.
  code resultElement = "::mlc::elementTypeOf(op.getOperands().back())";

  let description = summary # "." # !if(!empty(details), "", "\n\n" # details)
      # "\n\n```mlir\n%r = mlc." # mnemonic # " "
      # !interleave(!foreach(arg, args, "%" # arg), ", ") # " : ("
      # !interleave(!foreach(arg, args, "tensor<4x" # exampleOperand # ">"), ", ") # ") -> tensor<4x"
      # exampleResult # ">\n```\n";
  let moreDeclarations = "template <class S> static auto formula("
      # !interleave(!foreach(arg, args, "[[maybe_unused]] const S &" # arg), ", ")
      # ") { using namespace ::mlc::scalar; return " # formula # "; }\n"
      # "static constexpr bool takesFloats = " # takesFloats # ";\n"
      # "static constexpr bool takesIntegers = " # takesIntegers # ";\n"
      # "static constexpr bool failsOnZero = " # failsOnZero # ";\n"
      # "static constexpr unsigned arity = " # !cast<string>(!size(args)) # ";\n"
      # "static constexpr ::llvm::StringLiteral oracle = \"" # oracle_ # "\";\n"
      # "static constexpr ::llvm::StringLiteral onnxName = \"" # onnx # "\";\n"
      # "static constexpr ::llvm::StringLiteral domain = \"" # domain # "\";\n";
  let extraClassDefinition = shapeDefinitions # [{
    ::llvm::LogicalResult $cppClass::infer(Adaptor op, ::mlc::ShapeEnv &env,
                                           ::llvm::SmallVectorImpl<::mlc::Inferred> &results) {
      return ::mlc::inferElementwise(op.getOperands(), }] # resultElement # [{, env, results);
    }
  }];
}

class Mlc_Unary<string mnemonic, Type element_, code formula, string oracle>
    : Mlc_Elementwise<mnemonic, ["x"], formula, oracle> {
  let element = element_;
  let arguments = (ins Mlc_TensorOf<element_>:$x);
  let results = (outs Mlc_TensorOf<element_>:$result);
}

class Mlc_Binary<string mnemonic, Type element_, code formula, string oracle>
    : Mlc_Elementwise<mnemonic, ["x", "y"], formula, oracle> {
  let element = element_;
  let arguments = (ins Mlc_TensorOf<element_>:$x, Mlc_TensorOf<element_>:$y);
  let results = (outs Mlc_TensorOf<element_>:$result);
}

class Mlc_Predicate<string mnemonic, list<string> args, code formula, string oracle>
    : Mlc_Elementwise<mnemonic, args, formula, oracle> {
  let results = (outs Mlc_BoolTensor:$result);
  let exampleResult = "i1";
  let resultElement = "::mlir::IntegerType::get(op.getOperands()[0].getContext(), 1)";
}

class Mlc_Compare<string mnemonic, Type element_, code formula, string oracle>
    : Mlc_Predicate<mnemonic, ["x", "y"], formula, oracle> {
  let element = element_;
  let arguments = (ins Mlc_TensorOf<element_>:$x, Mlc_TensorOf<element_>:$y);
}

class Mlc_Classify<string mnemonic, code formula, string oracle>
    : Mlc_Predicate<mnemonic, ["x"], formula, oracle> {
  let element = Mlc_Float;
  let arguments = (ins Mlc_TensorOf<Mlc_Float>:$x);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

def Mlc_AddOp : Mlc_Binary<"add", Mlc_Number, [{x + y}],
    "x + y"> {
  let summary = "Sum";
  let onnx = "Add";
  let details = [{Integers wrap.}];
}

def Mlc_SubOp : Mlc_Binary<"sub", Mlc_Number, [{x - y}],
    "x - y"> {
  let summary = "Difference";
  let onnx = "Sub";
  let details = [{Integers wrap.}];
}

def Mlc_MulOp : Mlc_Binary<"mul", Mlc_Number, [{x * y}],
    "x * y"> {
  let summary = "Product";
  let onnx = "Mul";
  let details = [{Integers wrap.}];
}

def Mlc_DivOp : Mlc_Binary<"div", Mlc_Number, [{x / y}],
    "trunc_divide(x, y)"> {
  let failsOnZero = 1;
  let summary = "Quotient";
  let onnx = "Div";
  let details = [{An integer quotient is rounded towards zero. An integer divisor of zero ends the run with an error;
the smallest integer divided by -1 wraps.}];
}

def Mlc_ModOp : Mlc_Binary<"mod", Mlc_Number, [{floorMod(x, y)}],
    "np.mod(x, y)"> {
  let failsOnZero = 1;
  let summary = "Remainder with the sign of the divisor";
  let details = [{An integer divisor of zero ends the run with an error.}];
}

def Mlc_RemOp : Mlc_Binary<"rem", Mlc_Number, [{truncMod(x, y)}],
    "np.fmod(x, y)"> {
  let failsOnZero = 1;
  let summary = "Remainder with the sign of the dividend";
  let details = [{An integer divisor of zero ends the run with an error.}];
}

def Mlc_MinOp : Mlc_Binary<"min", Mlc_Number, [{minimum(x, y)}],
    "np.minimum(x, y)"> {
  let summary = "Smaller of two; NaN when either is NaN";
}

def Mlc_MaxOp : Mlc_Binary<"max", Mlc_Number, [{maximum(x, y)}],
    "np.maximum(x, y)"> {
  let summary = "Larger of two; NaN when either is NaN";
}

def Mlc_PowOp : Mlc_Binary<"pow", Mlc_Float, [{pow(x, y)}],
    "np.power(x, y)"> {
  let summary = "Power";
  let domain = "0.1:4";
}

def Mlc_NegOp : Mlc_Unary<"neg", Mlc_SignedNumber, [{-x}],
    "-x"> {
  let summary = "Negation";
  let onnx = "Neg";
}

def Mlc_AbsOp : Mlc_Unary<"abs", Mlc_Number, [{abs(x)}],
    "np.abs(x)"> {
  let summary = "Absolute value";
  let onnx = "Abs";
}

def Mlc_SignOp : Mlc_Unary<"sign", Mlc_Number, [{sign(x)}],
    "np.sign(x)"> {
  let summary = "-1, 0 or 1; NaN of NaN";
  let onnx = "Sign";
}

def Mlc_ReciprocalOp : Mlc_Unary<"reciprocal", Mlc_Float, [{1.0 / x}],
    "1 / x"> {
  let summary = "Reciprocal";
  let onnx = "Reciprocal";
}

//===----------------------------------------------------------------------===//
// Rounding
//===----------------------------------------------------------------------===//

def Mlc_FloorOp : Mlc_Unary<"floor", Mlc_Float, [{floor(x)}],
    "np.floor(x)"> {
  let summary = "Rounding towards minus infinity";
  let onnx = "Floor";
}

def Mlc_CeilOp : Mlc_Unary<"ceil", Mlc_Float, [{ceil(x)}],
    "np.ceil(x)"> {
  let summary = "Rounding towards plus infinity";
  let onnx = "Ceil";
}

def Mlc_RoundOp : Mlc_Unary<"round", Mlc_Float, [{roundeven(x)}],
    "np.round(x)"> {
  let summary = "Rounding to nearest, halves to even";
  let onnx = "Round";
}

//===----------------------------------------------------------------------===//
// Exponentials, roots and trigonometry
//===----------------------------------------------------------------------===//

def Mlc_ExpOp : Mlc_Unary<"exp", Mlc_Float, [{exp(x)}],
    "np.exp(x)"> {
  let summary = "Exponential";
  let onnx = "Exp";
}

def Mlc_LogOp : Mlc_Unary<"log", Mlc_Float, [{log(x)}],
    "np.log(x)"> {
  let summary = "Natural logarithm";
  let onnx = "Log";
  let domain = "0.01:8";
}

def Mlc_Log1pOp : Mlc_Unary<"log1p", Mlc_Float, [{log1p(x)}],
    "np.log1p(x)"> {
  let summary = "Natural logarithm of 1 + x";
  let domain = "-0.9:8";
}

def Mlc_SqrtOp : Mlc_Unary<"sqrt", Mlc_Float, [{sqrt(x)}],
    "np.sqrt(x)"> {
  let summary = "Square root";
  let onnx = "Sqrt";
  let domain = "0:8";
}

def Mlc_RsqrtOp : Mlc_Unary<"rsqrt", Mlc_Float, [{1.0 / sqrt(x)}],
    "1 / np.sqrt(x)"> {
  let summary = "Reciprocal square root";
  let domain = "0.01:8";
}

def Mlc_ErfOp : Mlc_Unary<"erf", Mlc_Float, [{erf(x)}],
    "erf(x)"> {
  let summary = "Error function";
  let onnx = "Erf";
}

def Mlc_SinOp : Mlc_Unary<"sin", Mlc_Float, [{sin(x)}],
    "np.sin(x)"> {
  let summary = "Sine";
  let onnx = "Sin";
}

def Mlc_CosOp : Mlc_Unary<"cos", Mlc_Float, [{cos(x)}],
    "np.cos(x)"> {
  let summary = "Cosine";
  let onnx = "Cos";
}

def Mlc_TanOp : Mlc_Unary<"tan", Mlc_Float, [{tan(x)}],
    "np.tan(x)"> {
  let summary = "Tangent";
  let onnx = "Tan";
  let domain = "-1.5:1.5";
}

def Mlc_AsinOp : Mlc_Unary<"asin", Mlc_Float, [{asin(x)}],
    "np.arcsin(x)"> {
  let summary = "Inverse sine";
  let onnx = "Asin";
  let domain = "-1:1";
}

def Mlc_AcosOp : Mlc_Unary<"acos", Mlc_Float, [{acos(x)}],
    "np.arccos(x)"> {
  let summary = "Inverse cosine";
  let onnx = "Acos";
  let domain = "-1:1";
}

def Mlc_AtanOp : Mlc_Unary<"atan", Mlc_Float, [{atan(x)}],
    "np.arctan(x)"> {
  let summary = "Inverse tangent";
  let onnx = "Atan";
}

def Mlc_SinhOp : Mlc_Unary<"sinh", Mlc_Float, [{sinh(x)}],
    "np.sinh(x)"> {
  let summary = "Hyperbolic sine";
  let onnx = "Sinh";
}

def Mlc_CoshOp : Mlc_Unary<"cosh", Mlc_Float, [{cosh(x)}],
    "np.cosh(x)"> {
  let summary = "Hyperbolic cosine";
  let onnx = "Cosh";
}

def Mlc_TanhOp : Mlc_Unary<"tanh", Mlc_Float, [{tanh(x)}],
    "np.tanh(x)"> {
  let summary = "Hyperbolic tangent";
  let onnx = "Tanh";
}

def Mlc_AsinhOp : Mlc_Unary<"asinh", Mlc_Float, [{asinh(x)}],
    "np.arcsinh(x)"> {
  let summary = "Inverse hyperbolic sine";
  let onnx = "Asinh";
}

def Mlc_AcoshOp : Mlc_Unary<"acosh", Mlc_Float, [{acosh(x)}],
    "np.arccosh(x)"> {
  let summary = "Inverse hyperbolic cosine";
  let onnx = "Acosh";
  let domain = "1:8";
}

def Mlc_AtanhOp : Mlc_Unary<"atanh", Mlc_Float, [{atanh(x)}],
    "np.arctanh(x)"> {
  let summary = "Inverse hyperbolic tangent";
  let onnx = "Atanh";
  let domain = "-0.95:0.95";
}

//===----------------------------------------------------------------------===//
// Activations without parameters
//===----------------------------------------------------------------------===//

def Mlc_ReluOp : Mlc_Unary<"relu", Mlc_SignedNumber, [{maximum(x, constant(x, 0))}],
    "np.maximum(x, 0)"> {
  let summary = "Larger of x and 0";
  let onnx = "Relu";
}

def Mlc_SigmoidOp : Mlc_Unary<"sigmoid", Mlc_Float, [{1.0 / (1.0 + exp(-x))}],
    "1 / (1 + np.exp(-x))"> {
  let summary = "Logistic function";
  let onnx = "Sigmoid";
}

def Mlc_SoftplusOp : Mlc_Unary<"softplus", Mlc_Float, [{maximum(x, constant(x, 0)) + log1p(exp(-abs(x)))}],
    "np.log1p(np.exp(x))"> {
  let summary = "log(1 + exp(x))";
  let onnx = "Softplus";
}

def Mlc_SoftsignOp : Mlc_Unary<"softsign", Mlc_Float, [{x / (1.0 + abs(x))}],
    "x / (1 + np.abs(x))"> {
  let summary = "x / (1 + |x|)";
  let onnx = "Softsign";
}

//===----------------------------------------------------------------------===//
// Comparison and selection
//===----------------------------------------------------------------------===//

def Mlc_EqualOp : Mlc_Compare<"equal", Mlc_Element, [{x == y}],
    "x == y"> {
  let summary = "x equals y";
  let onnx = "Equal";
}

def Mlc_NotEqualOp : Mlc_Compare<"not_equal", Mlc_Element, [{x != y}],
    "x != y"> {
  let summary = "x differs from y";
}

def Mlc_LessOp : Mlc_Compare<"less", Mlc_Number, [{x < y}],
    "x < y"> {
  let summary = "x is less than y";
  let onnx = "Less";
}

def Mlc_LessEqualOp : Mlc_Compare<"less_equal", Mlc_Number, [{x <= y}],
    "x <= y"> {
  let summary = "x is at most y";
  let onnx = "LessOrEqual";
}

def Mlc_GreaterOp : Mlc_Compare<"greater", Mlc_Number, [{x > y}],
    "x > y"> {
  let summary = "x is greater than y";
  let onnx = "Greater";
}

def Mlc_GreaterEqualOp : Mlc_Compare<"greater_equal", Mlc_Number, [{x >= y}],
    "x >= y"> {
  let summary = "x is at least y";
  let onnx = "GreaterOrEqual";
}

def Mlc_IsNanOp : Mlc_Classify<"is_nan", [{x != x}],
    "np.isnan(x)"> {
  let summary = "x is not a number";
  let onnx = "IsNaN";
}

def Mlc_IsInfOp : Mlc_Classify<"is_inf", [{abs(x) == constant(x, infinity)}],
    "np.isinf(x)"> {
  let summary = "x is infinite";
}

def Mlc_SelectOp : Mlc_TensorOp<"select", [Mlc_IsElementwise]> {
  let summary = "x where c holds, else y";
  let description = [{
    x where c holds, else y.

    ```mlir
    %r = mlc.select %c, %x, %y : (tensor<4xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Mlc_BoolTensor:$c, Mlc_Tensor:$x, Mlc_Tensor:$y);
  let results = (outs Mlc_Tensor:$result);
  let extraClassDefinition = shapeDefinitions # [{
    ::llvm::LogicalResult SelectOp::infer(Adaptor op, ::mlc::ShapeEnv &env,
                                          ::llvm::SmallVectorImpl<::mlc::Inferred> &results) {
      return ::mlc::inferElementwise(op.getOperands(), ::mlc::elementTypeOf(op.getX()), env, results);
    }
  }];
}

def Mlc_CastOp : Mlc_TensorOp<"cast", [Mlc_IsElementwise]> {
  let summary = "Conversion of the element type";
  let description = [{
    Converts every element. Float to integer rounds towards zero and saturates, NaN becomes 0; a narrower
    integer keeps the low bits; to boolean is x != 0; to a narrower float rounds to nearest even.

    ```mlir
    %r = mlc.cast %x to f32 : (tensor<4xi1>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Mlc_Tensor:$x, TypeAttr:$to);
  let results = (outs Mlc_Tensor:$result);
  let assemblyFormat = "$x `to` $to attr-dict `:` functional-type(operands, results)";
  let extraClassDefinition = shapeDefinitions # [{
    ::llvm::LogicalResult CastOp::infer(Adaptor op, ::mlc::ShapeEnv &env,
                                        ::llvm::SmallVectorImpl<::mlc::Inferred> &results) {
      return ::mlc::inferElementwise(op.getOperands(), op.getTo(), env, results);
    }
  }];
  let hasFolder = 1;
}

def Mlc_BitcastOp : Mlc_TensorOp<"bitcast", [Mlc_IsElementwise]> {
  let summary = "The bits of every element as another type";
  let description = [{
    Reads the bits of every element as another element type.

    * C1: `to` is as wide as the element type of `x`.

    ```mlir
    %r = mlc.bitcast %x to i32 : (tensor<4xf32>) -> tensor<4xi32>
    ```
  }];
  let arguments = (ins Mlc_Tensor:$x, TypeAttr:$to);
  let results = (outs Mlc_Tensor:$result);
  let assemblyFormat = "$x `to` $to attr-dict `:` functional-type(operands, results)";
  let extraClassDefinition = shapeDefinitions;
  let hasFolder = 1;
}

//===----------------------------------------------------------------------===//
// Logic and bits
//===----------------------------------------------------------------------===//

def Mlc_IntegerOrBool : AnyTypeOf<[Mlc_Integer, Mlc_Bool], "integer or boolean">;

def Mlc_AndOp : Mlc_Binary<"and", Mlc_IntegerOrBool, [{x & y}],
    "x & y"> {
  let summary = "Bitwise or logical and";
  let exampleOperand = "i32";
}

def Mlc_OrOp : Mlc_Binary<"or", Mlc_IntegerOrBool, [{x | y}],
    "x | y"> {
  let summary = "Bitwise or logical or";
  let exampleOperand = "i32";
}

def Mlc_XorOp : Mlc_Binary<"xor", Mlc_IntegerOrBool, [{x ^ y}],
    "x ^ y"> {
  let summary = "Bitwise or logical exclusive or";
  let exampleOperand = "i32";
}

def Mlc_NotOp : Mlc_Unary<"not", Mlc_IntegerOrBool, [{~x}],
    "~x"> {
  let summary = "Bitwise or logical complement";
  let exampleOperand = "i32";
}

def Mlc_ShiftLeftOp : Mlc_Binary<"shift_left", Mlc_Integer, [{shiftLeft(x, y)}],
    "shift_left(x, y)"> {
  let summary = "x times 2 to the y; 0 when y is not below the width";
  let domain = "0:9";
  let exampleOperand = "i32";
}

def Mlc_ShiftRightOp : Mlc_Binary<"shift_right", Mlc_Integer, [{shiftRight(x, y)}],
    "shift_right(x, y)"> {
  let summary = "x shifted right by y, keeping the sign of signed x; its sign or 0 when y is not below the width";
  let domain = "0:9";
  let exampleOperand = "i32";
}

#endif // MLC_DIALECT_MLC_IR_MLCELEMENTWISE
