"""Convolutions and pools of ONNX in every form, compiled and run; onnxruntime or onnx's evaluator as the oracle."""


import ml_dtypes
import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

import mlc

TYPES = {
    "f32": (np.float32, 2e-5),
    "f64": (np.float64, 1e-12),
    "f16": (np.float16, 4e-3),
    "bf16": (ml_dtypes.bfloat16, 3e-2),
}


def make(op, inputs, weights, outputs=1, opset=21, **attributes):
    """A model of one node. `inputs` are shapes with a dtype, `weights` arrays that follow them."""
    names = [f"x{i}" for i in range(len(inputs))] + [f"w{i}" for i in range(len(weights))]
    node = helper.make_node(op, names, [f"y{i}" for i in range(outputs)], name="node", **attributes)
    values = [helper.make_tensor_value_info(f"x{i}", helper.np_dtype_to_tensor_dtype(np.dtype(d)), s) for i, (s, d) in enumerate(inputs)]
    results = [helper.make_empty_tensor_value_info(f"y{i}") for i in range(outputs)]
    initializers = [numpy_helper.from_array(w, f"w{i}") for i, w in enumerate(weights)]
    graph = helper.make_graph([node], "g", values, results, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)
    return onnx.shape_inference.infer_shapes(model)


def oracle(model, arrays):
    """onnxruntime where it has the op in the type, else onnx's evaluator in f64."""
    feeds = {f"x{i}": a for i, a in enumerate(arrays)}
    try:
        return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, feeds)
    except Exception as error:
        if "NOT_IMPLEMENTED" not in str(error) and "bfloat16" not in str(error):
            raise
    return None


def draw(random, shape, dtype):
    if np.issubdtype(np.dtype(dtype), np.integer):
        return random.integers(0, 9, shape).astype(dtype)
    return random.uniform(-1, 1, shape).astype(dtype)


def check(model, arrays, tolerance, expected=None, compiled=None):
    expected = expected if expected is not None else oracle(model, arrays)
    compiled = compiled or mlc.compile(model)
    actual = compiled.run({f"x{i}": a for i, a in enumerate(arrays)})
    for (name, result), wanted in zip(actual.items(), expected):
        assert result.shape == wanted.shape and result.dtype == wanted.dtype, name
        wide = result.astype(np.float64), wanted.astype(np.float64)
        scale = np.abs(wide[1][np.isfinite(wide[1])]).max(initial=0)
        np.testing.assert_allclose(*wide, rtol=tolerance, atol=tolerance * (1 + scale), err_msg=name)


@pytest.fixture
def random():
    return np.random.default_rng(3)


# x, w, attributes
CONVOLUTIONS = [
    ((2, 3, 9), (4, 3, 3), dict(strides=[2], pads=[1, 2])),
    ((1, 3, 11, 12), (5, 3, 3, 2), dict(strides=[2, 1], dilations=[1, 2], pads=[1, 0, 2, 1])),
    ((2, 4, 5, 6, 7), (6, 2, 2, 3, 2), dict(group=2, pads=[1, 1, 0, 0, 1, 1])),
    ((1, 8, 13, 11), (8, 1, 3, 3), dict(group=8, pads=[1, 1, 1, 1])),
    ((1, 8, 13, 11), (8, 1, 5, 5), dict(group=8, pads=[2, 2, 2, 2], strides=[2, 2])),
    ((2, 5, 12, 9), (15, 1, 3, 3), dict(group=5, strides=[2, 1], dilations=[2, 1], pads=[2, 1, 2, 1])),
    ((1, 16, 7, 7), (64, 4, 3, 3), dict(group=4, pads=[1, 1, 1, 1])),
    ((1, 64, 5, 9), (64, 2, 3, 3), dict(group=32, pads=[1, 1, 1, 1])),
    ((1, 12, 5, 9), (18, 2, 1, 3), dict(group=6)),
    ((1, 3, 10, 11), (7, 3, 3, 3), dict(auto_pad="SAME_UPPER", strides=[2, 2])),
    ((1, 3, 10, 11), (7, 3, 4, 2), dict(auto_pad="SAME_LOWER", strides=[2, 3])),
    ((1, 3, 10, 11), (7, 3, 4, 2), dict(auto_pad="VALID", strides=[2, 3])),
    ((2, 8, 1, 1), (33, 8, 1, 1), dict()),
]


def symbolic(shape):
    return ["n", shape[1], *(f"s{i}" for i in range(len(shape) - 2))]


def reference_conv(x, w, bias, dtype, attributes):
    wide = [a.astype(np.float64) for a in (x, w, bias)]
    model = make("Conv", [(a.shape, np.float64) for a in wide], [], **attributes)
    return [ReferenceEvaluator(model).run(None, {f"x{i}": a for i, a in enumerate(wide)})[0].astype(dtype)]


