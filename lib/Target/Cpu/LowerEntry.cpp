//===- LowerEntry.cpp - The signature that the runtime calls --------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Target/Cpu/Passes.h"
#include "mlc/Transforms/KernelSignature.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"

namespace mlc {
#define GEN_PASS_DEF_CPULOWERENTRY
#include "mlc/Target/Cpu/Passes.h.inc"
} // namespace mlc

using namespace mlir;
using namespace mlc;

namespace {

/// Moves the body of a kernel's function into one with the signature of
/// mlc_kernel_fn.
class EntryLowering {
public:
  explicit EntryLowering(func::FuncOp function)
      : function(function), builder(function), loc(function.getLoc()),
        converter(function.getContext()) {}

  void run() {
    MLIRContext *context = function.getContext();
    Type pointer = LLVM::LLVMPointerType::get(context),
         i64 = builder.getI64Type();
    auto entry = func::FuncOp::create(
        builder, loc, function.getName(),
        builder.getFunctionType({pointer, pointer, i64, i64, pointer}, {}));
    Block *block = entry.addEntryBlock();
    builder.setInsertionPointToStart(block);
    unsigned firstIndex = firstSizeOperand(function);
    SmallVector<Value> sizes;
    for (unsigned i = firstIndex; i < function.getNumArguments(); ++i)
      sizes.push_back(loadElement(block->getArgument(1), i - firstIndex, i64));
    for (unsigned i = 0; i < firstIndex; ++i)
      mapping.map(
          function.getArgument(i),
          makeBuffer(loadElement(block->getArgument(0), i, pointer), i, sizes));
    for (auto [i, size] : llvm::enumerate(sizes))
      mapping.map(function.getArgument(firstIndex + i), toIndex(size));

    Value begin = toIndex(block->getArgument(2)),
          end = toIndex(block->getArgument(3));
    // Constants, views and stack memory around the grid are made once per call;
    // a kernel without a grid is one index of it.
    auto operations = function.getBody().front().without_terminator();
    auto grid = llvm::find_if(operations, llvm::IsaPred<scf::ForallOp>);
    if (grid != operations.end())
      for (Operation &op : operations)
        if (&op != &*grid)
          builder.clone(op, mapping);
    auto loop = scf::ForOp::create(builder, loc, begin, end, index(1));
    func::ReturnOp::create(builder, loc);
    builder.setInsertionPointToStart(loop.getBody());
    if (grid != operations.end())
      cloneGridPoint(cast<scf::ForallOp>(*grid), loop.getInductionVar());
    else
      for (Operation &op : operations)
        builder.clone(op, mapping);
    function.erase();
  }

private:
  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  }
  Value toIndex(Value i64) {
    return arith::IndexCastOp::create(builder, loc, builder.getIndexType(),
                                      i64);
  }

  Value loadElement(Value array, int64_t position, Type type) {
    Value address = LLVM::GEPOp::create(
        builder, loc, array.getType(), type, array,
        ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(position)});
    return LLVM::LoadOp::create(builder, loc, type, address);
  }

  /// A row-major memref at `pointer` with the sizes that `mlc.sizes_of` names.
  Value makeBuffer(Value pointer, unsigned argument, ArrayRef<Value> sizes) {
    auto type = cast<MemRefType>(function.getArgument(argument).getType());
    auto positions =
        function.getArgAttrOfType<DenseI64ArrayAttr>(argument, sizesOfAttrName);
    auto descriptor =
        MemRefDescriptor::poison(builder, loc, converter.convertType(type));
    descriptor.setAllocatedPtr(builder, loc, pointer);
    descriptor.setAlignedPtr(builder, loc, pointer);
    descriptor.setConstantOffset(builder, loc, 0);
    Value stride =
        LLVM::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(1));
    for (int64_t axis = type.getRank() - 1; axis >= 0; --axis) {
      Value size = type.isDynamicDim(axis)
                       ? sizes[positions[axis]]
                       : LLVM::ConstantOp::create(
                             builder, loc,
                             builder.getI64IntegerAttr(type.getDimSize(axis)))
                             .getResult();
      descriptor.setSize(builder, loc, axis, size);
      descriptor.setStride(builder, loc, axis, stride);
      stride = LLVM::MulOp::create(builder, loc, stride, size);
    }
    return UnrealizedConversionCastOp::create(builder, loc, type,
                                              Value(descriptor))
        .getResult(0);
  }

  /// The body of the grid at point `linear`, the last axis running fastest.
  void cloneGridPoint(scf::ForallOp forall, Value linear) {
    auto mapped = [&](OpFoldResult value) -> Value {
      if (auto constant = getConstantIntValue(value))
        return index(*constant);
      return mapping.lookupOrDefault(cast<Value>(value));
    };
    SmallVector<OpFoldResult> ends = forall.getMixedUpperBound(),
                              steps = forall.getMixedStep();
    SmallVector<Value> ivs(ends.size());
    for (int64_t axis = ends.size() - 1; axis >= 0; --axis) {
      Value step = mapped(steps[axis]);
      Value position = linear;
      if (axis > 0) {
        Value count =
            arith::CeilDivUIOp::create(builder, loc, mapped(ends[axis]), step);
        position = arith::RemUIOp::create(builder, loc, linear, count);
        linear = arith::DivUIOp::create(builder, loc, linear, count);
      }
      ivs[axis] = arith::MulIOp::create(builder, loc, position, step);
    }
    for (auto [iv, value] : llvm::zip_equal(forall.getInductionVars(), ivs))
      mapping.map(iv, value);
    for (Operation &op : forall.getBody()->without_terminator())
      builder.clone(op, mapping);
  }

  func::FuncOp function;
  OpBuilder builder;
  Location loc;
  LLVMTypeConverter converter;
  IRMapping mapping;
};

struct CpuLowerEntry : mlc::impl::CpuLowerEntryBase<CpuLowerEntry> {
  using Base::Base;

  void runOnOperation() override {
    for (auto function :
         llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      // A builtin has the signature already, and is called by its name.
      if (function.isDeclaration())
        function.erase();
      else
        EntryLowering(function).run();
  }
};

} // namespace
