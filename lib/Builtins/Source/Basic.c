//===- Basic.c ------------------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions that code generation calls where the machine has no instruction,
// under the names of the C library and of compiler run-time libraries.
//
//===----------------------------------------------------------------------===//

typedef unsigned char u8;
typedef unsigned long long u64;
typedef long long i64;
typedef __SIZE_TYPE__ size_t;
typedef __int128 i128;
typedef unsigned __int128 u128;

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

typedef u8 Chunk __attribute__((vector_size(32), aligned(1)));

void *memcpy(void *restrict target, const void *restrict source, size_t size) {
  u8 *to = target;
  const u8 *from = source;
  for (; size >= sizeof(Chunk); size -= sizeof(Chunk)) {
    *(Chunk *)to = *(const Chunk *)from;
    to += sizeof(Chunk);
    from += sizeof(Chunk);
  }
  for (; size; --size)
    *to++ = *from++;
  return target;
}

void *memmove(void *target, const void *source, size_t size) {
  u8 *to = target;
  const u8 *from = source;
  // Forward is right unless the target starts inside the source.
  if ((size_t)(to - from) >= size) {
    for (; size >= sizeof(Chunk); size -= sizeof(Chunk)) {
      *(Chunk *)to = *(const Chunk *)from;
      to += sizeof(Chunk);
      from += sizeof(Chunk);
    }
    for (; size; --size)
      *to++ = *from++;
    return target;
  }
  for (; size >= sizeof(Chunk); size -= sizeof(Chunk))
    *(Chunk *)(to + size - sizeof(Chunk)) =
        *(const Chunk *)(from + size - sizeof(Chunk));
  for (; size; --size)
    to[size - 1] = from[size - 1];
  return target;
}

void *memset(void *target, int value, size_t size) {
  u8 *to = target;
  Chunk chunk = (Chunk){} + (u8)value;
  for (; size >= sizeof(Chunk); size -= sizeof(Chunk)) {
    *(Chunk *)to = chunk;
    to += sizeof(Chunk);
  }
  for (; size; --size)
    *to++ = (u8)value;
  return target;
}

int memcmp(const void *left, const void *right, size_t size) {
  const u8 *a = left, *b = right;
  for (size_t i = 0; i < size; ++i)
    if (a[i] != b[i])
      return a[i] - b[i];
  return 0;
}

//===----------------------------------------------------------------------===//
// Half precision and bfloat16
//===----------------------------------------------------------------------===//

/// Rounds a double to a format of `digits` fraction bits and an exponent of
/// `range` at most, to nearest even; returns its bits.
static unsigned narrow(double x, int digits, int range) {
  u64 bits = __builtin_bit_cast(u64, x);
  unsigned sign = (unsigned)(bits >> 63) << 15;
  int exponent = (int)(bits >> 52 & 2047) - 1023;
  u64 fraction = bits & 0xfffffffffffff;
  unsigned infinity = (unsigned)(2 * range + 1) << digits;
  if (exponent == 1024)
    return sign | infinity | (fraction ? 1u << (digits - 1) : 0);
  // Of a result below the normal ones fewer bits remain.
  int drop = 52 - digits;
  int least = 1 - range;
  if (exponent < least)
    drop += least - exponent;
  if (exponent == -1023 || drop > 54)
    return sign;
  fraction |= (u64)1 << 52;
  u64 half = (u64)1 << (drop - 1), rest = fraction & (2 * half - 1);
  unsigned result = (unsigned)(fraction >> drop);
  result += rest > half || (rest == half && (result & 1));
  // The hidden bit adds one to the exponent, a carry of rounding another.
  if (exponent >= least)
    result += (unsigned)(exponent - least) << digits;
  return sign | (result > infinity ? infinity : result);
}

static double widen(unsigned bits, int digits, int range) {
  unsigned fraction = bits & ((1u << digits) - 1);
  int exponent = (int)(bits >> digits) & (2 * range + 1);
  u64 sign = (u64)(bits >> 15 & 1) << 63;
  u64 result = 0;
  if (exponent == 2 * range + 1) {
    // A signalling NaN becomes quiet.
    u64 quiet = fraction ? (u64)1 << 51 : 0;
    result = (u64)2047 << 52 | (u64)fraction << (52 - digits) | quiet;
  } else if (exponent) {
    result = (u64)(exponent - range + 1023) << 52 | (u64)fraction
                                                        << (52 - digits);
  } else if (fraction) {
    // A whole number of the smallest unit, 2^(1 - range - digits).
    double unit =
        __builtin_bit_cast(double, (u64)(1 - range - digits + 1023) << 52);
    result = __builtin_bit_cast(u64, (double)fraction * unit);
  }
  return __builtin_bit_cast(double, sign | result);
}

static _Float16 asHalf(unsigned bits) {
  return __builtin_bit_cast(_Float16, (unsigned short)bits);
}
static __bf16 asBrain(unsigned bits) {
  return __builtin_bit_cast(__bf16, (unsigned short)bits);
}
static unsigned bitsOfHalf(_Float16 x) {
  return __builtin_bit_cast(unsigned short, x);
}

