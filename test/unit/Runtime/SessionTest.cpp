//===- SessionTest.cpp - Running programs ---------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestArtifact.h"

#include <gtest/gtest.h>
#include <numeric>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace mlc::test;
namespace fb = mlc::fb;

namespace {

/// y = reverse(x + w) for x of 8 elements.
std::vector<uint8_t> staticArtifact() {
  ArtifactBuilder b;
  b.arenaSize = 64;
  uint32_t x = b.input("x", DType::F32, {fixed(8)}, lit(32));
  uint32_t y = b.output("y", DType::F32, {fixed(8)}, lit(32));
  uint32_t w = b.weight(0, 32), t = b.arena(lit(32));
  b.call(Add, {ref(x), ref(w), ref(t)}, {}, lit(8));
  b.call(Reverse, {ref(t), ref(y)}, {lit(8)}, lit(8));
  return b.finish();
}

/// y = reverse(reverse(2x)) of shape [n, 4], then 3y, in an arena that depends
/// on n.
std::vector<uint8_t> dynamicArtifact() {
  ArtifactBuilder b;
  Dim n{reg(0), "n"};
  uint32_t x = b.input("x", DType::F32, {n, fixed(4)}, reg(2));
  uint32_t y = b.output("y", DType::F32, {n, fixed(4)}, reg(2));
  b.symbol("n", 0, 0, 0, 0, 100000);
  b.bind = {constant(3, 4), instr(Opcode::Mul, 1, 0, 3),
            instr(Opcode::Mul, 2, 1, 3)};
  uint32_t a = b.arena(reg(2), 0, 1), c = b.arena(reg(2), 1, 2),
           d = b.arena(reg(2), 2, 3);
  b.call(Scale, {ref(x), ref(a)}, {lit(2)}, reg(1));
  b.call(Reverse, {ref(a), ref(c)}, {reg(1)}, reg(1));
  b.call(Reverse, {ref(c), ref(d)}, {reg(1)}, reg(1));
  b.call(Scale, {ref(d), ref(y)}, {lit(3)}, reg(1));
  return b.finish();
}

std::vector<float> run(mlc_session *session, std::vector<float> x,
                       std::vector<int64_t> shape, mlc_status wanted = MLC_OK,
                       std::string *message = nullptr) {
  mlc_tensor in = tensor("x", MLC_F32, x, shape), out = {};
  mlc_error error;
  EXPECT_EQ(mlc_session_run(session, &in, 1, &out, 1, &error), wanted)
      << error.message;
  if (message)
    *message = error.message;
  if (wanted)
    return {};
  size_t count = 1;
  for (int32_t i = 0; i < out.rank; ++i)
    count *= size_t(out.shape[i]);
  auto *data = static_cast<float *>(out.data);
  return {data, data + count};
}

std::vector<float> iota(size_t count) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), 1.0f);
  return values;
}

TEST(Session, RunsStaticProgram) {
  ModulePtr module = loadModule(staticArtifact());
  for (int32_t threads : {1, 2, 4}) {
    SessionPtr session = makeSession(module.get(), threads);
    ASSERT_EQ(mlc_session_threads(session.get()), threads);
    for (int repeat = 0; repeat < 100; ++repeat)
      EXPECT_EQ(run(session.get(), iota(8), {8}),
                (std::vector<float>{16, 14, 12, 10, 8, 6, 4, 2}));
  }
}

TEST(Session, PlansTheArenaWhenShapesChange) {
  ModulePtr module = loadModule(dynamicArtifact());
  for (int32_t threads : {1, 2, 4}) {
    SessionPtr session = makeSession(module.get(), threads);
    // More shapes than plans are kept, and back again.
    for (int64_t n : {3, 1000, 3, 0, 1, 2, 4, 5, 6, 7, 8, 9, 3, 1000, 0}) {
      std::vector<float> x = iota(size_t(n) * 4), expected = x;
      for (float &value : expected)
        value *= 6;
      EXPECT_EQ(run(session.get(), x, {n, 4}), expected) << n;
    }
  }
}

