"""Models that must not be compiled or not be run, each with a word of why."""

import dataclasses
import os
import pathlib
from collections.abc import Callable

import numpy as np
import onnx
import onnx.parser
from onnx import TensorProto, helper

I64, F32 = np.int64, np.float32


def parse(graph, opset=18, head=""):
    return onnx.parser.parse_model(f'<ir_version: 8, opset_import: ["" : {opset}{head}]> {graph}')


def text(graph, opset=18, head=""):
    """Writes a model of onnx's text form."""
    return lambda folder: (folder / "m.onnx").write_bytes(parse(graph, opset, head).SerializeToString())


def data(content):
    return lambda folder: (folder / "m.onnx").write_bytes(content)


def changed(graph, change, opset=18):
    """Writes a model after `change` was applied to it."""

    def write(folder):
        model = parse(graph, opset)
        change(model, folder)
        (folder / "m.onnx").write_bytes(model.SerializeToString())

    return write


@dataclasses.dataclass
class Bad:
    write: Callable[[pathlib.Path], object]
    words: str
    """In the message of the compiler; of the run when there are inputs."""
    inputs: dict[str, np.ndarray] | None = None


UNARY = "g (float[2] x) => (float[a] y) { y = Relu(x) }"


#
# Files
#
def external(location, **more):
    """A model whose weight lies elsewhere."""

    def change(model, folder):
        tensor = model.graph.initializer.add(name="w", dims=[2], data_type=1, data_location=TensorProto.EXTERNAL)
        place = location(folder) if callable(location) else location
        for key, value in {"location": place, **more}.items():
            tensor.external_data.add(key=key, value=str(value))
        (folder / "w.bin").write_bytes(bytes(8))

    return changed("g (float[2] x) => (float[a] y) { y = Add(x, w) }", change)


def link(target):
    def make(folder):
        os.symlink(target, folder / "link.bin")
        return "link.bin"

    return make


def pipe(folder):
    os.mkfifo(folder / "pipe.bin")
    return "pipe.bin"


def subfolder(folder):
    (folder / "weights").mkdir()
    return "weights"


FILES = {
    "empty": Bad(data(b""), ""),
    "text": Bad(data(b"once upon a time"), "the file is damaged or not an ONNX model"),
    "zeros": Bad(data(bytes(100)), "the file is damaged or not an ONNX model"),
    "no graph": Bad(data(b"\x08\x08"), ""),
    "missing weights": Bad(external("no.bin"), "no.bin"),
    "absolute path of weights": Bad(external("/etc/passwd"), "/etc/passwd"),
    "weights above the folder": Bad(external("../w.bin"), "../w.bin"),
    "weights above the folder, hidden": Bad(external("a/../../w.bin"), "w.bin"),
    "link out of the folder": Bad(external(link("/etc/passwd")), "link.bin"),
    "link to a device": Bad(external(link("/dev/zero")), "link.bin"),
    "link to itself": Bad(external(link("link.bin")), "link.bin"),
    "weights in a pipe": Bad(external(pipe), "pipe.bin"),
    "a folder of weights": Bad(external(subfolder), "weights"),
    "weights behind the end": Bad(external("w.bin", offset=4), "w.bin"),
    "a far offset": Bad(external("w.bin", offset=2**63 - 8), "w.bin"),
    "a negative offset": Bad(external("w.bin", offset=-8), "offset"),
    "an offset in words": Bad(external("w.bin", offset="eight"), "eight"),
    "another length": Bad(external("w.bin", length=4), "4 bytes"),
    "no location": Bad(external(""), "not a relative path"),
}


#
# Graphs
#
def duplicate_initializer(model, folder):
    for _ in range(2):
        model.graph.initializer.add(name="w", dims=[2], data_type=1, raw_data=bytes(8))


def initializer(**fields):
    def change(model, folder):
        model.graph.initializer.add(name="w", **fields)

    return changed("g (float[2] x) => (float[a] y) { y = Add(x, w) }", change)


def input_dim(size):
    def change(model, folder):
        for dim in model.graph.input[0].type.tensor_type.shape.dim:
            dim.dim_value = size

    return changed("g (float[2, 2] x) => (float[a] y) { y = Relu(x) }", change)


