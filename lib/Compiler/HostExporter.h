//===- HostExporter.h - From the host function to a step program ---*- C++
//-*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The exporter walks the host function at stage `device` and writes the steps
// of lib/Runtime/Artifact.fbs. Its parts are one class in several files:
// registers (HostRegisters.cpp), buffers (HostBuffers.cpp), the steps of ops
// (HostSteps.cpp) and of branches and loops (HostControlFlow.cpp), signature
// and metadata (HostProgram.cpp).
//
//===----------------------------------------------------------------------===//

#ifndef MLC_COMPILER_HOSTEXPORTER_H
#define MLC_COMPILER_HOSTEXPORTER_H

#include "HostProgram.h"
#include "mlc/Analysis/SymbolicShapes.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlc {

/// The element type as the artifact names it.
mlir::FailureOr<fb::DType> toDType(mlir::Type type);

class HostExporter {
public:
  HostExporter(mlir::ModuleOp module, mlir::func::FuncOp function,
               const Target &target)
      : module(module), function(function), target(target), shapes(function) {}

  mlir::FailureOr<HostProgram> run(const MetadataHeader &header);

private:
  template <class T> using Offset = flatbuffers::Offset<T>;

  //===--------------------------------------------------------------------===//
  // Registers. Early code runs before the inputs are checked and holds all that
  // follows from their shapes. A variable is a register that steps write.
  //===--------------------------------------------------------------------===//

  static fb::Value literal(int64_t value) { return fb::Value(value, -1); }
  static fb::Value reg(uint32_t number) {
    return fb::Value(0, static_cast<int32_t>(number));
  }
  static bool isLiteral(fb::Value value) { return value.reg() < 0; }
  static bool isSame(fb::Value a, fb::Value b) {
    return a.reg() == b.reg() && a.literal() == b.literal();
  }
  bool isEarly(fb::Value value) const {
    return isLiteral(value) || early.contains(value.reg());
  }
  fb::Value emit(fb::Opcode op, fb::Value a, fb::Value b,
                 std::optional<fb::Value> c = std::nullopt);
  /// Literals are multiplied here.
  fb::Value multiply(fb::Value a, fb::Value b);
  uint32_t toRegister(fb::Value value, bool isEarly);
  fb::Value newVariable() { return reg(numRegisters++); }
  void assign(fb::Value variable, fb::Value value);
  fb::Value valueOf(mlir::Value index);
  mlir::FailureOr<fb::Value> exportIndexOp(mlir::Operation &op);
  mlir::FailureOr<fb::Value> exportCompare(mlir::arith::CmpIOp op);
  /// An expression over sizes of the inputs.
  fb::Value exportExpr(const Expr &expr);
  fb::Value sizeOf(mlir::Value tensor, unsigned axis);
  llvm::SmallVector<fb::Value> sizesOf(mlir::Value tensor);
  fb::Value elementCount(mlir::Value tensor);
  fb::Value bytesOf(mlir::Value tensor);

  //===--------------------------------------------------------------------===//
  // Buffers
  //===--------------------------------------------------------------------===//

  struct BufferInfo {
    fb::BufferKind kind;
    fb::Value size;
    int64_t offset = 0;
    uint32_t index = 0, firstStep = UINT32_MAX, lastStep = 0;
    /// Whether `size` is a variable that whoever writes the buffer sets.
    bool isVariable = false;

    void use(uint32_t step) {
      firstStep = std::min(firstStep, step);
      lastStep = std::max(lastStep, step);
    }
  };
  /// A buffer, and a place in it.
  struct Place {
    uint32_t buffer;
    fb::Value offset = fb::Value(0, -1);
  };

  uint32_t addBuffer(const BufferInfo &buffer);
  /// The buffer that PlanBuffers means, made at its first use.
  uint32_t bufferFor(BufferAttr planned, fb::Value size,
                     bool isVariable = false);
  Place placeOf(mlir::Value tensor);
  Place weightPlace(ConstantOp constant);
  /// Prepares the place that PlanBuffers has chosen for result `number`.
  void placeResult(mlir::Operation *op, unsigned number);
  fb::BufferRef refer(Place place);
  fb::BufferRef refer(mlir::Value tensor) { return refer(placeOf(tensor)); }
  void copy(mlir::Value from, Place to);
  mlir::LogicalResult layOutArena();

  //===--------------------------------------------------------------------===//
  // Steps
  //===--------------------------------------------------------------------===//

