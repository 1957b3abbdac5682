"""Ops that read or write where other values say."""

import numpy as np

from generator import types
from generator.builder import Rejected
from generator.ops import register


def index_rank(b, rank):
    return b.rng.randint(0, min(3, 5 - rank + 1))


@register("Gather", ranks=(1, 5))
def draw_gather(b, x):
    shape = b.shape_of(x)
    axis = b.axis(len(shape)) if b.chance(0.8) else None
    indices = b.indices(b.shape(index_rank(b, len(shape))), shape[axis or 0], negative=b.opset >= 11)
    if 0 == shape[axis or 0]:
        raise Rejected("nothing to gather")
    b.add("Gather", [x, indices], smooth=False, axis=axis)


def smaller(b, shape, axis):
    return tuple(b.size() if i == axis else b.rng.randint(min(size, 1), size) for i, size in enumerate(shape))


@register("GatherElements", ranks=(1, 5))
def draw_gather_elements(b, x):
    shape = b.shape_of(x)
    axis = b.axis(len(shape))
    if 0 in shape:
        raise Rejected("nothing to gather")
    indices = b.indices(smaller(b, shape, axis % len(shape)), shape[axis])
    b.pin(*b.shape_of(indices))
    b.add("GatherElements", [x, indices], smooth=False, axis=axis)


def tuples(b, shape, count, sizes):
    """Index tuples: each element below its own size."""
    columns = [b.rng.choices(range(-size if b.chance(0.3) else 0, size), k=int(np.prod(shape))) for size in sizes]
    b.pin(*sizes)
    return np.array(columns, np.int64).reshape(len(sizes), *shape).transpose(*range(1, len(shape) + 1), 0)


@register("GatherND", ranks=(1, 5), since=11)
def draw_gather_nd(b, x):
    shape = b.shape_of(x)
    batch = b.rng.randrange(len(shape)) if b.opset >= 12 and b.chance(0.3) else 0
    count = b.rng.randint(1, len(shape) - batch)
    if 0 in shape:
        raise Rejected("nothing to gather")
    lead = shape[:batch] + b.shape(b.rng.randrange(batch == 0 and 1 or 0, 3))
    array = tuples(b, lead, count, shape[batch : batch + count])
    b.pin(*shape[:batch])
    indices = b.leaf(array.shape, types.I64, fixed=array)
    b.add(
        "GatherND", [x, indices], smooth=False, batch_dims=batch if batch or b.chance(0.3) and b.opset >= 12 else None
    )


def scatter_reduction(b, dtype, add_since, more_since):
    choices = [None, None]
    if b.opset >= add_since and dtype != types.BOOL:
        choices += ["add", "mul", "none"]
    if b.opset >= more_since and dtype != types.BOOL:
        choices += ["min", "max"]
    return b.rng.choice(choices)


@register("ScatterElements", ranks=(1, 5))
def draw_scatter_elements(b, x):
    shape, dtype = b.shape_of(x), b[x].dtype
    axis = b.axis(len(shape))
    if 0 in shape:
        raise Rejected("nothing to scatter to")
    reduction = scatter_reduction(b, dtype, 16, 18)
    lead = tuple(b.rng.randint(1, size) for size in shape)
    if reduction in (None, "none"):
        # What is written twice has no defined value.
        order = np.argsort(np.random.default_rng(b.seed).random(shape), axis)
        array = order[tuple(slice(size) for size in lead)]
    else:
        array = np.array(b.rng.choices(range(shape[axis]), k=int(np.prod(lead))), np.int64).reshape(lead)
    if b.chance(0.3):
        array = array - shape[axis]
    b.pin(*shape)
    indices = b.leaf(array.shape, types.I64, fixed=array.astype(np.int64))
    low, high = (-1.5, 1.5) if reduction == "mul" else (-4, 4)
    updates = b.leaf(array.shape, dtype, low, high)
    op = "Scatter" if b.opset < 11 else "ScatterElements"
    b.add(op, [x, indices, updates], smooth=reduction in ("add", "mul"), axis=axis, reduction=reduction)


