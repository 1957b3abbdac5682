//===- Artifact.cpp - The file that is deployed ---------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Artifact.h"
#include "Hash.h"
#include "mlc/Builtins/Builtins.h"
#include "mlc/Runtime/Descriptor.h"
#include "mlir/IR/Threading.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/FileSystem.h"
#include <elf.h>

using namespace mlir;
using namespace mlc;
using Object = SmallVector<char, 0>;

/// Names each kernel after what it is compiled from.
static void setKeys(ModuleOp module, const MetadataHeader &header,
                    StringRef codeOptions) {
  for (auto kernel : module.getOps<KernelOp>()) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    for (ModuleOp level : kernel.getModules())
      // In the model's scope every kernel would be numbered each time.
      level.print(stream, OpPrintingFlags().useLocalScope());
    stream << kernel.getBuiltin().value_or("") << '\0' << header.target << '\0'
           << codeOptions << '\0' << header.compilerVersion;
    kernel->setAttr("key",
                    StringAttr::get(module.getContext(), Hash::hexOf(text)));
  }
}

static std::string entryName(KernelOp kernel, size_t level) {
  if (std::optional<StringRef> builtin = kernel.getBuiltin())
    return builtin->str();
  return kernel.getSymName().str() + "." + std::to_string(level);
}

/// The objects of all kernels at all levels, in order; builtins have none of
/// their own.
static FailureOr<std::vector<Object>> compileKernels(ModuleOp module,
                                                     const HostProgram &program,
                                                     const Target &target) {
  struct Unit {
    KernelOp kernel;
    ModuleOp code;
    size_t level;
  };
  std::vector<Unit> units;
  for (size_t level = 0; level < target.levels().size(); ++level)
    for (KernelOp kernel : program.kernels)
      if (!kernel.getBuiltin())
        units.push_back(
            {kernel, *std::next(kernel.getModules().begin(), level), level});
  std::vector<Object> objects(units.size());
  LogicalResult result = failableParallelForEachN(
      module.getContext(), 0, units.size(), [&](size_t i) -> LogicalResult {
        auto [kernel, code, level] = units[i];
        FailureOr<Object> object = target.emitObject(
            code, target.levels()[level], entryName(kernel, level));
        if (failed(object))
          return failure();
        objects[i] = std::move(*object);
        return success();
      });
  if (failed(result))
    return failure();
  return objects;
}

/// The object with the descriptor, the table of entry points and room for
/// metadata and weights.
static FailureOr<Object> makeDescriptor(const HostProgram &program,
                                        const Target &target, Location loc) {
  llvm::LLVMContext context;
  llvm::Module module("artifact", context);
  auto *pointer = llvm::PointerType::get(context, 0);
  auto *i32 = llvm::Type::getInt32Ty(context),
       *i8 = llvm::Type::getInt8Ty(context);
  SmallVector<llvm::Constant *> entries;
  for (size_t level = 0; level < target.levels().size(); ++level)
    for (KernelOp kernel : program.kernels) {
      // Kernels may be one builtin.
      auto *type =
          llvm::FunctionType::get(llvm::Type::getVoidTy(context), false);
      auto *function = cast<llvm::Function>(
          module.getOrInsertFunction(entryName(kernel, level), type)
              .getCallee());
      function->setVisibility(llvm::GlobalValue::HiddenVisibility);
      entries.push_back(function);
    }
  auto *table = llvm::ArrayType::get(pointer, entries.size());
  auto *entryTable = new llvm::GlobalVariable(
      module, table, true, llvm::GlobalValue::PrivateLinkage,
      llvm::ConstantArray::get(table, entries), "entries");
  llvm::Constant *weights = llvm::ConstantPointerNull::get(pointer);
  if (program.weightsSize) {
    module.appendModuleInlineAsm(
        ".section .mlc.weights,\"aR\",@nobits\n.p2align 12\n.globl "
        "mlc_weights\n"
        ".hidden mlc_weights\nmlc_weights:\n.zero " +
        std::to_string(program.weightsSize) + "\n");
    auto *symbol = new llvm::GlobalVariable(module, i8, true,
                                            llvm::GlobalValue::ExternalLinkage,
                                            nullptr, "mlc_weights");
    symbol->setVisibility(llvm::GlobalValue::HiddenVisibility);
    weights = symbol;
  }
  // Retained, though nothing refers to it.
  module.appendModuleInlineAsm(
      ".section .mlc.meta,\"aR\",@progbits\n.p2align 6\n.zero " +
      std::to_string(sizeof(mlc_metadata_header) + program.metadata.size()) +
      "\n");
  auto number = [&](uint32_t value) {
    return llvm::ConstantInt::get(i32, value);
  };
  auto *type =
      llvm::StructType::get(context, {i32, i32, i32, i32, pointer, pointer});
  auto *value = llvm::ConstantStruct::get(
      type, {number(MLC_ABI_VERSION), number(target.levels().size()),
             number(program.kernels.size()), number(0), entryTable, weights});
  new llvm::GlobalVariable(module, type, true,
                           llvm::GlobalValue::ExternalLinkage, value,
                           "mlc_artifact");
  return target.emitModule(module, loc);
}

