"""Norms, losses, attention, recurrent cells, quantisation, control flow."""

import numpy as np
import onnx

from generator import types
from generator.builder import Rejected
from generator.ops import register
from generator.ops.contraction import conv_kernel, image, window

HALVES_TOO = (types.F32, types.F16, types.F64)


def parts(b, x, count, shape, low=-4, high=4):
    return [b.leaf(shape, b[x].dtype, low, high) for _ in range(count)]


@register("BatchNormalization", ranks=(2, 5))
def draw_batch_norm(b, x):
    channels = (b.shape_of(x)[1],)
    scale, bias, mean = parts(b, x, 3, channels, -2, 2)
    variance = b.leaf(channels, b[x].dtype, 0.25, 4)
    b.add("BatchNormalization", [x, scale, bias, mean, variance], epsilon=b.choose(None, 0.01))


@register("InstanceNormalization", ranks=(3, 5), dtypes=HALVES_TOO, shape=image)
def draw_instance_norm(b, x):
    b.add("InstanceNormalization", [x, *parts(b, x, 2, (b.shape_of(x)[1],))], epsilon=b.choose(None, 0.01))


@register("LayerNormalization", ranks=(1, 5), dtypes=HALVES_TOO)
def draw_layer_norm(b, x):
    shape = b.shape_of(x)
    axis = b.axis(len(shape))
    axis = -1 if b.chance(0.5) else axis
    inputs = [x, *parts(b, x, b.choose(1, 2), shape[axis:])]
    b.add("LayerNormalization", inputs, b.choose(1, 1, 3), axis=axis, epsilon=b.choose(None, 0.01))


@register("RMSNormalization", ranks=(1, 5), dtypes=HALVES_TOO)
def draw_rms_norm(b, x):
    shape = b.shape_of(x)
    axis = b.axis(len(shape))
    b.add("RMSNormalization", [x, *parts(b, x, 1, shape[axis:])], axis=axis, epsilon=b.choose(None, 0.01))


@register("GroupNormalization", ranks=(3, 5), dtypes=HALVES_TOO, shape=image)
def draw_group_norm(b, x):
    channels = b.shape_of(x)[1]
    groups = b.rng.choice([size for size in (1, 2, 3, 4, channels) if size and channels % size == 0] or [1])
    b.pin(channels)
    size = groups if b.opset < 21 else channels
    b.add("GroupNormalization", [x, *parts(b, x, 2, (size,))], num_groups=groups, epsilon=b.choose(None, 0.01))


@register("LpNormalization", ranks=(1, 5), low=0.125)
def draw_lp_norm(b, x):
    b.add("LpNormalization", [x], axis=b.axis(b[x].ndim), p=b.choose(1, 2, None))


@register("MeanVarianceNormalization", ranks=(4, 4), shape=image)
def draw_mvn(b, x):
    axes = sorted(b.rng.sample(range(4), b.rng.randint(1, 4))) if b.chance(0.5) else None
    b.add("MeanVarianceNormalization", [x], axes=axes)


@register("LRN", ranks=(3, 5), shape=image)
def draw_lrn(b, x):
    given = {name: value for name, value in (("alpha", 0.01), ("beta", 0.5), ("bias", 2.0)) if b.chance(0.5)}
    b.add("LRN", [x], size=b.choose(1, 3, 5), **given)


@register("SoftmaxCrossEntropyLoss", ranks=(2, 4), dtypes=HALVES_TOO, since=12)
def draw_cross_entropy(b, x):
    draw_loss(b, "SoftmaxCrossEntropyLoss", x, b.choose(1, 2))


@register("NegativeLogLikelihoodLoss", ranks=(2, 4), dtypes=HALVES_TOO, since=12)
def draw_nll(b, x):
    draw_loss(b, "NegativeLogLikelihoodLoss", x, 1)


