//===- Recurrent.cpp - LSTM, GRU and RNN ----------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the inputs contribute to the gates is one matrix product for all steps;
// a step adds what the state contributes. Narrow floats are computed in f32.
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "Composites.h"
#include "TimeLoop.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

namespace {

/// An activation with its parameters.
struct Activation {
  const NamedActivation *named = nullptr;
  double alpha = 0, beta = 0;
  /// 0 for none.
  double clip = 0;

  Formula operator()(const Formula &x) const {
    return named->apply(clip > 0 ? x.clamp(-clip, clip) : x, alpha, beta);
  }
};

/// The weights of one direction.
struct Direction {
  bool isReverse = false;
  SmallVector<Activation> activations;
  /// [steps, batch, gates * hidden], biases included.
  Formula inputs;
  /// [hidden, gates * hidden]
  Formula recurrent;
  /// The bias of the last gate that is added after the product with the state;
  /// null where it is part of `inputs`.
  Formula recurrentBias;
  /// [3 * hidden] or null.
  Formula peepholes;
  SmallVector<Formula> initial;
};

class Recurrence {
public:
  Recurrence(NodeContext &node, int64_t gates, int64_t states,
             ArrayRef<StringRef> defaultActivations)
      : node(node), gates(gates), states(states),
        defaultActivations(defaultActivations), input(node, size_t(0)),
        lengths(node, 4) {}
  virtual ~Recurrence() = default;
  LogicalResult convert();

protected:
  /// The states after a step, from `x`, [batch, gates * hidden], and those
  /// before it. The first is what the step yields.
  virtual SmallVector<Formula> step(const Direction &direction,
                                    const Formula &x,
                                    ArrayRef<Formula> states) = 0;
  /// Whether the bias of the last gate belongs to the product with the state.
  virtual bool splitsLastBias() const { return false; }

  Formula gate(const Formula &all, int64_t index, int64_t count = 1) const {
    return all.slice(all.rank() - 1, Expr(index) * hidden,
                     Expr(count) * hidden);
  }

  NodeContext &node;

private:
  bool readShape();
  bool readActivations(SmallVectorImpl<Activation> &activations);
  Direction readDirection(int64_t index, ArrayRef<Activation> activations);
  /// Part `index` of an input with one entry per direction.
  Formula ofDirection(size_t input, int64_t index) const;
  Formula readBias(Direction &direction, int64_t index) const;
  Formula initialState(size_t state, int64_t index) const;
  TimeResult run(const Direction &direction);
  void setResults(ArrayRef<TimeResult> results);

  const int64_t gates, states;
  const ArrayRef<StringRef> defaultActivations;
  Formula input, lengths;
  Formula x{node, nullptr};
  Type work;
  bool isBatchFirst = false;
  int64_t directions = 1;
  Expr steps, batch, hidden;
};

} // namespace

bool Recurrence::readShape() {
  StringRef direction =
      node.getChoice("direction", {"forward", "reverse", "bidirectional"});
  directions = direction == "bidirectional" ? 2 : 1;
  isBatchFirst = node.getInt("layout", 0) != 0;
  Formula recurrent(node, 2);
  for (const Formula &tensor : {input, Formula(node, 1), recurrent})
    if (tensor.rank() != 3) {
      node.report("expected input and weights of rank 3, found " +
                  tensor.typeText());
      return false;
    }
  work = chooseWorkType(node, input.get());
  x = input.cast(work);
  if (isBatchFirst)
    x = x.transpose({1, 0, 2});
  steps = x.size(0);
  batch = x.size(1);
  hidden = recurrent.size(2);
  if (isKnownNotEqual(recurrent.size(0), Expr(directions)) ||
      isKnownNotEqual(recurrent.size(1), Expr(gates) * hidden))
    node.report("weights " + recurrent.typeText() + " do not fit " +
                Twine(directions) + " directions and " + Twine(gates) +
                " gates of their last axis");
  return !node.hasFailed();
}

