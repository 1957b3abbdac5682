//===- Sha256.cpp - SHA-256 -----------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sha256.h"
#include "Cpu.h"

#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mlc::rt {

alignas(16) static constexpr uint32_t roundConstants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

static uint32_t readBig(const uint8_t *p) {
  uint32_t word;
  memcpy(&word, p, 4);
  return __builtin_bswap32(word);
}

static void blocksGeneric(uint32_t state[8], const uint8_t *data,
                          size_t blocks) {
  for (; blocks; --blocks, data += 64) {
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; ++i)
      w[i] = readBig(data + 4 * i);
    for (int i = 16; i < 64; ++i) {
      uint32_t s0 =
          rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
      uint32_t s1 =
          rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    memcpy(v, state, sizeof(v));
    for (int i = 0; i < 64; ++i) {
      uint32_t s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
      uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
      uint32_t t1 = v[7] + s1 + choice + roundConstants[i] + w[i];
      uint32_t s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
      uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
      memmove(v + 1, v, 7 * sizeof(v[0]));
      v[4] += t1;
      v[0] = t1 + s0 + majority;
    }
    for (int i = 0; i < 8; ++i)
      state[i] += v[i];
  }
}

#if defined(__x86_64__)

#define MLC_SHA_TARGET __attribute__((target("sha,sse4.1,ssse3")))

/// Four rounds; the instruction keeps the state as (ABEF, CDGH).
MLC_SHA_TARGET static inline void fourRounds(__m128i &abef, __m128i &cdgh,
                                             __m128i words, int round) {
  __m128i k =
      _mm_load_si128(reinterpret_cast<const __m128i *>(roundConstants + round));
  __m128i sum = _mm_add_epi32(words, k);
  cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
  abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
}

MLC_SHA_TARGET static void blocksShaNi(uint32_t state[8], const uint8_t *data,
                                       size_t blocks) {
  const __m128i swap =
      _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  __m128i *out = reinterpret_cast<__m128i *>(state);
  __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128(out), 0xb1);
  __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128(out + 1), 0x1b);
  __m128i abef = _mm_alignr_epi8(badc, hgfe, 8);
  __m128i cdgh = _mm_blend_epi16(hgfe, badc, 0xf0);
  for (; blocks; --blocks, data += 64) {
    __m128i abefBefore = abef, cdghBefore = cdgh, w[4];
    const __m128i *in = reinterpret_cast<const __m128i *>(data);
    for (int i = 0; i < 4; ++i) {
      w[i] = _mm_shuffle_epi8(_mm_loadu_si128(in + i), swap);
      fourRounds(abef, cdgh, w[i], 4 * i);
    }
#pragma unroll
    for (int i = 4; i < 16; ++i) {
      __m128i next = _mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]);
      next = _mm_add_epi32(next,
                           _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4));
      w[i & 3] = _mm_sha256msg2_epu32(next, w[(i + 3) & 3]);
      fourRounds(abef, cdgh, w[i & 3], 4 * i);
    }
    abef = _mm_add_epi32(abef, abefBefore);
    cdgh = _mm_add_epi32(cdgh, cdghBefore);
  }
  __m128i feba = _mm_shuffle_epi32(abef, 0x1b);
  __m128i dchg = _mm_shuffle_epi32(cdgh, 0xb1);
  _mm_storeu_si128(out, _mm_blend_epi16(feba, dchg, 0xf0));
  _mm_storeu_si128(out + 1, _mm_alignr_epi8(dchg, feba, 8));
}

#endif

Sha256::Sha256() : blockFn(blocksGeneric) {
  static constexpr uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                          0xa54ff53a, 0x510e527f, 0x9b05688c,
                                          0x1f83d9ab, 0x5be0cd19};
  memcpy(state, initial, sizeof(state));
#if defined(__x86_64__)
  Cpu cpu = Cpu::detect();
  if (cpu.has("sha") && cpu.has("sse4.1") && cpu.has("ssse3"))
    blockFn = blocksShaNi;
#endif
}

void Sha256::update(const void *data, size_t size) {
  if (size == 0)
    return;
  const uint8_t *bytes = static_cast<const uint8_t *>(data);
  size_t held = total % 64;
  total += size;
  if (held) {
    size_t take = size < 64 - held ? size : 64 - held;
    memcpy(pending + held, bytes, take);
    bytes += take;
    size -= take;
    if (held + take < 64)
      return;
    blockFn(state, pending, 1);
  }
  blockFn(state, bytes, size / 64);
  if (size % 64)
    memcpy(pending, bytes + size / 64 * 64, size % 64);
}

void Sha256::finish(uint8_t digest[32]) {
  uint64_t bits = __builtin_bswap64(total * 8);
  static constexpr uint8_t padding[64] = {0x80};
  update(padding, (total % 64 < 56 ? 56 : 120) - total % 64);
  update(&bits, 8);
  for (int i = 0; i < 8; ++i) {
    uint32_t word = __builtin_bswap32(state[i]);
    memcpy(digest + 4 * i, &word, 4);
  }
}

void hexDigest(const uint8_t digest[32], char text[65]) {
  for (int i = 0; i < 32; ++i) {
    text[2 * i] = "0123456789abcdef"[digest[i] >> 4];
    text[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
  }
  text[64] = 0;
}

} // namespace mlc::rt
