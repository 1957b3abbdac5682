"""Every op that is not elementwise, and cast and select, compiled and run; NumPy or onnx's evaluator as the oracle."""

import itertools

import numpy as np
import pytest
from interpreting import DTYPES, ELEMENTS, FLOATS, ORACLES, draw, windows
from programs import Program, assert_close, tensor_type
from test_interpreter import cast_oracle, reference_conv

INTEGERS = ("i8", "i16", "i32", "i64", "ui8", "ui16", "ui32", "ui64")


class Cases:
    """Ops on arrays whose results are outputs of one module."""

    def __init__(self):
        self.program = Program()
        self.inputs = []
        self.expected = []

    def input(self, array, dims=None):
        self.inputs.append(array)
        return self.program.argument(array.shape if dims is None else dims, ELEMENTS[array.dtype])

    def expect(self, label, text, kind, expected, scale=1.0):
        name = self.program.op(text, kind)
        self.expected.append((label, expected, scale))
        return name

    def check(self, runner, *ops):
        module = runner.compile(self.program, ops)
        for (label, expected, scale), actual in zip(self.expected, module.run(*self.inputs)):
            assert_close(actual, expected, label, scale)
        module.close()


@pytest.fixture
def random():
    return np.random.default_rng(0)


# Elementwise ops without a formula.


@pytest.mark.parametrize("source", DTYPES)
def test_cast(source, runner, random):
    cases = Cases()
    x = draw(random, source, (3, 17), "-300:300")
    if source in FLOATS:
        x.flat[:6] = [np.nan, np.inf, -np.inf, 0.5, 2.5, -0.5]
    name, kind = cases.input(x)
    empty, empty_kind = cases.input(x[:0], ("n", 17))
    for to in DTYPES:
        if to == source:
            continue
        expected = cast_oracle(x, to)
        result = tensor_type(x.shape, to)
        cases.expect(f"{source} to {to}", f"mlc.cast {name} to {to} : ({kind}) -> {result}", result, expected)
    result = tensor_type(("n", 17), "f32" if source != "f32" else "f16")
    element = result[:-1].split("x")[-1]
    cases.expect("empty", f"mlc.cast {empty} to {element} : ({empty_kind}) -> {result}", result, cast_oracle(x[:0], element))
    cases.check(runner, "cast")


@pytest.mark.parametrize("source", [element for element in DTYPES if element != "i1"])
def test_bitcast(source, runner, random):
    cases = Cases()
    x = draw(random, source, (3, 17), "-300:300")
    if source in FLOATS:
        x.flat[:4] = [np.inf, -np.inf, 0.0, -0.0]
    static, dynamic = cases.input(x), cases.input(x, ("n", 17))
    for to in DTYPES:
        if to in (source, "i1") or DTYPES[to].itemsize != x.dtype.itemsize:
            continue
        for (name, kind), dims in [(static, x.shape), (dynamic, ("n", 17))]:
            result = tensor_type(dims, to)
            text = f"mlc.bitcast {name} to {to} : ({kind}) -> {result}"
            cases.expect(f"{source} to {to}", text, result, x.view(DTYPES[to]))
    cases.check(runner, "bitcast")


def test_select(runner, random):
    cases = Cases()
    for element, (shape, dims) in itertools.product(DTYPES, [((19,), None), ((), None), ((5, 17), ("n", 17))]):
        c, x, y = draw(random, "i1", shape, "0:1"), draw(random, element, shape, "-9:9"), draw(random, element, shape, "-9:9")
        operands = [cases.input(a, dims) for a in (c, x, y)]
        names, kinds = zip(*operands)
        text = f"mlc.select {', '.join(names)} : ({', '.join(kinds)}) -> {kinds[1]}"
        cases.expect(f"select {element} {shape}", text, kinds[1], np.asarray(np.where(c, x, y)).astype(x.dtype))
    cases.check(runner, "select")


# Reductions.

KINDS = {"sum": np.sum, "product": np.prod, "min": np.min, "max": np.max, "and": np.all, "or": np.any}


def reduce_oracle(kind, x, axes):
    dtype = x.dtype
    if ELEMENTS[dtype] in FLOATS:
        x = x.astype(np.float64)
    initial = {}
    if kind in ("min", "max"):
        bound = np.iinfo(dtype) if ELEMENTS[dtype] in INTEGERS else None
        low, high = (bound.min, bound.max) if bound else (-np.inf, np.inf)
        initial = {"initial": high if kind == "min" else low}
    if kind in ("sum", "product") and ELEMENTS[dtype] in INTEGERS:
        initial = {"dtype": dtype}
    return np.asarray(KINDS[kind](x, axis=tuple(axes), **initial)).astype(dtype)


