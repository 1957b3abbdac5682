"""Products, convolutions and windows."""

import math

from generator import types
from generator.builder import Rejected
from generator.ops import register


@register("MatMul", ranks=(1, 5))
def draw_matmul(b, x):
    array = b[x]
    inner = array.shape[-1]
    if b.chance(0.15):
        other = (inner,)
    else:
        batch = b.narrowed(array.shape[:-2]) if b.chance(0.7) else (b.choose(1, 2, 3),) * (array.ndim == 2)
        other = (*batch, inner, b.size())
    b.add("MatMul", [x, b.other(other, array.dtype)])


@register("Gemm", ranks=(2, 2))
def draw_gemm(b, x):
    array, columns = b[x], b.size()
    trans_a, trans_b = b.choose(0, 0, 1), b.choose(0, 1)
    rows, inner = array.shape[::-1] if trans_a else array.shape
    inputs = [x, b.other((columns, inner) if trans_b else (inner, columns), array.dtype)]
    if b.opset < 11 or b.chance(0.7):
        inputs.append(b.leaf(b.narrowed((rows, columns)), array.dtype))
    scales = (
        {}
        if not types.is_float(array.dtype)
        else {name: b.choose(0.5, 1.0, 2.0) for name in ("alpha", "beta") if b.chance(0.4)}
    )
    b.add("Gemm", inputs, transA=trans_a or None, transB=trans_b or None, **scales)


