"""The reference interpreter against NumPy and onnx's evaluator; it judges mlc, so mlc must not judge it."""

import itertools
import json

import numpy as np
import pytest

from interpreting import DTYPES, FLOATS, Program, draw, is_float, load, oracle, save, tensor_type, windows

SHAPES = [(), (0,), (7,), (1, 5), (3, 0, 2), (2, 3, 1, 5), (1031,)]


@pytest.fixture(scope="module")
def elementwise(tool):
    registry = json.loads(tool("mlc-opt", "--registry").stdout)
    return {op["mnemonic"]: op["elementwise"] for op in registry if "elementwise" in op}


def apply(program, mnemonic, operands, result):
    names = ", ".join(program.input(x) for x in operands)
    types = ", ".join(tensor_type(x) for x in operands)
    return f"mlc.{mnemonic} {names} : ({types}) -> {tensor_type(result)}"


def test_elementwise_ops_on_all_types_and_shapes(elementwise, tool, tmp_path):
    program, random, drawn = Program(), np.random.default_rng(0), {}
    for mnemonic, op in elementwise.items():
        for element, shape in itertools.product(op["types"], SHAPES):
            operands = []
            for number in range(op["arity"]):
                nonzero = op["failsOnZero"] and number + 1 == op["arity"]
                key = (element, shape, op["domain"], nonzero, number)
                if key not in drawn:
                    drawn[key] = draw(random, element, shape, op["domain"], nonzero)
                operands.append(drawn[key])
            expected = oracle(op["oracle"], operands)
            # NumPy's functions are good to a few units of double.
            ulps = 16 if element == "f64" else 1
            program.expect(f"{mnemonic} {element} {shape}", apply(program, mnemonic, operands, expected), expected, ulps)
    program.check(tool, tmp_path)


def test_elementwise_floats_at_the_edges(elementwise, tool, tmp_path):
    program = Program()
    edges = [0.0, -0.0, 1.0, -1.0, 0.5, 2.5, -2.5, np.inf, -np.inf, np.nan, 1e-7, 3e4, -3e4]
    pairs = np.array(list(itertools.product(edges, edges)))
    skipped = {"softplus"}  # The oracle overflows where the formula does not.
    for mnemonic, op in elementwise.items():
        for element in set(op["types"]) & set(FLOATS) - skipped:
            if mnemonic in skipped:
                continue
            operands = [np.ascontiguousarray(pairs[:, i]).astype(DTYPES[element]) for i in range(op["arity"])]
            program.kept += operands
            expected = oracle(op["oracle"], operands)
            program.expect(f"{mnemonic} {element}", apply(program, mnemonic, operands, expected), expected, 16)
    program.check(tool, tmp_path)


def test_elementwise_integers_at_the_edges(elementwise, tool, tmp_path):
    program = Program()
    for mnemonic, op in elementwise.items():
        for element in set(op["types"]) - set(FLOATS) - {"i1"}:
            limits = np.iinfo(DTYPES[element])
            values = [limits.min, limits.max, 0, 1, limits.max // 3, limits.min // 3, limits.max - 1, limits.max // 2]
            values += [-1, -2] if limits.min else []
            values += [limits.bits, limits.bits - 1]
            pairs = [p for p in itertools.product(values, values) if not (op["failsOnZero"] and p[1] == 0)]
            pairs = np.array(pairs, dtype=object)
            operands = [pairs[:, i].astype(DTYPES[element]) for i in range(op["arity"])]
            program.kept += operands
            expected = oracle(op["oracle"], operands)
            program.expect(f"{mnemonic} {element}", apply(program, mnemonic, operands, expected), expected)
    program.check(tool, tmp_path)


def test_ops_of_onnx_by_its_evaluator(elementwise, tool, tmp_path):
    import onnx
    from onnx.reference import ReferenceEvaluator

    program, random = Program(), np.random.default_rng(1)
    for mnemonic, op in elementwise.items():
        if not op["onnx"]:
            continue
        x = [draw(random, "f32", (3, 5), op["domain"]) for _ in range(op["arity"])]
        names = [f"x{i}" for i in range(len(x))]
        kind = onnx.TensorProto.BOOL if op["result"] == "i1" else onnx.TensorProto.FLOAT
        graph = onnx.helper.make_graph(
            [onnx.helper.make_node(op["onnx"], names, ["y"])],
            "g",
            [onnx.helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, (3, 5)) for n in names],
            [onnx.helper.make_tensor_value_info("y", kind, (3, 5))],
        )
        model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 21)])
        (expected,) = ReferenceEvaluator(model).run(None, dict(zip(names, x)))
        program.kept += x
        program.expect(op["onnx"], apply(program, mnemonic, x, expected), expected, 8)
    program.check(tool, tmp_path)