def expect_reduce(cases, kind, x, axes, dims=None):
    name, source = cases.input(x, dims)
    left = [d for a, d in enumerate(dims or x.shape) if a not in axes]
    result = tensor_type(left, ELEMENTS[x.dtype])
    expected = reduce_oracle(kind, x, axes)
    text = f"mlc.reduce {kind} {name} axes = {list(axes)} : {source} -> {result}"
    cases.expect(f"{kind} {source} {x.shape} {axes}", text, result, expected, 8)


def kinds_of(element):
    return ("and", "or") if element == "i1" else ("sum", "product", "min", "max")


@pytest.mark.parametrize("element", DTYPES)
def test_reduce_axes(element, runner, random):
    cases = Cases()
    every = [axes for n in range(1, 4) for axes in itertools.combinations(range(3), n)]
    for number, axes in enumerate(every):
        kinds = kinds_of(element)
        for kind in kinds if element in ("f32", "i1") else [kinds[number % len(kinds)]]:
            x = draw(random, element, (3, 5, 17), "0.5:1.5" if element in FLOATS else "1:3")
            expect_reduce(cases, kind, x, axes)
            expect_reduce(cases, kind, x, axes, ("n", 5, "m"))
    cases.check(runner, "reduce")


def test_reduce_sizes(runner, random):
    cases = Cases()
    for size, kind, dynamic in itertools.product((0, 1, 17, 1000), ("sum", "max"), (False, True)):
        x = draw(random, "f32", (3, size), "0.5:1.5")
        for axis in (0, 1):
            expect_reduce(cases, kind, x, [axis], ("r", f"n{size}") if dynamic else None)
    for x in (np.float32([np.nan, 1, 2] * 11), np.float32([1, -np.inf, np.inf] * 11)):
        expect_reduce(cases, "min", x, [0])
        expect_reduce(cases, "max", x, [0])
    cases.check(runner, "reduce")


def test_reduce_of_what_is_broadcast(runner, random):
    cases = Cases()
    x = draw(random, "f32", (7,), "-4:4")
    name, kind = cases.input(x)
    wide = cases.program.op(f"mlc.broadcast {name} to [7, 5] axes = [0] : {kind} -> tensor<7x5xf32>", None)
    cases.expect("sum", f"mlc.reduce sum {wide} axes = [1] : tensor<7x5xf32> -> {kind}", kind, x * 5)
    cases.check(runner, "reduce")


# Contractions.


def product(x, y):
    wide = np.float64 if ELEMENTS[x.dtype] in FLOATS else x.dtype
    return np.matmul(x.astype(wide), y.astype(wide)).astype(x.dtype)


@pytest.mark.parametrize("element", [e for e in DTYPES if e != "i1"])
def test_matmul(element, runner, random):
    cases = Cases()
    sizes = [(1, 1, 1), (5, 7, 33), (2, 0, 3)] + ([(13, 17, 214), (0, 3, 4)] if element == "f32" else [])
    for m, k, n in sizes:
        for batch, dynamic in (((), False), ((2,), False), ((), True)):
            x, y = draw(random, element, (*batch, m, k), "0.1:3"), draw(random, element, (*batch, k, n), "0.1:3")
            (a, left), (b, right) = cases.input(x, (f"m{m}", k) if dynamic else None), cases.input(y)
            kind = tensor_type((f"m{m}", n) if dynamic else (*batch, m, n), element)
            cases.expect(f"matmul {left} {right}", f"mlc.matmul {a}, {b} : ({left}, {right}) -> {kind}", kind, product(x, y), 4)
    cases.check(runner, "matmul")


def test_matmul_of_a_splat(runner, random):
    cases = Cases()
    x = draw(random, "f32", (3, 5), "-4:4")
    name, kind = cases.input(x)
    ones = cases.program.op("mlc.constant dense<1.0> : tensor<5x17xf32>", None)
    expected = product(x, np.ones((5, 17), np.float32))
    cases.expect("splat", f"mlc.matmul {name}, {ones} : ({kind}, tensor<5x17xf32>) -> tensor<3x17xf32>", "tensor<3x17xf32>", expected, 8)
    cases.check(runner, "matmul")


@pytest.mark.parametrize("n", [1, 33, 214])
def test_packed_conv_of_matmul(n, runner, random):
    cases = Cases()
    for k in (1, 37):
        w = draw(random, "f32", (k, n), "0.1:3")
        for m in (1, 2, 3, 5, 13, None):
            x = draw(random, "f32", (m or 29, k), "0.1:3")
            name, kind = cases.input(x, (m or "m", k))
            weight, weights = cases.program.constant(w)
            result = tensor_type((m or "m", n), "f32")
            cases.expect(f"{m}x{k}x{n}", f"mlc.matmul {name}, {weight} : ({kind}, {weights}) -> {result}", result, product(x, w), 4)
    cases.check(runner, "packed_conv")


