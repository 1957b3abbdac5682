"""The ops that make and follow indices, compiled and run; NumPy is the oracle."""

import itertools

import numpy as np
import pytest
from indexing import argsort_oracle, scan_oracle, scatter_oracle
from interpreting import DTYPES, draw
from programs import assert_close, tensor_type
from test_named import Cases, random  # noqa: F401


def grid(shape, axis):
    return np.arange(shape[axis]).reshape([-1 if a == axis else 1 for a in range(len(shape))])


def test_iota(runner):
    cases = Cases()
    for element, (shape, dims) in itertools.product(DTYPES, [((37,), None), ((3, 70), None), ((5, 19), ("n", 19)), ((5, 19), (5, "m"))]):
        if element == "i1":
            continue
        x = np.zeros(shape, DTYPES[element])
        name, kind = cases.input(x, dims)
        sizes = []
        for axis, dim in enumerate(dims or shape):
            if isinstance(dim, str):
                at = cases.program.op(f"arith.constant {axis} : index", None)
                dim = cases.program.op(f"tensor.dim {name}, {at} : {kind}", None)
            sizes.append(str(dim))
        for axis in range(len(shape)):
            made = cases.program.op(f"mlc.iota {element} [{', '.join(sizes)}] axis = {axis} : {kind}", None)
            expected = np.ascontiguousarray(np.broadcast_to(grid(shape, axis), shape)).astype(DTYPES[element])
            cases.expect(f"iota {kind} {axis}", f"mlc.add {made}, {name} : ({kind}, {kind}) -> {kind}", kind, expected)
    cases.check(runner, "iota")


def expect_gather(cases, x, axes, shape, indices, dims=None, result=None):
    """`axes` has None where an index is taken; the indices come in order."""
    places, rest, listed = [], list(indices), []
    operands = [cases.input(x, dims)]
    for size, axis in zip(x.shape, axes):
        if axis is None:
            index = rest.pop(0)
            places.append(np.clip(index.astype(np.int64), 0, size - 1))
            operands.append(cases.input(index, result))
            listed.append(operands[-1][0])
        else:
            places.append(grid(shape, axis))
            listed.append(str(axis))
    expected = np.broadcast_to(x[tuple(places)], shape).copy()
    kind = tensor_type(result or shape, operands[0][1].rstrip(">").split("x")[-1])
    types = ", ".join(t for _, t in operands)
    text = f"mlc.gather {operands[0][0]}[{', '.join(listed)}] : ({types}) -> {kind}"
    cases.expect(f"gather {types} {axes} {shape}", text, kind, expected)


GATHERS = [
    ((7,), [None], (40,)),
    ((7, 70), [None, 1], (4, 70)),
    ((7, 5), [0, None], (6, 35)),
    ((7, 5), [1, None], (3, 2)),
    ((3, 4, 5), [None, 1, None], (2, 4)),
    ((3, 4, 17), [0, None, 3], (3, 2, 6, 17)),
    ((3, 4), [None, None], ()),
    ((3, 4), [None, 1], (0, 4)),
]


@pytest.mark.parametrize("element", DTYPES)
def test_gather(element, runner, random):  # noqa: F811
    cases = Cases()
    for number, (source, axes, shape) in enumerate(GATHERS):
        x = draw(random, element, source, "0:9")
        kind = ("i64", "i32", "i16", "i8")[number % 4]
        indices = [draw(random, kind, shape, "-2:9") for _ in range(axes.count(None))]
        expect_gather(cases, x, axes, shape, indices)
    x = draw(random, element, (50, 33), "0:9")
    index = draw(random, "i64", (9, 33), "0:49")
    expect_gather(cases, x, [None, 1], (9, 33), [index], ("v", "c"), ("n", "c"))
    cases.check(runner, "gather")


ROWS = """
func.func @main(%t: tensor<100x?xf32> {mlc.dims = #mlc.dims<"100", "c">}, %i: tensor<?xi64> {mlc.dims = #mlc.dims<"n">})
    -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %i, %c0 : tensor<?xi64>
  %c = tensor.dim %t, %c1 : tensor<100x?xf32>
  %w = mlc.broadcast %i to [%n, %c] axes = [0] : tensor<?xi64> -> tensor<?x?xi64>
  %g = mlc.gather %t[%w, 1] : (tensor<100x?xf32>, tensor<?x?xi64>) -> tensor<?x?xf32>
  %e = mlc.abs %g : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %r = mlc.reduce sum %e axes = [1] : tensor<?x?xf32> -> tensor<?xf32>
  return %r : tensor<?xf32>
}
"""


