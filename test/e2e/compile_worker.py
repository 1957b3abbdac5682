"""Compiles one request per line of its input. A process of its own: a crash of the compiler is one failed test."""

import ctypes
import json
import sys

compiler = ctypes.CDLL(sys.argv[1])
compiler.mlc_compile.restype = ctypes.c_void_p
compiler.mlc_compile.argtypes = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_size_t]
compiler.mlc_compile_release.argtypes = [ctypes.c_void_p]
for name in ("mlc_compile_report", "mlc_compile_text"):
    getattr(compiler, name).restype = ctypes.c_char_p
    getattr(compiler, name).argtypes = [ctypes.c_void_p]
compiler.mlc_compile_exit_code.argtypes = [ctypes.c_void_p]

for line in sys.stdin:
    result = compiler.mlc_compile(line.encode(), None, 0)
    text = compiler.mlc_compile_text(result)
    answer = {
        "exit": compiler.mlc_compile_exit_code(result),
        "report": json.loads(compiler.mlc_compile_report(result)),
        "text": text.decode() if text else "",
    }
    print(json.dumps(answer), flush=True)
    compiler.mlc_compile_release(result)