CONVOLUTIONS = [
    # input (N, C, spatial...), filter (O, C / groups, spatial...), strides, dilations, padding, groups
    ((2, 4, 9), (8, 4, 3), [1], [1], [0, 0], 1),
    ((1, 3, 11, 6), (5, 3, 3, 2), [2, 1], [1, 2], [0, 0, 0, 0], 1),
    ((2, 3, 9), (33, 3, 3), [2], [1], [2, 1], 1),
    ((1, 4, 9), (8, 2, 3), [2], [2], [0, 1], 2),
    ((1, 3, 7, 6), (5, 3, 3, 2), [2, 1], [1, 2], [1, 0, 2, 1], 1),
    ((1, 6, 5, 5), (6, 1, 3, 3), [1, 1], [1, 1], [1, 1, 1, 1], 6),
    ((1, 4, 5), (66, 2, 1), [1], [1], [0, 0], 2),
    ((1, 2, 4, 5, 3), (3, 2, 2, 2, 2), [1, 2, 1], [1, 1, 1], [0, 0, 1, 1, 0, 1], 1),
]


@pytest.mark.parametrize("element", ["f32", "f16", "i32"])
@pytest.mark.parametrize("number", range(len(CONVOLUTIONS)))
def test_conv(number, element, runner, random):
    source, window, strides, dilations, padding, groups = CONVOLUTIONS[number]
    x, f = draw(random, element, source, "1:4"), draw(random, element, window, "1:4")
    y = np.moveaxis(reference_conv(x, f, strides, dilations, padding, groups), 1, -1).astype(x.dtype)
    last = np.ascontiguousarray(np.moveaxis(x, 1, -1))
    taps = np.ascontiguousarray(np.moveaxis(f, (0, 1), (-1, -2)))
    attributes = f"strides = {strides} dilations = {dilations} padding = {padding} groups = {groups}"
    for is_constant, batch in ((False, source[0]), (True, "n")):
        cases = Cases()
        name, kind = cases.input(last, (batch, *last.shape[1:]))
        taps_name, taps_kind = cases.program.constant(taps) if is_constant else cases.input(taps)
        result = tensor_type((batch, *y.shape[1:]), element)
        text = f"mlc.conv {name}, {taps_name} {attributes} : ({kind}, {taps_kind}) -> {result}"
        cases.expect(f"conv {kind} {taps_kind}", text, result, y, 4)
        # Groups of one channel are sums over windows, narrow ones are merged.
        becomes = "reduce" if groups > 1 and window[1] == 1 else "packed_conv" if is_constant else "conv"
        cases.check(runner, becomes)


# Movement.


def test_broadcast(runner, random):
    cases = Cases()
    table = [
        ((), (3, 17), []),
        ((17,), (3, 17), [1]),
        ((3,), (3, 17), [0]),
        ((1, 5), (4, 5, 7), [0, 1]),
        ((5, 1), (2, 5, 65), [1, 2]),
        ((3, 4), (3, 0, 4), [0, 2]),
        ((2, 1, 3), (2, 5, 7, 3), [0, 1, 3]),
    ]
    for (source, shape, axes), element in itertools.product(table, ("f32", "i1", "ui8", "i64")):
        x = draw(random, element, source, "0:9")
        name, kind = cases.input(x)
        view = x.reshape([source[axes.index(a)] if a in axes else 1 for a in range(len(shape))])
        result = tensor_type(shape, element)
        text = f"mlc.broadcast {name} to {list(shape)} axes = {axes} : {kind} -> {result}"
        cases.expect(f"broadcast {kind} {shape}", text, result, np.ascontiguousarray(np.broadcast_to(view, shape)))
    cases.check(runner, "broadcast")


BROADCAST_AT_RUN_TIME = """
func.func @main(%x: tensor<?x?xf32> {mlc.dims = #mlc.dims<"a", "b">}, %y: tensor<?x?xf32> {mlc.dims = #mlc.dims<"n", "m">})
    -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %y, %c0 : tensor<?x?xf32>
  %m = tensor.dim %y, %c1 : tensor<?x?xf32>
  %e = mlc.exp %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %b = mlc.broadcast %e to [%n, %m] axes = [0, 1] : tensor<?x?xf32> -> tensor<?x?xf32>
  %s = mlc.add %b, %y : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}
"""


def test_broadcast_of_axes_that_may_be_one(runner, random):
    module = runner.compile(BROADCAST_AT_RUN_TIME, ["broadcast"])
    y = draw(random, "f32", (5, 19), "-4:4")
    for shape in ((5, 19), (1, 19), (5, 1), (1, 1)):
        x = draw(random, "f32", shape, "-2:2")
        assert_close(module.run(x, y)[0], np.exp(x) + y, str(shape))
    module.close()


