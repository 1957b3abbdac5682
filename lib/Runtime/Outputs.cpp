//===- Outputs.cpp - A run's outputs --------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Session.h"
#include "Strided.h"
#include "Verify.h"

using namespace mlc::rt;

/// `output "y"`
static Diag &outputError(const mlc_module &module, size_t index, Diag &diag) {
  return (diag.error(MLC_ERROR_INPUT) << "output ")
      .quote(module.outputs[index].name);
}

mlc_status mlc_session::matchOutputs(mlc_tensor *outputs, size_t count,
                                     Diag &diag) {
  for (Output &result : results)
    result.wanted = nullptr;
  for (size_t i = 0; i < count; ++i) {
    const char *name = outputs[i].name;
    size_t index = i;
    if (name)
      for (index = 0; index < results.size(); ++index)
        if (!strcmp(name, module->outputs[index].name))
          break;
    if (index >= results.size()) {
      diag.error(MLC_ERROR_INPUT);
      if (name)
        (diag << "there is no output ").quote(name);
      else
        diag << "there are " << uint64_t(count) << " outputs";
      diag << "; the module's outputs are ";
      module->listNames(false, diag);
      return diag;
    }
    if (results[index].wanted)
      return outputError(*module, index, diag) << " is given twice";
    results[index].wanted = &outputs[i];
  }
  for (size_t i = 0; i < results.size(); ++i)
    if (results[i].wanted && results[i].wanted->data && checkOutput(i, diag))
      return diag;
  return checkOverlaps(diag);
}

/// Evaluates the dims of an output; false when one is negative.
bool mlc_session::shapeOf(size_t index, const int64_t *values) {
  auto *dims = module->metadata->outputs()->Get(uint32_t(index))->dims();
  int64_t *shape = resultDims.data() + results[index].firstDim;
  for (uint32_t i = 0; i < sizeOf(dims); ++i)
    if ((shape[i] = valueOf(*dims->Get(i), values)) < 0)
      return false;
  return true;
}

/// An output that the caller holds memory for.
mlc_status mlc_session::checkOutput(size_t index, Diag &diag) {
  const mlc_tensor &tensor = *results[index].wanted;
  const mlc_tensor_info &info = module->outputs[index];
  if (tensor.dtype != info.dtype)
    return outputError(*module, index, diag)
           << " has type " << mlc_dtype_name(tensor.dtype) << ", must be "
           << mlc_dtype_name(info.dtype);
  if (tensor.rank != info.rank || (tensor.rank && !tensor.shape))
    return outputError(*module, index, diag)
           << " has " << (tensor.shape ? "rank " : "no shape, rank ")
           << tensor.rank << ", must be " << info.rank;
  int64_t bytes;
  if (!tensorBytes(tensor.shape, size_t(tensor.rank),
                   mlc_dtype_size(tensor.dtype), bytes))
    return outputError(*module, index, diag)
           << " has a negative size or more than 2^62 bytes";
  if (!results[index].early) {
    if (tensor.strides && !isPlain(tensor))
      return outputError(*module, index, diag)
             << " depends on the data in its shape, so must be contiguous";
    return MLC_OK;
  }
  if (!shapeOf(index, registers.data()))
    return diag.error(MLC_ERROR_RUN) << "an output has a negative size";
  const int64_t *shape = resultDims.data() + results[index].firstDim;
  for (int32_t i = 0; i < tensor.rank; ++i)
    if (tensor.shape[i] != shape[i]) {
      outputError(*module, index, diag) << ": dim " << i;
      if (info.dims[i].size < 0)
        (diag << " (").quote(info.dims[i].name) << ")";
      return diag << " is " << tensor.shape[i] << ", must be " << shape[i];
    }
  return MLC_OK;
}

mlc_status mlc_session::checkOverlaps(Diag &diag) {
  for (size_t i = 0; i < results.size(); ++i)
    for (size_t j = 0; j < i; ++j) {
      const mlc_tensor *a = results[i].wanted, *b = results[j].wanted;
      if (a && b && a->data && b->data && extentOf(*a).overlaps(extentOf(*b)))
        return outputError(*module, i, diag)
            .operator<<(" shares memory with output ")
            .quote(module->outputs[j].name);
    }
  return MLC_OK;
}