def test_gather_of_rows_inside_of_a_reduction(runner, random):  # noqa: F811
    module = runner.compile(ROWS, ["gather"])
    for n, c in ((5, 70), (1, 3), (9, 1), (3, 0), (0, 4)):
        t, i = draw(random, "f32", (100, c), "-4:4"), draw(random, "i64", (n,), "0:99")
        assert_close(module.run(t, i)[0], np.abs(t[i].astype(np.float64)).sum(1).astype(np.float32), f"{n}x{c}", 8)
    module.close()


def test_rows_are_read_as_vectors(compiler, tmp_path):
    text = compiler.stop_after("loops", ROWS, tmp_path)
    assert "vector.from_elements" not in text
    assert text.count("vector.transfer_read %arg1") >= 1


SCATTERS = [
    ((7,), [None], (40,)),
    ((7, 70), [None, 1], (4, 70)),
    ((3, 4, 5), [0, None, 2], (3, 6, 4)),
    ((3, 4), [None, None], ()),
    ((3, 4), [None, 1], (0, 4)),
]


@pytest.mark.parametrize("element", DTYPES)
def test_scatter(element, runner, random):  # noqa: F811
    cases = Cases()
    for source, axes, shape in SCATTERS:
        for kind in (None, "and", "or") if element == "i1" else (None, "sum", "product", "min", "max"):
            x, updates = draw(random, element, source, "1:9"), draw(random, element, shape, "1:9")
            indices = [draw(random, "i64", shape, "-1:7") for _ in range(axes.count(None))]
            expected = scatter_oracle(x, axes, indices, updates, kind)
            operands = [cases.input(a) for a in (x, *indices, updates)]
            names = iter(name for name, _ in operands[1:])
            listed = ", ".join(next(names) if axis is None else str(axis) for axis in axes)
            text = f"{operands[0][0]}[{listed}] from {operands[-1][0]}" + (f" by {kind}" if kind else "")
            types = ", ".join(t for _, t in operands)
            cases.expect(f"scatter {kind} {types}", f"mlc.scatter {text} : ({types}) -> {operands[0][1]}", operands[0][1], expected)
    cases.check(runner, "scatter")


@pytest.mark.parametrize("element", DTYPES)
def test_scan(element, runner, random):  # noqa: F811
    cases = Cases()
    kinds = ("and", "or") if element == "i1" else ("sum", "product", "min", "max")
    for shape, dims in [((9,), None), ((3, 0), None), ((2, 5, 70), None), ((40, 6), ("n", "m"))]:
        for kind, axis, exclusive, reverse in itertools.product(kinds, range(len(shape)), (False, True), (False, True)):
            x = draw(random, element, shape, "0.5:2")
            expected = scan_oracle(kind, x, axis, exclusive, reverse)
            name, type_ = cases.input(x, dims)
            flags = " exclusive" * exclusive + " reverse" * reverse
            cases.expect(f"scan {kind} {type_} {axis}{flags}", f"mlc.scan {kind} {name} axis = {axis}{flags} : {type_}", type_, expected)
    cases.check(runner, "scan")


@pytest.mark.parametrize("element", DTYPES)
def test_argsort(element, runner, random):  # noqa: F811
    cases = Cases()
    for shape, dims in [((17,), None), ((3, 0), None), ((4, 9, 2), None), ((300, 3), ("n", "m"))]:
        for axis, descending in itertools.product(range(len(shape)), (False, True)):
            x = draw(random, element, shape, "-3:3")
            if x.dtype.kind not in "iub":
                x.flat[::5] = np.nan
            for size in sorted({0, shape[axis] // 2, shape[axis]}):
                expected = argsort_oracle(x, axis, descending, size)
                name, kind = cases.input(x, dims)
                flag = " descending" * descending
                sizes = [size if a == axis else d for a, d in enumerate(dims or shape)]
                result = tensor_type(sizes, "i64")
                text = f"mlc.argsort {name} axis = {axis}{flag} [{size}] : {kind} -> {result}"
                cases.expect(f"argsort {kind} {axis}{flag} {size}", text, result, expected)
    cases.check(runner, "argsort")
