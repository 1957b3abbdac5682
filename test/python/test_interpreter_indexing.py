"""The interpreter's ops that make and follow indices, against NumPy."""

import itertools

import numpy as np

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
