"""mlc compiles machine-learning models ahead of time and runs what it compiled.

    import mlc
    module = mlc.compile("model.onnx", output="model.so")
    outputs = module.run({"x": x})

The compiler, and LLVM with it, is loaded by the first `compile`; loading and running artifacts needs neither.
"""

from mlc import _mlc
from mlc.compiler import CompileWarning, check, compile
from mlc.errors import CompileError, Diagnostic, Error, InputError, LoadError
from mlc.module import Module, TensorSpec, load
from mlc.session import InferenceSession

__version__: str = _mlc.version()

__all__ = [
    "CompileError",
    "CompileWarning",
    "Diagnostic",
    "Error",
    "InferenceSession",
    "InputError",
    "LoadError",
    "Module",
    "TensorSpec",
    "check",
    "compile",
    "load",
]
