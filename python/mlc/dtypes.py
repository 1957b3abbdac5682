"""Element types: the runtime's, in its order, and NumPy's."""

import numpy as np

from mlc import _mlc

try:
    from ml_dtypes import bfloat16
except ImportError:
    # The bits; nothing else in NumPy has two bytes and eight exponent bits.
    bfloat16 = np.uint16

_NUMPY = {
    "i1": np.bool_,
    "i8": np.int8,
    "i16": np.int16,
    "i32": np.int32,
    "i64": np.int64,
    "u8": np.uint8,
    "u16": np.uint16,
    "u32": np.uint32,
    "u64": np.uint64,
    "f16": np.float16,
    "bf16": bfloat16,
    "f32": np.float32,
    "f64": np.float64,
}

NUMBERS: dict[str, int] = {name: number for number, name in enumerate(_mlc.dtypes())}
"""The runtime's number of a type by the runtime's name."""

TO_NUMPY: dict[str, np.dtype] = {name: np.dtype(_NUMPY[name]) for name in NUMBERS}

# Without ml_dtypes the first of two names for np.uint16 counts.
FROM_NUMPY: dict[np.dtype, int] = {TO_NUMPY[name]: number for name, number in reversed(NUMBERS.items())}
