"""The commands of docs/errors.md say what the page says they do."""

import re
import shlex

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper


def save(path, nodes, outputs):
    weight = numpy_helper.from_array(np.arange(64 * 128, dtype=np.float32).reshape(64, 128), "w")
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 64])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()],
        [weight],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9), path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, tool):
    """The files that the page's commands name."""
    folder = tmp_path_factory.mktemp("errors")
    product = helper.make_node("MatMul", ["x", "w"], ["y"], name="fc")
    save(folder / "model.onnx", [product], {"y": ["batch", 128]})
    unsupported = [
        product,
        helper.make_node("ImageDecoder", ["y"], ["p"], name="picture"),
        helper.make_node("Concat", ["y", "y"], ["z"], axis=5),
    ]
    save(folder / "unsupported.onnx", unsupported, {"p": None, "z": None})
    whole = (folder / "model.onnx").read_bytes()
    (folder / "damaged.onnx").write_bytes(whole[: len(whole) // 2])
    tool("mlc", "compile", "model.onnx", "-o", "model.so", "--target=x86-64-v3", "--dim=batch=1..8", cwd=folder)
    artifact = bytearray((folder / "model.so").read_bytes())
    (folder / "cut.so").write_bytes(artifact[:100])
    artifact[4200] ^= 0xFF
    (folder / "flipped.so").write_bytes(artifact)
    np.save(folder / "x.npy", np.ones((2, 64), np.float32))
    return folder


def commands(text):
    for block in re.findall(r"^```console\n(.*?)^```", text, re.S | re.M):
        for command, said, code in re.findall(r"^\$ mlc (.*?)\n(.*?)^=> (\d)$", block, re.S | re.M):
            yield command, said.splitlines(), int(code)


def test_the_commands_of_the_page(source_root, folder, tool):
    wrong = []
    for command, said, code in commands((source_root / "docs" / "errors.md").read_text()):
        before = (folder / "model.so").read_bytes()
        done = tool("mlc", *shlex.split(command), check=False, cwd=folder)
        missing = [line for line in said if re.sub(r"^error: ", "", line) not in done.stderr]
        if missing or done.returncode != code or (folder / "model.so").read_bytes() != before:
            wrong.append(f"$ mlc {command}\n{done.stderr}=> {done.returncode}")
    assert not wrong, "\n".join(wrong)
