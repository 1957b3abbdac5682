//===- Session.h - Runs a module --------------------------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_RUNTIME_SESSION_H
#define MLC_LIB_RUNTIME_SESSION_H

#include "Memory.h"
#include "Module.h"
#include "Team.h"
#include "Walk.h"

/// What the C interface calls a session.
struct mlc_session {
public:
  ~mlc_session();

  mlc_status create(mlc_module *module, const mlc_session_options &options,
                    mlc::rt::Diag &diag);
  mlc_status run(const mlc_tensor *inputs, size_t numInputs,
                 mlc_tensor *outputs, size_t numOutputs, mlc::rt::Diag &diag);

  const int64_t *outputShape(size_t index) const;
  int32_t threads() const { return team.size(); }
  const char *levelName() const;
  size_t memory() const;

private:
  friend class mlc::rt::Walker;

  /// An output of a run.
  struct Output {
    uint32_t buffer;
    /// Known before the program starts: every dim, and the buffer's size.
    bool early;
    /// Where the run writes: the caller's memory, or `block`.
    bool direct;
    size_t firstDim;
    mlc_tensor *wanted;
    mlc::rt::Block block;
  };

  mlc_status allocate(mlc::rt::Diag &diag);
  mlc_status runLocked(const mlc_tensor *inputs, size_t numInputs,
                       mlc_tensor *outputs, size_t numOutputs,
                       mlc::rt::Diag &diag);
  void adoptProcess();
  void log(mlc_log_level level, const char *message) const {
    if (options.log)
      options.log(options.log_context, level, message);
  }

  // Bind.cpp: inputs.
  mlc_status matchInputs(const mlc_tensor *inputs, size_t count,
                         mlc::rt::Diag &diag);
  mlc_status checkInput(size_t index, mlc::rt::Diag &diag);
  mlc_status bindSymbols(mlc::rt::Diag &diag);
  mlc_status bindSymbol(const mlc::rt::fb::Symbol &symbol, mlc::rt::Diag &diag);
  mlc_status checkDims(size_t index, mlc::rt::Diag &diag);
  mlc_status placeInputs(mlc::rt::Diag &diag);

  // Outputs.cpp.
  mlc_status matchOutputs(mlc_tensor *outputs, size_t count,
                          mlc::rt::Diag &diag);
  mlc_status checkOutput(size_t index, mlc::rt::Diag &diag);
  mlc_status checkOverlaps(mlc::rt::Diag &diag);
  mlc_status placeOutputs(mlc::rt::Diag &diag);
  mlc_status placeOutput(size_t index, mlc::rt::Diag &diag);
  bool overlapsInput(const mlc_tensor &output) const;
  bool shapeOf(size_t index, const int64_t *registers);
  mlc_status finishOutputs(mlc::rt::Diag &diag);
  mlc_status finishOutput(size_t index, mlc::rt::Diag &diag);

  mlc_status execute(mlc::rt::Diag &diag);
  mlc_status describeFault(mlc::rt::Diag &diag);

  mlc_module *module = nullptr;
  uint32_t level = 0;
  mlc_session_options options = {};
  mlc::rt::Team team;
  pthread_mutex_t mutex;
  /// The process that the mutex and the threads belong to; -1 while a forked
  /// child takes over.
  std::atomic<int32_t> process{0};

  mlc::rt::Memory memoryPlan;
  mlc::rt::Walker walker;

  // The state of a run.
  mlc::rt::Array<const mlc_tensor *> given;
  mlc::rt::Array<mlc::rt::Block> inputCopies;
  mlc::rt::Array<bool> copied;
  mlc::rt::Array<Output> results;
  mlc::rt::Array<int64_t> resultDims, resultStrides;
  mlc::rt::Array<int64_t> registers, symbolValues;
  mlc::rt::Array<void *> addresses;
  bool ranOnce = false;
};

#endif // MLC_LIB_RUNTIME_SESSION_H
