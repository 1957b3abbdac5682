"""Small graphs of the shapes that real models have, with seeded weights and open sizes: one builder per family.

Each builder gives the model and the inputs of several sizes; all sizes are to be served by one artifact.
"""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


class Graph:
    """A graph that is written op by op; names of values are made here."""

    def __init__(self, seed=0, opset=17, outer=None):
        self.random = np.random.default_rng(seed)
        self.opset = opset
        self.outer = outer
        self.nodes, self.weights, self.inputs, self.outputs = [], [], [], []

    def name(self, stem):
        """A new name; those of subgraphs differ from those around them."""
        if self.outer:
            return self.outer.name(stem)
        self.count = getattr(self, "count", 0) + 1
        return f"{stem}_{self.count}"

    def input(self, name, dims, kind=FLOAT):
        self.inputs.append(helper.make_tensor_value_info(name, kind, dims))
        return name

    def output(self, value, name, kind=FLOAT, dims=None):
        self.nodes.append(helper.make_node("Identity", [value], [name]))
        self.outputs.append(helper.make_tensor_value_info(name, kind, dims))

    def constant(self, value, dtype=None):
        name = self.name("c")
        self.weights.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def ints(self, *values):
        return self.constant(values, np.int64)

    def weight(self, *shape, inputs=None, around=0.0):
        """Normal numbers around a value, with the spread that keeps the variance of `inputs` summed products."""
        spread = 0.1 if inputs is None else 1 / np.sqrt(inputs)
        return self.constant(around + spread * self.random.standard_normal(shape), np.float32)

    def op(self, kind, *inputs, results=1, **attributes):
        names = [self.name(kind) for _ in range(results)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names[0] if results == 1 else names

    def branch(self, build):
        """A graph without inputs, for If; `build` writes to it and gives its results."""
        inner = Graph(opset=self.opset, outer=self)
        inner.random = self.random
        for value in build(inner):
            name = self.name("result")
            inner.output(value, name)
        return helper.make_graph(inner.nodes, self.name("branch"), [], inner.outputs, inner.weights)

    def model(self):
        graph = helper.make_graph(self.nodes, "g", self.inputs, self.outputs, self.weights)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=8)

    # Layers

    def conv(self, x, channels, filters, size, rank=2, group=1, **attributes):
        taps = channels // group * size**rank
        weight = self.weight(filters, channels // group, *[size] * rank, inputs=taps)
        return self.op("Conv", x, weight, self.weight(filters), group=group, **attributes)

    def same_conv(self, x, channels, filters, size, rank=2, **attributes):
        return self.conv(x, channels, filters, size, rank, pads=[size // 2] * 2 * rank, **attributes)

    def batch_norm(self, x, channels):
        scale, variance = self.weight(channels, around=1.0), self.weight(channels, around=2.0)
        return self.op("BatchNormalization", x, scale, self.weight(channels), self.weight(channels), variance)

    def conv_norm_relu(self, x, channels, filters, size, **attributes):
        return self.op("Relu", self.batch_norm(self.same_conv(x, channels, filters, size, **attributes), filters))

    def silu(self, x):
        return self.op("Mul", x, self.op("Sigmoid", x))

    def linear(self, x, inputs, outputs):
        return self.op("Add", self.op("MatMul", x, self.weight(inputs, outputs, inputs=inputs)), self.weight(outputs))

    def gemm(self, x, inputs, outputs):
        return self.op("Gemm", x, self.weight(outputs, inputs, inputs=inputs), self.weight(outputs), transB=1)

    def layer_norm(self, x, width):
        return self.op("LayerNormalization", x, self.weight(width, around=1.0), self.weight(width), axis=-1)

    def gelu(self, x):
        half = self.op("Mul", x, self.constant(0.5, np.float32))
        erf = self.op("Erf", self.op("Div", x, self.constant(np.sqrt(2), np.float32)))
        return self.op("Mul", half, self.op("Add", erf, self.constant(1, np.float32)))

    def tanh_gelu(self, x):
        cube = self.op("Mul", self.op("Pow", x, self.constant(3, np.float32)), self.constant(0.044715, np.float32))
        inner = self.op("Mul", self.op("Add", x, cube), self.constant(np.sqrt(2 / np.pi), np.float32))
        outer = self.op("Add", self.op("Tanh", inner), self.constant(1, np.float32))
        return self.op("Mul", self.op("Mul", x, self.constant(0.5, np.float32)), outer)

    # Attention

    def size(self, x, axis):
        """The size of one axis as a vector of one element, as exporters compute it."""
        return self.op("Unsqueeze", self.op("Gather", self.op("Shape", x), self.constant(axis, np.int64)), self.ints(0))

    def heads(self, x, count, width):
        """batch x length x (count * width) to batch x count x length x width."""
        shape = self.op("Concat", self.size(x, 0), self.size(x, 1), self.ints(count, width), axis=0)
        return self.op("Transpose", self.op("Reshape", x, shape), perm=[0, 2, 1, 3])

    def merge_heads(self, x, width):
        x = self.op("Transpose", x, perm=[0, 2, 1, 3])
        shape = self.op("Concat", self.size(x, 0), self.size(x, 1), self.ints(width), axis=0)
        return self.op("Reshape", x, shape)

    def attend(self, query, key, value, width, bias=None):
        scores = self.op("MatMul", query, self.op("Transpose", key, perm=[0, 1, 3, 2]))
        scores = self.op("Div", scores, self.constant(np.sqrt(width), np.float32))
        scores = self.op("Add", scores, bias) if bias else scores
        return self.op("MatMul", self.op("Softmax", scores, axis=-1), value)

    def self_attention(self, x, width, count, bias=None):
        query, key, value = (self.heads(self.linear(x, width, width), count, width // count) for _ in range(3))
        merged = self.merge_heads(self.attend(query, key, value, width // count, bias), width)
        return self.linear(merged, width, width)

    def block(self, x, width, count):
        """A layer of a transformer that normalises before."""
        x = self.op("Add", x, self.self_attention(self.layer_norm(x, width), width, count))
        hidden = self.gelu(self.linear(self.layer_norm(x, width), width, 4 * width))
        return self.op("Add", x, self.linear(hidden, 4 * width, width))

    def mask_bias(self, mask):
        """0 where the mask is 1 and the lowest float where it is 0, for all heads and queries."""
        wide = self.op("Unsqueeze", self.op("Cast", mask, to=FLOAT), self.ints(1, 2))
        lowest = self.constant(np.finfo(np.float32).min)
        return self.op("Mul", self.op("Sub", self.constant(1, np.float32), wide), lowest)


def normal(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def images(*sizes):
    return [{"image": normal(number, *size)} for number, size in enumerate(sizes)]


# Networks on images


def residual_cnn():
    g = Graph()
    x = g.conv_norm_relu(g.input("image", ["n", 3, "h", "w"]), 3, 16, 7, strides=[2, 2])
    x = g.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    for channels, filters, stride in ((16, 32, 1), (32, 40, 2)):
        inner = g.conv_norm_relu(x, channels, 16, 1)
        inner = g.conv_norm_relu(inner, 16, 16, 3, strides=[stride, stride])
        inner = g.batch_norm(g.conv(inner, 16, filters, 1), filters)
        short = g.batch_norm(g.conv(x, channels, filters, 1, strides=[stride, stride]), filters)
        x = g.op("Relu", g.op("Add", inner, short))
    x = g.op("Flatten", g.op("GlobalAveragePool", x))
    g.output(g.gemm(x, 40, 10), "y", dims=["n", 10])
    return g.model(), images((1, 3, 64, 64), (3, 3, 33, 47), (1, 3, 7, 9), (0, 3, 32, 32))


def depthwise_cnn():
    g = Graph()
    x = g.silu(g.same_conv(g.input("image", ["n", 3, "h", "w"]), 3, 16, 3, strides=[2, 2]))
    for size, stride in ((3, 1), (5, 2), (5, 1)):
        inner = g.op("Clip", g.conv(x, 16, 48, 1), g.constant(0, np.float32), g.constant(6, np.float32))
        inner = g.silu(g.same_conv(inner, 48, 48, size, group=48, strides=[stride, stride]))
        squeezed = g.op("ReduceMean", inner, axes=[2, 3], keepdims=1)
        squeezed = g.silu(g.conv(squeezed, 48, 4, 1))
        inner = g.op("Mul", inner, g.op("HardSigmoid", g.conv(squeezed, 4, 48, 1)))
        inner = g.conv(inner, 48, 16, 1)
        x = g.op("Add", x, inner) if stride == 1 else inner
    x = g.op("HardSwish", x)
    g.output(g.gemm(g.op("Flatten", g.op("GlobalAveragePool", x)), 16, 10), "y", dims=["n", 10])
    return g.model(), images((1, 3, 64, 64), (2, 3, 31, 18), (5, 3, 5, 3))


def inception():
    """Branches of convolutions and pools joined by channel, with LRN: GoogLeNet's parts."""
    g = Graph(opset=9)
    x = g.op("Relu", g.same_conv(g.input("image", ["n", 3, "h", "w"]), 3, 16, 5, strides=[2, 2]))
    x = g.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 2, 2])
    x = g.op("LRN", x, size=5, alpha=1e-4, beta=0.75, bias=1.0)
    for channels in (16, 40):
        one = g.op("Relu", g.conv(x, channels, 8, 1))
        three = g.op("Relu", g.same_conv(g.op("Relu", g.conv(x, channels, 8, 1)), 8, 16, 3))
        five = g.op("Relu", g.same_conv(g.op("Relu", g.conv(x, channels, 4, 1)), 4, 8, 5))
        pool = g.op("MaxPool", x, kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1])
        pool = g.op("Relu", g.conv(pool, channels, 8, 1))
        x = g.op("Concat", one, three, five, pool, axis=1)
    x = g.op("AveragePool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    x = g.op("Dropout", g.op("GlobalAveragePool", x), ratio=0.4)
    g.output(g.op("Softmax", g.gemm(g.op("Reshape", x, g.ints(-1, 40)), 40, 10)), "y", dims=["n", 10])
    return g.model(), images((1, 3, 64, 64), (2, 3, 29, 50))


def dense_and_shuffled():
    """DenseNet's layers that append channels, then ShuffleNet's groups whose channels are mixed."""
    g = Graph()
    x, channels = g.same_conv(g.input("image", ["n", 3, "h", "w"]), 3, 16, 3, strides=[2, 2]), 16
    for _ in range(3):
        inner = g.conv(g.op("Relu", g.batch_norm(x, channels)), channels, 16, 1)
        inner = g.same_conv(g.op("Relu", g.batch_norm(inner, 16)), 16, 8, 3)
        x, channels = g.op("Concat", x, inner, axis=1), channels + 8
    x = g.op("AveragePool", g.conv(x, 40, 24, 1), kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
    inner = g.op("Relu", g.conv(x, 24, 24, 1, group=3))
    sizes = g.op("Slice", g.op("Shape", x), g.ints(2), g.ints(4), g.ints(0))
    batch = g.op("Slice", g.op("Shape", x), g.ints(0), g.ints(1), g.ints(0))
    inner = g.op("Reshape", inner, g.op("Concat", batch, g.ints(3, 8), sizes, axis=0))
    inner = g.op("Transpose", inner, perm=[0, 2, 1, 3, 4])
    inner = g.op("Reshape", inner, g.op("Concat", batch, g.ints(24), sizes, axis=0))
    inner = g.batch_norm(g.same_conv(inner, 24, 24, 3, group=24), 24)
    g.output(g.op("Relu", g.op("Sum", x, g.conv(inner, 24, 24, 1, group=3))), "y")
    return g.model(), images((1, 3, 32, 32), (2, 3, 21, 14))


def scaled_cnn():
    """Fixed sizes, and scales and shifts per channel as ops of their own behind each normalisation: from Caffe."""
    g = Graph(opset=9)
    x, channels = g.same_conv(g.input("image", [1, 3, 40, 36]), 3, 16, 7, strides=[2, 2]), 16

    def scale_shift_relu(x, channels):
        x = g.batch_norm(x, channels)
        scale, shift = (g.op("Unsqueeze", g.weight(channels, around=a), axes=[1, 2]) for a in (1.0, 0.0))
        return g.op("Relu", g.op("Add", g.op("Mul", x, scale), shift))

    x = g.op("MaxPool", scale_shift_relu(x, 16), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    for _ in range(2):
        inner = g.conv(scale_shift_relu(x, channels), channels, 32, 1)
        inner = g.same_conv(scale_shift_relu(inner, 32), 32, 8, 3)
        x, channels = g.op("Concat", x, inner, axis=1), channels + 8
    x = g.op("GlobalAveragePool", scale_shift_relu(x, channels))
    g.output(g.conv(x, channels, 10, 1), "y", dims=[1, 10, 1, 1])
    return g.model(), images((1, 3, 40, 36))


def detector():
    """A pyramid whose levels are joined by resizing, and a head that doubles the size twice: text detectors."""
    g = Graph()
    low = g.op("Relu", g.same_conv(g.input("image", ["n", 3, "h", "w"]), 3, 16, 3, strides=[2, 2]))
    middle = g.op("HardSwish", g.same_conv(low, 16, 16, 3, strides=[2, 2]))
    high = g.op("Relu", g.same_conv(middle, 16, 16, 3, strides=[2, 2]))
    doubled = g.constant([1, 1, 2, 2], np.float32)
    nearest = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    joined = g.op("Add", middle, g.op("Resize", high, "", doubled, **nearest))
    sizes = g.op("Concat", g.op("Slice", g.op("Shape", high), g.ints(0), g.ints(2)), g.ints(12, 10), axis=0)
    linear = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
    thumb = g.op("Resize", high, "", "", sizes, **linear)
    small = g.op("Resize", joined, "", doubled, **nearest)
    x = g.same_conv(g.op("Concat", low, small, axis=1), 32, 16, 3)
    for channels, filters in ((16, 8), (8, 1)):
        weight = g.weight(channels, filters, 2, 2, inputs=channels)
        x = g.op("ConvTranspose", x, weight, g.weight(filters), strides=[2, 2], kernel_shape=[2, 2])
    g.output(g.op("Sigmoid", x), "map")
    g.output(thumb, "thumb")
    return g.model(), images((1, 3, 32, 48), (2, 3, 16, 8), (1, 3, 64, 64))


def vision_transformer():
    g, width = Graph(), 32
    patches = g.conv(g.input("image", ["n", 3, 24, 24]), 3, width, 8, strides=[8, 8])
    rows = g.op("Transpose", g.op("Reshape", patches, g.ints(0, width, -1)), perm=[0, 2, 1])
    first = g.op("Expand", g.weight(1, 1, width), g.op("Concat", g.size(rows, 0), g.ints(-1 + 2, width), axis=0))
    x = g.op("Add", g.op("Concat", first, rows, axis=1), g.weight(1, 10, width))
    x = g.layer_norm(g.block(x, width, 4), width)
    g.output(g.gemm(g.op("Gather", x, g.constant(0, np.int64), axis=1), width, 10), "y", dims=["n", 10])
    return g.model(), images((1, 3, 24, 24), (4, 3, 24, 24))


# Networks on text


def tokens(seed, batch, length, count=50):
    ids = np.random.default_rng(seed).integers(0, count, (batch, length))
    ends = np.arange(1, batch + 1) * length // batch
    return {"ids": ids, "mask": (np.arange(length) < np.maximum(ends, 1)[:, None]).astype(np.int64)}


def bert():
    g, width = Graph(), 32
    ids, mask = g.input("ids", ["n", "l"], INT64), g.input("mask", ["n", "l"], INT64)
    positions = g.op("Slice", g.constant(np.arange(64)[None]), g.ints(0), g.size(ids, 1), g.ints(1))
    words, places = g.weight(50, width, around=0.1), g.weight(64, width)
    x = g.op("Add", g.op("Gather", words, ids), g.op("Gather", places, positions))
    x = g.layer_norm(x, width)
    x = g.layer_norm(g.op("Add", x, g.self_attention(x, width, 4, g.mask_bias(mask))), width)
    hidden = g.linear(g.gelu(g.linear(x, width, 64)), 64, width)
    x = g.layer_norm(g.op("Add", x, hidden), width)
    g.output(x, "y", dims=["n", "l", width])
    g.output(g.op("Tanh", g.gemm(g.op("Gather", x, g.constant(0, np.int64), axis=1), width, width)), "pooled")
    return g.model(), [tokens(*size) for size in enumerate_sizes((1, 16), (3, 5), (2, 1), (8, 33))]


def enumerate_sizes(*sizes):
    return [(number, *size) for number, size in enumerate(sizes)]


def gpt2():
    """A decoder with its keys and values as inputs and outputs; a prompt has a past of length 0."""
    g, width, count = Graph(), 32, 4
    ids = g.input("ids", ["n", "l"], INT64)
    past = [g.input(name, ["n", count, "p", width // count]) for name in ("past_key", "past_value")]
    scalar = lambda x: g.op("Squeeze", x, g.ints(0))
    begin, length = scalar(g.size(past[0], 2)), scalar(g.size(ids, 1))
    total = g.op("Add", begin, length)
    places = g.op("Range", begin, total, g.constant(1, np.int64))
    words = g.weight(50, width, around=0.1)
    x = g.op("Add", g.op("Gather", words, ids), g.op("Gather", g.weight(64, width), places))
    inner = g.linear(g.layer_norm(x, width), width, 3 * width)
    query, key, value = (g.heads(part, count, width // count) for part in g.op("Split", inner, results=3, axis=-1))
    key, value = (g.op("Concat", old, new, axis=2) for old, new in zip(past, (key, value)))
    columns = g.op("Range", g.constant(0, np.int64), total, g.constant(1, np.int64))
    seen = g.op("LessOrEqual", columns, g.op("Unsqueeze", places, g.ints(1)))
    bias = g.op("Where", seen, g.constant(0, np.float32), g.constant(np.finfo(np.float32).min))
    attended = g.merge_heads(g.attend(query, key, value, width // count, bias), width)
    x = g.op("Add", x, g.linear(attended, width, width))
    x = g.op("Add", x, g.linear(g.tanh_gelu(g.linear(g.layer_norm(x, width), width, 64)), 64, width))
    g.output(g.op("MatMul", g.layer_norm(x, width), g.op("Transpose", words, perm=[1, 0])), "logits")
    g.output(key, "key"), g.output(value, "value")
    feeds = []
    for number, (batch, length, before) in enumerate(((1, 6, 0), (1, 1, 6), (2, 1, 17), (3, 4, 5))):
        cache = normal(number, 2, batch, count, before, width // count)
        feeds.append({"ids": tokens(number, batch, length)["ids"], "past_key": cache[0], "past_value": cache[1]})
    return g.model(), feeds


def byte_classifier():
    """Bytes as rows of a table, norms by hand, a convolution along them and its largest values: file types."""
    g, width, count = Graph(), 24, 257
    raw = g.input("bytes", ["n", 64], TensorProto.INT32)
    codes = g.op("Expand", g.op("Unsqueeze", raw, g.ints(2)), g.ints(1, 1, count))
    hot = g.op("Cast", g.op("Equal", codes, g.constant(np.arange(count), np.int32)), to=FLOAT)
    x = g.tanh_gelu(g.op("MatMul", hot, g.weight(count, width, around=0.1)))
    x = g.op("Reshape", x, g.op("Concat", g.size(x, 0), g.ints(16, 4 * width), axis=0))
    mean = g.op("Div", g.op("ReduceSum", x, g.ints(2), keepdims=1), g.constant(4 * width, np.float32))
    centred = g.op("Sub", x, mean)
    spread = g.op("ReduceSum", g.op("Mul", centred, centred), g.ints(2), keepdims=1)
    spread = g.op("Sqrt", g.op("Max", spread, g.constant(1e-6, np.float32)))
    x = g.op("Transpose", g.op("Mul", centred, g.op("Reciprocal", spread)), perm=[0, 2, 1])
    x = g.op("Squeeze", g.op("GlobalMaxPool", g.conv(x, 4 * width, 32, 5, rank=1)), g.ints(2))
    logits = g.linear(g.tanh_gelu(x), 32, 12)
    powers = g.op("Exp", g.op("Sub", logits, g.op("ReduceMax", logits, axes=[1], keepdims=1)))
    g.output(g.op("Div", powers, g.op("ReduceSum", powers, g.ints(1), keepdims=1)), "y", dims=["n", 12])
    bytes_of = lambda n, batch: np.random.default_rng(n).integers(0, count, (batch, 64)).astype(np.int32)
    return g.model(), [{"bytes": bytes_of(n, batch)} for n, batch in enumerate((1, 5, 0))]


# Networks on sound


def sound_encoder():
    """Convolutions along time, then attention: the encoder of speech recognisers."""
    g, width = Graph(), 32
    x = g.gelu(g.same_conv(g.input("features", ["n", 10, "t"]), 10, width, 3, rank=1))
    x = g.op("Transpose", g.gelu(g.same_conv(x, width, width, 3, rank=1, strides=[2])), perm=[0, 2, 1])
    x = g.op("Add", x, g.op("Slice", g.weight(40, width), g.ints(0), g.size(x, 1), g.ints(0)))
    g.output(g.layer_norm(g.block(x, width, 4), width), "y")
    return g.model(), [{"features": normal(n, b, 10, t)} for n, b, t in enumerate_sizes((1, 60), (2, 31), (1, 1))]


def voice_detector():
    """Voice activity detection: an LSTM with its state outside, under an If on the sample rate. Inside of it one If
    squeezes an axis when its size is 1, so that its branches have different ranks, and one follows from the data."""
    g, width = Graph(), 16
    chunk, state, rate = g.input("chunk", ["n", "s"]), g.input("state", [2, "n", width]), g.input("rate", [], INT64)

    def network(step):
        def build(b):
            padded = b.op("Pad", chunk, b.ints(0, 0, 0, step), mode="reflect")
            x = b.op("Unsqueeze", padded, b.ints(1))
            x = b.op("Relu", b.conv(x, 1, width, step, rank=1, strides=[step // 2]))
            x = b.op("Relu", b.same_conv(x, width, width, 3, rank=1, strides=[2]))
            x = b.op("AveragePool", x, kernel_shape=[3], strides=[9])
            alone = b.op("Equal", b.op("Gather", b.op("Shape", x), b.ints(-1)), b.ints(1))
            squeezed = b.branch(lambda inner: [inner.op("Squeeze", x, inner.ints(-1))])
            kept = b.branch(lambda inner: [inner.op("Identity", x)])
            x = b.op("Unsqueeze", b.op("If", alone, then_branch=squeezed, else_branch=kept), b.ints(0))
            hidden, cell = (b.op("Gather", state, b.ints(index), axis=0) for index in (0, 1))
            weights = [b.weight(1, 4 * width, width, inputs=width) for _ in range(2)]
            inputs = [x, *weights, b.weight(1, 8 * width), "", hidden, cell]
            y, h, c = b.op("LSTM", *inputs, results=3, hidden_size=width)
            last = b.op("Transpose", b.op("Squeeze", y, b.ints(1)), perm=[1, 2, 0])
            score = b.op("Squeeze", b.op("Sigmoid", b.conv(b.op("Relu", last), width, 1, 1, rank=1)), b.ints(2))
            loud = b.op("Greater", b.op("ReduceMax", chunk, keepdims=0), b.constant(2.5, np.float32))
            kept = b.branch(lambda inner: [inner.op("Identity", score)])
            halved = b.branch(lambda inner: [inner.op("Mul", score, inner.constant(0.5, np.float32))])
            score = b.op("If", loud, then_branch=kept, else_branch=halved)
            return score, b.op("Concat", h, c, axis=0)

        return build

    fast = g.op("Equal", rate, g.constant(16000, np.int64))
    score, after = g.op("If", fast, results=2, then_branch=g.branch(network(8)), else_branch=g.branch(network(4)))
    g.output(score, "score"), g.output(after, "after")
    return g.model(), [
        {"chunk": normal(n, batch, size), "state": normal(n, 2, batch, width), "rate": np.array(rate)}
        for n, (batch, size, rate) in enumerate(((1, 64, 16000), (1, 32, 8000), (3, 48, 16000), (2, 9, 8000)))
    ]


FAMILIES = [residual_cnn, depthwise_cnn, inception, dense_and_shuffled, scaled_cnn, detector, vision_transformer]
FAMILIES += [bert, gpt2, byte_classifier, sound_encoder, voice_detector]