//===----------------------------------------------------------------------===//
// The finished file
//===----------------------------------------------------------------------===//

namespace {

/// The linked image, edited in place.
class Image {
public:
  explicit Image(Object bytes) : bytes(std::move(bytes)) {}

  Elf64_Ehdr &header() { return *reinterpret_cast<Elf64_Ehdr *>(bytes.data()); }
  Elf64_Shdr *section(StringRef name) {
    auto *sections =
        reinterpret_cast<Elf64_Shdr *>(bytes.data() + header().e_shoff);
    const char *names = bytes.data() + sections[header().e_shstrndx].sh_offset;
    for (int i = 0; i < header().e_shnum; ++i)
      if (name == names + sections[i].sh_name)
        return &sections[i];
    return nullptr;
  }
  MutableArrayRef<Elf64_Phdr> segments() {
    return {reinterpret_cast<Elf64_Phdr *>(bytes.data() + header().e_phoff),
            header().e_phnum};
  }

  /// Gives the section of the weights, so far without content, its place at the
  /// end of the file: the next multiple of a page. Returns that place.
  uint64_t placeWeights() {
    uint64_t offset = llvm::alignTo(bytes.size(), pageSize);
    Elf64_Shdr *weights = section(".mlc.weights");
    if (!weights)
      return bytes.size();
    for (Elf64_Phdr &segment : segments())
      if (segment.p_type == PT_LOAD && segment.p_vaddr == weights->sh_addr) {
        segment.p_offset = offset;
        segment.p_filesz = segment.p_memsz;
      }
    weights->sh_type = SHT_PROGBITS;
    weights->sh_offset = offset;
    bytes.resize(offset);
    return offset;
  }

  /// The hash of everything but the metadata.
  Hash::Digest hashCode() {
    Elf64_Shdr *meta = section(".mlc.meta");
    Hash hash;
    StringRef all(bytes.data(), bytes.size());
    hash.update(all.take_front(meta->sh_offset));
    hash.update(all.drop_front(meta->sh_offset + meta->sh_size));
    return hash.finish();
  }

  void setMetadata(ArrayRef<uint8_t> metadata) {
    char *place = bytes.data() + section(".mlc.meta")->sh_offset;
    mlc_metadata_header header = {};
    std::memcpy(header.magic, MLC_METADATA_MAGIC, sizeof(MLC_METADATA_MAGIC));
    header.version = MLC_FORMAT_VERSION;
    header.size = metadata.size();
    Hash::Digest digest = Hash::of(llvm::toStringRef(metadata));
    std::copy(digest.begin(), digest.end(), header.sha256);
    std::memcpy(place, &header, sizeof(header));
    std::memcpy(place + sizeof(header), metadata.data(), metadata.size());
  }