def functions(calls, count):
    """`count` functions, each of which calls those that `calls` says."""

    def change(model, folder):
        model.opset_import.add(domain="own", version=1)
        imports = [helper.make_opsetid("", 18), helper.make_opsetid("own", 1)]
        for number in range(count):
            nodes, last = [], "x"
            for place, called in enumerate(calls(number)):
                nodes.append(helper.make_node(f"f{called}", [last], [f"v{place}"], domain="own"))
                last = f"v{place}"
            nodes.append(helper.make_node("Relu", [last], ["y"]))
            model.functions.append(helper.make_function("own", f"f{number}", ["x"], ["y"], nodes, imports))
        model.graph.node[0].CopyFrom(helper.make_node("f0", ["x"], ["y"], domain="own"))

    return changed(UNARY, change)


def without_opset(model, folder):
    del model.opset_import[:]


def other_opset(version):
    def change(model, folder):
        model.opset_import[0].version = version

    return changed(UNARY, change)


GRAPHS = {
    "a node that needs itself": Bad(text("g (float[2] x) => (float[a] y) { y = Add(x, y) }"), "cycle"),
    "a cycle of two": Bad(text("g (float[2] x) => (float[a] y) { z = Add(x, y) y = Relu(z) }"), "cycle"),
    "an unknown input": Bad(text("g (float[2] x) => (float[a] y) { y = Add(x, z) }"), '"z" is not defined'),
    "an unknown output": Bad(text("g (float[2] x) => (float[a] z) { y = Relu(x) }"), '"z" is not defined'),
    "an output twice": Bad(text("g (float[2] x) => (float[a] y, float[a] y) { y = Relu(x) }"), "twice"),
    "an input twice": Bad(text("g (float[2] x, float[2] x) => (float[a] y) { y = Relu(x) }"), "twice"),
    "a name twice": Bad(text("g (float[2] x) => (float[a] y) { y = Relu(x) y = Exp(x) }"), "already defined"),
    "no output": Bad(text("g (float[2] x) => () { y = Relu(x) }"), "no output"),
    "an initializer twice": Bad(
        changed("g (float[2] x) => (float[a] y) { y = Add(x, w) }", duplicate_initializer), "twice"
    ),
    "other data than the shape says": Bad(initializer(dims=[3], data_type=1, raw_data=bytes(8)), "8 bytes"),
    "a negative size": Bad(initializer(dims=[-2], data_type=1, raw_data=bytes(8)), "-2"),
    "an absurd size": Bad(initializer(dims=[2**62, 8], data_type=1, raw_data=b""), "overflow"),
    "absurd sizes beside 0": Bad(initializer(dims=[2**62, 8, 0], data_type=1, raw_data=b""), ""),
    "an unknown type": Bad(initializer(dims=[2], data_type=99, raw_data=bytes(8)), "number 99"),
    "strings": Bad(initializer(dims=[2], data_type=8, string_data=[b"a", b"b"]), "string"),
    "a rank of 100": Bad(initializer(dims=[1] * 100, data_type=1, raw_data=bytes(4)), "rank"),
    "another type than declared": Bad(text("g (float[2] x) => (int32[a] y) { y = Relu(x) }"), "int32"),
    "types that do not match": Bad(text("g (float[2] x, int32[2] z) => (float[a] y) { y = Add(x, z) }"), "f32 and i32"),
    "shapes that do not match": Bad(text("g (float[2] x, float[3] z) => (float[a] y) { y = Add(x, z) }"), "broadcast"),
    "an absurd input": Bad(input_dim(2**62), "274877906944 bytes"),
    "an unknown op": Bad(text("g (float[2] x) => (float[a] y) { y = Foo(x) }"), '"Foo"'),
    "an unknown domain": Bad(text("g (float[2] x) => (float[a] y) { y = com.foo.Bar(x) }"), "com.foo"),
    "an op of another domain": Bad(
        text("g (float[2] x) => (float[a] y) { y = com.foo.Bar(x) }", head=', "com.foo" : 1'), "com.foo.Bar"
    ),
    "no opset": Bad(changed(UNARY, without_opset), "opset"),
    **{f"opset {n}": Bad(other_opset(n), "opset") for n in (0, -1, 5, 99, 2**62)},
    "a function that calls itself": Bad(functions(lambda n: [n], 1), ""),
    "functions that call each other": Bad(functions(lambda n: [1 - n], 2), ""),
}


