//===- Cpu.cpp - What this machine can run --------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Cpu.h"
#include "Support.h"

#include <charconv>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

namespace mlc::rt {

namespace {

/// Where a feature's bit is found, and what the system must save for it.
struct Feature {
  const char *name;
  uint32_t leaf, subleaf;
  char reg;
  uint32_t bit;
  uint64_t state;
};

#if defined(__x86_64__)

// Bits of XCR0.
constexpr uint64_t avxState = 0x6, avx512State = 0xe6, amxState = 0x60000;

// Neighbours share a leaf: CPUID is slow in a virtual machine.
constexpr Feature features[] = {
    {"sse3", 1, 0, 'c', 0, 0},
    {"ssse3", 1, 0, 'c', 9, 0},
    {"cx16", 1, 0, 'c', 13, 0},
    {"sse4.1", 1, 0, 'c', 19, 0},
    {"sse4.2", 1, 0, 'c', 20, 0},
    {"popcnt", 1, 0, 'c', 23, 0},
    {"movbe", 1, 0, 'c', 22, 0},
    {"avx", 1, 0, 'c', 28, avxState},
    {"f16c", 1, 0, 'c', 29, avxState},
    {"fma", 1, 0, 'c', 12, avxState},
    {"avx2", 7, 0, 'b', 5, avxState},
    {"bmi", 7, 0, 'b', 3, 0},
    {"bmi2", 7, 0, 'b', 8, 0},
    {"avx512f", 7, 0, 'b', 16, avx512State},
    {"avx512bw", 7, 0, 'b', 30, avx512State},
    {"avx512cd", 7, 0, 'b', 28, avx512State},
    {"avx512dq", 7, 0, 'b', 17, avx512State},
    {"avx512vl", 7, 0, 'b', 31, avx512State},
    {"sha", 7, 0, 'b', 29, 0},
    {"avx512ifma", 7, 0, 'b', 21, avx512State},
    {"avx512vbmi", 7, 0, 'c', 1, avx512State},
    {"avx512vbmi2", 7, 0, 'c', 6, avx512State},
    {"avx512vnni", 7, 0, 'c', 11, avx512State},
    {"avx512bitalg", 7, 0, 'c', 12, avx512State},
    {"avx512vpopcntdq", 7, 0, 'c', 14, avx512State},
    {"vaes", 7, 0, 'c', 9, avxState},
    {"vpclmulqdq", 7, 0, 'c', 10, avxState},
    {"gfni", 7, 0, 'c', 8, 0},
    {"avx512fp16", 7, 0, 'd', 23, avx512State},
    {"amx-bf16", 7, 0, 'd', 22, amxState},
    {"amx-tile", 7, 0, 'd', 24, amxState},
    {"amx-int8", 7, 0, 'd', 25, amxState},
    {"avxvnni", 7, 1, 'a', 4, avxState},
    {"avx512bf16", 7, 1, 'a', 5, avx512State},
    {"amx-fp16", 7, 1, 'a', 21, amxState},
    {"lzcnt", 0x80000001, 0, 'c', 5, 0},
    {"sahf", 0x80000001, 0, 'c', 0, 0},
};

// The psABI's levels; "x86-64-v4" needs all of v3.
constexpr const char *v3Features[] = {
    "sse3", "ssse3", "cx16", "sse4.1", "sse4.2", "popcnt", "sahf", "movbe",
    "avx",  "f16c",  "fma",  "avx2",   "bmi",    "bmi2",   "lzcnt"};
constexpr const char *v4Features[] = {"avx512f", "avx512bw", "avx512cd",
                                      "avx512dq", "avx512vl"};

/// XCR0; `c` is that register of leaf 1.
uint64_t savedState(uint32_t c) {
  if (!(c & bit_OSXSAVE))
    return 0;
  uint32_t low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return uint64_t(high) << 32 | low;
}

#elif defined(__aarch64__)

// Bits of AT_HWCAP (leaf 0) and AT_HWCAP2 (leaf 1).
constexpr Feature features[] = {
    {"fp-armv8", 0, 0, 'a', 0, 0},  {"neon", 0, 0, 'a', 1, 0},
    {"aes", 0, 0, 'a', 3, 0},       {"sha2", 0, 0, 'a', 6, 0},
    {"crc", 0, 0, 'a', 7, 0},       {"lse", 0, 0, 'a', 8, 0},
    {"fullfp16", 0, 0, 'a', 10, 0}, {"rdm", 0, 0, 'a', 12, 0},
    {"dotprod", 0, 0, 'a', 20, 0},  {"sve", 0, 0, 'a', 22, 0},
    {"sve2", 1, 0, 'a', 1, 0},      {"i8mm", 1, 0, 'a', 13, 0},
    {"bf16", 1, 0, 'a', 14, 0},
};

#endif

constexpr size_t numFeatures = sizeof(features) / sizeof(features[0]);
static_assert(numFeatures <= 64, "one bit each");

} // namespace

#if defined(__x86_64__)

const char *const hostArchitecture = "x86-64";

Cpu Cpu::detect() {
  Cpu cpu;
  uint64_t saved = 0;
  uint32_t leaf = 0, subleaf = 0, a, b, c, d;
  __cpuid(0, a, b, c, d);
  uint32_t last = a;
  for (size_t i = 0; i < numFeatures; ++i) {
    const Feature &f = features[i];
    // The extended leaf is there on every machine that has leaf 7.
    if (f.leaf > last && (f.leaf < 0x80000000 || last < 7))
      continue;
    if (f.leaf != leaf || f.subleaf != subleaf) {
      leaf = f.leaf, subleaf = f.subleaf;
      __cpuid_count(leaf, subleaf, a, b, c, d);
      if (leaf == 1)
        saved = savedState(c);
    }
    uint32_t word = f.reg == 'a' ? a : f.reg == 'b' ? b : f.reg == 'c' ? c : d;
    if ((word >> f.bit & 1) && (saved & f.state) == f.state)
      cpu.bits |= uint64_t(1) << i;
  }
  return cpu;
}

const char *Cpu::missingFor(const char *level) const {
  bool v4 = !strcmp(level, "x86-64-v4");
  if (!v4 && strcmp(level, "x86-64-v3"))
    return nullptr;
  for (const char *name : v3Features)
    if (!has(name))
      return name;
  if (v4)
    for (const char *name : v4Features)
      if (!has(name))
        return name;
  return nullptr;
}

#elif defined(__aarch64__)

const char *const hostArchitecture = "aarch64";

Cpu Cpu::detect() {
  Cpu cpu;
  unsigned long words[2] = {getauxval(AT_HWCAP), getauxval(AT_HWCAP2)};
  for (size_t i = 0; i < numFeatures; ++i)
    if (words[features[i].leaf] >> features[i].bit & 1)
      cpu.bits |= uint64_t(1) << i;
  return cpu;
}

const char *Cpu::missingFor(const char *) const { return nullptr; }

#else
#error "mlc runs on x86-64 and AArch64"
#endif

bool Cpu::has(const char *feature) const {
  for (size_t i = 0; i < numFeatures; ++i)
    if (!strcmp(features[i].name, feature))
      return bits >> i & 1;
  return false;
}

int32_t usableThreads() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set))
    return 1;
  int count = CPU_COUNT(&set);
  return count > 0 ? count : 1;
}

/// The first CPU of the core that `cpu` belongs to; `cpu` when unknown.
static int firstSibling(int cpu) {
  char path[96] = "/sys/devices/system/cpu/cpu";
  char *end = std::to_chars(path + strlen(path), path + sizeof(path), cpu).ptr;
  strcpy(end, "/topology/thread_siblings_list");
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return cpu;
  char text[16];
  ssize_t got = read(file, text, sizeof(text));
  close(file);
  int32_t first = cpu;
  if (got > 0)
    std::from_chars(text, text + got, first);
  return first;
}

int32_t usableCores() {
  cpu_set_t set, cores;
  CPU_ZERO(&cores);
  if (sched_getaffinity(0, sizeof(set), &set))
    return 1;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &set)) {
      int core = firstSibling(cpu);
      if (core >= 0 && core < CPU_SETSIZE)
        CPU_SET(core, &cores);
    }
  int count = CPU_COUNT(&cores);
  return count > 0 ? count : 1;
}

} // namespace mlc::rt
