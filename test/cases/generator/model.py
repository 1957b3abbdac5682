"""A generated model: leaves, nodes and outputs, and its ONNX form in the several modes."""

import dataclasses

import numpy as np
import onnx

from generator import types


@dataclasses.dataclass
class Leaf:
    """A value that no node computes. Its contents follow from a seed, so that other sizes have other contents."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype
    low: float = -4
    high: float = 4
    fixed: np.ndarray | None = None
    """Contents that are no data but sizes, axes and the like."""
    below: int | None = None
    """Indices into a dim of this size."""
    is_constant: bool = False
    is_rounded: bool = False
    """Fixed contents that a node computed before the case was shrunk."""

    def draw(self, seed, sizes=None):
        """The contents; `sizes` says what becomes of a size, the others stay."""
        return np.asarray(self._draw(seed, sizes))

    def _draw(self, seed, sizes):
        sizes = (sizes or {}) if not self.is_constant else {}
        if self.fixed is not None:
            return self.fixed
        number = int.from_bytes(self.name.encode(), "little")
        rng = np.random.default_rng([seed, number, *sorted(sizes.values())])
        shape = tuple(sizes.get(size, size) for size in self.shape)
        if self.below is not None:
            below = sizes.get(self.below, self.below)
            # Nothing can be indexed in an empty dim; what then fails is not run.
            return rng.integers(min(self.low, 0) and -below, max(below, 1), shape).astype(self.dtype)
        if self.dtype == types.BOOL:
            return rng.random(shape) < 0.5
        if types.is_float(self.dtype):
            # Eighths: sums and products of few are exact, and equal values occur.
            low, high = int(np.ceil(self.low * 8)), int(np.floor(self.high * 8))
            return (rng.integers(low, high + 1, shape) / 8).astype(self.dtype)
        least, most = types.limits(self.dtype)
        low, high = max(int(self.low), least), min(int(self.high), most)
        return rng.integers(low, high, shape, endpoint=True, dtype=self.dtype)


@dataclasses.dataclass
class Node:
    op: str
    inputs: list[str]
    outputs: list[str]
    attributes: dict
    is_smooth: bool
    """Small changes of the inputs make small changes of the results; else the inputs of floats are exact."""

    def proto(self):
        node = onnx.helper.make_node(self.op, self.inputs, self.outputs, name=self.outputs[0])
        for name, value in self.attributes.items():
            # An empty list does not show its type.
            kind = onnx.AttributeProto.INTS if isinstance(value, (list, tuple)) and not value else None
            node.attribute.append(onnx.helper.make_attribute(name, value, attr_type=kind))
        return node


@dataclasses.dataclass
class Case:
    seed: int
    opset: int
    mode: str
    """static, shared, unique, anonymous: how the sizes of inputs are named; constant: nothing is an input."""
    leaves: dict[str, Leaf]
    nodes: list[Node]
    outputs: list[str]
    values: dict[str, np.ndarray]
    """What every name is at the sizes that the model was drawn with."""
    pinned: set[int] = dataclasses.field(default_factory=set)
    """Sizes that stand in attributes or contents."""

    @property
    def is_dynamic(self):
        return self.mode not in ("static", "constant")

    def inputs(self):
        return [leaf for leaf in self.leaves.values() if not leaf.is_constant and self.mode != "constant"]

    def symbolic_sizes(self):
        """The sizes that may change from run to run."""
        if not self.is_dynamic:
            return []
        sizes = {size for leaf in self.inputs() if leaf.fixed is None for size in leaf.shape}
        fixed = {
            size for leaf in self.leaves.values() if leaf.is_constant or leaf.fixed is not None for size in leaf.shape
        }
        return sorted(sizes - fixed - self.pinned - {0, 1})

    def _dims(self, leaf):
        symbolic = set(self.symbolic_sizes())
        names = {"shared": "d{size}", "unique": "{leaf}_{axis}", "anonymous": ""}
        dims = []
        for axis, size in enumerate(leaf.shape):
            # A size of one that nobody promised makes every broadcast a question of the run.
            is_symbol = leaf.fixed is None and (
                size in symbolic or (size == 1 and self.mode in ("unique", "anonymous"))
            )
            if is_symbol and self.is_dynamic:
                dims.append(names[self.mode].format(size=size, leaf=leaf.name, axis=axis) or None)
            else:
                dims.append(size)
        return dims

    def proto(self):
        """The model in its mode, as onnx has it."""
        inputs = {leaf.name for leaf in self.inputs()}
        infos, initializers, nodes = [], [], []
        for leaf in self.leaves.values():
            if leaf.name in inputs:
                infos.append(onnx.helper.make_tensor_value_info(leaf.name, types.to_onnx(leaf.dtype), self._dims(leaf)))
            else:
                tensor = onnx.numpy_helper.from_array(
                    np.ascontiguousarray(leaf.draw(self.seed)).reshape(leaf.shape), leaf.name
                )
                initializers.append(tensor)
        outputs = [
            onnx.helper.make_tensor_value_info(name, types.to_onnx(self.values[name].dtype), None)
            for name in self.outputs
        ]
        # Some constants are nodes, and some stand among the inputs as old files have it.
        kept = []
        for number, tensor in enumerate(initializers):
            form = (self.seed + number) % 5
            if form == 0:
                nodes.append(
                    onnx.helper.make_node("Constant", [], [tensor.name], value=tensor, name=f"{tensor.name}_node")
                )
                continue
            kept.append(tensor)
            if form == 1:
                infos.append(onnx.helper.make_tensor_value_info(tensor.name, tensor.data_type, list(tensor.dims)))
        body = [node.proto() for node in self.nodes]
        functions = []
        if self.seed % 10 == 6:
            functions, body = self._as_function(body)
        graph = onnx.helper.make_graph(nodes + body, "case", infos, outputs, kept)
        return make_model(graph, self.opset, functions)

    def _as_function(self, body):
        """All nodes as a function of the model, and the node that calls it."""
        results = [name for name in self.outputs if name not in self.leaves]
        signature = list(self.leaves), results
        imports = [onnx.helper.make_opsetid("", self.opset)]
        function = onnx.helper.make_function("own", "body", *signature, body, imports)
        return [function], [onnx.helper.make_node("body", *signature, name="call", domain="own")]


def make_model(graph, opset, functions=()):
    imports = [onnx.helper.make_opsetid("", opset)] + [onnx.helper.make_opsetid("own", 1)] * bool(functions)
    version = onnx.helper.find_min_ir_version_for(imports[:1])
    if functions:
        version = max(version, 8)
    return onnx.helper.make_model(graph, opset_imports=imports, ir_version=version, functions=functions)
