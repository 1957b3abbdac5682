#!/usr/bin/env bash
# Fuzzes the ONNX reader and importer under AddressSanitizer and UndefinedBehaviorSanitizer.
#   scripts/fuzz.sh [SECONDS [SEED]]  runs for so long, by default 60, and prints executions and coverage; the model
#                                     that fails is left in build-fuzz/found. What reaches new code joins the corpus
#                                     there. With a seed it does the same every time.
#   scripts/fuzz.sh --build           only builds it and makes the seeds
#   scripts/fuzz.sh --coverage        runs the corpus once and prints which part of each file it reaches
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$MLC_ROOT"
fuzz="$MLC_ROOT/build-fuzz"
fuzzer="$fuzz/bin/mlc-fuzz-onnx"

build_fuzzer() {
  [ -f "$fuzz/build.ninja" ] || cmake --preset fuzz >/dev/null
  ninja -C "$fuzz" --quiet mlc-fuzz-onnx
  [ "$fuzz/words" -nt test/fuzz/seeds.py ] || "$MLC_VENV/bin/python" test/fuzz/seeds.py "$fuzz/seeds" "$fuzz/words"
  mkdir -p "$fuzz/corpus" "$fuzz/found"
}

# Leaks are looked for once at the end: looking after each model takes longer than all else.
run_fuzzer() {
  "$fuzzer" -timeout=10 -rss_limit_mb=2048 -max_len=8192 -detect_leaks=0 -dict="$fuzz/words" \
    -artifact_prefix="$fuzz/found/" "$@" "$fuzz/corpus" "$fuzz/seeds" >"$fuzz/fuzz.log" 2>&1 ||
    { tail -n 60 "$fuzz/fuzz.log"; return 1; }
}

# Of each function libFuzzer says "COVERED_FUNC: hits: N edges: M/T NAME FILE:LINE", or UNCOVERED_FUNC.
print_coverage() {
  awk -v root="$MLC_ROOT/" '
    /COVERED_FUNC:/ {
      file = $NF; sub(/:[0-9]+$/, "", file); sub(root, "", file)
      split($5, edges, "/"); reached[file] += edges[1]; all[file] += edges[2]
    }
    END { for (file in all) printf "%5.1f%% %6d / %6d  %s\n", 100 * reached[file] / all[file], reached[file], all[file], file }
  ' "$fuzz/fuzz.log" | sort -k5
}

build_fuzzer
case "${1:-60}" in
--build) ;;
--coverage)
  run_fuzzer -runs=0 -print_coverage=1
  print_coverage
  ;;
*)
  run_fuzzer -max_total_time="${1:-60}" -print_final_stats=1 ${2:+-seed="$2"}
  executed="$(sed -n 's/^stat::number_of_executed_units: *//p' "$fuzz/fuzz.log")"
  reached="$(grep -oE 'cov: [0-9]+ ft: [0-9]+' "$fuzz/fuzz.log" | tail -n 1)"
  echo "$executed models, no finding; $reached"
  ;;
esac