  mlir::LogicalResult exportBlock(mlir::Block &block);
  mlir::LogicalResult exportOp(mlir::Operation &op);
  mlir::LogicalResult exportCall(CallKernelOp call);
  void exportElements(FromElementsOp op);
  mlir::LogicalResult exportExtract(mlir::tensor::ExtractOp extract);
  void exportAssert(mlir::cf::AssertOp op);
  mlir::LogicalResult exportReturn(mlir::func::ReturnOp op);
  fb::Value gridOf(CallKernelOp call, KernelOp kernel);
  fb::Value costOf(CallKernelOp call, KernelOp kernel);
  void flushEval();
  uint32_t addStep(fb::Step kind, Offset<void> step);

  // Branches and loops: see HostControlFlow.cpp.
  struct Carried;
  struct Stack;
  /// The sizes of what a branch or loop leaves behind: literals, what follows
  /// from the inputs, and variables for the others.
  llvm::SmallVector<fb::Value> declareSizes(mlir::Value tensor);
  bool isVariable(fb::Value size) const { return !isEarly(size); }
  mlir::LogicalResult exportIf(IfOp op);
  mlir::FailureOr<uint32_t> exportBranch(IfOp op, mlir::Block &block);
  void endBranch(IfOp op, mlir::Block &block);
  mlir::LogicalResult exportLoop(LoopOp op);
  Carried startCarried(LoopOp op, unsigned number);
  Stack startStack(LoopOp op, unsigned number, fb::Value trips,
                   fb::Value counter);
  fb::Value beginPart(Stack &stack, llvm::ArrayRef<fb::Value> sizes,
                      fb::Value bytes);
  void fillStack(mlir::Value part, Stack &stack);
  void carryOn(LoopOp op, llvm::ArrayRef<Carried> carried, fb::Value condition);
  /// What was made before the steps from `start` on and is used in them lives
  /// throughout the loop.
  void keepThroughLoop(uint32_t start, uint32_t numBuffersBefore);

  //===--------------------------------------------------------------------===//
  // Signature and metadata
  //===--------------------------------------------------------------------===//

  mlir::LogicalResult bindInputs();
  Offset<flatbuffers::Vector<Offset<fb::TensorSpec>>>
  exportSpecs(bool ofInputs);
  Offset<fb::Program> exportProgram();
  std::vector<Offset<fb::Level>> exportLevels();
  std::string nameOf(bool isInput, unsigned number);
  mlir::DictionaryAttr attrsOf(bool isInput, unsigned number);

  mlir::ModuleOp module;
  mlir::func::FuncOp function;
  const Target &target;
  SymbolicShapes shapes;
  flatbuffers::FlatBufferBuilder fbb;

  uint32_t numRegisters = 0;
  llvm::DenseSet<int32_t> early;
  std::vector<fb::Instr> bindCode, pendingCode;
  llvm::StringMap<fb::Value> exprValues;
  llvm::DenseMap<mlir::Value, fb::Value> values;
  /// Of results and arguments of branches and loops.
  llvm::DenseMap<mlir::Value, llvm::SmallVector<fb::Value>> knownSizes;

  std::vector<BufferInfo> buffers;
  llvm::DenseMap<BufferAttr, uint32_t> plannedBuffers;
  llvm::DenseMap<mlir::Value, Place> places;
  llvm::DenseMap<std::pair<mlir::Attribute, mlir::Attribute>, uint32_t>
      weightNumbers;
  /// Those that the loops around the current op fill.
  llvm::DenseMap<BufferAttr, Stack *> openStacks;
  /// Pairs of buffers that change places.
  std::vector<std::pair<uint32_t, uint32_t>> swapped;
  int64_t arenaSize = 0;

  std::vector<Offset<fb::Symbol>> symbols;
  std::vector<std::vector<fb::Value>> outputDims;
  std::vector<fb::Step> stepKinds;
  std::vector<Offset<void>> steps;
  /// How many branches and loops are open.
  unsigned depth = 0;
  llvm::StringMap<uint32_t> kernelNumbers;
  HostProgram program;
};

/// A tensor that a loop carries: its own buffer and the one in which its next
/// value is made.
struct HostExporter::Carried {
  uint32_t own, next;
  llvm::SmallVector<fb::Value> sizes;
  /// The axes whose sizes are variables.
  llvm::SmallVector<unsigned> varying;
};

/// A stack that a loop fills.
struct HostExporter::Stack {
  uint32_t buffer;
  fb::Value counter, count;
  llvm::SmallVector<fb::Value> sizes; // of a part
  /// Whether the buffer grows from part to part.
  bool grows;
};

} // namespace mlc

#endif // MLC_COMPILER_HOSTEXPORTER_H
