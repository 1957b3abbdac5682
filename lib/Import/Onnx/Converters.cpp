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
  addAttention(*this);
  addConstants(*this);
  addContractions(*this);
  addContrib(*this);
  addContribAttention(*this);
  addControlFlow(*this);
  addConvolutions(*this);
  addDetection(*this);
  addEinsum(*this);
  addElementwise(*this);
  addGathers(*this);
  addLinearAttention(*this);
  addLists(*this);
  addLosses(*this);
  addMovement(*this);
  addNgrams(*this);
  addNormalizations(*this);
  addPooling(*this);
  addQuantization(*this);
  addRearrangements(*this);
  addRecurrent(*this);
  addReductions(*this);
  addResizes(*this);
  addSamples(*this);
  addScatters(*this);
  addSequences(*this);
  addSoftmax(*this);
  addSpectral(*this);
}

void ConverterTable::add(StringRef op, const Converter &converter,
                         StringRef domain) {
  SmallVector<Converter, 2> &versions = converters[domain][op];
  versions.push_back(converter);
  llvm::sort(versions, [](const Converter &a, const Converter &b) {
    return a.since < b.since;
  });
}

const Converter *ConverterTable::find(StringRef domain, StringRef op,
                                      int64_t opset) const {
  auto ops = converters.find(domain);
  if (ops == converters.end())
    return nullptr;
  auto versions = ops->second.find(op);
  if (versions == ops->second.end())
    return nullptr;
  const Converter *found = nullptr;
  for (const Converter &converter : versions->second)
    if (converter.since <= opset)
      found = &converter;
  return found;
}

std::vector<SupportedOp> ConverterTable::list() const {
  std::vector<SupportedOp> list;
  for (const auto &[domain, ops] : converters)
    for (const auto &[op, versions] : ops) {
      SupportedOp &entry = list.emplace_back();
      entry.domain = domain.str();
      entry.op = op.str();
      for (const Converter &converter : versions)
        entry.versions.push_back(converter.since);
    }
  llvm::sort(list, [](const SupportedOp &a, const SupportedOp &b) {
    return std::tie(a.domain, a.op) < std::tie(b.domain, b.op);
  });
  return list;
}

std::vector<SupportedOp> mlc::onnx::supportedOps() {
  return ConverterTable().list();
}
