"""ONNX ops that read, write, order and cut by indices, at sizes that the artifact does not know; onnxruntime is the
oracle."""

import itertools

import mlc
import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

random = np.random.default_rng(0)


def model(op, attributes, opset, inputs, constants, num_outputs=1):
    """One node; `inputs` maps names to element type and dims, `constants` names to arrays. Inputs are in the order of
    their numbers; one whose name ends in "_" is absent."""
    names = list(inputs) + list(constants)
    order = sorted(names, key=lambda name: int(name[1:].rstrip("_")))
    outputs = [f"y{i}" for i in range(num_outputs)]
    node = helper.make_node(op, ["" if "_" in n else n for n in order], outputs, name="the_node", **attributes)
    graph = helper.make_graph(
        [node],
        "g",
        [helper.make_tensor_value_info(n, t, dims) for n, (t, dims) in inputs.items()],
        [helper.ValueInfoProto(name=n) for n in outputs],
        [numpy_helper.from_array(a, n) for n, a in constants.items() if "_" not in n],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)
    return made


def check(made, runs, folder, tolerance=2e-6):
    module = mlc.compile(made, output=folder / "m.so", threads=2)
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    for feeds in runs:
        label = str({n: a.shape for n, a in feeds.items()})
        results = list(module.run(feeds).values())
        for actual, expected in zip(results, session.run(None, feeds)):
            assert actual.shape == expected.shape and actual.dtype == expected.dtype, label
            if expected.dtype.kind != "f":
                np.testing.assert_array_equal(actual, expected, err_msg=label)
                continue
            scale = max(np.max(np.abs(expected), initial=0), 1)
            np.testing.assert_allclose(actual.astype("f8"), expected.astype("f8"), rtol=0, atol=tolerance * scale, err_msg=label)


F32, F16, I64, I32, BOOL = TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.INT64, TensorProto.INT32, TensorProto.BOOL


def floats(*shape):
    return random.standard_normal(shape).astype(np.float32)


def indices(size, *shape):
    return random.integers(-size, size, shape)


@pytest.mark.parametrize("axis, kind", list(itertools.product((0, 1, -1), (I64, I32))))
def test_gather(axis, kind, tmp_path):
    made = model("Gather", {"axis": axis}, 13, {"x0": (F32, ["a", "b", "c"]), "x1": (kind, ["n", "m"])}, {})
    dtype = helper.tensor_dtype_to_np_dtype(kind)
    runs = [{"x0": floats(*s), "x1": indices(s[axis], *t).astype(dtype)} for s, t in (((5, 7, 33), (2, 3)), ((1, 2, 64), (4, 1)), ((3, 4, 5), (0, 3)))]
    check(made, runs, tmp_path)


def test_gather_elements_and_nd(tmp_path):
    for axis in (0, 1):
        made = model("GatherElements", {"axis": axis}, 13, {"x0": (F32, ["a", "b"]), "x1": (I64, ["n", "m"])}, {})
        check(made, [{"x0": floats(6, 9), "x1": indices((6, 9)[axis], 4, 5)}, {"x0": floats(2, 3), "x1": indices(2, 2, 3)}], tmp_path)
    made = model("GatherND", {"batch_dims": 1}, 13, {"x0": (F32, ["b", "n", "c"]), "x1": (I64, ["b", "m", 1])}, {})
    check(made, [{"x0": floats(2, 5, 17), "x1": indices(5, 2, 3, 1)}, {"x0": floats(1, 1, 4), "x1": indices(1, 1, 9, 1)}], tmp_path)


def test_an_index_out_of_range_names_the_node(tmp_path):
    made = model("Gather", {}, 13, {"x0": (F32, ["a", 3]), "x1": (I64, ["n"])}, {})
    module = mlc.compile(made, output=tmp_path / "m.so")
    for bad in (4, -5):
        with pytest.raises(mlc.Error, match='node "the_node": an index is out of range'):
            module.run({"x0": floats(4, 3), "x1": np.array([0, bad])})