bool mlc_session::overlapsInput(const mlc_tensor &output) const {
  for (size_t i = 0; i < given.size(); ++i)
    if (!copied[i] && extentOf(*given[i]).overlaps(extentOf(output)))
      return true;
  return false;
}

mlc_status mlc_session::placeOutputs(Diag &diag) {
  for (size_t i = 0; i < results.size(); ++i)
    if (placeOutput(i, diag))
      return diag;
  return MLC_OK;
}

mlc_status mlc_session::placeOutput(size_t index, Diag &diag) {
  Output &result = results[index];
  result.direct = false;
  addresses[result.buffer] = nullptr;
  const BufferInfo &buffer = module->program.buffers[result.buffer];
  if (buffer.late)
    return MLC_OK;
  int64_t size = valueOf(buffer.size, registers.data());
  if (size < 0)
    return diag.error(MLC_ERROR_RUN) << "an output has a negative size";
  const mlc_tensor *wanted = result.wanted;
  if (result.early) {
    int64_t bytes;
    size_t rank = size_t(module->outputs[index].rank);
    if (!shapeOf(index, registers.data()) ||
        !tensorBytes(resultDims.data() + result.firstDim, rank,
                     mlc_dtype_size(module->outputs[index].dtype), bytes) ||
        bytes != size)
      return outputError(*module, index, diag)
             << " has another size than its buffer of " << size << " bytes";
    result.direct = size && wanted && wanted->data && isPlain(*wanted) &&
                    !overlapsInput(*wanted);
  }
  if (result.direct) {
    addresses[result.buffer] = wanted->data;
    return MLC_OK;
  }
  if (!result.block.reserve(size_t(size)))
    return diag.error(MLC_ERROR_MEMORY)
           << "out of memory: an output needs " << size << " bytes";
  addresses[result.buffer] = result.block.data;
  return MLC_OK;
}

mlc_status mlc_session::finishOutputs(Diag &diag) {
  for (size_t i = 0; i < results.size(); ++i)
    if (finishOutput(i, diag))
      return diag;
  return MLC_OK;
}

/// Settles shape and memory of an output after the program has ended.
mlc_status mlc_session::finishOutput(size_t index, Diag &diag) {
  Output &result = results[index];
  const mlc_tensor_info &info = module->outputs[index];
  const BufferInfo &buffer = module->program.buffers[result.buffer];
  int64_t *shape = resultDims.data() + result.firstDim;
  int64_t *strides = resultStrides.data() + result.firstDim;
  size_t element = mlc_dtype_size(info.dtype);
  int64_t bytes;
  int64_t size = valueOf(buffer.size, walker.registers.data());
  if (!shapeOf(index, walker.registers.data()) ||
      !tensorBytes(shape, size_t(info.rank), element, bytes) || bytes > size)
    return (diag.error(MLC_ERROR_RUN) << "output ").quote(info.name)
           << " does not fit its buffer of " << size << " bytes";
  contiguousStrides(shape, info.rank, element, strides);
  void *memory = walker.addresses[result.buffer];
  if (buffer.late) {
    if (bytes && !memory)
      return (diag.error(MLC_ERROR_RUN) << "output ").quote(info.name)
             << " was not written";
    if (memory) {
      result.block.release();
      result.block = {walker.takeBlock(buffer.lateIndex), size_t(size)};
    } else if (!result.block.reserve(64)) {
      return outOfMemory(diag, "an output");
    }
    memory = result.block.data;
  }
  mlc_tensor *wanted = result.wanted;
  if (!wanted || result.direct)
    return MLC_OK;
  if (!wanted->data) {
    const char *name = wanted->name;
    *wanted = {name, memory, info.dtype, info.rank, shape, strides};
    return MLC_OK;
  }
  int64_t room = 0;
  tensorBytes(wanted->shape, size_t(info.rank), element, room);
  if (bytes > room)
    return outputError(*module, index, diag)
           << " needs " << bytes << " bytes, the caller's has " << room;
  bool spread = result.early && wanted->strides;
  if (bytes)
    copyStrided(
        static_cast<char *>(wanted->data), spread ? wanted->strides : strides,
        static_cast<const char *>(memory), strides, shape, info.rank, element);
  return MLC_OK;
}
