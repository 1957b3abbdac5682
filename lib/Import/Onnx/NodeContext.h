//===- NodeContext.h - What converters of nodes work with -------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A converter asks its context for inputs and attributes, makes ops through it
// and sets the results. Errors stick: after the first one the context hands out
// null values and defaults, makes no ops from null values, and the node counts
// as failed. So a converter need not check every step.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_IMPORT_ONNX_NODECONTEXT_H
#define MLC_IMPORT_ONNX_NODECONTEXT_H

#include "Weights.h"
#include "mlc/Analysis/SymbolicShapes.h"
#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlc/Import/Onnx/Importer.h"

namespace mlc::onnx {

using Exprs = llvm::SmallVector<Expr>;

/// What the run has been made sure of about sizes.
struct SizeFacts {
  /// The common size of two dims that only the run can compare.
  std::map<std::pair<std::string, std::string>, Expr> merged;
  std::set<std::tuple<SizeRelation, std::string, std::string>> checked;
};

/// How many elements a tensor of these sizes has.
Expr productOf(llvm::ArrayRef<Expr> sizes);

/// The domain with its usual spelling: the default one has two.
inline llvm::StringRef normalizeDomain(llvm::StringRef domain) {
  return domain == "ai.onnx" ? "" : domain;
}

/// The functions of a model; of two with one name, the first.
class FunctionTable {
public:
  explicit FunctionTable(const Model &model);
  /// Null when the node calls none.
  const Function *find(const Node &node) const;

private:
  using Key = std::tuple<llvm::StringRef, llvm::StringRef, llvm::StringRef>;
  std::map<Key, const Function *> functions;
};

/// What all nodes of a model share.
struct ImportContext {
  mlir::OpBuilder &builder;
  SymbolicShapes &shapes;
  std::shared_ptr<ModelFile> file;
  std::vector<Problem> &problems;
  const FunctionTable functions;
  SizeFacts sizeFacts;
  /// Ops that were replaced while the analysis may know them.
  std::vector<mlir::Operation *> replaced;
  /// Nodes imported so far, those of called functions at each call.
  int64_t numNodes = 0;
};

/// The graph that a node is in.
class EnclosingGraph {
public:
  virtual ~EnclosingGraph() = default;
  /// Imports a subgraph where the builder stands and gives its outputs. Failure
  /// when one of its nodes failed, which then has been reported.
  virtual mlir::FailureOr<llvm::SmallVector<mlir::Value>>
  importSubgraph(const Graph &subgraph, mlir::ValueRange inputs) = 0;
  /// The same for all nodes after the one that is being converted, whose
  /// results are given. It may be called several times, in different regions.
  virtual mlir::FailureOr<llvm::SmallVector<mlir::Value>>
  importRest(mlir::ValueRange results) = 0;
  /// Gives the graph its outputs, which an op computes that contains the rest.
  virtual void finish(mlir::ValueRange outputs) = 0;
  /// In a function: the attribute of the call, or its default; null when it is
  /// absent.
  virtual const Attribute *resolve(llvm::StringRef reference) const = 0;
};

class NodeContext {
public:
  NodeContext(ImportContext &context, EnclosingGraph &graph, const Node &node,
              std::string name, int64_t opset, mlir::ValueRange inputs);

  ImportContext &context;
  EnclosingGraph &graph;
  mlir::OpBuilder &builder;
  SymbolicShapes &shapes;
  const int64_t opset;
  const mlir::Location loc;

  //===--------------------------------------------------------------------===//
  // Inputs
  //===--------------------------------------------------------------------===//

  size_t numInputs() const { return inputs.size(); }
  bool hasInput(size_t index) const {
    return index < inputs.size() && inputs[index];
  }
  /// Null when the input is absent.
  mlir::Value input(size_t index) const {
    return hasInput(index) ? inputs[index] : mlir::Value();
  }
  llvm::ArrayRef<mlir::Value> allInputs() const { return inputs; }
  /// The elements of a small integer tensor, which may depend on sizes.
  Exprs elements(size_t index);
  /// Elements that must be known now; none when the input is absent.
  std::optional<llvm::SmallVector<int64_t>> literals(size_t index);
  /// The elements of a constant of floats; none when it is not one.
  std::optional<llvm::SmallVector<double>> numbers(size_t index) const;
  /// What was an attribute and became an input at version `since`.
  std::optional<llvm::SmallVector<int64_t>>
  literals(llvm::StringRef attribute, size_t index, int64_t since);

  //===--------------------------------------------------------------------===//
  // Attributes
  //===--------------------------------------------------------------------===//

