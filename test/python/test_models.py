"""bench/models.py on the one real model that is always installed: its page says what it measured."""

import pathlib
import re
import shutil
import subprocess
import sys

import magika
import onnx


def test_table_of_models(source_root, tmp_path):
    [model] = pathlib.Path(magika.__file__).parent.rglob("standard_*/model.onnx")
    shutil.copy(model, tmp_path / "magika.onnx")
    page = tmp_path / "page.md"
    command = [sys.executable, source_root / "bench" / "models.py", tmp_path, "--models", "magika"]
    subprocess.run([*command, "--seconds", "0.1", "--output", page], check=True, capture_output=True)
    rows = [re.split(r" *\| *", line)[1:-1] for line in page.read_text().splitlines() if line.startswith("| magika")]
    compiled, *sizes = rows
    assert compiled[1:4] == ["15", "95", f"{model.stat().st_size / 1e6:.1f}"] and len(compiled) == 9
    assert [size[1:3] for size in sizes] == [[f"batch {batch}", "yes"] for batch in (1, 8, 32)]


def test_refusals_are_in_the_table(source_root, tmp_path):
    value = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [2]) for name in "xy"]
    node = onnx.helper.make_node("Frobnicate", ["x"], ["y"], "odd", domain="example")
    opsets = [onnx.helper.make_opsetid("", 20), onnx.helper.make_opsetid("example", 1)]
    graph = onnx.helper.make_graph([node], "g", value[:1], value[1:])
    onnx.save(onnx.helper.make_model(graph, opset_imports=opsets), tmp_path / "magika.onnx")
    command = [sys.executable, source_root / "bench" / "models.py", tmp_path, "--models", "magika"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert '| magika | 20 | 1 | 0.0 | not compiled: node "odd": op "example.Frobnicate"' in done.stdout
