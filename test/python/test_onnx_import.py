"""Imported ONNX nodes and models compute what onnx and onnxruntime say, run by the reference interpreter."""

import collections
import concurrent.futures
import copy
import os
import pathlib
import warnings

import magika
import numpy as np
import onnx
import onnx.backend.test.loader
import onnxruntime
import pytest

from interpreting import ELEMENTS, load, save

CASES_PER_OP = 2


def to_array(value):
    return onnx.numpy_helper.to_array(value) if isinstance(value, onnx.TensorProto) else np.asarray(value)


def node_cases():
    """Some of the node cases of ONNX's own suite, for ops that mlc imports."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cases = onnx.backend.test.loader.load_model_tests(kind="node")
    per_op = collections.defaultdict(list)
    for case in cases:
        if len(case.model.graph.node) == 1:
            per_op[case.model.graph.node[0].op_type].append(case)
    return [case for cases in per_op.values() for case in cases[:: -(-len(cases) // CASES_PER_OP)]]


def with_symbols(model):
    """The model with a symbol in place of every size of an input; vectors of integers may be shapes and stay."""
    model, count = copy.deepcopy(model), 0
    for value in model.graph.input:
        tensor = value.type.tensor_type
        is_shape = tensor.elem_type in (onnx.TensorProto.INT64, onnx.TensorProto.INT32) and len(tensor.shape.dim) == 1
        for dim in tensor.shape.dim if not is_shape else ():
            dim.dim_param = f"s{count}"
            count += 1
    return model


def run(tool, model, inputs, folder):
    """The results of the model, or what refuses it."""
    folder.mkdir()
    (folder / "m.onnx").write_bytes(model.SerializeToString())
    done = tool("mlc-translate", "--import-onnx", folder / "m.onnx", "-o", folder / "m.mlir", check=False)
    if done.returncode:
        assert done.returncode == 1 and done.stderr.startswith("error: "), done.stderr
        return done.stderr
    arguments = []
    for number, array in enumerate(inputs):
        save(folder / f"in{number}.npy", to_array(array))
        arguments += ["--input", folder / f"in{number}.npy"]
    tool("mlc-interpret", folder / "m.mlir", *arguments, "--output", folder / "out")
    return [folder / "out" / f"{number}.npy" for number in range(len(model.graph.output))]


def compare(tool, case, model, folder):
    """Whether the case was imported; its results must be right then."""
    for number, (inputs, outputs) in enumerate(case.data_sets):
        results = run(tool, model, inputs, folder / str(number))
        if isinstance(results, str):
            return False
        for path, expected in zip(results, map(to_array, outputs)):
            actual = load(path, ELEMENTS[expected.dtype])
            assert actual.dtype == expected.dtype and actual.shape == expected.shape, case.name
            numbers = [x if x.dtype == bool else x.astype(np.float64) for x in (actual, expected)]
            np.testing.assert_allclose(*numbers, rtol=1e-3, atol=1e-7, err_msg=case.name)
    return True


@pytest.mark.parametrize("change", [lambda model: model, with_symbols], ids=["static", "dynamic"])
def test_onnx_node_cases(change, tool, tmp_path):
    cases = node_cases()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        def check(case):
            (tmp_path / case.name).mkdir()
            return compare(tool, case, change(case.model), tmp_path / case.name)

        imported = sum(pool.map(check, cases))
    assert imported >= 130


def test_magika(tool, tmp_path):
    [path] = pathlib.Path(magika.__file__).parent.rglob("standard_*/model.onnx")
    x = np.random.default_rng(0).integers(0, 257, (2, 2048), dtype=np.int32)
    [result] = run(tool, onnx.load(path), [x], tmp_path / "m")
    [expected] = onnxruntime.InferenceSession(path).run(None, {"bytes": x})
    np.testing.assert_allclose(np.load(result), expected, atol=1e-6)

    text = (tmp_path / "m" / "m.mlir").read_text()
    assert "-> (tensor<?x214xf32>" in text
    assert text.count("tensor.dim") == 1
    for shape_op in ("mlc.shape_of", "mlc.concat", "mlc.from_elements", "xi64>"):
        assert shape_op not in text


def test_dims_without_a_name(tool, tmp_path):
    """Exporters call open dims "?" where they mean that nothing is known; two such dims need not be equal."""
    value = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Relu", ["x"], ["y"])],
        "g",
        [value("x", onnx.TensorProto.FLOAT, ["?", 3, "?", "-1"])],
        [value("y", onnx.TensorProto.FLOAT, None)],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 20)])
    x = np.random.default_rng(0).standard_normal((1, 3, 2, 5)).astype(np.float32)
    [result] = run(tool, model, [x], tmp_path / "m")
    np.testing.assert_array_equal(np.load(result), np.maximum(x, 0))
    assert '#mlc.dims<"x_0", "3", "x_2", "x_3">' in (tmp_path / "m" / "m.mlir").read_text()
