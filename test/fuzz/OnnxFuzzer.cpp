//===- OnnxFuzzer.cpp - Bytes into the ONNX reader and importer -----------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Any bytes are imported or refused with a message. scripts/fuzz.sh makes the
// seeds and runs it.
//
//===----------------------------------------------------------------------===//

#include "WireMutator.h"
#include "mlc/Import/Onnx/Importer.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

using namespace mlir;
using namespace mlc;

/// LLVM's libraries are not instrumented. Where they fill a container or an
/// allocator of a header, code of ours that reads it sees poison.
extern "C" const char *__asan_default_options() {
  return "detect_container_overflow=0:allow_user_poisoning=0";
}

extern "C" const char *__ubsan_default_options() {
  return "print_stacktrace=1";
}

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t maxSize);

/// A context keeps every type and attribute that it was asked for, so a new one
/// is made now and then.
static MLIRContext &freshContext() {
  static std::unique_ptr<MLIRContext> context;
  static unsigned uses = 0;
  if (uses++ % 128 == 0)
    context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
  return *context;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  MLIRContext &context = freshContext();
  unsigned errors = 0;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    errors += diagnostic.getSeverity() == DiagnosticSeverity::Error &&
              !diagnostic.str().empty();
  });
  // The buffer must end where the input does, for the sanitizer to watch it.
  auto bytes = llvm::MemoryBuffer::getMemBuffer(
      StringRef(reinterpret_cast<const char *>(data), size), "model.onnx",
      /*RequiresNullTerminator=*/false);
  FailureOr<OwningOpRef<ModuleOp>> module =
      onnx::importOnnx(&context, std::move(bytes), "/nonexistent/model.onnx");
  if (failed(module) && errors == 0) {
    fprintf(stderr, "a model is refused without a message\n");
    abort();
  }
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
                                          size_t maxSize, unsigned seed) {
  std::minstd_rand random(seed);
  std::vector<fuzz::Field> message;
  if (random() % 16 == 0 ||
      !fuzz::parse({reinterpret_cast<const char *>(data), size}, message))
    return LLVMFuzzerMutate(data, size, maxSize);
  auto mutateText = [](std::string &text) {
    size_t length = text.size(), limit = length + 64;
    text.resize(limit);
    text.resize(LLVMFuzzerMutate(reinterpret_cast<uint8_t *>(text.data()),
                                 length, limit));
  };
  for (unsigned i = 0, e = 1 + random() % 3; i < e; ++i)
    fuzz::mutate(message, random, mutateText);
  std::string result = fuzz::serialize(message);
  if (result.size() > maxSize)
    return LLVMFuzzerMutate(data, size, maxSize);
  std::memcpy(data, result.data(), result.size());
  return result.size();
}