def cast_oracle(x, to):
    target = DTYPES[to]
    if to == "i1":
        return x != 0
    if not is_float(x.dtype) or to in FLOATS:
        # By way of double only what fits into it; NumPy rounds a 64-bit integer to f32 once.
        direct = is_float(x.dtype) or x.dtype.itemsize < 8 or to in ("f32", "f64") or to not in FLOATS
        with np.errstate(all="ignore"):
            wide = x if direct else x.astype(np.longdouble).astype(np.float64)
            if is_float(x.dtype):
                wide = x.astype(np.float64)
            return wide.astype(target)
    limits = np.iinfo(target)
    wide = np.nan_to_num(x.astype(np.float64), nan=0.0, posinf=np.inf, neginf=-np.inf)
    exact = [
        limits.max if v >= float(limits.max) + 1 else limits.min if v < limits.min else int(v)
        for v in wide.ravel().tolist()
    ]
    exact = [min(max(v, limits.min), limits.max) for v in exact]
    return np.array(exact, dtype=object).astype(target).reshape(x.shape)


def test_casts_between_all_types(tool, tmp_path):
    program = Program()
    floats = [0.0, -0.0, 0.4, -0.6, 1.5, 2.5, -2.5, 127.9, 128.0, -129.0, 255.9, 256.5, 3e4, 65519.0, 65520.0, 7e4]
    floats += [2.0**31, -(2.0**31), 2.0**32, 2.0**63, 2.0**64, -(2.0**63), 1e30, 6e-8, 2.9e-8, 3e-8, 1 + 2.0**-8, 1 + 3 * 2.0**-9]
    floats += [np.inf, -np.inf, np.nan, 1 + 2.0**-11, 1 + 2.0**-11 + 2.0**-30, 1e-40, 9e-41]
    for source, target in itertools.product(DTYPES, DTYPES):
        if source in FLOATS:
            with np.errstate(all="ignore"):
                x = np.array(floats).astype(DTYPES[source])
        elif source == "i1":
            x = np.array([False, True])
        else:
            limits = np.iinfo(DTYPES[source])
            x = np.array([0, 1, limits.min, limits.max, limits.max // 3, limits.min // 3, limits.max - 1, 100], dtype=DTYPES[source])
        program.kept += [x]
        expected = cast_oracle(x, target)
        text = f"mlc.cast {program.input(x)} to {target} : ({tensor_type(x)}) -> {tensor_type(expected)}"
        program.expect(f"{source} to {target}", text, expected)
    program.check(tool, tmp_path)


def test_bitcasts_between_all_types_of_one_width(tool, tmp_path):
    program = Program()
    bits = np.random.default_rng(0).integers(0, 256, 8 * 64, dtype=np.uint8)
    for source, target in itertools.product(DTYPES, DTYPES):
        width = np.dtype(DTYPES[source]).itemsize
        if "i1" in (source, target) or np.dtype(DTYPES[target]).itemsize != width:
            continue
        x = bits.view(DTYPES[source])
        with np.errstate(invalid="ignore"):
            x = x[~np.isnan(x.view(DTYPES[target]).astype(np.float64)) & ~np.isnan(x.astype(np.float64))]
        program.kept += [x]
        expected = x.view(DTYPES[target])
        text = f"mlc.bitcast {program.input(x)} to {target} : ({tensor_type(x)}) -> {tensor_type(expected)}"
        program.expect(f"{source} to {target}", text, expected)
    program.check(tool, tmp_path)


def test_a_64_bit_integer_is_rounded_to_f32_once(tool, tmp_path):
    # 2^60 + 2^36 + 1 lies just above a tie of f32, and on it once it is rounded to double.
    x = np.array([2**60 + 2**36 + 1, -(2**60 + 2**36 + 1), 2**60 + 2**36], dtype=np.int64)
    expected = np.array([2**60 + 2**37, -(2**60 + 2**37), 2**60], dtype=np.float32)
    program = Program()
    program.expect("cast", f"mlc.cast {program.input(x)} to f32 : (tensor<3xi64>) -> tensor<3xf32>", expected)
    program.check(tool, tmp_path)


def test_select(tool, tmp_path):
    program, random = Program(), np.random.default_rng(2)
    for element, shape in itertools.product(DTYPES, SHAPES):
        c = draw(random, "i1", shape, "0:1")
        x, y = (draw(random, element, shape, "-4:4") for _ in range(2))
        program.kept += [c, x, y]
        expected = np.asarray(np.where(c, x, y), dtype=x.dtype)
        program.expect(f"select {element} {shape}", apply(program, "select", [c, x, y], expected), expected)
    program.check(tool, tmp_path)


def test_transpose(tool, tmp_path):
    program, random = Program(), np.random.default_rng(3)
    cases = [((), ()), ((0, 3), (1, 0)), ((37, 41), (1, 0)), ((1, 7), (1, 0)), ((67, 5, 3), (2, 1, 0))]
    cases += [((2, 3, 4, 5), p) for p in itertools.permutations(range(4))]
    for (shape, permutation), element in itertools.product(cases, ("i1", "f16", "f32", "i64")):
        x = draw(random, element, shape, "-4:4")
        program.kept += [x]
        expected = np.transpose(x, permutation)
        text = f"mlc.transpose {program.input(x)} {list(permutation)} : {tensor_type(x)} -> {tensor_type(expected)}"
        program.expect(f"transpose {shape} {permutation}", text, expected)
    program.check(tool, tmp_path)


def test_reshape_broadcast_slice_concat_shape(tool, tmp_path):
    program, random = Program(), np.random.default_rng(4)
    x = draw(random, "f32", (2, 3, 4), "-4:4")
    a, t = program.input(x), tensor_type(x)
    for shape in [(24,), (4, 3, 2), (1, 24, 1)]:
        y = x.reshape(shape)
        program.expect("reshape", f"mlc.reshape {a} to {list(shape)} : {t} -> {tensor_type(y)}", y)
    for source, shape, axes in [((), (2, 3), []), ((3, 1), (2, 3, 5), [1, 2]), ((3,), (3, 2), [0]), ((1, 4), (0, 4), [0, 1])]:
        v = draw(random, "i32", source, "-4:4")
        program.kept += [v]
        wide = v.reshape([v.shape[axes.index(i)] if i in axes else 1 for i in range(len(shape))])
        y = np.broadcast_to(wide, shape)
        text = f"mlc.broadcast {program.input(v)} to {list(shape)} axes = {axes} : {tensor_type(v)} -> {tensor_type(y)}"
        program.expect(f"broadcast {source} {shape}", text, y)
    for slices in [np.s_[0:2, 1:3, 0:4], np.s_[1:0:-1, :, ::2], np.s_[:, ::-1, 3:0:-2], np.s_[0:0, :, :], np.s_[:, 2:3, 1:2]]:
        y = x[slices]
        starts, strides = zip(*[(s.indices(n)[0], s.indices(n)[2]) for s, n in zip(slices, x.shape)])
        text = f"mlc.slice {a} {list(starts)} {list(y.shape)} {list(strides)} : {t} -> {tensor_type(y)}"
        program.expect(f"slice {slices}", text, y)
    for axis in range(3):
        parts = [draw(random, "f16", tuple(n if i == axis else 3 for i in range(3)), "-4:4") for n in (1, 0, 4)]
        program.kept += parts
        y = np.concatenate(parts, axis)
        names, types = (", ".join(v) for v in ([program.input(p) for p in parts], [tensor_type(p) for p in parts]))
        program.expect("concat", f"mlc.concat {names} axis = {axis} : ({types}) -> {tensor_type(y)}", y)
    program.expect("shape_of", f"mlc.shape_of {a} : ({t}) -> tensor<3xi64>", np.array([2, 3, 4]))
    program.check(tool, tmp_path)


REDUCTIONS = {"sum": np.sum, "product": np.prod, "min": np.min, "max": np.max, "and": np.all, "or": np.any}


def neutral(kind, dtype):
    if kind in ("min", "max") and is_float(dtype):
        return np.inf if kind == "min" else -np.inf
    if kind in ("min", "max"):
        limits = np.iinfo(dtype)
        return limits.max if kind == "min" else limits.min
    return {"sum": 0, "product": 1, "and": True, "or": False}[kind]


def test_pad(tool, tmp_path):
    program, random = Program(), np.random.default_rng(5)
    for element in ("f32", "bf16", "i1", "ui8", "i64"):
        for shape, low, high in (((3, 4), [1, 0], [2, 5]), ((7,), [0], [0]), ((2, 0, 3), [1, 2, 0], [0, 1, 1]), ((), [], [])):
            x, value = draw(random, element, shape, "0:9"), draw(random, element, (), "0:9")
            y = np.pad(x, list(zip(low, high)), constant_values=value) if shape else x
            program.kept.append(value)
            types = f"{tensor_type(x)}, {tensor_type(value)} -> {tensor_type(y)}"
            program.expect("pad", f"mlc.pad {program.input(x)}, {program.input(value)} low {low} high {high} : {types}", y)
    program.check(tool, tmp_path)


def test_window(tool, tmp_path):
    program, random = Program(), np.random.default_rng(6)
    table = [((9,), [0], [3], [2], [1]), ((2, 9, 7, 3), [1, 2], [3, 2], [2, 1], [1, 3]), ((4, 3), [], [], [], [])]
    for (shape, axes, sizes, strides, dilations), element in itertools.product(table, ("f32", "i1", "i64")):
        x = draw(random, element, shape, "0:9")
        y = windows(x, axes, sizes, strides, dilations)
        attributes = f"axes = {axes} sizes = {sizes} strides = {strides} dilations = {dilations}"
        program.expect("window", f"mlc.window {program.input(x)} {attributes} : ({tensor_type(x)}) -> {tensor_type(y)}", y)
    program.check(tool, tmp_path)


def test_reductions(tool, tmp_path):
    program, random = Program(), np.random.default_rng(5)
    shapes = [(), (5,), (0, 3), (3, 0), (3, 1100), (7, 11), (2, 3, 4, 5), (1, 1)]
    for element, shape in itertools.product(DTYPES, shapes):
        x = draw(random, element, shape, "-4:4")
        program.kept += [x]
        kinds = ("and", "or") if element == "i1" else ("sum", "product", "min", "max")
        for kind, count in itertools.product(kinds, range(len(shape) + 1)):
            for axes in itertools.combinations(range(len(shape)), count):
                with np.errstate(all="ignore"):
                    wide = x.astype(np.float64) if is_float(x.dtype) else x
                    options = {"initial": neutral(kind, x.dtype)} if kind in ("min", "max") else {}
                    if kind in ("sum", "product"):
                        options["dtype"] = wide.dtype
                    y = np.asarray(REDUCTIONS[kind](wide, axis=axes, **options)).astype(x.dtype)
                text = f"mlc.reduce {kind} {program.input(x)} axes = {list(axes)} : {tensor_type(x)} -> {tensor_type(y)}"
                program.expect(f"{kind} {element} {shape} {axes}", text, y, 1024 if element == "f64" else 1)
    program.check(tool, tmp_path)


def test_matmul(tool, tmp_path):
    program, random = Program(), np.random.default_rng(6)
    shapes = [((2, 3), (3, 5)), ((1, 300), (300, 7)), ((2, 3, 4, 5), (2, 3, 5, 1)), ((3, 0), (0, 2)), ((0, 3), (3, 2))]
    # One above a block of rows, and two tiles of columns with a third that is narrower.
    shapes += [((5, 129), (129, 35)), ((2, 3, 16), (2, 16, 16))]
    for element, (left, right) in itertools.product([e for e in DTYPES if e != "i1"], shapes):
        x, y = draw(random, element, left, "-4:4"), draw(random, element, right, "-4:4")
        program.kept += [x, y]
        wide = (np.float64,) if element in FLOATS else (x.dtype,)
        z = np.matmul(x.astype(*wide), y.astype(*wide)).astype(x.dtype)
        # Terms cancel; the scale of the sum is that of its terms.
        program.expect(f"matmul {element} {left}", apply(program, "matmul", [x, y], z), z, 4096 if element == "f64" else 1)
    program.check(tool, tmp_path)


CONVOLUTIONS = [
    # input (N, C, spatial...), filter (O, C / groups, spatial...), strides, dilations, padding, groups
    ((2, 4, 9), (8, 4, 3), [1], [1], [1, 1], 1),
    ((1, 4, 9), (8, 2, 3), [2], [2], [0, 1], 2),
    ((1, 3, 7, 6), (5, 3, 3, 2), [2, 1], [1, 2], [1, 0, 2, 1], 1),
    ((1, 6, 5, 5), (6, 1, 3, 3), [1, 1], [1, 1], [1, 1, 1, 1], 6),
    # More output positions and columns than are computed at a time.
    ((2, 3, 9, 8), (20, 3, 3, 3), [1, 1], [1, 1], [1, 1, 1, 1], 1),
    ((1, 4, 7, 7), (34, 2, 2, 2), [1, 1], [1, 1], [0, 0, 0, 0], 2),
    ((3, 6, 5, 4), (6, 1, 3, 3), [1, 1], [1, 1], [1, 1, 1, 1], 6),
    ((1, 2, 4, 5, 3), (3, 2, 2, 2, 2), [1, 2, 1], [1, 1, 1], [0, 0, 1, 1, 0, 1], 1),
]


def reference_conv(x, f, strides, dilations, padding, groups):
    from onnx import helper
    from onnx.reference import ReferenceEvaluator
    from onnx import TensorProto

    pads = padding[0::2] + padding[1::2]
    node = helper.make_node("Conv", ["x", "f"], ["y"], strides=strides, dilations=dilations, pads=pads, group=groups)
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [node],
        "g",
        [value("x", TensorProto.DOUBLE, x.shape), value("f", TensorProto.DOUBLE, f.shape)],
        [value("y", TensorProto.DOUBLE, None)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)])
    return ReferenceEvaluator(model).run(None, {"x": x.astype(np.float64), "f": f.astype(np.float64)})[0]


