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
    "groups of channels that come with the filter": (
        17,
        "g (float[1, 4, 2] x, float[o, c, 1] w) => (float[a, b, d] y) { y = Conv<group = 2>(x, w) }",
        [array([[[1, 2], [3, 4], [5, 6], [7, 8]]]), array([[[1], [10]], [[2], [20]]])],
        [array([[[31, 42], [150, 172]]])],
    ),
    "channels of input and filter come with them": (
        17,
        "g (float[1, n, 2] x, float[o, c, 1] w) => (float[a, b, d] y) { y = Conv<group = 2>(x, w) }",
        [array([[[1, 2], [3, 4], [5, 6], [7, 8]]]), array([[[1], [10]], [[2], [20]], [[3], [30]], [[4], [40]]])],
        [array([[[31, 42], [62, 84], [225, 258], [300, 344]]])],
    ),
    "a large constant is an output": (
        17,
        """g (float[1] x) => (float[a] y, float[a] z) <int64[1] s = {100000}>
           { v = ConstantOfShape(s) y = Identity(v) z = Add(x, v) }""",
        [array([2])],
        [np.zeros(100000, F32), np.full(100000, 2, F32)],
    ),
    "a size beside a scan that changes it twice": (
        18,
        """g (float[n, m] x, float[k] z) => (int64 y, float[a] v, float[b, c] w) {
             y = Size(x)
             v, w = Scan<num_scan_inputs = 1, scan_input_axes = [1], scan_output_directions = [1], body = step
               (float[d] s, float[d] p) => (float[d] t, float[d] q) { t = Add(s, p) q = Identity(t) }>(z, x) }""",
        [array([[1, 2, 3], [4, 5, 6]]), array([0, 0])],
        [np.array(6), array([6, 15]), array([[6, 15], [3, 9], [1, 4]])],
    ),
    "a concatenation of whole vectors": (
        17,
        """g (float[16] x, float[8] z, float[1] w) => (float[a] y, float[b] v)
           <float[1] c = {1}> { y = Concat<axis = 0>(x, c, w) v = Concat<axis = 0>(z, c, w) }""",
        [np.arange(16, dtype=F32), np.arange(8, dtype=F32), array([2])],
        [array([*range(16), 1, 2]), array([*range(8), 1, 2])],
    ),
    "products with a filter of zeros": (
        21,
        "g (uint8[n, 3, m] x) => (int32[a, b, c] y) <uint8[1, 3, 1] w = {0, 0, 0}> { y = ConvInteger(x, w) }",
        [np.ones((1, 3, 2), np.uint8)],
        [np.zeros((1, 1, 2), np.int32)],
    ),
    "a window begins with 0": (
        17,
        "g (int64 n) => (float[a] y) { y = BlackmanWindow(n) }",
        [np.array(2)],
        [array([0, 1])],
    ),
    "a kernel that only copies one vector": (
        17,
        "g (int64[1] x) => (int64[8] y) <int64[8] c = {5, 6, 3, 6, 0, 1, 2, 4}> { y = PRelu(c, x) }",
        [np.array([7])],
        [np.array([5, 6, 3, 6, 0, 1, 2, 4])],
    ),
    "a kernel that only copies one vector of many": (
        13,
        "g (int64[11] x) => (int64[8] y) <int64[2] s = {8, 3}> { y, z = Split(x, s) }",
        [np.arange(11)],
        [np.arange(8)],
    ),
    "a border around nothing": (
        18,
        "g (float[0, 1] x, int64[2] s) => (float[a, b] y) { y = CenterCropPad(x, s) }",
        [np.zeros((0, 1), F32), np.array([2, 3])],
        [np.zeros((2, 3), F32)],
    ),
    "a border of which more is cut off than there is": (
        18,
        "g (float[n] x, int64[2] s) => (float[a] y) { y = Pad(x, s) }",
        [np.zeros(0, F32), np.array([-1, 3])],
        [np.zeros(2, F32)],
    ),
    "the nearest element beyond the end, between two": (
        22,
        """g (float[1, 1, 1, 16] x, float[1, 1, 1, 2] at) => (float[a, b, c, d] y) {
            y = GridSample<mode = "nearest", padding_mode = "reflection">(x, at)
        }""",
        [np.arange(16, dtype=F32).reshape(1, 1, 1, 16), array([[[[2.5, 0]]]])],
        [array([[[[3]]]])],
    ),
    "parts of nothing": (
        18,
        "g (float[0] x, int64[2] s) => (float[a] y, float[b] z) { y, z = Split(x, s) }",
        [np.zeros(0, F32), np.zeros(2, np.int64)],
        [np.zeros(0, F32), np.zeros(0, F32)],
    ),
    "what follows a constant of nothing": (
        17,
        "g (float[0] x, float[2] z) => (float[a] y, float[2] z) { y = Exp(x) }",
        [np.zeros(0, F32), array([1, 2])],
        [np.zeros(0, F32), array([1, 2])],
    ),
    "a slice to the least of all indices": (
        17,
        """g (float[n] x, int64[2] start, int64[2] end) => (float[a] y, float[b] z)
           <int64[1] axis = {0}, int64[1] forward = {1}, int64[1] backward = {-1}, int64[1] first = {0}, int64[1] second = {1}>
           { s = Gather(start, first) e = Gather(end, first) y = Slice(x, s, e, axis, forward)
             t = Gather(start, second) f = Gather(end, second) z = Slice(x, t, f, axis, backward) }""",
        [array([1, 2, 3]), np.array([-(2**63), 2**63 - 1]), np.array([2**63 - 1, -(2**63)])],
        [array([1, 2, 3]), array([3, 2, 1])],
    ),
    "a slice from the greatest to the least of all indices": (
        17,
        """g (float[n] x, int64[1] start, int64[1] end) => (float[a] y, float[b] z) <int64[1] axis = {0}, int64[1] far = {9223372036854775807}>
           { y = Slice(x, start, end, axis) z = Slice(x, far, end, axis) }""",
        [array([1, 2, 3]), np.array([2**63 - 1]), np.array([-(2**63)])],
        [array([]), array([])],
    ),
    "what is not zero of one number": (
        17,
        "g (float x) => (int64[a, b] y) { y = NonZero(x) }",
        [array(2)],
        [np.zeros((0, 1), np.int64)],
    ),
    "extrema of nothing along nothing": (
        17,
        "g (float[n, m] x) => (int64[a, b] y) { y = ArgMax<axis = 0>(x) }",
        [np.zeros((0, 0), F32)],
        [np.zeros((1, 0), np.int64)],
    ),
    "nothing is padded to a size that comes with the data": (
        18,
        "g (float[1, 0] x, int64[1] size) => (float[a, b] y) { y = CenterCropPad<axes = [1]>(x, size) }",
        [np.zeros((1, 0), F32), np.array([3])],
        [np.zeros((1, 3), F32)],
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
    "matrices that do not fit": (
        "g (float[2, k] x, float[n, 3] z) => (float[a, b] y) { y = MatMul(x, z) }",
        [np.zeros((2, 5), F32), np.zeros((4, 3), F32)],
        'sizes "k" and "n" differ',
    ),
    "channels that a filter does not have": (
        "g (float[1, c, 4] x, float[2, 3, 1] w) => (float[a, b, d] y) { y = Conv(x, w) }",
        [np.zeros((1, 5, 4), F32), np.zeros((2, 3, 1), F32)],
        'sizes "c" and "3" differ',
    ),
    "columns that groups do not divide": (
        "g (float[1, 4, 4] x, float[o, 2, 1] w) => (float[a, b, d] y) { y = Conv<group = 2>(x, w) }",
        [np.zeros((1, 4, 4), F32), np.zeros((3, 2, 1), F32)],
        "differ",
    ),
    "a bias of another length": (
        "g (float[1, 3, 4] x, float[4, 3, 1] w, float[n] c) => (float[a, b, d] y) { y = Conv(x, w, c) }",
        [np.zeros((1, 3, 4), F32), np.zeros((4, 3, 1), F32), np.zeros(3, F32)],
        'size "n" is neither 1 nor "4"',
    ),
    "what a constant cannot be added to": (
        "g (float[n] x) => (float[a, b] y) <float[1, 2] c = {1, 2}> { y = Add(x, c) }",
        [np.zeros(3, F32)],
        'size "n" is neither 1 nor "2"',
    ),
    "a concatenation of unlike rows": (
        "g (float[n, k] x, float[n, m] z) => (float[a, b] y) { y = Concat<axis = 0>(x, z) }",
        [np.zeros((2, 5), F32), np.zeros((2, 4), F32)],
        'sizes "k" and "m" differ',
    ),
    "updates of another shape than their indices": (
        """g (float[3] x, int64[n] i, float[m] u) => (float[a] y) { y = ScatterElements(x, i, u) }""",
        [np.zeros(3, F32), np.zeros(2, np.int64), np.zeros(1, F32)],
        'sizes "n" and "m" differ',
    ),
    "more to sort than there is": (
        "g (float[n] x, int64[1] k) => (float[a] y, int64[b] i) { y, i = TopK(x, k) }",
        [np.zeros(3, F32), array([4], np.int64)],
        "k is larger than the axis of size n",
    ),
    "an extremum of nothing": (
        "g (float[n, m] x) => (int64[a, b] y) { y = ArgMax<axis = 0>(x) }",
        [np.zeros((0, 3), F32)],
        "axis 0 is empty and has no extremum",
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
