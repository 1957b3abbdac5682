"""Fixtures of the end-to-end tests. MLC_BUILD names another build than build/."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

SOURCE_ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD_ROOT = pathlib.Path(os.environ.get("MLC_BUILD", SOURCE_ROOT / "build"))
sys.path[:0] = [str(SOURCE_ROOT / "test" / "python"), str(SOURCE_ROOT / "test" / "e2e")]

from artifacts import Compiler, Runtime  # noqa: E402
from programs import Runner  # noqa: E402


@pytest.fixture(scope="session")
def compiler():
    compiler = Compiler(BUILD_ROOT / "lib" / "libmlc_compiler.so")
    yield compiler
    compiler.close()


@pytest.fixture(scope="session")
def runtime():
    return Runtime(BUILD_ROOT / "lib" / "libmlc_runtime.so")


@pytest.fixture
def runner(compiler, runtime, tmp_path):
    return Runner(compiler, runtime, tmp_path)


def read_registry():
    listing = subprocess.run([BUILD_ROOT / "bin" / "mlc-opt", "--registry"], capture_output=True, check=True)
    return {op["mnemonic"]: op for op in json.loads(listing.stdout)}


def pytest_generate_tests(metafunc):
    """One test per elementwise op of the registry."""
    if "elementwise_op" not in metafunc.fixturenames:
        return
    ops = [op for op in read_registry().values() if "elementwise" in op]
    metafunc.parametrize("elementwise_op", ops, ids=[op["mnemonic"] for op in ops])


@pytest.fixture(scope="session")
def registry():
    return read_registry()
