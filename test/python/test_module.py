"""`import mlc`: what it takes and yields, and the words of its errors."""

import pickle
import subprocess
import sys

import ml_dtypes
import mlc
import numpy as np
import pytest
from onnx import TensorProto, helper


def make_model(nodes, inputs, outputs):
    def infos(items):
        return [helper.make_tensor_value_info(name, dtype, shape) for name, dtype, shape in items]

    graph = helper.make_graph(nodes, "small", infos(inputs), infos(outputs))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


@pytest.fixture(scope="module")
def model():
    """sum = a + b, product = a * b."""
    nodes = [helper.make_node("Add", ["a", "b"], ["sum"]), helper.make_node("Mul", ["a", "b"], ["product"])]
    signature = [(name, TensorProto.FLOAT, ["n", 3]) for name in ("a", "b", "sum", "product")]
    return make_model(nodes, signature[:2], signature[2:])


@pytest.fixture(scope="module")
def module(model):
    return mlc.compile(model)


@pytest.fixture(scope="module")
def artifact(module, tmp_path_factory):
    path = tmp_path_factory.mktemp("module") / "small.so"
    module.save(path)
    return path


@pytest.fixture
def feeds():
    a = np.arange(12, dtype=np.float32).reshape(4, 3)
    return {"a": a, "b": a[::-1] + 1}


def check(outputs, feeds):
    assert list(outputs) == ["sum", "product"]
    np.testing.assert_array_equal(outputs["sum"], feeds["a"] + feeds["b"])
    np.testing.assert_array_equal(outputs["product"], feeds["a"] * feeds["b"])


def test_signature(module):
    assert module.inputs == [mlc.TensorSpec(name, np.dtype("f4"), ("n", 3)) for name in ("a", "b")]
    assert [spec.name for spec in module.outputs] == ["sum", "product"]
    assert repr(module) == (
        "mlc.Module((a: float32[n, 3], b: float32[n, 3]) -> (sum: float32[n, 3], product: float32[n, 3]))"
    )
    assert module.threads >= 1 and module.level.startswith("x86-64")


def test_models_from_anywhere(model, feeds, tmp_path):
    (tmp_path / "small.onnx").write_bytes(model.SerializeToString())
    for source in (model, model.SerializeToString(), tmp_path / "small.onnx", str(tmp_path / "small.onnx")):
        check(mlc.compile(source).run(feeds), feeds)
    with pytest.raises(TypeError, match="model is of type int; allowed: a path, bytes, or an onnx.ModelProto"):
        mlc.compile(1)


def test_outputs_stay_when_the_module_runs_again_and_goes(model, feeds):
    module = mlc.compile(model)
    first = module.run(feeds)
    module.run({"a": feeds["b"] * 7, "b": feeds["b"]})
    del module
    check(first, feeds)


def test_positional_call(module, feeds):
    total, product = module(feeds["a"], feeds["b"])
    check({"sum": total, "product": product}, feeds)
    with pytest.raises(mlc.InputError, match='^found 1 inputs, expected 2: "a", "b"$'):
        module(feeds["a"])


class Dlpack:
    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **options):
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


class Interface:
    def __init__(self, array):
        self.array, self.__array_interface__ = array, array.__array_interface__


@pytest.mark.parametrize("wrap", [Dlpack, Interface, np.asfortranarray, np.ascontiguousarray])
def test_inputs_of_other_kinds(module, feeds, wrap):
    check(module.run({name: wrap(value) for name, value in feeds.items()}), feeds)


def test_given_outputs(module, feeds):
    out = {"product": np.empty((4, 6), np.float32)[:, ::2]}
    outputs = module.run(feeds, out=out)
    assert outputs["product"] is out["product"]
    check(outputs, feeds)
    frozen = np.empty((4, 3), np.float32)
    frozen.flags.writeable = False
    for wrong, words in (
        ({"nothing": frozen}, 'the module has no output "nothing"; allowed: "sum", "product"'),
        ({"sum": frozen}, 'output "sum" must be a writable NumPy array'),
        ({"sum": np.empty((4, 2), np.float32)}, 'output "sum"'),
        ({"sum": np.empty((4, 3), np.float64)}, 'output "sum"'),
    ):
        with pytest.raises(mlc.InputError, match=words):
            module.run(feeds, out=wrong)


