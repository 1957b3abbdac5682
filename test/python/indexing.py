"""What NumPy makes of the ops that follow indices."""

import numpy as np

from interpreting import ELEMENTS, FLOATS

SCANS = {"sum": np.add, "product": np.multiply, "min": np.minimum, "max": np.maximum, "and": np.logical_and, "or": np.logical_or}


def neutral(kind, dtype):
    if kind in ("min", "max"):
        if ELEMENTS[dtype] in FLOATS:
            return np.inf if kind == "min" else -np.inf
        bounds = np.iinfo(dtype)
        return bounds.max if kind == "min" else bounds.min
    return {"sum": 0, "product": 1, "and": True, "or": False}[kind]


def scan_oracle(kind, x, axis, exclusive, reverse):
    """Floats are accumulated in double and rounded where they are stored."""
    wide = x.astype(np.float64) if ELEMENTS[x.dtype] in FLOATS else x
    wide = np.flip(wide, axis) if reverse else wide
    if exclusive:
        first = np.full([1 if a == axis else n for a, n in enumerate(x.shape)], neutral(kind, x.dtype), wide.dtype)
        wide = np.concatenate([first, wide], axis).take(range(x.shape[axis]), axis)
    with np.errstate(all="ignore"):
        result = SCANS[kind].accumulate(wide, axis, dtype=wide.dtype) if x.size else wide
        return (np.flip(result, axis) if reverse else result).astype(x.dtype)


def argsort_oracle(x, axis, descending, size):
    """NumPy sorts NaN last; the reverse of an ascending order of the reversed is a stable descending one."""
    keys = x.astype(np.float64) if ELEMENTS[x.dtype] in FLOATS else x
    if descending:
        last = x.shape[axis] - 1
        order = last - np.flip(np.argsort(np.flip(keys, axis), axis, kind="stable"), axis)
    else:
        order = np.argsort(keys, axis, kind="stable")
    return np.ascontiguousarray(order.take(range(size), axis)).astype(np.int64)


def scatter_oracle(x, axes, indices, updates, kind):
    result = x.copy()
    for at in np.ndindex(updates.shape):
        place, rest = [], list(indices)
        for axis in axes:
            place.append(int(rest.pop(0)[at]) if axis is None else at[axis])
        if any(i < 0 or i >= n for i, n in zip(place, x.shape)):
            continue
        place = tuple(place)
        if kind is None:
            result[place] = updates[at]
            continue
        old, new = result[place], updates[at]
        if ELEMENTS[x.dtype] in FLOATS:
            old, new = float(old), float(new)
        with np.errstate(all="ignore"):
            result[place] = np.asarray(SCANS[kind](old, new)).astype(x.dtype)
    return result
