"""The documentation of every op: a summary, and an example that parses and prints the same."""

import json
import re
import textwrap

import pytest

TENSOR = r"tensor<[^>]*>"


@pytest.fixture(scope="module")
def registry(tool):
    return {op["mnemonic"]: op for op in json.loads(tool("mlc-opt", "--registry").stdout)}


@pytest.fixture(scope="module")
def examples(registry):
    found = {}
    for mnemonic, op in registry.items():
        blocks = re.findall(r"```mlir\n(.*?)```", op["description"], re.S)
        assert blocks, f"the description of mlc.{mnemonic} has no mlir example"
        found[mnemonic] = textwrap.dedent(blocks[0]).strip()
    return found


def test_every_op_has_a_summary(registry):
    assert registry
    assert [m for m, op in registry.items() if not op["summary"].strip()] == []


# What the examples of ops with regions capture.
CONTROL_FLOW = {
    "if": "%c: i1, %x: tensor<4xf32>, %y: tensor<?xf32>",
    "loop": "%n: index, %true: i1, %x: tensor<4xf32>",
}


def argument_types(text):
    """Types of the values that an example uses without defining them: those in brackets are sizes, the others
    are tensors and take the operand types in their order."""
    defined = set(re.findall(r"(%\w+) = ", text))
    used = [name for name in dict.fromkeys(re.findall(r"%\w+", text)) if name not in defined]
    indices = set(re.findall(r"%\w+", " ".join(re.findall(r"\[[^]]*\]", text))))
    if "from_elements" in text:
        indices = set(used)
    if "gather" in text or "scatter" in text:
        indices = set()  # brackets hold tensors of indices
    operands = re.search(rf"\(((?:{TENSOR}(?:, )?)+)\) ->", text)
    types = iter(re.findall(TENSOR, operands.group(1) if operands else text))
    return {name: "index" if name in indices else next(types) for name in used}


def in_function(text):
    arguments = ", ".join(f"{name}: {kind}" for name, kind in argument_types(text).items())
    return f"func.func @example({arguments}) {{\n{text}\nreturn\n}}"


def as_module(examples, mnemonic):
    text = examples[mnemonic]
    kernel = examples["kernel"].replace("...", "return %out : tensor<?xf32>")
    if mnemonic == "kernel":
        return kernel
    if mnemonic == "call_kernel":
        return kernel + "\n" + in_function(text)
    if mnemonic in CONTROL_FLOW:
        return f"func.func @example({CONTROL_FLOW[mnemonic]}) {{\n{text}\nreturn\n}}"
    if mnemonic == "yield":
        group = f"mlc.group [%n] {{\n{text}\n}} : tensor<?xf32>"
        return f"func.func @example(%n: index, %e: tensor<?xf32>) {{\n{group}\nreturn\n}}"
    return in_function(text)


def test_every_example_parses_and_round_trips(examples, tool, tmp_path):
    source = tmp_path / "examples.mlir"
    source.write_text("\n// -----\n".join(as_module(examples, mnemonic) for mnemonic in examples))
    tool("mlc-opt", "--split-input-file", "--verify-roundtrip", source)
