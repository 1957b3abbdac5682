//===- GraphImporter.h - The nodes of a graph -------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_IMPORT_ONNX_GRAPHIMPORTER_H
#define MLC_IMPORT_ONNX_GRAPHIMPORTER_H

#include "Converters.h"
#include "llvm/ADT/StringSet.h"

namespace mlc::onnx {

/// None for a domain that `opsets` do not name.
std::optional<int64_t> opsetOf(llvm::ArrayRef<OpsetImport> opsets,
                               llvm::StringRef domain);

/// Imports the nodes of one graph: of the model, of a subgraph, which sees the
/// names of the graphs around it, or of a function, which sees its own alone.
class GraphImporter final : public EnclosingGraph {
public:
  GraphImporter(ImportContext &context, const ConverterTable &table,
                const Graph &graph, llvm::ArrayRef<OpsetImport> opsets,
                const GraphImporter *outer)
      : context(context), table(table), graph(graph), opsets(opsets),
        outer(outer) {}

  /// Gives a name its value; null for the result of a node that failed.
  void bind(llvm::StringRef name, mlir::Value value) { values[name] = value; }
  /// Has uses of the name count as absent optional inputs.
  void bindAbsent(llvm::StringRef name) { absent.insert(name); }
  /// Imports initializers and nodes.
  void run();
  bool isDefined(llvm::StringRef name) const;
  bool isAbsent(llvm::StringRef name) const;
  /// Null for what is unknown because something failed.
  mlir::Value lookup(llvm::StringRef name) const;

  mlir::FailureOr<llvm::SmallVector<mlir::Value>>
  importSubgraph(const Graph &subgraph, mlir::ValueRange inputs) override;
  mlir::FailureOr<llvm::SmallVector<mlir::Value>>
  importRest(mlir::ValueRange results) override;
  void finish(mlir::ValueRange outputs) override;
  const Attribute *resolve(llvm::StringRef reference) const override;

private:
  void importInitializers();
  void importNodes(llvm::ArrayRef<size_t> order);
  void importNode(size_t index);
  void convertNode(NodeContext &nodeContext, const Node &node,
                   const Converter *converter);
  void callFunction(NodeContext &nodeContext, const Node &node,
                    const Function &function);
  /// The outputs of a graph that was imported; failure when something failed.
  mlir::FailureOr<llvm::SmallVector<mlir::Value>>
  outputs(size_t problemsBefore);

  ImportContext &context;
  const ConverterTable &table;
  const Graph &graph;
  llvm::ArrayRef<OpsetImport> opsets;
  const GraphImporter *outer;
  llvm::StringMap<mlir::Value> values;
  llvm::StringSet<> absent;
  /// The node that is being imported and those after it.
  llvm::ArrayRef<size_t> pending;
  bool isFinished = false;

  /// The call of the function whose body this is, and what it is nested in.
  const Function *function = nullptr;
  const GraphImporter *caller = nullptr;
  llvm::StringMap<const Attribute *> attributes;
};

} // namespace mlc::onnx

#endif // MLC_IMPORT_ONNX_GRAPHIMPORTER_H
