//===- LoadTest.cpp ------------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestArtifact.h"

#include <cstdlib>
#include <cstring>
#include <elf.h>
#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <unistd.h>

using namespace mlc::test;
namespace fb = mlc::fb;

namespace {

ArtifactBuilder simpleBuilder() {
  ArtifactBuilder b;
  Dim n{reg(0), "n"};
  uint32_t x = b.input("x", DType::F32, {n}, reg(1));
  uint32_t y = b.output("y", DType::F32, {n}, reg(1));
  b.symbol("n", 0, 0, 0, 1, 64, 2);
  b.bind = {constant(2, 4), instr(Opcode::Mul, 1, 0, 2)};
  uint32_t t = b.arena(reg(1));
  b.branch(reg(0), 1, 1);
  b.call(Scale, {ref(x), ref(t)}, {lit(2)}, reg(0));
  b.call(Scale, {ref(t), ref(y)}, {lit(2)}, reg(0));
  return b;
}

std::string inspectError(const std::vector<uint8_t> &artifact,
                         bool verify = false) {
  mlc_module *module = nullptr;
  mlc_error error;
  mlc_load_options options = {sizeof(options), verify};
  mlc_module_inspect_memory(artifact.data(), artifact.size(), &options, &module,
                            &error);
  EXPECT_EQ(module == nullptr, error.message[0] != 0);
  mlc_module_release(module);
  return error.message;
}

TEST(Load, AnswersQueries) {
  ModulePtr module = loadModule(simpleBuilder().finish());
  ASSERT_EQ(mlc_module_num_inputs(module.get()), 1u);
  const mlc_tensor_info *x = mlc_module_input(module.get(), 0);
  EXPECT_STREQ(x->name, "x");
  EXPECT_EQ(x->dtype, MLC_F32);
  ASSERT_EQ(x->rank, 1);
  EXPECT_EQ(x->dims[0].size, -1);
  EXPECT_STREQ(x->dims[0].name, "n");
  EXPECT_EQ(x->dims[0].min, 1);
  EXPECT_EQ(x->dims[0].max, 64);
  EXPECT_EQ(x->dims[0].multiple, 2);
  EXPECT_EQ(mlc_module_input(module.get(), 1), nullptr);
  EXPECT_STREQ(mlc_module_output(module.get(), 0)->name, "y");
  EXPECT_EQ(mlc_module_num_levels(module.get()), 2u);
  EXPECT_EQ(mlc_module_num_kernels(module.get()), 6u);
  EXPECT_STREQ(mlc_module_kernel_name(module.get(), 3), "reverse");
  EXPECT_STREQ(mlc_module_kernel_name(module.get(), 6), "");
  EXPECT_EQ(mlc_module_weights_size(module.get()), 4096u);
  EXPECT_EQ(mlc_module_arena_size(module.get()), -1);
  EXPECT_EQ(strlen(mlc_module_property(module.get(), MLC_CODE_HASH)), 64u);
  EXPECT_STREQ(mlc_module_property(module.get(), MLC_MODEL_NAME), "model");
  size_t size = 0;
  const void *bytes = mlc_module_metadata(module.get(), &size);
  flatbuffers::Verifier verifier(static_cast<const uint8_t *>(bytes), size);
  EXPECT_TRUE(fb::VerifyMetadataBuffer(verifier));
}

TEST(Load, FromAPath) {
  auto artifact = simpleBuilder().finish();
  std::string path =
      testing::TempDir() + "mlc-load-" + std::to_string(getpid()) + ".so";
  auto write = [&] {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char *>(artifact.data()),
               std::streamsize(artifact.size()));
  };
  write();
  mlc_module *module = nullptr;
  mlc_error error;
  ASSERT_EQ(mlc_module_load(path.c_str(), nullptr, &module, &error), MLC_OK)
      << error.message;
  mlc_module_release(module);
  artifact.resize(1000);
  write();
  EXPECT_EQ(mlc_module_load(path.c_str(), nullptr, &module, &error),
            MLC_ERROR_LOAD);
  EXPECT_EQ(error.message, "\"" + path +
                               "\": truncated: the ELF header tables end "
                               "beyond the file's 1000 bytes");
  unlink(path.c_str());
  EXPECT_EQ(mlc_module_load(path.c_str(), nullptr, &module, &error),
            MLC_ERROR_LOAD);
  EXPECT_EQ(error.message,
            "\"" + path + "\": cannot read it: No such file or directory");
}

