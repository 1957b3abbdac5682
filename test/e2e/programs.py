"""Programs of many outputs: one module, compiled once, run on arrays and compared with what NumPy makes of them."""

import re

import ml_dtypes
import numpy as np
from interpreting import DTYPES, ELEMENTS, is_float

TOLERANCES = {"f64": 1e-12, "f32": 5e-6, "f16": 2e-3, "bf16": 1.6e-2}


def tensor_type(dims, element):
    return "tensor<" + "".join(f"{d if isinstance(d, int) else '?'}x" for d in dims) + element + ">"


def assert_close(actual, expected, label, scale=1.0):
    """`scale` widens the tolerance, where terms cancel or errors add up."""
    assert actual.dtype == expected.dtype and actual.shape == expected.shape, (
        f"{label}: {actual.dtype}{actual.shape}, expected {expected.dtype}{expected.shape}"
    )
    if not is_float(expected.dtype):
        np.testing.assert_array_equal(actual, expected, err_msg=label)
        return
    tolerance = TOLERANCES[ELEMENTS[expected.dtype]] * scale
    tiny = float(ml_dtypes.finfo(expected.dtype).smallest_normal)
    wide = actual.astype(np.float64), expected.astype(np.float64)
    np.testing.assert_allclose(*wide, rtol=tolerance, atol=max(tolerance * 0.1, tiny), err_msg=label)


class Program:
    """Arguments and lines of text that become one @main. A dim is a number or the name of a symbol."""

    def __init__(self):
        self.arguments = []
        self.lines = []
        self.results = []
        self.globals = []

    def argument(self, dims, element):
        """The name of a new argument and its type."""
        name = f"%a{len(self.arguments)}"
        self.arguments.append((name, dims, element))
        return name, tensor_type(dims, element)

    def op(self, text, result):
        """The name of the result of an op, given without it."""
        name = f"%v{len(self.lines)}"
        self.lines.append(f"{name} = {text}")
        if result:
            self.results.append((name, result))
        return name

    def constant(self, array):
        """The name of a constant, a blob as weights are, and its type."""
        kind = tensor_type(array.shape, ELEMENTS[array.dtype])
        data = np.ascontiguousarray(array).tobytes().hex().upper()
        name = f"%c{len(self.lines)}"
        key = f"blob{len(self.globals)}"
        self.globals.append(f'{key}: "0x40000000{data}"')
        self.lines.append(f"{name} = mlc.constant dense_resource<{key}> : {kind}")
        return name, kind

    def source(self):
        arguments = []
        for name, dims, element in self.arguments:
            quoted = ", ".join(f'"{d}"' for d in dims)
            text = f"{name}: {tensor_type(dims, element)}"
            if any(isinstance(d, str) for d in dims):
                text += f" {{mlc.dims = #mlc.dims<{quoted}>}}"
            arguments.append(text)
        names, types = ", ".join(n for n, _ in self.results), ", ".join(t for _, t in self.results)
        body = "\n".join("  " + line for line in self.lines)
        text = f"func.func @main({', '.join(arguments)}) -> ({types}) {{\n{body}\n  return {names} : {types}\n}}\n"
        if self.globals:
            text += "{-# dialect_resources: { builtin: { " + ", ".join(self.globals) + " } } #-}\n"
        return text


class Runner:
    """Compiles a program and runs it; remembers which ops its kernels were made of."""

    covered = set()

    def __init__(self, compiler, runtime, folder):
        self.compiler = compiler
        self.runtime = runtime
        self.folder = folder

    def compile(self, program, ops=()):
        """`ops` must be in the kernels or on the host, so that the run is of them and not of what they fold to."""
        source = program if isinstance(program, str) else program.source()
        text = self.compiler.stop_after("kernels", source, self.folder)
        found = set(re.findall(r"\bmlc\.([a-z_0-9]+)", text))
        found |= set(re.findall(r'builtin "mlc_([a-z]+)_', text))
        missing = set(ops) - found
        assert not missing, f"{missing} are not in the compiled module, which has {found}"
        Runner.covered |= found
        return self.runtime.load(self.compiler.compile(source, self.folder))