@pytest.mark.parametrize(
    "change, words",
    [
        ({"a": None}, 'input "a" is of type NoneType; allowed: a NumPy array, or what has __dlpack__'),
        ({"a": np.zeros((4, 3), np.int32)}, 'input "a" has type i32, must be f32'),
        ({"a": np.zeros((4, 3), np.complex64)}, '"a" has dtype complex64; allowed: float32'),
        ({"a": np.zeros((4, 3), ">f4")}, '"a" has dtype >f4; allowed: float32'),
        ({"a": np.zeros((4, 2), np.float32)}, 'input "a": dim 1 is 2, must be 3'),
        ({"a": np.zeros(3, np.float32)}, 'input "a" has rank 1, must be 2'),
        ({"a": np.zeros((5, 3), np.float32)}, 'input "b": dim 0 .* is 4'),
        ({"c": np.zeros((4, 3), np.float32)}, 'there is no input "c"; the module\'s inputs are "a", "b"'),
    ],
)
def test_wrong_inputs(module, feeds, change, words):
    with pytest.raises(mlc.InputError, match=words):
        module.run(feeds | change)


def test_missing_input(module, feeds):
    with pytest.raises(mlc.InputError, match='input "b" is missing; the module\'s inputs are "a", "b"'):
        module.run({"a": feeds["a"]})