def test_transpose(runner, random):
    cases = Cases()
    permutations = list(itertools.permutations(range(3))) + [(3, 1, 2, 0), (0, 2, 1, 3), (1, 3, 0, 2), (2, 3, 1, 0)]
    for permutation in permutations:
        shape = (3, 17, 5, 2)[: len(permutation)]
        for element, dims in (("f32", None), ("i8", None), ("f32", ("n", 17, "m", 2)[: len(permutation)])):
            x = draw(random, element, shape, "-9:9")
            name, kind = cases.input(x, dims)
            result = tensor_type([(dims or shape)[p] for p in permutation], element)
            text = f"mlc.transpose {name} {list(permutation)} : {kind} -> {result}"
            cases.expect(f"transpose {kind} {permutation}", text, result, np.ascontiguousarray(x.transpose(permutation)))
    cases.check(runner, "transpose")


def test_slice(runner, random):
    cases = Cases()
    table = [
        ((20,), [3], [11], [1]),
        ((20,), [1], [7], [2]),
        ((40,), [39], [40], [-1]),
        ((40,), [35], [9], [-4]),
        ((5, 20), [4, 0], [5, 17], [-1, 1]),
        ((5, 20), [0, 19], [3, 19], [2, -1]),
        ((5, 20), [2, 3], [0, 4], [1, 1]),
        ((5, 20), [0, 0], [3, 7], [1, 1]),
        ((3, 4, 5), [1, 3, 4], [2, 2, 3], [1, -2, -2]),
    ]
    for (shape, offsets, sizes, strides), element in itertools.product(table, ("f32", "i1", "i64")):
        x = draw(random, element, shape, "-9:9")
        name, kind = cases.input(x)
        indices = [np.arange(n) * s + o for o, n, s in zip(offsets, sizes, strides)]
        result = tensor_type(sizes, element)
        text = f"mlc.slice {name} {offsets} {sizes} {strides} : {kind} -> {result}"
        cases.expect(f"slice {kind} {offsets} {strides}", text, result, x[np.ix_(*indices)])
    cases.check(runner, "slice")


def test_slice_of_the_first_elements(runner, random):
    cases = Cases()
    for dims in (None, ("a", "b")):
        x = draw(random, "f32", (20, 37), "-4:4")
        name, kind = cases.input(x, dims)
        part = cases.program.op(f"mlc.slice {name} [0, 0] [7, 33] [1, 1] : {kind} -> tensor<7x33xf32>", None)
        cases.expect("alone", f"mlc.neg {part} : (tensor<7x33xf32>) -> tensor<7x33xf32>", "tensor<7x33xf32>", -x[:7, :33])
        e = cases.program.op(f"mlc.abs {name} : ({kind}) -> {kind}", None)
        t = cases.program.op(f"mlc.transpose {e} [1, 0] : {kind} -> {kind if dims else 'tensor<37x20xf32>'}", None)
        text = f"mlc.slice {t} [0, 3] [30, 9] [1, 1] : {kind if dims else 'tensor<37x20xf32>'} -> tensor<30x9xf32>"
        cases.expect("transposed", text, "tensor<30x9xf32>", np.abs(x).T[:30, 3:12])
    cases.check(runner, "slice")


SLICE_AT_RUN_TIME = """
func.func @main(%x: tensor<?x20xf32> {{mlc.dims = #mlc.dims<"n", "20">}}, %at: tensor<i64>) -> tensor<?x20xf32> {{
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x20xf32>
  %i = tensor.extract %at[] : tensor<i64>
  %o = arith.index_cast %i : i64 to index
  %e = mlc.exp %x : (tensor<?x20xf32>) -> tensor<?x20xf32>
  %s = mlc.slice %e [%o, {column}] [2, 20] {strides} : tensor<?x20xf32> -> tensor<2x20xf32>
  %r = mlc.neg %s : (tensor<2x20xf32>) -> tensor<2x20xf32>
  %b = mlc.broadcast %r to [%n, 2, 20] axes = [1, 2] : tensor<2x20xf32> -> tensor<?x2x20xf32>
  %t = mlc.reduce sum %b axes = [1] : tensor<?x2x20xf32> -> tensor<?x20xf32>
  return %t : tensor<?x20xf32>
}}
"""


