//===- NodeOrder.cpp - An order in which nodes can be imported ------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeOrder.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include <queue>

using namespace mlc::onnx;
using llvm::StringRef;
using llvm::Twine;

std::string mlc::onnx::nameOf(const Graph &graph, size_t index) {
  const Node &node = graph.nodes[index];
  return node.name.empty() ? (node.opType + "_" + Twine(index)).str()
                           : node.name.str();
}

namespace {

class Sorter {
public:
  Sorter(const Graph &graph, std::vector<Problem> &problems,
         llvm::function_ref<bool(StringRef)> isDefinedAround)
      : graph(graph), problems(problems), isDefinedAround(isDefinedAround),
        waiting(graph.nodes.size()), users(graph.nodes.size()) {}

  std::vector<size_t> sort() {
    findProducers();
    findUsers();
    return order();
  }

private:
  void error(size_t index, const Twine &message) {
    const Node &node = graph.nodes[index];
    std::string name = nameOf(graph, index);
    problems.push_back({name, node.opType.str(), node.domain.str(), 0,
                        ("node \"" + name + "\": " + message).str(), ""});
    broken.insert(index);
  }
  void findProducers();
  void findUsers();
  void addUse(size_t index, StringRef name);
  std::vector<size_t> order();

  const Graph &graph;
  std::vector<Problem> &problems;
  llvm::function_ref<bool(StringRef)> isDefinedAround;
  llvm::StringSet<> given;
  llvm::StringMap<size_t> producers;
  /// Per node: how many inputs are not there yet, and who uses its outputs.
  std::vector<size_t> waiting;
  std::vector<std::vector<size_t>> users;
  std::set<size_t> broken;
};

} // namespace

void Sorter::findProducers() {
  for (const Tensor &tensor : graph.initializers)
    given.insert(tensor.name);
  for (const ValueInfo &input : graph.inputs)
    given.insert(input.name);
  for (auto [index, node] : llvm::enumerate(graph.nodes))
    for (StringRef name : node.outputs)
      if (!name.empty() &&
          (given.contains(name) || !producers.try_emplace(name, index).second))
        error(index, "output \"" + name + "\" is already defined");
}

/// The names that `graph` uses and does not define, in its subgraphs too.
static void collectCaptures(const Graph &graph, llvm::StringSet<> &captures) {
  llvm::StringSet<> used;
  for (const ValueInfo &output : graph.outputs)
    used.insert(output.name);
  for (const Node &node : graph.nodes) {
    for (StringRef name : node.inputs)
      used.insert(name);
    for (const Attribute &attribute : node.attributes)
      if (attribute.graph)
        collectCaptures(*attribute.graph, used);
  }
  for (const Tensor &tensor : graph.initializers)
    used.erase(tensor.name);
  for (const ValueInfo &input : graph.inputs)
    used.erase(input.name);
  for (const Node &node : graph.nodes)
    for (StringRef name : node.outputs)
      used.erase(name);
  for (const auto &name : used)
    captures.insert(name.getKey());
}

void Sorter::findUsers() {
  for (auto [index, node] : llvm::enumerate(graph.nodes)) {
    llvm::StringSet<> names;
    for (const Attribute &attribute : node.attributes)
      if (attribute.graph)
        collectCaptures(*attribute.graph, names);
    for (StringRef name : node.inputs)
      names.insert(name);
    for (const auto &entry : names)
      addUse(index, entry.getKey());
  }
}

void Sorter::addUse(size_t index, StringRef name) {
  if (name.empty() || given.contains(name))
    return;
  auto producer = producers.find(name);
  if (producer != producers.end()) {
    ++waiting[index];
    users[producer->second].push_back(index);
  } else if (!isDefinedAround(name)) {
    error(index, "input \"" + name +
                     "\" is not defined by any node, input or initializer");
  }
}

std::vector<size_t> Sorter::order() {
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
  for (size_t index = 0; index < waiting.size(); ++index)
    if (waiting[index] == 0)
      ready.push(index);
  std::vector<size_t> result;
  size_t visited = 0;
  while (!ready.empty()) {
    size_t index = ready.top();
    ready.pop();
    ++visited;
    if (!broken.contains(index))
      result.push_back(index);
    for (size_t user : users[index])
      if (--waiting[user] == 0)
        ready.push(user);
  }
  if (visited == graph.nodes.size())
    return result;
  for (size_t index = 0; index < waiting.size(); ++index)
    if (waiting[index] != 0) {
      error(index, "is in a cycle of nodes, or uses what one computes");
      break;
    }
  return result;
}

std::vector<size_t>
mlc::onnx::sortNodes(const Graph &graph, std::vector<Problem> &problems,
                     llvm::function_ref<bool(StringRef)> isDefinedAround) {
  return Sorter(graph, problems, isDefinedAround).sort();
}
