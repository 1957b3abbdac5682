//===- Bind.cpp - A run's inputs against the signature --------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Session.h"
#include "Strided.h"
#include "Verify.h"

using namespace mlc::rt;

/// `input "x"`
static Diag &inputError(const mlc_module &module, size_t index, Diag &diag) {
  return (diag.error(MLC_ERROR_INPUT) << "input ")
      .quote(module.inputs[index].name);
}

/// `input "x": dim 1 ("batch") is 70`
static Diag &dimError(const mlc_module &module, size_t index, uint32_t axis,
                      int64_t found, Diag &diag) {
  const mlc_dim_info &dim = module.inputs[index].dims[axis];
  inputError(module, index, diag) << ": dim " << axis;
  if (dim.size < 0)
    (diag << " (").quote(dim.name) << ")";
  return diag << " is " << found;
}

mlc_status mlc_session::matchInputs(const mlc_tensor *inputs, size_t count,
                                    Diag &diag) {
  for (const mlc_tensor *&slot : given)
    slot = nullptr;
  for (size_t i = 0; i < count; ++i) {
    const char *name = inputs[i].name;
    size_t index = i;
    if (name)
      for (index = 0; index < given.size(); ++index)
        if (!strcmp(name, module->inputs[index].name))
          break;
    if (index >= given.size()) {
      diag.error(MLC_ERROR_INPUT);
      if (name)
        (diag << "there is no input ").quote(name);
      else
        diag << "there are " << uint64_t(count) << " inputs";
      diag << "; the module's inputs are ";
      module->listNames(true, diag);
      return diag;
    }
    if (given[index])
      return inputError(*module, index, diag) << " is given twice";
    given[index] = &inputs[i];
  }
  for (size_t i = 0; i < given.size(); ++i)
    if (!given[i]) {
      inputError(*module, i, diag) << " is missing; the module's inputs are ";
      module->listNames(true, diag);
      return diag;
    } else if (checkInput(i, diag)) {
      return diag;
    }
  return MLC_OK;
}

mlc_status mlc_session::checkInput(size_t index, Diag &diag) {
  const mlc_tensor &tensor = *given[index];
  const mlc_tensor_info &info = module->inputs[index];
  if (tensor.dtype != info.dtype)
    return inputError(*module, index, diag)
           << " has type " << mlc_dtype_name(tensor.dtype) << ", must be "
           << mlc_dtype_name(info.dtype);
  if (tensor.rank != info.rank)
    return inputError(*module, index, diag)
           << " has rank " << tensor.rank << ", must be " << info.rank;
  if (tensor.rank && !tensor.shape)
    return inputError(*module, index, diag) << " has no shape";
  for (int32_t i = 0; i < tensor.rank; ++i) {
    int64_t found = tensor.shape[i], wanted = info.dims[i].size;
    if (found < 0)
      return dimError(*module, index, uint32_t(i), found, diag)
             << ", sizes are not negative";
    if (wanted >= 0 && found != wanted)
      return dimError(*module, index, uint32_t(i), found, diag)
             << ", must be " << wanted;
  }
  int64_t bytes;
  if (!tensorBytes(tensor.shape, size_t(tensor.rank),
                   mlc_dtype_size(tensor.dtype), bytes))
    return inputError(*module, index, diag)
           << " has a shape of more than 2^62 bytes";
  if (bytes && !tensor.data)
    return inputError(*module, index, diag) << " has no data";
  return MLC_OK;
}

mlc_status mlc_session::bindSymbol(const fb::Symbol &symbol, Diag &diag) {
  uint32_t input = symbol.input(), axis = symbol.axis();
  int64_t found = given[input]->shape[axis];
  registers[symbol.reg()] = found;
  bool multiple = found % symbol.multiple() == 0;
  if (found >= symbol.min() && found <= symbol.max() && multiple)
    return MLC_OK;
  dimError(*module, input, axis, found, diag) << ", allowed ";
  if (symbol.multiple() != 1)
    diag << "multiples of " << symbol.multiple() << " in ";
  if (symbol.max() == INT64_MAX)
    return diag << symbol.min() << " or more";
  return diag << symbol.min() << ".." << symbol.max();
}

