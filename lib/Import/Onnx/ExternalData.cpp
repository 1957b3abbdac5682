//===- ExternalData.cpp - Weights in files beside the model ---------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model names files, and it may come from a stranger. A location is relative
// and has no "..". Links are followed first; what they lead to must lie beneath
// one of the roots, and is then opened part by part, refusing links, so that
// nothing can be exchanged in between.
//
//===----------------------------------------------------------------------===//

#include "Weights.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace mlc::onnx;
using llvm::SmallString;
using llvm::StringRef;
using llvm::Twine;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

namespace {

/// A file descriptor that is closed at the end.
class Descriptor {
public:
  explicit Descriptor(int number) : number(number) {}
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  ~Descriptor() { reset(-1); }
  void reset(int next) {
    if (number >= 0)
      close(number);
    number = next;
  }
  int get() const { return number; }

private:
  int number;
};

} // namespace

static llvm::Error refuse(const Tensor &tensor, const Twine &why) {
  return llvm::createStringError(Twine("the external data of tensor \"") +
                                 tensor.name + "\", \"" + tensor.location +
                                 "\", " + why);
}

void mlc::onnx::setExternalDataRoots(ModelFile &file, StringRef modelPath,
                                     llvm::ArrayRef<std::string> directories) {
  auto add = [&](const Twine &directory) {
    SmallString<256> real;
    if (!fs::real_path(directory, real))
      file.roots.push_back(real.str().str());
  };
  StringRef parent = path::parent_path(modelPath);
  file.directory = parent.empty() ? "." : parent.str();
  add(file.directory);
  SmallString<256> real;
  if (!fs::real_path(modelPath, real))
    add(path::parent_path(real));
  for (const std::string &directory : directories)
    add(directory);
}

/// Opens `relative`, beneath `root`, without following any link.
static int openBeneath(StringRef root, StringRef relative) {
  Descriptor folder(
      open(root.str().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  llvm::SmallVector<StringRef> parts(path::begin(relative),
                                     path::end(relative));
  if (folder.get() < 0 || parts.empty())
    return -1;
  for (StringRef part : llvm::ArrayRef(parts).drop_back())
    folder.reset(openat(folder.get(), part.str().c_str(),
                        O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  // A pipe would block the opening.
  return openat(folder.get(), parts.back().str().c_str(),
                O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

static llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
openExternal(const ModelFile &file, const Tensor &tensor) {
  StringRef location = tensor.location;
  if (location.empty() || location.contains('\0') ||
      path::is_absolute(location))
    return refuse(tensor, "is not a relative path");
  for (auto part = path::begin(location); part != path::end(location); ++part)
    if (*part == "..")
      return refuse(tensor, "leads out of the model's directory");
  SmallString<256> real, joined(file.directory);
  path::append(joined, location);
  if (std::error_code error = fs::real_path(joined, real))
    return refuse(tensor, "cannot be opened: " + error.message());
  for (const std::string &root : file.roots) {
    StringRef relative = real;
    if (!relative.consume_front(root) || !relative.consume_front("/"))
      continue;
    Descriptor opened(openBeneath(root, relative));
    struct stat status;
    if (opened.get() < 0 || fstat(opened.get(), &status) != 0)
      return refuse(tensor, "cannot be opened");
    if (!S_ISREG(status.st_mode))
      return refuse(tensor, "is not a regular file");
    auto buffer = llvm::MemoryBuffer::getOpenFile(
        opened.get(), real, status.st_size, /*RequiresNullTerminator=*/false);
    if (!buffer)
      return refuse(tensor, "cannot be read: " + buffer.getError().message());
    return std::move(*buffer);
  }
  return refuse(tensor,
                "leads out of the model's directory and those given with "
                "--external-data");
}

llvm::Expected<StringRef> mlc::onnx::loadBytes(ModelFile &file,
                                               const Tensor &tensor) {
  if (!tensor.isExternal)
    return tensor.bytes;
  std::unique_ptr<llvm::MemoryBuffer> &buffer = file.external[tensor.location];
  if (!buffer) {
    llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> opened =
        openExternal(file, tensor);
    if (!opened)
      return opened.takeError();
    buffer = std::move(*opened);
  }
  int64_t available = buffer->getBufferSize();
  int64_t offset = tensor.offset.value_or(0);
  int64_t length = tensor.length.value_or(tensor.byteSize);
  if (length != tensor.byteSize)
    return refuse(tensor, "has a length of " + Twine(length) +
                              " bytes; the tensor's shape and type need " +
                              Twine(tensor.byteSize));
  if (offset > available || length > available - offset)
    return refuse(tensor, "has " + Twine(available) + " bytes; needed are " +
                              Twine(length) + " from byte " + Twine(offset));
  return buffer->getBuffer().substr(offset, length);
}
