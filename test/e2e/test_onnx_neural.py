"""Norms, losses, attention, recurrent nets and their kin at sizes that the artifact does not know.

A model is text of onnx.parser. The oracle is onnxruntime, or onnx's evaluator where onnxruntime lacks the op or
rounds in the middle.
"""

import itertools

import mlc
import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import reference

onnxruntime.set_default_logger_severity(4)
random = np.random.default_rng(0)
TOLERANCES = {"float64": 1e-12, "float32": 4e-6, "float16": 2e-3}


def floats(*shape, dtype=np.float32):
    return random.standard_normal(shape).astype(dtype)


def positive(*shape, dtype=np.float32):
    return np.abs(floats(*shape, dtype=dtype)) + dtype(0.1)


def integers(kind, *shape):
    limits = np.iinfo(kind)
    return random.integers(limits.min, limits.max, shape, endpoint=True).astype(kind)


def scalar(value, kind=np.float32):
    return np.array(value, kind)


class Check:
    """Compiles a graph once and compares runs on arrays of several sizes."""

    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    def __call__(self, graph, *runs, opset=17, oracle="onnxruntime", scale=1.0):
        head = f'<ir_version: 10, opset_import: ["" : {opset}, "com.microsoft" : 1, "ai.onnx.preview" : 1]> g '
        model = onnx.parser.parse_model(head + graph)
        self.count += 1
        module = mlc.compile(model, output=self.folder / f"{self.count}.so", threads=2)
        if oracle == "onnxruntime":
            evaluate = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run
        else:
            evaluate = reference.ReferenceEvaluator(model).run
        for run in runs:
            feeds = dict(zip([i.name for i in model.graph.input], run, strict=True))
            label = f"{graph} for {[a.shape for a in run]}"
            actual = module.run(feeds)
            for output, expected in zip(model.graph.output, evaluate(None, feeds)):
                self.compare(actual[output.name], np.asarray(expected), label, scale)

    def compare(self, actual, expected, label, scale):
        assert actual.dtype == expected.dtype and actual.shape == expected.shape, label
        if expected.dtype.kind != "f":
            np.testing.assert_array_equal(actual, expected, err_msg=label)
            return
        wide = expected.astype(np.float64)
        largest = max(np.max(np.abs(wide[np.isfinite(wide)]), initial=0), 1)
        allowed = TOLERANCES[expected.dtype.name] * scale * largest
        np.testing.assert_allclose(actual.astype(np.float64), wide, rtol=0, atol=allowed, err_msg=label)


@pytest.fixture
def check(tmp_path):
    return Check(tmp_path)


SHAPES = ((2, 5, 7), (1, 5, 2), (3, 5, 33))


# Norms.


@pytest.mark.parametrize("attributes, outputs, results", [
    ("", "float[a,b,c] y", "y"),
    ("<training_mode = 1, momentum = 0.8>", "float[a,b,c] y, float[d] m, float[e] v", "y, m, v"),
])
def test_batch_normalization(attributes, outputs, results, check):
    runs = [(floats(*shape), floats(5), floats(5), floats(5), positive(5)) for shape in SHAPES]
    check(
        "(float[n,5,l] x, float[5] s, float[5] b, float[5] m0, float[5] v0) => (" + outputs + ")"
        "{ " + results + " = BatchNormalization" + attributes + " (x, s, b, m0, v0) }",
        *runs,
    )


def test_batch_normalization_of_a_matrix(check):
    check(
        "(float[n,5] x, float[5] s, float[5] b, float[5] m, float[5] v) => (float[a,c] y)"
        "{ y = BatchNormalization(x, s, b, m, v) }",
        (floats(3, 5), floats(5), floats(5), floats(5), positive(5)),
    )


def test_instance_normalization(check):
    check(
        "(float[n,5,l] x, float[5] s, float[5] b) => (float[a,c,e] y) { y = InstanceNormalization(x, s, b) }",
        *[(floats(*shape), floats(5), floats(5)) for shape in SHAPES],
    )


