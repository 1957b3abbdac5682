//===- main.cpp -----------------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"

#include <CLI/CLI.hpp>
#include <cstdio>

using namespace mlc::tool;

namespace {

/// Everything that the flags of all commands set.
struct Settings {
  std::string file, output;
  CompileFlags compile;
  RunOptions run;
  BenchOptions bench;
  InspectOptions inspect;
  bool json = false;
  /// NAME=VALUE flags by name, to be parsed once the command is known.
  std::vector<std::string> inputs, ranges, expected;
};

/// A flag that may be repeated and takes one value each time; by default lists
/// would swallow the file's name behind them.
void addList(CLI::App &command, const char *flag,
             std::vector<std::string> &values, const char *what) {
  command.add_option(flag, values, what)->allow_extra_args(false);
}

void addCompileFlags(CLI::App &command, Settings &s) {
  command.add_option("--target", s.compile.target,
                     "cpu, x86-64, x86-64-v3 or x86-64-v4");
  addList(command, "--shape", s.compile.shapes,
          "NAME=1x3x224x224: sizes of an input");
  addList(command, "--dim", s.compile.dims,
          "NAME=4 or NAME=1..64: sizes of a named dimension");
  addList(command, "--set", s.compile.options, "KEY=VALUE: an option");
  addList(command, "--external-data", s.compile.externalData,
          "folder that links of external data may lead to");
  command.add_flag("--time", s.compile.time, "print the time of each stage");
}

void addRunFlags(CLI::App &command, Settings &s) {
  command.add_option("FILE", s.file, "artifact or model")->required();
  command.add_option("--random", s.run.seed, "seed of random inputs");
  addList(command, "--range", s.ranges,
          "NAME=LOW:HIGH: bounds of a random input");
  addList(command, "--input", s.inputs, "NAME=FILE.npy: an input");
  command.add_option("--level", s.run.level, "instruction-set level: v3, v4");
  command.add_option("--threads", s.run.threads, "threads; 0: one per core")
      ->check(CLI::Range(0, 1024));
}

CLI::App *addCompile(CLI::App &app, Settings &s) {
  CLI::App *command = app.add_subcommand("compile", "compile a model");
  command->add_option("MODEL", s.file, ".onnx or .mlir")->required();
  command->add_option("-o,--output", s.output, "artifact to write");
  addCompileFlags(*command, s);
  command->add_option("--stop-after", s.compile.stopAfter,
                      "print the IR after a stage");
  command->add_option("--dump-stages", s.compile.dumpStages,
                      "folder for the IR after every stage");
  return command;
}

CLI::App *addCheck(CLI::App &app, Settings &s) {
  CLI::App *command =
      app.add_subcommand("check", "list what would block compilation");
  command->add_option("MODEL", s.file, ".onnx or .mlir")->required();
  command->add_flag("--json", s.json, "print the report as JSON");
  addCompileFlags(*command, s);
  return command;
}

CLI::App *addRun(CLI::App &app, Settings &s) {
  CLI::App *command = app.add_subcommand("run", "run an artifact or a model");
  addRunFlags(*command, s);
  addCompileFlags(*command, s);
  command->add_option("--output", s.run.output,
                      "folder for the outputs as .npy files");
  addList(*command, "--expect", s.expected, "NAME=FILE.npy: compare an output");
  command->add_option("--rtol", s.run.rtol, "relative tolerance");
  command->add_option("--atol", s.run.atol,
                      "tolerance as a part of the output's scale");
  return command;
}

CLI::App *addBench(CLI::App &app, Settings &s) {
  CLI::App *command =
      app.add_subcommand("bench", "time an artifact or a model");
  addRunFlags(*command, s);
  addCompileFlags(*command, s);
  command->add_option("--json", s.bench.json, "write the numbers to a file");
  command->add_option("--seconds", s.bench.seconds, "how long to measure")
      ->check(CLI::Range(0.0, 3600.0));
  return command;
}

CLI::App *addInspect(CLI::App &app, Settings &s) {
  CLI::App *command =
      app.add_subcommand("inspect", "print what an artifact says of itself");
  command->add_option("FILE", s.file, "artifact")->required();
  command->add_flag("--json", s.inspect.json, "as JSON");
  command->add_flag("--steps", s.inspect.steps, "the program");
  command->add_flag("--kernels", s.inspect.kernels, "the kernels");
  command->add_flag("--memory", s.inspect.memory, "the buffers");
  command->add_flag("--verify", s.inspect.verify,
                    "check the hashes of code and weights");
  return command;
}

/// Parses NAME=VALUE flags into the run's options. Of a model, shapes and dims
/// are the compiler's; of what they leave open the run needs sizes as well.
bool finishRun(Settings &s) {
  std::string error;
  auto addAll = [&](const char *flag, const std::vector<std::string> &items) {
    for (const std::string &item : items)
      if (!addOption(flag, item, s.run, error))
        return false;
    return true;
  };
  std::vector<std::string> sizes;
  for (const std::string &dim : s.compile.dims)
    if (!isModel(s.file) || dim.find("..") == std::string::npos)
      sizes.push_back(dim);
  if (addAll("--input", s.inputs) && addAll("--range", s.ranges) &&
      addAll("--expect", s.expected) && addAll("--shape", s.compile.shapes) &&
      addAll("--dim", sizes))
    return true;
  fprintf(stderr, "error: %s\n", error.c_str());
  return false;
}

int runAny(Settings &s) {
  int exitCode;
  ModulePtr module = loadAny(s.file, s.compile, exitCode);
  return module ? runModule(module.get(), s.run) : exitCode;
}

} // namespace

int main(int argc, char **argv) {
  CLI::App app("mlc: compiles machine-learning models ahead of time", "mlc");
  Settings s;
  bool version = false;
  app.add_flag("--version", version, "print versions and targets");
  app.require_subcommand(0, 1);
  CLI::App *compile = addCompile(app, s), *check = addCheck(app, s),
           *run = addRun(app, s), *bench = addBench(app, s),
           *inspect = addInspect(app, s);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) ? Usage : Done;
  }
  if (version) {
    printf("%s\n", versionText().c_str());
    return Done;
  }
  if (*compile)
    return compileModel(s.file, s.output, s.compile);
  if (*check)
    return checkModel(s.file, s.compile, s.json);
  if (*inspect)
    return inspectArtifact(s.file, s.inspect);
  if ((*run || *bench) && !finishRun(s))
    return Usage;
  if (*run)
    return runAny(s);
  if (*bench) {
    s.bench.run = s.run;
    return benchModule(s.file, s.compile, s.bench);
  }
  fputs(app.help().c_str(), stderr);
  return Usage;
}
