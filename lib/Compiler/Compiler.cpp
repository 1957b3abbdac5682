//===- Compiler.cpp - From a model to an artifact -------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Compiler/Compiler.h"
#include "Artifact.h"
#include "Hash.h"
#include "mlc/Import/Onnx/Importer.h"
#include "mlc/InitAll.h"
#include "mlc/Pipeline/Pipeline.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ThreadPool.h"
#include <chrono>
#include <mutex>

using namespace mlir;
using namespace mlc;

static std::string locationText(Location location) {
  if (auto name = dyn_cast<NameLoc>(location))
    return name.getName().str();
  if (auto file = dyn_cast<FileLineColLoc>(location))
    return file.getFilename().str() + ":" + std::to_string(file.getLine()) +
           ":" + std::to_string(file.getColumn());
  if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : fused.getLocations())
      if (std::string text = locationText(part); !text.empty())
        return text;
  return "";
}

/// The op of the model that the importer reports on.
static std::string opText(Location location) {
  auto fused = dyn_cast<FusedLocWith<StringAttr>>(location);
  return fused ? fused.getMetadata().str() : "";
}

static StringRef severityText(DiagnosticSeverity severity) {
  switch (severity) {
  case DiagnosticSeverity::Error:
    return "error";
  case DiagnosticSeverity::Warning:
    return "warning";
  default:
    return "note";
  }
}

namespace {

/// One compilation.
class Driver {
public:
  explicit Driver(const CompileRequest &request)
      : request(request),
        context(makeRegistry(), MLIRContext::Threading::DISABLED) {
    if (request.options.threads != 1) {
      pool.emplace(llvm::hardware_concurrency(request.options.threads));
      context.setThreadPool(*pool);
    }
    context.getDiagEngine().registerHandler([this](Diagnostic &diagnostic) {
      std::lock_guard<std::mutex> lock(mutex);
      CompileDiagnostic entry{severityText(diagnostic.getSeverity()).str(),
                              locationText(diagnostic.getLocation()),
                              diagnostic.str(),
                              {},
                              opText(diagnostic.getLocation())};
      for (Diagnostic &note : diagnostic.getNotes())
        entry.notes.push_back(note.str());
      // The importer's messages name their node themselves.
      if (StringRef(entry.message).contains("\"" + entry.location + "\""))
        entry.location.clear();
      result.diagnostics.push_back(std::move(entry));
      return success();
    });
  }

  CompileResult run() {
    auto target = createTarget(request.target);
    if (!target)
      return fail(2, llvm::toString(target.takeError()));
    if (request.stopAfter && !isStage(*request.stopAfter))
      return fail(2, "unknown stage \"" + *request.stopAfter +
                         "\"; allowed: " + stageNames.str());
    if (failed(importModel()))
      return fail(1, "the model cannot be imported");
    if (request.command == CompileRequest::Check || finishStage("import"))
      return std::move(result);
    StringRef previous = "import";
    for (const Stage &stage : stages()) {
      startTime = Clock::now();
      PassManager pm(&context);
      // Once per stage is enough; between passes it costs a fifth of the time.
      pm.enableVerifier(false);
      stage.build(pm, request.options, **target, request.target);
      if (failed(pm.run(*module)) || failed(mlir::verify(*module)) ||
          failed(stage.verify(*module)))
        return failInternally(stage.name, previous);
      if (finishStage(stage.name))
        return std::move(result);
      previous = stage.name;
    }
    startTime = Clock::now();
    MetadataHeader header{"mlc " MLC_VERSION " (LLVM " LLVM_VERSION_STRING ")",
                          (*target)->name(), request.options.toString(false),
                          llvm::sys::path::stem(request.model).str(),
                          Hash::hexOf(bytes->getBuffer())};
    if (failed(writeArtifact(*module, **target, header,
                             request.options.toString(true),
                             request.output.value_or(""), &result.artifact)))
      return fail(1, "the artifact cannot be written");
    result.output = request.output;
    finishStage("binary");
    return std::move(result);
  }

private:
  using Clock = std::chrono::steady_clock;

  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registerAllDialects(registry);
    return registry;
  }

  static bool isStage(StringRef name) {
    return name == "import" || name == "binary" ||
           llvm::any_of(stages(),
                        [&](const Stage &stage) { return stage.name == name; });
  }

  /// `message` is for the case that nobody has said what is wrong.
  CompileResult fail(int exitCode, std::string message) {
    result.exitCode = exitCode;
    bool isExplained =
        llvm::any_of(result.diagnostics, [](const CompileDiagnostic &d) {
          return d.severity == "error";
        });
    if (!isExplained)
      result.diagnostics.push_back({"error", "", std::move(message), {}, ""});
    return std::move(result);
  }