@pytest.mark.parametrize("number", range(len(CONVOLUTIONS)))
@pytest.mark.parametrize("form", ["static", "dynamic", "weights of run time"])
def test_conv(number, form, random):
    shape, filters, attributes = CONVOLUTIONS[number]
    x, w, bias = (draw(random, s, np.float32) for s in (shape, filters, filters[:1]))
    if form == "weights of run time":
        check(make("Conv", [(symbolic(shape), x.dtype), (w.shape, w.dtype), (bias.shape, w.dtype)], [], **attributes), [x, w, bias], 2e-5)
        return
    model = make("Conv", [(symbolic(shape) if form == "dynamic" else shape, x.dtype)], [w, bias], **attributes)
    compiled = mlc.compile(model)
    check(model, [x], 2e-5, compiled=compiled)
    if form == "dynamic":
        for batch, more in ((3, 1), (1, 40)):
            check(model, [draw(random, (batch, shape[1], *(s + more for s in shape[2:])), x.dtype)], 2e-5, compiled=compiled)
        assert compiled.run({"x0": x[:0]})["y0"].shape[0] == 0


@pytest.mark.parametrize("kind", ["f64", "f16", "bf16"])
def test_conv_of_other_types(kind, random):
    dtype, tolerance = TYPES[kind]
    for shape, filters, attributes in (CONVOLUTIONS[i] for i in (1, 3, 5, 7)):
        x, w, bias = (draw(random, s, dtype) for s in (shape, filters, filters[:1]))
        model = make("Conv", [(shape, dtype)], [w, bias], opset=22, **attributes)
        check(model, [x], tolerance, reference_conv(x, w, bias, dtype, attributes))


@pytest.mark.parametrize("zeros", ["none", "scalars", "per column"])
def test_conv_integer(zeros, random):
    x = random.integers(0, 255, (2, 3, 9, 8)).astype(np.uint8)
    w = random.integers(-9, 9, (5, 3, 3, 3)).astype(np.int8 if zeros != "scalars" else np.uint8)
    more = {"none": [], "scalars": [np.uint8(7), np.uint8(3)], "per column": [np.uint8(7), np.arange(5, dtype=np.int8)]}[zeros]
    model = make("ConvInteger", [(x.shape, x.dtype)], [w, *map(np.asarray, more)], pads=[1, 1, 1, 1])
    shift = (more[1].astype(np.int64).reshape(-1, 1, 1, 1) if zeros == "per column" else int(more[1])) if more else 0
    wide = x.astype(np.int64) - (int(more[0]) if more else 0), w.astype(np.int64) - shift
    attributes = dict(pads=[1, 1, 1, 1])
    expected = [np.rint(reference_conv(*wide, np.zeros(5), np.float64, attributes)[0]).astype(np.int32)]
    check(model, [x], 0, expected)


TRANSPOSED = [
    ((2, 3, 6), (3, 4, 3), dict(strides=[2], pads=[1, 0])),
    ((1, 3, 5, 6), (3, 4, 3, 3), dict()),
    ((1, 3, 5, 6), (3, 4, 3, 2), dict(strides=[3, 2], output_padding=[1, 1], pads=[1, 0, 0, 1])),
    ((1, 4, 5, 6), (4, 3, 3, 3), dict(strides=[2, 2], dilations=[2, 1], group=2, pads=[1, 1, 1, 1])),
    ((1, 4, 5, 6), (4, 1, 4, 4), dict(strides=[2, 2], group=4, pads=[1, 1, 1, 1])),
    ((2, 8, 7, 5), (8, 6, 2, 2), dict(strides=[2, 2])),
    ((1, 3, 5, 6), (3, 2, 3, 3), dict(strides=[3, 2], output_shape=[10, 8])),
    ((1, 3, 5, 6), (3, 2, 3, 3), dict(strides=[3, 2], auto_pad="SAME_UPPER")),
    ((1, 3, 5, 6), (3, 2, 4, 3), dict(strides=[2, 2], auto_pad="SAME_LOWER")),
    ((1, 2, 3, 4, 5), (2, 2, 2, 3, 2), dict(strides=[1, 2, 3])),
    ((1, 3, 4, 4), (3, 2, 1, 1), dict(strides=[3, 3], output_padding=[2, 0])),
]


