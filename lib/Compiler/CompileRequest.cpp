//===- CompileRequest.cpp - Requests and reports as JSON ------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Compiler/Compiler.h"
#include "llvm/Support/JSON.h"

using namespace mlc;
namespace json = llvm::json;

static llvm::Error wrong(llvm::StringRef field, llvm::StringRef expected) {
  return llvm::createStringError("field \"" + field +
                                 "\" of the request must be " + expected);
}

template <class T>
static llvm::Error read(llvm::StringRef field, const json::Value &value,
                        llvm::StringRef expected, T &out) {
  json::Path::Root root;
  return json::fromJSON(value, out, root) ? llvm::Error::success()
                                          : wrong(field, expected);
}

/// "4" or "1..64".
static llvm::Error readRange(llvm::StringRef name, llvm::StringRef text,
                             Bounds &bounds) {
  auto [low, high] = text.split("..");
  bool isWrong = low.getAsInteger(10, bounds.min);
  bounds.max = bounds.min;
  if (isWrong || (!high.empty() && high.getAsInteger(10, bounds.max)))
    return llvm::createStringError("the dim \"" + name + "\" is given as \"" +
                                   text +
                                   "\"; allowed: a size or a range like 1..64");
  return llvm::Error::success();
}

static llvm::Error readField(llvm::StringRef field, const json::Value &value,
                             CompileRequest &request) {
  if (field == "command") {
    std::optional<llvm::StringRef> text = value.getAsString();
    if (text != "compile" && text != "check")
      return wrong(field, "\"compile\" or \"check\"");
    request.command =
        text == "check" ? CompileRequest::Check : CompileRequest::Compile;
    return llvm::Error::success();
  }
  if (field == "options") {
    std::map<std::string, std::string> options;
    if (llvm::Error error = read(field, value, "an object of strings", options))
      return error;
    for (const auto &[key, text] : options)
      if (llvm::Error error = request.options.set(key, text))
        return error;
    return llvm::Error::success();
  }
  if (field == "model")
    return read(field, value, "a string", request.model);
  if (field == "target")
    return read(field, value, "a string", request.target);
  if (field == "output")
    return read(field, value, "a string or null", request.output);
  if (field == "shapes")
    return read(field, value, "an object of lists of numbers", request.shapes);
  if (field == "dims") {
    std::map<std::string, std::string> dims;
    if (llvm::Error error = read(field, value, "an object of strings", dims))
      return error;
    for (const auto &[name, text] : dims)
      if (llvm::Error error = readRange(name, text, request.dims[name]))
        return error;
    return llvm::Error::success();
  }
  if (field == "stop_after")
    return read(field, value, "a string or null", request.stopAfter);
  if (field == "dump_stages")
    return read(field, value, "a string or null", request.dumpStages);
  if (field == "external_data")
    return read(field, value, "a list of strings", request.externalData);
  return llvm::createStringError("the request has an unknown field \"" + field +
                                 "\"");
}

llvm::Expected<CompileRequest> CompileRequest::parse(llvm::StringRef text) {
  llvm::Expected<json::Value> value = json::parse(text);
  if (!value)
    return value.takeError();
  const json::Object *object = value->getAsObject();
  if (!object)
    return llvm::createStringError("the request must be a JSON object");
  CompileRequest request;
  for (const auto &[field, content] : *object)
    if (llvm::Error error = readField(field, content, request))
      return std::move(error);
  return request;
}

std::string CompileResult::report() const {
  json::Array list;
  for (const CompileDiagnostic &diagnostic : diagnostics)
    list.push_back(json::Object{{"severity", diagnostic.severity},
                                {"location", diagnostic.location},
                                {"message", diagnostic.message},
                                {"notes", json::Array(diagnostic.notes)},
                                {"op", diagnostic.op}});
  json::Array times;
  for (const auto &[name, milliseconds] : stages)
    times.push_back(json::Object{{"name", name}, {"ms", milliseconds}});
  json::Object report{{"diagnostics", std::move(list)},
                      {"stages", std::move(times)}};
  report["output"] = output ? json::Value(*output) : json::Value(nullptr);
  std::string text;
  llvm::raw_string_ostream(text) << json::Value(std::move(report));
  return text;
}
