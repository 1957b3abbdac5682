//===- Converters.cpp - Which node is converted by what -------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Converters.h"

using namespace mlir;
using namespace mlc::onnx;

ConverterTable::ConverterTable() {
  addActivations(*this);
  addConstants(*this);
  addContractions(*this);
  addElementwise(*this);
  addGathers(*this);
  addMovement(*this);
  addRearrangements(*this);
  addReductions(*this);
  addResizes(*this);
  addSamples(*this);
  addScatters(*this);
  addSequences(*this);
}

void ConverterTable::add(StringRef op, const Converter &converter) {
  SmallVector<Converter, 2> &versions = converters[op];
  versions.push_back(converter);
  llvm::sort(versions, [](const Converter &a, const Converter &b) {
    return a.since < b.since;
  });
}

const Converter *ConverterTable::find(StringRef domain, StringRef op,
                                      int64_t opset) const {
  auto versions = converters.find(op);
  if (!domain.empty() || versions == converters.end())
    return nullptr;
  const Converter *found = nullptr;
  for (const Converter &converter : versions->second)
    if (converter.since <= opset)
      found = &converter;
  return found;
}
