"""The code blocks of README.md run as they stand: those marked `shell` and `python`, in their order."""

import os
import pathlib
import re
import subprocess
import sys

import content_types
import mlc
import pytest


@pytest.fixture(scope="module")
def folder(source_root, build_root, tmp_path_factory):
    """A checkout to look at, with a model in it."""
    folder = tmp_path_factory.mktemp("readme")
    for name in ("bench", "scripts"):
        (folder / name).symlink_to(source_root / name)
    (folder / "build").symlink_to(build_root)
    (folder / ".venv" / "bin").mkdir(parents=True)
    # A link to the interpreter would lose its environment.
    python = folder / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (folder / "model.onnx").symlink_to(content_types.ContentTypes().model)
    return folder


def test_blocks_run(source_root, folder):
    blocks = re.findall(r"^```(shell|python)\n(.*?)^```", (source_root / "README.md").read_text(), re.S | re.M)
    assert {language for language, _ in blocks} == {"shell", "python"}
    package = pathlib.Path(mlc.__file__).absolute().parents[1]
    environment = os.environ | {"PYTHONPATH": str(package)}
    for language, text in blocks:
        command = ["bash", "-euc", text] if language == "shell" else [sys.executable, "-c", text]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
