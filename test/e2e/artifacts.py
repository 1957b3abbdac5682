"""Compiles modules of mlc ops and runs their artifacts, both through the C interfaces."""

import ctypes
import json
import math
import pathlib
import subprocess
import sys

import numpy as np
from interpreting import DTYPES, ELEMENTS

NUMBERS = ("i1", "i8", "i16", "i32", "i64", "ui8", "ui16", "ui32", "ui64", "f16", "bf16", "f32", "f64")


class CompileError(Exception):
    """The words of the compiler's errors."""


class RunError(Exception):
    """The words of a run that failed."""


class Compiler:
    def __init__(self, library):
        self.library = library
        self.process = None

    def _request(self, request):
        if self.process is None:
            worker = pathlib.Path(__file__).with_name("compile_worker.py")
            command = [sys.executable, str(worker), str(self.library)]
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            code = self.process.wait()
            self.process = None
            raise AssertionError(f"the compiler crashed with exit code {code} on {request['model']}")
        answer = json.loads(line)
        if answer["exit"]:
            errors = [d for d in answer["report"]["diagnostics"] if d["severity"] == "error"]
            raise CompileError("\n".join(f"{d['location']}: {d['message']}" for d in errors))
        return answer

    def compile(self, source, folder):
        model = pathlib.Path(folder) / "model.mlir"
        model.write_text(source)
        artifact = model.with_suffix(".so")
        self._request({"model": str(model), "output": str(artifact)})
        return artifact

    def stop_after(self, stage, source, folder):
        model = pathlib.Path(folder) / "model.mlir"
        model.write_text(source)
        return self._request({"model": str(model), "stop_after": stage})["text"]

    def close(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait()


class Tensor(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p),
        ("data", ctypes.c_void_p),
        ("dtype", ctypes.c_int32),
        ("rank", ctypes.c_int32),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
    ]


class Error(ctypes.Structure):
    _fields_ = [("message", ctypes.c_char * 2048)]


class SessionOptions(ctypes.Structure):
    """The head of mlc_session_options, as far as struct_size says."""

    _fields_ = [("struct_size", ctypes.c_size_t), ("threads", ctypes.c_int32)]


class Runtime:
    def __init__(self, library):
        self.library = ctypes.CDLL(str(library))
        self.library.mlc_module_num_outputs.restype = ctypes.c_size_t
        self.library.mlc_module_num_kernels.restype = ctypes.c_size_t
        self.library.mlc_module_kernel_name.restype = ctypes.c_char_p

    def load(self, artifact):
        return Module(self.library, artifact)


def tensor_of(array):
    shape = (ctypes.c_int64 * max(array.ndim, 1))(*array.shape)
    strides = (ctypes.c_int64 * max(array.ndim, 1))(*array.strides)
    number = NUMBERS.index(ELEMENTS[array.dtype])
    return Tensor(None, array.ctypes.data, number, array.ndim, shape, strides)


def array_of(tensor):
    dtype, shape = DTYPES[NUMBERS[tensor.dtype]], tuple(tensor.shape[: tensor.rank])
    data = ctypes.string_at(tensor.data, dtype.itemsize * math.prod(shape)) if math.prod(shape) else b""
    return np.frombuffer(data, dtype).reshape(shape)


class Module:
    def __init__(self, library, artifact):
        self.library = library
        self.module, self.session, self.error = ctypes.c_void_p(), ctypes.c_void_p(), Error()
        self._check(library.mlc_module_load(str(artifact).encode(), None, ctypes.byref(self.module), ctypes.byref(self.error)))
        options = SessionOptions(ctypes.sizeof(SessionOptions), 2)
        made = ctypes.byref(self.session), ctypes.byref(self.error)
        self._check(library.mlc_session_create(self.module, ctypes.byref(options), *made))

    def _check(self, status):
        if status:
            raise RunError(self.error.message.decode())

    def kernels(self):
        count = self.library.mlc_module_num_kernels(self.module)
        name = self.library.mlc_module_kernel_name
        return [name(self.module, ctypes.c_size_t(i)).decode() for i in range(count)]

    def run(self, *inputs):
        """Copies of the outputs, which the session owns."""
        count = self.library.mlc_module_num_outputs(self.module)
        outputs = (Tensor * max(count, 1))()
        tensors = (Tensor * max(len(inputs), 1))(*map(tensor_of, inputs))
        sizes = ctypes.c_size_t(len(inputs)), ctypes.c_size_t(count)
        run = self.library.mlc_session_run
        self._check(run(self.session, tensors, sizes[0], outputs, sizes[1], ctypes.byref(self.error)))
        return [array_of(outputs[i]) for i in range(count)]

    def close(self):
        self.library.mlc_session_release(self.session)
        self.library.mlc_module_release(self.module)