@pytest.mark.parametrize("opset, parameters", [(18, 3), (21, 6)])
def test_group_normalization(opset, parameters, check):
    check(
        f"(float[n,6,h,w] x, float[{parameters}] s, float[{parameters}] b) => (float[a,c,e,f] y)"
        "{ y = GroupNormalization<num_groups = 3>(x, s, b) }",
        *[(floats(n, 6, h, w), floats(parameters), floats(parameters)) for n, h, w in ((1, 3, 4), (2, 17, 5))],
        opset=opset,
        oracle="onnx",
    )


@pytest.mark.parametrize("axis, dims", [(-1, "7"), (1, "5,7"), (0, "n,5,7")])
def test_layer_normalization(axis, dims, check):
    def parameter(n):
        return floats(*[n if d == "n" else int(d) for d in dims.split(",")])

    check(
        f"(float[n,5,7] x, float[{dims}] s, float[{dims}] b) => (float[a,c,e] y, float[f,g,h] m, float[i,j,k] v)"
        "{ y, m, v = LayerNormalization<axis = " + str(axis) + ">(x, s, b) }",
        # Far from zero, where the square of the mean would cancel.
        *[(3 * floats(n, 5, 7) + 10, parameter(n), parameter(n)) for n in (1, 2, 9)],
    )


@pytest.mark.parametrize("element, dtype", [("float16", np.float16), ("double", np.float64)])
def test_layer_normalization_in_other_types(element, dtype, check):
    check(
        f"({element}[n,l,h] x, {element}[h] s, {element}[h] b) => ({element}[a,c,e] y)"
        "{ y = LayerNormalization(x, s, b) }",
        *[[floats(*s, dtype=dtype) for s in (shape, shape[-1:], shape[-1:])] for shape in ((2, 3, 8), (1, 1, 1), (2, 5, 384))],
    )


def test_root_mean_square_normalization(check):
    for op, opset, oracle in (("RMSNormalization", 23, "onnx"), ("SimplifiedLayerNormalization", 17, "onnxruntime")):
        check(
            "(float[n,l,h] x, float[h] s) => (float[a,c,e] y) { y = " + op + "<axis = -1, epsilon = 1e-6>(x, s) }",
            *[(floats(*shape), floats(shape[-1])) for shape in ((2, 3, 8), (1, 1, 1), (2, 5, 384))],
            opset=opset,
            oracle=oracle,
        )


def test_mean_variance_normalization(check):
    check(
        "(float[n,c,h,w] x) => (float[a,d,e,k] y) { y = MeanVarianceNormalization(x) }",
        *[(floats(*shape),) for shape in ((2, 3, 8, 3), (2, 5, 38, 9))],
        oracle="onnx",
    )


@pytest.mark.parametrize("p", [1, 2])
def test_lp_normalization(p, check):
    x = floats(2, 3, 8)
    x[0, :, 1] = 0
    graph = "(float[n,c,h] x) => (float[a,d,e] y) { y = LpNormalization<p = %d, axis = 1>(x) }" % p
    check(graph, (x,), (floats(2, 5, 38),))


# Softmax and losses.


@pytest.mark.parametrize("op, opset", list(itertools.product(("Softmax", "LogSoftmax", "Hardmax"), (11, 13))))
def test_softmax(op, opset, check):
    for axis in (0, 1, -1):
        check(
            "(float[n,c,9] x) => (float[a,d,e] y) { y = " + op + f"<axis = {axis}>(x) }}",
            *[(4 * floats(n, c, 9),) for n, c in ((2, 3), (1, 2), (3, 17))],
            opset=opset,
        )


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("ignored", [None, 2, -1])
def test_losses(reduction, ignored, check):
    attributes = f'reduction = "{reduction}"' + ("" if ignored is None else f", ignore_index = {ignored}")
    least = -1 if ignored == -1 else 0
    check(
        "(float[n,5,l] x, int64[n,l] t, float[5] w) => (float" + "[a,b]" * (reduction == "none") + " y, float[c,d,e] p)"
        "{ y, p = SoftmaxCrossEntropyLoss<" + attributes + ">(x, t, w) }",
        *[(floats(*s), random.integers(least, 5, (s[0], s[2])), positive(5)) for s in SHAPES],
        oracle="onnx",
    )
    check(
        "(float[n,5] x, int32[n] t) => (float" + "[a]" * (reduction == "none") + " y)"
        "{ y = NegativeLogLikelihoodLoss<" + attributes + ">(x, t) }",
        *[(floats(n, 5), random.integers(least, 5, n).astype(np.int32)) for n in (7, 40)],
    )


