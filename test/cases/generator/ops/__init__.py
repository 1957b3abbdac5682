"""The table of ops: what each takes, and how its other inputs and its attributes are drawn."""

import dataclasses
from collections.abc import Callable

import numpy as np

from generator.builder import Builder, first_versions, input_types, is_exact, within


@dataclasses.dataclass(frozen=True)
class Op:
    """How nodes of an op are drawn around a first input."""

    name: str
    draw: Callable[[Builder, str], None]
    """Adds nodes; gets the name of the first input."""
    position: int = 0
    """Which of the op's inputs that is to the schema."""
    dtypes: tuple[np.dtype, ...] | None = None
    """Of the first input, besides what the schema says."""
    low: float = -4
    high: float = 4
    """Between what the first input must lie."""
    ranks: tuple[int, int] = (0, 5)
    exact: bool = False
    """Takes no numbers with rounding errors, because its results jump."""
    since: int = 7
    """The first opset that the generator draws it for."""
    until: int = 99
    shape: Callable[[Builder], tuple[int, ...]] | None = None
    """The first input's shape when a new one is made."""

    def allowed(self, opset):
        return [
            dtype
            for dtype in input_types(self.name, opset, self.position)
            if self.dtypes is None or dtype in self.dtypes
        ]

    def first_opset(self):
        return max(self.since, first_versions()[self.name])

    def accepts(self, builder, name):
        """Whether a value that is there can be the first input."""
        array = builder[name]
        return (
            self.ranks[0] <= array.ndim <= self.ranks[1]
            and array.dtype in self.allowed(builder.opset)
            and within(array, self.low, self.high)
            and (not self.exact or is_exact(array))
        )

    def first(self, builder):
        """A new first input."""
        dtype = builder.dtype(self.allowed(builder.opset))
        shape = self.shape(builder) if self.shape else builder.shape(least=self.ranks[0], most=self.ranks[1])
        return builder.leaf(shape, dtype, self.low, self.high)


TABLE: dict[str, Op] = {}


def register(name, **settings):
    """Enters the function that it decorates as the way to draw nodes of `name`."""

    def enter(draw):
        TABLE[name] = Op(name, draw, **settings)
        return draw

    return enter


def load():
    """The table, complete."""
    from generator.ops import contraction, elementwise, indexing, movement, neural, reduction  # noqa: F401

    return TABLE
