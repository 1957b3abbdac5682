//===- Importer.cpp - From ONNX to mlc ------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Import/Onnx/Importer.h"
#include "Cleanup.h"
#include "GraphImporter.h"
#include "Signature.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

namespace {

class Importer {
public:
  Importer(MLIRContext *context, std::shared_ptr<ModelFile> file,
           const ImportOptions &options, std::vector<Problem> &problems)
      : context(context), builder(context), file(std::move(file)),
        graph(*this->file->model.graph), options(options), problems(problems) {}

  OwningOpRef<ModuleOp> run();

private:
  void error(const Twine &message, const Twine &remedy = "") {
    problems.push_back({"", "", "", 0, message.str(), remedy.str()});
  }
  void checkModel();
  void declareFunction(const Signature &signature);
  void importOutputs(const GraphImporter &importer);

  MLIRContext *context;
  OpBuilder builder;
  std::shared_ptr<ModelFile> file;
  const Graph &graph;
  const ImportOptions &options;
  std::vector<Problem> &problems;

  OwningOpRef<ModuleOp> module;
  func::FuncOp function;
  std::optional<SymbolicShapes> shapes;
};

} // namespace

//===----------------------------------------------------------------------===//
// The model
//===----------------------------------------------------------------------===//

void Importer::checkModel() {
  std::optional<int64_t> opset = opsetOf(file->model.opsets, "");
  if (opset && (*opset < minOpset || *opset > maxOpset))
    error("opset " + Twine(*opset) + " is not supported; allowed are " +
              Twine(minOpset) + " to " + Twine(maxOpset),
          "export the model again for one of these, or convert it with "
          "onnx.version_converter");
  if (graph.outputs.empty())
    error("the model has no output");
}

OwningOpRef<ModuleOp> Importer::run() {
  checkModel();
  Signature signature = readSignature(context, graph, options, problems);
  declareFunction(signature);
  const ConverterTable table;
  ImportContext importContext{
      builder, *shapes, file, problems, FunctionTable(file->model), {}, {}, 0};
  GraphImporter importer(importContext, table, graph, file->model.opsets,
                         /*outer=*/nullptr);
  for (auto [input, argument] :
       llvm::zip_equal(signature.inputs, function.getArguments()))
    importer.bind(input.name, argument);
  importer.run();
  importOutputs(importer);
  // Where a branch failed, they use values of each other.
  for (Operation *op : importContext.replaced)
    op->dropAllReferences();
  if (problems.empty())
    cleanUp(function, *shapes);
  // Not before: an op in the memory of one that is gone would pass for what the
  // analysis knows of that one.
  for (Operation *op : importContext.replaced)
    op->erase();
  if (!problems.empty())
    return nullptr;
  ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
    error("the imported model is not valid: " + Twine(diagnostic.str()));
  });
  return succeeded(verify(*module)) ? std::move(module) : nullptr;
}

void Importer::declareFunction(const Signature &signature) {
  Location loc = NameLoc::get(builder.getStringAttr("model"));
  module = ModuleOp::create(loc);
  (*module)->setAttr("mlc.model_name", builder.getStringAttr(graph.name));
  (*module)->setAttr("mlc.symbols",
                     SymbolsAttr::get(context, signature.symbols));
  SmallVector<Type> types;
  for (const InputSpec &input : signature.inputs)
    types.push_back(input.type);
  builder.setInsertionPointToEnd(module->getBody());
  function = func::FuncOp::create(builder, loc, "main",
                                  builder.getFunctionType(types, {}));
  Block *body = function.addEntryBlock();
  for (auto [index, input] : llvm::enumerate(signature.inputs)) {
    SmallVector<StringAttr> dims;
    for (StringRef dim : input.dims)
      dims.push_back(builder.getStringAttr(dim));
    function.setArgAttr(index, "mlc.name", builder.getStringAttr(input.name));
    function.setArgAttr(index, "mlc.dims", DimsAttr::get(context, dims));
    body->getArgument(index).setLoc(
        NameLoc::get(builder.getStringAttr(input.name)));
  }
  builder.setInsertionPointToEnd(body);
  shapes.emplace(function);
}

