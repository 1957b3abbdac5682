//===- TestArtifact.cpp - Artifacts made by hand --------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestArtifact.h"

#include "Cpu.h"
#include "Elf.h"
#include "Sha256.h"
#include "mlc/Runtime/Descriptor.h"

#include <cstring>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace mlc::test {

static std::vector<uint8_t> hash(const uint8_t *a, size_t sizeA,
                                 const uint8_t *b, size_t sizeB) {
  std::vector<uint8_t> digest(32);
  rt::Sha256 sha(rt::Cpu::detect());
  sha.update(a, sizeA);
  sha.update(b, sizeB);
  sha.finish(digest.data());
  return digest;
}

static rt::ElfView view(const std::vector<uint8_t> &artifact) {
  rt::ElfView elf;
  mlc_error error;
  rt::Diag diag(&error);
  if (readElf(artifact.data(), artifact.size(), elf, diag))
    ADD_FAILURE() << error.message;
  return elf;
}

ArtifactBuilder::ArtifactBuilder() : architecture(rt::hostArchitecture) {
  if (architecture != "x86-64")
    levels = {"aarch64", "aarch64-b"};
}

flatbuffers::Offset<fb::TensorSpec>
ArtifactBuilder::spec(const std::string &name, DType type,
                      const std::vector<Dim> &dims) {
  std::vector<fb::Value> values;
  std::vector<std::string> names;
  for (const Dim &dim : dims) {
    values.push_back(dim.value);
    names.push_back(dim.name);
  }
  auto text = builder.CreateString(name);
  auto valueVector = builder.CreateVectorOfStructs(values);
  auto nameVector = builder.CreateVectorOfStrings(names);
  return fb::CreateTensorSpec(builder, text, type, valueVector, nameVector);
}

uint32_t ArtifactBuilder::buffer(BufferKind kind, fb::Value bytes,
                                 int64_t offset, uint32_t index, uint32_t first,
                                 uint32_t last) {
  buffers.push_back({kind, bytes, offset, index, first, last});
  return uint32_t(buffers.size() - 1);
}

uint32_t ArtifactBuilder::input(const std::string &name, DType type,
                                std::vector<Dim> dims, fb::Value bytes) {
  inputs.push_back(spec(name, type, dims));
  return buffer(BufferKind::Input, bytes, 0, uint32_t(inputs.size() - 1), 0, 0);
}

uint32_t ArtifactBuilder::output(const std::string &name, DType type,
                                 std::vector<Dim> dims, fb::Value bytes) {
  outputs.push_back(spec(name, type, dims));
  return buffer(BufferKind::Output, bytes, 0, uint32_t(outputs.size() - 1), 0,
                0);
}

uint32_t ArtifactBuilder::arena(fb::Value bytes, uint32_t first, uint32_t last,
                                int64_t offset) {
  return buffer(BufferKind::Arena, bytes, offset, 0, first, last);
}

uint32_t ArtifactBuilder::weight(int64_t offset, int64_t bytes) {
  return buffer(BufferKind::Weight, lit(bytes), offset, 0, 0, 0);
}

void ArtifactBuilder::symbol(const std::string &name, uint32_t reg,
                             uint32_t input, uint32_t axis, int64_t min,
                             int64_t max, int64_t multiple) {
  symbols.push_back(fb::CreateSymbol(builder, builder.CreateString(name), reg,
                                     input, axis, min, max, multiple));
}

void ArtifactBuilder::eval(std::vector<fb::Instr> code) {
  add(fb::Step::EvalStep,
      fb::CreateEvalStep(builder, builder.CreateVectorOfStructs(code)));
}

void ArtifactBuilder::load(uint32_t dst, fb::BufferRef source, DType type,
                           fb::Value index) {
  add(fb::Step::LoadStep,
      fb::CreateLoadStep(builder, dst, &source, type, &index));
}

void ArtifactBuilder::store(fb::Value value, fb::BufferRef target, DType type,
                            fb::Value index) {
  add(fb::Step::StoreStep,
      fb::CreateStoreStep(builder, &value, &target, type, &index));
}

void ArtifactBuilder::call(uint32_t kernel, std::vector<fb::BufferRef> refs,
                           std::vector<fb::Value> sizes, fb::Value grid,
                           fb::Value cost, const std::string &name) {
  auto refVector = builder.CreateVectorOfStructs(refs);
  auto sizeVector = builder.CreateVectorOfStructs(sizes);
  auto text = builder.CreateString(name);
  add(fb::Step::CallStep, fb::CreateCallStep(builder, kernel, refVector,
                                             sizeVector, &grid, &cost, text));
}

void ArtifactBuilder::copy(fb::BufferRef source, fb::BufferRef target,
                           fb::Value bytes) {
  add(fb::Step::CopyStep,
      fb::CreateCopyStep(builder, &source, &target, &bytes));
}

void ArtifactBuilder::branch(fb::Value condition, uint32_t thenSteps,
                             uint32_t elseSteps) {
  add(fb::Step::IfStep,
      fb::CreateIfStep(builder, &condition, thenSteps, elseSteps));
}

void ArtifactBuilder::loop(uint32_t counter, fb::Value trips,
                           fb::Value condition, uint32_t bodySteps) {
  add(fb::Step::LoopStep,
      fb::CreateLoopStep(builder, counter, &trips, &condition, bodySteps));
}

void ArtifactBuilder::swap(uint32_t a, uint32_t b) {
  add(fb::Step::SwapStep, fb::CreateSwapStep(builder, a, b));
}