def draw_loss(b, op, x, count):
    shape = b.shape_of(x)
    if 0 in shape:
        raise Rejected("no classes")
    labels = b.indices((shape[0], *shape[2:]), shape[1], negative=False)
    inputs = [x, labels]
    if b.chance(0.5):
        inputs.append(b.leaf((shape[1],), b[x].dtype, 0.25, 2))
    ignored = b.rng.randrange(shape[1]) if b.chance(0.3) else None
    b.add(op, inputs, count, reduction=b.choose("mean", "sum", "none", None), ignore_index=ignored)


def recurrent(name, gates):
    @register(
        name,
        ranks=(3, 3),
        dtypes=(types.F32,),
        shape=lambda b: (b.choose(1, 2, 5), b.choose(1, 2, 3), b.choose(1, 3, 8)),
    )
    def draw(b, x):
        length, batch, width = b.shape_of(x)
        if 0 in (length, batch, width) or max(length, batch, width) > 33:
            raise Rejected("too long")
        direction = b.choose("forward", "reverse", "bidirectional", None)
        count, hidden, dtype = 1 + (direction == "bidirectional"), b.choose(1, 2, 5, 8), b[x].dtype
        layout = b.choose(None, 0) if b.opset >= 14 else None
        inputs = [
            x,
            b.leaf((count, gates * hidden, width), dtype, -1, 1),
            b.leaf((count, gates * hidden, hidden), dtype, -1, 1),
            b.leaf((count, 2 * gates * hidden), dtype, -1, 1) if b.chance(0.6) else "",
            b.leaf((batch,), types.I32, low=1, high=length) if b.chance(0.3) else "",
            b.leaf((count, batch, hidden), dtype, -1, 1) if b.chance(0.5) else "",
        ]
        if name == "LSTM":
            inputs.append(b.leaf((count, batch, hidden), dtype, -1, 1) if b.chance(0.5) else "")
            if b.chance(0.3):
                inputs.append(b.leaf((count, 3 * hidden), dtype, -1, 1))
        b.pin(width, hidden, gates * hidden, length)
        given = {"clip": 1.5} if b.chance(0.15) else {}
        if name == "GRU":
            given["linear_before_reset"] = b.choose(0, 1, None)
        outputs = 2 if name != "LSTM" else 3
        b.add(name, inputs, b.rng.randint(1, outputs), hidden_size=hidden, direction=direction, layout=layout, **given)


recurrent("RNN", 1)
recurrent("GRU", 3)
recurrent("LSTM", 4)


@register(
    "Attention",
    ranks=(4, 4),
    dtypes=(types.F32, types.F16),
    since=23,
    shape=lambda b: (b.choose(1, 2), b.choose(1, 2, 4), *b.shape(1), b.choose(4, 8)),
)
def draw_attention(b, x):
    batch, heads, length, width = b.shape_of(x)
    if 0 in b.shape_of(x) or width > 64 or heads > 8:
        raise Rejected("no attention")
    kv_heads = b.rng.choice([count for count in (1, 2, heads) if heads % count == 0])
    total, value_width = b.choose(length, 1, 3, 17), b.choose(width, 3)
    key = b.leaf((batch, kv_heads, total, width), b[x].dtype, -1, 1)
    value = b.leaf((batch, kv_heads, total, value_width), b[x].dtype, -1, 1)
    inputs = [x, key, value]
    if b.chance(0.4):
        inputs.append(
            b.leaf(
                b.choose((length, total), (1, 1, length, total), (batch, 1, length, total)),
                b.choose(b[x].dtype, types.BOOL),
                -1,
                1,
            )
        )
    given = {"is_causal": b.choose(0, 1)} if b.chance(0.5) else {}
    if b.chance(0.3):
        given["scale"] = 0.5
    if b.chance(0.2):
        given["softcap"] = 2.0
    b.pin(heads, kv_heads)
    b.add("Attention", inputs, **given)