def test_a_target_that_is_no_class_ends_the_run(tmp_path):
    model = onnx.parser.parse_model(
        '<ir_version: 10, opset_import: ["" : 17]> g (float[n,5] x, int64[n] t) => (float y)'
        "{ y = NegativeLogLikelihoodLoss(x, t) }"
    )
    module = mlc.compile(model, output=tmp_path / "m.so")
    with pytest.raises(mlc.Error, match="a target is no class"):
        module.run({"x": floats(2, 5), "t": np.array([1, 5])})


# Recurrent nets.

GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
RECURRENT = [
    ("LSTM", ""),
    ("LSTM", 'activations = ["HardSigmoid", "Elu", "Softsign"], activation_alpha = [0.3, 0.7], activation_beta = [0.4],'),
    ("LSTM", "clip = 0.5,"),
    ("LSTM", "input_forget = 1,"),
    ("GRU", ""),
    ("GRU", "linear_before_reset = 1,"),
    ("GRU", 'activations = ["HardSigmoid", "ScaledTanh"], activation_alpha = [0.3, 0.7], activation_beta = [0.4, 0.6],'),
    ("RNN", 'activations = ["Relu"],'),
    ("RNN", "clip = 0.3,"),
]


def twice(attributes):
    """Lists once per direction."""
    return "".join(f"{p}, {p[1:]}]" if i % 2 else p for i, p in enumerate(split_lists(attributes)))


def split_lists(text):
    parts, rest = [], text
    while "[" in rest:
        before, rest = rest.split("[", 1)
        inside, rest = rest.split("]", 1)
        parts += [before, "[" + inside]
    return [*parts, rest]


@pytest.mark.parametrize("direction, steps", [("forward", "t"), ("reverse", "5"), ("bidirectional", "t")])
@pytest.mark.parametrize("op, attributes", RECURRENT)
def test_recurrent(op, attributes, direction, steps, check):
    d, gates, size, hidden = 1 + (direction == "bidirectional"), GATES[op], 6, 7
    attributes = twice(attributes) if d == 2 else attributes
    inputs = [
        f"float[{steps},n,{size}] x",
        f"float[{d},{gates * hidden},{size}] w",
        f"float[{d},{gates * hidden},{hidden}] r",
        f"float[{d},{2 * gates * hidden}] b",
        "int32[n] lengths",
        f"float[{d},n,{hidden}] h",
    ]
    outputs = ["float[a,b,c,e] y", "float[f,g,i] yh"]
    if op == "LSTM":
        inputs += [f"float[{d},n,{hidden}] c0", f"float[{d},{3 * hidden}] p"]
        outputs.append("float[j,k,m] yc")

    def run(t, n):
        arrays = [
            floats(t, n, size),
            floats(d, gates * hidden, size),
            floats(d, gates * hidden, hidden),
            floats(d, 2 * gates * hidden),
            random.integers(1, t + 1, n).astype(np.int32),
            floats(d, n, hidden),
        ]
        return arrays + [floats(d, n, hidden), floats(d, 3 * hidden)] * (op == "LSTM")

    check(
        f"({', '.join(inputs)}) => ({', '.join(outputs)}) {{ {', '.join(o.split()[1] for o in outputs)} = {op}<{attributes}"
        f' direction = "{direction}", hidden_size = {hidden}>({", ".join(i.split()[1] for i in inputs)}) }}',
        *[run(t, n) for t, n in ((5, 1), (5, 3), (1 if steps == "t" else 5, 2))],
        opset=14,
        scale=2,
    )


def test_recurrent_batch_first(check):
    check(
        "(float[n,4,6] x, float[1,28,6] w, float[1,28,7] r, float[n,1,7] h, float[n,1,7] c) =>"
        "(float[a1,a2,a3,a4] y, float[b1,b2,b3] yh, float[c1,c2,c3] yc)"
        '{ y, yh, yc = LSTM<hidden_size = 7, layout = 1>(x, w, r, "", "", h, c) }',
        *[(floats(n, 4, 6), floats(1, 28, 6), floats(1, 28, 7), floats(n, 1, 7), floats(n, 1, 7)) for n in (1, 3)],
        opset=14,
        oracle="onnx",
    )


