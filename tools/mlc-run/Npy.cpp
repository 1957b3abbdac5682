//===- Npy.cpp - NumPy's array files --------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Npy.h"

#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>

namespace mlc::tool {

namespace {

struct TypeCode {
  mlc_dtype dtype;
  const char *code;
};
constexpr TypeCode typeCodes[] = {
    {MLC_I1, "b1"},  {MLC_I8, "i1"},  {MLC_I16, "i2"}, {MLC_I32, "i4"},
    {MLC_I64, "i8"}, {MLC_U8, "u1"},  {MLC_U16, "u2"}, {MLC_U32, "u4"},
    {MLC_U64, "u8"}, {MLC_F16, "f2"}, {MLC_F32, "f4"}, {MLC_F64, "f8"}};

template <typename T> T readAs(const uint8_t *bytes) {
  T value;
  memcpy(&value, bytes, sizeof(T));
  return value;
}

float fromBf16(uint16_t bits) {
  uint32_t wide = uint32_t(bits) << 16;
  return readAs<float>(reinterpret_cast<const uint8_t *>(&wide));
}

double fromF16(uint16_t bits) {
  int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double value = exponent == 31 ? (fraction ? NAN : INFINITY)
                 : exponent     ? std::ldexp(1024 + fraction, exponent - 25)
                                : std::ldexp(fraction, -24);
  return bits >> 15 ? -value : value;
}

/// Random values need no ties or NaNs: round half up.
uint16_t toBf16(double value) {
  float single = float(value);
  uint32_t bits = readAs<uint32_t>(reinterpret_cast<const uint8_t *>(&single));
  return uint16_t((bits + 0x8000) >> 16);
}

uint16_t toF16(double value) {
  uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  value = std::fabs(value);
  if (value >= 65520)
    return sign | 0x7c00;
  if (value < 0x1p-14)
    return sign | uint16_t(std::nearbyint(std::ldexp(value, 24)));
  int exponent = std::ilogb(value);
  long fraction = std::lrint(std::ldexp(value, 10 - exponent)) - 1024;
  return sign | uint16_t(((exponent + 15) << 10) + fraction);
}

template <typename T> void writeAs(uint8_t *bytes, T value) {
  memcpy(bytes, &value, sizeof(T));
}

/// The header of a .npy file, a Python dictionary, read bit by bit.
class HeaderReader {
public:
  explicit HeaderReader(const std::string &text) : text(text) {}