  bool hasAttribute(llvm::StringRef name) const;
  int64_t getInt(llvm::StringRef name, int64_t absent);
  double getFloat(llvm::StringRef name, double absent);
  llvm::StringRef getString(llvm::StringRef name, llvm::StringRef absent);
  std::optional<llvm::ArrayRef<llvm::StringRef>>
  getStrings(llvm::StringRef name);
  std::optional<llvm::SmallVector<int64_t>> getInts(llvm::StringRef name);
  std::optional<llvm::SmallVector<float>> getFloats(llvm::StringRef name);
  const Tensor *getTensor(llvm::StringRef name);
  /// A subgraph that must be there.
  const Graph *requireGraph(llvm::StringRef name);
  /// An int attribute that must be there.
  int64_t requireInt(llvm::StringRef name);
  /// One of `allowed`, the first when the attribute is absent.
  llvm::StringRef getChoice(llvm::StringRef name,
                            llvm::ArrayRef<llvm::StringRef> allowed);
  /// The element type of that number; f32 when it is reported.
  mlir::Type toType(int64_t dataType);

  //===--------------------------------------------------------------------===//
  // Results and errors
  //===--------------------------------------------------------------------===//

  size_t numResults() const { return node.outputs.size(); }
  void setResult(mlir::Value value, size_t index = 0);
  llvm::ArrayRef<mlir::Value> getResults() const { return results; }
  void report(const llvm::Twine &message, const llvm::Twine &remedy = "");
  /// Reports what mlc does not support.
  void reportUnsupported(const llvm::Twine &message,
                         const llvm::Twine &remedy = "");
  /// As `error`, of what mlc does not support.
  mlir::LogicalResult unsupported(const llvm::Twine &message,
                                  const llvm::Twine &remedy = "") {
    reportUnsupported(message, remedy);
    return mlir::failure();
  }
  /// Whether ops may be made for each of `count` things, which `what` names;
  /// reports when they are more than any model has.
  bool canWriteOut(int64_t count, const llvm::Twine &what);
  /// Reports, and is the failure that a converter returns.
  mlir::LogicalResult error(const llvm::Twine &message,
                            const llvm::Twine &remedy = "") {
    report(message, remedy);
    return mlir::failure();
  }
  /// The failure of a node whose subgraph has failed and been reported.
  mlir::LogicalResult failQuietly() {
    isFailed = true;
    return mlir::failure();
  }
  bool hasFailed() const { return isFailed; }
  const std::optional<Problem> &getProblem() const { return problem; }

  //===--------------------------------------------------------------------===//
  // Types and sizes
  //===--------------------------------------------------------------------===//

  static mlir::RankedTensorType typeOf(mlir::Value tensor) {
    return mlir::cast<mlir::RankedTensorType>(tensor.getType());
  }
  static int64_t rankOf(mlir::Value tensor) { return typeOf(tensor).getRank(); }
  /// `axis` counted from the front; reports one outside of [-rank, rank).
  int64_t normalizeAxis(int64_t axis, int64_t rank);
  /// Distinct axes, sorted.
  llvm::SmallVector<int64_t> normalizeAxes(llvm::ArrayRef<int64_t> axes,
                                           int64_t rank);

  //===--------------------------------------------------------------------===//
  // Ops
  //===--------------------------------------------------------------------===//

  /// Makes an op whose result type follows from its operands. A violated rule
  /// becomes an error of the node.
  template <class Op, class... Args> mlir::Value create(Args &&...args) {
    if (hasFailed() || (isNull(args) || ...))
      return nullptr;
    mlir::OperationState state(loc, Op::getOperationName());
    Op::build(builder, state, placeholder(), std::forward<Args>(args)...);
    return finish(state);
  }

