//===- Elf.cpp - Bounds-checked view of an artifact's file ----------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elf.h"

#include <elf.h>

namespace mlc::rt {

static bool inside(uint64_t offset, uint64_t size, uint64_t total) {
  return offset <= total && size <= total - offset;
}

/// Reads entry `index` of a table; the file need not be aligned.
template <typename T> static T readEntry(const uint8_t *table, uint64_t index) {
  T entry;
  memcpy(&entry, table + index * sizeof(T), sizeof(T));
  return entry;
}

static const char *architectureOf(uint16_t machine) {
  return machine == EM_X86_64    ? "x86-64"
         : machine == EM_AARCH64 ? "aarch64"
                                 : "?";
}

static mlc_status checkHeader(const uint8_t *data, size_t size,
                              Elf64_Ehdr &header, Diag &diag) {
  if (size < sizeof(header) || memcmp(data, ELFMAG, SELFMAG))
    return diag.error(MLC_ERROR_LOAD)
           << "not an mlc artifact: the file is no ELF shared object";
  memcpy(&header, data, sizeof(header));
  if (header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_type != ET_DYN)
    return diag.error(MLC_ERROR_LOAD)
           << "not an mlc artifact: the file is no 64-bit little-endian ELF "
              "shared object";
  if (header.e_phentsize != sizeof(Elf64_Phdr) ||
      header.e_shentsize != sizeof(Elf64_Shdr))
    return diag.error(MLC_ERROR_LOAD)
           << "damaged: ELF header entries have unknown sizes";
  if (!inside(header.e_phoff, header.e_phnum * sizeof(Elf64_Phdr), size) ||
      !inside(header.e_shoff, header.e_shnum * sizeof(Elf64_Shdr), size))
    return diag.error(MLC_ERROR_LOAD)
           << "truncated: the ELF header tables end beyond the file's "
           << uint64_t(size) << " bytes";
  return MLC_OK;
}

static mlc_status checkSegments(const uint8_t *data, size_t size,
                                const Elf64_Ehdr &header, Diag &diag) {
  for (uint32_t i = 0; i < header.e_phnum; ++i) {
    auto segment = readEntry<Elf64_Phdr>(data + header.e_phoff, i);
    if (!inside(segment.p_offset, segment.p_filesz, size))
      return diag.error(MLC_ERROR_LOAD)
             << "truncated: segment " << i << " has " << segment.p_filesz
             << " bytes at " << segment.p_offset << ", the file has "
             << uint64_t(size);
    // 2^47 bytes is all of the address space that the system hands out.
    constexpr uint64_t limit = uint64_t(1) << 47;
    if (segment.p_type == PT_LOAD &&
        (segment.p_memsz < segment.p_filesz || segment.p_memsz > limit ||
         segment.p_vaddr > limit))
      return diag.error(MLC_ERROR_LOAD)
             << "damaged: segment " << i << " has an impossible size";
  }
  return MLC_OK;
}

/// Whether the section's name is `name`, with the name inside the table.
static bool hasName(const uint8_t *data, const Elf64_Shdr &names,
                    const Elf64_Shdr &section, const char *name) {
  size_t length = strlen(name) + 1;
  return inside(section.sh_name, length, names.sh_size) &&
         !memcmp(data + names.sh_offset + section.sh_name, name, length);
}

static mlc_status findSections(const Elf64_Ehdr &header, ElfView &view,
                               Diag &diag) {
  const uint8_t *table = view.data + header.e_shoff;
  Elf64_Shdr names = {};
  if (header.e_shstrndx < header.e_shnum)
    names = readEntry<Elf64_Shdr>(table, header.e_shstrndx);
  if (names.sh_type != SHT_STRTAB ||
      !inside(names.sh_offset, names.sh_size, view.size))
    return diag.error(MLC_ERROR_LOAD)
           << "damaged or stripped: no table of section names";
  bool hasMetadata = false;
  for (uint32_t i = 0; i < header.e_shnum; ++i) {
    auto section = readEntry<Elf64_Shdr>(table, i);
    bool metadata = hasName(view.data, names, section, ".mlc.meta");
    bool weights = hasName(view.data, names, section, ".mlc.weights");
    if (!metadata && !weights)
      continue;
    if (section.sh_type == SHT_NOBITS ||
        !inside(section.sh_offset, section.sh_size, view.size))
      return diag.error(MLC_ERROR_LOAD)
             << "truncated: section "
             << (metadata ? ".mlc.meta" : ".mlc.weights")
             << " ends beyond the file's " << view.size << " bytes";
    if (metadata) {
      hasMetadata = true;
      view.metadata = section.sh_offset;
      view.metadataSize = section.sh_size;
    } else {
      view.hasWeights = true;
      view.weights = section.sh_offset;
      view.weightsSize = section.sh_size;
      view.weightsAddress = section.sh_addr;
    }
  }
  if (!hasMetadata)
    return diag.error(MLC_ERROR_LOAD)
           << "not an mlc artifact: there is no section .mlc.meta";
  return MLC_OK;
}

mlc_status readElf(const uint8_t *data, size_t size, ElfView &view,
                   Diag &diag) {
  Elf64_Ehdr header;
  view = {};
  view.data = data;
  view.size = size;
  if (mlc_status status = checkHeader(data, size, header, diag))
    return status;
  view.architecture = architectureOf(header.e_machine);
  if (mlc_status status = checkSegments(data, size, header, diag))
    return status;
  if (mlc_status status = findSections(header, view, diag))
    return status;
  if (view.hasWeights && view.metadata + view.metadataSize > view.weights)
    return diag.error(MLC_ERROR_LOAD)
           << "damaged: section .mlc.meta lies behind .mlc.weights";
  return MLC_OK;
}

} // namespace mlc::rt