_Float16 __truncdfhf2(double x) { return asHalf(narrow(x, 10, 15)); }
_Float16 __truncsfhf2(float x) { return asHalf(narrow(x, 10, 15)); }
__bf16 __truncdfbf2(double x) { return asBrain(narrow(x, 7, 127)); }
__bf16 __truncsfbf2(float x) { return asBrain(narrow(x, 7, 127)); }
float __extendhfsf2(_Float16 x) { return (float)widen(bitsOfHalf(x), 10, 15); }
double __extendhfdf2(_Float16 x) { return widen(bitsOfHalf(x), 10, 15); }
float __extendbfsf2(__bf16 x) {
  unsigned bits = __builtin_bit_cast(unsigned short, x);
  return __builtin_bit_cast(float, bits << 16);
}
unsigned short __gnu_f2h_ieee(float x) {
  return (unsigned short)narrow(x, 10, 15);
}
float __gnu_h2f_ieee(unsigned short x) { return (float)widen(x, 10, 15); }

//===----------------------------------------------------------------------===//
// Remainders and roundings
//===----------------------------------------------------------------------===//

double fmod(double x, double y) {
  u64 a = __builtin_bit_cast(u64, x) << 1 >> 1;
  u64 b = __builtin_bit_cast(u64, y) << 1 >> 1;
  const u64 infinity = (u64)2047 << 52, hidden = (u64)1 << 52;
  if (a >= infinity || b > infinity || b == 0)
    return (x * y) / (x * y);
  if (a < b)
    return x;
  int exponentA = (int)(a >> 52), exponentB = (int)(b >> 52);
  u64 rest = a & (hidden - 1), divisor = b & (hidden - 1);
  if (exponentA)
    rest |= hidden;
  else
    exponentA = 1;
  if (exponentB)
    divisor |= hidden;
  else
    exponentB = 1;
  rest %= divisor;
  // Long division, eleven bits at a time: more would not fit.
  for (int left = exponentA - exponentB; left > 0 && rest;) {
    int step = left < 11 ? left : 11;
    rest = (rest << step) % divisor;
    left -= step;
  }
  // The rest is a multiple of the divisor's unit, so exact.
  u64 unit =
      exponentB > 52 ? (u64)(exponentB - 52) << 52 : (u64)1 << (exponentB - 1);
  double whole = (double)rest;
  return __builtin_copysign(whole * __builtin_bit_cast(double, unit), x);
}

float fmodf(float x, float y) { return (float)fmod(x, y); }

/// Halves away from zero.
double round(double x) {
  double whole = __builtin_trunc(x);
  double rest = __builtin_fabs(x - whole);
  return __builtin_copysign(rest >= 0.5 ? __builtin_fabs(whole) + 1 : whole, x);
}
float roundf(float x) { return (float)round(x); }

double ldexp(double x, int exponent) {
  if (exponent > 2100)
    exponent = 2100;
  if (exponent < -2200)
    exponent = -2200;
  for (; exponent > 1000; exponent -= 1000)
    x *= 0x1p1000;
  // Only the last factor may round.
  for (; exponent < -1000; exponent += 900)
    x *= 0x1p-900;
  return x * __builtin_bit_cast(double, (u64)(exponent + 1023) << 52);
}
float ldexpf(float x, int exponent) { return (float)ldexp(x, exponent); }

double __powidf2(double x, int exponent) {
  unsigned count = exponent < 0 ? 0u - (unsigned)exponent : (unsigned)exponent;
  double result = 1;
  for (; count; count >>= 1, x *= x)
    if (count & 1)
      result *= x;
  return exponent < 0 ? 1 / result : result;
}
float __powisf2(float x, int exponent) { return (float)__powidf2(x, exponent); }

//===----------------------------------------------------------------------===//
// Wide integers
//===----------------------------------------------------------------------===//

static u128 divide(u128 a, u128 b, u128 *rest) {
  u128 quotient = 0, remainder = 0;
  if (!(a >> 64) && !(b >> 64) && b) {
    *rest = (u64)a % (u64)b;
    return (u64)a / (u64)b;
  }
  for (int bit = 127; bit >= 0; --bit) {
    int carry = (int)(remainder >> 127);
    remainder = remainder << 1 | (a >> bit & 1);
    if (carry || remainder >= b) {
      remainder -= b;
      quotient |= (u128)1 << bit;
    }
  }
  *rest = remainder;
  return quotient;
}

u128 __udivti3(u128 a, u128 b) {
  u128 rest;
  return divide(a, b, &rest);
}
u128 __umodti3(u128 a, u128 b) {
  u128 rest;
  divide(a, b, &rest);
  return rest;
}
i128 __divti3(i128 a, i128 b) {
  u128 rest, quotient = divide(a < 0 ? 0 - (u128)a : (u128)a,
                               b < 0 ? 0 - (u128)b : (u128)b, &rest);
  return (i128)((a < 0) != (b < 0) ? 0 - quotient : quotient);
}
i128 __modti3(i128 a, i128 b) {
  u128 rest;
  divide(a < 0 ? 0 - (u128)a : (u128)a, b < 0 ? 0 - (u128)b : (u128)b, &rest);
  return (i128)(a < 0 ? 0 - rest : rest);
}
