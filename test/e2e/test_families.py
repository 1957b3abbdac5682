"""Graphs shaped like real models: compiled once, run at several sizes, onnxruntime as the oracle."""

import mlc
import numpy as np
import onnxruntime
import pytest
from families import FAMILIES


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_family(family, tmp_path):
    model, sizes = family()
    module = mlc.compile(model, output=tmp_path / "model.so", threads=2)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    for feeds in sizes:
        shapes = {name: value.shape for name, value in feeds.items()}
        results = module.run(feeds)
        for output, expected in zip(session.get_outputs(), session.run(None, feeds)):
            actual = results[output.name]
            assert actual.shape == expected.shape, f"{output.name} for {shapes}"
            allowed = 2e-6 * max(np.max(np.abs(expected), initial=0), 1)
            np.testing.assert_allclose(actual, expected, rtol=0, atol=allowed, err_msg=f"{output.name} for {shapes}")
