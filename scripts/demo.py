"""Compiles a small real model, runs it on files, and says what it cost. Run it through scripts/demo.sh."""

import pathlib
import sys
import time

import mlc
import numpy as np
from content_types import ContentTypes

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "bench"))
BUILD = pathlib.Path(mlc.__file__).absolute().parents[2]
FILES = [
    "CMakeLists.txt",
    "LICENSE",
    "CMakePresets.json",
    "README.md",
    "scripts/demo.sh",
    "python/src/Module.cpp",
    "python/mlc/module.py",
    "build/lib/libmlc_runtime.so",
]


def timed(function):
    """What `function` yields, and its milliseconds."""
    begin = time.perf_counter()
    result = function()
    return result, (time.perf_counter() - begin) * 1e3


def kilobytes(path):
    return f"{path.stat().st_size / 1e3:8.0f} kB"


def print_types(module, types, paths):
    """Content type of every file, with the confidence and the time of the inference alone."""
    width = max(map(len, paths))
    for name in paths:
        path = pathlib.Path(name)
        content = (path if path.exists() else ROOT / name).read_bytes()
        if not types.is_decidable(content):
            print(f"  {name:{width}}  too short to tell")
            continue
        row = types.features(content)[np.newaxis]
        scores, ms = timed(lambda: module(row))
        label, score = types.name(scores[0])
        print(f"  {name:{width}}  {label:12} {score:7.2%}  {ms:6.2f} ms")


def print_latency(types, artifact):
    import compare

    print(f"\nlatency beside onnxruntime {compare.onnxruntime.__version__}, taking turns on the same CPUs\n")
    print(compare.HEADER)
    for batch, threads in ((1, 1), (1, 2), (8, 1), (8, 2)):
        print(compare.compare(types.model, artifact, batch, threads, seconds=2.0, integers=(0, 257)).row(), flush=True)


def main():
    types = ContentTypes()
    artifact = BUILD / "demo" / "magika.so"
    artifact.parent.mkdir(exist_ok=True)
    _, compile_ms = timed(lambda: mlc.compile(types.model, output=artifact))
    module, load_ms = timed(lambda: mlc.load(artifact))
    print(f"{types.model.parent.name}: {module}\n")
    print_types(module, types, sys.argv[1:] or FILES)
    print(f"\ncompile time  {compile_ms / 1e3:8.2f} s, opening the compiler included")
    print(f"load time     {load_ms:8.2f} ms")
    print(f"artifact      {kilobytes(artifact)}, of the model's{kilobytes(types.model)}")
    print(f"runtime       {kilobytes(BUILD / 'lib' / 'libmlc_runtime.so')}, all that running it needs")
    print_latency(types, artifact)


if __name__ == "__main__":
    main()
