#!/usr/bin/env bash
# Fuzzes the ONNX reader and importer for SECONDS (by default 60) under AddressSanitizer and
# UndefinedBehaviorSanitizer: scripts/fuzz.sh [SECONDS]. Prints executions and coverage; what fails is left in
# build-fuzz/found.
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$MLC_ROOT"
seconds="${1:-60}"
fuzz="$MLC_ROOT/build-fuzz"
[ -f "$fuzz/build.ninja" ] || cmake --preset fuzz >/dev/null
ninja -C "$fuzz" --quiet mlc-fuzz-onnx
[ -f "$fuzz/words" ] || "$MLC_VENV/bin/python" test/fuzz/seeds.py "$fuzz/seeds" "$fuzz/words"
mkdir -p "$fuzz/corpus" "$fuzz/found"

# LLVM's own code is not instrumented, so containers of its headers look overrun where it filled them.
export ASAN_OPTIONS="detect_container_overflow=0:allocator_may_return_null=1:detect_leaks=1"
log="$fuzz/fuzz.log"
status=0
"$fuzz/bin/mlc-fuzz-onnx" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=8192 -dict="$fuzz/words" \
  -artifact_prefix="$fuzz/found/" -print_final_stats=1 "$fuzz/corpus" "$fuzz/seeds" >"$log" 2>&1 || status=$?
if [ "$status" != 0 ]; then
  tail -n 60 "$log"
  exit 1
fi
grep -o 'stat::number_of_executed_units:.*' "$log"
grep -oE 'cov: [0-9]+ ft: [0-9]+' "$log" | tail -n 1