def test_conv(tool, tmp_path):
    program, random = Program(), np.random.default_rng(7)
    for (source, window, strides, dilations, padding, groups), element in itertools.product(CONVOLUTIONS, ("f32", "f16", "i32")):
        x, f = draw(random, element, source, "-4:4"), draw(random, element, window, "-4:4")
        y = np.moveaxis(reference_conv(x, f, strides, dilations, padding, groups), 1, -1).astype(x.dtype)
        last, filters = np.ascontiguousarray(np.moveaxis(x, 1, -1)), np.ascontiguousarray(np.moveaxis(f, (0, 1), (-1, -2)))
        program.kept += [last, filters]
        attributes = f"strides = {strides} dilations = {dilations} padding = {padding} groups = {groups}"
        text = f"mlc.conv {program.input(last)}, {program.input(filters)} {attributes} : ({tensor_type(last)}, {tensor_type(filters)}) -> {tensor_type(y)}"
        program.expect(f"conv {element} {source}", text, y, 1)
    program.check(tool, tmp_path)


def test_packed_conv_reads_panels(tool, tmp_path):
    program, random = Program(), np.random.default_rng(8)
    x, w = draw(random, "f32", (3, 6), "-4:4"), draw(random, "f32", (6, 11), "-4:4")
    panels = np.zeros((2, 6, 8), np.float32)
    panels[0], panels[1, :, :3] = w[:, :8], w[:, 8:]
    y = (x.astype(np.float64) @ w.astype(np.float64)).astype(np.float32)
    text = f"mlc.packed_conv {program.input(x)}, {program.input(panels)} strides = [] dilations = [] outChannels = 11"
    program.expect("packed_conv", f"{text} : (tensor<3x6xf32>, tensor<2x6x8xf32>) -> tensor<3x11xf32>", y, 4)
    literal = "dense<\"0x" + w.T.tobytes().hex() + "\"> : tensor<11x6xf32>"
    program.expect("pack", f"mlc.constant {literal} pack #mlc.pack<permutation = [1, 0], panel = 8> -> tensor<2x6x8xf32>", panels)
    program.check(tool, tmp_path)


