//===- Runner.h - Runs a module on files or random data ---------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `mlc run` and `mlc-run` share.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TOOLS_MLC_RUN_RUNNER_H
#define MLC_TOOLS_MLC_RUN_RUNNER_H

#include "Npy.h"

#include <map>
#include <memory>

namespace mlc::tool {

/// Exit codes of all commands.
enum ExitCode { Done = 0, Refused = 1, Usage = 2, Internal = 3 };

struct Release {
  void operator()(mlc_module *module) const { mlc_module_release(module); }
  void operator()(mlc_session *session) const { mlc_session_release(session); }
};
using ModulePtr = std::unique_ptr<mlc_module, Release>;
using SessionPtr = std::unique_ptr<mlc_session, Release>;

/// What to feed a module and what to do with its results. The maps go by the
/// names of inputs, outputs or dims.
struct RunOptions {
  std::map<std::string, std::string> inputs, expected;
  std::map<std::string, std::pair<double, double>> ranges;
  std::map<std::string, std::vector<int64_t>> shapes;
  std::map<std::string, int64_t> dims;
  uint64_t seed = 0;
  std::string output, level;
  double rtol = 1e-3, atol = 1e-5;
  int32_t threads = 0;
};

/// NAME=VALUE, and what the values of some flags mean. False when malformed.
bool splitPair(const std::string &text, std::string &name, std::string &value);
bool parseRange(const std::string &text, std::pair<double, double> &range);
bool parseShape(const std::string &text, std::vector<int64_t> &shape);
bool parseInteger(const std::string &text, int64_t &value);
/// Adds a repeated flag `--input` and the like; false with `error` set.
bool addOption(const std::string &flag, const std::string &text,
               RunOptions &options, std::string &error);

/// Loads `path`, or explains why not on stderr.
ModulePtr load(const std::string &path);
SessionPtr makeSession(mlc_module *module, const mlc_session_options &options);

/// The inputs from files or at random. False with `error` set.
bool makeInputs(const mlc_module *module, const RunOptions &options,
                std::vector<HostTensor> &tensors, std::string &error);

/// Runs once, writes and compares the outputs, prints what came out.
int runModule(mlc_module *module, const RunOptions &options);

} // namespace mlc::tool

#endif // MLC_TOOLS_MLC_RUN_RUNNER_H