TEST(Session, KernelFaultIsReported) {
  ArtifactBuilder b;
  uint32_t y = b.output("y", DType::F32, {fixed(1)}, lit(4));
  uint32_t x = b.input("x", DType::F32, {fixed(1)}, lit(4));
  b.call(FaultKernel, {}, {lit(1), lit(70)}, lit(100), lit(costly), "gather_3");
  b.call(Scale, {ref(x), ref(y)}, {lit(1)}, lit(1));
  ModulePtr module = loadModule(b.finish());
  for (int32_t threads : {1, 2, 4}) {
    SessionPtr session = makeSession(module.get(), threads);
    std::string message;
    run(session.get(), {1}, {1}, MLC_ERROR_RUN, &message);
    EXPECT_EQ(message, "gather_3: an index is out of range");
  }
}

TEST(Session, BranchTakesOneSide) {
  ArtifactBuilder b;
  uint32_t x = b.input("x", DType::F32, {fixed(4)}, lit(16));
  uint32_t c = b.input("c", DType::I1, {}, lit(1));
  uint32_t y = b.output("y", DType::F32, {fixed(4)}, lit(16));
  b.load(0, ref(c), DType::I1, lit(0));
  b.branch(reg(0), 1, 1);
  b.call(Scale, {ref(x), ref(y)}, {lit(2)}, lit(4));
  b.call(Scale, {ref(x), ref(y)}, {lit(5)}, lit(4), lit(1));
  ModulePtr module = loadModule(b.finish());
  for (int32_t threads : {1, 2, 4}) {
    SessionPtr session = makeSession(module.get(), threads);
    for (uint8_t condition : {0, 1}) {
      std::vector<float> data = iota(4), result(4);
      std::vector<uint8_t> flag = {condition};
      mlc_tensor in[] = {tensor("c", MLC_I1, flag, {}),
                         tensor("x", MLC_F32, data, {4})};
      std::vector<int64_t> shape = {4};
      mlc_tensor out = tensor("y", MLC_F32, result, shape);
      mlc_error error;
      in[1].shape = shape.data();
      ASSERT_EQ(mlc_session_run(session.get(), in, 2, &out, 1, &error), MLC_OK)
          << error.message;
      EXPECT_EQ(result[3], condition ? 8 : 20);
    }
  }
}

/// a = x; trips times: { b = 2a; swap a, b }; y = a
std::vector<uint8_t> loopArtifact() {
  ArtifactBuilder b;
  uint32_t x = b.input("x", DType::F32, {fixed(64)}, lit(256));
  uint32_t trips = b.input("trips", DType::I32, {}, lit(4));
  uint32_t y = b.output("y", DType::F32, {fixed(64)}, lit(256));
  uint32_t last = b.output("last", DType::I64, {}, lit(8));
  uint32_t a = b.arena(lit(256)), c = b.arena(lit(256));
  b.load(0, ref(trips), DType::I32, lit(0));
  b.call(Scale, {ref(x), ref(a)}, {lit(1)}, lit(64));
  b.loop(1, reg(0), lit(1), 2);
  b.call(Scale, {ref(a), ref(c)}, {lit(2)}, lit(64));
  b.swap(a, c);
  b.call(Scale, {ref(a), ref(y)}, {lit(1)}, lit(64));
  b.store(reg(1), ref(last), DType::I64, lit(0));
  return b.finish();
}

TEST(Session, LoopSwapsAndStores) {
  ModulePtr module = loadModule(loopArtifact());
  for (int32_t threads : {1, 2, 4}) {
    SessionPtr session = makeSession(module.get(), threads);
    for (int32_t trips : {0, 1, 5}) {
      std::vector<float> x(64, 3);
      std::vector<int32_t> count = {trips};
      std::vector<int64_t> shape = {64};
      mlc_tensor in[] = {tensor("x", MLC_F32, x, shape),
                         tensor("trips", MLC_I32, count, {})};
      mlc_tensor out[2] = {};
      mlc_error error;
      ASSERT_EQ(mlc_session_run(session.get(), in, 2, out, 2, &error), MLC_OK)
          << error.message;
      EXPECT_EQ(static_cast<float *>(out[0].data)[63], 3 << trips);
      EXPECT_EQ(*static_cast<int64_t *>(out[1].data), trips);
    }
  }
}

