//===- NodeOrder.h - An order in which nodes can be imported ----*- C++ -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_IMPORT_ONNX_NODEORDER_H
#define MLC_IMPORT_ONNX_NODEORDER_H

#include "mlc/Import/Onnx/Importer.h"
#include "mlc/Import/Onnx/Reader.h"

namespace mlc::onnx {

/// The node's own name, or one out of its op and position.
std::string nameOf(const Graph &graph, size_t index);

/// The nodes such that each comes after those whose outputs it uses, in the
/// order of the file where that is free. Reports nodes in cycles, undefined
/// inputs and outputs that are defined twice; those nodes are left out. A node
/// also uses what its subgraphs capture. `isDefinedAround` says which names the
/// graphs around this one define.
std::vector<size_t>
sortNodes(const Graph &graph, std::vector<Problem> &problems,
          llvm::function_ref<bool(llvm::StringRef)> isDefinedAround);

} // namespace mlc::onnx

#endif // MLC_IMPORT_ONNX_NODEORDER_H
