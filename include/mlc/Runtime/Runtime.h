//===- Runtime.h - The C interface of libmlc_runtime ------------*- C -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loads artifacts and runs them. A module is a loaded artifact, a session is
// what runs it: threads and memory. Any number of sessions may share a module.
//
// Rules that hold for every function:
//
//   Errors   A function that can fail returns an mlc_status and, when `error`
//            is not null, leaves one line of text there: what is wrong, where,
//            what was found and what is allowed. On success the text is empty.
//   Threads  Modules are immutable: all queries may run at the same time. A
//            session may be used from several threads, runs then follow one
//            another. Releasing is for whoever uses the object last.
//   Strings  UTF-8, zero-terminated, never null unless stated; they live as
//            long as the object that they were asked of.
//   Structs  `struct_size` is sizeof the struct as the caller knows it; a
//            newer runtime takes absent fields as zero.
//   Globals  There are none, and no signal handler, environment variable or
//            locale is touched or read.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_RUNTIME_RUNTIME_H
#define MLC_RUNTIME_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

#define MLC_API __attribute__((visibility("default")))

// C++ callers may then pass any number without undefined behaviour.
#ifdef __cplusplus
#define MLC_ENUM_TYPE : int32_t
#else
#define MLC_ENUM_TYPE
#endif

