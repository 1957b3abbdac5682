"""What mlc raises."""

from dataclasses import dataclass


class Error(Exception):
    """Any error of mlc; on its own: the program failed while it ran, or memory or threads could not be had."""


class LoadError(Error):
    """The artifact is damaged, foreign, for another machine, or cannot be read."""


class InputError(Error):
    """An input or a given output does not fit the module."""


@dataclass(frozen=True)
class Diagnostic:
    """One message of the compiler."""

    severity: str
    """"error", "warning" or "note"."""
    location: str
    """The model's node or the place in a file; "" when the message is about no place."""
    message: str
    notes: tuple[str, ...] = ()
    op: str = ""
    """The op of the model's node and its opset, as "Concat@17"; "" when the message is about no node."""

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        return "\n  ".join([f"{self.severity}: {place}{self.message}", *self.notes])


class CompileError(Error):
    """The model cannot be compiled, or the compiler is not installed. The text holds every diagnostic."""

    def __init__(self, diagnostics: list[Diagnostic]):
        super().__init__("\n".join(map(str, diagnostics)))
        self.diagnostics = diagnostics

    def __reduce__(self):
        return CompileError, (self.diagnostics,)
