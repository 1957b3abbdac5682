//===- Commands.h ------------------------------------------- -*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TOOLS_MLC_COMMANDS_H
#define MLC_TOOLS_MLC_COMMANDS_H

#include "Runner.h"

#include <string>
#include <vector>

namespace mlc::tool {

/// Flags of everything that compiles.
struct CompileFlags {
  std::string target = "cpu";
  std::vector<std::string> shapes, dims, options, externalData;
  std::string stopAfter, dumpStages;
  bool time = false;
};

/// `mlc compile` and `mlc check`. `output` is ignored by `check`.
int compileModel(const std::string &model, const std::string &output,
                 const CompileFlags &flags);
int checkModel(const std::string &model, const CompileFlags &flags, bool json);

/// Whether the path names a model and not an artifact.
bool isModel(const std::string &path);

/// Loads an artifact, or compiles a model in memory and loads that. Null with
/// `exitCode` set when it fails; the reasons are on stderr.
ModulePtr loadAny(const std::string &path, const CompileFlags &flags,
                  int &exitCode);

/// `mlc bench`.
struct BenchOptions {
  RunOptions run;
  std::string json;
  double seconds = 3;
};
int benchModule(const std::string &path, const CompileFlags &flags,
                const BenchOptions &options);

/// `mlc inspect`.
struct InspectOptions {
  bool json = false, steps = false, kernels = false, memory = false,
       verify = false;
};
int inspectArtifact(const std::string &path, const InspectOptions &options);

/// One line per step of the program, indented by nesting.
std::vector<std::string> describeSteps(const mlc_module *module);
/// One line per buffer.
std::vector<std::string> describeBuffers(const mlc_module *module);

/// `mlc --version`: this program, and the compiler when it is there.
std::string versionText();

} // namespace mlc::tool

#endif // MLC_TOOLS_MLC_COMMANDS_H
