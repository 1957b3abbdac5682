#!/usr/bin/env python3
"""Latency of a model in mlc beside onnxruntime: the same process, inputs and CPUs, taking turns.

Prints a Markdown table. Both are called from Python, so the time of a call is in both. The first tenth of a second of
each turn is thrown away: onnxruntime's threads spin for up to 50 ms after its last run and would take their CPUs from
the other.
"""

import argparse
import os
import statistics
import time
from dataclasses import dataclass

import mlc
import numpy as np
import onnxruntime

WARM_UP, TURN = 0.1, 0.15
"""Seconds of a turn that are thrown away, and that count."""


@dataclass
class Timing:
    """Seconds of the single runs."""

    batch: int
    threads: int
    mlc: list[float]
    onnxruntime: list[float]
    difference: float
    """Largest absolute difference of all outputs."""

    def ratio(self):
        """How many times faster mlc's median is."""
        return statistics.median(self.onnxruntime) / statistics.median(self.mlc)

    def row(self):
        def cell(times):
            tenths = statistics.quantiles(times, n=10)
            return f"{statistics.median(times) * 1e3:.2f} ms ({tenths[0] * 1e3:.2f}..{tenths[-1] * 1e3:.2f})"

        return (
            f"| {self.batch} | {self.threads} | {cell(self.mlc)} | {cell(self.onnxruntime)} | {self.ratio():.2f} "
            f"| {self.difference:.1e} |"
        )


HEADER = """\
| batch | threads | mlc: median (10 %..90 %) | onnxruntime | times faster | difference |
|------:|--------:|-------------------------:|------------:|-------------:|-----------:|"""


def draw_inputs(module, batch, integers, seed=0):
    """Inputs for `module` with every size that is not fixed set to `batch`."""
    random = np.random.default_rng(seed)
    feeds = {}
    for spec in module.inputs:
        shape = [size if isinstance(size, int) else batch for size in spec.shape]
        if spec.dtype.kind in "iu":
            feeds[spec.name] = random.integers(*integers, shape).astype(spec.dtype)
        elif spec.dtype.kind == "b":
            feeds[spec.name] = random.integers(0, 2, shape).astype(bool)
        else:
            feeds[spec.name] = random.standard_normal(shape).astype(spec.dtype)
    return feeds


def take_turn(run, kept):
    """Adds the times of single runs to `kept`, two at least."""
    enough, begin = len(kept) + 2, time.perf_counter()
    counts = begin + WARM_UP
    end = counts + TURN
    while begin < end or len(kept) < enough:
        run()
        now = time.perf_counter()
        if begin >= counts:
            kept.append(now - begin)
        begin = now


def take_turns(runs, seconds):
    """Times of each of `runs`, in turns, until `seconds` have passed and each had three turns."""
    times = [[] for _ in runs]
    end, turns = time.perf_counter() + seconds, 0
    while turns < 3 or time.perf_counter() < end:
        for run, kept in zip(runs, times):
            take_turn(run, kept)
        turns += 1
    return times


def reference_session(model, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def compare(model, artifact, batch, threads, seconds=3.0, integers=(0, 256)):
    """Times `model` and the artifact made of it on the first `threads` CPUs that the process may use."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(allowed)[:threads])
    try:
        module = mlc.load(artifact, threads=threads)
        session = reference_session(model, threads)
        feeds = draw_inputs(module, batch, integers)
        runs = (lambda: module.run(feeds), lambda: session.run(None, feeds))
        ours, theirs = runs[0](), runs[1]()
        pairs = zip((ours[output.name] for output in session.get_outputs()), theirs)
        difference = max(float(np.max(np.abs(a.astype(float) - b), initial=0)) for a, b in pairs)
        return Timing(batch, threads, *take_turns(runs, seconds), difference)
    finally:
        os.sched_setaffinity(0, allowed)


def integer_range(text):
    low, _, high = text.partition(":")
    return int(low), int(high)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="path of an ONNX model")
    parser.add_argument("--batch", type=int, nargs="+", default=[1], help="sizes for what the model leaves open")
    parser.add_argument("--threads", type=int, nargs="+", default=[1], help="numbers of threads")
    parser.add_argument("--range", type=integer_range, default=(0, 256), metavar="LOW:HIGH", help="of integer inputs")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each row is measured")
    parser.add_argument("--artifact", help="where to leave the artifact; it is compiled again in any case")
    arguments = parser.parse_args()
    path = arguments.artifact or f"{os.path.splitext(os.path.basename(arguments.model))[0]}.bench.so"
    begin = time.perf_counter()
    mlc.compile(arguments.model, output=path)
    print(f"compiled in {time.perf_counter() - begin:.2f} s; onnxruntime {onnxruntime.__version__}\n\n{HEADER}")
    for batch in arguments.batch:
        for threads in arguments.threads:
            print(compare(arguments.model, path, batch, threads, arguments.seconds, arguments.range).row(), flush=True)
    if not arguments.artifact:
        os.unlink(path)


if __name__ == "__main__":
    main()
