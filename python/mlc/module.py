"""Loaded artifacts."""

import os
import pathlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlc import _mlc
from mlc.dtypes import FROM_NUMPY, NUMBERS, TO_NUMPY
from mlc.errors import InputError


@dataclass(frozen=True)
class TensorSpec:
    """An input or output of a module."""

    name: str
    dtype: np.dtype
    """bfloat16 is ml_dtypes' where that package is installed, else the bits as uint16."""
    shape: tuple[int | str, ...]
    """A size that is known only when the module runs is a symbol ("batch") or an expression ("2*batch+1")."""


def _array(value: Any, what: str) -> np.ndarray:
    """`value` as an array that shares its memory."""
    if isinstance(value, np.ndarray):
        return value
    if hasattr(value, "__dlpack__"):
        try:
            return np.from_dlpack(value)
        except (BufferError, RuntimeError, TypeError, ValueError) as error:
            raise InputError(f"{what} cannot be read through DLPack: {error}") from error
    if hasattr(value, "__array_interface__") or isinstance(value, np.generic):
        return np.asarray(value)
    raise InputError(
        f"{what} is of type {type(value).__name__}; "
        "allowed: a NumPy array, or what has __dlpack__ or __array_interface__"
    )


class Module:
    """A compiled model that runs; made by `mlc.load` and `mlc.compile`.

    May be used from several threads. Runs of one module follow one another; load the artifact once per thread to
    run at the same time.
    """

    inputs: list[TensorSpec]
    outputs: list[TensorSpec]

    def __init__(self, source: str | bytes, threads: int | None, level: str | None, verify: bool):
        """`source` is the path of an artifact, or its bytes."""
        path, data = (source, None) if isinstance(source, str) else ("", source)
        self._source = source
        self._native = _mlc.Module(path, data, verify, threads, level)
        signature = [self._native.describe(inputs) for inputs in (True, False)]
        self.inputs, self.outputs = (
            [TensorSpec(name, TO_NUMPY[dtype], shape) for name, dtype, shape in side] for side in signature
        )
        self._specs = {spec.name: spec for spec in self.inputs + self.outputs}
        self._wanted = [(spec.name, spec.dtype, None) for spec in self.outputs]
        self._bf16 = {name for side in signature for name, dtype, _ in side if dtype == "bf16"}

    def __repr__(self) -> str:
        def text(specs: Sequence[TensorSpec]) -> str:
            return ", ".join(f"{s.name}: {s.dtype.name}[{', '.join(map(str, s.shape))}]" for s in specs)

        return f"mlc.Module(({text(self.inputs)}) -> ({text(self.outputs)}))"

    @property
    def threads(self) -> int:
        """Threads that work on a run, the caller's included."""
        return self._native.threads()

    @property
    def level(self) -> str:
        """The instruction-set level in use, for example "x86-64-v4"."""
        return self._native.level()

    def run(self, inputs: Mapping[str, Any], out: Mapping[str, np.ndarray] | None = None) -> dict[str, np.ndarray]:
        """Runs the model once and yields every output by its name.

        `inputs` holds all inputs by name: NumPy arrays, or what has `__dlpack__` or `__array_interface__`, of the
        dtype that `Module.inputs` says, in any memory order. `out` holds writable arrays for some or all outputs;
        those are written and returned, the others are new. Other threads of Python run meanwhile.

        Raises InputError where names, dtypes or shapes do not fit, and Error where the model fails while running.
        """
        feeds = [self._argument(name, _array(value, f'input "{name}"')) for name, value in inputs.items()]
        wanted = self._wanted if not out else self._with_given(out)
        return dict(zip((spec.name for spec in self.outputs), self._native.run(feeds, wanted)))

    def __call__(self, *args: Any) -> np.ndarray | tuple[np.ndarray, ...]:
        """Runs the model on inputs in the order of `Module.inputs`: one array, or a tuple of several outputs."""
        if len(args) != len(self.inputs):
            names = ", ".join(f'"{spec.name}"' for spec in self.inputs)
            raise InputError(f"found {len(args)} inputs, expected {len(self.inputs)}: {names}")
        results = tuple(self.run({spec.name: value for spec, value in zip(self.inputs, args)}).values())
        return results[0] if len(results) == 1 else results

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the artifact to `path`, replacing what is there; raises OSError where that is impossible."""
        path = pathlib.Path(path)
        # Renamed over the old file: programs that run that one keep their mapping.
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with open(handle, "wb") as stream:
                if isinstance(self._source, str):
                    with open(self._source, "rb") as source:
                        shutil.copyfileobj(source, stream)
                else:
                    stream.write(self._source)
            os.chmod(temporary, 0o755)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise

    def _argument(self, name: str, array: np.ndarray) -> tuple[str, int, np.ndarray]:
        number = FROM_NUMPY.get(array.dtype)
        if number is None:
            spec = self._specs.get(name)
            wanted = f"; allowed: {spec.dtype.name}" if spec else ""
            raise InputError(f'"{name}" has dtype {array.dtype}{wanted}')
        if name in self._bf16 and array.dtype == TO_NUMPY["bf16"]:
            number = NUMBERS["bf16"]
        return name, number, array

    def _with_given(self, out: Mapping[str, np.ndarray]) -> list[tuple[str, Any, np.ndarray | None]]:
        names = [spec.name for spec in self.outputs]
        for name, array in out.items():
            if name not in names:
                allowed = ", ".join(f'"{name}"' for name in names)
                raise InputError(f'the module has no output "{name}"; allowed: {allowed}')
            if not isinstance(array, np.ndarray) or not array.flags.writeable:
                raise InputError(f'output "{name}" must be a writable NumPy array')
        return [
            self._argument(item[0], out[item[0]]) if item[0] in out else item
            for item in self._wanted
        ]


def load(
    path: str | os.PathLike[str], threads: int | None = None, level: str | None = None, verify: bool = False
) -> Module:
    """Loads the artifact at `path`.

    `threads` is how many work on a run, by default one per core that the process may use. `level` is the
    instruction-set level, for example "v3", by default the best that the machine has. `verify` checks the hash of the
    weights too, which reads all of them.

    Raises LoadError where the file is no artifact for this machine, and Error where `threads` or `level` is wrong.
    """
    return Module(os.fspath(path), threads, level, verify)
