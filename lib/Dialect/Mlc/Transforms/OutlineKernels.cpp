//===- OutlineKernels.cpp - Turn groups into kernels and calls ------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LibraryKernels.h"
#include "mlc/Analysis/SymbolicShapes.h"
#include "mlc/Dialect/Mlc/IR/Mlc.h"
#include "mlc/Dialect/Mlc/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/MapVector.h"

namespace mlc {
#define GEN_PASS_DEF_MLCOUTLINEKERNELS
#define GEN_PASS_DEF_MLCDEDUPLICATEKERNELS
#include "mlc/Dialect/Mlc/Transforms/Passes.h.inc"
} // namespace mlc

using namespace mlir;
using namespace mlc;

/// The type under which a kernel takes a tensor: booleans are bytes, integers
/// have no sign.
static RankedTensorType signlessType(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  Type element = tensor.getElementType();
  if (element.isInteger(1))
    element = IntegerType::get(type.getContext(), 8);
  else if (element.isUnsignedInteger())
    element =
        IntegerType::get(type.getContext(), element.getIntOrFloatBitWidth());
  return tensor.clone(element);
}

namespace {

/// Makes the kernel of one group.
class Outliner {
public:
  Outliner(GroupOp group, SymbolicShapes &shapes)
      : group(group), shapes(shapes), loc(UnknownLoc::get(group.getContext())) {
  }

  LogicalResult run(SymbolTable &symbols) {
    Operation *op = &group.getBody().front().front();
    std::optional<LibraryCall> call;
    if (isLibraryOp(op))
      call = describeLibraryCall(op, shapes);
    else
      collectOperands();
    OpBuilder builder(group.getContext());
    auto kernel = KernelOp::create(builder, loc, chooseName(), StringAttr());
    Block *body = builder.createBlock(&kernel.getBody());
    builder.setInsertionPointToStart(body);
    auto module = ModuleOp::create(builder, loc);
    builder.setInsertionPointToStart(module.getBody());
    if (call)
      declare(*call, kernel, builder);
    else
      buildFunction(builder);
    symbols.insert(kernel);
    return replaceByCall(kernel);
  }

private:
  /// The position of an index operand that holds `expr`.
  int64_t sizePosition(const Expr &expr) {
    auto it = llvm::find(sizes, expr);
    if (it == sizes.end())
      it = sizes.insert(sizes.end(), expr);
    return it - sizes.begin();
  }

  DenseI64ArrayAttr sizesOf(Value tensor, OpBuilder &builder) {
    SmallVector<int64_t> positions;
    auto type = cast<RankedTensorType>(tensor.getType());
    for (int64_t axis : llvm::seq(type.getRank()))
      positions.push_back(type.isDynamicDim(axis)
                              ? sizePosition(shapes.size(tensor, axis))
                              : -1);
    return builder.getDenseI64ArrayAttr(positions);
  }

  static bool isSplat(Value value) {
    auto constant = value.getDefiningOp<ConstantOp>();
    return constant && isa<SplatElementsAttr>(constant.getValue());
  }

  void collectOperands() {
    group.getBody().walk([&](Operation *op) {
      for (Value operand : op->getOperands()) {
        if (operand.getParentRegion() == &group.getBody())
          continue;
        if (isSplat(operand))
          splats.insert(operand);
        else if (!isa<RankedTensorType>(operand.getType()))
          indices.insert(operand);
        else if (!llvm::is_contained(tensors, operand))
          tensors.push_back(operand);
      }
    });
  }

  /// After the anchor, or the root when there is none.
  std::string chooseName() {
    Operation *named = nullptr;
    for (Operation &op : group.getBody().front().without_terminator())
      if (!named || !isAnchor(named))
        named = &op;
    return named->getName().stripDialect().str() + "_0";
  }

