#!/usr/bin/env bash
# Sets up, builds, compiles the model of the package `magika` and names the content type of files with it.
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$MLC_ROOT"
exec "$MLC_VENV/bin/python" scripts/demo.py "$@"
