//===- WireMutator.h - Mutations of protobuf messages -----------*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Changes of single bytes mostly break the lengths of the messages around them.
// This mutator reads a message as a tree of fields by the wire format alone,
// changes the tree, and writes it with the lengths that it has then.
//
//===----------------------------------------------------------------------===//

#ifndef MLC_TEST_FUZZ_WIREMUTATOR_H
#define MLC_TEST_FUZZ_WIREMUTATOR_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace mlc::fuzz {

struct Field {
  enum Wire : uint8_t { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

  uint32_t number = 0;
  Wire wire = Varint;
  /// The value of a number.
  uint64_t bits = 0;
  /// What a field of bytes holds when that is no message.
  std::string bytes;
  /// The fields of a message.
  std::vector<Field> fields;
  bool isMessage = false;
};

/// The fields of a message; false when the bytes are none.
bool parse(std::string_view bytes, std::vector<Field> &fields,
           unsigned depth = 0);
std::string serialize(const std::vector<Field> &fields);

/// Changes something of the message. `mutateBytes` is asked to change text.
void mutate(std::vector<Field> &message, std::minstd_rand &random,
            const std::function<void(std::string &)> &mutateBytes);

} // namespace mlc::fuzz

#endif // MLC_TEST_FUZZ_WIREMUTATOR_H
