"""Writes what the fuzzer begins with: models of ONNX's own suite and generated ones, and the words that models use.

seeds.py FOLDER DICTIONARY
"""

import pathlib
import sys
import warnings

import onnx
import onnx.backend.test.loader

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cases"))

from generator.generate import generate  # noqa: E402

MAX_BYTES = 4096
GENERATED = 400


def models():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for case in onnx.backend.test.loader.load_model_tests(kind="node"):
            if case.model is not None:
                yield case.name, case.model
    for seed in range(GENERATED):
        case = generate(seed)
        if case is not None:
            yield f"generated_{seed}", case.proto()


def words():
    for schema in onnx.defs.get_all_schemas_with_history():
        yield schema.name
        yield from schema.attributes
    yield from ("SAME_UPPER", "SAME_LOWER", "VALID", "constant", "reflect", "nearest", "linear", "bidirectional", "add")


def main(folder, dictionary):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in models():
        data = model.SerializeToString()
        if len(data) <= MAX_BYTES:
            (folder / name).write_bytes(data)
    lines = sorted({f'"{word}"' for word in words()})
    pathlib.Path(dictionary).write_text("\n".join(lines) + "\n")


main(*sys.argv[1:])