void ArtifactBuilder::fail(fb::Value condition, const std::string &message) {
  auto text = builder.CreateString(message);
  add(fb::Step::FailStep, fb::CreateFailStep(builder, &condition, text));
}

void ArtifactBuilder::grow(uint32_t buffer) {
  add(fb::Step::GrowStep, fb::CreateGrowStep(builder, buffer));
}

flatbuffers::Offset<fb::Program> ArtifactBuilder::program() {
  std::vector<flatbuffers::Offset<fb::Buffer>> bufferTables;
  for (PendingBuffer &b : buffers) {
    uint32_t last = b.last == ~0u ? std::max(numSteps(), 1u) - 1 : b.last;
    bufferTables.push_back(fb::CreateBuffer(builder, b.kind, &b.size, b.offset,
                                            b.index, b.first, last));
  }
  auto symbolVector = builder.CreateVector(symbols);
  auto bindVector = builder.CreateVectorOfStructs(bind);
  auto bufferVector = builder.CreateVector(bufferTables);
  auto kindVector = builder.CreateVector(kinds);
  auto stepVector = builder.CreateVector(steps);
  return fb::CreateProgram(builder, registers, symbolVector, bindVector,
                           bufferVector, kindVector, stepVector, arenaSize);
}

void ArtifactBuilder::writeMetadata(const std::vector<uint8_t> &codeHash,
                                    const std::vector<uint8_t> &weightsHash) {
  static const char *kernelNames[] = {
      "add", "scale", "fault", "reverse", "countPositive", "keepPositive"};
  std::vector<flatbuffers::Offset<fb::Kernel>> kernels;
  for (const char *name : kernelNames)
    kernels.push_back(fb::CreateKernelDirect(builder, name, "key"));
  std::vector<flatbuffers::Offset<fb::Level>> levelTables;
  for (const std::string &name : levels) {
    auto text = builder.CreateString(name);
    auto list = builder.CreateVectorOfStrings(features);
    levelTables.push_back(fb::CreateLevel(builder, text, list));
  }
  auto programTable = program();
  builder.Finish(
      fb::CreateMetadata(
          builder, formatVersion, builder.CreateString("test"),
          builder.CreateString(architecture), builder.CreateString("test"), 0,
          builder.CreateString("model"), 0, builder.CreateVector(inputs),
          builder.CreateVector(outputs), builder.CreateVector(levelTables),
          builder.CreateVector(kernels), programTable,
          builder.CreateString("0"), weightsSize,
          builder.CreateVector(codeHash), builder.CreateVector(weightsHash)),
      "MLCA");
}

std::vector<uint8_t> ArtifactBuilder::finish() {
  std::ifstream file(MLC_TEST_KERNELS, std::ios::binary);
  std::vector<uint8_t> artifact{std::istreambuf_iterator<char>(file), {}};
  rt::ElfView elf = view(artifact);
  size_t after = elf.metadata + elf.metadataSize;
  writeMetadata(
      hash(artifact.data(), elf.metadata, artifact.data() + after,
           elf.weights - after),
      hash(artifact.data() + elf.weights, elf.weightsSize, nullptr, 0));
  mlc_metadata_header header = {};
  memcpy(header.magic, MLC_METADATA_MAGIC, sizeof(header.magic));
  header.version = MLC_FORMAT_VERSION;
  header.size = builder.GetSize();
  if (sizeof(header) + header.size > elf.metadataSize) {
    ADD_FAILURE() << "the metadata is too large for the test kernels";
    return {};
  }
  memcpy(artifact.data() + elf.metadata, &header, sizeof(header));
  memcpy(artifact.data() + elf.metadata + sizeof(header),
         builder.GetBufferPointer(), header.size);
  rehashMetadata(artifact);
  return artifact;
}

size_t metadataOffset(const std::vector<uint8_t> &artifact) {
  return view(artifact).metadata;
}

size_t metadataSize(const std::vector<uint8_t> &artifact) {
  mlc_metadata_header header;
  memcpy(&header, artifact.data() + metadataOffset(artifact), sizeof(header));
  return sizeof(header) + header.size;
}

void rehashMetadata(std::vector<uint8_t> &artifact) {
  uint8_t *section = artifact.data() + metadataOffset(artifact);
  mlc_metadata_header header;
  memcpy(&header, section, sizeof(header));
  auto digest = hash(section + sizeof(header), header.size, nullptr, 0);
  memcpy(header.sha256, digest.data(), digest.size());
  memcpy(section, &header, sizeof(header));
}

ModulePtr loadModule(const std::vector<uint8_t> &artifact) {
  mlc_module *module = nullptr;
  mlc_error error;
  EXPECT_EQ(mlc_module_load_memory(artifact.data(), artifact.size(), nullptr,
                                   &module, &error),
            MLC_OK)
      << error.message;
  return ModulePtr(module);
}

SessionPtr makeSession(mlc_module *module, int32_t threads) {
  mlc_session *session = nullptr;
  mlc_error error;
  mlc_session_options options = {};
  options.struct_size = sizeof(options);
  options.threads = threads;
  EXPECT_EQ(mlc_session_create(module, &options, &session, &error), MLC_OK)
      << error.message;
  return SessionPtr(session);
}

std::string loadError(const std::vector<uint8_t> &artifact) {
  mlc_module *module = nullptr;
  mlc_error error;
  mlc_status status = mlc_module_load_memory(artifact.data(), artifact.size(),
                                             nullptr, &module, &error);
  EXPECT_EQ(status, MLC_ERROR_LOAD);
  mlc_module_release(module);
  return error.message;
}

} // namespace mlc::test
