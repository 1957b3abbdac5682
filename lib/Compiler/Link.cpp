//===- Link.cpp - Link objects in memory ----------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Artifact.h"
#include "lld/Common/Driver.h"
#include "mlc/Builtins/Builtins.h"
#include "llvm/Support/MemoryBuffer.h"
#include <mutex>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

LLD_HAS_DRIVER(elf)

using namespace mlir;
using namespace mlc;

/// Segments in a fixed order, the weights last and alone: their bytes are
/// appended after the link.
static constexpr llvm::StringLiteral linkerScript = R"(
PHDRS {
  ro PT_LOAD FILEHDR PHDRS FLAGS(4);
  rx PT_LOAD FLAGS(5);
  rw PT_LOAD FLAGS(6);
  weights PT_LOAD FLAGS(4);
  dynamic PT_DYNAMIC FLAGS(6);
  stack PT_GNU_STACK FLAGS(6);
}
SECTIONS {
  . = SIZEOF_HEADERS;
  .dynsym : { *(.dynsym) } :ro
  .gnu.hash : { *(.gnu.hash) } :ro
  .hash : { *(.hash) } :ro
  .dynstr : { *(.dynstr) } :ro
  .rela.dyn : { *(.rela.dyn) } :ro
  .mlc.meta : ALIGN(64) { *(.mlc.meta) } :ro
  .rodata : { *(.rodata .rodata.*) } :ro
  .eh_frame : { *(.eh_frame) } :ro
  .text : ALIGN(4096) { *(.text .text.*) } :rx
  .data.rel.ro : ALIGN(4096) { *(.data.rel.ro .data.rel.ro.*) } :rw
  .dynamic : { *(.dynamic) } :rw :dynamic
  .data : { *(.data .data.*) } :rw
  .bss : { *(.bss .bss.*) } :rw
  .mlc.weights : ALIGN(4096) { *(.mlc.weights) } :weights
}
)";

namespace {

/// Bytes under a path that lld can open.
class MemoryFile {
public:
  explicit MemoryFile(StringRef bytes)
      : fd(memfd_create("object", MFD_CLOEXEC)) {
    while (fd >= 0 && !bytes.empty()) {
      ssize_t written = write(fd, bytes.data(), bytes.size());
      if (written <= 0) {
        close(fd);
        fd = -1;
        return;
      }
      bytes = bytes.drop_front(written);
    }
  }
  MemoryFile(MemoryFile &&other) noexcept : fd(std::exchange(other.fd, -1)) {}
  ~MemoryFile() {
    if (fd >= 0)
      close(fd);
  }
  explicit operator bool() const { return fd >= 0; }
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd); }

private:
  int fd;
};

/// The write end of a pipe whose other end a thread drains: lld maps and
/// removes output files, but writes to a pipe.
class OutputPipe {
public:
  OutputPipe() {
    if (pipe(fds) != 0)
      return;
    reader = std::thread([this] {
      char block[65536];
      for (ssize_t count; (count = read(fds[0], block, sizeof(block))) > 0;)
        bytes.append(block, block + count);
    });
  }
  ~OutputPipe() { finish(); }
  explicit operator bool() const { return fds[1] >= 0; }
  std::string path() const { return "/proc/self/fd/" + std::to_string(fds[1]); }
  SmallVector<char, 0> finish() {
    if (fds[1] >= 0) {
      close(fds[1]);
      reader.join();
      close(fds[0]);
      fds[1] = -1;
    }
    return std::move(bytes);
  }

private:
  int fds[2] = {-1, -1};
  std::thread reader;
  SmallVector<char, 0> bytes;
};

} // namespace

FailureOr<SmallVector<char, 0>>
mlc::linkObjects(Location loc, ArrayRef<SmallVector<char, 0>> objects) {
  // lld keeps its state in globals.
  static std::mutex linking;
  std::lock_guard<std::mutex> lock(linking);
  std::vector<MemoryFile> files;
  files.emplace_back(linkerScript);
  for (const SmallVector<char, 0> &object : objects)
    files.emplace_back(StringRef(object.data(), object.size()));
  OutputPipe output;
  if (!output ||
      llvm::any_of(files, [](const MemoryFile &file) { return !file; }))
    return emitError(loc, "no memory for linking the kernels"), failure();
  SmallVector<std::string> texts = {"ld.lld",
                                    "-shared",
                                    "-z",
                                    "defs",
                                    "-z",
                                    "nognustack",
                                    "--hash-style=gnu",
                                    "--gc-sections",
                                    "--build-id=none",
                                    "--no-rosegment",
                                    "-T",
                                    files[0].path(),
                                    "-o",
                                    output.path()};
  for (const MemoryFile &file : llvm::drop_begin(files))
    texts.push_back(file.path());
  SmallVector<const char *> arguments;
  for (const std::string &text : texts)
    arguments.push_back(text.c_str());
  std::string log;
  llvm::raw_string_ostream stream(log);
  lld::Result result =
      lld::lldMain(arguments, stream, stream, {{lld::Gnu, &lld::elf::link}});
  SmallVector<char, 0> bytes = output.finish();
  if (result.retCode != 0)
    return emitError(loc, "cannot link the kernels: ") << log, failure();
  return bytes;
}
