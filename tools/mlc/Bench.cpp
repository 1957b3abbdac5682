//===- Bench.cpp ----------------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sched.h>
#include <time.h>

namespace mlc::tool {

using Json = nlohmann::ordered_json;

namespace {

double now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return double(time.tv_sec) * 1e3 + double(time.tv_nsec) * 1e-6;
}

/// The first hardware thread of each core that the process may use, then the
/// others: fewer threads than cores do not share one.
std::vector<int32_t> usableCpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof(set), &set);
  std::vector<int32_t> cores, others;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &set))
      continue;
    int first = cpu;
    std::ifstream siblings("/sys/devices/system/cpu/cpu" + std::to_string(cpu) +
                           "/topology/thread_siblings_list");
    siblings >> first;
    bool seen = std::find(cores.begin(), cores.end(), first) != cores.end();
    (seen ? others : cores).push_back(cpu);
  }
  cores.insert(cores.end(), others.begin(), others.end());
  return cores;
}

void pinThisThread(int32_t cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  sched_setaffinity(0, sizeof(set), &set);
}

/// Inputs, and outputs in memory of the session.
class Bench {
public:
  Bench(mlc_module *module, const BenchOptions &options)
      : module(module), options(options) {}

  bool prepare();
  bool runOnce();
  bool measure();
  Json report(double loadMs) const;

private:
  mlc_module *module;
  const BenchOptions &options;
  std::vector<HostTensor> tensors;
  std::vector<mlc_tensor> inputs, outputs;
  SessionPtr session;
  double createMs = 0, firstMs = 0;
  std::vector<double> times;
};

bool Bench::prepare() {
  std::string error;
  if (!makeInputs(module, options.run, tensors, error)) {
    fprintf(stderr, "error: %s\n", error.c_str());
    return false;
  }
  for (size_t i = 0; i < tensors.size(); ++i)
    inputs.push_back(tensors[i].view(mlc_module_input(module, i)->name));
  outputs.resize(mlc_module_num_outputs(module));
  std::vector<int32_t> cpus = usableCpus();
  mlc_session_options settings = {};
  settings.struct_size = sizeof(settings);
  settings.threads = options.run.threads;
  settings.cpus = cpus.data();
  settings.num_cpus = cpus.size();
  settings.level =
      options.run.level.empty() ? nullptr : options.run.level.c_str();
  double start = now();
  session = makeSession(module, settings);
  createMs = now() - start;
  if (session && !cpus.empty())
    pinThisThread(cpus[0]);
  return session != nullptr;
}

bool Bench::runOnce() {
  for (mlc_tensor &output : outputs)
    output = {};
  mlc_error error;
  double start = now();
  if (mlc_session_run(session.get(), inputs.data(), inputs.size(),
                      outputs.data(), outputs.size(), &error)) {
    fprintf(stderr, "error: %s\n", error.message);
    return false;
  }
  times.push_back(now() - start);
  return true;
}

bool Bench::measure() {
  if (!runOnce())
    return false;
  firstMs = times[0];
  // Warm up for a tenth of the time, then measure.
  double start = now(), warm = options.seconds * 1e2,
         whole = options.seconds * 1e3;
  while (now() - start < warm)
    if (!runOnce())
      return false;
  times.clear();
  start = now();
  do {
    if (!runOnce())
      return false;
  } while (times.size() < 5 ||
           (now() - start < whole && times.size() < 1000000));
  std::sort(times.begin(), times.end());
  return true;
}

Json Bench::report(double loadMs) const {
  auto at = [&](double part) {
    return times[size_t(part * double(times.size() - 1) + 0.5)];
  };
  return {{"load_ms", loadMs},
          {"session_ms", createMs},
          {"first_ms", firstMs},
          {"median_ms", at(0.5)},
          {"p10_ms", at(0.1)},
          {"p90_ms", at(0.9)},
          {"min_ms", times.front()},
          {"runs", times.size()},
          {"threads", mlc_session_threads(session.get())},
          {"level", mlc_session_level(session.get())},
          {"memory_bytes", mlc_session_memory(session.get())}};
}

} // namespace

int benchModule(const std::string &path, const CompileFlags &flags,
                const BenchOptions &options) {
  int exitCode;
  double start = now();
  ModulePtr module = loadAny(path, flags, exitCode);
  double loadMs = now() - start;
  if (!module)
    return exitCode;
  Bench bench(module.get(), options);
  if (!bench.prepare() || !bench.measure())
    return Refused;
  Json report = bench.report(loadMs);
  report["file"] = path;
  report["compiled"] = isModel(path);
  for (auto &[name, value] : report.items())
    printf("%-14s %s\n", name.c_str(),
           value.is_string() ? value.get<std::string>().c_str()
                             : value.dump().c_str());
  if (options.json.empty())
    return Done;
  std::ofstream stream(options.json);
  stream << report.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  stream.close();
  if (stream)
    return Done;
  fprintf(stderr, "error: \"%s\": cannot write it\n", options.json.c_str());
  return Refused;
}

} // namespace mlc::tool
