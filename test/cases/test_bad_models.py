"""What is wrong is refused in words, within 10 s and 2 GiB, and nothing is written."""

import os
import pathlib
import subprocess

import numpy as np
import pytest

import bad_models

BUILD = pathlib.Path(os.environ.get("MLC_BUILD", pathlib.Path(__file__).resolve().parents[2] / "build"))
SECONDS, GIBIBYTES = 10, 2


def mlc(folder, *arguments):
    """The finished process, which had only so much time and memory."""
    command = ["prlimit", f"--data={GIBIBYTES << 30}", "--core=0", BUILD / "bin" / "mlc", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS)


def assert_refused(done, words):
    assert done.returncode == 1, f"exit {done.returncode}: {done.stderr}"
    assert done.stderr.startswith("error: "), done.stderr
    assert words in done.stderr
    assert "fault of mlc" not in done.stderr


REFUSED = {**bad_models.FILES, **bad_models.GRAPHS, **bad_models.ATTRIBUTES}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name, tmp_path):
    bad = REFUSED[name]
    bad.write(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert_refused(mlc(tmp_path, "compile", "m.onnx", "-o", "m.so"), bad.words)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "bad", [pytest.param(bad, id=name) for name, forms in bad_models.EXPLOSIONS.items() for bad in forms]
)
def test_explosions(bad, tmp_path):
    bad.write(tmp_path)
    compiled = mlc(tmp_path, "compile", "m.onnx", "-o", "m.so")
    if compiled.returncode:
        return assert_refused(compiled, bad.words)
    arguments = []
    for key, array in bad.inputs.items():
        np.save(tmp_path / f"{key}.npy", array)
        arguments += ["--input", f"{key}={key}.npy"]
    assert_refused(mlc(tmp_path, "run", "m.so", *arguments), bad.words)
