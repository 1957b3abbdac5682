"""Damaged ONNX files are refused in words; none of them may crash or hang the importer."""

import random

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper


@pytest.fixture(scope="module")
def model():
    rng = np.random.default_rng(0)
    weights = {
        "w": rng.standard_normal((8, 3, 3, 3), np.float32),
        "b": rng.standard_normal(8).astype(np.float32),
        "shape": np.array([0, -1], np.int64),
        "fc": rng.standard_normal((8 * 36, 5)).astype(np.float32),
    }
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["c"], name="conv", kernel_shape=[3, 3]),
        helper.make_node("Relu", ["c"], ["r"], name="relu"),
        helper.make_node("Reshape", ["r", "shape"], ["f"], name="flatten"),
        helper.make_node("MatMul", ["f", "fc"], ["m"], name="fc"),
        helper.make_node("Softmax", ["m"], ["y"], name="softmax", axis=-1),
    ]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3, 8, 8])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 5])],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def check(tool, path, data):
    """Refused in words, or accepted."""
    path.write_bytes(data)
    done = tool("mlc-translate", "--import-onnx", path, "--elide", "-o", "/dev/null", check=False, timeout=10)
    assert done.returncode in (0, 1), f"exit {done.returncode}: {done.stderr}"
    if done.returncode == 1:
        assert done.stderr.startswith("error: "), done.stderr
    return done.returncode


def test_truncated(model, tool, tmp_path):
    # A file that ends after a whole field is a model without its tail, and may be accepted.
    refused = sum(check(tool, tmp_path / "m.onnx", model[:end]) for end in range(0, len(model) - 1, 64))
    assert refused > len(model) // 64 * 0.9


def test_mutated(model, tool, tmp_path):
    rng = random.Random(1)
    # Most of the bytes are weights; what is not lies at both ends.
    places = [*range(400), *range(len(model) - 200, len(model))]
    for _ in range(150):
        data = bytearray(model)
        for _ in range(rng.choice([1, 1, 2, 8])):
            data[rng.choice(places)] = rng.randrange(256)
        check(tool, tmp_path / "m.onnx", bytes(data))


def field(number, body):
    """A field of bytes as the format writes it."""
    length, varint = len(body), b""
    while True:
        varint += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return bytes([number << 3 | 2]) + varint + body


def refuse(tool, path, data, words):
    path.write_bytes(data)
    done = tool("mlc-translate", "--import-onnx", path, check=False, timeout=10)
    assert done.returncode == 1
    assert words in done.stderr


def test_nested_graphs_end(tool, tmp_path):
    graph = b""
    for _ in range(2000):  # graph.node.attribute.graph
        graph = field(1, field(5, field(6, graph)))
    refuse(tool, tmp_path / "m.onnx", field(7, graph), "error: the model is nested deeper than 96 levels")


def test_millions_of_empty_nodes_end(tool, tmp_path):
    data = field(7, field(1, b"") * 3_000_000)
    refuse(tool, tmp_path / "m.onnx", data, "error: the model has more than 2000000 parts")


def test_names_are_text(tool, tmp_path):
    data = field(7, field(1, field(3, b"\xff\xfe")))
    refuse(tool, tmp_path / "m.onnx", data, "error: a name in the model is not UTF-8")
