"""Element types by groups, as NumPy knows them."""

import ml_dtypes
import numpy as np
import onnx

BOOL = np.dtype(bool)
F16, F32, F64, BF16 = np.dtype("f2"), np.dtype("f4"), np.dtype("f8"), np.dtype(ml_dtypes.bfloat16)
I8, I16, I32, I64 = (np.dtype(f"i{size}") for size in (1, 2, 4, 8))
U8, U16, U32, U64 = (np.dtype(f"u{size}") for size in (1, 2, 4, 8))

FLOATS = (F32, F64, F16, BF16)
SIGNED, UNSIGNED = (I8, I16, I32, I64), (U8, U16, U32, U64)
INTEGERS = SIGNED + UNSIGNED
NUMBERS = FLOATS + INTEGERS
ALL = NUMBERS + (BOOL,)

WEIGHTS = {F32: 12, F64: 2, F16: 2, BF16: 1, I32: 3, I64: 4, I8: 1, U8: 2, BOOL: 2}
"""How often a type is drawn where several are allowed, against 0.5 for the others."""

_ONNX = {dtype: onnx.helper.np_dtype_to_tensor_dtype(dtype) for dtype in ALL}


def to_onnx(dtype):
    return _ONNX[np.dtype(dtype)]


def from_onnx(number):
    return np.dtype(onnx.helper.tensor_dtype_to_np_dtype(number))


def is_float(dtype):
    return dtype in FLOATS


def epsilon(dtype):
    return float(ml_dtypes.finfo(dtype).eps)


def limits(dtype):
    info = np.iinfo(dtype)
    return int(info.min), int(info.max)
