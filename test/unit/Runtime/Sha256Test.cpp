//===- Sha256Test.cpp -----------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sha256.h"

#include <gtest/gtest.h>
#include <string>

using namespace mlc::rt;

static std::string digestOf(const std::string &text, size_t step) {
  Sha256 sha(Cpu::detect());
  for (size_t at = 0; at < text.size(); at += step)
    sha.update(text.data() + at, std::min(step, text.size() - at));
  uint8_t digest[32];
  sha.finish(digest);
  char hex[65];
  hexDigest(digest, hex);
  return hex;
}

// The examples of FIPS 180-4.
TEST(Sha256, StandardExamples) {
  EXPECT_EQ(digestOf("", 1), "e3b0c44298fc1c149afbf4c8996fb924"
                             "27ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(digestOf("abc", 3), "ba7816bf8f01cfea414140de5dae2223"
                                "b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(
      digestOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 64),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, PiecesDoNotMatter) {
  std::string text(1000000, 'a');
  const char *expected = "cdc76e5c9914fb9281a1c7e284d73e67"
                         "f1809a48a497200e046d39ccc7112cd0";
  for (size_t step :
       {size_t(1), size_t(63), size_t(65), size_t(4096), text.size()})
    EXPECT_EQ(digestOf(text, step), expected) << step;
}