#
# Attributes
#
def node(source, opset=18, inputs="float[1, 4, 8, 8] x", extra=""):
    return text(f"g ({inputs}) => (float[a] y) {extra} {{ y = {source} }}", opset)


CONV_WEIGHT = "float[4, 4, 3, 3] w"


def conv(attributes):
    return node(f"Conv<{attributes}>(x, w)", inputs=f"float[1, 4, 8, 8] x, {CONV_WEIGHT}")


def of_huge_filter(model, folder):
    model.graph.input[1].type.tensor_type.shape.dim[2].dim_value = 2**24


ATTRIBUTES = {
    "a filter that no one writes out": Bad(
        changed(
            "g (float[2, 4, 8] x, float[4, 1, 3] w) => (float[a] y, float[b] z) { y, z = CausalConvWithState(x, w) }",
            of_huge_filter,
            opset=27,
        ),
        "taps of the filter are too many",
    ),
    "more parts than outputs": Bad(node(f"Split<num_outputs = {2**40}>(x)"), "num_outputs"),
    "a sequence of more tensors than anyone needs": Bad(
        text("g (float[16777216] x) => (float[a] y) { s = SplitToSequence(x) y = ConcatFromSequence<axis = 0>(s) }"),
        "tensors of a sequence are too many",
    ),
    "more gaps than anyone counts": Bad(
        text(
            "g (int64[8] x) => (float[a] y) { y = TfIdfVectorizer<mode = \"TF\", min_gram_length = 2,"
            f" max_gram_length = 2, max_skip_count = {2**62}, ngram_counts = [0, 0], ngram_indexes = [0],"
            " pool_int64s = [1, 2]>(x) }"
        ),
        "tokens of a gap are too many",
    ),
    "a pool of huge windows": Bad(node(f"MaxPool<kernel_shape = [3, 3], dilations = [{2**62}, 1]>(x)"), "dilations"),
    "axes of a resize that there are not": Bad(
        text(
            "g (float[1, 1, 4] x, float[4] roi) => (float[a] y) <int64[2] s = {3, 3}>"
            ' { y = Resize<axes = [3, 2], mode = "linear",'
            ' coordinate_transformation_mode = "tf_crop_and_resize">(x, roi, "", s) }'
        ),
        "axis 3",
    ),
    "indices far apart": Bad(
        text(f"g (float[4] x) => (float[a] y) <int64[3] i = {{0, {2**62}, {-(2**62)}}}> {{ y = Gather(x, i) }}"), ""
    ),
    "sizes of an image that are bytes": Bad(
        text(
            "g (float[1, 12, 9] x, uint8[2] size) => (float[a, b, c, d] y) <int64[2] block = {2, 2}>"
            " { y = Col2Im(x, size, block) }"
        ),
        "",
    ),
    "rows that cannot be counted": Bad(
        text(f"g (float[{2**40}, {2**40}, n] x) => (float[a] y) {{ y = Unique(x) }}"),
        "allowed are tensors",
    ),
    "a condition whose numbers do not fit into memory": Bad(
        text(f"g (bool[{2**36}] x) => (int64[1, a] y) {{ y = NonZero(x) }}"),
        "bytes",
    ),
    "integers whose logarithms do not fit into memory": Bad(
        text(f"g (int8[{2**36}, 1] x) => (int8[a, b] y) {{ y = ReduceLogSum<axes = [1]>(x) }}"),
        "bytes",
    ),
    "an image that does not fit into memory once it is widened": Bad(
        text(f"g (float16[1, 1, {2**37}] x) => (float16[a, b, c] y) {{ y = GlobalLpPool(x) }}"),
        "bytes",
    ),
    "pads of blocks that overflow": Bad(
        text(
            "g (float[1, 12, 9] x) => (float[a, b, c, d] y) <int64[2] size = {4, 4}, int64[2] block = {2, 2}>"
            f" {{ y = Col2Im<pads = [{2**62}, 0, {2**62}, 0]>(x, size, block) }}"
        ),
        '"pads" is not',
    ),
    "windows to undo that overflow": Bad(
        text(
            "g (float[1, 1, 2, 2] x, int64[1, 1, 2, 2] i) => (float[a, b, c, d] y)"
            f" {{ y = MaxUnpool<kernel_shape = [2, 2], pads = [{2**62}, 0, {2**62}, 0]>(x, i) }}"
        ),
        '"pads" is not',
    ),
    "a scan over fewer inputs than none": Bad(
        text(
            "g (float[3] x) => (float[a] y) {"
            f" y = Scan<num_scan_inputs = {-(2**63)}, body = b (float c) => (float d) {{ d = Neg(c) }}>(x) }}"
        ),
        '"num_scan_inputs" is -9223372036854775808',
    ),
    "a step of floats": Bad(
        text("g (float[1, 128, 1] x, float[16] step) => (float[a, b, c, d] y) { y = STFT(x, step) }"), '"step" is'
    ),
    "scores that are integers": Bad(
        text(
            "g (float[1, 2, 4] boxes, uint8[1, 1, 2] scores) => (int64[a, 3] y)"
            " <int64 most = {1}> { y = NonMaxSuppression(boxes, scores, most) }"
        ),
        "where floats are needed",
    ),
    "a grid of another batch": Bad(
        text(
            "g (float[9, 1, 3, 2] x, float[1, 2, 4, 2] grid) => (float[a, b, c, d] y)"
            ' { y = GridSample<padding_mode = "border">(x, grid) }',
            opset=22,
        ),
        "batch size",
    ),
    "a limit of another type": Bad(
        text("g (uint8[3] x, float low, float high) => (uint8[a] y) { y = Clip(x, low, high) }"), "ui8 and f32"
    ),
    "an axis outside": Bad(node("Softmax<axis = 9>(x)"), "axis 9"),
    "a far axis": Bad(node(f"Softmax<axis = {-(2**62)}>(x)"), "axis"),
    "a permutation that is none": Bad(node("Transpose<perm = [0, 0, 1, 2]>(x)"), "permutation"),
    "another kind": Bad(node('Softmax<axis = "one">(x)'), "kind string"),
    "no type to cast to": Bad(node("Cast(x)"), "to"),
    "an unknown type to cast to": Bad(node("Cast<to = 77>(x)"), "77"),
    "a group of 0": Bad(conv("group = 0"), "0 times the filter"),
    "a group that does not divide": Bad(conv("group = 3"), "3 times the filter"),
    "a stride of 0": Bad(conv("strides = [0, 1]"), "stride"),
    "a negative dilation": Bad(conv("dilations = [-1, 1]"), "dilation"),
    "few pads": Bad(conv("pads = [1]"), "pads"),
    "a huge stride": Bad(conv(f"strides = [{2**62}, 1]"), "1 to 2147483647"),
    "huge pads": Bad(conv(f"pads = [{2**40}, 0, {2**40}, 0]"), "0 to 2147483647"),
    "pads that overflow": Bad(conv(f"pads = [{2**62}, 0, {2**62}, 0]"), "0 to 2147483647"),
    "a dilation that overflows": Bad(conv(f"dilations = [{2**62}, 1]"), "1 to 2147483647"),
    "a huge window": Bad(node(f"MaxPool<kernel_shape = [{2**40}, 1]>(x)"), "1 to 2147483647"),
    "another kernel": Bad(conv("kernel_shape = [5, 5]"), "kernel_shape"),
    "sizes that cannot be reshaped": Bad(
        text("g (float[2, 3] x) => (float[a] y) <int64[2] s = {4, 2}> { y = Reshape(x, s) }"), ""
    ),
    "a border that overflows": Bad(
        text(f"g (float[n] x) => (float[a] y) <int64[2] s = {{{2**62}, {2**62}}}> {{ y = Pad(x, s) }}"), "overflows"
    ),
    "targets of another size": Bad(
        text("g (float[1, 2, 3] x, int64[1, 1] t) => (float y) { y = NegativeLogLikelihoodLoss(x, t) }"), "targets and scores"
    ),
    "a transform of nothing": Bad(
        text("g (float[1, 0, 2] x) => (float[a, b, c] y) { y = DFT<axis = 1, inverse = 1, onesided = 1>(x) }", 19), "negative"
    ),
    "two open sizes": Bad(
        text("g (float[2, 3] x) => (float[a] y) <int64[2] s = {-1, -1}> { y = Reshape(x, s) }"), "-1"
    ),
    "sizes that overflow": Bad(
        text(f"g (float[2, 3] x) => (float[a] y) <int64[2] s = {{{2**62}, {2**62}}}> {{ y = Reshape(x, s) }}"), ""
    ),
}


