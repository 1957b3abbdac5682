#!/usr/bin/env bash
# Refreshes docs/generated from the records of ops, attributes and passes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ninja -C build --quiet mlc-doc
mkdir -p docs/generated
rm -f docs/generated/*.md
cp build/docs/*.md docs/generated/
