"""Ops that move elements, and those that make them of sizes."""

import math

import numpy as np
import onnx

from generator import types
from generator.ops import register


@register("Transpose")
def draw_transpose(b, x):
    rank = b[x].ndim
    b.add("Transpose", [x], smooth=False, perm=b.permutation(rank) if b.chance(0.85) else None)


def factors(b, count):
    """Sizes that multiply to `count`."""
    sizes = []
    for _ in range(b.rng.randrange(4)):
        divisors = [size for size in range(1, min(count, 70) + 1) if count % size == 0] or [1]
        sizes.append(b.rng.choice(divisors))
        count //= sizes[-1]
    return sizes + [count]


@register("Reshape")
def draw_reshape(b, x):
    array = b[x]
    keep = b.rng.randrange(array.ndim + 1) if b.chance(0.4) else 0
    kept = array.shape[:keep]
    if 0 in kept or array.size == 0:
        kept, target = (), list(array.shape) + [1]
    else:
        target = [0] * keep + factors(b, array.size // math.prod(kept))
    if b.chance(0.5) and array.size and len(target) > keep:
        target[b.rng.randrange(keep, len(target))] = -1
    allow_zero = 1 if b.opset >= 14 and not keep and array.size == 0 else None
    b.add("Reshape", [x, b.parameter(target, are_sizes=True)], smooth=False, allowzero=allow_zero)


@register("Flatten")
def draw_flatten(b, x):
    rank = b[x].ndim
    axis = b.rng.randint(-rank if b.opset >= 11 else 0, rank)
    b.add("Flatten", [x], smooth=False, axis=axis if b.chance(0.8) else None)


def axes_form(b, op, x, axes, since=13):
    """Axes as an attribute or an input."""
    if b.opset < since:
        b.add(op, [x], smooth=False, axes=axes)
    else:
        b.add(op, [x, b.parameter(axes)] if axes is not None else [x], smooth=False)


@register("Squeeze")
def draw_squeeze(b, x):
    shape = b.shape_of(x)
    ones = [axis for axis, size in enumerate(shape) if size == 1]
    chosen = b.rng.sample(ones, b.rng.randint(0, len(ones)))
    axes_form(b, "Squeeze", x, chosen if chosen else None)


@register("Unsqueeze", ranks=(0, 4))
def draw_unsqueeze(b, x):
    rank = b[x].ndim
    count = b.rng.randint(1, 5 - rank)
    axes = b.rng.sample(range(rank + count), count)
    if b.opset >= 11:
        axes = [axis - rank - count if b.chance(0.3) else axis for axis in axes]
    axes_form(b, "Unsqueeze", x, axes)


@register("Concat", ranks=(1, 5))
def draw_concat(b, x):
    array, inputs = b[x], [x]
    axis = b.axis(array.ndim) if b.opset >= 11 else b.rng.randrange(array.ndim)
    for _ in range(b.rng.randrange(4)):
        shape = list(array.shape)
        if b.chance(0.6):
            shape[axis] = b.size()
        inputs.append(b.other(shape, array.dtype))
    b.rng.shuffle(inputs)
    b.add("Concat", inputs, smooth=False, axis=axis)


@register("Split", ranks=(1, 5))
def draw_split(b, x):
    shape = b.shape_of(x)
    axis = b.axis(len(shape)) if b.opset >= 11 else b.rng.randrange(len(shape))
    size, parts = shape[axis], b.rng.randint(1, 3)
    if b.opset >= 18 and b.chance(0.4) or size % parts == 0 and b.chance(0.4):
        if b.opset >= 18:
            parts = min(parts, max(size, 1))
        b.add("Split", [x], parts, smooth=False, axis=axis, num_outputs=parts if b.opset >= 18 else None)
        return
    cuts = sorted(b.rng.randint(0, size) for _ in range(parts - 1))
    sizes = [end - begin for begin, end in zip([0, *cuts], [*cuts, size])]
    b.pin(size)
    if b.opset < 13:
        b.add("Split", [x], parts, smooth=False, axis=axis, split=sizes)
    else:
        b.add("Split", [x, b.parameter(sizes, are_sizes=True)], parts, smooth=False, axis=axis)


def bounds(b, size):
    """Begin, end and step of a slice, in every form that ONNX allows."""
    step = b.choose(1, 1, 1, 2, 3, -1, -1, -2) if b.opset >= 10 else 1
    begin, end = b.rng.randint(-size - 2, size + 1), b.rng.randint(-size - 2, size + 1)
    if b.chance(0.2):
        begin = b.choose(0, -(2**31), 2**31 - 1)
    if b.chance(0.3):
        # The largest number means the end to onnxruntime, even of a slice that runs backwards.
        end = b.choose(*([2**63 - 1, 2**31 - 1] if step > 0 else [-size - 2]), -(2**63), size)
    return begin, end, step


@register("Slice", ranks=(1, 5))
def draw_slice(b, x):
    shape = b.shape_of(x)
    axes = b.rng.sample(range(len(shape)), b.rng.randint(1, len(shape)))
    if b.chance(0.2):
        axes = list(range(len(axes)))
    starts, ends, steps = zip(*(bounds(b, shape[axis]) for axis in axes))
    if b.opset < 10:
        b.add("Slice", [x], smooth=False, starts=starts, ends=ends, axes=axes)
        return
    has_axes = axes != list(range(len(axes))) or b.chance(0.5)
    axes = [axis - len(shape) if b.chance(0.3) and b.opset >= 11 else axis for axis in axes]
    inputs = [b.parameter(starts), b.parameter(ends), b.parameter(axes) if has_axes else ""]
    if any(step != 1 for step in steps) or b.chance(0.3):
        inputs.append(b.parameter(steps))
    b.add("Slice", [x, *inputs], smooth=False)


@register("Expand")
def draw_expand(b, x):
    shape = [b.choose(2, 3, 7) if size == 1 and b.chance(0.7) else b.choose(size, size, 1) for size in b.shape_of(x)]
    if b.chance(0.3) and len(shape) < 5:
        shape = [b.choose(1, 2, 3), *shape]
    elif b.chance(0.2):
        shape = shape[1:]
    b.add("Expand", [x, b.parameter(shape, are_sizes=True)], smooth=False)


@register("Tile")
def draw_tile(b, x):
    repeats = [b.choose(1, 1, 2, 3, 0 if b.chance(0.1) else 1) for _ in b.shape_of(x)]
    b.add("Tile", [x, b.parameter(repeats)], smooth=False)


@register("Pad", ranks=(1, 5), since=7)
def draw_pad(b, x):
    array = b[x]
    mode = b.choose("constant", "constant", "reflect", "edge", *(["wrap"] if b.opset >= 19 else []))
    axes = sorted(b.rng.sample(range(array.ndim), b.rng.randint(1, array.ndim)))
    is_partial = b.opset >= 18 and b.chance(0.3)
    padded = axes if is_partial else range(array.ndim)

    def amount(axis):
        if axis not in axes:
            return 0
        if mode == "constant":
            return b.choose(0, 1, 2, 3) if b.chance(0.8) or array.shape[axis] < 5 else -1
        return b.rng.randint(0, min(max(array.shape[axis] - 1, 0), 4))

    amounts = [amount(axis) for _ in range(2) for axis in padded]
    value = b.choose(0, 1, 3)
    if b.opset < 11:
        b.add("Pad", [x], smooth=False, mode=mode, pads=amounts, value=float(value) if b.chance(0.5) else None)
        return
    inputs = [x, b.parameter(amounts)]
    if mode == "constant" and b.chance(0.7):
        inputs.append(b.scalar(value, array.dtype))
    if is_partial:
        inputs += [""] * (3 - len(inputs))
        inputs.append(b.parameter([axis - array.ndim if b.chance(0.3) else axis for axis in axes]))
    b.add("Pad", inputs, smooth=False, mode=mode)


@register("DepthToSpace", ranks=(4, 4), shape=lambda b: (b.choose(1, 2, 3), b.choose(4, 8, 9, 36), *b.shape(2)))
def draw_depth_to_space(b, x):
    fitting = [size for size in (1, 2, 3) if b.shape_of(x)[1] % (size * size) == 0]
    mode = b.choose("DCR", "CRD", None) if b.opset >= 11 else None
    b.pin(b.shape_of(x)[1])
    b.add("DepthToSpace", [x], smooth=False, blocksize=b.rng.choice(fitting), mode=mode)


@register("SpaceToDepth", ranks=(4, 4), shape=lambda b: (*b.shape(2), b.choose(2, 6, 12), b.choose(4, 6, 12)))
def draw_space_to_depth(b, x):
    shape = b.shape_of(x)
    fitting = [size for size in (1, 2, 3) if shape[2] % size == 0 and shape[3] % size == 0]
    b.pin(*shape[2:])
    b.add("SpaceToDepth", [x], smooth=False, blocksize=b.rng.choice(fitting))


@register("Shape")
def draw_shape(b, x):
    rank = b[x].ndim
    given = {}
    if b.opset >= 15:
        given = {name: b.rng.randint(-rank - 1, rank + 1) for name in ("start", "end") if b.chance(0.4)}
    shape = b.add("Shape", [x], smooth=False, **given)
    if b.chance(0.5) and not given:
        y = b.other(b.shape_of(x), b[x].dtype)
        b.add("Reshape", [y, shape], smooth=False)


@register("Size")
def draw_size(b, x):
    b.add("Size", [x], smooth=False)


@register("ConstantOfShape", dtypes=(types.I64,), shape=lambda b: (b.rng.randrange(5),))
def draw_constant_of_shape(b, x):
    # The first input is only where the op stands; a shape is small and not negative.
    shape = b.parameter(b.shape(b.rng.randrange(5)))
    value = None
    if b.chance(0.8):
        array = np.array([b.choose(0, 1, 3)], b.dtype(types.ALL))
        value = onnx.numpy_helper.from_array(array)
    b.add("ConstantOfShape", [shape], smooth=False, value=value)


@register("EyeLike", ranks=(2, 2))
def draw_eye_like(b, x):
    dtype = types.to_onnx(b.dtype(types.NUMBERS)) if b.chance(0.5) else None
    b.add("EyeLike", [x], smooth=False, dtype=dtype, k=b.choose(None, -1, 0, 2))


@register("Range", dtypes=(types.I32, types.I64, types.F32, types.F64), ranks=(0, 0))
def draw_range(b, x):
    dtype = b[x].dtype
    begin, step = b.choose(0, 0, 2, -3), b.choose(1, 1, 2, -1, 3)
    limit = begin + step * b.rng.randrange(20) + b.choose(0, 0, step // 2)
    b.add("Range", [b.scalar(value, dtype) for value in (begin, limit, step)], smooth=False)


@register("Trilu", ranks=(2, 5))
def draw_trilu(b, x):
    inputs = [x, b.scalar(b.choose(-2, -1, 0, 1, 40), types.I64)] if b.chance(0.6) else [x]
    b.add("Trilu", inputs, smooth=False, upper=b.choose(0, 1, None))


@register("CenterCropPad", ranks=(1, 5))
def draw_center_crop_pad(b, x):
    rank = b[x].ndim
    axes = b.rng.sample(range(rank), b.rng.randint(1, rank)) if b.chance(0.6) else list(range(rank))
    is_whole = axes == list(range(rank)) and b.chance(0.5)
    sizes = [b.choose(1, 2, 5, 8) for _ in axes]
    b.add("CenterCropPad", [x, b.parameter(sizes)], smooth=False, axes=None if is_whole else axes)


@register("ReverseSequence", ranks=(2, 5))
def draw_reverse_sequence(b, x):
    batch, time = b.rng.sample([0, 1], 2)
    shape = b.shape_of(x)
    if 0 in shape:
        return
    lengths = b.leaf((shape[batch],), types.I64, low=1, high=shape[time])
    b.pin(shape[time])
    b.add("ReverseSequence", [x, lengths], smooth=False, batch_axis=batch, time_axis=time)


@register("OneHot", dtypes=(types.I64, types.I32, types.U8), ranks=(0, 4), low=-3, high=3, exact=True)
def draw_one_hot(b, x):
    rank, depth = b[x].ndim, b.choose(1, 3, 5, 17)
    dtype = b.dtype(types.ALL)
    values = b.leaf((2,), dtype, fixed=np.array([0, 1] if b.chance(0.6) else [1, 3], dtype))
    depth = b.scalar(depth, types.I64)
    axis = b.rng.randint(-rank - 1, rank) if b.chance(0.7) else None
    b.add("OneHot", [x, depth, values], smooth=False, axis=axis)
