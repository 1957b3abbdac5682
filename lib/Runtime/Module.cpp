//===- Module.cpp - A loaded artifact -------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Module.h"
#include "Cpu.h"
#include "Sha256.h"
#include "Verify.h"

#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

using namespace mlc::rt;

mlc_module::~mlc_module() {
  if (library)
    dlclose(library);
  if (file >= 0)
    close(file);
  metadataCopy.release();
}

void mlc_module::release() {
  if (holders.fetch_sub(1, std::memory_order_acq_rel) == 1)
    destroy(this);
}

mlc_status mlc_module::open(int newFile, const uint8_t *data, size_t size,
                            bool execute, bool verify, Diag &diag) {
  file = newFile;
  cpu = Cpu::detect();
  ElfView elf;
  if (readElf(data, size, elf, diag) || readMetadata(elf, diag))
    return diag;
  if (strcmp(textOf(metadata->architecture()), elf.architecture))
    return diag.error(MLC_ERROR_LOAD)
           << "damaged: the metadata says " << textOf(metadata->architecture())
           << ", the ELF header " << elf.architecture;
  uint64_t weightsSize = elf.hasWeights ? elf.weightsSize : 0;
  if (weightsSize != metadata->weights_size())
    return diag.error(MLC_ERROR_LOAD)
           << "damaged: the weights have " << weightsSize
           << " bytes, the metadata says " << metadata->weights_size();
  if (execute && strcmp(elf.architecture, hostArchitecture))
    return diag.error(MLC_ERROR_LOAD)
           << "the artifact is for " << elf.architecture << ", this machine is "
           << hostArchitecture;
  if ((execute || verify) && checkHashes(elf, verify, diag))
    return diag;
  if (execute && (pickLevel(nullptr, level, diag) || link(elf, diag)))
    return diag;
  return MLC_OK;
}

/// Copies the metadata out of the file, which others may write to, and checks
/// the copy.
mlc_status mlc_module::readMetadata(const ElfView &elf, Diag &diag) {
  mlc_metadata_header header;
  const uint8_t *section = elf.data + elf.metadata;
  if (elf.metadataSize < sizeof(header))
    return diag.error(MLC_ERROR_LOAD)
           << "damaged: section .mlc.meta has " << elf.metadataSize
           << " bytes, fewer than its header";
  memcpy(&header, section, sizeof(header));
  if (memcmp(header.magic, MLC_METADATA_MAGIC, sizeof(header.magic)))
    return diag.error(MLC_ERROR_LOAD)
           << "damaged: section .mlc.meta does not start with its magic";
  if (header.version != MLC_FORMAT_VERSION)
    return diag.error(MLC_ERROR_LOAD)
           << "the artifact has format " << header.version
           << ", this runtime reads format " << MLC_FORMAT_VERSION;
  if (header.size > elf.metadataSize - sizeof(header))
    return diag.error(MLC_ERROR_LOAD)
           << "damaged: the metadata has " << header.size
           << " bytes, its section " << elf.metadataSize;
  metadataSize = header.size;
  if (!metadataCopy.reserve(metadataSize))
    return outOfMemory(diag, "the metadata");
  memcpy(metadataCopy.data, section + sizeof(header), metadataSize);
  uint8_t digest[32];
  Sha256 hash(cpu);
  hash.update(metadataCopy.data, metadataSize);
  hash.finish(digest);
  if (memcmp(digest, header.sha256, sizeof(digest)))
    return diag.error(MLC_ERROR_LOAD)
           << "damaged: the metadata does not match its hash";
  hexDigest(digest, metadataHash);
  if (verifyMetadata(metadataCopy.data, metadataSize, metadata, diag) ||
      decodeProgram(*metadata, program, diag))
    return diag;
  hexDigest(metadata->code_hash()->data(), codeHash);
  if (sizeOf(metadata->weights_hash()) == 32)
    hexDigest(metadata->weights_hash()->data(), weightsHash);
  return describeTensors(diag);
}

