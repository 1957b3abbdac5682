"""Runs many small programs through mlc-interpret in one process."""

import math
import pathlib

import ml_dtypes
import numpy as np

DTYPES = {
    "f64": np.dtype(np.float64),
    "f32": np.dtype(np.float32),
    "f16": np.dtype(np.float16),
    "bf16": np.dtype(ml_dtypes.bfloat16),
    "i1": np.dtype(np.bool_),
    **{f"i{w}": np.dtype(f"int{w}") for w in (8, 16, 32, 64)},
    **{f"ui{w}": np.dtype(f"uint{w}") for w in (8, 16, 32, 64)},
}
ELEMENTS = {dtype: element for element, dtype in DTYPES.items()}
FLOATS = ("f64", "f32", "f16", "bf16")


def is_float(dtype):
    return ELEMENTS[np.dtype(dtype)] in FLOATS


def tensor_type(array, dynamic=False):
    dims = "".join("?x" if dynamic else f"{size}x" for size in array.shape)
    return f"tensor<{dims}{ELEMENTS[array.dtype]}>"


def save(path, array):
    np.save(path, array.view("V2") if ELEMENTS[array.dtype] == "bf16" else array)


def load(path, element):
    array = np.load(path)
    return array.view(DTYPES["bf16"]) if element == "bf16" else array


class Program:
    """Ops on named inputs that become one @main; every op's result is an output with an expected value."""

    def __init__(self):
        self.inputs = []
        self.names = {}
        self.lines = []
        self.outputs = []
        self.kept = []

    def input(self, array):
        """The name of the argument that the array is passed as; arrays are shared by identity."""
        if id(array) not in self.names:
            self.names[id(array)] = f"%a{len(self.inputs)}"
            self.inputs.append(array)
        return self.names[id(array)]

    def expect(self, label, text, expected, ulps=0):
        """`text` is the op, with operands and types. The result has the dtype of `expected`."""
        name = f"%r{len(self.outputs)}"
        self.lines.append(f"{name} = {text}")
        self.outputs.append((label, name, expected, ulps))

    def source(self):
        arguments = ", ".join(f"{self.names[id(a)]}: {tensor_type(a)}" for a in self.inputs)
        results = ", ".join(tensor_type(expected) for _, _, expected, _ in self.outputs)
        names = ", ".join(name for _, name, _, _ in self.outputs)
        body = "\n".join(self.lines)
        return f"func.func @main({arguments}) -> ({results}) {{\n{body}\nreturn {names} : {results}\n}}\n"

    def check(self, tool, folder, *flags):
        folder = pathlib.Path(folder)
        (folder / "main.mlir").write_text(self.source())
        arguments = []
        for number, array in enumerate(self.inputs):
            save(folder / f"in{number}.npy", array)
            arguments += ["--input", folder / f"in{number}.npy"]
        tool("mlc-interpret", folder / "main.mlir", *arguments, "--output", folder / "out", *flags)
        for number, (label, _, expected, ulps) in enumerate(self.outputs):
            actual = load(folder / "out" / f"{number}.npy", ELEMENTS[expected.dtype])
            assert_same(label, actual, expected, ulps)


def assert_same(label, actual, expected, ulps):
    assert actual.dtype == expected.dtype and actual.shape == expected.shape, (
        f"{label}: {actual.dtype}{actual.shape}, expected {expected.dtype}{expected.shape}"
    )
    if not is_float(expected.dtype):
        np.testing.assert_array_equal(actual, expected, err_msg=label)
        return
    step = ulps * float(ml_dtypes.finfo(expected.dtype).eps)
    tiny = float(ml_dtypes.finfo(expected.dtype).smallest_subnormal)
    np.testing.assert_allclose(
        actual.astype(np.float64),
        expected.astype(np.float64),
        rtol=step,
        atol=ulps * tiny,
        err_msg=label,
    )


def trunc_divide(x, y):
    if x.dtype.kind not in "iu":
        return x / y
    quotient = x // y
    return quotient + ((x - quotient * y != 0) & ((x < 0) != (y < 0))).astype(x.dtype)


def shift_left(x, y):
    width = x.dtype.itemsize * 8
    return np.where((y >= 0) & (y < width), x << np.clip(y, 0, width - 1), 0).astype(x.dtype)


def shift_right(x, y):
    width = x.dtype.itemsize * 8
    end = np.where(x < 0, -1, 0) if x.dtype.kind == "i" else 0
    return np.where((y >= 0) & (y < width), x >> np.clip(y, 0, width - 1), end).astype(x.dtype)


ORACLES = {
    "np": np,
    "erf": np.vectorize(math.erf, otypes=[np.float64]),
    "trunc_divide": trunc_divide,
    "shift_left": shift_left,
    "shift_right": shift_right,
}


def oracle(expression, operands):
    """What NumPy makes of the expression; floats are computed in double and rounded once."""
    dtype = operands[0].dtype
    wide = [x.astype(np.float64) if is_float(dtype) else x for x in operands]
    with np.errstate(all="ignore"):
        result = np.asarray(eval(expression, dict(ORACLES, **dict(zip("xyz", wide)))))
        return result if result.dtype == np.bool_ or not is_float(dtype) else result.astype(dtype)


def draw(random, element, shape, domain, nonzero=False):
    """Values of the registry's domain "low:high" as far as the type has them."""
    low, high = (float(bound) for bound in domain.split(":"))
    if element == "i1":
        return random.integers(0, 2, shape).astype(np.bool_)
    if element in FLOATS:
        return np.asarray(random.uniform(low, high, shape)).astype(DTYPES[element])
    low = max(math.ceil(low), 0) if element.startswith("u") else math.ceil(low)
    values = random.integers(low, math.floor(high) + 1, shape)
    return np.asarray(np.where(values == 0, 1, values) if nonzero else values).astype(DTYPES[element])


def windows(x, axes, sizes, strides, dilations):
    """What mlc.window makes of `x`, by NumPy's sliding windows."""
    spans = [(size - 1) * dilation + 1 for size, dilation in zip(sizes, dilations)]
    view = np.lib.stride_tricks.sliding_window_view(x, spans, axes) if axes else x
    # NumPy puts the axes inside of windows last.
    kept = [slice(None)] * view.ndim
    for number, axis in enumerate(axes):
        kept[axis] = slice(None, None, strides[number])
        kept[x.ndim + number] = slice(None, None, dilations[number])
    view = view[tuple(kept)]
    after = axes[-1] + 1 if axes else 0
    return np.ascontiguousarray(np.moveaxis(view, range(x.ndim, view.ndim), range(after, after + len(axes))))
