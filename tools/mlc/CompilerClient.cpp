//===- CompilerClient.cpp -------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Talks to libmlc_compiler through its C interface.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"

#include "mlc/Compiler/CompilerApi.h"

#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace mlc::tool {

using Json = nlohmann::ordered_json;

namespace {

/// The functions of the library, which stays open until the program ends.
struct Compiler {
  decltype(&mlc_compile) compile = nullptr;
  decltype(&mlc_compile_exit_code) exitCode = nullptr;
  decltype(&mlc_compile_report) report = nullptr;
  decltype(&mlc_compile_artifact) artifact = nullptr;
  decltype(&mlc_compile_text) text = nullptr;
  decltype(&mlc_compile_release) release = nullptr;
  decltype(&mlc_compiler_version) version = nullptr;
  std::string error;

  bool open();
};

/// The folder of this program.
std::string programFolder() {
  char path[4096];
  ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
  std::string result(path, length > 0 ? size_t(length) : 0);
  return result.substr(0, result.rfind('/') + 1);
}

template <typename Fn>
bool find(void *library, const char *name, Fn &function) {
  function = reinterpret_cast<Fn>(dlsym(library, name));
  return function != nullptr;
}

bool Compiler::open() {
  const char *name = "libmlc_compiler.so";
  std::string folder = programFolder(), reasons;
  for (const std::string &path : {folder + "../lib/" + name, folder + name}) {
    if (access(path.c_str(), F_OK)) {
      reasons += "\n  " + path + ": no such file";
      continue;
    }
    void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library && find(library, "mlc_compile", compile) &&
        find(library, "mlc_compile_exit_code", exitCode) &&
        find(library, "mlc_compile_report", report) &&
        find(library, "mlc_compile_artifact", artifact) &&
        find(library, "mlc_compile_text", text) &&
        find(library, "mlc_compile_release", release) &&
        find(library, "mlc_compiler_version", version))
      return true;
    reasons += std::string("\n  ") + dlerror();
  }
  error = "compiling a model needs libmlc_compiler.so, which does not load; "
          "only artifacts can be run without it" +
          reasons;
  return false;
}

/// A finished request.
struct Result {
  int exitCode = Internal;
  Json report;
  std::string text;
  std::vector<char> artifact;
};

/// {"key": "value"} of repeated key=value flags.
bool pairs(const char *flag, const std::vector<std::string> &items,
           Json &result) {
  result = Json::object();
  for (const std::string &item : items) {
    // The first sign: values may hold others.
    size_t at = item.find('=');
    if (at == std::string::npos || at == 0) {
      fprintf(stderr, "error: %s: \"%s\" is not of the form KEY=VALUE\n", flag,
              item.c_str());
      return false;
    }
    result[item.substr(0, at)] = item.substr(at + 1);
  }
  return true;
}

bool shapes(const std::vector<std::string> &items, Json &result) {
  result = Json::object();
  for (const std::string &item : items) {
    std::string name, value;
    std::vector<int64_t> shape;
    if (!splitPair(item, name, value) || !parseShape(value, shape)) {
      fprintf(stderr,
              "error: --shape: \"%s\" is not of the form NAME=1x3x224x224\n",
              item.c_str());
      return false;
    }
    result[name] = shape;
  }
  return true;
}

