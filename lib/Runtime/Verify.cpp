//===- Verify.cpp - Checks metadata before anything uses it ---------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Verify.h"

#include "mlc/Runtime/Descriptor.h"

namespace mlc::rt {

namespace {

using Specs = flatbuffers::Vector<flatbuffers::Offset<fb::TensorSpec>>;

constexpr uint32_t maxRegisters = 1 << 20, maxTensors = 1 << 12, maxLevels = 16;

Diag &bad(Diag &diag) {
  return diag.error(MLC_ERROR_LOAD) << "damaged metadata: ";
}

class Checker {
public:
  Checker(const fb::Metadata &metadata, Diag &diag)
      : metadata(metadata), program(*metadata.program()), diag(diag) {}

  mlc_status run() {
    if (metadata.format_version() != MLC_FORMAT_VERSION)
      return diag.error(MLC_ERROR_LOAD)
             << "the artifact has format " << metadata.format_version()
             << ", this runtime reads format " << MLC_FORMAT_VERSION;
    if (program.registers() > maxRegisters)
      return bad(diag) << program.registers() << " registers, allowed "
                       << maxRegisters;
    if (checkSpecs("input", metadata.inputs()) ||
        checkSpecs("output", metadata.outputs()) || checkSymbols() ||
        checkBind() || checkKernels() || checkHashes())
      return diag;
    return MLC_OK;
  }

private:
  mlc_status checkSpecs(const char *what, const Specs *specs);
  mlc_status checkSpec(const char *what, const fb::TensorSpec &spec);
  mlc_status checkSymbols();
  mlc_status checkSymbol(uint32_t index, const fb::Symbol &symbol);
  mlc_status checkBind();
  mlc_status checkKernels();
  mlc_status checkHashes();

  const fb::Metadata &metadata;
  const fb::Program &program;
  Diag &diag;
};

mlc_status Checker::checkSpec(const char *what, const fb::TensorSpec &spec) {
  const char *name = spec.name()->c_str();
  if (spec.dtype() > fb::DType::MAX)
    return (bad(diag) << what << " ").quote(name)
           << " has the unknown type " << uint32_t(spec.dtype());
  uint32_t rank = sizeOf(spec.dims());
  if (rank > maxRank || sizeOf(spec.dim_names()) != rank)
    return (bad(diag) << what << " ").quote(name)
           << " has " << rank << " dims and " << sizeOf(spec.dim_names())
           << " dim names; they must agree, at most " << maxRank;
  if (!isAligned(spec.dims()))
    return (bad(diag) << what << " ").quote(name) << ": misaligned dims";
  for (uint32_t i = 0; i < rank; ++i)
    if (!validValue(*spec.dims()->Get(i), program.registers(), 0))
      return (bad(diag) << what << " ").quote(name)
             << ": dim " << i << " is negative or names no register";
  return MLC_OK;
}

mlc_status Checker::checkSpecs(const char *what, const Specs *specs) {
  if (sizeOf(specs) > maxTensors)
    return bad(diag) << specs->size() << " " << what << "s, allowed "
                     << maxTensors;
  for (uint32_t i = 0; i < sizeOf(specs); ++i) {
    const char *name = specs->Get(i)->name()->c_str();
    if (checkSpec(what, *specs->Get(i)))
      return diag;
    for (uint32_t j = 0; j < i; ++j)
      if (!strcmp(name, specs->Get(j)->name()->c_str()))
        return (bad(diag) << "two " << what << "s are called ").quote(name);
  }
  return MLC_OK;
}

mlc_status Checker::checkSymbol(uint32_t index, const fb::Symbol &symbol) {
  const char *name = symbol.name()->c_str();
  auto *inputs = metadata.inputs();
  const fb::Value *dim = nullptr;
  if (symbol.input() < sizeOf(inputs)) {
    auto *dims = inputs->Get(symbol.input())->dims();
    if (symbol.axis() < sizeOf(dims))
      dim = dims->Get(symbol.axis());
  }
  if (!dim || dim->reg() < 0 || uint32_t(dim->reg()) != symbol.reg())
    return (bad(diag) << "symbol ").quote(name)
           << " is bound from no dim of an input";
  if (symbol.min() < 0 || symbol.max() < symbol.min() || symbol.multiple() < 1)
    return (bad(diag) << "symbol ").quote(name)
           << " has an empty range or multiple";
  for (uint32_t i = 0; i < index; ++i)
    if (program.symbols()->Get(i)->reg() == symbol.reg())
      return (bad(diag) << "symbol ").quote(name)
             << " shares a register with another";
  return MLC_OK;
}

mlc_status Checker::checkSymbols() {
  if (sizeOf(program.symbols()) > maxTensors)
    return bad(diag) << program.symbols()->size() << " symbols, allowed "
                     << maxTensors;
  for (uint32_t i = 0; i < sizeOf(program.symbols()); ++i)
    if (checkSymbol(i, *program.symbols()->Get(i)))
      return diag;
  return MLC_OK;
}

mlc_status Checker::checkBind() {
  if (!isAligned(program.bind()))
    return bad(diag) << "misaligned instructions of bind";
  for (uint32_t i = 0; i < sizeOf(program.bind()); ++i) {
    const fb::Instr &instr = *program.bind()->Get(i);
    uint32_t n = program.registers();
    if (instr.op() > fb::Opcode::MAX || instr.dst() >= n || instr.a() >= n ||
        instr.b() >= n || instr.c() >= n)
      return bad(diag) << "instruction " << i << " of bind is invalid";
    for (uint32_t s = 0; s < sizeOf(program.symbols()); ++s)
      if (program.symbols()->Get(s)->reg() == instr.dst())
        return bad(diag) << "instruction " << i << " of bind sets a symbol";
  }
  return MLC_OK;
}

mlc_status Checker::checkKernels() {
  if (sizeOf(metadata.levels()) > maxLevels)
    return bad(diag) << metadata.levels()->size() << " levels, allowed "
                     << maxLevels;
  if (sizeOf(metadata.kernels()) > 0 && sizeOf(metadata.levels()) == 0)
    return bad(diag) << "there are kernels, but no instruction-set level";
  return MLC_OK;
}

mlc_status Checker::checkHashes() {
  if (sizeOf(metadata.code_hash()) != 32)
    return bad(diag) << "the code's hash has " << sizeOf(metadata.code_hash())
                     << " bytes, not 32";
  uint32_t weightsHash = sizeOf(metadata.weights_hash());
  if (weightsHash != 32 && (weightsHash != 0 || metadata.weights_size() != 0))
    return bad(diag) << "the weights' hash has " << weightsHash
                     << " bytes, not 32";
  return MLC_OK;
}

} // namespace

mlc_status verifyMetadata(const void *data, size_t size,
                          const fb::Metadata *&metadata, Diag &diag) {
  // Depth: metadata, program, step, kernel call. Tables: about one per step.
  flatbuffers::Verifier::Options limits;
  limits.max_depth = 16;
  limits.max_tables = 4u << 20;
  if (size < 16 || size >= FLATBUFFERS_MAX_BUFFER_SIZE)
    return bad(diag) << "it has " << uint64_t(size) << " bytes";
  flatbuffers::Verifier verifier(static_cast<const uint8_t *>(data), size,
                                 limits);
  if (!fb::VerifyMetadataBuffer(verifier))
    return bad(diag) << "it is no FlatBuffer of this format";
  metadata = fb::GetMetadata(data);
  if (Checker(*metadata, diag).run() || verifyProgram(*metadata, diag))
    return diag;
  return MLC_OK;
}

} // namespace mlc::rt
