#!/usr/bin/env bash
# Compiles and runs N random models (by default 1000) that begin with seed SEED (by default the clock's), and prints
# what is wrong or refused: scripts/cases.sh [N [SEED]]. See test/cases/run.py.
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$MLC_ROOT"
exec "$MLC_VENV/bin/python" test/cases/run.py "${1:-1000}" ${2:+--seed "$2"} --jobs 2