@pytest.mark.parametrize("strides, column", [((1, 1), 0), ((1, -1), 19), ((-1, 1), 0)])
def test_slice_at_an_offset_of_run_time(strides, column, runner, random):
    module = runner.compile(SLICE_AT_RUN_TIME.format(column=column, strides=list(strides)), ["slice"])
    for n, at in ((4, 1), (7, 5)):
        x = draw(random, "f32", (n, 20), "-2:2")
        part = np.exp(x)[[at, at + strides[0]]][:, :: strides[1]]
        expected = np.broadcast_to(-part.sum(0), (n, 20)).astype(np.float32)
        assert_close(module.run(x, np.array(at))[0], expected, f"{n} {at}")
    module.close()


def test_concat(runner, random):
    cases = Cases()
    table = [
        ([(3, 17), (5, 17)], 0),
        ([(3, 17), (3, 1), (3, 0), (3, 65)], 1),
        ([(3, 4), (3, 0)], 1),
        ([(200, 9, 40), (200, 9, 40)], 1),
        ([(301, 70), (99, 70)], 0),
        ([(2, 3, 5), (2, 1, 5)], 1),
        ([(4,)], 0),
        ([(1,), (0,), (131,)], 0),
    ]
    for (shapes, axis), element in itertools.product(table, ("f32", "i1", "ui16", "bf16")):
        xs = [draw(random, element, shape, "-9:9") for shape in shapes]
        names, kinds = zip(*[cases.input(x) for x in xs])
        expected = np.concatenate(xs, axis)
        result = tensor_type(expected.shape, element)
        text = f"mlc.concat {', '.join(names)} axis = {axis} : ({', '.join(kinds)}) -> {result}"
        cases.expect(f"concat {kinds} {axis}", text, result, expected)
    (x, y), dims = (draw(random, "f32", (6, 5), "-1:1"), draw(random, "f32", (6, 19), "-1:1")), (("n", "a"), ("n", "b"))
    (a, left), (b, right) = (cases.input(v, d) for v, d in zip((x, y), dims))
    e = cases.program.op(f"mlc.exp {a} : ({left}) -> {left}", None)
    t = cases.program.op(f"mlc.transpose {b} [1, 0] : {right} -> {right}", None)
    u = cases.program.op(f"mlc.transpose {t} [1, 0] : {right} -> {right}", None)
    text = f"mlc.concat {e}, {u}, {e} axis = 1 : ({left}, {right}, {left}) -> {left}"
    cases.expect("dynamic", text, left, np.concatenate([np.exp(x), y, np.exp(x)], 1))
    cases.check(runner, "concat")


PADS = [
    ((7,), [3], [0]),
    ((5, 33), [1, 0], [2, 0]),
    ((5, 33), [0, 2], [0, 1]),
    ((2, 6, 7, 3), [0, 1, 2, 0], [0, 3, 0, 0]),
    ((1, 60, 60, 40), [0, 1, 1, 0], [0, 1, 1, 0]),
    ((3, 0, 4), [0, 2, 1], [1, 0, 0]),
]


@pytest.mark.parametrize("element", ["f32", "bf16", "i1", "ui8", "i64"])
def test_pad(element, runner, random):
    cases = Cases()
    for number, (shape, low, high) in enumerate(PADS):
        for dims in (None, [f"d{number}_{axis}" for axis in range(len(shape))]):
            x, value = draw(random, element, shape, "0:9"), draw(random, element, (), "0:9")
            (name, kind), (scalar, scalar_kind) = cases.input(x, dims), cases.input(value)
            expected = np.pad(x, list(zip(low, high)), constant_values=value)
            size = [s if dims is None else (f"{d}+{b}" if b else d) for s, d, b in zip(expected.shape, dims or shape, np.add(low, high))]
            result = tensor_type(size, element)
            text = f"mlc.pad {name}, {scalar} low {low} high {high} : {kind}, {scalar_kind} -> {result}"
            cases.expect(f"pad {kind} {low} {high}", text, result, expected)
    cases.check(runner, "pad")


PAD_AT_RUN_TIME = """
func.func @main(%x: tensor<?x20xf32> {mlc.dims = #mlc.dims<"n", "20">}, %w: tensor<20x40xf32>, %at: tensor<2xi64>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %v = mlc.constant dense<-1.0> : tensor<f32>
  %a = tensor.extract %at[%c0] : tensor<2xi64>
  %b = tensor.extract %at[%c1] : tensor<2xi64>
  %low = arith.index_cast %a : i64 to index
  %high = arith.index_cast %b : i64 to index
  %m = mlc.matmul %x, %w : (tensor<?x20xf32>, tensor<20x40xf32>) -> tensor<?x40xf32>
  %e = mlc.abs %m : (tensor<?x40xf32>) -> tensor<?x40xf32>
  %p = mlc.pad %e, %v low [%low, 2] high [1, %high] : tensor<?x40xf32>, tensor<f32> -> tensor<?x?xf32>
  return %p : tensor<?x?xf32>
}
"""