/// y = the positive elements of x, whose number only the data tells.
std::vector<uint8_t> compactArtifact() {
  ArtifactBuilder b;
  Dim n{reg(0), "n"}, m{reg(1), "m"};
  uint32_t x = b.input("x", DType::F32, {n}, reg(3));
  uint32_t y = b.output("y", DType::F32, {m}, reg(2));
  b.symbol("n", 0, 0, 0);
  b.bind = {constant(4, 4), instr(Opcode::Mul, 3, 0, 4)};
  uint32_t count = b.arena(lit(8)), t = b.arena(reg(2));
  b.call(CountPositive, {ref(x), ref(count)}, {reg(0)}, lit(1), lit(1));
  b.load(1, ref(count), DType::I64, lit(0));
  b.eval({constant(5, 4), instr(Opcode::Mul, 2, 1, 5)});
  b.call(KeepPositive, {ref(x), ref(t)}, {reg(0)}, lit(1), lit(1));
  b.call(Scale, {ref(t), ref(y)}, {lit(1)}, reg(1));
  return b.finish();
}

TEST(Session, DataDependentShape) {
  ModulePtr module = loadModule(compactArtifact());
  for (int32_t threads : {1, 2, 4}) {
    SessionPtr session = makeSession(module.get(), threads);
    EXPECT_EQ(run(session.get(), {1, -2, 3, -4, 5}, {5}),
              (std::vector<float>{1, 3, 5}));
    EXPECT_EQ(run(session.get(), {-1}, {1}), std::vector<float>{});
    EXPECT_EQ(run(session.get(), {7, 8}, {2}), (std::vector<float>{7, 8}));
  }
}

TEST(Session, DataDependentShapeInCallersMemory) {
  ModulePtr module = loadModule(compactArtifact());
  SessionPtr session = makeSession(module.get(), 2);
  std::vector<float> x = {1, -2, 3}, y(2);
  std::vector<int64_t> in = {3}, two = {2}, one = {1};
  mlc_tensor input = tensor("x", MLC_F32, x, in);
  mlc_tensor output = tensor("y", MLC_F32, y, two);
  mlc_error error;
  ASSERT_EQ(mlc_session_run(session.get(), &input, 1, &output, 1, &error),
            MLC_OK);
  EXPECT_EQ(y, (std::vector<float>{1, 3}));
  EXPECT_EQ(mlc_session_output_shape(session.get(), 0)[0], 2);
  output.shape = one.data();
  EXPECT_EQ(mlc_session_run(session.get(), &input, 1, &output, 1, &error),
            MLC_ERROR_INPUT);
  EXPECT_STREQ(error.message, "output \"y\" needs 8 bytes, the caller's has 4");
}

/// Appends i to y for i in [0, trips), growing y as it goes.
std::vector<uint8_t> growArtifact() {
  ArtifactBuilder b;
  Dim m{reg(1), "m"};
  uint32_t trips = b.input("x", DType::I64, {}, lit(8));
  uint32_t y = b.output("y", DType::I64, {m}, reg(2));
  // Something worth threads, so that growing happens on all of them.
  b.call(FaultKernel, {}, {lit(0), lit(0)}, lit(100));
  b.load(0, ref(trips), DType::I64, lit(0));
  b.loop(3, reg(0), lit(1), 3);
  b.eval({constant(4, 1), constant(5, 8), instr(Opcode::Add, 1, 3, 4),
          instr(Opcode::Mul, 2, 1, 5)});
  b.grow(y);
  b.store(reg(3), ref(y), DType::I64, reg(3));
  return b.finish();
}

TEST(Session, GrowKeepsTheContent) {
  ModulePtr module = loadModule(growArtifact());
  for (int32_t threads : {1, 2, 4}) {
    SessionPtr session = makeSession(module.get(), threads);
    for (int64_t trips : {0, 1, 9, 300}) {
      std::vector<int64_t> count = {trips};
      mlc_tensor in = tensor("x", MLC_I64, count, {}), out = {};
      mlc_error error;
      ASSERT_EQ(mlc_session_run(session.get(), &in, 1, &out, 1, &error), MLC_OK)
          << error.message;
      ASSERT_EQ(out.shape[0], trips);
      for (int64_t i = 0; i < trips; ++i)
        ASSERT_EQ(static_cast<int64_t *>(out.data)[i], i);
    }
  }
}

