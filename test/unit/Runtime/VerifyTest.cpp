//===- VerifyTest.cpp ----------------------------------------------------===//
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

/// A builder with buffers 0 (input, 16 bytes), 1 (output, 16 bytes), 2 (arena,
/// 64 bytes), 3 (arena, 64 bytes), 4 (weight, 32 bytes); steps come from tests.
class Verify : public testing::Test {
protected:
  Verify() {
    b.arenaSize = 128;
    b.input("x", DType::F32, {fixed(4)}, lit(16));
    b.output("y", DType::F32, {fixed(4)}, lit(16));
    b.arena(lit(64), 0, ~0u, 0);
    b.arena(lit(64), 0, ~0u, 64);
    b.weight(0, 32);
  }
  void expect(const std::string &message) {
    EXPECT_EQ(loadError(b.finish()), message);
  }
  ArtifactBuilder b;
};

TEST_F(Verify, Accepts) {
  b.call(Scale, {ref(0), ref(1)}, {lit(1)}, lit(4));
  EXPECT_TRUE(loadModule(b.finish()));
}

TEST_F(Verify, FormatVersion) {
  b.formatVersion = 1;
  expect("the artifact has format 1, this runtime reads format 2");
}

TEST_F(Verify, NamesAreUnique) {
  b.input("x", DType::F32, {fixed(4)}, lit(16));
  expect("damaged metadata: two inputs are called \"x\"");
}

TEST_F(Verify, DimsAreRegistersOrSizes) {
  b.input("z", DType::F32, {{reg(16), "n"}}, lit(16));
  expect("damaged metadata: input \"z\": dim 0 is negative or names no "
         "register");
}

TEST_F(Verify, Types) {
  b.input("z", DType(13), {}, lit(16));
  expect("damaged metadata: input \"z\" has the unknown type 13");
}

TEST_F(Verify, Symbols) {
  b.symbol("n", 3, 0, 0);
  expect("damaged metadata: symbol \"n\" is bound from no dim of an input");
}

TEST_F(Verify, SymbolRange) {
  b.input("z", DType::F32, {{reg(3), "n"}}, lit(16));
  b.symbol("n", 3, 1, 0, 5, 4);
  expect("damaged metadata: symbol \"n\" has an empty range or multiple");
}

TEST_F(Verify, BindRegisters) {
  b.bind = {instr(Opcode::Add, 1, 2, 16)};
  expect("damaged metadata: instruction 0 of bind is invalid");
}

TEST_F(Verify, BindOpcodes) {
  b.bind = {instr(Opcode(40), 1, 2, 3)};
  expect("damaged metadata: instruction 0 of bind is invalid");
}

TEST_F(Verify, RegisterCount) {
  b.registers = 1 << 24;
  expect("damaged metadata: 16777216 registers, allowed 1048576");
}

TEST_F(Verify, MisnestedThen) {
  b.branch(lit(1), 2, 0);
  b.fail(lit(0), "no");
  expect("damaged program: step 0: its body of 2 steps ends outside the steps "
         "around it");
}

TEST_F(Verify, MisnestedInside) {
  b.loop(0, lit(2), lit(1), 2);
  b.branch(lit(1), 1, 1);
  b.fail(lit(0), "no");
  b.fail(lit(0), "no");
  expect("damaged program: step 1: its body of 2 steps ends outside the steps "
         "around it");
}

TEST_F(Verify, MisnestedOverflow) {
  b.branch(lit(1), 0xffffffff, 1);
  b.fail(lit(0), "no");
  expect("damaged program: step 0: its body of 4294967296 steps ends outside "
         "the steps around it");
}

TEST_F(Verify, NestingDepth) {
  for (uint32_t i = 0; i < 70; ++i)
    b.loop(0, lit(1), lit(1), 69 - i);
  expect("damaged program: step 64: nested deeper than 64");
}

TEST_F(Verify, EndlessLoop) {
  b.loop(0, lit(-1), lit(1), 0);
  expect("damaged program: step 0: the loop has no end");
}

TEST_F(Verify, KernelIndex) {
  b.call(6, {}, {}, lit(1));
  expect("damaged program: step 0: there is no kernel 6");
}

TEST_F(Verify, BufferIndex) {
  b.call(Scale, {ref(5)}, {}, lit(1));
  expect("damaged program: step 0: there is no buffer 5");
}

TEST_F(Verify, ConstantOffset) {
  b.call(Scale, {ref(1, lit(17))}, {}, lit(1));
  expect("damaged program: step 0: it reaches beyond the 16 bytes of buffer "
         "1");
}

