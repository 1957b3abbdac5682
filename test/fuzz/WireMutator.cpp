//===- WireMutator.cpp - Mutations of protobuf messages -------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WireMutator.h"
#include <cstring>

using namespace mlc::fuzz;

//===----------------------------------------------------------------------===//
// The wire format
//===----------------------------------------------------------------------===//

static constexpr unsigned maxDepth = 64;

static bool readVarint(std::string_view &bytes, uint64_t &value) {
  value = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    uint8_t byte = bytes.front();
    bytes.remove_prefix(1);
    value |= uint64_t(byte & 0x7f) << shift;
    if (!(byte & 0x80))
      return true;
  }
  return false;
}

static bool readFixed(std::string_view &bytes, uint64_t &value, size_t width) {
  if (bytes.size() < width)
    return false;
  std::memcpy(&value, bytes.data(), width);
  bytes.remove_prefix(width);
  return true;
}

static bool readField(std::string_view &bytes, Field &field, unsigned depth) {
  uint64_t key, length;
  if (!readVarint(bytes, key) || key >> 3 == 0 || key >> 3 > 0xffff)
    return false;
  field.number = key >> 3;
  field.wire = Field::Wire(key & 7);
  switch (field.wire) {
  case Field::Varint:
    return readVarint(bytes, field.bits);
  case Field::Fixed64:
    return readFixed(bytes, field.bits, 8);
  case Field::Fixed32:
    return readFixed(bytes, field.bits, 4);
  case Field::Bytes:
    if (!readVarint(bytes, length) || length > bytes.size())
      return false;
    field.bytes = bytes.substr(0, length);
    bytes.remove_prefix(length);
    field.isMessage =
        !field.bytes.empty() && parse(field.bytes, field.fields, depth + 1);
    return true;
  }
  return false;
}

bool mlc::fuzz::parse(std::string_view bytes, std::vector<Field> &fields,
                      unsigned depth) {
  if (depth > maxDepth)
    return false;
  std::vector<Field> result;
  while (!bytes.empty())
    if (!readField(bytes, result.emplace_back(), depth))
      return false;
  fields = std::move(result);
  return true;
}

static void writeVarint(std::string &out, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    out += char(value | 0x80);
  out += char(value);
}

std::string mlc::fuzz::serialize(const std::vector<Field> &fields) {
  std::string out;
  for (const Field &field : fields) {
    writeVarint(out, uint64_t(field.number) << 3 | field.wire);
    if (field.wire == Field::Varint) {
      writeVarint(out, field.bits);
    } else if (field.wire == Field::Bytes) {
      std::string body =
          field.isMessage ? serialize(field.fields) : field.bytes;
      writeVarint(out, body.size());
      out += body;
    } else {
      out.append(reinterpret_cast<const char *>(&field.bits),
                 field.wire == Field::Fixed64 ? 8 : 4);
    }
  }
  return out;
}

//===----------------------------------------------------------------------===//
// Mutations
//===----------------------------------------------------------------------===//

namespace {

using Fields = std::vector<Field>;

/// A place in the tree: a list of fields and an index into it.
struct Place {
  Fields *list;
  size_t index;
  Field &field() const { return (*list)[index]; }
};

class Mutator {
public:
  Mutator(Fields &message, std::minstd_rand &random,
          const std::function<void(std::string &)> &mutateBytes)
      : message(message), random(random), mutateBytes(mutateBytes) {}

  void run() {
    std::vector<Place> places;
    collect(message, places);
    if (places.empty())
      return;
    Place place = places[below(places.size())];
    switch (below(8)) {
    case 0:
      place.list->erase(place.list->begin() + place.index);
      return;
    case 1:
      return duplicate(place);
    case 2:
      return std::swap(place.field(), (*place.list)[below(place.list->size())]);
    case 3:
      return copy(place, places);
    case 4:
      place.field().number = 1 + below(26);
      return;
    default:
      return changeValue(place.field());
    }
  }

private:
  size_t below(size_t count) { return random() % count; }

  static void collect(Fields &fields, std::vector<Place> &places) {
    for (size_t i = 0; i < fields.size(); ++i) {
      places.push_back({&fields, i});
      collect(fields[i].fields, places);
    }
  }

  static void duplicate(Place place) {
    Field same = place.field();
    place.list->insert(place.list->begin() + place.index, std::move(same));
  }

  /// Puts what stands elsewhere under the same number here.
  void copy(Place place, const std::vector<Place> &places) {
    std::vector<const Field *> alike;
    for (const Place &other : places)
      if (other.field().number == place.field().number &&
          other.field().wire == place.field().wire)
        alike.push_back(&other.field());
    Field chosen = *alike[below(alike.size())];
    place.field() = std::move(chosen);
  }

  void changeValue(Field &field) {
    static constexpr uint64_t edges[] = {0,
                                         1,
                                         2,
                                         uint64_t(-1),
                                         uint64_t(-2),
                                         7,
                                         0x7fffffff,
                                         0x80000000,
                                         1ull << 40,
                                         1ull << 62,
                                         (1ull << 63) - 1,
                                         1ull << 63,
                                         0x3f800000,
                                         0x7fc00000u,
                                         1000};
    if (field.wire == Field::Bytes) {
      // A message is changed as text now and then, to be damaged.
      std::string text =
          field.isMessage ? serialize(field.fields) : field.bytes;
      mutateBytes(text);
      field.bytes = std::move(text);
      field.isMessage = false;
    } else if (below(2) == 0) {
      field.bits = edges[below(std::size(edges))];
    } else {
      field.bits += below(2) == 0 ? 1 : uint64_t(-1);
    }
  }

  Fields &message;
  std::minstd_rand &random;
  const std::function<void(std::string &)> &mutateBytes;
};

} // namespace

void mlc::fuzz::mutate(Fields &message, std::minstd_rand &random,
                       const std::function<void(std::string &)> &mutateBytes) {
  Mutator(message, random, mutateBytes).run();
}