@register("ScatterND", ranks=(1, 5))
def draw_scatter_nd(b, x):
    shape, dtype = b.shape_of(x), b[x].dtype
    if 0 in shape:
        raise Rejected("nothing to scatter to")
    count = b.rng.randint(1, len(shape))
    reduction = scatter_reduction(b, dtype, 16, 18)
    slots = list(np.ndindex(*shape[:count]))
    number = b.rng.randint(1, min(len(slots), 12))
    chosen = b.rng.sample(slots, number) if reduction in (None, "none") else b.rng.choices(slots, k=number)
    array = np.array(chosen, np.int64).reshape(number, count)
    b.pin(*shape)
    indices = b.leaf(array.shape, types.I64, fixed=array)
    low, high = (-1.5, 1.5) if reduction == "mul" else (-4, 4)
    updates = b.leaf((number, *shape[count:]), dtype, low, high)
    b.add("ScatterND", [x, indices, updates], smooth=reduction in ("add", "mul"), reduction=reduction)


@register(
    "MaxUnpool", ranks=(4, 4), dtypes=(types.F32,), since=9, shape=lambda b: (1, b.choose(1, 2), 2, b.choose(2, 3))
)
def draw_max_unpool(b, x):
    shape = b.shape_of(x)
    if 0 in shape or max(shape) > 8:
        raise Rejected("nothing to unpool")
    size = shape[0] * shape[1] * shape[2] * 2 * shape[3] * 2
    places = np.random.default_rng(b.seed).permutation(size)[: b[x].size].reshape(shape)
    b.pin(*shape)
    b.add("MaxUnpool", [x, b.leaf(shape, types.I64, fixed=places)], smooth=False, kernel_shape=[2, 2], strides=[2, 2])


@register(
    "RoiAlign", ranks=(4, 4), dtypes=(types.F32,), since=10, shape=lambda b: (b.choose(1, 2), b.choose(1, 3), 7, 8)
)
def draw_roi_align(b, x):
    shape, count = b.shape_of(x), b.choose(1, 2, 3)
    if 0 in shape:
        raise Rejected("nothing to align")
    corner = np.random.default_rng(b.seed).integers(0, 24, (count, 2)) / 8
    rois = np.concatenate([corner, corner + 2.5], 1).astype(np.float32)
    b.pin(*shape)
    inputs = [x, b.leaf(rois.shape, types.F32, fixed=rois), b.indices((count,), shape[0], types.I64, negative=False)]
    given = {"coordinate_transformation_mode": b.choose("half_pixel", "output_half_pixel")} if b.opset >= 16 else {}
    size = {"output_height": b.choose(1, 2, 3), "output_width": b.choose(1, 2)}
    b.add(
        "RoiAlign", inputs, sampling_ratio=b.choose(1, 2), mode="avg", spatial_scale=b.choose(0.5, 1.0), **size, **given
    )


@register(
    "NonMaxSuppression",
    ranks=(3, 3),
    dtypes=(types.F32,),
    since=10,
    shape=lambda b: (b.choose(1, 2), b.choose(1, 5, 9), 4),
)
def draw_nms(b, x):
    batch, count, width = b.shape_of(x)
    if width != 4 or batch > 4 or count > 33:
        raise Rejected("no boxes")
    b.pin(batch, count, width)
    rng = np.random.default_rng(b.seed)
    low = rng.integers(0, 40, (batch, count, 2)) / 8
    boxes = np.concatenate([low, low + rng.integers(1, 40, (batch, count, 2)) / 8], 2).astype(np.float32)
    scores = rng.permutation(batch * 2 * count).reshape(batch, 2, count).astype(np.float32) / 64
    inputs = [b.leaf(boxes.shape, types.F32, fixed=boxes), b.leaf(scores.shape, types.F32, fixed=scores)]
    limits = [b.scalar(b.choose(1, 3), types.I64), b.scalar(0.5, types.F32), b.scalar(0.25, types.F32)][
        : b.choose(1, 2, 3)
    ]
    b.add("NonMaxSuppression", [*inputs, *limits], smooth=False)


@register(
    "AffineGrid", ranks=(3, 3), dtypes=(types.F32,), since=20, low=-2, high=2, shape=lambda b: (b.choose(1, 2), 2, 3)
)
def draw_affine_grid(b, x):
    shape = b.shape_of(x)
    if shape[1:] != (2, 3):
        raise Rejected("no affine map")
    b.pin(*shape)
    size = b.parameter([shape[0], 1, b.choose(2, 5), b.choose(2, 3)], are_sizes=True)
    b.add("AffineGrid", [x, size], align_corners=b.choose(0, 1))