def run_source(tool, tmp_path, source, arrays, *flags, check=True):
    (tmp_path / "main.mlir").write_text(source)
    arguments = []
    for number, array in enumerate(arrays):
        save(tmp_path / f"in{number}.npy", array)
        arguments += ["--input", tmp_path / f"in{number}.npy"]
    return tool("mlc-interpret", tmp_path / "main.mlir", *arguments, "--output", tmp_path / "out", *flags, check=check)


def test_dynamic_sizes_run_as_index_arithmetic(tool, tmp_path):
    source = """
    func.func @main(%x: tensor<?x8xf32>) -> (tensor<?xf32>, tensor<2xi64>) {
      %c0 = arith.constant 0 : index
      %c8 = arith.constant 8 : index
      %n = tensor.dim %x, %c0 : tensor<?x8xf32>
      %m = arith.muli %n, %c8 : index
      %some = arith.cmpi sgt, %n, %c0 : index
      cf.assert %some, "expected at least one row"
      %r = mlc.reshape %x to [%m] : tensor<?x8xf32> -> tensor<?xf32>
      %e = mlc.from_elements %m, %n : tensor<2xi64>
      return %r, %e : tensor<?xf32>, tensor<2xi64>
    }"""
    x = np.arange(24, dtype=np.float32).reshape(3, 8)
    run_source(tool, tmp_path, source, [x])
    np.testing.assert_array_equal(np.load(tmp_path / "out" / "0.npy"), x.ravel())
    np.testing.assert_array_equal(np.load(tmp_path / "out" / "1.npy"), [24, 3])
    done = run_source(tool, tmp_path, source, [x[:0]], check=False)
    assert done.returncode == 1 and "expected at least one row" in done.stderr