# Products.

EQUATIONS = [
    ("ij,jk->ik", "n,5 5,m", (3, 5), (5, 4)),
    ("ij->ji", "n,m", (3, 4)),
    ("ii->i", "n,n", (5, 5)),
    ("ii", "n,n", (5, 5)),
    ("ij,ij->", "n,m n,m", (3, 4), (3, 4)),
    ("...ij,...jk->...ik", "b,h,n,5 b,h,5,m", (2, 3, 4, 5), (2, 3, 5, 6)),
    ("i,j->ij", "n m", (3,), (4,)),
    ("ijk->k", "n,m,k", (3, 4, 5)),
    ("bhid,bhjd->bhij", "b,h,i,8 b,h,j,8", (2, 3, 4, 8), (2, 3, 5, 8)),
    ("ij , jk , kl -> il", "n,m m,k k,l", (3, 4), (4, 5), (5, 6)),
    ("ijk,jil->kl", "n,m,k m,n,l", (3, 4, 5), (4, 3, 6)),
    ("iij,jk->ik", "3,3,m m,k", (3, 3, 4), (4, 5)),
    ("bn,anm,bm->ba", "b,n a,n,m b,m", (2, 3), (4, 3, 5), (2, 5)),
    ("a...b,b->...a", "a,x,b b", (2, 3, 4), (4,)),
]


@pytest.mark.parametrize("equation, dims, shapes", [(e, d, s) for e, d, *s in EQUATIONS])
def test_einsum(equation, dims, shapes, check):
    names = [f"x{i}" for i in range(len(shapes))]
    inputs = ", ".join(f"float[{d}] {n}" for d, n in zip(dims.split(), names))
    check(f'({inputs}) => (float[] y) {{ y = Einsum<equation = "{equation}">({", ".join(names)}) }}', [floats(*s) for s in shapes])


def test_einsum_of_integers(check):
    check(
        '(int32[n,5] x, int32[5,m] y) => (int32[a,b] z) { z = Einsum<equation = "ij,jk->ik">(x, y) }',
        [random.integers(-9, 9, s).astype(np.int32) for s in ((3, 5), (5, 4))],
        oracle="onnx",
    )


def test_matmul_integer(check):
    check(
        "(uint8[b,n,64] x, int8[64,m] y, uint8 a, int8[m] c) => (int32[d,e,f] z) { z = MatMulInteger(x, y, a, c) }",
        *[(integers(np.uint8, b, n, 64), integers(np.int8, 64, m), scalar(7, np.uint8), integers(np.int8, m)) for b, n, m in ((1, 1, 1), (2, 5, 7))],
    )


def test_qlinear_matmul(check):
    zero = [scalar(value, np.uint8) for value in (113, 125, 130)]
    check(
        "(uint8[n,64] x, float p, uint8 q, uint8[64,m] y, float r, uint8 s, float t, uint8 u) => (uint8[a,c] z)"
        "{ z = QLinearMatMul(x, p, q, y, r, s, t, u) }",
        *[
            (integers(np.uint8, n, 64), scalar(0.02), zero[0], integers(np.uint8, 64, m), scalar(0.03), zero[1], scalar(0.8), zero[2])
            for n, m in ((1, 1), (5, 7))
        ],
    )


# Quantization.


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.uint16, np.int16])
@pytest.mark.parametrize("attributes, scale", [("axis = 1", ""), ("axis = -1", "7"), ("axis = 1, block_size = 3", "n,3")])
def test_quantize_and_dequantize(kind, attributes, scale, check):
    name = np.dtype(kind).name

    def shape(n):
        return [n if d == "n" else int(d) for d in scale.split(",") if d]

    dims = f"[{scale}]" if scale else ""
    for op, x, y in (("QuantizeLinear", "float", name), ("DequantizeLinear", name, "float")):
        check(
            f"({x}[n,7] x, float{dims} s, {name}{dims} z) => ({y}[a,b] y) {{ y = {op}<{attributes}>(x, s, z) }}",
            *[
                (30 * floats(n, 7) if x == "float" else integers(kind, n, 7), np.asarray(positive(*shape(n))), np.asarray(integers(kind, *shape(n))))
                for n in (1, 40)
            ],
            opset=21,
        )