@pytest.mark.parametrize("number", range(len(TRANSPOSED)))
@pytest.mark.parametrize("form", ["static", "dynamic", "weights of run time"])
def test_conv_transpose(number, form, random):
    shape, filters, attributes = TRANSPOSED[number]
    columns = filters[1] * attributes.get("group", 1)
    x, w, bias = (draw(random, s, np.float32) for s in (shape, filters, (columns,)))
    if form == "weights of run time":
        check(make("ConvTranspose", [(shape, x.dtype), (w.shape, w.dtype), (bias.shape, w.dtype)], [], **attributes), [x, w, bias], 2e-5)
        return
    if form == "dynamic" and "output_shape" in attributes:
        attributes = {k: v for k, v in attributes.items() if k != "output_shape"}
    model = make("ConvTranspose", [(symbolic(shape) if form == "dynamic" else shape, x.dtype)], [w, bias], **attributes)
    compiled = mlc.compile(model)
    check(model, [x], 2e-5, compiled=compiled)
    if form == "dynamic":
        check(model, [draw(random, (2, shape[1], *(s + 11 for s in shape[2:])), x.dtype)], 2e-5, compiled=compiled)


POOLS = [
    ((2, 3, 9), dict(kernel_shape=[3], strides=[2], pads=[1, 1])),
    ((1, 3, 11, 12), dict(kernel_shape=[3, 2], strides=[2, 1], pads=[1, 0, 2, 1])),
    ((1, 20, 11, 12), dict(kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], ceil_mode=1)),
    ((1, 3, 11, 12), dict(kernel_shape=[3, 3], strides=[3, 3], pads=[1, 1, 1, 1], ceil_mode=1)),
    ((1, 3, 6, 6), dict(kernel_shape=[2, 2], strides=[2, 2], pads=[1, 1, 1, 1], ceil_mode=1)),
    ((2, 4, 5, 6, 7), dict(kernel_shape=[2, 3, 2], strides=[1, 2, 2])),
    ((1, 3, 10, 11), dict(kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_UPPER")),
    ((1, 3, 10, 11), dict(kernel_shape=[4, 2], strides=[2, 3], auto_pad="SAME_LOWER")),
    ((1, 3, 10, 11), dict(kernel_shape=[4, 2], strides=[2, 3], auto_pad="VALID")),
    ((1, 3, 13, 11), dict(kernel_shape=[2, 3], dilations=[2, 2], pads=[1, 1, 1, 1])),
    ((1, 64, 7, 7), dict(kernel_shape=[7, 7])),
]
PARTICULARS = {
    "MaxPool": [{}],
    "AveragePool": [{}, dict(count_include_pad=1)],
    "LpPool": [{}, dict(p=1), dict(p=3)],
}


@pytest.mark.parametrize("op", PARTICULARS)
@pytest.mark.parametrize("number", range(len(POOLS)))
@pytest.mark.parametrize("dynamic", [False, True])
def test_pool(op, number, dynamic, random):
    shape, attributes = POOLS[number]
    x = draw(random, shape, np.float32)
    for particular in PARTICULARS[op]:
        model = make(op, [(symbolic(shape) if dynamic else shape, x.dtype)], [], opset=22, **attributes, **particular)
        compiled = mlc.compile(model)
        check(model, [x], 2e-5, compiled=compiled)
        if dynamic:
            check(model, [draw(random, (2, shape[1], *(s + 17 for s in shape[2:])), x.dtype)], 2e-5, compiled=compiled)


@pytest.mark.parametrize("dtype", [np.float64, np.float16, ml_dtypes.bfloat16, np.int8, np.uint8])
def test_max_pool_of_other_types(dtype, random):
    for shape, attributes in (POOLS[i] for i in (1, 2, 5)):
        x = draw(random, shape, dtype)
        model = make("MaxPool", [(shape, dtype)], [], opset=22, **attributes)
        x = np.rint(x * 4).astype(dtype)  # f32 holds it exactly
        expected = oracle(make("MaxPool", [(shape, np.float32)], [], opset=22, **attributes), [x.astype(np.float32)])
        check(model, [x], 0, [e.astype(dtype) for e in expected])


@pytest.mark.parametrize("number", range(len(POOLS)))
@pytest.mark.parametrize("dynamic", [False, True])
@pytest.mark.parametrize("order", [0, 1])
def test_indices_of_max_pool(number, dynamic, order, random):
    """Few distinct values, so that most windows have their maximum more than once."""
    shape, attributes = POOLS[number]
    attributes = dict(attributes, storage_order=order)
    x = np.rint(draw(random, shape, np.float32) * 3)
    model = make("MaxPool", [(symbolic(shape) if dynamic else shape, x.dtype)], [], outputs=2, opset=22, **attributes)
    compiled = mlc.compile(model)
    check(model, [x], 0, compiled=compiled)
    if dynamic:
        x = np.rint(draw(random, (2, shape[1], *(s + 17 for s in shape[2:])), x.dtype) * 3)
        check(model, [x], 0, compiled=compiled)


@pytest.mark.parametrize("dtype", [np.float64, np.float16, np.int8, np.uint8])
def test_indices_of_max_pool_of_other_types(dtype, random):
    shape, attributes = POOLS[1]
    x = np.rint(draw(random, shape, dtype) * 4).astype(dtype)
    model = make("MaxPool", [(shape, dtype)], [], outputs=2, opset=22, **attributes)
    wide = make("MaxPool", [(shape, np.float32)], [], outputs=2, opset=22, **attributes)
    maxima, indices = oracle(wide, [x.astype(np.float32)])
    check(model, [x], 0, [maxima.astype(dtype), indices])


def test_index_of_a_maximum_that_is_no_number():
    """The border, which holds what is least, is never the maximum; what is not a number always is."""
    lowest = -np.inf
    x = np.array([[[lowest, lowest, 1, np.nan, 2, lowest]]], np.float32)
    model = make("MaxPool", [(x.shape, x.dtype)], [], outputs=2, opset=22, kernel_shape=[2], strides=[2], pads=[1, 1])
    maxima = np.array([[[lowest, 1, np.nan, lowest]]], np.float32)
    check(model, [x], 0, [maxima, np.array([[[0, 2, 3, 5]]])])


@pytest.mark.parametrize("size", [1, 3, 5])
def test_lrn(size, random):
    x = draw(random, (2, 7, 4, 5), np.float32)
    check(make("LRN", [(symbolic(x.shape), x.dtype)], [], size=size, alpha=0.1, beta=0.6, bias=1.5), [x], 2e-5)


@pytest.mark.parametrize("p", [1, 2, 3])
def test_global_lp_pool(p, random):
    x = draw(random, (2, 3, 5, 4), np.float32)
    check(make("GlobalLpPool", [(symbolic(x.shape), x.dtype)], [], p=p), [x], 2e-5)


def test_scale_of_a_convolution_is_folded(random):
    """Conv, a factor and an addend per channel, as batch normalization is."""
    x, w, b, a, c = (draw(random, s, np.float32) for s in ((2, 3, 8, 9), (5, 3, 3, 3), (5,), (5, 1, 1), (1, 5, 1, 1)))
    nodes = [
        helper.make_node("Conv", ["x0", "w", "b"], ["t"], pads=[1, 1, 1, 1]),
        helper.make_node("Mul", ["t", "a"], ["u"]),
        helper.make_node("Add", ["u", "c"], ["y0"]),
    ]
    initializers = [numpy_helper.from_array(v, n) for v, n in ((w, "w"), (b, "b"), (a, "a"), (c, "c"))]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(nodes, "g", [value("x0", TensorProto.FLOAT, ["n", 3, "h", 9])], [value("y0", TensorProto.FLOAT, None)], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    check(model, [x], 2e-5)


@pytest.mark.parametrize(
    "op, shapes, attributes, message",
    [
        ("Conv", [(1, 3, 5), (4, 3, 3)], dict(strides=[0]), "strides"),
        ("Conv", [(1, 3, 5), (4, 3, 3)], dict(pads=[1]), "pads"),
        ("Conv", [(1, 3, 5), (4, 3, 3)], dict(pads=[-1, 0]), "pads"),
        ("Conv", [(1, 3, 5), (4, 3, 3)], dict(kernel_shape=[2]), "kernel_shape"),
        ("Conv", [(1, 3, 5), (4, 2, 3)], dict(), "channels"),
        ("Conv", [(1, 3, 2), (4, 3, 3)], dict(), "larger than the padded input"),
        ("Conv", [(1, 3), (4, 3)], dict(), "rank of at least 3"),
        ("MaxPool", [(1, 3, 5)], dict(kernel_shape=[2], pads=[2, 0]), "as much as the window is long"),
        ("AveragePool", [(1, 3, 5)], dict(kernel_shape=[2, 2]), "kernel_shape"),
        ("LpPool", [(1, 3)], dict(kernel_shape=[2]), "spatial axes"),
    ],
)
def test_refusals(op, shapes, attributes, message):
    names = [f"x{i}" for i in range(len(shapes))]
    values = [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in zip(names, shapes)]
    node = helper.make_node(op, names, ["y"], name="the_node", **attributes)
    graph = helper.make_graph([node], "g", values, [helper.make_empty_tensor_value_info("y")])
    with pytest.raises(mlc.CompileError, match=message) as refused:
        mlc.compile(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10))
    assert "the_node" in str(refused.value)
