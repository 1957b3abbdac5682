//===- Runner.cpp - Runs a module on files or random data -----------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Runner.h"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <sys/stat.h>

namespace mlc::tool {

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

bool splitPair(const std::string &text, std::string &name, std::string &value) {
  // The last sign: names of tensors may hold others.
  size_t at = text.rfind('=');
  if (at == std::string::npos || at == 0)
    return false;
  name = text.substr(0, at);
  value = text.substr(at + 1);
  return true;
}

bool parseInteger(const std::string &text, int64_t &value) {
  char *end = nullptr;
  errno = 0;
  value = strtoll(text.c_str(), &end, 10);
  return !text.empty() && !*end && !errno;
}

static bool parseNumber(const std::string &text, double &value) {
  char *end = nullptr;
  value = strtod(text.c_str(), &end);
  return !text.empty() && !*end;
}

bool parseRange(const std::string &text, std::pair<double, double> &range) {
  size_t at = text.find(':');
  return at != std::string::npos &&
         parseNumber(text.substr(0, at), range.first) &&
         parseNumber(text.substr(at + 1), range.second) &&
         range.first <= range.second;
}

bool parseShape(const std::string &text, std::vector<int64_t> &shape) {
  shape.clear();
  for (size_t start = 0; !text.empty() && start <= text.size();) {
    size_t end = std::min(text.find('x', start), text.size());
    int64_t size;
    if (!parseInteger(text.substr(start, end - start), size) || size < 0)
      return false;
    shape.push_back(size);
    start = end + 1;
  }
  return true;
}

bool addOption(const std::string &flag, const std::string &text,
               RunOptions &options, std::string &error) {
  std::string name, value;
  bool fine = splitPair(text, name, value);
  const char *form = "NAME=FILE.npy";
  if (flag == "--input") {
    options.inputs[name] = value;
  } else if (flag == "--expect") {
    options.expected[name] = value;
  } else if (flag == "--range") {
    form = "NAME=LOW:HIGH";
    fine = fine && parseRange(value, options.ranges[name]);
  } else if (flag == "--shape") {
    form = "NAME=1x3x224x224";
    fine = fine && parseShape(value, options.shapes[name]);
  } else {
    form = "NAME=SIZE";
    fine = fine && parseInteger(value, options.dims[name]);
  }
  if (!fine)
    error = flag + ": \"" + text + "\" is not of the form " + form;
  return fine;
}

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

ModulePtr load(const std::string &path) {
  mlc_module *module = nullptr;
  mlc_error error;
  if (mlc_module_load(path.c_str(), nullptr, &module, &error))
    fprintf(stderr, "error: %s\n", error.message);
  return ModulePtr(module);
}

SessionPtr makeSession(mlc_module *module, const mlc_session_options &options) {
  mlc_session *session = nullptr;
  mlc_error error;
  if (mlc_session_create(module, &options, &session, &error))
    fprintf(stderr, "error: %s\n", error.message);
  return SessionPtr(session);
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

namespace {

/// Fills inputs that no file is given for.
class InputMaker {
public:
  InputMaker(const mlc_module *module, const RunOptions &options)
      : module(module), options(options), random(options.seed),
        sizes(options.dims) {}

  bool make(std::vector<HostTensor> &tensors, std::string &error);

private:
  bool checkNames(std::string &error) const;
  bool readFiles(std::vector<HostTensor> &tensors, std::string &error);
  bool chooseShape(const mlc_tensor_info &info, HostTensor &tensor,
                   std::string &error);
  void fill(const mlc_tensor_info &info, HostTensor &tensor);
  void learn(const mlc_tensor_info &info, const std::vector<int64_t> &shape) {
    for (size_t i = 0; i < shape.size() && i < size_t(info.rank); ++i)
      if (info.dims[i].size < 0)
        sizes.emplace(info.dims[i].name, shape[i]);
  }

  const mlc_module *module;
  const RunOptions &options;
  std::mt19937_64 random;
  /// Sizes of named dims that are settled.
  std::map<std::string, int64_t> sizes;
};

bool InputMaker::checkNames(std::string &error) const {
  auto known = [&](const std::string &name) {
    for (size_t i = 0; i < mlc_module_num_inputs(module); ++i)
      if (name == mlc_module_input(module, i)->name)
        return true;
    return false;
  };
  auto check = [&](const auto &map) {
    for (const auto &entry : map)
      if (!known(entry.first)) {
        error = "there is no input \"" + entry.first + "\"";
        for (size_t i = 0; i < mlc_module_num_inputs(module); ++i)
          error += (i ? ", \"" : "; the module's inputs are \"") +
                   std::string(mlc_module_input(module, i)->name) + "\"";
        return false;
      }
    return true;
  };
  return check(options.inputs) && check(options.ranges) &&
         check(options.shapes);
}

bool InputMaker::readFiles(std::vector<HostTensor> &tensors,
                           std::string &error) {
  for (size_t i = 0; i < tensors.size(); ++i) {
    const mlc_tensor_info &info = *mlc_module_input(module, i);
    auto file = options.inputs.find(info.name);
    if (file != options.inputs.end()) {
      if (!readNpy(file->second, info.dtype, tensors[i], error))
        return false;
      learn(info, tensors[i].shape);
    }
    auto shape = options.shapes.find(info.name);
    if (shape != options.shapes.end())
      learn(info, shape->second);
  }
  return true;
}

bool InputMaker::chooseShape(const mlc_tensor_info &info, HostTensor &tensor,
                             std::string &error) {
  tensor.dtype = info.dtype;
  auto given = options.shapes.find(info.name);
  if (given != options.shapes.end()) {
    tensor.shape = given->second;
  } else {
    for (int32_t d = 0; d < info.rank; ++d) {
      const mlc_dim_info &dim = info.dims[d];
      int64_t size = dim.size;
      auto settled = sizes.find(dim.name);
      if (size < 0 && settled != sizes.end())
        size = settled->second;
      if (size < 0) {
        // The smallest size that is not empty.
        int64_t least = std::max<int64_t>(dim.min, 1), step = dim.multiple;
        size = least % step ? least + step - least % step : least;
      }
      tensor.shape.push_back(size);
    }
  }
  learn(info, tensor.shape);
  size_t bytes = mlc_dtype_size(info.dtype);
  bool overflow = false;
  for (int64_t size : tensor.shape)
    overflow |= __builtin_mul_overflow(bytes, size_t(size), &bytes);
  if (overflow || bytes > (size_t(1) << 40)) {
    error = "input \"" + std::string(info.name) + "\" is too large";
    return false;
  }
  tensor.bytes.resize(bytes);
  return true;
}

void InputMaker::fill(const mlc_tensor_info &info, HostTensor &tensor) {
  bool isFloat = info.dtype >= MLC_F16;
  std::pair<double, double> range =
      isFloat ? std::pair(-1.0, 1.0) : std::pair(0.0, 1.0);
  auto given = options.ranges.find(info.name);
  if (given != options.ranges.end())
    range = given->second;
  // Own arithmetic on the generator's bits: the same on every system.
  for (size_t i = 0, n = size_t(tensor.count()); i < n; ++i) {
    double unit = double(random() >> 11) * 0x1p-53;
    double width = range.second - range.first;
    tensor.set(i, isFloat ? range.first + unit * width
                          : std::floor(range.first + unit * (width + 1)));
  }
}

bool InputMaker::make(std::vector<HostTensor> &tensors, std::string &error) {
  tensors.resize(mlc_module_num_inputs(module));
  if (!checkNames(error) || !readFiles(tensors, error))
    return false;
  for (size_t i = 0; i < tensors.size(); ++i) {
    const mlc_tensor_info &info = *mlc_module_input(module, i);
    if (options.inputs.count(info.name))
      continue;
    if (!chooseShape(info, tensors[i], error))
      return false;
    fill(info, tensors[i]);
  }
  return true;
}

} // namespace

bool makeInputs(const mlc_module *module, const RunOptions &options,
                std::vector<HostTensor> &tensors, std::string &error) {
  return InputMaker(module, options).make(tensors, error);
}

//===----------------------------------------------------------------------===//
// Outputs
//===----------------------------------------------------------------------===//

static std::string shapeText(const std::vector<int64_t> &shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i)
    text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

/// Prints how far the result is from the expected one; true when near enough.
static bool compare(const char *name, const HostTensor &found,
                    const HostTensor &wanted, const RunOptions &options) {
  if (found.shape != wanted.shape || found.dtype != wanted.dtype) {
    fprintf(stderr, "error: output \"%s\" is %s%s, expected %s%s\n", name,
            mlc_dtype_name(found.dtype), shapeText(found.shape).c_str(),
            mlc_dtype_name(wanted.dtype), shapeText(wanted.shape).c_str());
    return false;
  }
  size_t count = size_t(wanted.count()), bad = 0, worst = 0;
  double scale = 0, error = 0;
  for (size_t i = 0; i < count; ++i)
    if (double value = std::fabs(wanted.at(i)); std::isfinite(value))
      scale = std::max(scale, value);
  for (size_t i = 0; i < count; ++i) {
    double a = found.at(i), b = wanted.at(i);
    if (a == b || (std::isnan(a) && std::isnan(b)))
      continue;
    double difference = std::fabs(a - b);
    // Not <=: a NaN or infinity on one side only is bad.
    if (!(difference <= options.atol * scale + options.rtol * std::fabs(b)) ||
        std::isinf(b))
      ++bad;
    if (!(difference <= error)) {
      error = difference;
      worst = i;
    }
  }
  fprintf(bad ? stderr : stdout,
          "%soutput \"%s\": %zu of %zu elements differ; largest difference %g "
          "(scale %g) at element %zu\n",
          bad ? "error: " : "", name, bad, count, error, scale, worst);
  return bad == 0;
}

static void print(const char *name, const HostTensor &tensor) {
  printf("%s: %s%s =", name, mlc_dtype_name(tensor.dtype),
         shapeText(tensor.shape).c_str());
  size_t count = size_t(tensor.count());
  for (size_t i = 0; i < count && i < 8; ++i)
    printf(" %.6g", tensor.at(i));
  printf(count > 8 ? " ...\n" : "\n");
}

/// The name of an output's file: its own, with what paths give a meaning to
/// replaced.
static std::string fileName(const char *name) {
  std::string result = name;
  for (char &c : result)
    if (c == '/' || c == ':' || (unsigned char)c < 32)
      c = '_';
  return result + ".npy";
}

static int finishOutput(const mlc_tensor &raw, const char *name,
                        const RunOptions &options) {
  HostTensor found{raw.dtype, {raw.shape, raw.shape + raw.rank}, {}};
  auto *data = static_cast<const uint8_t *>(raw.data);
  found.bytes.assign(data,
                     data + size_t(found.count()) * mlc_dtype_size(raw.dtype));
  std::string error;
  auto file = options.expected.find(name);
  HostTensor wanted;
  print(name, found);
  if (!options.output.empty() &&
      !writeNpy(options.output + "/" + fileName(name), found, error)) {
    fprintf(stderr, "error: %s\n", error.c_str());
    return Refused;
  }
  if (file == options.expected.end())
    return Done;
  if (!readNpy(file->second, raw.dtype, wanted, error)) {
    fprintf(stderr, "error: %s\n", error.c_str());
    return Refused;
  }
  return compare(name, found, wanted, options) ? Done : Refused;
}

static int finishOutputs(const mlc_module *module,
                         const std::vector<mlc_tensor> &outputs,
                         const RunOptions &options) {
  int result = Done;
  for (size_t i = 0; i < outputs.size(); ++i)
    if (finishOutput(outputs[i], mlc_module_output(module, i)->name, options))
      result = Refused;
  for (const auto &[name, file] : options.expected) {
    bool known = false;
    for (size_t i = 0; i < outputs.size(); ++i)
      known |= name == mlc_module_output(module, i)->name;
    if (known)
      continue;
    fprintf(stderr, "error: there is no output \"%s\"\n", name.c_str());
    result = Refused;
  }
  return result;
}

int runModule(mlc_module *module, const RunOptions &options) {
  std::vector<HostTensor> tensors;
  std::string error;
  if (!makeInputs(module, options, tensors, error)) {
    fprintf(stderr, "error: %s\n", error.c_str());
    return Refused;
  }
  mlc_session_options settings = {};
  settings.struct_size = sizeof(settings);
  settings.threads = options.threads;
  settings.level = options.level.empty() ? nullptr : options.level.c_str();
  SessionPtr session = makeSession(module, settings);
  if (!session)
    return Refused;
  std::vector<mlc_tensor> inputs;
  for (size_t i = 0; i < tensors.size(); ++i)
    inputs.push_back(tensors[i].view(mlc_module_input(module, i)->name));
  std::vector<mlc_tensor> outputs(mlc_module_num_outputs(module));
  mlc_error message;
  if (mlc_session_run(session.get(), inputs.data(), inputs.size(),
                      outputs.data(), outputs.size(), &message)) {
    fprintf(stderr, "error: %s\n", message.message);
    return Refused;
  }
  if (!options.output.empty() && mkdir(options.output.c_str(), 0777) &&
      errno != EEXIST) {
    fprintf(stderr, "error: \"%s\": %s\n", options.output.c_str(),
            strerror(errno));
    return Refused;
  }
  return finishOutputs(module, outputs, options);
}

} // namespace mlc::tool
