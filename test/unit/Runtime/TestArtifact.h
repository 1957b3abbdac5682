//===- TestArtifact.h - Artifacts made by hand ------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TEST_UNIT_RUNTIME_TESTARTIFACT_H
#define MLC_TEST_UNIT_RUNTIME_TESTARTIFACT_H

#include "mlc/Runtime/Artifact_generated.h"
#include "mlc/Runtime/Descriptor.h"
#include "mlc/Runtime/Runtime.h"

#include <memory>
#include <string>
#include <vector>

namespace mlc::test {

using fb::BufferKind;
using fb::DType;
using fb::Opcode;

inline fb::Value lit(int64_t value) { return fb::Value(value, -1); }
inline fb::Value reg(int32_t number) { return fb::Value(0, number); }
inline fb::BufferRef ref(uint32_t buffer, fb::Value offset = lit(0)) {
  return fb::BufferRef(buffer, offset);
}
inline fb::Instr constant(uint32_t dst, int64_t value) {
  return fb::Instr(Opcode::Const, dst, 0, 0, 0, value);
}
inline fb::Instr instr(Opcode op, uint32_t dst, uint32_t a, uint32_t b,
                       uint32_t c = 0) {
  return fb::Instr(op, dst, a, b, c, 0);
}

/// The kernels of TestKernels.c.
enum TestKernel : uint32_t {
  Add,
  Scale,
  FaultKernel,
  Reverse,
  CountPositive,
  KeepPositive
};

/// A cost that spreads a call over the team.
inline constexpr int64_t costly = 1000000;

struct Dim {
  fb::Value value;
  std::string name;
};

inline Dim fixed(int64_t size) { return {lit(size), std::to_string(size)}; }

/// Collects a program and writes it into a copy of the test kernels.
class ArtifactBuilder {
public:
  uint32_t registers = 16;
  int64_t arenaSize = -1;
  uint32_t formatVersion = MLC_FORMAT_VERSION;
  std::string architecture;
  std::vector<std::string> levels = {"x86-64-v3", "x86-64-v4"};
  std::vector<std::string> features;
  std::vector<fb::Instr> bind;
  uint64_t weightsSize = 4096;

  ArtifactBuilder();

  /// Each also adds the buffer and returns its number.
  uint32_t input(const std::string &name, DType type, std::vector<Dim> dims,
                 fb::Value bytes);
  uint32_t output(const std::string &name, DType type, std::vector<Dim> dims,
                  fb::Value bytes);
  uint32_t arena(fb::Value bytes, uint32_t first = 0, uint32_t last = ~0u,
                 int64_t offset = 0);
  uint32_t weight(int64_t offset, int64_t bytes);
  uint32_t buffer(BufferKind kind, fb::Value bytes, int64_t offset,
                  uint32_t index, uint32_t first, uint32_t last);
  void symbol(const std::string &name, uint32_t reg, uint32_t input,
              uint32_t axis, int64_t min = 0, int64_t max = INT64_MAX,
              int64_t multiple = 1);

  void eval(std::vector<fb::Instr> code);
  void load(uint32_t dst, fb::BufferRef source, DType type, fb::Value index);
  void store(fb::Value value, fb::BufferRef target, DType type,
             fb::Value index);
  void call(uint32_t kernel, std::vector<fb::BufferRef> buffers,
            std::vector<fb::Value> sizes, fb::Value grid,
            fb::Value cost = lit(costly), const std::string &name = "node");
  void copy(fb::BufferRef source, fb::BufferRef target, fb::Value bytes);
  void branch(fb::Value condition, uint32_t thenSteps, uint32_t elseSteps);
  void loop(uint32_t counter, fb::Value trips, fb::Value condition,
            uint32_t bodySteps);
  void swap(uint32_t a, uint32_t b);
  void fail(fb::Value condition, const std::string &message);
  void grow(uint32_t buffer);
  uint32_t numSteps() const { return uint32_t(steps.size()); }

  std::vector<uint8_t> finish();

private:
  struct PendingBuffer {
    BufferKind kind;
    fb::Value size;
    int64_t offset;
    uint32_t index, first, last;
  };
  flatbuffers::Offset<fb::TensorSpec> spec(const std::string &name, DType type,
                                           const std::vector<Dim> &dims);
  template <typename T> void add(fb::Step kind, flatbuffers::Offset<T> step) {
    kinds.push_back(kind);
    steps.push_back(step.Union());
  }
  flatbuffers::Offset<fb::Program> program();
  void writeMetadata(const std::vector<uint8_t> &codeHash,
                     const std::vector<uint8_t> &weightsHash);

  flatbuffers::FlatBufferBuilder builder;
  std::vector<flatbuffers::Offset<fb::TensorSpec>> inputs, outputs;
  std::vector<flatbuffers::Offset<fb::Symbol>> symbols;
  std::vector<PendingBuffer> buffers;
  std::vector<fb::Step> kinds;
  std::vector<flatbuffers::Offset<void>> steps;
};

/// Where the metadata section of an artifact starts, and its bytes in use.
size_t metadataOffset(const std::vector<uint8_t> &artifact);
size_t metadataSize(const std::vector<uint8_t> &artifact);
/// Makes the hash in the metadata's header match its bytes again.
void rehashMetadata(std::vector<uint8_t> &artifact);

struct Release {
  void operator()(mlc_module *module) const { mlc_module_release(module); }
  void operator()(mlc_session *session) const { mlc_session_release(session); }
};
using ModulePtr = std::unique_ptr<mlc_module, Release>;
using SessionPtr = std::unique_ptr<mlc_session, Release>;

/// Loads an artifact and makes a session; both must work.
ModulePtr loadModule(const std::vector<uint8_t> &artifact);
SessionPtr makeSession(mlc_module *module, int32_t threads = 1);

/// The message of a load that must fail with MLC_ERROR_LOAD.
std::string loadError(const std::vector<uint8_t> &artifact);

/// A tensor over a vector.
template <typename T>
mlc_tensor tensor(const char *name, mlc_dtype type, std::vector<T> &data,
                  const std::vector<int64_t> &shape) {
  return {name,         data.data(), type, int32_t(shape.size()),
          shape.data(), nullptr};
}

} // namespace mlc::test

#endif // MLC_TEST_UNIT_RUNTIME_TESTARTIFACT_H
