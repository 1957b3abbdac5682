//===- Elementwise.cpp - Evaluators of elementwise ops --------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluation.h"
#include "Lanes.h"
#include "mlc/Dialect/Mlc/IR/OpList.h"
#include <cstring>

using namespace mlir;
using namespace mlc;
using namespace mlc::interpreter;

/// Elements that are widened, computed and rounded at a time; the lanes stay in
/// the first-level cache.
static constexpr int64_t chunkSize = 1024;

namespace {

/// Reads an operand chunk by chunk. A splat is widened once.
template <class Lane> class Reader {
public:
  explicit Reader(const Tensor &tensor) : tensor(tensor) {
    if (!tensor.isSplat())
      return;
    readLanes(tensor.element(), tensor.bytes().data(), 1, lanes);
    std::fill(lanes + 1, lanes + chunkSize, lanes[0]);
  }

  const Lane *read(int64_t begin, int64_t count) {
    if (!tensor.isSplat())
      readLanes(tensor.element(),
                tensor.bytes().data() + begin * elementSize(tensor.element()),
                count, lanes);
    return lanes;
  }

private:
  const Tensor &tensor;
  Lane lanes[chunkSize];
};

/// What a formula computes with: a lane, and for integers what its type says.
double operand(double lane, const scalar::Integer &) { return lane; }
scalar::Integer operand(uint64_t lane, const scalar::Integer &like) {
  return {lane, like.width, like.isSigned};
}
double lane(double value) { return value; }
uint64_t lane(scalar::Integer value) { return value.bits; }
uint64_t lane(bool value) { return value; }

template <class Op, class Lane>
FailureOr<Tensor> computeFormula(const Evaluation &evaluation) {
  using Scalar =
      std::conditional_t<std::is_same_v<Lane, double>, double, scalar::Integer>;
  Type element = evaluation.operands.front().element();
  scalar::Integer like{0, bitWidth(element), isSigned(element)};
  SmallVector<Reader<Lane>, 0> readers;
  readers.reserve(Op::arity);
  for (const Tensor &tensor : evaluation.operands)
    readers.emplace_back(tensor);
  FailureOr<Tensor> result = evaluation.allocate();
  if (failed(result))
    return failure();

  auto apply = [&]<size_t... I>(std::index_sequence<I...>, const Lane *const *x,
                                int64_t i) {
    return lane(Op::template formula<Scalar>(operand(x[I][i], like)...));
  };
  constexpr auto indices = std::make_index_sequence<Op::arity>();
  using Result = decltype(apply(indices, nullptr, 0));
  SmallVector<Result, 0> computed(chunkSize);
  for (int64_t begin = 0, end = result->count(); begin < end;
       begin += chunkSize) {
    int64_t count = std::min(chunkSize, end - begin);
    const Lane *x[Op::arity];
    for (unsigned i = 0; i < Op::arity; ++i)
      x[i] = readers[i].read(begin, count);
    if constexpr (Op::failsOnZero && std::is_same_v<Lane, uint64_t>)
      if (is_contained(ArrayRef(x[Op::arity - 1], count), 0u))
        return evaluation.fail("an integer is divided by zero");
    for (int64_t i = 0; i < count; ++i)
      computed[i] = apply(indices, x, i);
    writeLanes(evaluation.element, computed.data(), count,
               result->mutableData() + begin * elementSize(evaluation.element));
  }
  return result;
}

template <class Op>
FailureOr<Tensor> evaluateFormula(const Evaluation &evaluation) {
  bool onFloats = isFloat(evaluation.operands.front().element());
  if constexpr (Op::takesFloats)
    if (onFloats)
      return computeFormula<Op, double>(evaluation);
  if constexpr (Op::takesIntegers)
    if (!onFloats)
      return computeFormula<Op, uint64_t>(evaluation);
  return failure();
}

} // namespace

//===----------------------------------------------------------------------===//
// Select and cast
//===----------------------------------------------------------------------===//

/// Copies element by element what `Element`, an integer of the element's size,
/// holds.
template <class Element>
static void selectElements(const char *condition, const char *x, const char *y,
                           int64_t count, char *result) {
  for (int64_t i = 0; i < count; ++i)
    std::memcpy(result + i * sizeof(Element),
                (condition[i] ? x : y) + i * sizeof(Element), sizeof(Element));
}

