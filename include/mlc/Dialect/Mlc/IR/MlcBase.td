//===- MlcBase.td - The dialect, its types and its base classes -*- tablegen -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_DIALECT_MLC_IR_MLCBASE
#define MLC_DIALECT_MLC_IR_MLCBASE

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Mlc_Dialect : Dialect {
  let name = "mlc";
  let cppNamespace = "::mlc";
  let summary = "Tensor programs, from the imported model down to kernels";
  let description = [{
    One dialect carries a model from import to the step program. Tensors are ranked; a dimension that is not
    known at compile time is `?`. Operands of an elementwise op have equal shapes: broadcasting is explicit.

    `iN` is signed, `uiN` unsigned and `i1` boolean.

    Operations that compute a shape take it as a list of sizes, each a literal or a value of type `index`,
    so that the arithmetic of shapes is ordinary index arithmetic of the `arith` dialect.

    Rules that an op checks are numbered `C1`, `C2`, ... in its description; the tests of a rule carry its number.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect"];
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

def Mlc_Bool : TypeAlias<I1, "boolean">;
def Mlc_Float : AnyTypeOf<[F64, F32, F16, BF16], "float">;
def Mlc_Signed : AnyTypeOf<[I8, I16, I32, I64], "signed integer">;
def Mlc_Unsigned : AnyTypeOf<[UI8, UI16, UI32, UI64], "unsigned integer">;
def Mlc_Integer : AnyTypeOf<[Mlc_Signed, Mlc_Unsigned], "integer">;
def Mlc_SignedNumber : AnyTypeOf<[Mlc_Float, Mlc_Signed], "float or signed integer">;
def Mlc_Number : AnyTypeOf<[Mlc_Float, Mlc_Integer], "float or integer">;
def Mlc_Element : AnyTypeOf<[Mlc_Number, Mlc_Bool], "element">;

class Mlc_TensorOf<Type element> : RankedTensorOf<[element], [], element.summary # " tensor">;
def Mlc_Tensor : Mlc_TensorOf<Mlc_Element>;
def Mlc_BoolTensor : Mlc_TensorOf<Mlc_Bool>;

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

def Mlc_ShapedOpInterface : OpInterface<"ShapedOp"> {
  let cppNamespace = "::mlc";
  let description = "An op whose result shapes follow from its operands through one shape function.";
  let methods = [InterfaceMethod<
    "Computes element type and dims of every result in the given environment.",
    "::llvm::LogicalResult", "inferShapes",
    (ins "::mlc::ShapeEnv &":$env, "::llvm::SmallVectorImpl<::mlc::Inferred> &":$results)>];
}

//===----------------------------------------------------------------------===//
// Base classes
//===----------------------------------------------------------------------===//

class Mlc_Op<string mnemonic, list<Trait> traits = []> : Op<Mlc_Dialect, mnemonic, traits> {
  /// What a record or a subclass declares in the C++ class; `extraClassDeclaration` is taken.
  code moreDeclarations = "";
  code commonDeclarations = "";
  /// The documentation is part of the registry, so that tools and tests can read it.
  code documentation = "static constexpr ::llvm::StringLiteral docSummary = R\"doc(" # summary # ")doc\";\n"
      # "static constexpr ::llvm::StringLiteral docDescription = R\"doc(" # description # ")doc\";\n";
  let extraClassDeclaration = documentation # commonDeclarations # moreDeclarations;
}

/// An op on tensors. Its one shape function
///
///   static LogicalResult infer(Adaptor op, ShapeEnv &env, SmallVectorImpl<Inferred> &results);
///
/// holds the op's checks and serves the verifier, type inference, `tensor.dim` of results and SymbolicShapes.
class Mlc_TensorOp<string mnemonic, list<Trait> traits = []> : Mlc_Op<mnemonic, !listconcat(traits, [
    Pure,
    DeclareOpInterfaceMethods<InferTypeOpInterface>,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface, ["reifyResultShapes"]>,
    DeclareOpInterfaceMethods<Mlc_ShapedOpInterface>])> {
  let commonDeclarations = [{
    static ::llvm::LogicalResult infer(Adaptor op, ::mlc::ShapeEnv &env,
                                       ::llvm::SmallVectorImpl<::mlc::Inferred> &results);
    static bool isCompatibleReturnTypes(::mlir::TypeRange inferred, ::mlir::TypeRange actual);
  }];
  code shapeDefinitions = [{
    ::llvm::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *context, std::optional<::mlir::Location> location,
        ::mlir::ValueRange operands, ::mlir::DictionaryAttr attributes,
        ::mlir::OpaqueProperties properties, ::mlir::RegionRange regions,
        ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      return ::mlc::inferTypes<$cppClass>(Adaptor(operands, attributes, properties, regions), location, types);
    }
    bool $cppClass::isCompatibleReturnTypes(::mlir::TypeRange inferred, ::mlir::TypeRange actual) {
      return ::mlc::areCompatibleTypes(inferred, actual);
    }
    ::llvm::LogicalResult $cppClass::reifyResultShapes(
        ::mlir::OpBuilder &builder, ::mlir::ReifiedRankedShapedTypeDims &shapes) {
      return ::mlc::reifyShapes(*this, builder, shapes);
    }
    ::llvm::LogicalResult $cppClass::inferShapes(::mlc::ShapeEnv &env,
                                                 ::llvm::SmallVectorImpl<::mlc::Inferred> &results) {
      return infer(Adaptor((*this)->getOperands(), *this), env, results);
    }
  }];
  let extraClassDefinition = shapeDefinitions;
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

#endif // MLC_DIALECT_MLC_IR_MLCBASE