def test_widened_mode_rounds_nowhere(tool, tmp_path):
    source = """
    func.func @main(%x: tensor<3xf16>) -> tensor<3xf16> {
      %c = mlc.constant dense<3.0> : tensor<3xf16>
      %0 = mlc.div %x, %c : (tensor<3xf16>, tensor<3xf16>) -> tensor<3xf16>
      %1 = mlc.cast %0 to bf16 : (tensor<3xf16>) -> tensor<3xbf16>
      %2 = mlc.cast %1 to f16 : (tensor<3xbf16>) -> tensor<3xf16>
      return %2 : tensor<3xf16>
    }"""
    x = np.array([1, 2, 5], np.float16)
    run_source(tool, tmp_path, source, [x], "--widened")
    actual = load(tmp_path / "out" / "0.npy", "f64")
    np.testing.assert_array_equal(actual, x.astype(np.float64) / 3)


def test_widened_mode_takes_the_bits_of_the_declared_type(tool, tmp_path):
    source = """
    func.func @main(%x: tensor<3xf16>) -> (tensor<3xi16>, tensor<3xf16>) {
      %c = mlc.constant dense<3.0> : tensor<3xf16>
      %0 = mlc.div %x, %c : (tensor<3xf16>, tensor<3xf16>) -> tensor<3xf16>
      %1 = mlc.bitcast %0 to i16 : (tensor<3xf16>) -> tensor<3xi16>
      %2 = mlc.bitcast %1 to f16 : (tensor<3xi16>) -> tensor<3xf16>
      return %1, %2 : tensor<3xi16>, tensor<3xf16>
    }"""
    x = np.array([1, 2, 5], np.float16)
    run_source(tool, tmp_path, source, [x], "--widened")
    rounded = (x.astype(np.float64) / 3).astype(np.float16)
    np.testing.assert_array_equal(np.load(tmp_path / "out" / "0.npy"), rounded.view(np.int16))
    np.testing.assert_array_equal(np.load(tmp_path / "out" / "1.npy"), rounded.astype(np.float64))


