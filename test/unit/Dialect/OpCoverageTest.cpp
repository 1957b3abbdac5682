//===- OpCoverageTest.cpp - What every op must have -----------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Dialect/Mlc/IR/OpList.h"
#include "mlc/Interpreter/Interpreter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MemoryBuffer.h"
#include <gtest/gtest.h>

using namespace mlir;

/// Whether `text` has `name` as a whole word.
static bool names(StringRef text, StringRef name) {
  while (true) {
    size_t at = text.find(name);
    if (at == StringRef::npos)
      return false;
    text = text.drop_front(at + name.size());
    if (text.empty() || !(llvm::isAlnum(text.front()) || text.front() == '_'))
      return true;
  }
}

static std::string read(const llvm::Twine &path) {
  auto file = llvm::MemoryBuffer::getFile(path);
  return file ? (*file)->getBuffer().str() : std::string();
}

TEST(OpCoverage, EveryOpIsDocumentedWithAnExample) {
  mlc::forEachOp([]<class Op>() {
    StringRef name = Op::getOperationName();
    EXPECT_FALSE(Op::docSummary.trim().empty()) << name.str();
    StringRef description = Op::docDescription;
    size_t example = description.find("```mlir");
    ASSERT_NE(example, StringRef::npos) << name.str();
    EXPECT_TRUE(names(description.drop_front(example), name)) << name.str();
  });
}

/// Ops of kernels are run by the code that they become, those with regions by
/// whole functions.
TEST(OpCoverage, EveryTensorOpIsInterpreted) {
  MLIRContext context;
  context.loadDialect<mlc::MlcDialect>();
  mlc::forEachFamily([&]<class Ops>(StringRef family) {
    if (family == "Kernel" || family == "ControlFlow")
      return;
    Ops::forEach([&]<class Op>() {
      OperationName name(Op::getOperationName(), &context);
      EXPECT_TRUE(mlc::interpreter::canEvaluate(name))
          << name.getStringRef().str();
    });
  });
}

/// test/Dialect/Mlc has a file per family.
TEST(OpCoverage, EveryOpIsInTheTestOfItsFamily) {
  mlc::forEachFamily([&]<class Ops>(StringRef family) {
    std::string text =
        read(MLC_SOURCE_ROOT "/test/Dialect/Mlc/" + family.lower() + ".mlir");
    Ops::forEach([&]<class Op>() {
      EXPECT_TRUE(names(text, Op::getOperationName()))
          << Op::getOperationName().str() << " in " << family.lower()
          << ".mlir";
    });
  });
}