@register("Compress", ranks=(0, 5))
def draw_compress(b, x):
    shape = b.shape_of(x)
    axis = b.axis(len(shape)) if shape and b.chance(0.6) else None
    length = b[x].size if axis is None else shape[axis]
    condition = b.leaf((b.rng.randint(min(1, length), length),), types.BOOL)
    b.pin(length)
    b.add("Compress", [x, condition], smooth=False, axis=axis)


RESIZES = (
    ("nearest", "half_pixel"), ("nearest", "asymmetric"), ("nearest", "align_corners"), ("nearest", "pytorch_half_pixel"),
    ("linear", "half_pixel"), ("linear", "asymmetric"), ("linear", "align_corners"), ("linear", "pytorch_half_pixel"),
    ("cubic", "half_pixel"), ("cubic", "asymmetric"), ("cubic", "align_corners"),
)  # fmt: skip


def spatial_image(b):
    return (b.choose(1, 2), b.choose(1, 3), *(b.choose(1, 2, 3, 4, 7, 9) for _ in range(2)))


@register("Resize", dtypes=(types.F32, types.F16, types.U8), ranks=(4, 4), since=11, exact=True, shape=spatial_image)
def draw_resize(b, x):
    shape = b.shape_of(x)
    if 0 in shape or max(shape[2:]) > 40:
        raise Rejected("nothing to resize")
    modes = RESIZES if types.is_float(b[x].dtype) else RESIZES[:4]
    mode, transformation = b.rng.choice(modes)
    given = {"mode": mode, "coordinate_transformation_mode": transformation}
    if mode == "nearest":
        given["nearest_mode"] = b.choose("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
    if mode == "cubic":
        given |= {"cubic_coeff_a": b.choose(-0.5, -0.75), "exclude_outside": b.choose(0, 1)}
    b.pin(*shape[2:])
    if b.chance(0.5):
        scales = [1.0, 1.0, *(b.choose(0.5, 1.0, 1.5, 2.0, 2.5, 3.0) for _ in shape[2:])]
        inputs = [x, "", b.parameter(scales, types.F32)]
    else:
        inputs = [x, "", "", b.parameter([*shape[:2], *(b.rng.randint(1, 3 * size) for size in shape[2:])])]
        b.pin(*shape[:2])
    if inputs[1] == "" and b.opset < 13:
        inputs[1] = b.leaf((0,), types.F32, fixed=np.zeros(0, np.float32), constant=True)
        if inputs[2] == "":
            inputs[2] = b.leaf((0,), types.F32, fixed=np.zeros(0, np.float32), constant=True)
    b.add("Resize", inputs, smooth=mode != "nearest", **given)


@register("GridSample", dtypes=(types.F32,), ranks=(4, 4), since=16, shape=spatial_image)
def draw_grid_sample(b, x):
    shape = b.shape_of(x)
    if 0 in shape or max(shape) > 40:
        raise Rejected("nothing to sample")
    grid = b.leaf((shape[0], b.rng.randint(1, 5), b.rng.randint(1, 5), 2), b[x].dtype, -1.25, 1.25)
    modes = ("bilinear", "nearest", "bicubic") if b.opset < 20 else ("linear", "nearest", "cubic")
    mode = b.rng.choice(modes)
    b.add(
        "GridSample",
        [x, grid],
        smooth=mode != "nearest",
        mode=mode,
        padding_mode=b.choose("zeros", "border", "reflection"),
        align_corners=b.choose(0, 1),
    )


@register("Col2Im", ranks=(3, 3), since=18, shape=lambda b: (b.choose(1, 2), 0, 0))
def draw_col2im(b, x):
    image, block = [b.choose(4, 5, 7), b.choose(4, 6)], [b.choose(1, 2, 3), b.choose(1, 2)]
    strides, pads = [b.choose(1, 2), b.choose(1, 2)], [b.choose(0, 1)] * 4
    counts = [(size + 2 * pads[0] - kernel) // stride + 1 for size, kernel, stride in zip(image, block, strides)]
    columns = b.leaf((b.choose(1, 2), b.choose(1, 3) * block[0] * block[1], counts[0] * counts[1]), b[x].dtype)
    b.pin(*b.shape_of(columns))
    sizes = [b.parameter(image, are_sizes=True), b.parameter(block, are_sizes=True)]
    b.add("Col2Im", [columns, *sizes], strides=strides, pads=pads)