def window(b, spatial, kernel, dilations=None, always=False):
    """Strides, pads and the like for a window, in their several forms."""
    axes = len(spatial)
    given = {"strides": [b.choose(1, 1, 2, 3) for _ in range(axes)]} if always or b.chance(0.7) else {}
    if dilations:
        given["dilations"] = dilations
    if b.chance(0.2):
        given["auto_pad"] = b.choose("SAME_UPPER", "SAME_LOWER", "VALID")
    elif b.chance(0.6):
        reach = [(size - 1) * dilation for size, dilation in zip(kernel, dilations or [1] * axes)]
        given["pads"] = [b.rng.randint(0, min(2, kernel[axis % axes] - 1)) for axis in range(2 * axes)]
        if b.chance(0.3):
            given["pads"] = [
                max(0, span // 2) if span // 2 < kernel[axis] else 0
                for _ in range(2)
                for axis, span in enumerate(reach)
            ]
    return given


def image(b):
    """A batch of images with channels that groups divide."""
    axes = b.choose(1, 2, 2, 2, 3)
    most = (33, 17, 8)[axes - 1]
    sizes = [b.rng.randint(3, most) for _ in range(axes)]
    return (b.choose(1, 1, 2, 3), b.choose(1, 2, 3, 4, 6, 8, 17), *sizes)


def conv_kernel(b, spatial):
    kernel = [b.choose(1, 2, 3, 3, 5) for _ in spatial]
    dilations = [b.choose(1, 2, 3) for _ in spatial] if b.chance(0.3) else None
    for axis, size in enumerate(spatial):
        while (kernel[axis] - 1) * (dilations[axis] if dilations else 1) >= max(size, 1):
            kernel[axis] -= 1
            if kernel[axis] < 1:
                raise Rejected("nothing to convolve")
    return kernel, dilations


def conv(name):
    @register(name, ranks=(3, 5), dtypes=(types.F32, types.F64, types.F16, types.BF16), shape=image)
    def draw(b, x):
        shape = b.shape_of(x)
        channels, spatial = shape[1], shape[2:]
        if not channels:
            raise Rejected("no channels")
        group = b.choose(1, 1, channels, *(size for size in (2, 3) if channels % size == 0))
        kernel, dilations = conv_kernel(b, spatial)
        per_group = b.choose(1, 2, 3, 5, 16)
        given = window(b, spatial, kernel, dilations)
        if name == "Conv":
            weight = (group * per_group, channels // group, *kernel)
        else:
            weight = (channels, per_group, *kernel)
            if b.chance(0.4) and "strides" in given:
                given["output_padding"] = [b.rng.randrange(stride) for stride in given["strides"]]
        inputs = [x, b.leaf(weight, b[x].dtype, -2, 2)]
        if b.chance(0.5):
            inputs.append(b.leaf((group * per_group,), b[x].dtype))
        b.pin(channels, *weight)
        b.add(
            name,
            inputs,
            group=group if group > 1 or b.chance(0.2) else None,
            kernel_shape=kernel if b.chance(0.7) else None,
            **given,
        )


conv("Conv")
conv("ConvTranspose")


def pool(name):
    @register(name, ranks=(3, 5), shape=image)
    def draw(b, x):
        spatial = b.shape_of(x)[2:]
        kernel, dilations = conv_kernel(b, spatial)
        if b.opset < (10 if name == "MaxPool" else 19 if name == "AveragePool" else 18):
            dilations = None
        given = window(b, spatial, kernel, dilations, always=True)
        if b.opset >= (10 if name != "LpPool" else 18) and b.chance(0.3):
            given["ceil_mode"] = 1
        if name == "AveragePool" and b.chance(0.4):
            given["count_include_pad"] = 1
        if name == "LpPool":
            given["p"] = b.choose(1, 2, 3)
        count = 2 if name == "MaxPool" and b.opset >= 8 and b.chance(0.15) else 1
        if name == "MaxPool" and b.opset >= 8 and count == 2:
            given["storage_order"] = b.choose(0, 1)
        b.add(name, [x], count, kernel_shape=kernel, **given)


for op in ("MaxPool", "AveragePool", "LpPool"):
    pool(op)

EQUATIONS = (
    "ij,jk->ik", "bij,bjk->bik", "...ij,...jk->...ik", "ij->ji", "ij->", "ii->i", "ij,ij->i", "i,j->ij", "bhqd,bhkd->bhqk",
    "ij,jk", "bij,kj->bik", "abc->cab", "i,i->", "ijk,k->ij", "ab,bc,cd->ad",
)  # fmt: skip


@register("Einsum", ranks=(1, 4), since=12)
def draw_einsum(b, x):
    array = b[x]
    fitting = [text for text in EQUATIONS if "..." not in text and len(text.split("->")[0].split(",")[0]) == array.ndim]
    equation = b.rng.choice(fitting)
    if equation == "ii->i" and len(set(array.shape)) > 1:
        equation = "ij->ji"
    terms = equation.split("->")[0].split(",")
    sizes = dict(zip(terms[0], array.shape))
    inputs = [x]
    for term in terms[1:]:
        for letter in term:
            sizes.setdefault(letter, b.choose(1, 2, 3, 5, 7))
        inputs.append(b.other(tuple(sizes[letter] for letter in term), array.dtype))
    if math.prod(sizes.values()) > 10**6:
        raise Rejected("too large")
    b.add("Einsum", inputs, equation=equation)


@register("MatMulInteger", ranks=(2, 3))
def draw_matmul_integer(b, x):
    array = b[x]
    y = b.leaf((array.shape[-1], b.size()), b.choose(types.I8, types.U8))
    points = [b.scalar(b.choose(0, 1, 3), array.dtype), b.scalar(b.choose(0, 2), b[y].dtype)][: b.rng.randrange(3)]
    b.add("MatMulInteger", [x, y, *points])


@register("ConvInteger", ranks=(3, 4), shape=image)
def draw_conv_integer(b, x):
    shape = b.shape_of(x)
    kernel, dilations = conv_kernel(b, shape[2:])
    w = b.leaf((b.choose(1, 2, 5), shape[1], *kernel), b.choose(types.I8, types.U8))
    b.pin(shape[1])
    point = [b.scalar(b.choose(0, 1, 3), b[x].dtype)] if b.chance(0.6) else []
    b.add("ConvInteger", [x, w, *point], **window(b, shape[2:], kernel, dilations))


@register(
    "Det", ranks=(2, 4), low=-2, high=2, shape=lambda b: (*b.shape(b.rng.randrange(2)), *(b.choose(1, 2, 3, 5),) * 2)
)
def draw_det(b, x):
    b.add("Det", [x])