  /// A stage failed on a model that was accepted: leaves the IR before the
  /// stage, made again, beside the output.
  CompileResult failInternally(StringRef stage, StringRef previous) {
    CompileRequest again = request;
    again.stopAfter = previous.str();
    again.dumpStages = std::nullopt;
    std::string path =
        request.output.value_or(llvm::sys::path::stem(request.model).str()) +
        ".reproducer.mlir";
    std::error_code error;
    llvm::raw_fd_ostream os(path, error);
    if (!error)
      os << "// Fails in: mlc-opt --mlc-stage-" << stage
         << "=\"target=" << request.target << " "
         << request.options.toString(false) << "\"\n"
         << compile(again).text;
    CompileResult failed = fail(3, "stage \"" + stage.str() + "\" failed");
    failed.diagnostics.push_back(
        {"error",
         "",
         "this is a fault of mlc, not of the model",
         {error ? "no reproducer: cannot write \"" + path + "\""
                : "reproducer: " + path},
         ""});
    return failed;
  }

  LogicalResult importModel() {
    startTime = Clock::now();
    if (request.modelBytes.empty()) {
      auto file = llvm::MemoryBuffer::getFile(request.model, /*IsText=*/false,
                                              /*RequiresNullTerminator=*/false);
      if (!file)
        return emitError(UnknownLoc::get(&context), "cannot read \"")
               << request.model << "\": " << file.getError().message();
      bytes = std::move(*file);
    } else {
      bytes = llvm::MemoryBuffer::getMemBuffer(
          request.modelBytes, request.model, /*RequiresNullTerminator=*/false);
    }
    FailureOr<OwningOpRef<ModuleOp>> imported =
        StringRef(request.model).ends_with(".mlir") ? parseMlir()
                                                    : importOnnx();
    if (failed(imported))
      return failure();
    module = std::move(*imported);
    return success();
  }

  FailureOr<OwningOpRef<ModuleOp>> parseMlir() {
    llvm::SourceMgr sources;
    // The parser wants its input to end with a zero.
    sources.AddNewSourceBuffer(
        llvm::MemoryBuffer::getMemBufferCopy(bytes->getBuffer(), request.model),
        llvm::SMLoc());
    OwningOpRef<ModuleOp> parsed = parseSourceFile<ModuleOp>(sources, &context);
    if (!parsed)
      return failure();
    return parsed;
  }

  FailureOr<OwningOpRef<ModuleOp>> importOnnx() {
    onnx::ImportOptions options;
    options.shapes = request.shapes;
    options.externalDataDirectories = request.externalData;
    options.dims = request.dims;
    return onnx::importOnnx(
        &context,
        llvm::MemoryBuffer::getMemBuffer(bytes->getMemBufferRef(),
                                         /*RequiresNullTerminator=*/false),
        request.model, options);
  }

  /// Notes the time, dumps, and says whether this is where to stop.
  bool finishStage(StringRef name) {
    std::chrono::duration<double, std::milli> time = Clock::now() - startTime;
    result.stages.emplace_back(name.str(), time.count());
    if (request.dumpStages && name != "binary")
      dump(name);
    if (request.stopAfter != name)
      return false;
    if (name != "binary") {
      llvm::raw_string_ostream os(result.text);
      print(os);
    }
    return true;
  }

  void dump(StringRef stage) {
    std::string path = *request.dumpStages + "/" +
                       std::to_string(result.stages.size() - 1) + "-" +
                       stage.str() + ".mlir";
    std::error_code error =
        llvm::sys::fs::create_directories(*request.dumpStages);
    if (!error) {
      llvm::raw_fd_ostream os(path, error);
      if (!error)
        print(os);
    }
    if (error)
      emitWarning(UnknownLoc::get(&context), "cannot write \"")
          << path << "\": " << error.message();
  }

  void print(raw_ostream &os) {
    OpPrintingFlags flags;
    flags.elideLargeElementsAttrs(64).elideLargeResourceString(64);
    module->print(os, flags);
  }

  const CompileRequest &request;
  /// The model's file; weights of the module are views of it.
  std::unique_ptr<llvm::MemoryBuffer> bytes;
  std::optional<llvm::DefaultThreadPool> pool;
  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  CompileResult result;
  std::mutex mutex;
  Clock::time_point startTime;
};

} // namespace

CompileResult mlc::compile(const CompileRequest &request) {
  return Driver(request).run();
}