static void describeDim(const fb::Metadata &metadata, bool isInput,
                        const fb::Value &dim, mlc_dim_info &info) {
  if (dim.reg() < 0) {
    info.size = info.min = info.max = dim.literal();
    info.multiple = 1;
    return;
  }
  info.size = -1;
  info.min = 0;
  info.max = INT64_MAX;
  info.multiple = 1;
  auto *symbols = metadata.program()->symbols();
  for (uint32_t i = 0; isInput && i < sizeOf(symbols); ++i)
    if (symbols->Get(i)->reg() == uint32_t(dim.reg())) {
      info.min = symbols->Get(i)->min();
      info.max = symbols->Get(i)->max();
      info.multiple = symbols->Get(i)->multiple();
    }
}

mlc_status mlc_module::describe(bool isInput, Array<mlc_tensor_info> &infos,
                                mlc_dim_info *&next, Diag &diag) {
  auto *specs = isInput ? metadata->inputs() : metadata->outputs();
  if (!infos.resize(sizeOf(specs)))
    return outOfMemory(diag, "the signature");
  for (uint32_t i = 0; i < infos.size(); ++i) {
    const fb::TensorSpec &spec = *specs->Get(i);
    infos[i] = {spec.name()->c_str(), mlc_dtype(spec.dtype()),
                int32_t(sizeOf(spec.dims())), next};
    for (uint32_t d = 0; d < sizeOf(spec.dims()); ++d, ++next) {
      next->name = spec.dim_names()->Get(d)->c_str();
      describeDim(*metadata, isInput, *spec.dims()->Get(d), *next);
    }
  }
  return MLC_OK;
}

mlc_status mlc_module::describeTensors(Diag &diag) {
  size_t numDims = 0;
  for (auto *specs : {metadata->inputs(), metadata->outputs()})
    for (uint32_t i = 0; i < sizeOf(specs); ++i)
      numDims += sizeOf(specs->Get(i)->dims());
  if (!dims.resize(numDims))
    return outOfMemory(diag, "the signature");
  mlc_dim_info *next = dims.data();
  if (describe(true, inputs, next, diag) ||
      describe(false, outputs, next, diag))
    return diag;
  return MLC_OK;
}

mlc_status mlc_module::checkHashes(const ElfView &elf, bool verify,
                                   Diag &diag) {
  uint8_t digest[32];
  uint64_t end = elf.hasWeights ? elf.weights : elf.size;
  uint64_t after = elf.metadata + elf.metadataSize;
  Sha256 code(cpu);
  code.update(elf.data, elf.metadata);
  code.update(elf.data + after, end - after);
  code.finish(digest);
  if (memcmp(digest, metadata->code_hash()->data(), sizeof(digest)))
    return diag.error(MLC_ERROR_LOAD)
           << "damaged: the code does not match its hash";
  if (!verify || !elf.hasWeights)
    return MLC_OK;
  Sha256 weights(cpu);
  weights.update(elf.data + elf.weights, elf.weightsSize);
  weights.finish(digest);
  if (sizeOf(metadata->weights_hash()) != 32 ||
      memcmp(digest, metadata->weights_hash()->data(), sizeof(digest)))
    return diag.error(MLC_ERROR_LOAD)
           << "damaged: the weights do not match their hash";
  return MLC_OK;
}

/// The first feature that this machine lacks for a level; null when none.
static const char *missingFeature(const Cpu &cpu, const fb::Level &level) {
  if (const char *missing = cpu.missingFor(level.name()->c_str()))
    return missing;
  for (uint32_t i = 0; i < sizeOf(level.features()); ++i)
    if (!cpu.has(level.features()->Get(i)->c_str()))
      return level.features()->Get(i)->c_str();
  return nullptr;
}

/// "v3" names "x86-64-v3".
static bool isLevel(const char *name, const char *wanted) {
  size_t length = strlen(name), tail = strlen(wanted);
  return !strcmp(name, wanted) ||
         (tail && tail < length && name[length - tail - 1] == '-' &&
          !strcmp(name + length - tail, wanted));
}

