"""A case from a seed."""

import functools
import random

from generator import ops
from generator.builder import Builder, Rejected

OPSETS = (13, 17, 18, 20, 21, 22, 23)
NEWEST = 28


@functools.cache
def table():
    return ops.load()


def draw_opset(rng, op):
    least, most = op.first_opset(), min(NEWEST, op.until)
    fitting = [opset for opset in OPSETS if least <= opset <= most]
    return rng.choice(fitting) if fitting and rng.random() < 0.6 else rng.randint(least, most)


def add_first(builder, op):
    """A node of the op on a value of its own."""
    op.draw(builder, op.first(builder))


def add_next(builder, current):
    """A node on a value that is there, mostly the newest."""
    candidates = [
        op for op in table().values() if op.first_opset() <= builder.opset <= op.until and op.accepts(builder, current)
    ]
    if not candidates:
        return
    builder.rng.choice(candidates).draw(builder, current)


def pick_current(builder):
    results = [name for node in builder.nodes for name in node.outputs]
    return results[-1] if builder.chance(0.7) else builder.rng.choice([*results, *builder.leaves])


def attempt(builder, step):
    """Whether something was added; what is rejected leaves no trace."""
    before = builder.snapshot()
    try:
        step()
    except Rejected:
        builder.restore(before)
        return False
    if len(builder.nodes) == len(before[1]):
        builder.restore(before)
        return False
    return True


def generate(seed, only=None):
    """The case of a seed. `only` is the op that it begins with, else the seed says that too."""
    rng = random.Random(f"op {seed}")
    op = table()[only or rng.choice(sorted(table()))]
    builder = Builder(seed)
    for _ in range(8):
        builder.start(draw_opset(rng, op))
        if attempt(builder, lambda: add_first(builder, op)):
            break
    else:
        return None
    for _ in range(builder.rng.choice((0, 0, 0, 1, 2, 3, 5))):
        for _ in range(3):
            if attempt(builder, lambda: add_next(builder, pick_current(builder))):
                break
    return builder.finish()