void Importer::importOutputs(const GraphImporter &importer) {
  SmallVector<Value> results;
  SmallVector<DictionaryAttr> attributes;
  llvm::StringSet<> seen;
  for (const ValueInfo &output : graph.outputs) {
    if (!importer.isDefined(output.name))
      error("output \"" + output.name + "\" is not defined by the model");
    else if (!seen.insert(output.name).second)
      error("output \"" + output.name + "\" is declared twice");
    else if (Value value = importer.lookup(output.name)) {
      if (!isa<RankedTensorType>(value.getType())) {
        error("output \"" + output.name +
              "\" is a sequence, which is not supported");
        continue;
      }
      Type declared = toElementType(context, output.type);
      if (declared && declared != elementTypeOf(value))
        error("output \"" + output.name +
              "\" is declared with elements of "
              "type " +
              onnx::toString(output.type) + ", but the model computes " +
              debugString(elementTypeOf(value)));
      SmallVector<StringAttr> dims;
      for (const Expr &size : shapes->sizes(value))
        dims.push_back(builder.getStringAttr(size.toString()));
      attributes.push_back(builder.getDictionaryAttr(
          {builder.getNamedAttr("mlc.name", builder.getStringAttr(output.name)),
           builder.getNamedAttr("mlc.dims", DimsAttr::get(context, dims))}));
      results.push_back(value);
    }
  }
  if (!problems.empty())
    return;
  func::ReturnOp::create(builder, function.getLoc(), results);
  function.setType(builder.getFunctionType(function.getArgumentTypes(),
                                           ValueRange(results).getTypes()));
  function.setAllResultAttrs(attributes);
}

//===----------------------------------------------------------------------===//
// Entry points
//===----------------------------------------------------------------------===//

static OwningOpRef<ModuleOp>
importFile(MLIRContext *context, std::unique_ptr<llvm::MemoryBuffer> bytes,
           StringRef path, const ImportOptions &options,
           std::vector<Problem> &problems) {
  context->loadDialect<MlcDialect, func::FuncDialect, arith::ArithDialect,
                       tensor::TensorDialect, cf::ControlFlowDialect>();
  auto file = std::make_shared<ModelFile>();
  file->bytes = std::move(bytes);
  llvm::Expected<Model> model = readModel(file->bytes->getBuffer());
  if (!model) {
    problems.push_back({"", "", "", 0, llvm::toString(model.takeError()), ""});
    return nullptr;
  }
  file->model = std::move(*model);
  setExternalDataRoots(*file, path, options.externalDataDirectories);
  return Importer(context, std::move(file), options, problems).run();
}

static OwningOpRef<ModuleOp> importPath(MLIRContext *context, StringRef path,
                                        const ImportOptions &options,
                                        std::vector<Problem> &problems) {
  auto bytes = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                           /*RequiresNullTerminator=*/false);
  if (bytes)
    return importFile(context, std::move(*bytes), path, options, problems);
  problems.push_back(
      {"", "", "", 0,
       ("cannot read \"" + path + "\": " + bytes.getError().message()).str(),
       ""});
  return nullptr;
}

std::string Problem::versionedOp() const {
  if (op.empty())
    return "";
  std::string text = domain.empty() ? op : domain + "." + op;
  return opset == 0 ? text : text + "@" + std::to_string(opset);
}

/// One error per problem, at the node where it has one.
static FailureOr<OwningOpRef<ModuleOp>> report(MLIRContext *context,
                                               StringRef path,
                                               OwningOpRef<ModuleOp> module,
                                               ArrayRef<Problem> problems) {
  for (const Problem &problem : problems) {
    StringRef where = !problem.node.empty() ? StringRef(problem.node)
                      : path.empty()        ? "model"
                                            : path;
    Location loc = NameLoc::get(StringAttr::get(context, where));
    if (std::string op = problem.versionedOp(); !op.empty())
      loc = FusedLoc::get(context, loc, StringAttr::get(context, op));
    InFlightDiagnostic diagnostic = emitError(loc) << problem.message;
    if (!problem.remedy.empty())
      diagnostic.attachNote() << problem.remedy;
  }
  if (!problems.empty() || !module)
    return failure();
  return module;
}

FailureOr<OwningOpRef<ModuleOp>>
mlc::onnx::importOnnx(MLIRContext *context, StringRef path,
                      const ImportOptions &options) {
  std::vector<Problem> problems;
  OwningOpRef<ModuleOp> module = importPath(context, path, options, problems);
  return report(context, path, std::move(module), problems);
}

FailureOr<OwningOpRef<ModuleOp>>
mlc::onnx::importOnnx(MLIRContext *context,
                      std::unique_ptr<llvm::MemoryBuffer> bytes, StringRef path,
                      const ImportOptions &options) {
  std::vector<Problem> problems;
  OwningOpRef<ModuleOp> module =
      importFile(context, std::move(bytes), path, options, problems);
  return report(context, path, std::move(module), problems);
}

std::vector<Problem> mlc::onnx::checkOnnx(MLIRContext *context, StringRef path,
                                          const ImportOptions &options) {
  std::vector<Problem> problems;
  importPath(context, path, options, problems);
  return problems;
}
