//===- Api.cpp - The C interface ------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Session.h"
#include "Verify.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace mlc::rt;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

namespace {
struct TypeInfo {
  const char *name;
  size_t size;
};
constexpr TypeInfo types[] = {{"i1", 1},  {"i8", 1},  {"i16", 2},  {"i32", 4},
                              {"i64", 8}, {"u8", 1},  {"u16", 2},  {"u32", 4},
                              {"u64", 8}, {"f16", 2}, {"bf16", 2}, {"f32", 4},
                              {"f64", 8}};
constexpr size_t numTypes = sizeof(types) / sizeof(types[0]);
static_assert(numTypes == size_t(fb::DType::MAX) + 1 &&
              MLC_F64 == size_t(fb::DType::F64));
} // namespace

size_t mlc_dtype_size(mlc_dtype dtype) {
  return size_t(dtype) < numTypes ? types[dtype].size : 0;
}

const char *mlc_dtype_name(mlc_dtype dtype) {
  return size_t(dtype) < numTypes ? types[dtype].name : "?";
}

const char *mlc_runtime_version(void) { return MLC_VERSION; }

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

/// Takes the fields that the caller knows; the rest is zero.
template <typename T> static T readOptions(const T *options) {
  T result = {};
  if (options) {
    size_t size = options->struct_size;
    memcpy(static_cast<void *>(&result), options,
           size < sizeof(T) ? size : sizeof(T));
  }
  return result;
}

static mlc_status openModule(int file, const void *data, size_t size,
                             const mlc_load_options *options, bool execute,
                             mlc_module **result, Diag &diag) {
  auto *module = create<mlc_module>();
  if (!module) {
    if (file >= 0)
      close(file);
    return outOfMemory(diag, "the module");
  }
  bool verify = readOptions(options).verify != 0;
  mlc_status status = module->open(file, static_cast<const uint8_t *>(data),
                                   size, execute, verify, diag);
  if (status)
    module->release();
  else
    *result = module;
  return status;
}

static mlc_status openFile(const char *path, const mlc_load_options *options,
                           bool execute, mlc_module **result, Diag &diag) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  struct stat info;
  if (file < 0 || fstat(file, &info) || !S_ISREG(info.st_mode)) {
    const char *why = file < 0 ? strerror(errno) : "it is no regular file";
    if (file >= 0)
      close(file);
    return diag.error(MLC_ERROR_LOAD) << "cannot read it: " << why;
  }
  size_t size = size_t(info.st_size);
  void *data = mmap(nullptr, size ? size : 1, PROT_READ, MAP_PRIVATE, file, 0);
  if (data == MAP_FAILED) {
    close(file);
    return diag.error(MLC_ERROR_LOAD) << "cannot map it: " << strerror(errno);
  }
  mlc_status status =
      openModule(file, data, size, options, execute, result, diag);
  munmap(data, size ? size : 1);
  return status;
}

static mlc_status openPath(const char *path, const mlc_load_options *options,
                           bool execute, mlc_module **result,
                           mlc_error *error) {
  Diag diag(error);
  if (!path || !result)
    return diag.error(MLC_ERROR_USAGE) << "path or module is null";
  *result = nullptr;
  // Every message names the file.
  char prefix[512] = "\"";
  size_t length = strlen(path), most = sizeof(prefix) - 8;
  const char *shown = length > most ? path + length - most : path;
  strcat(strcat(prefix, shown), "\": ");
  diag.setPrefix(prefix);
  return openFile(path, options, execute, result, diag);
}

/// An anonymous file with the bytes, which the system can load; -1 on failure.
static int fileOf(const void *data, size_t size) {
  int file = memfd_create("mlc-artifact", MFD_CLOEXEC);
  for (size_t done = 0; file >= 0 && done < size;) {
    ssize_t wrote =
        write(file, static_cast<const char *>(data) + done, size - done);
    if (wrote < 0 && errno == EINTR)
      continue;
    if (wrote <= 0) {
      close(file);
      return -1;
    }
    done += size_t(wrote);
  }
  return file;
}

mlc_status mlc_module_load(const char *path, const mlc_load_options *options,
                           mlc_module **module, mlc_error *error) {
  return openPath(path, options, true, module, error);
}

mlc_status mlc_module_inspect(const char *path, const mlc_load_options *options,
                              mlc_module **module, mlc_error *error) {
  return openPath(path, options, false, module, error);
}

mlc_status mlc_module_load_memory(const void *data, size_t size,
                                  const mlc_load_options *options,
                                  mlc_module **module, mlc_error *error) {
  Diag diag(error);
  if (!data || !module)
    return diag.error(MLC_ERROR_USAGE) << "data or module is null";
  *module = nullptr;
  int file = fileOf(data, size);
  if (file < 0)
    return diag.error(MLC_ERROR_MEMORY)
           << "cannot make a file in memory: " << strerror(errno);
  return openModule(file, data, size, options, true, module, diag);
}