#
# Sizes that explode: compiled or refused, but never computed.
#
HUGE = 2**40


def from_sizes(body, sizes, words=""):
    """The same with sizes that are constants, and with sizes that come when it runs."""
    values = ", ".join(map(str, sizes))
    constant = text(f"g (float[1] x) => (float[a] y) <int64[{len(sizes)}] s = {{{values}}}> {{ {body} }}")
    dynamic = text(f"g (float[1] x, int64[{len(sizes)}] s) => (float[a] y) {{ {body} }}")
    inputs = {"x": np.ones(1, F32)}
    return Bad(constant, words, inputs), Bad(dynamic, words, {**inputs, "s": np.array(sizes, I64)})


def scalars(body, values, words=""):
    """As above for scalars a, b, c."""
    names = "abc"[: len(values)]
    given = ", ".join(f"int64 {name} = {{{value}}}" for name, value in zip(names, values))
    declared = ", ".join(f"int64 {name}" for name in names)
    constant = text(f"g (float[1] x) => (int64[n] y) <{given}> {{ {body} }}")
    dynamic = text(f"g (float[1] x, {declared}) => (int64[n] y) {{ {body} }}")
    inputs = {"x": np.ones(1, F32)}
    return Bad(constant, words, inputs), Bad(
        dynamic, words, {**inputs, **{n: np.array(v, I64) for n, v in zip(names, values)}}
    )