FailureOr<Tensor> interpreter::evaluateOp(SelectOp,
                                          const Evaluation &evaluation) {
  FailureOr<Tensor> c = evaluation.dense(0), x = evaluation.dense(1),
                    y = evaluation.dense(2), result = evaluation.allocate();
  if (failed(c) || failed(x) || failed(y) || failed(result))
    return failure();
  auto *select = selectElements<uint8_t>;
  switch (elementSize(evaluation.element)) {
  case 2:
    select = selectElements<uint16_t>;
    break;
  case 4:
    select = selectElements<uint32_t>;
    break;
  case 8:
    select = selectElements<uint64_t>;
    break;
  }
  select(c->bytes().data(), x->bytes().data(), y->bytes().data(),
         result->count(), result->mutableData());
  return result;
}

/// A 64-bit integer does not fit into a double. Where the double is rounded
/// again, it must not have been rounded to a tie: bits that are lost leave a
/// trace in the last one.
static double toOdd(uint64_t value, bool isSigned) {
  bool negative = isSigned && static_cast<int64_t>(value) < 0;
  uint64_t magnitude = negative ? 0 - value : value;
  if (magnitude >> 53) {
    uint64_t kept = magnitude >> 11 << 11;
    magnitude = kept | (kept != magnitude) << 11;
  }
  double result = static_cast<double>(magnitude);
  return negative ? -result : result;
}

static void castIntegers(Type from, Type to, const uint64_t *lanes,
                         int64_t count, char *result) {
  if (!isFloat(to)) {
    SmallVector<uint64_t> values(lanes, lanes + count);
    if (to.isInteger(1))
      for (uint64_t &value : values)
        value = value != 0;
    return writeLanes(to, values.data(), count, result);
  }
  SmallVector<double> values(count);
  for (int64_t i = 0; i < count; ++i)
    values[i] = !to.isF64() ? toOdd(lanes[i], isSigned(from))
                : isSigned(from)
                    ? static_cast<double>(static_cast<int64_t>(lanes[i]))
                    : static_cast<double>(lanes[i]);
  writeLanes(to, values.data(), count, result);
}

static void castFloats(Type to, const double *lanes, int64_t count,
                       char *result) {
  if (isFloat(to))
    return writeLanes(to, lanes, count, result);
  SmallVector<uint64_t> values(count);
  for (int64_t i = 0; i < count; ++i)
    values[i] = to.isInteger(1)
                    ? lanes[i] != 0
                    : saturate(lanes[i], bitWidth(to), isSigned(to));
  writeLanes(to, values.data(), count, result);
}

FailureOr<Tensor> interpreter::evaluateOp(CastOp,
                                          const Evaluation &evaluation) {
  const Tensor &x = evaluation.operands.front();
  FailureOr<Tensor> result = evaluation.allocate();
  if (failed(result))
    return failure();
  auto convert = [&](auto &&reader, auto &&cast) {
    for (int64_t begin = 0, end = result->count(); begin < end;
         begin += chunkSize) {
      int64_t count = std::min(chunkSize, end - begin);
      cast(reader.read(begin, count), count,
           result->mutableData() + begin * elementSize(evaluation.element));
    }
  };
  if (isFloat(x.element()))
    convert(Reader<double>(x),
            [&](const double *lanes, int64_t count, char *to) {
              castFloats(evaluation.element, lanes, count, to);
            });
  else
    convert(Reader<uint64_t>(x),
            [&](const uint64_t *lanes, int64_t count, char *to) {
              castIntegers(x.element(), evaluation.element, lanes, count, to);
            });
  return result;
}

/// The bits are those of the declared types, to which widened operands are
/// rounded.
FailureOr<Tensor> interpreter::evaluateOp(BitcastOp op,
                                          const Evaluation &evaluation) {
  Type from = elementTypeOf(op.getX());
  FailureOr<Tensor> x = evaluation.dense(0);
  FailureOr<Tensor> result = Tensor::allocate(op.getTo(), evaluation.shape);
  if (failed(x) || failed(result))
    return failure();
  if (x->element() == from) {
    llvm::copy(x->bytes(), result->mutableData());
  } else {
    SmallVector<double> lanes(x->count());
    readLanes(x->element(), x->bytes().data(), x->count(), lanes.data());
    writeLanes(from, lanes.data(), x->count(), result->mutableData());
  }
  return evaluatedTensor(*result, evaluation.options);
}

//===----------------------------------------------------------------------===//
// Dispatch
//===----------------------------------------------------------------------===//

Evaluator interpreter::elementwiseEvaluator(OperationName name) {
  Evaluator found = nullptr;
  ElementwiseOps::forEach([&]<class Op>() {
    if (name.getTypeID() != TypeID::get<Op>())
      return;
    if constexpr (requires { Op::arity; })
      found = evaluateFormula<Op>;
    else
      found = +[](const Evaluation &evaluation) {
        return evaluateOp(cast<Op>(evaluation.op), evaluation);
      };
  });
  return found;
}