// Two artifacts that were at the same path one after the other are two modules.
TEST(Load, APathThatIsReplaced) {
  std::string path =
      testing::TempDir() + "mlc-replace-" + std::to_string(getpid()) + ".so";
  mlc_module *modules[2] = {};
  for (int i = 0; i < 2; ++i) {
    ArtifactBuilder b = simpleBuilder();
    b.registers += uint32_t(i);
    auto artifact = b.finish();
    unlink(path.c_str());
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char *>(artifact.data()),
               std::streamsize(artifact.size()));
    mlc_error error;
    ASSERT_EQ(mlc_module_load(path.c_str(), nullptr, &modules[i], &error),
              MLC_OK)
        << error.message;
  }
  EXPECT_STRNE(mlc_module_property(modules[0], MLC_METADATA_HASH),
               mlc_module_property(modules[1], MLC_METADATA_HASH));
  for (mlc_module *module : modules)
    mlc_module_release(module);
  unlink(path.c_str());
}

TEST(Load, ForeignFiles) {
  EXPECT_EQ(loadError({'h', 'i'}),
            "not an mlc artifact: the file is no ELF shared object");
  EXPECT_EQ(loadError(std::vector<uint8_t>(4096, 0)),
            "not an mlc artifact: the file is no ELF shared object");
  std::ifstream self("/proc/self/exe", std::ios::binary);
  std::vector<uint8_t> program{std::istreambuf_iterator<char>(self), {}};
  EXPECT_EQ(loadError(program),
            "not an mlc artifact: there is no section .mlc.meta");
}

TEST(Load, OtherMachineCanBeInspected) {
  ArtifactBuilder b = simpleBuilder();
  bool isX86 = b.architecture == "x86-64";
  std::string here = b.architecture, there = isX86 ? "aarch64" : "x86-64";
  b.architecture = there;
  auto artifact = b.finish();
  EXPECT_NE(inspectError(artifact).find("damaged: the metadata says"),
            std::string::npos);
  Elf64_Ehdr header;
  memcpy(&header, artifact.data(), sizeof(header));
  header.e_machine = isX86 ? EM_AARCH64 : EM_X86_64;
  memcpy(artifact.data(), &header, sizeof(header));
  EXPECT_EQ(inspectError(artifact), "");
  EXPECT_EQ(loadError(artifact),
            "the artifact is for " + there + ", this machine is " + here);
}

TEST(Load, MissingCpuFeature) {
  ArtifactBuilder b = simpleBuilder();
  b.features = {"avx1024"};
  std::string first = b.levels[0];
  EXPECT_EQ(loadError(b.finish()),
            "the artifact's least demanding level " + first +
                " needs the CPU feature avx1024, which this machine lacks");
}

TEST(Load, LevelsByName) {
  ArtifactBuilder b = simpleBuilder();
  std::string first = b.levels[0];
  ModulePtr module = loadModule(b.finish());
  mlc_session_options options = {};
  options.struct_size = sizeof(options);
  mlc_session *session = nullptr;
  mlc_error error;
  options.level = first.c_str();
  ASSERT_EQ(mlc_session_create(module.get(), &options, &session, &error),
            MLC_OK)
      << error.message;
  EXPECT_EQ(mlc_session_level(session), first);
  mlc_session_release(session);
  options.level = "v9";
  EXPECT_EQ(mlc_session_create(module.get(), &options, &session, &error),
            MLC_ERROR_USAGE);
  EXPECT_EQ(std::string(error.message).find("there is no level \"v9\""), 0u);
}

TEST(Load, InspectedModulesDoNotRun) {
  auto artifact = simpleBuilder().finish();
  mlc_module *module = nullptr;
  ASSERT_EQ(mlc_module_inspect_memory(artifact.data(), artifact.size(), nullptr,
                                      &module, nullptr),
            MLC_OK);
  mlc_session *session = nullptr;
  EXPECT_EQ(mlc_session_create(module, nullptr, &session, nullptr),
            MLC_ERROR_USAGE);
  mlc_module_release(module);
}

