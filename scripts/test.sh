#!/usr/bin/env bash
# Sets up, builds and runs every test: GoogleTest, lit, pytest and a minute of fuzzing. Fails when any of them fails.
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$MLC_ROOT"
scripts/fuzz.sh --build
logs="$(mktemp -d)"
trap 'rm -rf "$logs"' EXIT

# Runs a suite in the background and leaves its output and its exit status under $logs.
start() {
  local name="$1"
  shift
  { "$@" >"$logs/$name.out" 2>&1 && echo 0 || echo $?; } >"$logs/$name.status" &
}

start ctest ctest --test-dir "$MLC_BUILD" --output-on-failure -j2
start lit "$MLC_BUILD/bin/mlc-lit" -sv test
start pytest "$MLC_VENV/bin/python" -m pytest -q -p no:cacheprovider test/python test/e2e test/cases
start fuzz scripts/fuzz.sh 60 1
wait

failed=0
for name in ctest lit pytest fuzz; do
  status="$(cat "$logs/$name.status")"
  echo "== $name"
  if [ "$status" = 0 ]; then
    grep -v '^ *$' "$logs/$name.out" | tail -n 4
  else
    cat "$logs/$name.out"
    failed=1
  fi
done
exit "$failed"
