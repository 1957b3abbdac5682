"""Draws a case: ops on what is there already, evaluated as they are added, so that only valid models come out."""

import functools
import math
import random

import numpy as np
import onnx

from generator import types
from generator.model import Case, Leaf, Node
from generator.oracle import Evaluation, Invalid

SIZES = (1, 2, 3, 3, 4, 5, 7, 8, 11, 13, 16, 17, 31, 33, 65)
MAX_ELEMENTS = 6000
MODES = ("static",) * 7 + ("shared", "unique", "unique", "anonymous") * 2 + ("constant",) * 3


class Rejected(Exception):
    """What was drawn is of no use here; the builder is as it was before."""


class Builder:
    def __init__(self, seed):
        self.seed = seed
        self.rng = random.Random(seed)
        self.opset = 0
        self.mode = self.rng.choice(MODES)
        self.leaves, self.nodes, self.values = {}, [], {}
        self.pinned, self.count = set(), 0
        self.evaluation = None

    def start(self, opset):
        self.opset = opset
        self.evaluation = Evaluation(opset)

    #
    # Choices
    #
    def chance(self, probability):
        return self.rng.random() < probability

    def choose(self, *options):
        return self.rng.choice(options)

    def dtype(self, allowed):
        allowed = list(allowed)
        return self.rng.choices(allowed, [types.WEIGHTS.get(dtype, 0.5) for dtype in allowed])[0]

    def size(self):
        return 0 if self.chance(0.02) else self.rng.choice(SIZES)

    def shape(self, rank=None, least=0, most=5):
        """Sizes of an array that is not large."""
        if rank is None:
            rank = min(max(self.rng.choices(range(6), [1, 2, 4, 4, 2, 1])[0], least), most)
        while True:
            shape = tuple(self.size() for _ in range(rank))
            if math.prod(shape) <= MAX_ELEMENTS:
                return shape

    def axis(self, rank):
        """Counted from either end."""
        return self.rng.randrange(-rank, rank)

    def permutation(self, rank):
        return self.rng.sample(range(rank), rank)

    def some_axes(self, rank, least=0):
        axes = self.rng.sample(range(rank), self.rng.randint(min(least, rank), rank))
        return [axis - rank if self.chance(0.3) else axis for axis in axes]

    def narrowed(self, shape):
        """A shape that broadcasts to `shape`."""
        shape = list(shape[self.rng.randint(0, len(shape)) :] if self.chance(0.5) else shape)
        return tuple(1 if self.chance(0.25) else size for size in shape)

    #
    # Values
    #
    def _name(self, prefix):
        self.count += 1
        return f"{prefix}{self.count}"

    def leaf(self, shape, dtype, low=-4, high=4, fixed=None, below=None, constant=None):
        """A new value of the model. `constant` says whether it is one; by default it may be."""
        if constant is None:
            constant = self.chance(0.15 if self.mode in ("shared", "unique", "anonymous") else 0.35)
        name = self._name("c" if constant else "x")
        leaf = Leaf(name, tuple(shape), np.dtype(dtype), low, high, fixed, below, constant)
        self.leaves[name] = leaf
        self.values[name] = leaf.draw(self.seed)
        return name

    def parameter(self, values, dtype=types.I64, are_sizes=False):
        """Sizes, axes and the like: mostly constants, sometimes known only when the model runs."""
        array = np.array(values, dtype)
        if are_sizes:
            self.pin(*array.tolist())
        return self.leaf(array.shape, dtype, fixed=array, constant=not self.chance(0.08))

    def scalar(self, value, dtype):
        array = np.array(value, dtype)
        return self.leaf((), dtype, fixed=array, constant=not self.chance(0.1))

    def indices(self, shape, below, dtype=None, negative=True):
        """Indices into a dim of size `below`."""
        dtype = dtype or self.choose(types.I64, types.I64, types.I32)
        return self.leaf(shape, dtype, low=-1 if negative else 0, below=below)

    def pin(self, *sizes):
        """Sizes that stand in attributes or contents and so cannot change."""
        self.pinned |= {abs(int(size)) for size in sizes}

    def __getitem__(self, name):
        return self.values[name]

    def shape_of(self, name):
        return self.values[name].shape

    def other(self, shape, dtype, low=-4, high=4, accepts=lambda array: True):
        """A value of just this shape and type: one that is there already, or a new one."""
        fitting = [
            name
            for name, array in self.values.items()
            if array.shape == tuple(shape)
            and array.dtype == dtype
            and accepts(array)
            and within(array, low, high)
            and not (name in self.leaves and self.leaves[name].fixed is not None)
        ]
        if fitting and self.chance(0.5):
            return self.rng.choice(fitting)
        return self.leaf(shape, dtype, low, high)

    def add(self, op, inputs, count=1, smooth=True, **attributes):
        """A node and its results' names. Attributes that are None are left out."""
        attributes = {name: value for name, value in attributes.items() if value is not None}
        while inputs and not inputs[-1]:
            inputs = inputs[:-1]
        node = Node(op, list(inputs), [self._name("v") for _ in range(count)], attributes, smooth)
        try:
            results = self.evaluation.step(node, self.values)
        except Invalid as error:
            raise Rejected(str(error)) from error
        for name, result in zip(node.outputs, results, strict=True):
            if result.dtype not in types.ALL:
                raise Rejected(f"{op} gives {result.dtype}")
            if result.size > 4 * MAX_ELEMENTS:
                raise Rejected(f"{op} gives {result.size} elements")
            if types.is_float(result.dtype) and not within(result, -1e4, 1e4):
                raise Rejected(f"{op} gives very large numbers, infinities or NaN")
            self.values[name] = result
        self.nodes.append(node)
        return node.outputs[0] if count == 1 else node.outputs

    def snapshot(self):
        return dict(self.leaves), list(self.nodes), dict(self.values), set(self.pinned), dict(self.evaluation.oracles)

    def restore(self, snapshot):
        self.leaves, self.nodes, self.values, self.pinned, self.evaluation.oracles = (part.copy() for part in snapshot)

    def finish(self):
        """The case, with outputs that are not all at the end."""
        used = {name for node in self.nodes for name in node.inputs}
        results = [name for node in self.nodes for name in node.outputs]
        outputs = [name for name in results if name not in used]
        outputs += [name for name in results if name in used and self.chance(0.12)]
        if self.chance(0.04):
            outputs.append(self.rng.choice(list(self.leaves)))
        self.rng.shuffle(outputs)
        return Case(self.seed, self.opset, self.mode, self.leaves, self.nodes, outputs, self.values, self.pinned)


def within(array, low, high):
    if array.size == 0 or not types.is_float(array.dtype):
        return True
    wide = array.astype(np.float64)
    return bool(np.all((wide >= low) & (wide <= high)))


def is_exact(array):
    """Whether no rounding error can be in the numbers."""
    if not types.is_float(array.dtype):
        return True
    wide = array.astype(np.float64) * 64
    return bool(np.all(wide == np.floor(wide)) and np.all(np.abs(wide) <= 2**14))


@functools.cache
def first_versions():
    """The first opset of every op."""
    first = {}
    for schema in onnx.defs.get_all_schemas_with_history():
        if not schema.domain:
            first[schema.name] = min(schema.since_version, first.get(schema.name, schema.since_version))
    return first


@functools.cache
def input_types(op, opset, index=0):
    """What the op's schema allows for an input."""
    schema = onnx.defs.get_schema(op, opset)
    allowed = schema.inputs[index].types
    by_name = {
        f"tensor({onnx.helper.tensor_dtype_to_string(types.to_onnx(dtype))[12:].lower()})": dtype for dtype in types.ALL
    }
    return tuple(dtype for name, dtype in by_name.items() if name in allowed)
