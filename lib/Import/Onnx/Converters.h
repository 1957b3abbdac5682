//===- Converters.h - Which node is converted by what -----------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_IMPORT_ONNX_CONVERTERS_H
#define MLC_IMPORT_ONNX_CONVERTERS_H

#include "NodeContext.h"

namespace mlc::onnx {

/// The versions of the default domain that converters are written for.
inline constexpr int64_t minOpset = 6, maxOpset = 28;

/// Any number of inputs.
inline constexpr unsigned variadic = ~0u;
/// Any number of inputs, which may be absent.
inline constexpr unsigned optionalVariadic = variadic - 1;

struct Converter {
  /// The first version of the domain that it serves.
  int64_t since;
  /// How many inputs there are; the first `minInputs` must be there.
  unsigned minInputs, maxInputs;
  mlir::LogicalResult (*convert)(NodeContext &);
  /// Whether inputs may be sequences, whose lengths are known.
  bool takesLists = false;
};

/// All converters, by domain, op and version.
class ConverterTable {
public:
  ConverterTable();

  /// Adds a converter of the default domain, or of another one.
  void add(llvm::StringRef op, const Converter &converter,
           llvm::StringRef domain = "");
  /// The converter for the op as it stands in `opset`; null when there is none.
  const Converter *find(llvm::StringRef domain, llvm::StringRef op,
                        int64_t opset) const;
  /// What is there, by name.
  std::vector<SupportedOp> list() const;

private:
  /// By domain, then by op.
  llvm::StringMap<llvm::StringMap<llvm::SmallVector<Converter, 2>>> converters;
};

void addActivations(ConverterTable &table);
void addAttention(ConverterTable &table);
void addConstants(ConverterTable &table);
void addContractions(ConverterTable &table);
void addContrib(ConverterTable &table);
void addContribAttention(ConverterTable &table);
void addControlFlow(ConverterTable &table);
void addConvolutions(ConverterTable &table);
void addDetection(ConverterTable &table);
void addEinsum(ConverterTable &table);
void addElementwise(ConverterTable &table);
void addGathers(ConverterTable &table);
void addLinearAttention(ConverterTable &table);
void addLists(ConverterTable &table);
void addLosses(ConverterTable &table);
void addMovement(ConverterTable &table);
void addNgrams(ConverterTable &table);
void addNormalizations(ConverterTable &table);
void addPooling(ConverterTable &table);
void addQuantization(ConverterTable &table);
void addRearrangements(ConverterTable &table);
void addRecurrent(ConverterTable &table);
void addReductions(ConverterTable &table);
void addResizes(ConverterTable &table);
void addSamples(ConverterTable &table);
void addScatters(ConverterTable &table);
void addSequences(ConverterTable &table);
void addSoftmax(ConverterTable &table);
void addSpectral(ConverterTable &table);

} // namespace mlc::onnx

#endif // MLC_IMPORT_ONNX_CONVERTERS_H