EXPLOSIONS = {
    "ConstantOfShape": from_sizes("y = ConstantOfShape(s)", [HUGE], "274877906944 bytes"),
    "an output that no memory holds": from_sizes("y = ConstantOfShape(s)", [2**36], "out of memory"),
    "a reduction of what no memory holds": from_sizes(
        "v = Expand(x, s) w = Exp(v) y = ReduceSum(w)", [HUGE], "274877906944 bytes"
    ),
    "a product that no memory holds": from_sizes(
        "v = Expand(x, s) w = Transpose(v) y = MatMul(w, v)", [1, 2**37], "274877906944 bytes"
    ),
    "a window over what no memory holds": from_sizes(
        "v = Expand(x, s) y = MaxPool<kernel_shape = [2]>(v)", [1, 1, HUGE], "274877906944 bytes"
    ),
    "ConstantOfShape that overflows": from_sizes("y = ConstantOfShape(s)", [2**62, 2**62]),
    "ConstantOfShape of a negative size": from_sizes("y = ConstantOfShape(s)", [-5]),
    "Expand": from_sizes("y = Expand(x, s)", [HUGE, 1]),
    "Expand that overflows": from_sizes("y = Expand(x, s)", [2**62, 2**62, 1]),
    "Tile": from_sizes("y = Tile(x, s)", [HUGE]),
    "Tile, negative": from_sizes("y = Tile(x, s)", [-1]),
    "Pad": from_sizes("y = Pad(x, s)", [HUGE, HUGE]),
    "Pad that overflows": from_sizes("y = Pad(x, s)", [2**62, 2**62]),
    "Reshape": from_sizes("y = Reshape(x, s)", [HUGE, -1]),
    "Range": scalars("y = Range(a, b, c)", [0, 2**62, 1]),
    "a reduction of a long Range": scalars("v = Range(a, b, c) y = ReduceSum(v)", [0, HUGE, 1], "274877906944 bytes"),
    "Range of no step": scalars("y = Range(a, b, c)", [0, 10, 0]),
}
