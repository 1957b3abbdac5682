"""Puts every model of cases.py into a folder; scripts/models.sh calls it in an environment that has the exporters."""

import importlib.util
import pathlib
import shutil
import sys
import time

import cases

SHIPPED = {
    "magika": ("magika", "models/standard_v3_3/model.onnx"),
    "silero-vad": ("silero_vad", "data/silero_vad.onnx"),
    "ppocr-det": ("rapidocr_onnxruntime", "models/ch_PP-OCRv4_det_infer.onnx"),
    "ppocr-cls": ("rapidocr_onnxruntime", "models/ch_ppocr_mobile_v2.0_cls_infer.onnx"),
}
"""Models that packages ship: the module, which is not imported, and the file in its folder."""


def package_file(module, path):
    return pathlib.Path(importlib.util.find_spec(module).submodule_search_locations[0]) / path


def first_feeds(model):
    return next(model.cases[0].runs())


def gather(model, folder):
    path = folder / model.file
    if model.name in SHIPPED:
        shutil.copyfile(package_file(*SHIPPED[model.name]), path)
    elif model.name.startswith("light-"):
        import light
        import onnx

        onnx.save(light.fill(model.name.removeprefix("light-"), first_feeds(model), cases.generator(model.name)), path)
    else:
        import exports

        exports.export(model, path)


def main(folder, *names):
    folder = pathlib.Path(folder)
    unknown = set(names) - {model.name for model in cases.MODELS}
    if unknown:
        sys.exit(f"no such model: {', '.join(sorted(unknown))}")
    for model in cases.MODELS:
        path = folder / model.file
        if (names and model.name not in names) or path.exists():
            continue
        begin = time.perf_counter()
        gather(model, folder)
        print(f"{model.name}: {path.stat().st_size / 1e6:.1f} MB in {time.perf_counter() - begin:.1f} s", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