Json orNull(const std::string &text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

bool makeRequest(const char *command, const std::string &model,
                 const std::string &output, const CompileFlags &flags,
                 std::string &request) {
  Json options, dims, inputShapes;
  if (!pairs("--set", flags.options, options) ||
      !pairs("--dim", flags.dims, dims) || !shapes(flags.shapes, inputShapes))
    return false;
  Json json = {{"command", command},
               {"model", model},
               {"target", flags.target},
               {"output", orNull(output)},
               {"options", options},
               {"shapes", inputShapes},
               {"dims", dims},
               {"stop_after", orNull(flags.stopAfter)},
               {"dump_stages", orNull(flags.dumpStages)},
               {"external_data", flags.externalData}};
  request = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return true;
}

Result request(const char *command, const std::string &model,
               const std::string &output, const CompileFlags &flags) {
  Result result;
  Compiler compiler;
  std::string text;
  if (!makeRequest(command, model, output, flags, text)) {
    result.exitCode = Usage;
    return result;
  }
  if (!compiler.open()) {
    fprintf(stderr, "error: %s\n", compiler.error.c_str());
    result.exitCode = Refused;
    return result;
  }
  mlc_compile_result *raw = compiler.compile(text.c_str(), nullptr, 0);
  result.exitCode = compiler.exitCode(raw);
  result.report = Json::parse(compiler.report(raw), nullptr, false);
  if (const char *ir = compiler.text(raw))
    result.text = ir;
  size_t size = 0;
  if (const void *data = compiler.artifact(raw, &size))
    result.artifact.assign(static_cast<const char *>(data),
                           static_cast<const char *>(data) + size);
  compiler.release(raw);
  return result;
}

std::string field(const Json &object, const char *name) {
  auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

/// `error: LOCATION: message`, notes indented below.
void printDiagnostics(const Json &report) {
  if (!report.is_object() || !report.contains("diagnostics"))
    return;
  for (const Json &diagnostic : report["diagnostics"]) {
    if (!diagnostic.is_object())
      continue;
    std::string severity = field(diagnostic, "severity");
    std::string location = field(diagnostic, "location");
    std::string message = field(diagnostic, "message");
    std::string op = field(diagnostic, "op");
    // Some messages name op and opset themselves.
    if (!op.empty() && message.find("(opset ") == std::string::npos)
      message += " (" + op + ")";
    fprintf(stderr, "%s: %s%s%s\n",
            severity.empty() ? "error" : severity.c_str(), location.c_str(),
            location.empty() ? "" : ": ", message.c_str());
    if (diagnostic.contains("notes"))
      for (const Json &note : diagnostic["notes"])
        if (note.is_string())
          fprintf(stderr, "  %s\n", note.get<std::string>().c_str());
  }
}

void printTimes(const Json &report) {
  if (!report.is_object() || !report.contains("stages"))
    return;
  double total = 0;
  for (const Json &stage : report["stages"]) {
    double ms = stage.is_object() ? stage.value("ms", 0.0) : 0;
    total += ms;
    fprintf(stderr, "%-12s %10.1f ms\n", field(stage, "name").c_str(), ms);
  }
  fprintf(stderr, "%-12s %10.1f ms\n", "total", total);
}

void printReport(const Result &result, const CompileFlags &flags) {
  printDiagnostics(result.report);
  if (flags.time)
    printTimes(result.report);
}

/// Intermediate code goes to the output file, or to stdout.
int writeText(const std::string &text, const std::string &output) {
  if (output.empty() || output == "-") {
    fwrite(text.data(), 1, text.size(), stdout);
    return Done;
  }
  std::ofstream stream(output, std::ios::binary);
  stream << text;
  stream.close();
  if (stream)
    return Done;
  fprintf(stderr, "error: \"%s\": cannot write it\n", output.c_str());
  return Refused;
}

} // namespace

bool isModel(const std::string &path) {
  auto ends = [&](const char *end) {
    size_t size = strlen(end);
    return path.size() >= size &&
           path.compare(path.size() - size, size, end) == 0;
  };
  // What is an ELF file is an artifact, whatever its name.
  std::ifstream stream(path, std::ios::binary);
  char magic[4] = {};
  if (stream.read(magic, 4) && !memcmp(magic,
                                       "\x7f"
                                       "ELF",
                                       4))
    return false;
  return ends(".onnx") || ends(".mlir") || ends(".mlirbc") ||
         ends(".stablehlo");
}

int compileModel(const std::string &model, const std::string &output,
                 const CompileFlags &flags) {
  bool stops = !flags.stopAfter.empty();
  if (!stops && output.empty()) {
    fprintf(stderr, "error: -o FILE is missing\n");
    return Usage;
  }
  Result result = request("compile", model, stops ? "" : output, flags);
  printReport(result, flags);
  if (result.exitCode == Done && stops)
    return writeText(result.text, output);
  return result.exitCode;
}

int checkModel(const std::string &model, const CompileFlags &flags, bool json) {
  Result result = request("check", model, "", flags);
  if (json && !result.report.is_null() && !result.report.is_discarded())
    printf("%s\n", result.report.dump(2).c_str());
  else
    printReport(result, flags);
  return result.exitCode;
}

ModulePtr loadAny(const std::string &path, const CompileFlags &flags,
                  int &exitCode) {
  exitCode = Refused;
  if (!isModel(path))
    return load(path);
  Result result = request("compile", path, "", flags);
  printReport(result, flags);
  exitCode = result.exitCode;
  if (exitCode != Done)
    return nullptr;
  mlc_module *module = nullptr;
  mlc_error error;
  if (mlc_module_load_memory(result.artifact.data(), result.artifact.size(),
                             nullptr, &module, &error)) {
    fprintf(stderr, "error: %s: %s\n", path.c_str(), error.message);
    exitCode = Refused;
  }
  return ModulePtr(module);
}

std::string versionText() {
  std::string text = "mlc " MLC_VERSION "\n";
  Compiler compiler;
  if (!compiler.open())
    return text + "compiler: not installed";
  Json version = Json::parse(compiler.version(), nullptr, false);
  if (!version.is_object())
    return text + "compiler: of unknown version";
  text += "LLVM " + field(version, "llvm") + "\ntargets:";
  if (version.contains("targets"))
    for (const Json &target : version["targets"])
      if (target.is_string())
        text += " " + target.get<std::string>();
  return text;
}

} // namespace mlc::tool