mlc_status mlc_module::pickLevel(const char *name, uint32_t &picked,
                                 Diag &diag) const {
  auto *levels = metadata->levels();
  picked = 0;
  if (sizeOf(levels) == 0 && !name)
    return MLC_OK;
  for (uint32_t i = sizeOf(levels); i-- > 0;) {
    const fb::Level &level = *levels->Get(i);
    if (name && !isLevel(level.name()->c_str(), name))
      continue;
    const char *missing = missingFeature(cpu, level);
    picked = i;
    if (!missing)
      return MLC_OK;
    if (name || i == 0)
      return diag.error(MLC_ERROR_LOAD)
             << "the artifact's " << (name ? "" : "least demanding ")
             << "level " << level.name()->c_str() << " needs the CPU feature "
             << missing << ", which this machine lacks";
  }
  (diag.error(MLC_ERROR_USAGE) << "there is no level ").quote(name);
  diag << "; the artifact has ";
  for (uint32_t i = 0; i < sizeOf(levels); ++i)
    diag << (i ? ", " : "") << levels->Get(i)->name()->c_str();
  return diag;
}

/// A path to the open `file` that no load has used before.
///
/// Through the open file, and not by its own path: that may by now name another
/// file. The loader compares names first, and a library keeps every name that
/// it was ever asked for by, also those of files that are closed since. So the
/// time is written into the name, as bits that change nothing: "/" and "/.".
static void makeLoaderPath(int file, char (&path)[192]) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  uint64_t time = uint64_t(now.tv_sec) * 1000000000 + uint64_t(now.tv_nsec);
  char *end = stpcpy(path, "/proc/self/fd");
  for (; time; time >>= 1)
    end = stpcpy(end, time & 1 ? "/." : "/");
  *end++ = '/';
  char digits[12];
  int length = 0;
  for (int rest = file; rest || !length; rest /= 10)
    digits[length++] = char('0' + rest % 10);
  while (length)
    *end++ = digits[--length];
  *end = 0;
}

mlc_status mlc_module::link(const ElfView &elf, Diag &diag) {
  char path[192];
  makeLoaderPath(file, path);
  library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return diag.error(MLC_ERROR_LOAD)
           << "the system does not load it: " << dlerror();
  descriptor = static_cast<const mlc_artifact_descriptor *>(
      dlsym(library, "mlc_artifact"));
  if (!descriptor)
    return diag.error(MLC_ERROR_LOAD)
           << "damaged: it exports no symbol mlc_artifact";
  return checkDescriptor(elf, diag);
}

mlc_status mlc_module::checkDescriptor(const ElfView &elf, Diag &diag) {
  if (descriptor->abi_version != MLC_ABI_VERSION)
    return diag.error(MLC_ERROR_LOAD)
           << "the artifact has ABI version " << descriptor->abi_version
           << ", this runtime has " << MLC_ABI_VERSION;
  if (descriptor->num_levels != sizeOf(metadata->levels()) ||
      descriptor->num_kernels != sizeOf(metadata->kernels()))
    return diag.error(MLC_ERROR_LOAD)
           << "damaged: the code has " << descriptor->num_levels
           << " levels and " << descriptor->num_kernels
           << " kernels, the metadata says " << sizeOf(metadata->levels())
           << " and " << sizeOf(metadata->kernels());
  size_t entries = size_t(descriptor->num_levels) * descriptor->num_kernels;
  for (size_t i = 0; i < entries; ++i)
    if (!descriptor->entries || !descriptor->entries[i])
      return diag.error(MLC_ERROR_LOAD)
             << "damaged: kernel " << uint64_t(i % descriptor->num_kernels)
             << " has no entry point";
  struct link_map *map = nullptr;
  if (dlinfo(library, RTLD_DI_LINKMAP, &map) || !map)
    return diag.error(MLC_ERROR_LOAD) << "the system does not say where it is";
  uintptr_t weights =
      metadata->weights_size() ? map->l_addr + elf.weightsAddress : 0;
  if (weights && reinterpret_cast<uintptr_t>(descriptor->weights) != weights)
    return diag.error(MLC_ERROR_LOAD)
           << "damaged: the weights are not where the code takes them to be";
  return MLC_OK;
}

void mlc_module::listNames(bool isInput, Diag &diag) const {
  const Array<mlc_tensor_info> &infos = isInput ? inputs : outputs;
  for (size_t i = 0; i < infos.size(); ++i) {
    diag << (i ? ", " : "");
    diag.quote(infos[i].name);
  }
  if (!infos.size())
    diag << "none";
}