@pytest.mark.parametrize("reduction", ["none", "add", "mul", "min", "max"])
def test_scatter(reduction, tmp_path):
    def unique(size, rows, columns):
        return np.stack([random.permutation(size)[:columns] for _ in range(rows)])

    made = model("ScatterElements", {"axis": 1, "reduction": reduction}, 18, {"x0": (F32, ["a", "b"]), "x1": (I64, ["n", "m"]), "x2": (F32, ["n", "m"])}, {})
    check(made, [{"x0": floats(a, b), "x1": unique(b, n, m), "x2": floats(n, m)} for a, b, n, m in ((4, 9, 3, 5), (1, 1, 1, 1))], tmp_path)
    made = model("ScatterND", {"reduction": reduction}, 18, {"x0": (F32, ["a", "b"]), "x1": (I64, ["n", 1]), "x2": (F32, ["n", "b"])}, {})
    check(made, [{"x0": floats(8, b), "x1": random.permutation(8)[:n, None], "x2": floats(n, b)} for b, n in ((33, 4), (1, 8), (5, 0))], tmp_path)


@pytest.mark.parametrize("mode", ["constant", "edge", "reflect", "wrap"])
def test_pad(mode, tmp_path):
    for pads in ([1, 2, 3, 0], [0, 3, 0, 1], [2, 0, 0, 0]):
        made = model("Pad", {"mode": mode}, 19, {"x0": (F32, ["a", "b"])}, {"x1": np.array(pads)})
        check(made, [{"x0": floats(*s)} for s in ((4, 5), (7, 33), (5, 4))], tmp_path)
    if mode == "constant":
        made = model("Pad", {}, 19, {"x0": (F32, ["a", "b"]), "x1": (I64, [2])}, {"x2": np.float32(7), "x3": np.array([-1])})
        check(made, [{"x0": floats(4, 5), "x1": np.array(p)} for p in ([1, 2], [0, 0], [-1, 2])], tmp_path)


def test_split_and_tile(tmp_path):
    made = model("Split", {"axis": 1}, 13, {"x0": (F32, ["a", "b"])}, {}, 2)
    check(made, [{"x0": floats(3, 8)}, {"x0": floats(1, 34)}], tmp_path)
    made = model("Split", {"axis": 0, "num_outputs": 3}, 18, {"x0": (F32, ["a", 5])}, {}, 3)
    check(made, [{"x0": floats(7, 5)}, {"x0": floats(3, 5)}], tmp_path)
    made = model("Split", {"axis": -1}, 13, {"x0": (F32, [3, "b"])}, {"x1": np.array([2, 3])}, 2)
    check(made, [{"x0": floats(3, 5)}], tmp_path)
    made = model("Tile", {}, 13, {"x0": (F32, ["a", "b"]), "x1": (I64, [2])}, {})
    check(made, [{"x0": floats(3, 5), "x1": np.array(r)} for r in ([1, 1], [2, 3], [4, 1], [0, 2])], tmp_path)


@pytest.mark.parametrize("kind", [F32, I64, I32, TensorProto.DOUBLE])
def test_range(kind, tmp_path):
    made = model("Range", {}, 11, {f"x{i}": (kind, []) for i in range(3)}, {})
    dtype = helper.tensor_dtype_to_np_dtype(kind)
    runs = [{f"x{i}": np.array(v, dtype) for i, v in enumerate(r)} for r in ((0, 10, 1), (5, -4, -2), (3, 3, 1), (1, 20, 3), (4, 0, 1))]
    check(made, runs, tmp_path)


def test_triangles_and_one_hot(tmp_path):
    for upper, k in itertools.product((0, 1), (-2, 0, 3)):
        made = model("Trilu", {"upper": upper}, 14, {"x0": (F32, ["n", "a", "b"])}, {"x1": np.array(k)})
        check(made, [{"x0": floats(2, 5, 7)}, {"x0": floats(1, 20, 3)}], tmp_path)
    for axis in (-1, 0, 1):
        made = model("OneHot", {"axis": axis}, 11, {"x0": (I64, ["n", "m"]), "x1": (I64, [])}, {"x2": np.float32([-1, 2])})
        check(made, [{"x0": random.integers(-7, 7, (3, 5)), "x1": np.array(6)}], tmp_path)