def test_wrong_files(artifact, tmp_path):
    damaged = tmp_path / "damaged.so"
    data = bytearray(artifact.read_bytes())
    (tmp_path / "text.so").write_text("text" * 100)
    damaged.write_bytes(data[: len(data) // 2])
    for path, words in (
        (tmp_path / "absent.so", "cannot read it: No such file or directory"),
        (tmp_path / "text.so", "not an mlc artifact: the file is no ELF shared object"),
        (damaged, "damaged.so"),
    ):
        with pytest.raises(mlc.LoadError, match=words):
            mlc.load(path)


def test_wrong_loading(artifact):
    with pytest.raises(mlc.Error, match='there is no level "v9"; the artifact has x86-64-v'):
        mlc.load(artifact, level="v9")
    with pytest.raises(mlc.Error, match="there are -1 threads"):
        mlc.load(artifact, threads=-1)


def test_compile_errors(model):
    unknown = make_model(
        [helper.make_node("Nothing", ["x"], ["y"], name="here")],
        [("x", TensorProto.FLOAT, [2])],
        [("y", TensorProto.FLOAT, [2])],
    )
    with pytest.raises(mlc.CompileError, match="Nothing") as caught:
        mlc.compile(unknown)
    diagnostic = caught.value.diagnostics[0]
    assert diagnostic.severity == "error" and "Nothing" in diagnostic.message
    assert str(diagnostic) in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).diagnostics == caught.value.diagnostics
    for options, words in (
        ({"nothing": 1}, 'unknown option "nothing"; allowed: '),
        ({"stop_after": "nothing"}, 'unknown stage "nothing"; allowed: import, '),
        ({"target": "nothing"}, 'unknown target "nothing"; allowed: cpu, '),
        ({"dims": {"m": 4}}, 'the model has no dim "m"'),
    ):
        with pytest.raises(mlc.CompileError, match=words):
            mlc.compile(model, **options)


def test_sizes_and_stages(model):
    assert mlc.compile(model, dims={"n": 4}).inputs[0].shape == (4, 3)
    assert mlc.compile(model, shapes={"a": [4, 3], "b": [4, 3]}).inputs[0].shape == (4, 3)
    assert "mlc.add" in mlc.compile(model, stop_after="import")


def test_saving_replaces(module, artifact, feeds, tmp_path):
    path = tmp_path / "saved.so"
    path.write_text("old")
    module.save(path)
    loaded = mlc.load(path, threads=1, verify=True)
    check(loaded.run(feeds), feeds)
    loaded.save(tmp_path / "again.so")
    assert path.read_bytes() == artifact.read_bytes() == (tmp_path / "again.so").read_bytes()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["again.so", "saved.so"]
    with pytest.raises(OSError):
        module.save(tmp_path / "absent" / "saved.so")


def test_files_do_not_pass_for_each_other(artifact, feeds, tmp_path):
    """The numbers of closed files are given to others while what was loaded through them stays."""
    signature = [(name, TensorProto.FLOAT, [2]) for name in ("x", "y")]
    other = make_model([helper.make_node("Neg", ["x"], ["y"])], signature[:1], signature[1:])
    mlc.compile(other, output=tmp_path / "other.so")
    kept = mlc.load(artifact)
    for _ in range(3):
        mlc.load(artifact)
        np.testing.assert_array_equal(mlc.load(tmp_path / "other.so")(np.ones(2, np.float32)), [-1, -1])
    check(kept.run(feeds), feeds)


def test_bfloat16():
    signature = [(name, TensorProto.BFLOAT16, [4]) for name in ("x", "y")]
    module = mlc.compile(make_model([helper.make_node("Neg", ["x"], ["y"])], signature[:1], signature[1:]))
    x = np.array([0, 1, -2.5, np.inf], ml_dtypes.bfloat16)
    assert module.inputs[0].dtype == x.dtype
    y = module(x)
    assert y.dtype == x.dtype
    np.testing.assert_array_equal(y, -x)


def test_scalars_and_empty_tensors(module):
    empty = np.zeros((0, 3), np.float32)
    check(module.run({"a": empty, "b": empty}), {"a": empty, "b": empty})
    signature = [(name, TensorProto.INT64, []) for name in ("x", "y")]
    scalar = mlc.compile(make_model([helper.make_node("Abs", ["x"], ["y"])], signature[:1], signature[1:]))
    for value in (np.int64(-3), np.array(-3)):
        y = scalar(value)
        assert y.shape == () and y == 3


def test_session_of_another_library(model, artifact, feeds):
    for source in (model, artifact, mlc.load(artifact)):
        session = mlc.InferenceSession(source)
        assert [spec.name for spec in session.get_inputs()] == ["a", "b"]
        assert [spec.name for spec in session.get_outputs()] == ["sum", "product"]
        total, product = session.run(None, feeds)
        check({"sum": total, "product": product}, feeds)
        np.testing.assert_array_equal(session.run(["product"], feeds)[0], product)
        with pytest.raises(mlc.InputError, match='the module has no output "x"; allowed: "sum", "product"'):
            session.run(["x"], feeds)


MAPPED = """
import sys, mlc, numpy as np
a = np.ones((2, 3), np.float32)
mlc.load(sys.argv[1]).run({"a": a, "b": a})
print(open("/proc/self/maps").read())
"""


def test_running_maps_no_compiler(artifact):
    done = subprocess.run([sys.executable, "-c", MAPPED, artifact], capture_output=True, text=True, check=True)
    assert "libmlc_runtime" in done.stdout
    for library in ("libMLIR", "libLLVM", "libmlc_compiler"):
        assert library not in done.stdout


def test_command_line_opens_no_compiler(build_root, artifact):
    command = [build_root / "bin" / "mlc", "run", artifact, "--random", "0", "--shape", "a=2x3", "--shape", "b=2x3"]
    done = subprocess.run(command, capture_output=True, text=True, env={"LD_DEBUG": "libs"})
    assert done.returncode == 0, done.stderr
    assert "libmlc_runtime" in done.stderr
    for library in ("libMLIR", "libLLVM", "libmlc_compiler"):
        assert library not in done.stderr