TEST_F(Verify, NegativeOffset) {
  b.call(Scale, {ref(1, lit(-1))}, {}, lit(1));
  expect("damaged program: step 0: an offset is negative or no register");
}

TEST_F(Verify, CopySize) {
  b.copy(ref(0), ref(1, lit(8)), lit(12));
  expect("damaged program: step 0: it reaches beyond the 16 bytes of buffer "
         "1");
}

TEST_F(Verify, CopyToWeight) {
  b.copy(ref(0), ref(4), lit(4));
  expect("damaged program: step 0: it writes a weight or an input");
}

TEST_F(Verify, LoadElement) {
  b.load(0, ref(0), DType::I32, lit(4));
  expect("damaged program: step 0: it reaches beyond the 16 bytes of buffer "
         "0");
}

TEST_F(Verify, LoadFloat) {
  b.load(0, ref(0), DType::F32, lit(0));
  expect("damaged program: step 0: elements must be integers or i1");
}

TEST_F(Verify, LoadRegister) {
  b.load(16, ref(0), DType::I32, lit(0));
  expect("damaged program: step 0: it writes a register that does not exist");
}

TEST_F(Verify, CallRegister) {
  b.call(Scale, {}, {reg(16)}, lit(1));
  expect("damaged program: step 0: size 0 is invalid");
}

TEST_F(Verify, NegativeGrid) {
  b.call(Scale, {}, {}, lit(-1));
  expect("damaged program: step 0: its grid is negative");
}

TEST_F(Verify, ArenaBounds) {
  b.arena(lit(65), 0, ~0u, 64);
  expect("damaged program: buffer 5: 65 bytes at 64 of the arena's 128");
}

TEST_F(Verify, ArenaOffsetOverflow) {
  b.arena(lit(INT64_MAX), 0, ~0u, INT64_MAX - 63);
  expect("damaged program: buffer 5: 9223372036854775807 bytes at "
         "9223372036854775744 of the arena's 128");
}

TEST_F(Verify, ArenaAlignment) {
  b.arena(lit(8), 0, ~0u, 32);
  expect("damaged program: buffer 5: its offset 32 is no multiple of 64");
}

TEST_F(Verify, WeightBounds) {
  b.weight(4090, 8);
  expect("damaged program: buffer 5: 8 bytes at 4090 of the weights' 4096");
}

TEST_F(Verify, Lifetime) {
  b.arena(lit(8), 1, 1, 0);
  b.call(Scale, {ref(5)}, {}, lit(1));
  b.fail(lit(0), "no");
  expect("damaged program: step 0: it uses buffer 5, which lives in steps "
         "1..1");
}

TEST_F(Verify, Lifetimes) {
  b.arena(lit(8), 0, 4, 0);
  b.fail(lit(0), "no");
  expect("damaged program: buffer 5: it lives in steps 0..4 of 1");
}

TEST_F(Verify, SwapOfUnequal) {
  b.arena(lit(8), 0, ~0u, 0);
  b.swap(2, 5);
  expect("damaged program: step 0: buffers 2 and 5 cannot change places");
}

TEST_F(Verify, SwapOfOutput) {
  b.swap(1, 2);
  expect("damaged program: step 0: buffers 1 and 2 cannot change places");
}

TEST_F(Verify, GrowOfFixed) {
  b.grow(2);
  expect("damaged program: step 0: buffer 2 does not change its size");
}

TEST_F(Verify, OutputsHaveBuffers) {
  b.buffer(BufferKind::Output, lit(8), 0, 0, 0, 0);
  expect("damaged program: buffer 5: no output of its own");
}

TEST_F(Verify, BufferKinds) {
  b.buffer(BufferKind(9), lit(8), 0, 0, 0, 0);
  expect("damaged program: buffer 5: unknown kind 9");
}

TEST_F(Verify, BufferSizes) {
  b.arena(lit(-8));
  expect("damaged program: buffer 5: its size is negative or no register");
}

TEST_F(Verify, StepsThatChangeASymbol) {
  b.input("z", DType::F32, {{reg(3), "n"}}, lit(16));
  b.symbol("n", 3, 1, 0);
  b.eval({constant(3, 1)});
  expect("damaged program: symbol 0: a step writes its register");
}

TEST_F(Verify, ArenaSize) {
  b.arenaSize = -7;
  expect("damaged program: the arena's size is -7");
}

TEST_F(Verify, WeightsSize) {
  b.weightsSize = 8192;
  expect("damaged: the weights have 4096 bytes, the metadata says 8192");
}

} // namespace