@pytest.mark.parametrize("largest, k", list(itertools.product((0, 1), (1, 3, 9))))
def test_top_k(largest, k, tmp_path):
    for axis in (0, 1):
        made = model("TopK", {"axis": axis, "largest": largest}, 11, {"x0": (F32, ["a", "b"]), "x1": (I64, [1])}, {}, 2)
        check(made, [{"x0": floats(*s), "x1": np.array([k])} for s in ((9, 12), (40, 9))], tmp_path)


def test_top_k_of_equal_elements_and_too_many(tmp_path):
    made = model("TopK", {}, 11, {"x0": (I64, ["n"]), "x1": (I64, [1])}, {}, 2)
    check(made, [{"x0": random.integers(0, 3, 50), "x1": np.array([20])}], tmp_path)
    module = mlc.compile(made, output=tmp_path / "m.so")
    with pytest.raises(mlc.Error, match='node "the_node": k is larger than the axis'):
        module.run({"x0": np.arange(4), "x1": np.array([5])})


@pytest.mark.parametrize("op, last", list(itertools.product(("ArgMax", "ArgMin"), (0, 1))))
def test_arg_extrema(op, last, tmp_path):
    for axis, keep in ((0, 0), (1, 1), (2, 0)):
        made = model(op, {"axis": axis, "keepdims": keep, "select_last_index": last}, 13, {"x0": (F32, ["a", "b", "c"])}, {})
        check(made, [{"x0": random.integers(0, 4, s).astype(np.float32)} for s in ((3, 5, 33), (1, 1, 7))], tmp_path)


@pytest.mark.parametrize("exclusive, reverse", list(itertools.product((0, 1), (0, 1))))
def test_cumsum(exclusive, reverse, tmp_path):
    for axis in (0, 1):
        made = model("CumSum", {"exclusive": exclusive, "reverse": reverse}, 14, {"x0": (F32, ["a", "b"])}, {"x1": np.array(axis)})
        check(made, [{"x0": floats(*s)} for s in ((5, 70), (33, 1), (2, 0))], tmp_path)


def test_sizes_that_depend_on_the_data(tmp_path):
    made = model("NonZero", {}, 13, {"x0": (F32, ["a", "b", "c"])}, {})
    check(made, [{"x0": random.integers(0, 2, s).astype(np.float32)} for s in ((3, 4, 5), (1, 1, 1), (2, 9, 30), (0, 2, 2))], tmp_path)
    check(made, [{"x0": np.zeros((3, 2, 2), np.float32)}], tmp_path)
    made = model("Compress", {"axis": 1}, 11, {"x0": (F32, ["a", "b"]), "x1": (BOOL, ["n"])}, {})
    check(made, [{"x0": floats(3, 5), "x1": np.array([1, 0, 1, 1], bool)}, {"x0": floats(1, 2), "x1": np.zeros(2, bool)}], tmp_path)
    for is_sorted in (0, 1):
        made = model("Unique", {"sorted": is_sorted}, 11, {"x0": (I64, ["n"])}, {}, 4)
        check(made, [{"x0": random.integers(0, 9, n)} for n in (30, 1, 8)], tmp_path)