def test_pad_of_a_product_by_sizes_of_run_time(runner, random):
    module = runner.compile(PAD_AT_RUN_TIME, ["pad", "matmul"])
    w = draw(random, "f32", (20, 40), "-1:1")
    for n, low, high in ((0, 0, 0), (1, 3, 0), (100, 0, 70), (61, 50, 1)):
        x = draw(random, "f32", (n, 20), "-1:1")
        expected = np.pad(np.abs(product(x, w)), ((low, 1), (2, high)), constant_values=-1)
        assert_close(module.run(x, w, np.array([low, high]))[0], expected, f"{n} {low} {high}", 50)
    module.close()


WINDOWS = [
    ((9,), [0], [3], [2], [1]),
    ((2, 9, 7, 3), [1, 2], [3, 2], [2, 1], [1, 3]),
    ((1, 12, 13, 40), [1, 2], [3, 3], [1, 1], [1, 1]),
    ((2, 5, 6, 7, 19), [1, 2, 3], [2, 3, 2], [1, 2, 1], [2, 1, 1]),
]


def test_window(runner, random):
    cases = Cases()
    for (shape, axes, sizes, strides, dilations), element in itertools.product(WINDOWS, ("f32", "i1", "i64")):
        x = draw(random, element, shape, "0:9")
        name, kind = cases.input(x)
        expected = windows(x, axes, sizes, strides, dilations)
        attributes = f"axes = {axes} sizes = {sizes} strides = {strides} dilations = {dilations}"
        result = tensor_type(expected.shape, element)
        cases.expect(f"window {kind} {axes}", f"mlc.window {name} {attributes} : ({kind}) -> {result}", result, expected)
    cases.check(runner, "window")


@pytest.mark.parametrize("dynamic", [False, True])
@pytest.mark.parametrize("element", ["f32", "f64", "i32"])
@pytest.mark.parametrize("kind", ["max", "sum"])
def test_reduction_of_windows_of_what_is_padded(kind, element, dynamic, runner, random):
    cases = Cases()
    for number, (shape, axes, sizes, strides, dilations) in enumerate(WINDOWS):
        dims = [f"d{number}_{axis}" for axis in range(len(shape) - 1)] + [shape[-1]] if dynamic and len(shape) > 1 else None
        x, (name, source) = (x := draw(random, element, shape, "1:9")), cases.input(x, dims)
        low, high = ([int(axis in axes) * border for axis in range(len(shape))] for border in (1, 2))
        value = cases.program.op(f"mlc.constant dense<{'-3.0' if element in FLOATS else '-3'}> : tensor<{element}>", None)
        padded = np.pad(x, list(zip(low, high)), constant_values=-3)
        wide = tensor_type(["d"] * len(shape) if dims else padded.shape, element)
        pad = cases.program.op(f"mlc.pad {name}, {value} low {low} high {high} : {source}, tensor<{element}> -> {wide}", None)
        slid = windows(padded, axes, sizes, strides, dilations)
        new = [axes[-1] + 1 + i for i in range(len(axes))]
        expected = (np.max if kind == "max" else np.sum)(slid, axis=tuple(new)).astype(x.dtype)
        view = tensor_type(["d" if dims and axis not in new else size for axis, size in enumerate(slid.shape)], element)
        attributes = f"axes = {axes} sizes = {sizes} strides = {strides} dilations = {dilations}"
        window = cases.program.op(f"mlc.window {pad} {attributes} : ({wide}) -> {view}", None)
        result = tensor_type(["d"] * len(shape) if dims else expected.shape, element)
        cases.expect(f"{kind} {source} {axes}", f"mlc.reduce {kind} {window} axes = {new} : {view} -> {result}", result, expected, 8)
    cases.check(runner, "pad", "window", "reduce")


RESHAPE = """
func.func @main(%x: tensor<?x6xf32> {mlc.dims = #mlc.dims<"n", "6">}) -> (tensor<?x3x2xf32>, tensor<?x6xf32>) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x6xf32>
  %r = mlc.reshape %x to [%n, 3, 2] : tensor<?x6xf32> -> tensor<?x3x2xf32>
  %t = mlc.transpose %r [0, 2, 1] : tensor<?x3x2xf32> -> tensor<?x2x3xf32>
  %s = mlc.reshape %t to [%n, 6] : tensor<?x2x3xf32> -> tensor<?x6xf32>
  %e = mlc.exp %r : (tensor<?x3x2xf32>) -> tensor<?x3x2xf32>
  return %e, %s : tensor<?x3x2xf32>, tensor<?x6xf32>
}
"""


