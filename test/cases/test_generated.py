"""A slice of the generated cases; scripts/cases.sh runs as many as one likes."""

import pathlib
import re
import subprocess
import sys

RUN = pathlib.Path(__file__).with_name("run.py")
COUNT, SEED = 150, 1


def test_slice():
    command = [sys.executable, RUN, str(COUNT), "--seed", str(SEED), "--interpret", "10"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    passed, refused = (int(re.search(rf"(\d+) {what}", done.stdout)[1]) for what in ("passed", "refused,"))
    assert passed > COUNT * 0.8 and passed + refused > COUNT * 0.95, done.stdout
