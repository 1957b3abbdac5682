//===- Ngrams.cpp - Counts of sequences of tokens -------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Converters.h"
#include "Composites.h"

using namespace mlir;
using namespace mlc;
using namespace mlc::onnx;

/// A file could ask for a result of any size.
static constexpr int64_t maxPlace = (1 << 24) - 1;

namespace {

/// TfIdfVectorizer for integers: how often each sequence of a pool occurs in
/// each row, its tokens next to each other or evenly apart.
class NgramCounter {
public:
  explicit NgramCounter(NodeContext &node)
      : node(node), input(node, size_t(0)),
        pool(node.getInts("pool_int64s").value_or(SmallVector<int64_t>())),
        starts(node.getInts("ngram_counts").value_or(SmallVector<int64_t>())),
        places(node.getInts("ngram_indexes").value_or(SmallVector<int64_t>())) {
  }
  LogicalResult convert();

private:
  LogicalResult check();
  /// The sequences of `length` tokens, one after the other.
  ArrayRef<int64_t> sequencesOf(int64_t length) const;
  /// [rows, sequences], the counts of those of `length` tokens.
  Formula count(const Formula &tokens, int64_t length);
  Formula constant(ArrayRef<int64_t> values);
  /// What the mode makes of counts.
  Formula weigh(const Formula &counts);
  /// Moves the counts to the places of their sequences; what no sequence has is
  /// zero.
  Formula place(const Formula &counts);

  NodeContext &node;
  Formula input;
  SmallVector<int64_t> pool, starts, places;
  int64_t shortest = 1, longest = 1, maxSkip = 0;
};

} // namespace

LogicalResult NgramCounter::check() {
  if (node.hasAttribute("pool_strings"))
    return node.unsupported("sequences of strings are not supported");
  shortest = node.requireInt("min_gram_length");
  longest = node.requireInt("max_gram_length");
  maxSkip = node.requireInt("max_skip_count");
  if (node.hasFailed())
    return failure();
  if (shortest < 1 || longest < shortest || maxSkip < 0 ||
      longest > static_cast<int64_t>(starts.size()))
    return node.error("lengths of " + Twine(shortest) + " to " +
                      Twine(longest) + " with gaps up to " + Twine(maxSkip) +
                      " do not fit a pool of " + Twine(starts.size()) +
                      " lengths");
  int64_t lengths = starts.size();
  if (!node.canWriteOut(lengths, "lengths of sequences") ||
      !node.canWriteOut(maxSkip, "tokens of a gap") ||
      !node.canWriteOut(longest * longest * (maxSkip + 1),
                        "comparisons with tokens"))
    return failure();
  int64_t count = 0;
  for (int64_t length = 1; length <= static_cast<int64_t>(starts.size());
       ++length) {
    size_t end = length < static_cast<int64_t>(starts.size()) ? starts[length]
                                                              : pool.size();
    if (starts[length - 1] < 0 ||
        static_cast<size_t>(starts[length - 1]) > end || end > pool.size() ||
        (end - starts[length - 1]) % length != 0)
      return node.error("attribute \"ngram_counts\" does not fit a pool of " +
                        Twine(pool.size()) + " tokens");
    count += (end - starts[length - 1]) / length;
  }
  if (static_cast<int64_t>(places.size()) != count)
    return node.error("attribute \"ngram_indexes\" has " +
                      Twine(places.size()) + " numbers; needed are " +
                      Twine(count));
  for (int64_t place : places)
    if (place < 0 || place > maxPlace)
      return node.error("place " + Twine(place) + " is not allowed; 0 to " +
                        Twine(maxPlace) + " are");
  if (input.rank() != 1 && input.rank() != 2)
    return node.error("expected tokens of rank 1 or 2, found " +
                      input.typeText());
  return success();
}

ArrayRef<int64_t> NgramCounter::sequencesOf(int64_t length) const {
  size_t begin = starts[length - 1];
  size_t end = length < static_cast<int64_t>(starts.size()) ? starts[length]
                                                            : pool.size();
  return ArrayRef(pool).slice(begin, end - begin);
}