FAILURES = {
    "an integer is divided by zero": (
        "(%x: tensor<2xi32>) -> tensor<2xi32>",
        "%r = mlc.div %x, %x : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>",
    ),
    "reads element 5 of axis 0, which has 2": (
        "(%x: tensor<2xi32>) -> tensor<?xi32>",
        "%c = arith.constant 5 : index\n%r = mlc.slice %x [%c] [1] [1] : tensor<2xi32> -> tensor<1xi32>",
    ),
    "with 2 elements to 5": (
        "(%x: tensor<2xi32>) -> tensor<?xi32>",
        "%c = arith.constant 5 : index\n%r = mlc.reshape %x to [%c] : tensor<2xi32> -> tensor<?xi32>",
    ),
    "the result does not fit into memory": (
        "(%x: tensor<2xi32>) -> tensor<?xi32>",
        "%r = mlc.broadcast %x to [4000000000, 4000000000, 2] axes = [2] : tensor<2xi32> -> tensor<4000000000x4000000000x2xi32>",
    ),
    "a size is negative": (
        "(%x: tensor<2xi32>) -> tensor<?xi32>",
        "%c = arith.constant -5 : index\n%r = mlc.broadcast %x to [%c, 2] axes = [1] : tensor<2xi32> -> tensor<?x2xi32>",
    ),
}


