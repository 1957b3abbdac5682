//===- BindTest.cpp ------------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestArtifact.h"

#include <gtest/gtest.h>

using namespace mlc::test;
namespace fb = mlc::fb;

namespace {

/// y = x + z for x: f32[batch, 4], z: f32[batch, 4]; k: f32[2*batch] and
/// s: f32[seq] only lend their shapes.
class Bind : public testing::Test {
protected:
  Bind() {
    ArtifactBuilder b;
    Dim batch{reg(0), "batch"}, twice{reg(1), "2*batch"}, seq{reg(4), "seq"};
    uint32_t x = b.input("x", DType::F32, {batch, fixed(4)}, reg(2));
    uint32_t z = b.input("z", DType::F32, {batch, fixed(4)}, reg(2));
    b.input("k", DType::F32, {twice}, reg(5));
    b.input("s", DType::F32, {seq}, reg(6));
    uint32_t y = b.output("y", DType::F32, {batch, fixed(4)}, reg(2));
    b.symbol("batch", 0, 0, 0, 1, 64);
    b.symbol("seq", 4, 3, 0, 8, 512, 8);
    b.bind = {constant(3, 16),
              instr(Opcode::Mul, 2, 0, 3),
              instr(Opcode::Add, 1, 0, 0),
              constant(7, 4),
              instr(Opcode::Mul, 5, 1, 7),
              instr(Opcode::Mul, 6, 4, 7),
              instr(Opcode::Mul, 8, 0, 7)};
    b.call(Add, {ref(x), ref(z), ref(y)}, {}, reg(8));
    module = loadModule(b.finish());
    session = makeSession(module.get());
  }

  mlc_tensor make(const char *name, const std::vector<int64_t> &shape,
                  const void *data = nullptr) {
    return {name,         const_cast<void *>(data ? data : zeros.data()),
            MLC_F32,      int32_t(shape.size()),
            shape.data(), nullptr};
  }

  /// Runs with inputs x, z, k, s; the outcome is the error's text.
  std::string run(mlc_status wanted = MLC_ERROR_INPUT) {
    mlc_error error;
    EXPECT_EQ(mlc_session_run(session.get(), inputs.data(), inputs.size(),
                              outputs.data(), outputs.size(), &error),
              wanted)
        << error.message;
    return error.message;
  }

