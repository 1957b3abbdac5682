"""Fixtures of the Python tests: where the build is and how its tools are run."""

import os
import pathlib
import subprocess
import sys

import pytest

SOURCE_ROOT = pathlib.Path(__file__).resolve().parents[2]
# What the demo imports, tests import too.
sys.path.insert(0, str(SOURCE_ROOT / "scripts"))
BUILD_ROOT = pathlib.Path(os.environ.get("MLC_BUILD", SOURCE_ROOT / "build"))


@pytest.fixture(scope="session")
def source_root():
    return SOURCE_ROOT


@pytest.fixture(scope="session")
def build_root():
    return BUILD_ROOT


@pytest.fixture(scope="session")
def tool():
    """Runs a tool of the build: tool("mlc-opt", "x.mlir") gives the finished process, text captured."""

    def run(name, *arguments, check=True, **options):
        command = [str(BUILD_ROOT / "bin" / name), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, **options)
        if check and done.returncode:
            pytest.fail(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
        return done

    return run
