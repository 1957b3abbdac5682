"""The interface of onnxruntime.InferenceSession, for programs that are written for it."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mlc.compiler import compile
from mlc.errors import InputError
from mlc.module import Module, TensorSpec, load


class InferenceSession:
    """Runs a model, which is compiled first, or an artifact."""

    def __init__(self, model: Any, *, threads: int | None = None, target: str = "cpu"):
        """`model` is what `mlc.compile` takes, or the path of an artifact. Raises what `compile` and `load` raise."""
        if isinstance(model, Module):
            self.module = model
        elif isinstance(model, (str, os.PathLike)) and _is_artifact(model):
            self.module = load(model, threads=threads)
        else:
            self.module = compile(model, target=target, threads=threads)

    def get_inputs(self) -> list[TensorSpec]:
        return self.module.inputs

    def get_outputs(self) -> list[TensorSpec]:
        return self.module.outputs

    def run(self, output_names: Sequence[str] | None, feeds: Mapping[str, Any]) -> list[np.ndarray]:
        """The outputs that `output_names` asks for, in that order; all when it is None. Raises what Module.run does."""
        outputs = self.module.run(feeds)
        for name in output_names or ():
            if name not in outputs:
                allowed = ", ".join(f'"{name}"' for name in outputs)
                raise InputError(f'the module has no output "{name}"; allowed: {allowed}')
        return [outputs[name] for name in output_names or outputs]


def _is_artifact(path: str | os.PathLike[str]) -> bool:
    try:
        with open(path, "rb") as stream:
            return stream.read(4) == b"\x7fELF"
    except OSError:
        return False