  static constexpr uint64_t pageSize = 4096;
  Object bytes;
};

/// Passes bytes on and hashes them.
class HashingStream : public raw_ostream {
public:
  explicit HashingStream(raw_ostream *os) : os(os) { SetUnbuffered(); }
  Hash::Digest digest() { return hash.finish(); }

private:
  void write_impl(const char *data, size_t size) override {
    hash.update(StringRef(data, size));
    if (os)
      os->write(data, size);
    position += size;
  }
  uint64_t current_pos() const override { return position; }

  raw_ostream *os;
  Hash hash;
  uint64_t position = 0;
};

} // namespace

/// Writes all weights at their offsets, with zeros between them.
static void writeWeights(const HostProgram &program, raw_ostream &os) {
  for (auto [number, weight] : llvm::enumerate(program.weights)) {
    writeWeight(weight.constant, os);
    bool isLast = number + 1 == program.weights.size();
    int64_t next =
        isLast ? program.weightsSize : program.weights[number + 1].offset;
    os.write_zeros(next - weight.offset - weight.size);
  }
}

/// Image, weights, then the metadata: its hashes are known only when all else
/// is written.
static void writeFile(HostProgram &program, Image &image,
                      llvm::raw_pwrite_stream &os) {
  image.placeWeights();
  auto *metadata = fb::GetMetadata(program.metadata.data());
  auto setHash = [](const flatbuffers::Vector<uint8_t> *field,
                    const Hash::Digest &digest) {
    std::copy(digest.begin(), digest.end(),
              const_cast<uint8_t *>(field->data()));
  };
  setHash(metadata->code_hash(), image.hashCode());
  os.write(image.bytes.data(), image.bytes.size());
  HashingStream hashing(&os);
  writeWeights(program, hashing);
  setHash(metadata->weights_hash(), hashing.digest());
  image.setMetadata({program.metadata.data(), program.metadata.size()});
  Elf64_Shdr *section = image.section(".mlc.meta");
  os.pwrite(image.bytes.data() + section->sh_offset, section->sh_size,
            section->sh_offset);
}

/// Writes to a temporary file beside `path` and renames it, so that `path` is
/// whole or untouched.
static LogicalResult
writeAtomically(Location loc, StringRef path,
                function_ref<void(llvm::raw_pwrite_stream &)> write) {
  SmallString<128> temporary;
  int fd;
  if (std::error_code error = llvm::sys::fs::createUniqueFile(
          path + ".%%%%%%.tmp", fd, temporary, {}, 0755))
    return emitError(loc, "cannot write \"")
           << path << "\": " << error.message();
  llvm::raw_fd_ostream os(fd, /*shouldClose=*/true);
  write(os);
  os.close();
  std::error_code error = os.error();
  os.clear_error();
  if (!error)
    error = llvm::sys::fs::rename(temporary, path);
  if (!error)
    return success();
  llvm::sys::fs::remove(temporary);
  return emitError(loc, "cannot write \"") << path << "\": " << error.message();
}

LogicalResult mlc::writeArtifact(ModuleOp module, const Target &target,
                                 MetadataHeader header, StringRef codeOptions,
                                 StringRef path, SmallVectorImpl<char> *bytes) {
  setKeys(module, header, codeOptions);
  FailureOr<HostProgram> program = exportHostProgram(module, target, header);
  if (failed(program))
    return failure();
  FailureOr<std::vector<Object>> objects =
      compileKernels(module, *program, target);
  if (failed(objects))
    return failure();
  FailureOr<Object> descriptor =
      makeDescriptor(*program, target, module.getLoc());
  if (failed(descriptor))
    return failure();
  objects->insert(objects->begin(), std::move(*descriptor));
  if (const builtins::Object *library =
          builtins::lookup(target.architecture().data()))
    objects->emplace_back(library->data, library->data + library->size);
  FailureOr<Object> linked = linkObjects(module.getLoc(), *objects);
  if (failed(linked))
    return failure();
  Image image(std::move(*linked));
  if (path.empty()) {
    llvm::raw_svector_ostream os(*bytes);
    writeFile(*program, image, os);
    return success();
  }
  return writeAtomically(
      module.getLoc(), path,
      [&](llvm::raw_pwrite_stream &os) { writeFile(*program, image, os); });
}