/// Parameters are given in the order of the functions that have them.
bool Recurrence::readActivations(SmallVectorImpl<Activation> &activations) {
  SmallVector<StringRef> names;
  for (int64_t i = 0; i < directions; ++i)
    llvm::append_range(names, defaultActivations);
  if (std::optional<ArrayRef<StringRef>> given = node.getStrings("activations"))
    names.assign(given->begin(), given->end());
  size_t needed = defaultActivations.size() * directions;
  if (names.size() < needed) {
    node.report("attribute \"activations\" names " + Twine(names.size()) +
                " functions; needed are " + Twine(needed));
    return false;
  }
  names.resize(needed);
  SmallVector<float> alphas =
      node.getFloats("activation_alpha").value_or(SmallVector<float>());
  SmallVector<float> betas =
      node.getFloats("activation_beta").value_or(SmallVector<float>());
  size_t nextAlpha = 0, nextBeta = 0;
  for (StringRef name : names) {
    const NamedActivation *named = findActivation(name);
    if (!named) {
      node.reportUnsupported("activation \"" + name + "\" is not supported");
      return false;
    }
    Activation activation = {named, named->alpha, named->beta,
                             node.getFloat("clip", 0)};
    if (named->hasAlpha && nextAlpha < alphas.size())
      activation.alpha = alphas[nextAlpha++];
    if (named->hasBeta && nextBeta < betas.size())
      activation.beta = betas[nextBeta++];
    activations.push_back(activation);
  }
  return true;
}

Formula Recurrence::ofDirection(size_t input, int64_t index) const {
  return Formula(node, input).cast(work).slice(0, index, 1).squeeze(0);
}

/// The sum of both biases, as far as they can be added before the steps.
Formula Recurrence::readBias(Direction &direction, int64_t index) const {
  Formula both = ofDirection(3, index);
  Formula ofInput = gate(both, 0, gates), ofState = gate(both, gates, gates);
  if (!splitsLastBias())
    return ofInput + ofState;
  direction.recurrentBias = gate(ofState, gates - 1);
  Formula early = gate(ofInput, 0, gates - 1) + gate(ofState, 0, gates - 1);
  return early.concat(gate(ofInput, gates - 1), 0);
}

Formula Recurrence::initialState(size_t state, int64_t index) const {
  size_t number = 5 + state;
  if (!node.hasInput(number))
    return makeScalar(node, 0, work).broadcast({batch, hidden});
  Formula initial = Formula(node, number).cast(work);
  if (isBatchFirst)
    initial = initial.transpose({1, 0, 2});
  return initial.slice(0, index, 1).squeeze(0).broadcast({batch, hidden});
}

Direction Recurrence::readDirection(int64_t index,
                                    ArrayRef<Activation> activations) {
  Formula none(node, nullptr);
  Direction direction = {/*isReverse=*/index == 1 ||
                             node.getString("direction", "") == "reverse",
                         SmallVector<Activation>(activations),
                         matmul(x, ofDirection(1, index).transpose({1, 0})),
                         ofDirection(2, index).transpose({1, 0}),
                         none,
                         none,
                         {}};
  if (node.hasInput(3))
    direction.inputs = direction.inputs + readBias(direction, index);
  if (states == 2 && node.hasInput(7))
    direction.peepholes = ofDirection(7, index);
  for (int64_t state = 0; state < states; ++state)
    direction.initial.push_back(initialState(state, index));
  return direction;
}

/// Past the end of a sequence the states stay and the output is zero. In
/// reverse the steps past the end come first, so that each sequence starts at
/// its own end.
TimeResult Recurrence::run(const Direction &direction) {
  auto body = [&](const Expr &time, ArrayRef<Formula> before) -> TimeStep {
    Formula xt = direction.inputs.slice(0, time, 1).squeeze(0);
    SmallVector<Formula> after = step(direction, xt, before);
    Formula output = after.front();
    if (lengths) {
      Formula now = lengths.of(node.count(time, lengths.element()));
      Formula isRunning = now.apply<LessOp>(lengths.unsqueeze(1));
      output = output.where(isRunning, 0);
      for (auto [state, old] : llvm::zip_equal(after, before))
        state = state.where(isRunning, old);
    }
    return {after, output};
  };
  return runOverTime(node, {steps, direction.isReverse}, direction.initial,
                     body);
}

void Recurrence::setResults(ArrayRef<TimeResult> results) {
  auto finish = [&](Formula joined, ArrayRef<int64_t> batchFirst,
                    size_t index) {
    if (isBatchFirst)
      joined = joined.transpose(batchFirst);
    node.setResult(joined.cast(input.element()).get(), index);
  };
  auto join = [&](int64_t axis, auto &&part) {
    Formula joined = part(results.front()).unsqueeze(axis);
    for (const TimeResult &next : results.drop_front())
      joined = joined.concat(part(next).unsqueeze(axis), axis);
    return joined;
  };
  finish(join(1, [](const TimeResult &r) { return r.outputs; }), {2, 0, 1, 3},
         0);
  for (int64_t state = 0; state < states; ++state)
    finish(join(0, [&](const TimeResult &r) { return r.states[state]; }),
           {1, 0, 2}, 1 + state);
}

