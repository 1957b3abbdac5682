//===- main.cpp - mlc-run: the smallest program on the runtime ------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs an artifact where there is nothing but a C and C++ library; also built
// for other machines and run under an emulator.
//
//===----------------------------------------------------------------------===//

#include "Runner.h"

#include <cstdio>
#include <cstdlib>

using namespace mlc::tool;

static const char usage[] =
    "usage: mlc-run FILE [options]\n"
    "  --input NAME=FILE.npy    an input from a file\n"
    "  --random SEED            the other inputs at random [0]\n"
    "  --range NAME=LOW:HIGH    bounds of a random input\n"
    "  --shape NAME=1x3x8       shape of a random input\n"
    "  --dim NAME=SIZE          size of a named dimension\n"
    "  --output DIR             write the outputs to DIR/NAME.npy\n"
    "  --expect NAME=FILE.npy   compare an output\n"
    "  --rtol R, --atol A       tolerances; A counts the output's scale\n"
    "  --level NAME             instruction-set level, v3 or v4\n"
    "  --threads N              threads; 0: one per core\n";

static int usageError(const std::string &message) {
  fprintf(stderr, "error: %s\n%s", message.c_str(), usage);
  return Usage;
}

/// Takes one flag and its value; false with `error` set.
static bool takeFlag(const std::string &flag, const std::string &value,
                     RunOptions &options, std::string &error) {
  int64_t number = 0;
  bool isInteger = parseInteger(value, number);
  if (flag == "--output")
    options.output = value;
  else if (flag == "--level")
    options.level = value;
  else if (flag == "--rtol")
    options.rtol = atof(value.c_str());
  else if (flag == "--atol")
    options.atol = atof(value.c_str());
  else if (flag == "--random" && isInteger)
    options.seed = uint64_t(number);
  else if (flag == "--threads" && isInteger && number >= 0 && number < 1024)
    options.threads = int32_t(number);
  else if (flag == "--input" || flag == "--expect" || flag == "--range" ||
           flag == "--shape" || flag == "--dim")
    return addOption(flag, value, options, error);
  else
    error = flag + " " + value + ": unknown flag or value";
  return error.empty();
}

int main(int argc, char **argv) {
  RunOptions options;
  std::string file, error;
  for (int i = 1; i < argc; ++i) {
    std::string flag = argv[i];
    if (flag == "--help") {
      fputs(usage, stdout);
      return Done;
    }
    if (flag.rfind("--", 0) != 0) {
      if (!file.empty())
        return usageError("two files are given");
      file = flag;
    } else if (i + 1 == argc) {
      return usageError(flag + " needs a value");
    } else if (!takeFlag(flag, argv[++i], options, error)) {
      return usageError(error);
    }
  }
  if (file.empty())
    return usageError("no file is given");
  ModulePtr module = load(file);
  return module ? runModule(module.get(), options) : Refused;
}