TEST(Session, FailStepOverflowAndDivision) {
  struct Case {
    std::vector<fb::Instr> code;
    const char *message;
  };
  const Case cases[] = {{{constant(0, 1)}, "Reshape_4: the sizes do not match"},
                        {{constant(0, INT64_MAX), instr(Opcode::Add, 1, 0, 0)},
                         "step 0 (eval): a size or index exceeds 64 bits"},
                        {{constant(0, 1), instr(Opcode::FloorDiv, 1, 0, 2)},
                         "step 0 (eval): a size or index is divided by zero"}};
  for (const Case &c : cases) {
    ArtifactBuilder b;
    uint32_t x = b.input("x", DType::F32, {fixed(1)}, lit(4));
    uint32_t y = b.output("y", DType::F32, {fixed(1)}, lit(4));
    b.eval(c.code);
    b.fail(reg(0), "Reshape_4: the sizes do not match");
    b.call(Scale, {ref(x), ref(y)}, {lit(1)}, lit(1));
    ModulePtr module = loadModule(b.finish());
    for (int32_t threads : {1, 4}) {
      SessionPtr session = makeSession(module.get(), threads);
      std::string message;
      run(session.get(), {1}, {1}, MLC_ERROR_RUN, &message);
      EXPECT_EQ(message, c.message);
    }
  }
}

TEST(Session, ComputedOffsetsAreChecked) {
  ArtifactBuilder b;
  uint32_t x = b.input("x", DType::I64, {fixed(2)}, lit(16));
  uint32_t y = b.output("y", DType::F32, {fixed(1)}, lit(4));
  b.load(0, ref(x), DType::I64, lit(0));
  b.load(1, ref(x), DType::I64, lit(1));
  b.store(lit(7), ref(y, reg(0)), DType::I32, reg(1));
  ModulePtr module = loadModule(b.finish());
  SessionPtr session = makeSession(module.get(), 1);
  const std::pair<std::vector<int64_t>, const char *> cases[] = {
      {{0, 0}, ""},
      {{4, 0},
       "step 2 (store): offset 4 reaches outside the 4 bytes of "
       "buffer 1"},
      {{-1, 0},
       "step 2 (store): offset -1 reaches outside the 4 bytes of "
       "buffer 1"},
      {{0, 1},
       "step 2 (store): offset 0 reaches outside the 4 bytes of "
       "buffer 1"},
      {{0, -1}, "step 2 (store): element -1 does not exist"},
      {{0, INT64_MAX},
       "step 2 (store): element 9223372036854775807 does not "
       "exist"}};
  for (auto [data, message] : cases) {
    std::vector<int64_t> shape = {2};
    mlc_tensor in = tensor("x", MLC_I64, data, shape), out = {};
    mlc_error error;
    mlc_session_run(session.get(), &in, 1, &out, 1, &error);
    EXPECT_STREQ(error.message, message);
  }
}