def test_reshape(runner, random):
    module = runner.compile(RESHAPE, ["reshape", "transpose"])
    for n in (0, 1, 5):
        x = draw(random, "f32", (n, 6), "-2:2")
        e, s = module.run(x)
        assert_close(e, np.exp(x).reshape(n, 3, 2), str(n))
        assert_close(s, x.reshape(n, 3, 2).transpose(0, 2, 1).reshape(n, 6), str(n))
    module.close()


# The host program.

HOST = """
func.func @main(%x: tensor<?x8xf32> {mlc.dims = #mlc.dims<"n", "8">})
    -> (tensor<2xi64>, tensor<3xi32>, tensor<2xi64>) {
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %n = tensor.dim %x, %c0 : tensor<?x8xf32>
  %m = arith.muli %n, %c8 : index
  %s = mlc.shape_of %x : (tensor<?x8xf32>) -> tensor<2xi64>
  %e = mlc.from_elements %m, %c8, %n : tensor<3xi32>
  %d = mlc.add %s, %s : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
  return %s, %e, %d : tensor<2xi64>, tensor<3xi32>, tensor<2xi64>
}
"""


def test_sizes_as_tensors(runner):
    module = runner.compile(HOST, ["from_elements"])
    runner.covered.add("shape_of")  # It becomes from_elements.
    for n in (0, 3):
        s, e, d = module.run(np.zeros((n, 8), np.float32))
        np.testing.assert_array_equal(s, [n, 8])
        np.testing.assert_array_equal(e, [8 * n, 8, n])
        np.testing.assert_array_equal(d, [2 * n, 16])
    module.close()


PASSED_ON = """
func.func @main(%x: tensor<?xf32> {mlc.dims = #mlc.dims<"n">}, %y: tensor<3xi1>)
    -> (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<3xi1>, tensor<4xi64>, tensor<?xf32>) {
  %c = mlc.constant dense<[1, 2, 3, 4]> : tensor<4xi64>
  %a = mlc.exp %x : (tensor<?xf32>) -> tensor<?xf32>
  %m = mlc.reduce sum %a axes = [0] : tensor<?xf32> -> tensor<f32>
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  %b = mlc.broadcast %m to [%n] axes = [] : tensor<f32> -> tensor<?xf32>
  %d = mlc.div %a, %b : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %a, %x, %a, %d, %y, %c, %x : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<3xi1>, tensor<4xi64>, tensor<?xf32>
}
"""


def test_outputs_that_are_inputs_constants_used_or_repeated(runner, random):
    module = runner.compile(PASSED_ON, ["constant", "exp", "div"])
    y = np.array([True, False, True])
    for n in (1, 19, 0):
        x = draw(random, "f32", (n,), "-2:2")
        a, b, c, d, e, f, g = module.run(x, y)
        assert_close(a, np.exp(x), "used")
        np.testing.assert_array_equal(a, c)
        np.testing.assert_array_equal(b, x)
        np.testing.assert_array_equal(g, x)
        assert_close(d, np.exp(x) / np.exp(x).sum(), "softmax")
        np.testing.assert_array_equal(e, y)
        np.testing.assert_array_equal(f, [1, 2, 3, 4])
    module.close()


# Chains.

NORM = """
func.func @main(%x: tensor<?x{d}xf32> {{mlc.dims = #mlc.dims<"n", "{d}">}}) -> tensor<?x{d}xf32> {{
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x{d}xf32>
  %size = mlc.constant dense<{d}.0> : tensor<f32>
  %eps = mlc.constant dense<1.0e-5> : tensor<f32>
  %s = mlc.reduce sum %x axes = [1] : tensor<?x{d}xf32> -> tensor<?xf32>
  %sizes = mlc.broadcast %size to [%n] axes = [] : tensor<f32> -> tensor<?xf32>
  %mean = mlc.div %s, %sizes : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %means = mlc.broadcast %mean to [%n, {d}] axes = [0] : tensor<?xf32> -> tensor<?x{d}xf32>
  %c = mlc.sub %x, %means : (tensor<?x{d}xf32>, tensor<?x{d}xf32>) -> tensor<?x{d}xf32>
  %q = mlc.mul %c, %c : (tensor<?x{d}xf32>, tensor<?x{d}xf32>) -> tensor<?x{d}xf32>
  %v = mlc.reduce sum %q axes = [1] : tensor<?x{d}xf32> -> tensor<?xf32>
  %var = mlc.div %v, %sizes : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %e = mlc.broadcast %eps to [%n] axes = [] : tensor<f32> -> tensor<?xf32>
  %ve = mlc.add %var, %e : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %r = mlc.rsqrt %ve : (tensor<?xf32>) -> tensor<?xf32>
  %rs = mlc.broadcast %r to [%n, {d}] axes = [0] : tensor<?xf32> -> tensor<?x{d}xf32>
  %y = mlc.mul %c, %rs : (tensor<?x{d}xf32>, tensor<?x{d}xf32>) -> tensor<?x{d}xf32>
  return %y : tensor<?x{d}xf32>
}}
"""