#ifdef __cplusplus
extern "C" {
#endif

/// What kind of error a function reports.
typedef enum mlc_status {
  MLC_OK = 0,
  /// The artifact is damaged, foreign, for another machine, or unreadable.
  MLC_ERROR_LOAD = 1,
  /// An input or output does not fit the module's signature.
  MLC_ERROR_INPUT = 2,
  /// The program failed while running: an index out of range, a division by
  /// zero, a failed check of the model, an overflow of a size.
  MLC_ERROR_RUN = 3,
  /// Memory could not be had, or the caller's arena is too small.
  MLC_ERROR_MEMORY = 4,
  /// The function was called wrongly: a null pointer, an unknown level.
  MLC_ERROR_USAGE = 5
} mlc_status;

/// Takes the text of an error; cut off at its end when longer.
typedef struct mlc_error {
  char message[2048];
} mlc_error;

/// Element types. `MLC_I1` is one byte, 0 or 1.
typedef enum mlc_dtype MLC_ENUM_TYPE {
  MLC_I1 = 0,
  MLC_I8,
  MLC_I16,
  MLC_I32,
  MLC_I64,
  MLC_U8,
  MLC_U16,
  MLC_U32,
  MLC_U64,
  MLC_F16,
  MLC_BF16,
  MLC_F32,
  MLC_F64
} mlc_dtype;

/// Bytes of an element; 0 for an unknown type.
MLC_API size_t mlc_dtype_size(mlc_dtype dtype);
/// "i1", "i8", "u8", "f16", "bf16", ...; "?" for an unknown type.
MLC_API const char *mlc_dtype_name(mlc_dtype dtype);
/// The runtime's version, "0.1.0".
MLC_API const char *mlc_runtime_version(void);

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

typedef struct mlc_module mlc_module;

/// How to load.
typedef struct mlc_load_options {
  size_t struct_size;
  /// Not 0: check the hash of the weights too, which reads all of them.
  int32_t verify;
} mlc_load_options;

/// Loads the artifact at `path`. `options` may be null. Checks the file, the
/// metadata, the program and the code's hash before any of its code is mapped
/// for execution, and picks the best instruction-set level of this machine.
/// The file stays open and mapped; whoever replaces it must rename a new file
/// over it, as with every shared library.
MLC_API mlc_status mlc_module_load(const char *path,
                                   const mlc_load_options *options,
                                   mlc_module **module, mlc_error *error);

/// Loads an artifact from memory, which is copied and may be freed afterwards.
MLC_API mlc_status mlc_module_load_memory(const void *data, size_t size,
                                          const mlc_load_options *options,
                                          mlc_module **module,
                                          mlc_error *error);

/// Reads and checks the metadata only: works for artifacts of any machine, and
/// maps no code. With `verify` the hashes of code and weights are checked. The
/// module answers queries; a session of it is refused.
MLC_API mlc_status mlc_module_inspect(const char *path,
                                      const mlc_load_options *options,
                                      mlc_module **module, mlc_error *error);
MLC_API mlc_status mlc_module_inspect_memory(const void *data, size_t size,
                                             const mlc_load_options *options,
                                             mlc_module **module,
                                             mlc_error *error);

/// Gives up the caller's hold. Sessions hold their module themselves. Null is
/// allowed.
MLC_API void mlc_module_release(mlc_module *module);

/// A dimension of an input or output.
typedef struct mlc_dim_info {
  /// The size, or -1 when it is known at run time only.
  int64_t size;
  /// What people call it: "4", "batch", "2*batch+1".
  const char *name;
  /// What a run accepts: a multiple of `multiple` in [min, max]. Of an
  /// expression or an output these say nothing: 0, INT64_MAX, 1.
  int64_t min, max, multiple;
} mlc_dim_info;

typedef struct mlc_tensor_info {
  const char *name;
  mlc_dtype dtype;
  int32_t rank;
  const mlc_dim_info *dims;
} mlc_tensor_info;

MLC_API size_t mlc_module_num_inputs(const mlc_module *module);
MLC_API size_t mlc_module_num_outputs(const mlc_module *module);
/// The input or output at `index`; null when there is none.
MLC_API const mlc_tensor_info *mlc_module_input(const mlc_module *module,
                                                size_t index);
MLC_API const mlc_tensor_info *mlc_module_output(const mlc_module *module,
                                                 size_t index);

/// What can be asked of a module as text; "" when the artifact does not say.
typedef enum mlc_property MLC_ENUM_TYPE {
  MLC_COMPILER_VERSION = 0,
  MLC_ARCHITECTURE,  ///< "x86-64", "aarch64"
  MLC_TARGET,        ///< as resolved by the compiler
  MLC_OPTIONS,       ///< key=value of the options that are not the default
  MLC_MODEL_NAME,    ///< as the model calls itself
  MLC_MODEL_HASH,    ///< SHA-256 of the model file, hexadecimal
  MLC_CODE_HASH,     ///< SHA-256, hexadecimal
  MLC_WEIGHTS_HASH,  ///< SHA-256, hexadecimal
  MLC_METADATA_HASH, ///< SHA-256, hexadecimal
  MLC_PEAK_MEMORY,   ///< bytes of the arena: a number or an expression
  MLC_LEVEL          ///< the level picked at load; "" after inspect
} mlc_property;
MLC_API const char *mlc_module_property(const mlc_module *module,
                                        mlc_property property);

/// Instruction-set levels, from the least demanding up.
MLC_API size_t mlc_module_num_levels(const mlc_module *module);
MLC_API const char *mlc_module_level(const mlc_module *module, size_t index);

/// Kernels: the name, and the key it is cached and tuned under.
MLC_API size_t mlc_module_num_kernels(const mlc_module *module);
MLC_API const char *mlc_module_kernel_name(const mlc_module *module,
                                           size_t index);
MLC_API const char *mlc_module_kernel_key(const mlc_module *module,
                                          size_t index);

/// Bytes of the weights.
MLC_API uint64_t mlc_module_weights_size(const mlc_module *module);
/// Bytes of the arena when that does not depend on shapes, else -1.
MLC_API int64_t mlc_module_arena_size(const mlc_module *module);

/// The whole metadata: a verified FlatBuffer of lib/Runtime/Artifact.fbs, for
/// tools that print the program.
MLC_API const void *mlc_module_metadata(const mlc_module *module, size_t *size);

//===----------------------------------------------------------------------===//
// Sessions
//===----------------------------------------------------------------------===//

typedef struct mlc_session mlc_session;

/// One part of a parallel job; `index` is in [0, count).
typedef void (*mlc_task_fn)(void *argument, int32_t index);

/// Runs task(argument, 0) ... task(argument, count - 1), each once, and returns
/// when all have ended. They may run at the same time, later or one after
/// another, in any order: the first to start runs the program, the others help
/// it for as long as it runs.
typedef void (*mlc_executor_fn)(void *context, mlc_task_fn task, void *argument,
                                int32_t count);

/// One executed step of the program; of a call that threads share, one part.
typedef struct mlc_trace_event {
  const char *name; ///< the call's own name, or "copy", "eval", ...
  const char *key;  ///< the kernel's key; "" when the step is no call
  uint32_t step;    ///< index in the program
  int32_t thread;   ///< 0 is the caller's
  int64_t begin_ns; ///< CLOCK_MONOTONIC
  int64_t end_ns;
} mlc_trace_event;

/// Called from every thread of the session, at the same time.
typedef void (*mlc_trace_fn)(void *context, const mlc_trace_event *event);

typedef enum mlc_log_level {
  MLC_LOG_DEBUG = 0,
  MLC_LOG_INFO,
  MLC_LOG_WARNING
} mlc_log_level;

/// Called on the thread that creates or runs the session.
typedef void (*mlc_log_fn)(void *context, mlc_log_level level,
                           const char *message);

/// How to run. Zero-initialise, then set struct_size and what matters.
typedef struct mlc_session_options {
  size_t struct_size;
  /// Threads that work on a run, the caller's included; 0: one per core that
  /// the process may use.
  int32_t threads;
  /// CPUs for the threads: thread i is pinned to cpus[i % num_cpus]. The
  /// caller's own thread (0) is never touched. Null: no pinning.
  const int32_t *cpus;
  size_t num_cpus;
  /// How long an idle thread spins before it sleeps; 0: the default of 200,
  /// negative: it sleeps at once.
  int64_t spin_microseconds;
  /// The caller's threads instead of the session's own; see mlc_executor_fn.
  mlc_executor_fn executor;
  void *executor_context;
  /// Memory for the planned buffers, 64-byte aligned and untouched by others
  /// until the session is released; null: the session allocates. A run whose
  /// plan needs more is refused.
  void *arena;
  size_t arena_size;
  /// Level to run, "x86-64-v3" or "v3"; null: the module's choice.
  const char *level;
  mlc_log_fn log;
  void *log_context;
  mlc_trace_fn trace;
  void *trace_context;
} mlc_session_options;

/// Makes a session. `options` may be null. Threads start with the first run
/// that needs them.
MLC_API mlc_status mlc_session_create(mlc_module *module,
                                      const mlc_session_options *options,
                                      mlc_session **session, mlc_error *error);

/// Ends the threads and frees the memory, the outputs' included. Null is
/// allowed.
MLC_API void mlc_session_release(mlc_session *session);

/// A tensor that the caller passes.
typedef struct mlc_tensor {
  /// The input's or output's name; null: the one at this position.
  const char *name;
  /// First element. Any alignment; what is not aligned to its element is
  /// copied.
  void *data;
  mlc_dtype dtype;
  int32_t rank;
  /// `rank` sizes.
  const int64_t *shape;
  /// `rank` distances in bytes, of any sign; null: contiguous, row-major.
  const int64_t *strides;
} mlc_tensor;

/// Runs the program once.
///
/// Every input of the module must be there, in any order when named. Outputs
/// are those wanted, in any order. An output with `data` set is written by the
/// run: dtype, rank and shape must be what the run yields; where a size depends
/// on the data, the memory must only be large enough. An output whose `data` is
/// null is filled in: data, dtype, rank, shape and strides then point to memory
/// of the session that is valid until its next run or release. Outputs must
/// not overlap each other; one that overlaps an input is written at the end.
MLC_API mlc_status mlc_session_run(mlc_session *session,
                                   const mlc_tensor *inputs, size_t num_inputs,
                                   mlc_tensor *outputs, size_t num_outputs,
                                   mlc_error *error);

/// The sizes of output `index` in the last run that succeeded; null before.
/// Valid until the next run.
MLC_API const int64_t *mlc_session_output_shape(const mlc_session *session,
                                                size_t index);
/// Threads of the session, the caller's included.
MLC_API int32_t mlc_session_threads(const mlc_session *session);
/// Name of the level in use.
MLC_API const char *mlc_session_level(const mlc_session *session);
/// Bytes held for planned buffers, heap buffers, outputs and copies of inputs.
MLC_API size_t mlc_session_memory(const mlc_session *session);

#ifdef __cplusplus
}
#endif

#endif // MLC_RUNTIME_RUNTIME_H
