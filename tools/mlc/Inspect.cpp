//===- Inspect.cpp --------------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace mlc::tool {

using Json = nlohmann::ordered_json;

namespace {

constexpr std::pair<const char *, mlc_property> properties[] = {
    {"compiler_version", MLC_COMPILER_VERSION},
    {"architecture", MLC_ARCHITECTURE},
    {"target", MLC_TARGET},
    {"options", MLC_OPTIONS},
    {"model_name", MLC_MODEL_NAME},
    {"model_hash", MLC_MODEL_HASH},
    {"code_hash", MLC_CODE_HASH},
    {"weights_hash", MLC_WEIGHTS_HASH},
    {"metadata_hash", MLC_METADATA_HASH},
    {"peak_memory", MLC_PEAK_MEMORY}};

Json describe(const mlc_tensor_info &info) {
  Json shape = Json::array(), ranges = Json::object();
  for (int32_t i = 0; i < info.rank; ++i) {
    const mlc_dim_info &dim = info.dims[i];
    if (dim.size >= 0) {
      shape.push_back(dim.size);
      continue;
    }
    shape.push_back(dim.name);
    Json range = {{"min", dim.min}, {"multiple", dim.multiple}};
    if (dim.max != INT64_MAX)
      range["max"] = dim.max;
    ranges[dim.name] = range;
  }
  return {{"name", info.name},
          {"dtype", mlc_dtype_name(info.dtype)},
          {"shape", shape},
          {"dims", ranges}};
}

Json toJson(const mlc_module *module, const InspectOptions &options) {
  Json result;
  for (auto [name, property] : properties)
    result[name] = mlc_module_property(module, property);
  result["arena_size"] = mlc_module_arena_size(module);
  result["weights_size"] = mlc_module_weights_size(module);
  for (const char *list : {"inputs", "outputs", "levels", "kernels"})
    result[list] = Json::array();
  for (size_t i = 0; i < mlc_module_num_inputs(module); ++i)
    result["inputs"].push_back(describe(*mlc_module_input(module, i)));
  for (size_t i = 0; i < mlc_module_num_outputs(module); ++i)
    result["outputs"].push_back(describe(*mlc_module_output(module, i)));
  for (size_t i = 0; i < mlc_module_num_levels(module); ++i)
    result["levels"].push_back(mlc_module_level(module, i));
  for (size_t i = 0; i < mlc_module_num_kernels(module); ++i)
    result["kernels"].push_back({{"name", mlc_module_kernel_name(module, i)},
                                 {"key", mlc_module_kernel_key(module, i)}});
  if (options.steps)
    result["steps"] = describeSteps(module);
  if (options.memory)
    result["buffers"] = describeBuffers(module);
  if (options.verify)
    result["verified"] = true;
  return result;
}

std::string signature(const mlc_tensor_info &info) {
  std::string text =
      std::string(info.name) + ": " + mlc_dtype_name(info.dtype) + "[";
  for (int32_t i = 0; i < info.rank; ++i) {
    const mlc_dim_info &dim = info.dims[i];
    text += (i ? ", " : "") + std::string(dim.name);
    if (dim.size >= 0)
      continue;
    if (dim.max != INT64_MAX)
      text += " in " + std::to_string(dim.min) + ".." + std::to_string(dim.max);
    if (dim.multiple != 1)
      text += " by " + std::to_string(dim.multiple);
  }
  return text + "]";
}

void printLines(const char *title, const std::vector<std::string> &lines) {
  printf("%s\n", title);
  for (const std::string &line : lines)
    printf("  %s\n", line.c_str());
}

void print(const mlc_module *module, const InspectOptions &options) {
  for (auto [name, property] : properties)
    printf("%-17s %s\n", name, mlc_module_property(module, property));
  printf("%-17s %llu bytes\n", "weights",
         (unsigned long long)mlc_module_weights_size(module));
  std::vector<std::string> lines;
  for (size_t i = 0; i < mlc_module_num_inputs(module); ++i)
    lines.push_back(signature(*mlc_module_input(module, i)));
  printLines("inputs", lines);
  lines.clear();
  for (size_t i = 0; i < mlc_module_num_outputs(module); ++i)
    lines.push_back(signature(*mlc_module_output(module, i)));
  printLines("outputs", lines);
  lines.clear();
  for (size_t i = 0; i < mlc_module_num_levels(module); ++i)
    lines.push_back(mlc_module_level(module, i));
  printLines("levels", lines);
  lines.clear();
  for (size_t i = 0; i < mlc_module_num_kernels(module); ++i)
    lines.push_back(std::string(mlc_module_kernel_name(module, i)) + "  " +
                    mlc_module_kernel_key(module, i));
  if (options.kernels)
    printLines("kernels", lines);
  else
    printf("%-17s %zu\n", "kernels", lines.size());
  if (options.memory)
    printLines("buffers", describeBuffers(module));
  if (options.steps)
    printLines("steps", describeSteps(module));
  if (options.verify)
    printf("%-17s code and weights match their hashes\n", "verified");
}

} // namespace

int inspectArtifact(const std::string &path, const InspectOptions &options) {
  mlc_load_options load = {sizeof(load), options.verify};
  mlc_module *raw = nullptr;
  mlc_error error;
  if (mlc_module_inspect(path.c_str(), &load, &raw, &error)) {
    fprintf(stderr, "error: %s\n", error.message);
    return Refused;
  }
  ModulePtr module(raw);
  if (options.json)
    // Names in a model need not be UTF-8.
    printf("%s\n", toJson(raw, options)
                       .dump(2, ' ', false, Json::error_handler_t::replace)
                       .c_str());
  else
    print(raw, options);
  return Done;
}

} // namespace mlc::tool