mlc_status mlc_module_inspect_memory(const void *data, size_t size,
                                     const mlc_load_options *options,
                                     mlc_module **module, mlc_error *error) {
  Diag diag(error);
  if (!data || !module)
    return diag.error(MLC_ERROR_USAGE) << "data or module is null";
  *module = nullptr;
  return openModule(-1, data, size, options, false, module, diag);
}

void mlc_module_release(mlc_module *module) {
  if (module)
    module->release();
}

size_t mlc_module_num_inputs(const mlc_module *module) {
  return module->inputs.size();
}

size_t mlc_module_num_outputs(const mlc_module *module) {
  return module->outputs.size();
}

const mlc_tensor_info *mlc_module_input(const mlc_module *module,
                                        size_t index) {
  return index < module->inputs.size() ? &module->inputs[index] : nullptr;
}

const mlc_tensor_info *mlc_module_output(const mlc_module *module,
                                         size_t index) {
  return index < module->outputs.size() ? &module->outputs[index] : nullptr;
}

const char *mlc_module_property(const mlc_module *module,
                                mlc_property property) {
  const fb::Metadata &metadata = *module->metadata;
  switch (property) {
  case MLC_COMPILER_VERSION:
    return textOf(metadata.compiler_version());
  case MLC_ARCHITECTURE:
    return textOf(metadata.architecture());
  case MLC_TARGET:
    return textOf(metadata.target());
  case MLC_OPTIONS:
    return textOf(metadata.options());
  case MLC_MODEL_NAME:
    return textOf(metadata.model_name());
  case MLC_MODEL_HASH:
    return textOf(metadata.model_hash());
  case MLC_CODE_HASH:
    return module->codeHash;
  case MLC_WEIGHTS_HASH:
    return module->weightsHash;
  case MLC_METADATA_HASH:
    return module->metadataHash;
  case MLC_PEAK_MEMORY:
    return textOf(metadata.peak_memory());
  case MLC_LEVEL:
    return module->executable() && sizeOf(metadata.levels())
               ? metadata.levels()->Get(module->level)->name()->c_str()
               : "";
  }
  return "";
}

size_t mlc_module_num_levels(const mlc_module *module) {
  return sizeOf(module->metadata->levels());
}

const char *mlc_module_level(const mlc_module *module, size_t index) {
  auto *levels = module->metadata->levels();
  return index < sizeOf(levels) ? levels->Get(uint32_t(index))->name()->c_str()
                                : "";
}

size_t mlc_module_num_kernels(const mlc_module *module) {
  return sizeOf(module->metadata->kernels());
}

const char *mlc_module_kernel_name(const mlc_module *module, size_t index) {
  auto *kernels = module->metadata->kernels();
  return index < sizeOf(kernels)
             ? kernels->Get(uint32_t(index))->name()->c_str()
             : "";
}

const char *mlc_module_kernel_key(const mlc_module *module, size_t index) {
  auto *kernels = module->metadata->kernels();
  return index < sizeOf(kernels) ? kernels->Get(uint32_t(index))->key()->c_str()
                                 : "";
}

uint64_t mlc_module_weights_size(const mlc_module *module) {
  return module->metadata->weights_size();
}

int64_t mlc_module_arena_size(const mlc_module *module) {
  return module->program.arenaSize;
}

const void *mlc_module_metadata(const mlc_module *module, size_t *size) {
  if (size)
    *size = module->metadataSize;
  return module->metadataBytes();
}

//===----------------------------------------------------------------------===//
// Sessions
//===----------------------------------------------------------------------===//

mlc_status mlc_session_create(mlc_module *module,
                              const mlc_session_options *options,
                              mlc_session **session, mlc_error *error) {
  Diag diag(error);
  if (!module || !session)
    return diag.error(MLC_ERROR_USAGE) << "module or session is null";
  *session = nullptr;
  auto *result = create<mlc_session>();
  if (!result)
    return outOfMemory(diag, "the session");
  mlc_status status = result->create(module, readOptions(options), diag);
  if (status)
    destroy(result);
  else
    *session = result;
  return status;
}

void mlc_session_release(mlc_session *session) { destroy(session); }

mlc_status mlc_session_run(mlc_session *session, const mlc_tensor *inputs,
                           size_t num_inputs, mlc_tensor *outputs,
                           size_t num_outputs, mlc_error *error) {
  Diag diag(error);
  if (!session || (!inputs && num_inputs) || (!outputs && num_outputs))
    return diag.error(MLC_ERROR_USAGE) << "session or tensors are null";
  return session->run(inputs, num_inputs, outputs, num_outputs, diag);
}

const int64_t *mlc_session_output_shape(const mlc_session *session,
                                        size_t index) {
  return session->outputShape(index);
}

int32_t mlc_session_threads(const mlc_session *session) {
  return session->threads();
}

const char *mlc_session_level(const mlc_session *session) {
  return session->levelName();
}

size_t mlc_session_memory(const mlc_session *session) {
  return session->memory();
}
