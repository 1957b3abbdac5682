//===- ToolTest.cpp - The command-line programs ---------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestArtifact.h"

#include "Npy.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mlc::test;
using mlc::tool::HostTensor;
using mlc::tool::readNpy;
using mlc::tool::writeNpy;

namespace {

/// A folder with an artifact: y = x + x for x: f32[n, 4] with n in 1..8.
class Tool : public testing::Test {
protected:
  Tool()
      : folder(testing::TempDir() + "mlc-tool-" + std::to_string(getpid())),
        file(folder + "/model.so") {
    std::filesystem::create_directories(folder);
    ArtifactBuilder b;
    Dim n{reg(0), "n"};
    uint32_t x = b.input("x", DType::F32, {n, fixed(4)}, reg(2));
    uint32_t y = b.output("y", DType::F32, {n, fixed(4)}, reg(2));
    b.symbol("n", 0, 0, 0, 1, 8);
    b.bind = {constant(3, 4), instr(Opcode::Mul, 1, 0, 3),
              instr(Opcode::Mul, 2, 1, 3)};
    b.call(Add, {ref(x), ref(x), ref(y)}, {}, reg(1));
    auto artifact = b.finish();
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char *>(artifact.data()),
               std::streamsize(artifact.size()));
  }
  ~Tool() override { std::filesystem::remove_all(folder); }

  /// Runs a command line; `text` is what it printed, errors included.
  int run(const std::string &command) {
    FILE *pipe = popen((command + " 2>&1").c_str(), "r");
    text.clear();
    char buffer[256];
    while (size_t size = fread(buffer, 1, sizeof(buffer), pipe))
      text.append(buffer, size);
    return WEXITSTATUS(pclose(pipe));
  }
  bool printed(const std::string &part) const {
    return text.find(part) != std::string::npos;
  }
  void save(const std::string &name, std::vector<int64_t> shape, float factor) {
    HostTensor tensor{MLC_F32, shape, {}};
    tensor.bytes.resize(size_t(tensor.count()) * 4);
    for (size_t i = 0; i < size_t(tensor.count()); ++i)
      tensor.set(i, double(i) * factor);
    std::string error;
    ASSERT_TRUE(writeNpy(folder + "/" + name, tensor, error)) << error;
  }
  void checkRun(const std::string &program);

  std::string folder, file, text;
};

void Tool::checkRun(const std::string &program) {
  save("x.npy", {2, 4}, 1);
  save("good.npy", {2, 4}, 2);
  save("bad.npy", {2, 4}, 3);
  std::string input = program + " " + file + " --input x=" + folder + "/x.npy";
  EXPECT_EQ(run(input + " --output " + folder + "/out --expect y=" + folder +
                "/good.npy"),
            0)
      << text;
  EXPECT_TRUE(printed("y: f32[2, 4] = 0 2 4 6 8 10 12 14")) << text;
  HostTensor y;
  std::string error;
  ASSERT_TRUE(readNpy(folder + "/out/y.npy", MLC_F32, y, error)) << error;
  EXPECT_EQ(y.at(7), 14);
  EXPECT_EQ(run(input + " --expect y=" + folder + "/bad.npy"), 1);
  EXPECT_TRUE(printed("7 of 8 elements differ")) << text;
  EXPECT_EQ(run(program + " " + file + " --random 3 --range x=5:6 --dim n=3"),
            0)
      << text;
  EXPECT_TRUE(printed("y: f32[3, 4] = 1")) << text;
  EXPECT_EQ(run(program + " " + file + " --shape x=9x4"), 1);
  EXPECT_TRUE(printed("error: input \"x\": dim 0 (\"n\") is 9, allowed 1..8"))
      << text;
  EXPECT_EQ(run(program + " " + file + " --input z=a.npy"), 1);
  EXPECT_EQ(run(program + " " + folder + "/none.so"), 1);
  EXPECT_TRUE(printed("No such file or directory")) << text;
  EXPECT_EQ(run(program), 2);
  EXPECT_EQ(run(program + " " + file + " --range x"), 2) << text;
  EXPECT_EQ(run(program + " " + file + " --unknown 1"), 2) << text;
}

TEST_F(Tool, MlcRun) { checkRun(MLC_RUN_PROGRAM); }

TEST_F(Tool, MlcRunCommand) { checkRun(MLC_PROGRAM " run"); }

TEST_F(Tool, Inspect) {
  EXPECT_EQ(
      run(MLC_PROGRAM " inspect --steps --kernels --memory --verify " + file),
      0);
  EXPECT_TRUE(printed("x: f32[n in 1..8, 4]")) << text;
  EXPECT_TRUE(printed("0: call add(b0, b0, b1) sizes [] grid r1 cost")) << text;
  EXPECT_TRUE(printed("b0: Input, r2 bytes, number 0")) << text;
  EXPECT_EQ(run(MLC_PROGRAM " inspect --json --steps " + file), 0);
  EXPECT_TRUE(printed("\"model_name\": \"model\"")) << text;
}

TEST_F(Tool, Bench) {
  EXPECT_EQ(run(MLC_PROGRAM " bench --seconds 0.05 --threads 1 --json " +
                folder + "/bench.json " + file),
            0)
      << text;
  EXPECT_TRUE(printed("median_ms")) << text;
  std::ifstream json(folder + "/bench.json");
  std::string first;
  EXPECT_TRUE(std::getline(json, first) && first == "{");
}

TEST_F(Tool, VersionAndUsage) {
  EXPECT_EQ(run(MLC_PROGRAM " --version"), 0);
  EXPECT_TRUE(printed("mlc ")) << text;
  EXPECT_EQ(run(MLC_PROGRAM " --help"), 0);
  EXPECT_EQ(run(MLC_PROGRAM " unknown"), 2);
  EXPECT_EQ(run(MLC_PROGRAM " compile"), 2);
}

TEST_F(Tool, NpyOfEveryType) {
  for (int type = MLC_I1; type <= MLC_F64; ++type) {
    HostTensor tensor{mlc_dtype(type), {2, 3}, {}}, back;
    tensor.bytes.resize(6 * mlc_dtype_size(tensor.dtype));
    for (size_t i = 0; i < 6; ++i)
      tensor.set(i, i == 0 ? 0 : 1);
    std::string error, path = folder + "/t.npy";
    ASSERT_TRUE(writeNpy(path, tensor, error)) << error;
    ASSERT_TRUE(readNpy(path, tensor.dtype, back, error)) << error;
    EXPECT_EQ(back.dtype, tensor.dtype);
    EXPECT_EQ(back.shape, tensor.shape);
    EXPECT_EQ(back.bytes, tensor.bytes);
    EXPECT_EQ(back.at(5), 1);
  }
}

TEST_F(Tool, DamagedNpy) {
  save("x.npy", {2, 4}, 1);
  std::ifstream stream(folder + "/x.npy", std::ios::binary);
  std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
  auto read = [&](const std::vector<char> &content) {
    std::ofstream(folder + "/d.npy", std::ios::binary)
        .write(content.data(), std::streamsize(content.size()));
    HostTensor tensor;
    std::string error;
    return readNpy(folder + "/d.npy", MLC_F32, tensor, error);
  };
  EXPECT_TRUE(read(bytes));
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(read({bytes.begin(), bytes.begin() + ptrdiff_t(size)}));
  for (size_t i = 0; i < 80; ++i)
    for (char value : {'\0', '9', '(', '\'', '\xff'}) {
      auto damaged = bytes;
      damaged[i] = value;
      read(damaged);
    }
}

} // namespace
