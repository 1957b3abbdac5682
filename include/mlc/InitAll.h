//===- InitAll.h - The one place where everything is registered ---*- C++
//-*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_INITALL_H
#define MLC_INITALL_H

#include "mlir/IR/DialectRegistry.h"

namespace mlc {

/// Every dialect and extension that the pipeline meets.
void registerAllDialects(mlir::DialectRegistry &registry);

/// Every pass and stage of mlc.
void registerAllPasses();

} // namespace mlc

#endif // MLC_INITALL_H
