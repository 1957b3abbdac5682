"""Runs ONNX's own test suite on mlc and writes docs/onnx-suite.md: what passes, and the others by cause.

onnx_suite.py [--jobs N]
"""

import argparse
import collections
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import onnx
import onnx.backend.test

import mlc
import mlc.onnx_backend

ROOT = pathlib.Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "onnx-suite.md"
OPSETS = range(7, 29)
SECONDS_PER_CASE = 120


def find_tests():
    """The CPU cases of the suite, each as a test that can be run, by name."""
    suite = onnx.backend.test.BackendTest(mlc.onnx_backend.Backend, __name__)
    return {
        name.removesuffix("_cpu"): cases(name)
        for cases in suite.test_cases.values()
        for name in sorted(vars(cases))
        if name.startswith("test_") and name.endswith("_cpu")
    }


class Result(unittest.TestResult):
    """Keeps what a test raised."""

    def __init__(self):
        super().__init__()
        self.error = None

    def addError(self, test, error):
        self.error = error[1]

    def addFailure(self, test, error):
        self.error = error[1]


def cause_of(message):
    """A refusal without what is only the case's."""
    message = re.sub(r'^node "[^"]*": ', "", message)
    message = re.sub(r" \(opset \d+\)", "", message)
    if message.startswith('op "'):
        return message
    message = re.sub(r'(input|output|attribute|tensor|axis|initializer|dim) "[^"]*"', r'\1 "..."', message)
    return re.sub(r"'tensor<[^']*'", "a tensor", re.sub(r"-?\d+", "N", message))


def run(test):
    """The kind of the case, passed, refused or wrong, and the cause."""
    result = Result()
    test.run(result)
    if result.skipped:
        return "skipped", str(result.skipped[0][1])
    if result.error is None:
        return "passed", ""
    faults = ("fault of mlc", "cannot link")
    if isinstance(result.error, mlc.CompileError) and not any(words in str(result.error) for words in faults):
        return "refused", cause_of(result.error.diagnostics[0].message)
    return "wrong", f"{type(result.error).__name__}: {str(result.error).strip()}".split("\n")[0][:160]


def work(names):
    """The side of a process of its own: one line per case before it is run, and one after."""
    tests = find_tests()
    for name in names:
        print(json.dumps([name]), flush=True)
        print(json.dumps([name, *run(tests[name])]), flush=True)


def run_apart(names):
    """Runs cases in other processes, a new one after each crash."""
    results = {}
    while names:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, __file__, "--work"]
            try:
                limit = SECONDS_PER_CASE + 4 * len(names)
                done = subprocess.run(
                    command, input="\n".join(names), capture_output=True, text=True, cwd=folder, timeout=limit
                )
                output, end = done.stdout, f"exit code {done.returncode}"
            except subprocess.TimeoutExpired as expired:
                output, end = expired.stdout.decode(), "no end"
        lines = [json.loads(line) for line in output.splitlines() if line.startswith("[")]
        results |= {line[0]: tuple(line[1:]) for line in lines if len(line) > 1}
        if len(lines) % 2:
            results[lines[-1][0]] = ("crashed", end)
        elif not lines:
            raise RuntimeError(f"the cases cannot be run: {done.stderr}")
        names = [name for name in names if name not in results]
    return results


def run_all(names, jobs):
    if jobs == 1:
        return run_apart(names)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        parts = pool.map(run_apart, [names[part::jobs] for part in range(jobs)])
        return {name: result for part in parts for name, result in part.items()}


def supported_ops():
    """Pairs of an op and its versions that mlc imports, as its own table says."""
    tool = ROOT / "build" / "bin" / "mlc-translate"
    listing = subprocess.run([tool, "--onnx-ops"], capture_output=True, text=True, check=True).stdout
    history = collections.defaultdict(set)
    for schema in onnx.defs.get_all_schemas_with_history():
        if not schema.deprecated:
            history[f"{schema.domain}.{schema.name}".lstrip(".")].add(schema.since_version)
    for line in listing.splitlines():
        op, *since = line.split()
        if op not in history:
            yield op, [int(version) for version in since]
            continue
        in_use = {max(v for v in history[op] if v <= opset) for opset in OPSETS if any(v <= opset for v in history[op])}
        yield op, sorted(version for version in in_use if version >= int(since[0]))


def page(results):
    groups = collections.defaultdict(list)
    for name, (kind, cause) in sorted(results.items()):
        groups[kind, cause].append(name)
    counts = collections.Counter(kind for kind, _ in results.values())
    ops = list(supported_ops())
    of_default = sum("." not in op for op, _ in ops)
    lines = [
        "# ONNX: what is supported",
        "",
        "Written by `scripts/onnx-suite.sh`; a test runs a part of the cases and holds the lists to be true both ways.",
        "",
        "## The suite of ONNX",
        f"All {len(results)} CPU cases of the runner of onnx {onnx.__version__}, through `mlc.onnx_backend`:",
        "",
        "| passed | refused in words | wrong | crashed | skipped by the suite |",
        "|---|---|---|---|---|",
        "| " + " | ".join(str(counts[kind]) for kind in ("passed", "refused", "wrong", "crashed", "skipped")) + " |",
        "",
        "### Causes",
        "| cases | | cause |",
        "|---|---|---|",
    ]
    ranked = sorted((key for key in groups if key[0] != "passed"), key=lambda key: (-len(groups[key]), key))
    lines += [f"| {len(groups[key])} | {key[0]} | {key[1]} |" for key in ranked]
    lines += ["", "### Cases that do not pass", ""]
    for key in ranked:
        lines += [f"{key[0]}: {key[1]}", "", "```", *groups[key], "```", ""]
    lines += [
        "## Ops",
        f"{of_default} ops of the default domain are imported, as of opsets {OPSETS[0]} to {OPSETS[-1]}, and"
        f" {len(ops) - of_default} of others. The versions are those at which ONNX changed the op.",
        "",
        "| op | versions |",
        "|---|---|",
        *(f"| {op} | {', '.join(map(str, versions))} |" for op, versions in ops),
    ]
    return "\n".join(lines) + "\n"


def listed():
    """The kind of every case that the page lists as not passing, by name."""
    text = PAGE.read_text().partition("### Cases that do not pass")[2].partition("\n## ")[0]
    blocks = re.findall(r"^(\w+): [^\n]*\n\n```\n(.*?)```", text, re.M | re.S)
    return {name: kind for kind, names in blocks for name in names.split()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        return work(sys.stdin.read().split())
    results = run_all(list(find_tests()), options.jobs)
    PAGE.write_text(page(results))
    print(collections.Counter(kind for kind, _ in results.values()))


if __name__ == "__main__":
    main()
