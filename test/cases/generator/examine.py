"""What mlc makes of a case."""

import dataclasses
import math
import os
import pathlib
import re
import subprocess
import tempfile

import ml_dtypes
import numpy as np

import mlc
from generator import types
from generator.builder import MAX_ELEMENTS, SIZES
from generator.oracle import Evaluation, Invalid

BUILD = pathlib.Path(os.environ.get("MLC_BUILD", pathlib.Path(__file__).resolve().parents[3] / "build"))


@dataclasses.dataclass
class Outcome:
    kind: str
    """passed, refused, or fault."""
    text: str = ""
    runs: int = 0


class Fault(Exception):
    """What mlc did wrong."""


def cause_of(message):
    """A refusal without what is only this model's."""
    message = re.sub(r'^node "[^"]*": ', "", message)
    message = re.sub(r'"[xcv]\d+[^"]*"', '"..."', message)
    return re.sub(r"\d+", "N", re.sub(r"\(opset \d+\)", "", message))


def compile_case(case):
    """The module, or the causes why there is none."""
    proto = case.proto()
    try:
        return mlc.compile(proto, threads=1 + case.seed % 2), None
    except mlc.CompileError as error:
        refusals = [found for found in mlc.check(proto) if found.severity == "error"]
        if not refusals:
            raise Fault(f"accepted, but not compiled: {error}") from error
        if any(not found.message for found in refusals):
            raise Fault(f"refused without words: {error}") from error
        return None, cause_of(refusals[0].message)


def tolerance(case, evaluation, leaves, values):
    """How far each output may be off: what comes of moving every rounded number by one place, several times over."""
    rng = np.random.default_rng(case.seed)
    moved = {name: np.zeros(values[name].shape) for name in case.outputs}
    for _ in range(3):
        try:
            noisy = evaluation.run_noisy(case, leaves, rng)
        except Invalid:
            # Sizes that follow from the data no longer fit.
            continue
        for name, most in moved.items():
            if noisy[name].shape == most.shape:
                with np.errstate(all="ignore"):
                    difference = np.abs(noisy[name].astype(np.float64) - values[name].astype(np.float64))
                np.fmax(most, difference, out=most)
    result = {}
    for name, most in moved.items():
        expected = values[name]
        if not types.is_float(expected.dtype):
            # Zero, unless a number of the model stands on an edge.
            result[name] = most
            continue
        size = np.abs(expected.astype(np.float64))
        mean = np.mean(most[np.isfinite(most)]) if np.isfinite(most).any() else 0.0
        tiny = float(ml_dtypes.finfo(expected.dtype).tiny)
        result[name] = 8 * (most + mean) + 6 * types.epsilon(expected.dtype) * size + tiny
    return result


def compare(name, actual, expected, allowed, who):
    if actual.dtype != expected.dtype or actual.shape != expected.shape:
        found, wanted = (f"{a.dtype}{list(a.shape)}" for a in (actual, expected))
        raise Fault(f"{who}: output {name} is {found}, expected {wanted}")
    wide = [array.astype(np.float64) for array in (actual, expected)]
    with np.errstate(all="ignore"):
        right = np.abs(wide[0] - wide[1]) <= allowed
    right |= (wide[0] == wide[1]) | (np.isnan(wide[0]) & np.isnan(wide[1]))
    if actual.dtype.kind in "iu" and actual.dtype.itemsize == 8:
        right &= (actual == expected) | (allowed > 0)
    if not right.all():
        place = tuple(int(i) for i in np.argwhere(~right)[0])
        raise Fault(
            f"{who}: output {name} {actual.dtype}{list(actual.shape)} has {actual[place]!r} at {list(place)}, expected"
            f" {expected[place]!r}; {int((~right).sum())} of {right.size} are wrong, allowed is {allowed[place]:.3g}"
        )


def all_sizes(case, count):
    """Changes of the symbolic sizes, the first of which changes nothing."""
    rng = np.random.default_rng([case.seed, 7])
    sizes = case.symbolic_sizes()
    changes = [{}]
    for _ in range(count if sizes else 0):
        drawn = (draw(rng, sizes, most) for most in (33, 13, 5, 3))
        changes.append(next((change for change in drawn if is_small(case, change)), {}))
    return changes


def draw(rng, sizes, most):
    new = rng.choice([size for size in SIZES if size <= most], len(sizes))
    return {size: 0 if rng.random() < 0.04 else int(chosen) for size, chosen in zip(sizes, new)}


def is_small(case, change):
    shapes = ([change.get(size, size) for size in leaf.shape] for leaf in case.inputs())
    return all(math.prod(shape) <= 4 * MAX_ELEMENTS for shape in shapes)


def examine(case, count=3, interpret=False):
    """Compiles once and runs at several sizes."""
    try:
        module, cause = compile_case(case)
        if module is None:
            return Outcome("refused", cause)
        runs = sum(run(case, module, sizes, interpret and not sizes) for sizes in all_sizes(case, count))
        return Outcome("passed", runs=runs)
    except Fault as fault:
        return Outcome("fault", str(fault))


def run(case, module, sizes, interpret):
    """Whether the oracles have an opinion about these sizes; mlc must share it then."""
    leaves = {name: leaf.draw(case.seed, sizes) for name, leaf in case.leaves.items()}
    evaluation = Evaluation(case.opset)
    try:
        values = evaluation.run(case, leaves)
    except Invalid:
        values = None
    feeds = {leaf.name: leaves[leaf.name] for leaf in case.inputs()}
    try:
        results = module.run(feeds)
    except mlc.Error as error:
        if values is None:
            return False
        raise Fault(f"does not run at {[list(a.shape) for a in feeds.values()]}: {error}") from error
    if values is None:
        return False
    allowed = tolerance(case, evaluation, leaves, values)
    who = "compiled" if not sizes else f"compiled, with {sizes}"
    for name in case.outputs:
        compare(name, results[name], values[name], allowed[name], who)
    if interpret:
        for name, result in interpreted(case, feeds).items():
            compare(name, result, values[name], allowed[name], "interpreted")
    return True


def tool(name, *arguments):
    done = subprocess.run([BUILD / "bin" / name, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise Fault(f"{name}: exit {done.returncode}: {done.stderr[-2000:]}")


def interpreted(case, feeds):
    """The outputs by the reference interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "m.onnx").write_bytes(case.proto().SerializeToString())
        tool("mlc-translate", "--import-onnx", folder / "m.onnx", "-o", folder / "m.mlir")
        arguments = []
        for name, array in feeds.items():
            path = folder / f"{name}.npy"
            array = np.asarray(array, order="C")
            np.save(path, array.view("V2") if array.dtype == types.BF16 else array)
            arguments += ["--input", path]
        tool("mlc-interpret", folder / "m.mlir", *arguments, "--output", folder / "out")
        results = {}
        for number, name in enumerate(case.outputs):
            result, expected = np.load(folder / "out" / f"{number}.npy"), case.values[name].dtype
            results[name] = result.view(types.BF16) if expected == types.BF16 else result
        return results
