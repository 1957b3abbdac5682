"""Writes the ONNX models that a test holds as text.

    assemble.py TEST FOLDER

A model stands in the test between a line "model NAME" and a line "end" and becomes FOLDER/NAME.onnx. Indented
lines after "python" and before the model's end change it: they see it as `m` and numpy as `np`.
"""

import pathlib
import re
import sys
import textwrap

import numpy as np
import onnx
import onnx.parser


def main(test, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    text = pathlib.Path(test).read_text()
    for name, body in re.findall(r"^model (\S+)\n(.*?)^end$", text, re.M | re.S):
        source, _, code = body.partition("\npython\n")
        model = onnx.parser.parse_model(source)
        exec(textwrap.dedent(code), {"m": model, "np": np, "onnx": onnx, "folder": folder})
        (folder / f"{name}.onnx").write_bytes(model.SerializeToString())


main(*sys.argv[1:])