  void buildFunction(OpBuilder &builder) {
    SmallVector<Type> types, results;
    SmallVector<DenseI64ArrayAttr> positions;
    for (Value tensor : tensors) {
      types.push_back(signlessType(tensor.getType()));
      positions.push_back(sizesOf(tensor, builder));
    }
    for (Value result : group.getResults()) {
      results.push_back(signlessType(result.getType()));
      types.push_back(results.back());
      positions.push_back(sizesOf(result, builder));
    }
    for (Value index : indices)
      if (!matchPattern(index, m_Constant()))
        sizePosition(shapes.value(index));
    types.append(sizes.size(), builder.getIndexType());
    auto function = func::FuncOp::create(
        builder, loc, "kernel", builder.getFunctionType(types, results));
    for (auto [number, attr] : llvm::enumerate(positions))
      function.setArgAttr(number, "mlc.sizes_of", attr);
    Block *entry = function.addEntryBlock();
    builder.setInsertionPointToStart(entry);

    IRMapping mapping;
    for (auto [number, tensor] : llvm::enumerate(tensors)) {
      Value argument = entry->getArgument(number);
      if (argument.getType() != tensor.getType())
        argument = UnrealizedConversionCastOp::create(
                       builder, loc, tensor.getType(), argument)
                       .getResult(0);
      mapping.map(tensor, argument);
    }
    for (Value splat : splats)
      mapping.map(splat, builder.clone(*splat.getDefiningOp())->getResult(0));
    unsigned firstIndex = types.size() - sizes.size();
    for (Value index : indices) {
      APInt constant;
      if (matchPattern(index, m_ConstantInt(&constant)))
        mapping.map(index, arith::ConstantIndexOp::create(
                               builder, loc, constant.getSExtValue())
                               .getResult());
      else
        mapping.map(index, entry->getArgument(
                               firstIndex + sizePosition(shapes.value(index))));
    }
    for (Operation &op : group.getBody().front().without_terminator())
      builder.clone(op, mapping);
    SmallVector<Value> returned;
    for (auto [value, type] : llvm::zip_equal(
             group.getBody().front().getTerminator()->getOperands(), results)) {
      Value result = mapping.lookup(value);
      if (result.getType() != type)
        result = UnrealizedConversionCastOp::create(builder, loc, type, result)
                     .getResult(0);
      returned.push_back(result);
    }
    func::ReturnOp::create(builder, loc, returned);
    // Names of the model live at the call: equal kernels are equal.
    function.walk([&](Operation *op) { op->setLoc(loc); });
    for (BlockArgument argument : entry->getArguments())
      argument.setLoc(loc);
  }

  /// The kernel as a function of the builtins.
  void declare(const LibraryCall &call, KernelOp kernel, OpBuilder &builder) {
    tensors = call.tensors;
    sizes = call.sizes;
    SmallVector<Type> types, results;
    for (Value tensor : tensors)
      types.push_back(signlessType(tensor.getType()));
    for (Type type : group.getResultTypes())
      results.push_back(signlessType(type));
    types.append(results);
    types.append(sizes.size(), builder.getIndexType());
    auto function = func::FuncOp::create(
        builder, loc, call.function, builder.getFunctionType(types, results));
    function.setPrivate();
    kernel.setBuiltin(call.function);
    kernel->setAttr("grid", builder.getDenseI64ArrayAttr(call.grid));
    kernel->setAttr("cost", builder.getI64IntegerAttr(call.cost));
  }

  LogicalResult replaceByCall(KernelOp kernel) {
    OpBuilder builder(group);
    SmallVector<Value> operands;
    for (const Expr &expr : sizes) {
      OpFoldResult size = shapes.materialize(builder, group.getLoc(), expr);
      if (!size)
        return group.emitOpError("needs the size ")
               << expr.toString()
               << ", which cannot be computed before it runs";
      operands.push_back(
          getValueOrCreateConstantIndexOp(builder, group.getLoc(), size));
    }
    auto call = CallKernelOp::create(
        builder, group.getLoc(), group.getResultTypes(), kernel.getSymName(),
        tensors, operands, group.getSizes());
    group.replaceAllUsesWith(call);
    return success();
  }

  GroupOp group;
  SymbolicShapes &shapes;
  Location loc;
  SmallVector<Value> tensors;
  SetVector<Value> splats, indices;
  SmallVector<Expr> sizes;
};

struct MlcOutlineKernels : mlc::impl::MlcOutlineKernelsBase<MlcOutlineKernels> {
  using Base::Base;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    for (auto function :
         llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>())) {
      SmallVector<GroupOp> groups;
      function.walk([&](GroupOp group) { groups.push_back(group); });
      SymbolicShapes shapes(function);
      for (GroupOp group : groups)
        if (failed(Outliner(group, shapes).run(symbols)))
          return signalPassFailure();
      // Not before: a call in the memory of a group that is gone would pass for
      // what the analysis knows of that one.
      for (GroupOp group : groups)
        group.erase();
    }
  }
};

struct MlcDeduplicateKernels
    : mlc::impl::MlcDeduplicateKernelsBase<MlcDeduplicateKernels> {
  using Base::Base;

  void runOnOperation() override {
    llvm::StringMap<FlatSymbolRefAttr> first;
    DenseMap<Attribute, FlatSymbolRefAttr> same;
    for (auto kernel :
         llvm::make_early_inc_range(getOperation().getOps<KernelOp>())) {
      std::string text;
      llvm::raw_string_ostream stream(text);
      // By itself: in its place, names of values depend on what is around it.
      for (ModuleOp module : kernel.getModules())
        module.print(stream, OpPrintingFlags().useLocalScope());
      auto name = FlatSymbolRefAttr::get(kernel.getSymNameAttr());
      auto [it, isNew] = first.try_emplace(text, name);
      if (isNew)
        continue;
      same[name] = it->second;
      kernel.erase();
    }
    getOperation().walk([&](CallKernelOp call) {
      if (FlatSymbolRefAttr kept = same.lookup(call.getKernelAttr()))
        call.setKernelAttr(kept);
    });
  }
};

} // namespace
