//===- Lanes.h - Elements in the types that are computed with ---*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ops compute on runs of elements that were widened to `double` or to 64-bit
// integers, so that an op is compiled once or twice and not once per element
// type.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_INTERPRETER_LANES_H
#define MLC_LIB_INTERPRETER_LANES_H

#include "mlc/Interpreter/Tensor.h"

namespace mlc::interpreter {

inline bool isFloat(mlir::Type element) {
  return mlir::isa<mlir::FloatType>(element);
}
/// Whether integers of the type are sign-extended.
inline bool isSigned(mlir::Type element) {
  return !element.isInteger(1) && !element.isUnsignedInteger();
}
/// The bits of an element; 64 for `index`.
unsigned bitWidth(mlir::Type element);

/// Reads `count` elements, which need not be aligned. Integers are extended by
/// their sign.
void readLanes(mlir::Type element, const char *from, int64_t count, double *to);
void readLanes(mlir::Type element, const char *from, int64_t count,
               uint64_t *to);

/// Writes `count` elements: floats are rounded to nearest even, integers cut.
void writeLanes(mlir::Type element, const double *from, int64_t count,
                char *to);
void writeLanes(mlir::Type element, const uint64_t *from, int64_t count,
                char *to);

/// What the type makes of a float: rounds towards zero and saturates, NaN
/// becomes 0.
uint64_t saturate(double value, unsigned width, bool isSigned);

} // namespace mlc::interpreter

#endif // MLC_LIB_INTERPRETER_LANES_H