TEST(Session, SurvivesFork) {
#if __has_feature(thread_sanitizer)
  GTEST_SKIP() << "the sanitizer allows no threads after a fork";
#endif
  ModulePtr module = loadModule(staticArtifact());
  SessionPtr session = makeSession(module.get(), 4);
  std::vector<float> expected = run(session.get(), iota(8), {8});
  pid_t child = fork();
  if (child == 0) {
    bool same = run(session.get(), iota(8), {8}) == expected;
    // Not exit: the parent's test framework must not end twice.
    session.reset();
    _exit(same ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(run(session.get(), iota(8), {8}), expected);
}

TEST(Session, ManyCallersTakeTurns) {
  ModulePtr module = loadModule(dynamicArtifact());
  SessionPtr session = makeSession(module.get(), 2);
  std::vector<std::thread> callers;
  for (int64_t n = 1; n <= 4; ++n)
    callers.emplace_back([&session, n] {
      std::vector<float> x(size_t(n) * 4, 1), y(x.size());
      std::vector<int64_t> shape = {n, 4};
      mlc_tensor in = tensor("x", MLC_F32, x, shape),
                 out = tensor("y", MLC_F32, y, shape);
      for (int i = 0; i < 50; ++i) {
        ASSERT_EQ(mlc_session_run(session.get(), &in, 1, &out, 1, nullptr),
                  MLC_OK);
        ASSERT_EQ(y.back(), 6);
      }
    });
  for (std::thread &caller : callers)
    caller.join();
}

void runOnThreads(void *context, mlc_task_fn task, void *argument,
                  int32_t count) {
  ++*static_cast<int *>(context);
  std::vector<std::thread> threads;
  for (int32_t i = 0; i < count; ++i)
    threads.emplace_back(task, argument, i);
  for (std::thread &thread : threads)
    thread.join();
}

TEST(Session, UsesTheCallersExecutorAndArena) {
  ModulePtr module = loadModule(dynamicArtifact());
  int calls = 0;
  alignas(64) static char arena[4096];
  mlc_session_options options = {};
  options.struct_size = sizeof(options);
  options.threads = 3;
  options.executor = runOnThreads;
  options.executor_context = &calls;
  options.arena = arena;
  options.arena_size = sizeof(arena);
  mlc_session *raw = nullptr;
  ASSERT_EQ(mlc_session_create(module.get(), &options, &raw, nullptr), MLC_OK);
  SessionPtr session(raw);
  EXPECT_EQ(run(raw, {1, 2, 3, 4}, {1, 4}),
            (std::vector<float>{6, 12, 18, 24}));
  EXPECT_EQ(calls, 1);
  std::string message;
  run(raw, iota(4000), {1000, 4}, MLC_ERROR_MEMORY, &message);
  EXPECT_EQ(message, "the run needs an arena of 32000 bytes, the caller's has "
                     "4096");
}

void runBackwards(void *, mlc_task_fn task, void *argument, int32_t count) {
  for (int32_t i = count; i-- > 0;)
    task(argument, i);
}

TEST(Session, AnExecutorMayRunOneTaskAfterTheOther) {
  ModulePtr module = loadModule(dynamicArtifact());
  mlc_session_options options = {};
  options.struct_size = sizeof(options);
  options.threads = 3;
  options.executor = runBackwards;
  mlc_session *raw = nullptr;
  ASSERT_EQ(mlc_session_create(module.get(), &options, &raw, nullptr), MLC_OK);
  SessionPtr session(raw);
  for (int repeat = 0; repeat < 3; ++repeat)
    EXPECT_EQ(run(raw, {1, 2, 3, 4}, {1, 4}),
              (std::vector<float>{6, 12, 18, 24}));
}

/// The number of parts in which a call that costs `cost` runs, without anybody
/// to help.
size_t partsOf(int64_t cost) {
  ArtifactBuilder b;
  uint32_t x = b.input("x", DType::F32, {fixed(8)}, lit(32));
  uint32_t y = b.output("y", DType::F32, {fixed(8)}, lit(32));
  b.call(Scale, {ref(x), ref(y)}, {lit(2)}, lit(8), lit(cost));
  // Something that is worth threads.
  b.call(FaultKernel, {}, {lit(0), lit(0)}, lit(1));
  ModulePtr module = loadModule(b.finish());
  size_t parts = 0;
  mlc_session_options options = {};
  options.struct_size = sizeof(options);
  options.threads = 2;
  options.executor = runBackwards;
  options.trace_context = &parts;
  options.trace = [](void *context, const mlc_trace_event *event) {
    *static_cast<size_t *>(context) += event->step == 0;
  };
  mlc_session *raw = nullptr;
  EXPECT_EQ(mlc_session_create(module.get(), &options, &raw, nullptr), MLC_OK);
  SessionPtr session(raw);
  EXPECT_EQ(run(raw, iota(8), {8}),
            (std::vector<float>{2, 4, 6, 8, 10, 12, 14, 16}));
  return parts;
}

TEST(Session, CheapCallsAreNotShared) {
  EXPECT_EQ(partsOf(19999), 1u);
  EXPECT_EQ(partsOf(20000), 8u);
}

TEST(Session, TracesCalls) {
  ModulePtr module = loadModule(staticArtifact());
  std::vector<std::string> names;
  mlc_session_options options = {};
  options.struct_size = sizeof(options);
  options.threads = 1;
  options.trace_context = &names;
  options.trace = [](void *context, const mlc_trace_event *event) {
    EXPECT_GE(event->end_ns, event->begin_ns);
    static_cast<std::vector<std::string> *>(context)->push_back(event->name);
  };
  mlc_session *raw = nullptr;
  ASSERT_EQ(mlc_session_create(module.get(), &options, &raw, nullptr), MLC_OK);
  SessionPtr session(raw);
  run(raw, iota(8), {8});
  EXPECT_EQ(names, (std::vector<std::string>{"node", "node"}));
}

} // namespace