mlc_status mlc_session::bindSymbols(Diag &diag) {
  const fb::Program &program = *module->metadata->program();
  for (int64_t &reg : registers)
    reg = 0;
  for (uint32_t i = 0; i < sizeOf(program.symbols()); ++i) {
    const fb::Symbol &symbol = *program.symbols()->Get(i);
    if (bindSymbol(symbol, diag))
      return diag;
    symbolValues[i] = registers[symbol.reg()];
  }
  if (program.bind()) {
    auto *code = reinterpret_cast<const fb::Instr *>(program.bind()->Data());
    Arithmetic result =
        evaluate(code, program.bind()->size(), registers.data());
    if (result == Arithmetic::Overflow)
      return diag.error(MLC_ERROR_INPUT)
             << "the inputs are too large: a size exceeds 64 bits";
    if (result == Arithmetic::DivisionByZero)
      return diag.error(MLC_ERROR_INPUT)
             << "the inputs' sizes lead to a division by zero";
  }
  for (size_t i = 0; i < given.size(); ++i)
    if (checkDims(i, diag))
      return diag;
  return MLC_OK;
}

/// Dims that share a symbol, or follow from symbols.
mlc_status mlc_session::checkDims(size_t index, Diag &diag) {
  const fb::Metadata &metadata = *module->metadata;
  auto *dims = metadata.inputs()->Get(uint32_t(index))->dims();
  auto *symbols = metadata.program()->symbols();
  for (uint32_t axis = 0; axis < sizeOf(dims); ++axis) {
    const fb::Value &dim = *dims->Get(axis);
    int64_t found = given[index]->shape[axis];
    int64_t wanted = valueOf(dim, registers.data());
    if (found == wanted)
      continue;
    dimError(*module, index, axis, found, diag) << ", must be " << wanted;
    for (uint32_t s = 0; s < sizeOf(symbols); ++s)
      if (const fb::Symbol &symbol = *symbols->Get(s);
          int64_t(symbol.reg()) == dim.reg())
        (diag << ", as dim " << symbol.axis() << " of input ")
            .quote(module->inputs[symbol.input()].name);
    return diag;
  }
  return MLC_OK;
}

mlc_status mlc_session::placeInputs(Diag &diag) {
  for (size_t i = 0; i < given.size(); ++i)
    copied[i] = false;
  for (size_t b = 0; b < module->program.buffers.size(); ++b) {
    const BufferInfo &buffer = module->program.buffers[b];
    if (buffer.kind != fb::BufferKind::Input)
      continue;
    const mlc_tensor &tensor = *given[buffer.index];
    size_t element = mlc_dtype_size(tensor.dtype);
    int64_t bytes = 0, expected = valueOf(buffer.size, registers.data());
    tensorBytes(tensor.shape, size_t(tensor.rank), element, bytes);
    if (bytes != expected)
      return inputError(*module, buffer.index, diag)
             << " has " << bytes << " bytes, the program expects " << expected;
    Block &copy = inputCopies[buffer.index];
    if (bytes && isPlain(tensor)) {
      addresses[b] = tensor.data;
      continue;
    }
    if (!copy.reserve(size_t(bytes)))
      return outOfMemory(diag, "the copy of an input");
    addresses[b] = copy.data;
    copied[buffer.index] = true;
    int64_t source[maxRank], target[maxRank];
    contiguousStrides(tensor.shape, tensor.rank, element, target);
    memcpy(source, tensor.strides ? tensor.strides : target,
           size_t(tensor.rank) * sizeof(int64_t));
    if (bytes)
      copyStrided(static_cast<char *>(copy.data), target,
                  static_cast<const char *>(tensor.data), source, tensor.shape,
                  tensor.rank, element);
  }
  return MLC_OK;
}