@pytest.mark.parametrize("d", [1, 19, 130])
def test_layer_norm(d, runner, random):
    module = runner.compile(NORM.format(d=d), ["rsqrt"])
    for n in (1, 6):
        x = draw(random, "f32", (n, d), "-2:2")
        wide = x.astype(np.float64)
        centred = wide - wide.mean(1, keepdims=True)
        expected = centred / np.sqrt((centred**2).mean(1, keepdims=True) + 1e-5)
        assert_close(module.run(x)[0], expected.astype(np.float32), f"{n}x{d}", 100)
    module.close()


@pytest.mark.parametrize("is_constant", [False, True])
@pytest.mark.parametrize("m", [1, 7, "m"])
def test_gelu_after_matmul(m, is_constant, runner, random):
    cases = Cases()
    x, w, bias = draw(random, "f32", (9 if m == "m" else m, 21), "-1:1"), draw(random, "f32", (21, 37), "-1:1"), draw(random, "f32", (37,), "-1:1")
    (a, left), (b, row) = cases.input(x, (m, 21)), cases.input(bias)
    w_name, right = cases.program.constant(w) if is_constant else cases.input(w)
    kind, op = tensor_type((m, 37), "f32"), cases.program.op
    z = op(f"mlc.matmul {a}, {w_name} : ({left}, {right}) -> {kind}", None)
    size = m
    if m == "m":
        zero = op("arith.constant 0 : index", None)
        size = op(f"tensor.dim {a}, {zero} : {left}", None)
    rows = op(f"mlc.broadcast {b} to [{size}, 37] axes = [1] : {row} -> {kind}", None)
    z = op(f"mlc.add {z}, {rows} : ({kind}, {kind}) -> {kind}", None)
    half = op("mlc.constant dense<0.70710678> : tensor<f32>", None)
    scale = op(f"mlc.broadcast {half} to [{size}, 37] axes = [] : tensor<f32> -> {kind}", None)
    s = op(f"mlc.mul {z}, {scale} : ({kind}, {kind}) -> {kind}", None)
    e = op(f"mlc.erf {s} : ({kind}) -> {kind}", None)
    g = op(f"mlc.mul {z}, {e} : ({kind}, {kind}) -> {kind}", None)
    wide = x.astype(np.float64) @ w.astype(np.float64) + bias
    expected = (wide + wide * ORACLES["erf"](wide * 0.70710678)).astype(np.float32)
    cases.expect("gelu", f"mlc.add {z}, {g} : ({kind}, {kind}) -> {kind}", kind, expected, 20)
    cases.check(runner, "erf")


MOVEMENT = """
func.func @main(%x: tensor<?x4xf32> {mlc.dims = #mlc.dims<"n", "4">}, %y: tensor<?x4xf32> {mlc.dims = #mlc.dims<"m", "4">},
                %z: tensor<?xf32> {mlc.dims = #mlc.dims<"n">}) -> (tensor<?x4xf32>, tensor<f32>, tensor<?x4xf32>) {
  %c = mlc.concat %x, %y axis = 0 : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = mlc.reduce sum %c axes = [0, 1] : tensor<?x4xf32> -> tensor<f32>
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x4xf32>
  %b = mlc.broadcast %z to [%n, 4] axes = [0] : tensor<?xf32> -> tensor<?x4xf32>
  %m = mlc.mul %b, %x : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %s = mlc.slice %m [0, 3] [%n, 4] [1, -1] : tensor<?x4xf32> -> tensor<?x4xf32>
  %q = mlc.concat %s, %b axis = 0 : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %c, %r, %q : tensor<?x4xf32>, tensor<f32>, tensor<?x4xf32>
}
"""


def test_movement_around_concatenations(runner, random):
    module = runner.compile(MOVEMENT, ["concat", "slice", "broadcast", "reduce"])
    for n, m in ((3, 2), (0, 5), (70, 1), (0, 0)):
        x, y, z = (draw(random, "f32", shape, "0:1") for shape in ((n, 4), (m, 4), (n,)))
        c, r, q = module.run(x, y, z)
        np.testing.assert_array_equal(c, np.concatenate([x, y]))
        assert_close(r, np.asarray(c.sum(), np.float32), "sum", 10)
        tiled = np.broadcast_to(z[:, None], (n, 4))
        assert_close(q, np.concatenate([(tiled * x)[:, ::-1], tiled]), f"{n} {m}")
    module.close()