def test_dynamic_quantization(check):
    check(
        "(float[n,7] x) => (uint8[a,b] y, float s, uint8 z) { y, s, z = DynamicQuantizeLinear(x) }",
        *[(x,) for x in (floats(5, 7), 100 * floats(1, 7), positive(4, 7), -positive(4, 7), np.zeros((2, 7), np.float32))],
    )


# Attention.


@pytest.mark.parametrize("is_causal, has_past", list(itertools.product((0, 1), (False, True))))
def test_attention(is_causal, has_past, check):
    past = ", float[b,k,p,8] pk, float[b,k,p,6] pv" if has_past else ""
    present = ", float[b1,b2,b3,b4] qk, float[c1,c2,c3,c4] qv" if has_past else ""
    check(
        f"(float[b,h,s,8] q, float[b,k,t,8] k, float[b,k,t,6] v{past}) => (float[a1,a2,a3,a4] y{present})"
        f"{{ y{', qk, qv' * has_past} = Attention<is_causal = {is_causal}>(q, k, v{', , pk, pv' * has_past}) }}".replace(", , ", ', "", '),
        *[
            [floats(2, 4, s, 8), floats(2, 2, t, 8), floats(2, 2, t, 6)] + [floats(2, 2, p, 8), floats(2, 2, p, 6)] * has_past
            for s, t, p in ((3, 5, 2), (1, 1, 7))
        ],
        opset=23,
        oracle="onnx",
    )


def test_attention_with_a_mask(check):
    check(
        "(float[b,s,32] q, float[b,t,16] k, float[b,t,16] v, float[s,t] m) => (float[a1,a2,a3] y)"
        "{ y = Attention<q_num_heads = 4, kv_num_heads = 2, softcap = 3.0>(q, k, v, m) }",
        *[(floats(2, s, 32), floats(2, t, 16), floats(2, t, 16), floats(s, t)) for s, t in ((3, 5), (1, 9))],
        opset=23,
        oracle="onnx",
    )


def test_attention_with_lengths_and_a_short_mask(check):
    check(
        "(float[b,4,s,8] q, float[b,4,t,8] k, float[b,4,t,8] v, float[s,u] m, int64[b] z) => (float[a1,a2,a3,a4] y)"
        '{ y = Attention<is_causal = 1>(q, k, v, m, "", "", z) }',
        *[
            (floats(2, 4, s, 8), floats(2, 4, t, 8), floats(2, 4, t, 8), floats(s, t - 1), np.array([t - 1, t - 2]))
            for s, t in ((3, 5), (1, 9))
        ],
        opset=24,
        oracle="onnx",
    )


@pytest.mark.parametrize("is_interleaved", [0, 1])
def test_rotary_embedding(is_interleaved, check):
    check(
        "(float[b,s,32] x, float[b,s,4] c, float[b,s,4] z) => (float[a1,a2,a3] y)"
        "{ y = RotaryEmbedding<num_heads = 4, interleaved = %d>(x, c, z) }" % is_interleaved,
        *[(floats(2, s, 32), floats(2, s, 4), floats(2, s, 4)) for s in (1, 5)],
        opset=23,
        oracle="onnx",
    )
    check(
        "(float[b,4,s,16] x, float[20,4] c, float[20,4] z, int64[b,s] p) => (float[a1,a2,a3,a4] y)"
        "{ y = RotaryEmbedding<rotary_embedding_dim = 8, interleaved = %d>(x, c, z, p) }" % is_interleaved,
        *[(floats(2, 4, s, 16), floats(20, 4), floats(20, 4), random.integers(0, 20, (2, s))) for s in (1, 5)],
        opset=23,
        oracle="onnx",
    )


# Fourier transforms.


@pytest.mark.parametrize("parts, inverse", list(itertools.product((1, 2), (0, 1))))
def test_fourier_transform(parts, inverse, check):
    check(
        "(float[b,l,%d] x) => (float[a,d,e] y) { y = DFT<axis = 1, inverse = %d>(x) }" % (parts, inverse),
        *[(floats(2, length, parts),) for length in (1, 8, 13)],
        scale=2,
    )


