"""Talks to libmlc_compiler, which is opened by the first compilation."""

import ctypes
import functools
import json
import os
import pathlib
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from mlc.errors import CompileError, Diagnostic
from mlc.module import Module, load


class CompileWarning(UserWarning):
    """What the compiler says about a model that it compiled."""


@functools.cache
def _library() -> ctypes.CDLL:
    """The functions of CompilerApi.h; the library is in the package, or beside it in a build tree."""
    package = pathlib.Path(__file__).parent.absolute()
    places = [package / "libmlc_compiler.so", package.parents[1] / "lib" / "libmlc_compiler.so"]
    path = next((place for place in places if place.exists()), None)
    try:
        if path is None:
            raise OSError(f"neither {' nor '.join(map(str, places))} exists")
        library = ctypes.CDLL(str(path))
    except OSError as error:
        notes = (str(error), "only artifacts can be run without it")
        message = "compiling a model needs libmlc_compiler.so, which does not load"
        raise CompileError([Diagnostic("error", "", message, notes)]) from error
    library.mlc_compile.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t]
    library.mlc_compile.restype = ctypes.c_void_p
    library.mlc_compile_artifact.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_size_t)]
    library.mlc_compile_artifact.restype = ctypes.c_void_p
    for name, result in (("exit_code", ctypes.c_int), ("report", ctypes.c_char_p), ("text", ctypes.c_char_p)):
        function = getattr(library, f"mlc_compile_{name}")
        function.argtypes, function.restype = [ctypes.c_void_p], result
    library.mlc_compile_release.argtypes, library.mlc_compile_release.restype = [ctypes.c_void_p], None
    return library


def _model(model: Any) -> tuple[str, bytes | None]:
    """The model's path, which names it, and its bytes when they are in memory."""
    if isinstance(model, (str, os.PathLike)):
        return os.fspath(model), None
    if isinstance(model, (bytes, bytearray, memoryview)):
        return "model.onnx", bytes(model)
    if hasattr(model, "SerializeToString"):
        return "model.onnx", model.SerializeToString()
    raise TypeError(f"model is of type {type(model).__name__}; allowed: a path, bytes, or an onnx.ModelProto")


def _request(request: dict[str, Any], data: bytes | None) -> tuple[int, dict[str, Any], str | None, bytes]:
    """Exit code, report, text and artifact of a compilation."""
    library = _library()
    size = ctypes.c_size_t()
    result = library.mlc_compile(json.dumps(request).encode(), data, len(data or b""))
    try:
        artifact = library.mlc_compile_artifact(result, ctypes.byref(size))
        text = library.mlc_compile_text(result)
        return (
            library.mlc_compile_exit_code(result),
            json.loads(library.mlc_compile_report(result)),
            text.decode() if text is not None else None,
            ctypes.string_at(artifact, size.value) if artifact else b"",
        )
    finally:
        library.mlc_compile_release(result)


def _diagnostic(item: Mapping[str, Any]) -> Diagnostic:
    return Diagnostic(item["severity"], item["location"], item["message"], tuple(item["notes"]), item["op"])


def _about_model(shapes: Any, dims: Any, external_data: Any) -> dict[str, Any]:
    """The part of a request that the importer reads."""
    return {
        "shapes": {name: list(map(int, shape)) for name, shape in (shapes or {}).items()},
        "dims": {name: str(value) for name, value in (dims or {}).items()},
        "external_data": [os.fspath(folder) for folder in external_data],
    }


def check(
    model: Any,
    *,
    shapes: Mapping[str, Sequence[int]] | None = None,
    dims: Mapping[str, int | str] | None = None,
    external_data: Sequence[str | os.PathLike[str]] = (),
) -> list[Diagnostic]:
    """Everything that keeps `model` from being compiled, all at once; nothing when it can be. See `compile`."""
    path, data = _model(model)
    request = {"command": "check", "model": path, **_about_model(shapes, dims, external_data)}
    return [_diagnostic(item) for item in _request(request, data)[1]["diagnostics"]]


def compile(
    model: Any,
    target: str = "cpu",
    output: str | os.PathLike[str] | None = None,
    *,
    shapes: Mapping[str, Sequence[int]] | None = None,
    dims: Mapping[str, int | str] | None = None,
    stop_after: str | None = None,
    external_data: Sequence[str | os.PathLike[str]] = (),
    threads: int | None = None,
    level: str | None = None,
    **options: Any,
) -> Module | str:
    """Compiles a model and loads the artifact.

    `model` is a path (ONNX, or .mlir of the `mlc` dialect), the bytes of an ONNX file, or an onnx.ModelProto. `target`
    is "cpu" for this machine, or an architecture like "x86-64". The artifact is written to `output`, or kept in memory
    when there is none; see Module.save. `shapes` fixes the shapes of inputs, {"x": [1, 3, 224, 224]}; `dims` fixes or
    bounds symbols, {"batch": 4} or {"batch": "1..64"}. `external_data` names folders that links of external data may
    lead to. `options` are the compiler's, see `mlc compile --set`. `threads` and `level` are for loading, see mlc.load.

    With `stop_after` the text of the program after that stage is returned instead of a module.

    Raises CompileError where the model is refused or the compiler not installed, and what mlc.load raises.
    """
    path, data = _model(model)
    request = {
        "command": "compile",
        "model": path,
        "target": target,
        "output": None if output is None else os.fspath(output),
        "options": {key: str(int(value) if isinstance(value, bool) else value) for key, value in options.items()},
        "stop_after": stop_after,
        **_about_model(shapes, dims, external_data),
    }
    exit_code, report, text, artifact = _request(request, data)
    diagnostics = [_diagnostic(item) for item in report["diagnostics"]]
    if exit_code:
        raise CompileError(diagnostics)
    for diagnostic in diagnostics:
        warnings.warn(str(diagnostic), CompileWarning, stacklevel=2)
    if stop_after is not None and stop_after != "binary":
        return text or ""
    return Module(artifact, threads, level, False) if output is None else load(output, threads, level)
