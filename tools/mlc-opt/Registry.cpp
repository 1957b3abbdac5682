//===- Registry.cpp - The op list as JSON ---------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include "mlc/Dialect/Mlc/IR/OpList.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
namespace json = llvm::json;

namespace {

/// Builds elementwise ops on scratch operands to learn which element types
/// their verifiers accept.
class Probe {
public:
  Probe() : builder(&context) {
    context.loadDialect<mlc::MlcDialect, tensor::TensorDialect>();
    module = ModuleOp::create(builder, builder.getUnknownLoc());
    builder.setInsertionPointToStart(module->getBody());
  }

  /// All element types of the dialect.
  SmallVector<Type> elementTypes() {
    SmallVector<Type> types = {builder.getF64Type(), builder.getF32Type(),
                               builder.getF16Type(), builder.getBF16Type(),
                               builder.getI1Type()};
    for (unsigned width : {8, 16, 32, 64})
      types.push_back(builder.getIntegerType(width));
    for (unsigned width : {8, 16, 32, 64})
      types.push_back(builder.getIntegerType(width, /*isSigned=*/false));
    return types;
  }

  /// The element type of the result of `Op` on these operands, or null when its
  /// verifier refuses them.
  template <class Op>
  Type resultElement(ArrayRef<Type> operands,
                     ArrayRef<NamedAttribute> attributes = {}) {
    ScopedDiagnosticHandler quiet(&context,
                                  [](Diagnostic &) { return success(); });
    OperationState state(builder.getUnknownLoc(), Op::getOperationName());
    for (Type element : operands)
      state.addOperands(Value(tensor::EmptyOp::create(
          builder, state.location, ArrayRef<int64_t>{1}, element)));
    state.addAttributes(attributes);
    Operation *op = createInferred<Op>(state, attributes);
    if (!op)
      return nullptr;
    bool valid = succeeded(verify(op));
    Type element = mlc::elementTypeOf(op->getResult(0));
    op->erase();
    return valid ? element : Type();
  }

private:
  template <class Op>
  Operation *createInferred(OperationState &state,
                            ArrayRef<NamedAttribute> attributes) {
    DictionaryAttr dictionary = builder.getDictionaryAttr(attributes);
    typename Op::Properties properties{};
    if (failed(Op::setPropertiesFromAttr(properties, dictionary, nullptr)))
      return nullptr;
    SmallVector<Type> types;
    if (failed(Op::inferReturnTypes(&context, state.location, state.operands,
                                    dictionary, &properties, {}, types)))
      return nullptr;
    state.addTypes(types);
    return builder.create(state);
  }

  MLIRContext context;
  OpBuilder builder;
  OwningOpRef<ModuleOp> module;
};

} // namespace

/// What a generated test needs to know of an elementwise op.
template <class Op> static json::Object describeElementwise(Probe &probe) {
  json::Array types;
  bool isPredicate = false;
  for (Type type : probe.elementTypes()) {
    SmallVector<Type> operands(Op::arity, type);
    Type result = probe.resultElement<Op>(operands);
    if (!result)
      continue;
    types.push_back(mlir::debugString(type));
    isPredicate |= result != type;
  }
  return json::Object{{"arity", Op::arity},
                      {"types", std::move(types)},
                      {"result", isPredicate ? "i1" : "same"},
                      {"oracle", Op::oracle},
                      {"domain", Op::domain},
                      {"onnx", Op::onnxName},
                      {"failsOnZero", Op::failsOnZero}};
}

void mlc::printRegistry(llvm::raw_ostream &os) {
  Probe probe;
  json::Array ops;
  forEachFamily([&]<class Ops>(StringRef family) {
    Ops::forEach([&]<class Op>() {
      json::Object entry{{"mnemonic", Op::getOperationName().drop_front(4)},
                         {"family", family},
                         {"summary", Op::docSummary},
                         {"description", Op::docDescription}};
      if constexpr (requires { Op::oracle; })
        entry["elementwise"] = describeElementwise<Op>(probe);
      ops.push_back(std::move(entry));
    });
  });
  os << llvm::formatv("{0:2}\n", json::Value(std::move(ops)));
}
