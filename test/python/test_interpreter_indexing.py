"""The interpreter's ops that make and follow indices, against NumPy."""

import itertools

import numpy as np

from indexing import argsort_oracle, scan_oracle, scatter_oracle
from interpreting import DTYPES, Program, draw, tensor_type

INDICES = ("i8", "i16", "i32", "i64")


def clamped(index, size):
    return np.clip(index.astype(np.int64), 0, size - 1)


def test_iota(tool, tmp_path):
    program = Program()
    for element, shape in itertools.product(DTYPES, [(5,), (0, 3), (2, 3, 4), (300,)]):
        if element == "i1":
            continue
        for axis in range(len(shape)):
            index = np.arange(shape[axis]).reshape([-1 if a == axis else 1 for a in range(len(shape))])
            expected = np.ascontiguousarray(np.broadcast_to(index, shape)).astype(DTYPES[element])
            text = f"mlc.iota {element} {list(shape)} axis = {axis} : {tensor_type(expected)}"
            program.expect(f"iota {element} {shape} {axis}", text, expected)
    program.check(tool, tmp_path)


def gather(program, x, axes, shape, indices):
    """`axes` has None where an index is taken; the indices come in order."""
    places, rest = [], list(indices)
    for size, axis in zip(x.shape, axes):
        grid = np.arange(shape[axis]).reshape([-1 if a == axis else 1 for a in range(len(shape))]) if axis is not None else None
        places.append(clamped(rest.pop(0), size) if axis is None else grid)
    expected = np.broadcast_to(x[tuple(places)], shape).copy()
    names = iter(program.input(i) for i in indices)
    listed = ", ".join(next(names) if axis is None else str(axis) for axis in axes)
    types = ", ".join(tensor_type(a) for a in (x, *indices))
    text = f"mlc.gather {program.input(x)}[{listed}] : ({types}) -> {tensor_type(expected)}"
    program.expect(f"gather {tensor_type(x)} {axes} {shape}", text, expected)


def test_gather(tool, tmp_path):
    program, random = Program(), np.random.default_rng(3)
    table = [
        ((7,), [None], (4,)),
        ((7, 5), [None, 1], (4, 5)),
        ((7, 5), [0, None], (6, 9)),
        ((7, 5), [1, None], (3, 2)),
        ((3, 4, 5), [None, 1, None], (2, 4)),
        ((3, 4, 5), [0, None, 3], (3, 2, 6, 5)),
        ((3, 4), [None, None], ()),
        ((3, 4), [None, 1], (0, 4)),
        ((0, 4), [None, 1], (0, 4)),
    ]
    for (source, axes, shape), element in itertools.product(table, DTYPES):
        x = draw(random, element, source, "0:9")
        kind = INDICES[len(program.inputs) % 4]
        count = axes.count(None)
        gather(program, x, axes, shape, [draw(random, kind, shape, "-2:9") for _ in range(count)])
    program.check(tool, tmp_path)


SCATTERS = [
    ((7,), [None], (12,)),
    ((7, 5), [None, 1], (4, 5)),
    ((3, 4, 5), [0, None, 2], (3, 6, 4)),
    ((3, 4), [None, None], ()),
    ((3, 4), [None, 1], (0, 4)),
]


def test_scatter(tool, tmp_path):
    program, random = Program(), np.random.default_rng(4)
    for (source, axes, shape), element in itertools.product(SCATTERS, DTYPES):
        for kind in (None, "and", "or") if element == "i1" else (None, "sum", "product", "min", "max"):
            x, updates = draw(random, element, source, "1:9"), draw(random, element, shape, "1:9")
            indices = [draw(random, "i64", shape, "-1:7") for _ in range(axes.count(None))]
            expected = scatter_oracle(x, axes, indices, updates, kind)
            names = iter(program.input(i) for i in indices)
            listed = ", ".join(next(names) if axis is None else str(axis) for axis in axes)
            operands = f"{program.input(x)}[{listed}] from {program.input(updates)}" + (f" by {kind}" if kind else "")
            types = ", ".join(tensor_type(a) for a in (x, *indices, updates))
            text = f"mlc.scatter {operands} : ({types}) -> {tensor_type(expected)}"
            program.expect(f"scatter {kind} {tensor_type(x)} {shape}", text, expected)
    program.check(tool, tmp_path)


def test_scan(tool, tmp_path):
    program, random = Program(), np.random.default_rng(5)
    for element, shape in itertools.product(DTYPES, [(9,), (3, 0), (2, 5, 3)]):
        kinds = ("and", "or") if element == "i1" else ("sum", "product", "min", "max")
        for kind, axis, exclusive, reverse in itertools.product(kinds, range(len(shape)), (False, True), (False, True)):
            x = draw(random, element, shape, "0.5:2")
            expected = scan_oracle(kind, x, axis, exclusive, reverse)
            flags = " exclusive" * exclusive + " reverse" * reverse
            text = f"mlc.scan {kind} {program.input(x)} axis = {axis}{flags} : {tensor_type(x)}"
            program.expect(f"scan {kind} {element} {shape} {axis}{flags}", text, expected)
    program.check(tool, tmp_path)


def test_argsort(tool, tmp_path):
    program, random = Program(), np.random.default_rng(6)
    for element, shape in itertools.product(DTYPES, [(17,), (3, 0), (4, 9, 2)]):
        for axis, descending in itertools.product(range(len(shape)), (False, True)):
            x = draw(random, element, shape, "-3:3")
            if x.dtype.kind not in "iub":
                x.flat[::5] = np.nan
            for size in {0, shape[axis] // 2, shape[axis]}:
                expected = argsort_oracle(x, axis, descending, size)
                flag = " descending" * descending
                text = f"mlc.argsort {program.input(x)} axis = {axis}{flag} [{size}] : {tensor_type(x)} -> {tensor_type(expected)}"
                program.expect(f"argsort {element} {shape} {axis}{flag}", text, expected)
    program.check(tool, tmp_path)
