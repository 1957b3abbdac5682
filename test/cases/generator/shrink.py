"""Smaller variants of a case: less nodes, smaller sizes, simpler modes."""

import copy


from generator.model import Leaf
from generator.oracle import Evaluation, Invalid, captured


class Impossible(Exception):
    """The edit leaves nothing that can be run."""


def reads(node):
    return list(dict.fromkeys([*filter(None, node.inputs), *captured(node)]))


def proposals(case):
    """Edits to try, the boldest first. An edit is a pair that JSON can hold."""
    count = len(case.nodes)
    if count > 1:
        for number in range(count):
            yield ["keep", [number]]
        for number in range(count):
            yield ["keep", [other for other in range(count) if other != number]]
    if len(case.outputs) > 1:
        for name in case.outputs:
            yield ["outputs", [name]]
    if case.mode != "static":
        yield ["mode", "static"]
    sizes = {size for leaf in case.leaves.values() for size in leaf.shape}
    for size in sorted(sizes, reverse=True):
        for smaller in (1, 2, 3, 5, 8, 16):
            if smaller < size:
                yield ["size", [size, smaller]]


def apply(case, edits):
    case = copy.copy(case)
    for what, value in edits:
        {"keep": keep, "outputs": choose_outputs, "mode": set_mode, "size": resize}[what](case, value)
    return case


def keep(case, numbers):
    """Only some nodes; what the others computed becomes an input."""
    case.nodes = [case.nodes[number] for number in numbers]
    produced = {name for node in case.nodes for name in node.outputs}
    read = dict.fromkeys(name for node in case.nodes for name in reads(node))
    leaves = {}
    for name in read:
        if name in case.leaves:
            leaves[name] = case.leaves[name]
        elif name not in produced:
            array = case.values[name]
            leaves[name] = Leaf(name, array.shape, array.dtype, fixed=array, is_rounded=True)
    case.leaves = leaves
    case.outputs = [name for name in case.outputs if name in produced]
    used = set(read)
    case.outputs += [name for name in produced if name not in used and name not in case.outputs]


def choose_outputs(case, names):
    """Only some outputs, and what they need."""
    case.outputs = names
    needed, nodes = set(names), []
    for node in reversed(case.nodes):
        if needed & set(node.outputs):
            needed |= set(reads(node))
            nodes.insert(0, node)
    case.nodes = nodes
    case.leaves = {name: leaf for name, leaf in case.leaves.items() if name in needed}
    if not nodes:
        raise Impossible


def set_mode(case, mode):
    case.mode = mode


def resize(case, pair):
    """One size becomes another everywhere."""
    old, new = pair
    leaves = {}
    for name, leaf in case.leaves.items():
        leaf = copy.copy(leaf)
        if old in leaf.shape:
            if leaf.fixed is not None:
                leaf.fixed = leaf.fixed[tuple(slice(new if size == old else size) for size in leaf.shape)]
            leaf.shape = tuple(new if size == old else size for size in leaf.shape)
        if leaf.below == old:
            leaf.below = new
        leaves[name] = leaf
    case.leaves = leaves
    try:
        case.values = Evaluation(case.opset).run(case, {name: leaf.draw(case.seed) for name, leaf in leaves.items()})
    except Invalid as error:
        raise Impossible from error
