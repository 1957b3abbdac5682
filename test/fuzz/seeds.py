"""Writes what the fuzzer begins with: models of ONNX's own suite and generated ones, and the words that models use.

seeds.py FOLDER DICTIONARY
"""

import pathlib
import sys
import warnings

import onnx
import onnx.backend.test.loader
import onnx.parser

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cases"))

from generator.generate import generate  # noqa: E402

MAX_BYTES = 4096
GENERATED = 400
# What neither the suite nor the generator has.
FUSED = {
    "BiasGelu": "(float[n,l,8] x, float[8] b) => (float[a,c,d] y) { y = com.microsoft.BiasGelu(x, b) }",
    "QuickGelu": "(float[n,l,8] x) => (float[a,c,d] y) { y = com.microsoft.QuickGelu<alpha = 1.5>(x) }",
    "FusedMatMul": "(float[2,3,5] x, float[2,4,5] w) => (float[a,c,d] y)"
    " { y = com.microsoft.FusedMatMul<alpha = 0.5, transB = 1>(x, w) }",
    "SkipLayerNormalization": "(float[n,l,8] x, float[n,l,8] s, float[8] g, float[8] h) => (float[a,c,d] y)"
    " { y = com.microsoft.SkipLayerNormalization(x, s, g, h) }",
    "MultiHeadAttention": "(float[n,l,32] q, float[n,m,32] k, float[n,m,32] v, float[96] c) => (float[a,d,e] y)"
    " { y = com.microsoft.MultiHeadAttention<num_heads = 4>(q, k, v, c) }",
    "Attention": "(float[n,l,16] x, float[16,96] w, float[96] c, int32[n,l] m) => (float[a,d,e] y)"
    " { y = com.microsoft.Attention<num_heads = 4>(x, w, c, m) }",
    "RotaryEmbedding": "(float[n,4,l,8] x, int64[n,l] i, float[16,4] c, float[16,4] s) => (float[a,b,d,e] y)"
    " { y = com.microsoft.RotaryEmbedding(x, i, c, s) }",
}


def models():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for case in onnx.backend.test.loader.load_model_tests(kind="node"):
            if case.model is not None:
                yield case.name, case.model
    for seed in range(GENERATED):
        case = generate(seed)
        if case is not None:
            yield f"generated_{seed}", case.proto()
    for name, graph in FUSED.items():
        head = '<ir_version: 10, opset_import: ["" : 21, "com.microsoft" : 1]> g '
        yield name, onnx.parser.parse_model(head + graph)


def words():
    for schema in onnx.defs.get_all_schemas_with_history():
        yield schema.name
        yield from schema.attributes
    yield from ("SAME_UPPER", "SAME_LOWER", "VALID", "constant", "reflect", "nearest", "linear", "bidirectional", "add")
    yield "com.microsoft"
    yield from FUSED


def main(folder, dictionary):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in models():
        data = model.SerializeToString()
        if len(data) <= MAX_BYTES:
            (folder / name).write_bytes(data)
    lines = sorted({f'"{word}"' for word in words()})
    pathlib.Path(dictionary).write_text("\n".join(lines) + "\n")


main(*sys.argv[1:])
