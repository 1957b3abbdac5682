#!/usr/bin/env bash
# Runs ONNX's own test suite on mlc, which takes minutes, and writes docs/onnx-suite.md.
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$MLC_ROOT"
exec "$MLC_VENV/bin/python" scripts/onnx_suite.py "$@"
