//===- MlcDialect.cpp - Registration of the dialect -----------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlc/Dialect/Mlc/IR/OpList.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlc;

#include "mlc/Dialect/Mlc/IR/MlcDialect.cpp.inc"
#include "mlc/Dialect/Mlc/IR/MlcEnums.cpp.inc"
#include "mlc/Dialect/Mlc/IR/MlcInterfaces.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "mlc/Dialect/Mlc/IR/MlcAttrs.cpp.inc"

void MlcDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "mlc/Dialect/Mlc/IR/MlcAttrs.cpp.inc"
      >();
  forEachOp([this]<class Op>() { addOperations<Op>(); });
}

Operation *MlcDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                           Type type, Location loc) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (elements && elements.getType() == type)
    return ConstantOp::create(builder, loc, elements);
  // A packed constant: see ConstantOp::fold.
  if (auto packed = dyn_cast<ArrayAttr>(value))
    return ConstantOp::create(builder, loc, type, cast<ElementsAttr>(packed[0]),
                              cast<PackAttr>(packed[1]));
  return arith::ConstantOp::materialize(builder, value, type, loc);
}

RankedTensorType PackAttr::apply(RankedTensorType source) const {
  ArrayRef<int64_t> permutation = getPermutation();
  if (!source.hasStaticShape() || getPanel() <= 0 ||
      static_cast<int64_t>(permutation.size()) != source.getRank() ||
      !isPermutationVector(permutation))
    return nullptr;
  SmallVector<int64_t> shape;
  int64_t columns = source.getDimSize(permutation.back());
  shape.push_back(llvm::divideCeil(columns, getPanel()));
  for (int64_t axis : permutation.drop_back())
    shape.push_back(source.getDimSize(axis));
  shape.push_back(getPanel());
  return RankedTensorType::get(shape, source.getElementType());
}
