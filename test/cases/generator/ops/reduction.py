"""Reductions, scans, orders."""

import numpy as np

from generator import types
from generator.builder import Rejected
from generator.ops import register

REDUCTIONS = {
    "ReduceL1": (-4, 4), "ReduceL2": (-4, 4), "ReduceLogSum": (0.125, 4), "ReduceLogSumExp": (-4, 4), "ReduceMax": (-4, 4),
    "ReduceMean": (-4, 4), "ReduceMin": (-4, 4), "ReduceProd": (-1.5, 1.5), "ReduceSum": (-4, 4), "ReduceSumSquare": (-4, 4),
}  # fmt: skip


def reduction(name, low, high):
    @register(name, low=low, high=high)
    def draw(b, x):
        shape = b.shape_of(x)
        axes = b.some_axes(len(shape)) if b.chance(0.8) else None
        if b.opset < 11 and axes is not None:
            axes = [axis % len(shape) for axis in axes]
        # Nothing to reduce means all of it, unless the model says otherwise.
        given = {"keepdims": b.choose(0, 1)} if b.chance(0.7) else {}
        if b.opset < (13 if name == "ReduceSum" else 18):
            result = b.add(name, [x], axes=axes or None, **given)
        else:
            if b.chance(0.3):
                given["noop_with_empty_axes"] = b.choose(0, 1)
            result = b.add(name, [x] if axes is None else [x, b.parameter(axes)], **given)
        if name == "ReduceProd" and np.any(np.abs(b[result].astype(np.float64)) > 2**30):
            raise Rejected("onnxruntime saturates where others wrap")


for op, (low, high) in REDUCTIONS.items():
    reduction(op, low, high)


def arg_reduction(name):
    @register(name, ranks=(1, 5), exact=True)
    def draw(b, x):
        rank = b[x].ndim
        axis = b.axis(rank) if b.opset >= 11 else b.rng.randrange(rank)
        last = b.choose(0, 1, None) if b.opset >= 12 else None
        b.add(
            name,
            [x],
            smooth=False,
            axis=axis if b.chance(0.8) else None,
            keepdims=b.choose(0, 1, None),
            select_last_index=last,
        )


arg_reduction("ArgMax")
arg_reduction("ArgMin")


def scan(name, low, high):
    @register(name, ranks=(1, 5), low=low, high=high)
    def draw(b, x):
        axis = b.scalar(b.axis(b[x].ndim), b.choose(types.I32, types.I64))
        b.add(name, [x, axis], exclusive=b.choose(0, 1, None), reverse=b.choose(0, 1, None))


scan("CumSum", -4, 4)
scan("CumProd", -1.5, 1.5)


@register("TopK", ranks=(1, 5), exact=True)
def draw_top_k(b, x):
    shape = b.shape_of(x)
    axis = b.axis(len(shape)) if b.opset >= 11 else b.rng.randrange(len(shape))
    k = b.rng.randint(0, shape[axis]) if b.chance(0.2) else min(shape[axis], b.choose(1, 2, 5))
    order = {"largest": b.choose(0, 1, None), "sorted": b.choose(1, None)} if b.opset >= 11 else {}
    b.pin(shape[axis])
    if b.opset < 10:
        b.add("TopK", [x], 2, smooth=False, axis=axis, k=k)
    else:
        b.add("TopK", [x, b.parameter([k])], 2, smooth=False, axis=axis, **order)


@register("NonZero", exact=True)
def draw_non_zero(b, x):
    b.add("NonZero", [x], smooth=False)


@register("Unique", exact=True)
def draw_unique(b, x):
    rank = b[x].ndim
    axis = b.axis(rank) if rank and b.chance(0.5) else None
    b.add("Unique", [x], b.choose(1, 2, 4), smooth=False, axis=axis, sorted=b.choose(1, None, 0))


@register("Hardmax", ranks=(1, 5), exact=True)
def draw_hardmax(b, x):
    b.add("Hardmax", [x], smooth=False, axis=softmax_axis(b, x))


def softmax_axis(b, x):
    rank = b[x].ndim
    if b.opset < 13 and not rank > 1:
        return 0
    return b.choose(None, b.axis(rank) if b.opset >= 11 else b.rng.randrange(rank))


def softmax(name):
    @register(name, ranks=(1, 5))
    def draw(b, x):
        b.add(name, [x], axis=softmax_axis(b, x))


softmax("Softmax")
softmax("LogSoftmax")


def global_pool(name):
    @register(name, ranks=(3, 5))
    def draw(b, x):
        b.add(name, [x], **({"p": b.choose(1, 2, 3)} if name == "GlobalLpPool" else {}))


for op in ("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"):
    global_pool(op)