RESIZES = [
    ({"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}, [1, 1, 2, 2]),
    ({"mode": "nearest", "coordinate_transformation_mode": "half_pixel", "nearest_mode": "round_prefer_ceil"}, [1, 1, 1.5, 0.5]),
    ({"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "ceil"}, [1, 1, 0.6, 3]),
    ({"mode": "linear", "coordinate_transformation_mode": "half_pixel"}, [1, 1, 2, 3]),
    ({"mode": "linear", "coordinate_transformation_mode": "pytorch_half_pixel"}, [1, 1, 0.5, 2.5]),
    ({"mode": "linear", "coordinate_transformation_mode": "align_corners"}, [1, 1, 2, 2]),
    ({"mode": "linear", "coordinate_transformation_mode": "asymmetric"}, [1, 1, 1, 2]),
    ({"mode": "cubic", "coordinate_transformation_mode": "half_pixel"}, [1, 1, 2, 1.5]),
    ({"mode": "cubic", "coordinate_transformation_mode": "half_pixel", "cubic_coeff_a": -0.5, "exclude_outside": 1}, [1, 1, 2, 2]),
]


@pytest.mark.parametrize("attributes, scales", RESIZES)
def test_resize(attributes, scales, tmp_path):
    dims = {"x0": (F32, ["n", 3, "h", "w"])}
    made = model("Resize", attributes, 13, dims, {"x1": np.zeros(0, np.float32), "x2": np.float32(scales)})
    check(made, [{"x0": floats(*s)} for s in ((1, 3, 6, 10), (2, 3, 20, 4))], tmp_path, 5e-6)
    made = model("Resize", attributes, 13, {**dims, "x3": (I64, [4])}, {"x1": np.zeros(0, np.float32), "x2_": np.zeros(0, np.float32)})
    runs = [{"x0": floats(1, 3, 6, 10), "x3": np.array([1, 3, h, w])} for h, w in ((12, 20), (3, 5), (6, 10))]
    check(made, runs, tmp_path, 5e-6)


@pytest.mark.parametrize("mode, padding, align", list(itertools.product(("linear", "nearest", "cubic"), ("zeros", "border", "reflection"), (0, 1))))
def test_grid_sample(mode, padding, align, tmp_path):
    made = model("GridSample", {"mode": mode, "padding_mode": padding, "align_corners": align}, 20, {"x0": (F32, ["n", "c", "h", "w"]), "x1": (F32, ["n", "p", "q", 2])}, {})
    runs = [{"x0": floats(n, c, h, w), "x1": random.uniform(-1.4, 1.4, (n, p, q, 2)).astype(np.float32)} for n, c, h, w, p, q in ((1, 3, 6, 10, 4, 17), (2, 1, 3, 3, 1, 5))]
    check(made, runs, tmp_path, 2e-5)


def test_rearrangements(tmp_path):
    for mode in ("DCR", "CRD"):
        made = model("DepthToSpace", {"blocksize": 2, "mode": mode}, 13, {"x0": (F32, ["n", 8, "h", "w"])}, {})
        check(made, [{"x0": floats(2, 8, 3, 5)}], tmp_path)
    made = model("SpaceToDepth", {"blocksize": 2}, 13, {"x0": (F32, ["n", 3, "h", "w"])}, {})
    check(made, [{"x0": floats(2, 3, 4, 6)}], tmp_path)
    made = model("ReverseSequence", {"time_axis": 1, "batch_axis": 0}, 10, {"x0": (F32, ["b", "t", "c"]), "x1": (I64, ["b"])}, {})
    check(made, [{"x0": floats(3, 5, 4), "x1": np.array([1, 5, 3])}], tmp_path)


ELEMENTS = [np.float32, np.float64, np.float16, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64, np.bool_]


@pytest.mark.parametrize("dtype", ELEMENTS)
def test_every_element_type_moves(dtype, tmp_path):
    """NumPy is the oracle: onnxruntime does not have all types."""
    x = random.integers(0, 2 if dtype is np.bool_ else 100, (5, 19)).astype(dtype)
    at, kind = np.array([4, 0, -1]), helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    cases = {
        "Gather": (13, {"x1": (I64, ["n"])}, {"x1": at}, x[at]),
        "Tile": (13, {"x1": (I64, [2])}, {"x1": np.array([2, 3])}, np.tile(x, (2, 3))),
        "Pad": (21, {"x1": (I64, [4])}, {"x1": np.array([1, 0, 0, 2])}, np.pad(x, ((1, 0), (0, 2)))),
        "ScatterND": (18, {"x1": (I64, ["n", 1]), "x2": (kind, ["n", "b"])}, {"x1": at[:, None], "x2": x[:3]}, None),
        "NonZero": (13, {}, {}, np.stack(np.nonzero(x))),
    }
    for op, (opset, inputs, feeds, expected) in cases.items():
        if expected is None:
            expected = x.copy()
            expected[at] = x[:3]
        made = model(op, {}, opset, {"x0": (kind, ["a", "b"]), **inputs}, {})
        [actual] = mlc.compile(made, output=tmp_path / "m.so").run({"x0": x, **feeds}).values()
        np.testing.assert_array_equal(actual, expected, err_msg=op)
