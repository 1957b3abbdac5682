//===- Lanes.cpp - Elements in the types that are computed with -----------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lanes.h"
#include "llvm/ADT/bit.h"
#include <cmath>
#include <cstring>

using namespace mlir;
using namespace mlc::interpreter;

namespace {

/// A float of 16 bits.
template <unsigned exponentBits> struct SmallFloat {
  static constexpr int mantissaBits = 15 - exponentBits;
  static constexpr int bias = (1 << (exponentBits - 1)) - 1;
  static constexpr uint64_t infinity = ((uint64_t(1) << exponentBits) - 1)
                                       << mantissaBits;
  uint16_t bits;

  operator double() const {
    double sign = bits >> 15 ? -1 : 1;
    int exponent = (bits & 0x7fff) >> mantissaBits;
    uint64_t mantissa = bits & ((1 << mantissaBits) - 1);
    if (exponent == 0)
      return sign * std::ldexp(double(mantissa), 1 - bias - mantissaBits);
    if ((bits & 0x7fff) >= infinity)
      return mantissa ? std::copysign(std::nan(""), sign)
                      : sign * std::numeric_limits<double>::infinity();
    uint64_t wide = uint64_t(exponent - bias + 1023) << 52 |
                    mantissa << (52 - mantissaBits);
    return sign * llvm::bit_cast<double>(wide);
  }

  /// Rounds to nearest even, once: by way of `float` a value could be rounded
  /// twice.
  static SmallFloat round(double value) {
    uint64_t wide = llvm::bit_cast<uint64_t>(value);
    uint64_t sign = wide >> 63 << 15, magnitude = wide << 1 >> 1;
    constexpr uint64_t implicitBit = uint64_t(1) << 52;
    if (value != value)
      return {static_cast<uint16_t>(sign | infinity | 1 << (mantissaBits - 1))};
    int64_t exponent = static_cast<int64_t>(magnitude >> 52) - 1023;
    // Below the smallest normal number the exponent stays and the mantissa
    // loses bits.
    int64_t lost = std::max<int64_t>(0, 1 - bias - exponent);
    int64_t shift = 52 - mantissaBits + lost;
    if (shift > 53)
      return {static_cast<uint16_t>(sign)};
    uint64_t significand = (magnitude & (implicitBit - 1)) | implicitBit;
    uint64_t kept = significand >> shift;
    uint64_t rest = significand & ((uint64_t(1) << shift) - 1);
    uint64_t half = uint64_t(1) << (shift - 1);
    kept += rest > half || (rest == half && (kept & 1));
    // The implicit bit counts as one step of the exponent, and so does a carry
    // out of the mantissa.
    uint64_t base = lost ? 0 : static_cast<uint64_t>(exponent + bias - 1);
    uint64_t result =
        exponent > bias ? infinity : (base << mantissaBits) + kept;
    return {static_cast<uint16_t>(sign | std::min(result, infinity))};
  }
};

using Half = SmallFloat<5>;
using BFloat = SmallFloat<8>;

template <class T> T roundTo(double value) {
  if constexpr (std::is_floating_point_v<T>)
    return static_cast<T>(value);
  else
    return T::round(value);
}

template <class T, class Lane>
void read(const char *from, int64_t count, Lane *to) {
  for (int64_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, from + i * sizeof(T), sizeof(T));
    to[i] = static_cast<Lane>(value);
  }
}

template <class T> void write(const uint64_t *from, int64_t count, char *to) {
  for (int64_t i = 0; i < count; ++i) {
    T value = static_cast<T>(from[i]);
    std::memcpy(to + i * sizeof(T), &value, sizeof(T));
  }
}

template <class T> void round(const double *from, int64_t count, char *to) {
  for (int64_t i = 0; i < count; ++i) {
    T value = roundTo<T>(from[i]);
    std::memcpy(to + i * sizeof(T), &value, sizeof(T));
  }
}

/// Calls `function.template operator()<T>()` with the C++ type of a float
/// element.
template <class Function> void withFloat(Type element, Function &&function) {
  if (element.isF64())
    return function.template operator()<double>();
  if (element.isF32())
    return function.template operator()<float>();
  if (element.isF16())
    return function.template operator()<Half>();
  assert(element.isBF16() && "not a float of the dialect");
  return function.template operator()<BFloat>();
}

/// The same for integers, booleans and indices.
template <class Function> void withInteger(Type element, Function &&function) {
  bool sign = isSigned(element);
  switch (elementSize(element)) {
  case 1:
    return sign ? function.template operator()<int8_t>()
                : function.template operator()<uint8_t>();
  case 2:
    return sign ? function.template operator()<int16_t>()
                : function.template operator()<uint16_t>();
  case 4:
    return sign ? function.template operator()<int32_t>()
                : function.template operator()<uint32_t>();
  default:
    return sign ? function.template operator()<int64_t>()
                : function.template operator()<uint64_t>();
  }
}

} // namespace

unsigned mlc::interpreter::bitWidth(Type element) {
  return element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
}

void mlc::interpreter::readLanes(Type element, const char *from, int64_t count,
                                 double *to) {
  if (isFloat(element))
    return withFloat(element, [&]<class T>() { read<T>(from, count, to); });
  withInteger(element, [&]<class T>() { read<T>(from, count, to); });
}

void mlc::interpreter::readLanes(Type element, const char *from, int64_t count,
                                 uint64_t *to) {
  withInteger(element, [&]<class T>() { read<T>(from, count, to); });
}

void mlc::interpreter::writeLanes(Type element, const double *from,
                                  int64_t count, char *to) {
  withFloat(element, [&]<class T>() { round<T>(from, count, to); });
}

void mlc::interpreter::writeLanes(Type element, const uint64_t *from,
                                  int64_t count, char *to) {
  withInteger(element, [&]<class T>() { write<T>(from, count, to); });
}

uint64_t mlc::interpreter::saturate(double value, unsigned width,
                                    bool isSigned) {
  if (value != value)
    return 0;
  double limit = std::ldexp(1.0, isSigned ? width - 1 : width);
  uint64_t top = isSigned || width < 64
                     ? (uint64_t(1) << (isSigned ? width - 1 : width)) - 1
                     : ~uint64_t(0);
  if (value >= limit)
    return top;
  if (!isSigned)
    return value <= 0 ? 0 : static_cast<uint64_t>(value);
  return value <= -limit ? ~top
                         : static_cast<uint64_t>(static_cast<int64_t>(value));
}