  /// Moves behind `'key':`.
  bool find(const std::string &key) {
    at = text.find("'" + key + "'");
    if (at == std::string::npos)
      return false;
    at += key.size() + 2;
    return skip(':');
  }
  bool skip(char wanted) {
    while (at < text.size() && text[at] == ' ')
      ++at;
    if (at >= text.size() || text[at] != wanted)
      return false;
    ++at;
    return true;
  }
  bool readQuoted(std::string &result) {
    if (!skip('\''))
      return false;
    size_t end = text.find('\'', at);
    if (end == std::string::npos)
      return false;
    result = text.substr(at, end - at);
    return true;
  }
  bool readBool(bool &result) {
    while (at < text.size() && text[at] == ' ')
      ++at;
    result = text.compare(at, 4, "True") == 0;
    return result || text.compare(at, 5, "False") == 0;
  }
  bool readShape(std::vector<int64_t> &shape) {
    if (!skip('('))
      return false;
    while (!skip(')')) {
      int64_t size = 0;
      size_t start = at;
      for (; at < text.size() && isdigit((unsigned char)text[at]); ++at)
        if (__builtin_mul_overflow(size, 10, &size) ||
            __builtin_add_overflow(size, text[at] - '0', &size))
          return false;
      if (at == start || shape.size() > 32)
        return false;
      shape.push_back(size);
      if (!skip(',') && (at >= text.size() || text[at] != ')'))
        return false;
    }
    return true;
  }

private:
  const std::string &text;
  size_t at = 0;
};

bool parseType(const std::string &descr, mlc_dtype expected, mlc_dtype &dtype) {
  if (descr.size() != 3 || descr[0] == '>')
    return false;
  for (const TypeCode &type : typeCodes)
    if (descr.substr(1) == type.code) {
      dtype = type.dtype;
      if (dtype == MLC_U16 && expected == MLC_BF16)
        dtype = MLC_BF16;
      return true;
    }
  return false;
}

/// Column-major to row-major.
void reorder(HostTensor &tensor) {
  size_t element = mlc_dtype_size(tensor.dtype), rank = tensor.shape.size();
  std::vector<uint8_t> result(tensor.bytes.size());
  std::vector<int64_t> index(rank, 0);
  for (size_t to = 0; to < result.size(); to += element) {
    size_t from = 0;
    for (size_t d = rank; d-- > 0;)
      from = from * size_t(tensor.shape[d]) + size_t(index[d]);
    memcpy(&result[to], &tensor.bytes[from * element], element);
    for (size_t d = rank; d-- > 0 && ++index[d] == tensor.shape[d];)
      index[d] = 0;
  }
  tensor.bytes = std::move(result);
}

/// Splits off the header; the data starts at `data`.
bool readHeader(const std::vector<char> &file, std::string &header,
                size_t &data) {
  if (file.size() < 12 || memcmp(file.data(), "\x93NUMPY", 6))
    return false;
  auto byte = [&](size_t i) { return size_t((unsigned char)file[i]); };
  bool isLong = file[6] >= 2;
  size_t start = isLong ? 12 : 10, size = byte(8) | byte(9) << 8;
  if (isLong)
    size |= byte(10) << 16 | byte(11) << 24;
  if (size > file.size() - start)
    return false;
  header.assign(file.data() + start, size);
  data = start + size;
  return true;
}

} // namespace

int64_t HostTensor::count() const {
  int64_t result = 1;
  for (int64_t size : shape)
    result *= size;
  return result;
}

double HostTensor::at(size_t index) const {
  const uint8_t *p = bytes.data() + index * mlc_dtype_size(dtype);
  switch (dtype) {
  case MLC_I8:
    return readAs<int8_t>(p);
  case MLC_I16:
    return readAs<int16_t>(p);
  case MLC_I32:
    return readAs<int32_t>(p);
  case MLC_I64:
    return double(readAs<int64_t>(p));
  case MLC_U16:
    return readAs<uint16_t>(p);
  case MLC_U32:
    return readAs<uint32_t>(p);
  case MLC_U64:
    return double(readAs<uint64_t>(p));
  case MLC_F16:
    return fromF16(readAs<uint16_t>(p));
  case MLC_BF16:
    return fromBf16(readAs<uint16_t>(p));
  case MLC_F32:
    return readAs<float>(p);
  case MLC_F64:
    return readAs<double>(p);
  default:
    return *p;
  }
}

void HostTensor::set(size_t index, double value) {
  uint8_t *p = bytes.data() + index * mlc_dtype_size(dtype);
  switch (dtype) {
  case MLC_I1:
    return writeAs(p, uint8_t(value != 0));
  case MLC_F16:
    return writeAs(p, toF16(value));
  case MLC_BF16:
    return writeAs(p, toBf16(value));
  case MLC_F32:
    return writeAs(p, float(value));
  case MLC_F64:
    return writeAs(p, value);
  default:
    // Little-endian: a narrower integer is the low part of a wide one.
    int64_t wide = int64_t(value);
    memcpy(p, &wide, mlc_dtype_size(dtype));
  }
}

mlc_tensor HostTensor::view(const char *name) {
  // Empty tensors have no bytes; the runtime wants no null for others.
  return {name,         bytes.data(), dtype, int32_t(shape.size()),
          shape.data(), nullptr};
}

bool readNpy(const std::string &path, mlc_dtype expected, HostTensor &tensor,
             std::string &error) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    error = "\"" + path + "\": cannot read it";
    return false;
  }
  std::vector<char> file{std::istreambuf_iterator<char>(stream), {}};
  std::string header, descr;
  size_t data = 0;
  bool fortran = false;
  tensor.shape.clear();
  HeaderReader reader(header);
  if (!readHeader(file, header, data) || !reader.find("descr") ||
      !reader.readQuoted(descr) || !reader.find("fortran_order") ||
      !reader.readBool(fortran) || !reader.find("shape") ||
      !reader.readShape(tensor.shape)) {
    error = "\"" + path + "\": not a .npy file, or a damaged one";
    return false;
  }
  if (!parseType(descr, expected, tensor.dtype)) {
    error = "\"" + path + "\": unknown element type " + descr;
    return false;
  }
  size_t bytes = mlc_dtype_size(tensor.dtype);
  bool overflow = false;
  for (int64_t size : tensor.shape)
    overflow |= __builtin_mul_overflow(bytes, size_t(size), &bytes);
  if (overflow || bytes != file.size() - data) {
    error = "\"" + path + "\": the shape does not match the " +
            std::to_string(file.size() - data) + " bytes of data";
    return false;
  }
  tensor.bytes.assign(file.begin() + ptrdiff_t(data), file.end());
  if (fortran)
    reorder(tensor);
  return true;
}

bool writeNpy(const std::string &path, const HostTensor &tensor,
              std::string &error) {
  const char *code = "u2";
  for (const TypeCode &type : typeCodes)
    if (type.dtype == tensor.dtype)
      code = type.code;
  std::string header = "{'descr': '";
  header += mlc_dtype_size(tensor.dtype) == 1 ? '|' : '<';
  header += std::string(code) + "', 'fortran_order': False, 'shape': (";
  for (int64_t size : tensor.shape)
    header += std::to_string(size) + ",";
  header += "), }";
  // The data starts at a multiple of 64.
  header.append(63 - (header.size() + 10) % 64, ' ');
  header += '\n';
  std::ofstream stream(path, std::ios::binary);
  const char prefix[10] = {'\x93',
                           'N',
                           'U',
                           'M',
                           'P',
                           'Y',
                           1,
                           0,
                           char(header.size() & 255),
                           char(header.size() >> 8)};
  stream.write(prefix, sizeof(prefix));
  stream.write(header.data(), std::streamsize(header.size()));
  stream.write(reinterpret_cast<const char *>(tensor.bytes.data()),
               std::streamsize(tensor.bytes.size()));
  stream.close();
  if (!stream)
    error = "\"" + path + "\": cannot write it";
  return bool(stream);
}

} // namespace mlc::tool