@register(
    "RotaryEmbedding",
    ranks=(4, 4),
    dtypes=(types.F32, types.F16),
    since=23,
    shape=lambda b: (b.choose(1, 2), b.choose(1, 3), b.choose(1, 5), b.choose(4, 8)),
)
def draw_rotary(b, x):
    batch, _, length, width = b.shape_of(x)
    if width % 2 or 0 in b.shape_of(x):
        raise Rejected("pairs are needed")
    shape = (batch, length, width // 2)
    b.pin(*shape, width)
    b.add("RotaryEmbedding", [x, *parts(b, x, 2, shape, -1, 1)], interleaved=b.choose(0, 1, None))


@register("QuantizeLinear", dtypes=(types.F32,), low=-4, exact=True)
def draw_quantize(b, x):
    dtype = b.choose(types.U8, types.I8)
    scale = b.leaf((), types.F32, fixed=np.array(b.choose(0.0625, 0.25, 0.5), np.float32))
    b.add("QuantizeLinear", [x, scale, b.scalar(b.choose(0, 3, 100), dtype)], smooth=False)


@register("DequantizeLinear", dtypes=(types.U8, types.I8, types.I32))
def draw_dequantize(b, x):
    scale = b.leaf((), types.F32, fixed=np.array(b.choose(0.0625, 0.3, 0.5), np.float32))
    zero = [b.scalar(0 if b[x].dtype == types.I32 else b.choose(0, 3, 100), b[x].dtype)] if b.chance(0.7) else []
    b.add("DequantizeLinear", [x, scale, *zero])


@register("DynamicQuantizeLinear", exact=True)
def draw_dynamic_quantize(b, x):
    if not b[x].size:
        raise Rejected("nothing to scale by")
    b.add("DynamicQuantizeLinear", [x], 3, smooth=False)


def quantization(b, dtype):
    """Scale and zero point, as names."""
    scale = b.leaf((), types.F32, fixed=np.array(b.choose(0.0625, 0.25, 0.5), np.float32))
    return [scale, b.scalar(b.choose(0, 3, 100), dtype)]


@register("QLinearMatMul", ranks=(2, 3), dtypes=(types.U8, types.I8))
def draw_qlinear_matmul(b, x):
    array = b[x]
    y = b.leaf((array.shape[-1], b.size()), array.dtype)
    inputs = [x, *quantization(b, array.dtype), y, *quantization(b, array.dtype), *quantization(b, array.dtype)]
    b.add("QLinearMatMul", inputs, smooth=False)


@register("QLinearConv", ranks=(3, 4), dtypes=(types.U8, types.I8), shape=image)
def draw_qlinear_conv(b, x):
    array = b[x]
    kernel, dilations = conv_kernel(b, array.shape[2:])
    w = b.leaf((b.choose(1, 2, 5), array.shape[1], *kernel), array.dtype)
    b.pin(*b.shape_of(w), array.shape[1])
    inputs = [x, *quantization(b, array.dtype), w, *quantization(b, array.dtype), *quantization(b, array.dtype)]
    b.add("QLinearConv", inputs, smooth=False, **window(b, array.shape[2:], kernel, dilations))


@register("SwiGLU", since=28, dtypes=HALVES_TOO)
def draw_swiglu(b, x):
    b.add("SwiGLU", [x, b.other(b.shape_of(x), b[x].dtype)])


def signal_window(name):
    @register(name, ranks=(0, 0), dtypes=(types.I32, types.I64))
    def draw(b, x):
        b.add(name, [b.scalar(b.choose(1, 2, 5, 16), b[x].dtype)], periodic=b.choose(0, 1, None))


for op in ("BlackmanWindow", "HammingWindow", "HannWindow"):
    signal_window(op)


@register(
    "DFT",
    dtypes=(types.F32, types.F64),
    ranks=(2, 4),
    since=17,
    shape=lambda b: (*b.shape(1), b.choose(1, 2, 4, 5, 8), b.choose(1, 2)),
)
def draw_dft(b, x):
    shape = b.shape_of(x)
    if shape[-1] not in (1, 2) or 0 in shape:
        raise Rejected("neither real nor complex")
    axis = b.rng.randrange(1 if len(shape) > 2 else 0, len(shape) - 1)
    inverse = b.choose(0, 1) if shape[-1] == 2 else None
    one_sided = b.choose(0, 1) if shape[-1] == 1 else None
    b.pin(*shape)
    if b.opset < 20:
        b.add("DFT", [x], axis=axis, inverse=inverse, onesided=one_sided)
    else:
        b.add("DFT", [x, "", b.scalar(axis, types.I64)], inverse=inverse, onesided=one_sided)


def body(nodes, inputs, outputs):
    """A subgraph whose types onnx infers."""
    infos = [onnx.helper.make_tensor_value_info(name, types.to_onnx(dtype), shape) for name, dtype, shape in inputs]
    results = [onnx.helper.make_tensor_value_info(name, types.to_onnx(dtype), None) for name, dtype in outputs]
    return onnx.helper.make_graph(nodes, "body", infos, results)


BRANCH_OPS = ("Neg", "Abs", "Identity")


@register("If", dtypes=(types.BOOL,), ranks=(0, 0), since=11)
def draw_if(b, condition):
    y = b.leaf(b.shape(most=3), b.choose(types.F32, types.I32))
    z = b.other(b.shape_of(y), b[y].dtype)
    dtype = b[y].dtype
    name = b._name("s")
    then = body([onnx.helper.make_node(b.choose(*BRANCH_OPS), [y], [f"{name}t"])], [], [(f"{name}t", dtype)])
    other = body([onnx.helper.make_node(b.choose("Add", "Mul"), [y, z], [f"{name}e"])], [], [(f"{name}e", dtype)])
    b.add("If", [condition], then_branch=then, else_branch=other)


@register("Loop", position=2, dtypes=(types.F32, types.I32), ranks=(0, 3), since=11)
def draw_loop(b, x):
    # Without a trip the sizes of what is collected are not defined.
    trips = b.scalar(b.choose(1, 1, 2, 3), types.I64)
    dtype, shape, step = b[x].dtype, list(b.shape_of(x)), b.other(b.shape_of(x), b[x].dtype)
    n = b._name("s")
    nodes = [
        onnx.helper.make_node("Identity", [f"{n}c"], [f"{n}d"]),
        onnx.helper.make_node("Add", [f"{n}x", step], [f"{n}y"]),
        onnx.helper.make_node("Neg", [f"{n}y"], [f"{n}z"]),
    ]
    inputs = [(f"{n}i", types.I64, []), (f"{n}c", types.BOOL, []), (f"{n}x", dtype, shape)]
    outputs = [(f"{n}d", types.BOOL), (f"{n}y", dtype), (f"{n}z", dtype)]
    limit = b.scalar(True, types.BOOL) if b.chance(0.5) else ""
    b.add("Loop", [trips, limit, x], 2, body=body(nodes, inputs, outputs))


@register("Scan", dtypes=(types.F32, types.I32), ranks=(1, 4), since=11)
def draw_scan(b, x):
    shape, dtype = b.shape_of(x), b[x].dtype
    if 0 in shape:
        raise Rejected("nothing to scan")
    axis = b.rng.randrange(len(shape))
    inner = [size for i, size in enumerate(shape) if i != axis]
    state, n = b.other(tuple(inner), dtype), b._name("s")
    nodes = [
        onnx.helper.make_node("Add", [f"{n}s", f"{n}x"], [f"{n}t"]),
        onnx.helper.make_node("Identity", [f"{n}t"], [f"{n}y"]),
    ]
    inputs = [(f"{n}s", dtype, inner), (f"{n}x", dtype, inner)]
    graph = body(nodes, inputs, [(f"{n}t", dtype), (f"{n}y", dtype)])
    directions = [b.choose(0, 1)]
    b.add(
        "Scan",
        [state, x],
        2,
        body=graph,
        num_scan_inputs=1,
        scan_input_axes=[axis],
        scan_input_directions=directions,
        scan_output_directions=[b.choose(0, 1)],
    )