TEST(Load, HashesOfCodeAndWeights) {
  auto artifact = simpleBuilder().finish();
  auto damaged = artifact;
  damaged[0x3f8] ^= 1; // among the relocations
  EXPECT_EQ(loadError(damaged), "damaged: the code does not match its hash");
  damaged = artifact;
  size_t weights = (metadataOffset(artifact) + (1 << 16) + 4095) / 4096 * 4096;
  damaged[weights + 17] ^= 1;
  EXPECT_EQ(inspectError(damaged), "");
  EXPECT_EQ(inspectError(damaged, true),
            "damaged: the weights do not match their hash");
  EXPECT_EQ(inspectError(artifact, true), "");
}

TEST(Load, EveryTruncationIsRefused) {
  auto artifact = simpleBuilder().finish();
  for (size_t size = 1; size < artifact.size(); size += size < 4096 ? 1 : 997) {
    std::vector<uint8_t> part(artifact.begin(),
                              artifact.begin() + ptrdiff_t(size));
    EXPECT_NE(loadError(part), "") << size;
  }
}

TEST(Load, EveryFlippedByteOfTheMetadataIsRefused) {
  auto artifact = simpleBuilder().finish();
  size_t begin = metadataOffset(artifact), size = metadataSize(artifact);
  for (size_t at = begin; at < begin + size; ++at) {
    // Reserved bytes of the header mean nothing.
    if (at - begin >= 56 && at - begin < 64)
      continue;
    if (at - begin >= 12 && at - begin < 16)
      continue;
    auto damaged = artifact;
    damaged[at] ^= 0x5a;
    EXPECT_NE(inspectError(damaged), "") << at - begin;
  }
}

/// Whatever metadata with a valid hash says: it is refused, or all of it can be
/// read. The check must leave nothing to chance, which sanitizers see.
TEST(Load, FlippedBitsUnderAValidHashAreRefusedOrHarmless) {
  ArtifactBuilder b;
  Dim n{reg(0), "n"};
  b.input("x", DType::I64, {n}, reg(1));
  uint32_t y = b.output("y", DType::I64, {n}, reg(1));
  b.symbol("n", 0, 0, 0, 1, 64, 2);
  b.bind = {constant(2, 8), instr(Opcode::Mul, 1, 0, 2)};
  uint32_t t = b.arena(reg(1));
  b.branch(reg(0), 3, 1);
  b.loop(3, lit(3), lit(1), 1);
  b.store(reg(3), ref(t), DType::I32, reg(3));
  b.copy(ref(t), ref(y), lit(16));
  b.fail(reg(7), "no");
  b.eval({instr(Opcode::Add, 5, 5, 0)});
  auto artifact = b.finish();
  size_t begin = metadataOffset(artifact) + 64,
         size = metadataSize(artifact) - 64;
  size_t loaded = 0;
  for (size_t bit = 0; bit < 8 * size; ++bit) {
    auto changed = artifact;
    changed[begin + bit / 8] ^= uint8_t(1 << bit % 8);
    rehashMetadata(changed);
    mlc_module *module = nullptr;
    mlc_load_options options = {sizeof(options), 0};
    if (mlc_module_inspect_memory(changed.data(), changed.size(), &options,
                                  &module, nullptr) == MLC_OK)
      ++loaded;
    mlc_module_release(module);
  }
  EXPECT_GT(loaded, size / 8);
  EXPECT_LT(loaded, 8 * size);
}

TEST(Load, RandomDamageOfTheElfTables) {
  auto artifact = simpleBuilder().finish();
  Elf64_Ehdr header;
  memcpy(&header, artifact.data(), sizeof(header));
  std::mt19937 random(3);
  for (int round = 0; round < 3000; ++round) {
    auto damaged = artifact;
    size_t spots[] = {random() % 64, 64 + random() % (56 * header.e_phnum),
                      header.e_shoff + random() % (64 * header.e_shnum)};
    damaged[spots[round % 3]] = uint8_t(random());
    inspectError(damaged);
  }
}

} // namespace
