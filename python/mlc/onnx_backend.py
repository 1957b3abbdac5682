"""mlc as a back end of ONNX's own test suite.

    import onnx.backend.test, mlc.onnx_backend
    suite = onnx.backend.test.BackendTest(mlc.onnx_backend, __name__)
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx.backend import base

import mlc


class Representation(base.BackendRep):
    """A compiled model."""

    def __init__(self, module: mlc.Module):
        self._module = module

    def run(self, inputs: Sequence[np.ndarray], **options: Any) -> tuple[np.ndarray, ...]:
        """The outputs, in the model's order, for `inputs` in the model's order."""
        names = [spec.name for spec in self._module.inputs]
        outputs = self._module.run(dict(zip(names, inputs, strict=True)))
        return tuple(outputs[spec.name] for spec in self._module.outputs)


class Backend(base.Backend):
    """Compiles for the CPU of this machine. A model that mlc does not take raises `mlc.CompileError`."""

    @classmethod
    def prepare(cls, model: Any, device: str = "CPU", **options: Any) -> Representation:
        super().prepare(model, device, **options)
        return Representation(mlc.compile(model, **options))

    @classmethod
    def run_model(cls, model: Any, inputs: Sequence[np.ndarray], device: str = "CPU", **options: Any) -> Any:
        return cls.prepare(model, device, **options).run(inputs)

    @classmethod
    def supports_device(cls, device: str) -> bool:
        return device.split(":")[0] == "CPU"


prepare = Backend.prepare
run_model = Backend.run_model
supports_device = Backend.supports_device
