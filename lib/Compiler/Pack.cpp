//===- Pack.cpp - Weights in the order that kernels read them -------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Artifact.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;
using namespace mlc;

/// The bytes of a constant, expanded when it is a splat. `storage` keeps what
/// had to be made.
static ArrayRef<char> rawBytes(ElementsAttr value,
                               SmallVectorImpl<char> &storage) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
    return resource.getRawHandle().getBlob()->getData();
  auto dense = cast<DenseElementsAttr>(value);
  ArrayRef<char> raw = dense.getRawData();
  int64_t count = dense.getNumElements();
  if (dense.getElementType().isInteger(1)) {
    // In memory a boolean is a byte.
    for (bool element : dense.getValues<bool>())
      storage.push_back(element);
    return storage;
  }
  if (!dense.isSplat())
    return raw;
  for (int64_t i = 0; i < count; ++i)
    storage.append(raw.begin(), raw.end());
  return storage;
}

/// Writes panel after panel. Within a panel the rows follow the transposed
/// source in row-major order; a row takes `panel` columns of the source's last
/// axis, with zeros past its end.
static void writePanels(ArrayRef<char> source, RankedTensorType type,
                        PackAttr recipe, raw_ostream &os) {
  int64_t width = type.getElementTypeBitWidth() / 8, rank = type.getRank(),
          panel = recipe.getPanel();
  SmallVector<int64_t> strides(rank, width), sizes, steps;
  for (int64_t axis = rank - 2; axis >= 0; --axis)
    strides[axis] = strides[axis + 1] * type.getDimSize(axis + 1);
  for (int64_t axis : recipe.getPermutation()) {
    sizes.push_back(type.getDimSize(axis));
    steps.push_back(strides[axis]);
  }
  int64_t columns = sizes.pop_back_val(), step = steps.pop_back_val();
  int64_t rows = 1;
  for (int64_t size : sizes)
    rows *= size;
  SmallVector<char> row(panel * width);
  for (int64_t first = 0; first < columns; first += panel) {
    int64_t count = std::min(panel, columns - first);
    std::fill(row.begin() + count * width, row.end(), 0);
    SmallVector<int64_t> position(sizes.size(), 0);
    int64_t offset = first * step;
    for (int64_t i = 0; i < rows; ++i) {
      const char *from = source.data() + offset;
      if (step == width)
        std::memcpy(row.data(), from, count * width);
      else
        for (int64_t column = 0; column < count; ++column)
          std::memcpy(row.data() + column * width, from + column * step, width);
      os.write(row.data(), row.size());
      for (int64_t axis = sizes.size() - 1; axis >= 0; --axis) {
        offset += steps[axis];
        if (++position[axis] < sizes[axis])
          break;
        offset -= steps[axis] * sizes[axis];
        position[axis] = 0;
      }
    }
  }
}

void mlc::writeWeight(ConstantOp constant, raw_ostream &os) {
  SmallVector<char> storage;
  ArrayRef<char> bytes = rawBytes(constant.getValue(), storage);
  if (PackAttr recipe = constant.getPackAttr())
    writePanels(bytes,
                cast<RankedTensorType>(constant.getValue().getShapedType()),
                recipe, os);
  else
    os.write(bytes.data(), bytes.size());
}