Formula NgramCounter::constant(ArrayRef<int64_t> values) {
  auto type = RankedTensorType::get(static_cast<int64_t>(values.size()),
                                    node.builder.getI64Type());
  return {node, node.constant(DenseElementsAttr::get(type, values))};
}

/// sum over positions of (tokens[position + k * step] == sequence[k] for all k)
Formula NgramCounter::count(const Formula &tokens, int64_t length) {
  ArrayRef<int64_t> sequences = sequencesOf(length);
  int64_t number = sequences.size() / length;
  Type element = node.builder.getF32Type();
  Formula total = makeScalar(node, 0, element)
                      .broadcast({tokens.size(0), Expr(number)}, {});
  bool isCounted = length >= shortest && length <= longest && number > 0;
  // A single token has no gaps.
  int64_t steps = !isCounted ? 0 : length == 1 ? 1 : maxSkip + 1;
  for (int64_t step = 1; step <= steps; ++step) {
    Expr positions = max(tokens.size(1) - Expr((length - 1) * step), Expr(0));
    Formula isFound(node, Value());
    for (int64_t k = 0; k < length; ++k) {
      SmallVector<int64_t> wanted;
      for (int64_t i = 0; i < number; ++i)
        wanted.push_back(sequences[i * length + k]);
      // Where the row is too short there is nothing to read.
      Expr offset = min(Expr(k * step), tokens.size(1) - positions);
      Formula found = tokens.slice(1, offset, positions)
                          .unsqueeze(2)
                          .apply<EqualOp>(constant(wanted));
      isFound = isFound ? isFound & found : found;
    }
    total = total + isFound.cast(element).sum(1).squeeze(1);
  }
  return total;
}

Formula NgramCounter::weigh(const Formula &counts) {
  StringRef mode = node.getChoice("mode", {"TF", "IDF", "TFIDF"});
  Formula result = mode == "IDF" ? counts.apply<MinOp>(1) : counts;
  std::optional<SmallVector<float>> weights = node.getFloats("weights");
  if (mode == "TF" || !weights)
    return result;
  if (weights->size() != places.size()) {
    node.report("attribute \"weights\" has " + Twine(weights->size()) +
                " numbers; needed are " + Twine(places.size()));
    return result.of(nullptr);
  }
  auto type = RankedTensorType::get(static_cast<int64_t>(weights->size()),
                                    node.builder.getF32Type());
  return result *
         result.of(node.constant(DenseElementsAttr::get(
             type, ArrayRef<float>(weights->data(), weights->size()))));
}

Formula NgramCounter::place(const Formula &counts) {
  int64_t last = places.empty() ? -1 : *llvm::max_element(places);
  SmallVector<int64_t> sources(last + 1, places.size());
  for (auto [source, place] : llvm::enumerate(places)) {
    if (sources[place] != static_cast<int64_t>(places.size())) {
      node.report("place " + Twine(place) + " is given twice");
      return counts.of(nullptr);
    }
    sources[place] = source;
  }
  Formula zero = counts.number(0).broadcast({counts.size(0), Expr(1)}, {});
  Formula extended = counts.concat(zero, 1);
  return extended.of(gather(node, extended.get(), constant(sources).get(), 1));
}

LogicalResult NgramCounter::convert() {
  if (failed(check()))
    return failure();
  Formula tokens = input.cast(node.builder.getI64Type());
  if (input.rank() == 1)
    tokens = tokens.unsqueeze(0);
  Formula counts = count(tokens, 1);
  for (int64_t length = 2; length <= static_cast<int64_t>(starts.size());
       ++length)
    counts = counts.concat(count(tokens, length), 1);
  Formula result = place(weigh(counts));
  if (input.rank() == 1)
    result = result.squeeze(0);
  node.setResult(result.get());
  return success();
}

static LogicalResult convertTfIdfVectorizer(NodeContext &node) {
  return NgramCounter(node).convert();
}

void mlc::onnx::addNgrams(ConverterTable &table) {
  table.add("TfIdfVectorizer", {9, 1, 1, convertTfIdfVectorizer});
}