@pytest.mark.parametrize("message", FAILURES)
def test_failures_are_worded(tool, tmp_path, message):
    signature, body = FAILURES[message]
    result = body.split("-> ")[-1]
    signature = signature.split(" -> ")[0] + " -> " + result
    source = f"func.func @main{signature} {{\n{body}\nreturn %r : {result}\n}}"
    done = run_source(tool, tmp_path, source, [np.zeros(2, np.int32)], check=False)
    assert done.returncode == 1 and message in done.stderr, done.stderr


def test_damaged_input_files_are_refused(tool, tmp_path):
    source = "func.func @main(%x: tensor<?xi32>) -> tensor<?xi32> {\nreturn %x : tensor<?xi32>\n}"
    (tmp_path / "main.mlir").write_text(source)
    save(tmp_path / "good.npy", np.arange(8, dtype=np.int32))
    whole = (tmp_path / "good.npy").read_bytes()
    damaged = [whole[:n] for n in (0, 5, 7, 9, 30, 127, len(whole) - 1)] + [whole + b"x", whole.replace(b"(8,)", b"(8.)")]
    for data in damaged + [whole.replace(b"<i4", b"<f4"), whole.replace(b"False", b"True ")]:
        (tmp_path / "bad.npy").write_bytes(data)
        done = tool("mlc-interpret", tmp_path / "main.mlir", "--input", tmp_path / "bad.npy", check=False)
        assert done.returncode == 1 and "bad.npy" in done.stderr, done.stderr
    tool("mlc-interpret", tmp_path / "main.mlir", "--input", tmp_path / "good.npy")
