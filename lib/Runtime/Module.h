//===- Module.h - A loaded artifact -----------------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_RUNTIME_MODULE_H
#define MLC_LIB_RUNTIME_MODULE_H

#include "Cpu.h"
#include "Elf.h"
#include "Program.h"

#include "mlc/Runtime/Descriptor.h"

#include <atomic>

/// A loaded or inspected artifact; what the C interface calls a module.
struct mlc_module {
public:
  ~mlc_module();

  /// `execute`: map the code too. Takes over `file`; `data` is its content.
  mlc_status open(int file, const uint8_t *data, size_t size, bool execute,
                  bool verify, mlc::rt::Diag &diag);

  void retain() { holders.fetch_add(1, std::memory_order_relaxed); }
  void release();

  /// Index of the level to run: the best, or the named one. A level that this
  /// machine cannot run is refused.
  mlc_status pickLevel(const char *name, uint32_t &level,
                       mlc::rt::Diag &diag) const;
  mlc_kernel_fn entry(uint32_t level, uint32_t kernel) const {
    return descriptor
        ->entries[size_t(level) * descriptor->num_kernels + kernel];
  }
  const void *weights() const { return descriptor->weights; }
  const void *metadataBytes() const { return metadataCopy.data; }
  bool executable() const { return descriptor != nullptr; }
  /// "a", "b", "c" of the inputs or outputs, for messages.
  void listNames(bool inputs, mlc::rt::Diag &diag) const;

  const mlc::rt::fb::Metadata *metadata = nullptr;
  size_t metadataSize = 0;
  mlc::rt::Program program;
  mlc::rt::Array<mlc_tensor_info> inputs, outputs;
  uint32_t level = 0;
  char metadataHash[65] = "", codeHash[65] = "", weightsHash[65] = "";

private:
  mlc_status readMetadata(const mlc::rt::ElfView &elf, mlc::rt::Diag &diag);
  mlc_status describeTensors(mlc::rt::Diag &diag);
  mlc_status describe(bool isInput, mlc::rt::Array<mlc_tensor_info> &infos,
                      mlc_dim_info *&next, mlc::rt::Diag &diag);
  mlc_status checkHashes(const mlc::rt::ElfView &elf, bool verify,
                         mlc::rt::Diag &diag);
  mlc_status link(const mlc::rt::ElfView &elf, mlc::rt::Diag &diag);
  mlc_status checkDescriptor(const mlc::rt::ElfView &elf, mlc::rt::Diag &diag);

  std::atomic<uint32_t> holders{1};
  mlc::rt::Block metadataCopy;
  mlc::rt::Array<mlc_dim_info> dims;
  mlc::rt::Cpu cpu;
  int file = -1;
  void *library = nullptr;
  const mlc_artifact_descriptor *descriptor = nullptr;
};

#endif // MLC_LIB_RUNTIME_MODULE_H