  mlir::Value constant(mlir::ElementsAttr value);
  /// A scalar of the element type, rounded to it.
  mlir::Value scalar(double value, mlir::Type element);
  /// The value in every place of the shape of `like`.
  mlir::Value splatLike(double value, mlir::Value like);
  mlir::Value cast(mlir::Value x, mlir::Type element);
  /// As f32 when it is a narrower float, so that a chain of ops rounds once.
  mlir::Value widen(mlir::Value x);
  mlir::Value reshape(mlir::Value x, llvm::ArrayRef<Expr> sizes);
  /// Axis i of `x` becomes axis `axes[i]`; the identity makes no op.
  mlir::Value broadcast(mlir::Value x, llvm::ArrayRef<Expr> sizes,
                        llvm::ArrayRef<int64_t> axes);
  /// As above with the last axes of the result.
  mlir::Value broadcast(mlir::Value x, llvm::ArrayRef<Expr> sizes);
  /// Gives all values one shape by the rules of NumPy.
  mlir::LogicalResult
  broadcastTogether(llvm::MutableArrayRef<mlir::Value> values);
  /// The shape that two shapes have in common by the rules of NumPy.
  mlir::FailureOr<Exprs> commonSizes(llvm::ArrayRef<Expr> a,
                                     llvm::ArrayRef<Expr> b);
  mlir::Value transpose(mlir::Value x, llvm::ArrayRef<int64_t> permutation);
  mlir::Value slice(mlir::Value x, llvm::ArrayRef<Expr> offsets,
                    llvm::ArrayRef<Expr> sizes,
                    llvm::ArrayRef<int64_t> strides);
  /// What the last axis of `x` holds at `index`; the axis is dropped.
  mlir::Value component(mlir::Value x, int64_t index);
  /// The index along `axis`, in a tensor of these sizes.
  mlir::Value iota(llvm::ArrayRef<Expr> sizes, int64_t axis,
                   mlir::Type element);
  /// `indices` counted from the front of an axis of `size`; ends the run when
  /// one lies outside of [-size, size).
  mlir::Value checkedIndices(mlir::Value indices, const Expr &size);
  /// Surrounds `x` with borders of the scalar `value`, which are not negative.
  mlir::Value pad(mlir::Value x, mlir::Value value, llvm::ArrayRef<Expr> low,
                  llvm::ArrayRef<Expr> high);
  /// The indices of the first `size` elements along `axis` in order.
  mlir::Value argsort(mlir::Value x, int64_t axis, bool isDescending,
                      const Expr &size);
  /// The positions in row-major order at which a boolean tensor holds; how
  /// many there are is known when the model runs.
  mlir::Value compress(mlir::Value condition);
  /// `axes` are sorted; with `keep` they stay with size 1.
  mlir::Value reduce(ReduceKind kind, mlir::Value x,
                     llvm::ArrayRef<int64_t> axes, bool keep);
  /// The product of `sizes` as a scalar of the element type.
  mlir::Value count(llvm::ArrayRef<Expr> sizes, mlir::Type element);
  /// An integer tensor of one axis, or a scalar, from expressions.
  mlir::Value fromExprs(llvm::ArrayRef<Expr> elements,
                        mlir::RankedTensorType type);
  /// `ifEqual` when the value is `literal`, else `otherwise`.
  Expr selectEqual(const Expr &value, int64_t literal, const Expr &ifEqual,
                   const Expr &otherwise);
  /// The value in every place of the shape of `like`.
  mlir::Value splatLike(const Expr &value, mlir::Value like);
  /// The only element of an integer or boolean tensor, as a scalar.
  mlir::Value scalarValue(mlir::Value tensor);
  /// The value as an index.
  mlir::Value materialize(const Expr &expr);
  /// Ends the run with `message` unless all elements of a boolean tensor hold.
  void requireAll(mlir::Value holds, const llvm::Twine &message);
  /// Reports, or ends the run, when two sizes that `what` names differ.
  void requireEqual(const Expr &a, const Expr &b, const llvm::Twine &what);
  /// Ends the run with `message` when the value is negative.
  void requireNotNegative(const Expr &value, const llvm::Twine &message);
  /// Reports sizes that overflow or are negative, and ends the run when sizes
  /// that come with the data make a tensor of more than `maxTensorBytes`.
  void requireMemory(llvm::ArrayRef<Expr> sizes, mlir::Type element);

  /// Reports, or ends the run, when the relation does not hold.
  void require(SizeRelation relation, const Expr &a, const Expr &b,
               const llvm::Twine &message);

private:
  template <class T> static bool isNull(const T &value) {
    if constexpr (std::is_convertible_v<const T &, mlir::Value>)
      return !mlir::Value(value);
    else if constexpr (std::is_convertible_v<const T &, mlir::ValueRange>)
      return llvm::any_of(mlir::ValueRange(value),
                          [](mlir::Value part) { return !part; });
    else
      return false;
  }
  mlir::Type placeholder();
  mlir::Value finish(mlir::OperationState &state);
  const Attribute *find(llvm::StringRef name) const;
  const Attribute *find(llvm::StringRef name, Attribute::Kind kind);
  void requireDemands(mlir::Operation *op);
  Expr mergeAtRunTime(const Expr &a, const Expr &b);
  mlir::FailureOr<llvm::SmallVector<mlir::OpFoldResult>>
  materialize(llvm::ArrayRef<Expr> exprs);

  const Node &node;
  std::string name;
  llvm::SmallVector<mlir::Value> inputs, results;
  bool isFailed = false;
  std::optional<Problem> problem;
};

} // namespace mlc::onnx

#endif // MLC_IMPORT_ONNX_NODECONTEXT_H
