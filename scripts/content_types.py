"""The content type of bytes by the model that the package `magika` ships: what goes in, and what its answer means."""

import importlib.util
import json
import pathlib

import numpy as np


def model_folder():
    """Found without importing the package, which would load onnxruntime."""
    package = pathlib.Path(importlib.util.find_spec("magika").origin).parent
    return next((package / "models").glob("standard_*"))


class ContentTypes:
    def __init__(self, folder=None):
        self.folder = folder or model_folder()
        self.model = self.folder / "model.onnx"
        config = json.loads((self.folder / "config.min.json").read_text())
        self.labels = config["target_labels_space"]
        self._beginning, self._end = config["beg_size"], config["end_size"]
        self._block, self._padding = config["block_size"], config["padding_token"]
        self._smallest = config["min_file_size_for_dl"]
        self._thresholds, self._threshold = config["thresholds"], config["medium_confidence_threshold"]
        self._renamed = config["overwrite_map"]

    def features(self, content):
        """The model's input for one file: its stripped beginning and end as numbers, filled up with the padding."""
        beginning = content[: self._block].lstrip()[: self._beginning]
        end = content[-self._block :].rstrip()[-self._end :]
        row = np.full(self._beginning + self._end, self._padding, np.int32)
        row[: len(beginning)] = np.frombuffer(beginning, np.uint8)
        row[len(row) - len(end) :] = np.frombuffer(end, np.uint8)
        return row

    def is_decidable(self, content):
        """Whether the file is long enough for the model to say anything."""
        return len(content[: self._block].lstrip()) >= self._smallest

    def name(self, scores):
        """Label and confidence of one row of the output; "unsure: " where the model's makers would not trust it."""
        best = int(np.argmax(scores))
        label, score = self.labels[best], float(scores[best])
        trusted = score >= self._thresholds.get(label, self._threshold)
        return ("" if trusted else "unsure: ") + self._renamed.get(label, label), score