def test_fourier_transform_of_another_length(check):
    for length in (9, 16):
        check(
            "(float[b,13,1] x) => (float[a,d,e] y)"
            "{ n = Constant<value_int = %d>() y = DFT<onesided = 1>(x, n) }" % length,
            (floats(2, 13, 1),),
            scale=2,
        )


def test_short_time_fourier_transform(check):
    check(
        "(float[b,t,1] x, float[16] w) => (float[a,d,e,k] y) { n = Constant<value_int = 7>() y = STFT(x, n, w) }",
        *[(floats(b, t, 1), floats(16)) for b, t in ((1, 50), (3, 90))],
        scale=2,
    )


# Fused ops of onnxruntime's domain.

FUSED = {
    "(float[n,l,8] x, float[8] b) => (float[a,c,d] y) { y = com.microsoft.BiasGelu(x, b) }": [(2, 3, 8), (8,)],
    "(float[n,l,8] x, float[8] b) => (float[a,c,d] y) { y = com.microsoft.FastGelu(x, b) }": [(2, 3, 8), (8,)],
    "(float[n,l,8] x) => (float[a,c,d] y) { y = com.microsoft.QuickGelu<alpha = 1.5>(x) }": [(2, 3, 8)],
    "(float[n,l,8] x) => (float[a,c,d] y) { y = com.microsoft.Gelu(x) }": [(2, 3, 8)],
    "(float[n,l,8] x, float[n,l,8] s, float[8] g, float[8] h, float[8] b) => (float[a,c,d] y)"
    "{ y = com.microsoft.SkipLayerNormalization(x, s, g, h, b) }": [(2, 3, 8), (2, 3, 8), (8,), (8,), (8,)],
    "(float[n,l,8] x, float[n,l,8] s, float[8] g) => (float[a,c,d] y, float[e,f,h] z)"
    "{ y, u, v, z = com.microsoft.SkipSimplifiedLayerNormalization<epsilon = 1e-6>(x, s, g) }": [(2, 3, 8), (2, 3, 8), (8,)],
    "(float[b,n,5] x, float[b,m,5] w) => (float[a,c,d] y)"
    "{ y = com.microsoft.FusedMatMul<alpha = 0.5, transB = 1>(x, w) }": [(2, 3, 5), (2, 4, 5)],
    "(float[n,b,5] x, float[b,5,m] w) => (float[a,c,d] y)"
    "{ y = com.microsoft.FusedMatMul<transBatchA = 1>(x, w) }": [(3, 2, 5), (2, 5, 4)],
    "(float[b,s,32] q, float[b,t,32] k, float[b,t,32] v, float[96] c) => (float[a1,a2,a3] y)"
    "{ y = com.microsoft.MultiHeadAttention<num_heads = 4>(q, k, v, c) }": [(2, 3, 32), (2, 5, 32), (2, 5, 32), (96,)],
    "(float[b,s,16] x, float[16,96] w, float[96] c) => (float[a1,a2,a3] y)"
    "{ y = com.microsoft.Attention<num_heads = 4, unidirectional = 1>(x, w, c) }": [(2, 3, 16), (16, 96), (96,)],
}


@pytest.mark.parametrize("graph", FUSED, ids=lambda graph: graph.split("com.microsoft.")[1].split("(")[0])
def test_fused(graph, check):
    check(graph, [floats(*shape) for shape in FUSED[graph]])


def test_fused_attention_with_a_key_mask(check):
    mask = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]], np.int32)
    check(
        "(float[b,s,16] x, float[16,48] w, float[48] c, int32[b,s] m) => (float[a1,a2,a3] y)"
        "{ y = com.microsoft.Attention<num_heads = 2>(x, w, c, m) }",
        (floats(2, 5, 16), floats(16, 48), floats(48), mask),
    )


def test_embedding_normalization(check):
    check(
        "(int32[b,s] i, int32[b,s] j, float[30,8] w, float[12,8] p, float[2,8] t, float[8] g, float[8] h) =>"
        "(float[a1,a2,a3] y) { y, z = com.microsoft.EmbedLayerNormalization(i, j, w, p, t, g, h) }",
        (
            random.integers(0, 30, (2, 5)).astype(np.int32),
            random.integers(0, 2, (2, 5)).astype(np.int32),
            *[floats(*s) for s in ((30, 8), (12, 8), (2, 8), (8,), (8,))],
        ),
    )
