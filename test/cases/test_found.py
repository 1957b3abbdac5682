"""Faults that generated cases found, each as the smallest model that showed it."""

import numpy as np
import onnx.parser
import pytest

import mlc

F32, F64 = np.float32, np.float64


def array(values, dtype=F32):
    return np.array(values, dtype)


# name: (opset, graph, inputs, outputs)
FOUND = {
    "concatenation of nothing": (
        17,
        "g (float[0] x) => (float[a] y) { y = Concat<axis = 0>(x, x) }",
        [np.zeros(0, F32)],
        [np.zeros(0, F32)],
    ),
    "concatenation with nothing": (
        17,
        "g (float[0, n] x, float[2, n] z) => (float[a, b] y) { y = Concat<axis = 0>(x, z, x) }",
        [np.zeros((0, 3), F32), np.ones((2, 3), F32)],
        [np.ones((2, 3), F32)],
    ),
    "softmax of nothing with dynamic sizes": (
        17,
        "g (float[n, 0, n] x) => (float[a, b, c] y) { y = Softmax<axis = 0>(x) }",
        [np.zeros((4, 0, 4), F32)],
        [np.zeros((4, 0, 4), F32)],
    ),
    "reduction over no axis takes the logarithm": (
        18,
        "g (float[2] x) => (float[a] y) { y = ReduceLogSum<noop_with_empty_axes = 1>(x) }",
        [array([1, 4])],
        [np.log(array([1, 4]))],
    ),
    "reduction over no axis squares": (
        18,
        "g (float[2] x) => (float[a] y) { y = ReduceSumSquare<noop_with_empty_axes = 1>(x) }",
        [array([1, 4])],
        [array([1, 16])],
    ),
    "a product of nothing": (
        17,
        "g (int64[0] x, int64[0, 2] z) => (int64[a] y) { y = MatMul(x, z) }",
        [np.zeros(0, np.int64), np.zeros((0, 2), np.int64)],
        [np.zeros(2, np.int64)],
    ),
    "sizes that a kernel computes": (
        17,
        "g (float[n, m] x) => (int64[2, k] y) { y = NonZero(x) }",
        [array([[0, 1, 0], [2, 0, 3]])],
        [array([[0, 1, 1], [1, 0, 2]], np.int64)],
    ),
    "the bias of integers is a float": (
        13,
        "g (int8[n] x) => (int8[n] y) { y = Shrink<bias = 0.25, lambd = 1.0>(x) }",
        [array([-2, -1, 0, 1, 2], np.int8)],
        [array([-1, 0, 0, 0, 1], np.int8)],
    ),
    "a slice that runs backwards begins in the array": (
        17,
        """g (float[n] x) => (float[a] y)
           <int64[1] start = {-14}, int64[1] end = {-13}, int64[1] axis = {0}, int64[1] step = {-2}>
           { y = Slice(x, start, end, axis, step) }""",
        [array([5, 6])],
        [array([5])],
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_found(name):
    opset, graph, inputs, outputs = FOUND[name]
    model = onnx.parser.parse_model(f'<ir_version: 8, opset_import: ["" : {opset}]> {graph}')
    module = mlc.compile(model)
    results = module.run(dict(zip((spec.name for spec in module.inputs), inputs, strict=True)))
    for result, expected in zip(results.values(), outputs, strict=True):
        assert result.dtype == expected.dtype and result.shape == expected.shape
        np.testing.assert_allclose(result, expected, rtol=1e-6)


# name: (graph, inputs, words)
STOPPED = {
    "a shape of another number of elements": (
        "g (float[n] x, int64[2] s) => (float[a, b] y) { y = Reshape(x, s) }",
        [np.zeros(4, F32), array([3, -1], np.int64)],
        "the number of elements",
    ),
    "sizes that do not fit the shape": (
        "g (float[n, 3] x) => (float[a, b] y) <int64[2] s = {4, 3}> { y = Reshape(x, s) }",
        [np.zeros((5, 3), F32)],
        "the number of elements",
    ),
    "a squeezed axis of another size": (
        "g (float[n, 3] x) => (float[a] y) <int64[1] axis = {0}> { y = Squeeze(x, axis) }",
        [np.zeros((2, 3), F32)],
        "the size of a squeezed axis",
    ),
}


@pytest.mark.parametrize("name", STOPPED)
def test_stopped(name):
    graph, inputs, words = STOPPED[name]
    model = onnx.parser.parse_model(f'<ir_version: 8, opset_import: ["" : 17]> {graph}')
    module = mlc.compile(model)
    with pytest.raises(mlc.Error, match=words):
        module.run(dict(zip((spec.name for spec in module.inputs), inputs, strict=True)))


REFUSED = {
    "the rank of a squeezed array must be known": (
        "g (float[n, 3] x) => (float[a] y) { y = Squeeze(x) }",
        "whether axis 0 of size n is squeezed is known only at run time",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    graph, words = REFUSED[name]
    model = onnx.parser.parse_model(f'<ir_version: 8, opset_import: ["" : 17]> {graph}')
    [found] = mlc.check(model)
    assert words in found.message
    with pytest.raises(mlc.CompileError):
        mlc.compile(model)
