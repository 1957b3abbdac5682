//===- Combine.h - What reductions combine with -----------------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_LIB_INTERPRETER_COMBINE_H
#define MLC_LIB_INTERPRETER_COMBINE_H

#include "Lanes.h"
#include "mlc/Dialect/Mlc/IR/Mlc.h"

namespace mlc::interpreter {

/// What a reduction of elements of type `element` starts from.
template <class Lane> Lane neutral(ReduceKind kind, mlir::Type element);

template <> inline double neutral<double>(ReduceKind kind, mlir::Type element) {
  switch (kind) {
  case ReduceKind::Product:
    return 1;
  case ReduceKind::Min:
    return scalar::infinity;
  case ReduceKind::Max:
    return -scalar::infinity;
  default:
    return 0;
  }
}

template <>
inline uint64_t neutral<uint64_t>(ReduceKind kind, mlir::Type element) {
  unsigned width = bitWidth(element);
  uint64_t largest =
      isSigned(element) ? llvm::maxIntN(width) : llvm::maxUIntN(width);
  uint64_t smallest = isSigned(element) ? llvm::minIntN(width) : 0;
  switch (kind) {
  case ReduceKind::Product:
  case ReduceKind::And:
    return 1;
  case ReduceKind::Min:
    return largest;
  case ReduceKind::Max:
    return smallest;
  default:
    return 0;
  }
}

/// Whether a lane is less than another: integers have the sign of their type.
template <class Lane> bool isLess(Lane a, Lane b, bool isSigned) {
  if constexpr (std::is_integral_v<Lane>)
    if (isSigned)
      return static_cast<int64_t>(a) < static_cast<int64_t>(b);
  return a < b;
}

/// Calls `use` with the function of two lanes that `kind` means.
template <class Lane, class Use>
void withCombiner(ReduceKind kind, mlir::Type element, Use &&use) {
  bool isSigned = interpreter::isSigned(element);
  switch (kind) {
  case ReduceKind::Sum:
    return use([](Lane a, Lane b) { return a + b; });
  case ReduceKind::Product:
    return use([](Lane a, Lane b) { return a * b; });
  case ReduceKind::Min:
  case ReduceKind::And:
    return use([isSigned](Lane a, Lane b) {
      return isLess(b, a, isSigned) || b != b ? b : a;
    });
  case ReduceKind::Max:
  case ReduceKind::Or:
    return use([isSigned](Lane a, Lane b) {
      return isLess(a, b, isSigned) || b != b ? b : a;
    });
  }
}

} // namespace mlc::interpreter

#endif // MLC_LIB_INTERPRETER_COMBINE_H