LogicalResult Recurrence::convert() {
  SmallVector<Activation> activations;
  if (!readShape() || !readActivations(activations))
    return failure();
  SmallVector<TimeResult> results;
  size_t perDirection = defaultActivations.size();
  for (int64_t index = 0; index < directions && !node.hasFailed(); ++index)
    results.push_back(run(readDirection(
        index,
        ArrayRef(activations).slice(index * perDirection, perDirection))));
  if (node.hasFailed())
    return failure();
  setResults(results);
  return success();
}

//===----------------------------------------------------------------------===//
// The three cells
//===----------------------------------------------------------------------===//

namespace {

constexpr StringRef lstmActivations[] = {"Sigmoid", "Tanh", "Tanh"};
constexpr StringRef gruActivations[] = {"Sigmoid", "Tanh"};
constexpr StringRef rnnActivations[] = {"Tanh"};

/// Gates are in the order i, o, f, c.
class Lstm final : public Recurrence {
public:
  explicit Lstm(NodeContext &node)
      : Recurrence(node, 4, 2, lstmActivations),
        couplesForget(node.getInt("input_forget", 0) != 0) {}

  SmallVector<Formula> step(const Direction &direction, const Formula &x,
                            ArrayRef<Formula> states) override {
    const Activation &f = direction.activations[0];
    const Activation &g = direction.activations[1];
    // The limit is one of gates: the cell passes it, as in onnxruntime.
    Activation h = direction.activations[2];
    h.clip = 0;
    Formula all = x + matmul(states[0], direction.recurrent);
    const Formula &before = states[1];
    auto peep = [&](int64_t index, int64_t peephole, const Formula &cell) {
      Formula own = gate(all, index);
      return direction.peepholes
                 ? own + gate(direction.peepholes, peephole) * cell
                 : own;
    };
    Formula in = f(peep(0, 0, before));
    Formula forget = couplesForget ? in.number(1) - in : f(peep(2, 2, before));
    Formula cell = forget * before + in * g(gate(all, 3));
    Formula out = f(peep(1, 1, cell));
    return {out * h(cell), cell};
  }

private:
  const bool couplesForget;
};

/// Gates are in the order z, r, h.
class Gru final : public Recurrence {
public:
  explicit Gru(NodeContext &node)
      : Recurrence(node, 3, 1, gruActivations),
        isLinearFirst(node.getInt("linear_before_reset", 0) != 0) {}

  SmallVector<Formula> step(const Direction &direction, const Formula &x,
                            ArrayRef<Formula> states) override {
    const Activation &f = direction.activations[0];
    const Activation &g = direction.activations[1];
    const Formula &state = states.front();
    Formula ofGates = matmul(state, gate(direction.recurrent, 0, 2));
    Formula z = f(gate(x, 0) + gate(ofGates, 0));
    Formula r = f(gate(x, 1) + gate(ofGates, 1));
    Formula weights = gate(direction.recurrent, 2);
    Formula ofState =
        isLinearFirst ? matmul(state, weights) : matmul(r * state, weights);
    if (direction.recurrentBias)
      ofState = ofState + direction.recurrentBias;
    if (isLinearFirst)
      ofState = r * ofState;
    Formula candidate = g(gate(x, 2) + ofState);
    return {(z.number(1) - z) * candidate + z * state};
  }

private:
  bool splitsLastBias() const override { return isLinearFirst; }

  const bool isLinearFirst;
};

class Rnn final : public Recurrence {
public:
  explicit Rnn(NodeContext &node) : Recurrence(node, 1, 1, rnnActivations) {}

  SmallVector<Formula> step(const Direction &direction, const Formula &x,
                            ArrayRef<Formula> states) override {
    return {direction.activations.front()(
        x + matmul(states.front(), direction.recurrent))};
  }
};

} // namespace

template <class Cell> static LogicalResult convertRecurrent(NodeContext &node) {
  return Cell(node).convert();
}

void mlc::onnx::addRecurrent(ConverterTable &table) {
  table.add("GRU", {3, 3, 6, convertRecurrent<Gru>});
  table.add("LSTM", {1, 3, 8, convertRecurrent<Lstm>});
  table.add("RNN", {3, 3, 6, convertRecurrent<Rnn>});
}