  std::vector<float> zeros = std::vector<float>(1024, 0.5f);
  std::vector<int64_t> xShape = {2, 4}, zShape = {2, 4}, kShape = {4},
                       sShape = {16};
  std::vector<mlc_tensor> inputs = {make("x", xShape), make("z", zShape),
                                    make("k", kShape), make("s", sShape)};
  std::vector<mlc_tensor> outputs;
  ModulePtr module;
  SessionPtr session;
};

TEST_F(Bind, Accepts) { EXPECT_EQ(run(MLC_OK), ""); }

TEST_F(Bind, MissingInput) {
  inputs.erase(inputs.begin() + 1);
  EXPECT_EQ(run(), "input \"z\" is missing; the module's inputs are \"x\", "
                   "\"z\", \"k\", \"s\"");
}

TEST_F(Bind, UnknownInput) {
  inputs[1].name = "q";
  EXPECT_EQ(run(), "there is no input \"q\"; the module's inputs are \"x\", "
                   "\"z\", \"k\", \"s\"");
}

TEST_F(Bind, InputTwice) {
  inputs[1].name = "x";
  EXPECT_EQ(run(), "input \"x\" is given twice");
}

TEST_F(Bind, TooManyInputs) {
  inputs.push_back(make(nullptr, xShape));
  EXPECT_EQ(run(), "there are 5 inputs; the module's inputs are \"x\", "
                   "\"z\", \"k\", \"s\"");
}

TEST_F(Bind, PositionalInputs) {
  for (mlc_tensor &tensor : inputs)
    tensor.name = nullptr;
  EXPECT_EQ(run(MLC_OK), "");
}

TEST_F(Bind, WrongType) {
  inputs[0].dtype = MLC_F64;
  EXPECT_EQ(run(), "input \"x\" has type f64, must be f32");
  inputs[0].dtype = mlc_dtype(99);
  EXPECT_EQ(run(), "input \"x\" has type ?, must be f32");
}

TEST_F(Bind, WrongRank) {
  inputs[0].rank = 3;
  EXPECT_EQ(run(), "input \"x\" has rank 3, must be 2");
  inputs[0].rank = -1;
  EXPECT_EQ(run(), "input \"x\" has rank -1, must be 2");
}

TEST_F(Bind, WrongLiteralDim) {
  zShape[1] = 5;
  EXPECT_EQ(run(), "input \"z\": dim 1 is 5, must be 4");
}

TEST_F(Bind, NegativeDim) {
  xShape[0] = -2;
  EXPECT_EQ(run(),
            "input \"x\": dim 0 (\"batch\") is -2, sizes are not negative");
}

TEST_F(Bind, SymbolOutOfRange) {
  xShape[0] = 70;
  EXPECT_EQ(run(), "input \"x\": dim 0 (\"batch\") is 70, allowed 1..64");
}

TEST_F(Bind, SymbolNotAMultiple) {
  sShape[0] = 20;
  EXPECT_EQ(run(), "input \"s\": dim 0 (\"seq\") is 20, allowed multiples of "
                   "8 in 8..512");
}

TEST_F(Bind, SharedSymbol) {
  zShape[0] = 3;
  EXPECT_EQ(run(), "input \"z\": dim 0 (\"batch\") is 3, must be 2, as dim 0 "
                   "of input \"x\"");
}

TEST_F(Bind, ComputedDim) {
  kShape[0] = 5;
  EXPECT_EQ(run(), "input \"k\": dim 0 (\"2*batch\") is 5, must be 4");
}

TEST_F(Bind, NullShapeAndData) {
  inputs[0].shape = nullptr;
  EXPECT_EQ(run(), "input \"x\" has no shape");
  inputs[0].shape = xShape.data();
  inputs[0].data = nullptr;
  EXPECT_EQ(run(), "input \"x\" has no data");
}

TEST_F(Bind, HugeShape) {
  xShape[0] = INT64_MAX;
  EXPECT_EQ(run(), "input \"x\" has a shape of more than 2^62 bytes");
}

TEST_F(Bind, UnknownOutput) {
  outputs = {make("w", xShape)};
  EXPECT_EQ(run(), "there is no output \"w\"; the module's outputs are \"y\"");
}

TEST_F(Bind, WrongOutput) {
  std::vector<float> y(8);
  outputs = {make("y", xShape, y.data())};
  outputs[0].dtype = MLC_I32;
  EXPECT_EQ(run(), "output \"y\" has type i32, must be f32");
  outputs[0].dtype = MLC_F32;
  std::vector<int64_t> shape = {3, 4};
  outputs[0].shape = shape.data();
  EXPECT_EQ(run(), "output \"y\": dim 0 (\"batch\") is 3, must be 2");
}

TEST_F(Bind, StridedAndMisalignedInputs) {
  // x is the transpose of a 4 x 2 matrix, z runs backwards from a misaligned
  // start.
  std::vector<float> x = {0, 1, 2, 3, 4, 5, 6, 7};
  std::vector<char> bytes(33);
  for (int i = 0; i < 8; ++i) {
    float value = float(10 * i);
    memcpy(bytes.data() + 1 + 4 * i, &value, 4);
  }
  const int64_t transposed[] = {4, 8}, backwards[] = {-16, -4};
  inputs[0].data = x.data();
  inputs[0].strides = transposed;
  inputs[1].data = bytes.data() + 1 + 28;
  inputs[1].strides = backwards;
  outputs.resize(1);
  outputs[0] = {};
  ASSERT_EQ(run(MLC_OK), "");
  auto *y = static_cast<const float *>(outputs[0].data);
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(y[i], float((i % 4) * 2 + i / 4 + 10 * (7 - i))) << i;
}

TEST_F(Bind, StridedOutput) {
  std::vector<float> y(16, -1);
  const int64_t everySecond[] = {32, 8};
  outputs = {make("y", xShape, y.data())};
  outputs[0].strides = everySecond;
  ASSERT_EQ(run(MLC_OK), "");
  for (size_t i = 0; i < y.size(); ++i)
    EXPECT_EQ(y[i], i % 2 ? -1 : 1);
}

TEST_F(Bind, OutputOverAnInput) {
  // y lies one element behind x: written in place, y would feed itself.
  std::vector<float> memory = {1, 2, 3, 4, 5, 6, 7, 8, 0};
  inputs[0].data = memory.data();
  outputs = {make("y", xShape, memory.data() + 1)};
  ASSERT_EQ(run(MLC_OK), "");
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(memory[size_t(i) + 1], float(i) + 1.5f);
}

TEST_F(Bind, NullArgumentsAreRefused) {
  mlc_error error;
  EXPECT_EQ(mlc_session_run(nullptr, nullptr, 0, nullptr, 0, &error),
            MLC_ERROR_USAGE);
  EXPECT_EQ(mlc_session_run(session.get(), nullptr, 1, nullptr, 0, nullptr),
            MLC_ERROR_USAGE);
}

TEST(BindWide, OverflowOfSizes) {
  ArtifactBuilder b;
  Dim n{reg(0), "n"};
  uint32_t x = b.input("x", DType::F32, {n, fixed(0)}, lit(0));
  b.output("y", DType::F32, {fixed(0)}, lit(0));
  b.symbol("n", 0, 0, 0);
  b.bind = {instr(Opcode::Mul, 1, 0, 0)};
  b.call(Scale, {ref(x)}, {lit(1)}, lit(0));
  ModulePtr module = loadModule(b.finish());
  SessionPtr session = makeSession(module.get());
  std::vector<int64_t> shape = {INT64_MAX, 0};
  mlc_tensor in = {"x", nullptr, MLC_F32, 2, shape.data(), nullptr};
  mlc_error error;
  EXPECT_EQ(mlc_session_run(session.get(), &in, 1, nullptr, 0, &error),
            MLC_ERROR_INPUT);
  EXPECT_STREQ(error.message,
               "the inputs are too large: a size exceeds 64 bits");
}

} // namespace
