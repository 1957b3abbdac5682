"""The demo's model: what it is fed, all of its outputs, and the names that come of them."""

import concurrent.futures
import io
import subprocess

import content_types
import magika
import mlc
import numpy as np
import onnxruntime
import pytest
from magika.types import Seekable

FILES = ["CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", ".clang-tidy", "scripts/setup.sh"]
FILES += ["python/src/Module.cpp", "python/mlc/module.py", "include/mlc/Runtime/Runtime.h", "test/lit.cfg.py"]


@pytest.fixture(scope="module")
def types():
    return content_types.ContentTypes()


@pytest.fixture(scope="module")
def contents(source_root, build_root):
    files = [(source_root / name).read_bytes() for name in FILES]
    files.append((build_root / "lib" / "libmlc_runtime.so").read_bytes())
    return files + [b"  #!/bin/sh\nls  \n\n", bytes(range(256))]


@pytest.fixture(scope="module")
def module(types, tmp_path_factory):
    return mlc.compile(types.model, output=tmp_path_factory.mktemp("magika") / "magika.so")


@pytest.fixture(scope="module")
def session(types):
    return onnxruntime.InferenceSession(types.model, providers=["CPUExecutionProvider"])


def test_features_are_those_of_the_package(types, contents):
    for content in contents:
        theirs = magika.Magika._extract_features_from_seekable(
            Seekable(io.BytesIO(content)), 1024, 0, 1024, types._padding, types._block, False
        )
        np.testing.assert_array_equal(types.features(content), theirs.beg + theirs.end)


@pytest.fixture(scope="module")
def exact(types, contents, build_root, tmp_path_factory):
    """What the model gives for each file when every float is computed in double."""
    folder = tmp_path_factory.mktemp("exact")
    np.save(folder / "bytes.npy", np.stack([types.features(content) for content in contents]))
    command = [build_root / "bin" / "mlc-interpret", "--widened", types.model, "--input", folder / "bytes.npy"]
    subprocess.run([*command, "--output", folder], check=True)
    return np.load(folder / "0.npy")


@pytest.mark.parametrize("batch", [1, 3, 8])
def test_all_outputs_are_as_exact_as_those_of_onnxruntime(types, contents, module, session, exact, batch):
    """A file that is mostly padding has a variance near nothing, which the model computes as a difference: there the
    two differ by up to 7e-3, and only what is exact can judge."""
    rows = [types.features(content) for content in contents]
    for begin in range(0, len(rows), batch):
        numbers = [(begin + i) % len(rows) for i in range(batch)]
        found = module(np.stack([rows[number] for number in numbers]))
        assert found.shape == (batch, 214)
        for number, row in zip(numbers, found):
            theirs = session.run(None, {"bytes": rows[number][np.newaxis]})[0][0]
            error = np.abs(theirs - exact[number]).max()
            np.testing.assert_allclose(row, exact[number], rtol=0, atol=2 * error + 1e-6)
            assert row.argmax() == exact[number].argmax()


def test_whole_batches_agree_where_nothing_cancels(types, contents, module, session):
    x = np.stack([types.features(content) for content in contents if len(content) >= 2048])
    assert len(x) >= 3
    np.testing.assert_allclose(module(x), session.run(None, {"bytes": x})[0], rtol=0, atol=1e-5)


def test_names_are_those_of_the_package(types, contents, module):
    identifier = magika.Magika(prediction_mode=magika.PredictionMode.BEST_GUESS)
    for content in filter(types.is_decidable, contents):
        expected = identifier.identify_bytes(content)
        label, score = types.name(module(types.features(content)[np.newaxis])[0])
        assert label.removeprefix("unsure: ") == expected.output.label
        assert score == pytest.approx(expected.score, abs=1e-3)


def test_empty_batch(module):
    assert module(np.zeros((0, 2048), np.int32)).shape == (0, 214)


def test_threads_get_their_own_answers(types, contents, module):
    rows = [types.features(content)[np.newaxis] for content in contents]
    expected = [module(row) for row in rows]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for number, found in enumerate(pool.map(module, rows * 4)):
            np.testing.assert_array_equal(found, expected[number % len(rows)])


def test_numbers_of_threads_agree(types, contents, module, tmp_path):
    module.save(tmp_path / "magika.so")
    x = np.stack([types.features(content) for content in contents])
    one, two = (mlc.load(tmp_path / "magika.so", threads=threads) for threads in (1, 2))
    assert (one.threads, two.threads) == (1, 2)
    np.testing.assert_array_equal(one(x), two(x))


def test_compiling_again_gives_the_same_bytes(types, tmp_path):
    for name in ("a.so", "b.so"):
        mlc.compile(types.model, output=tmp_path / name)
    assert (tmp_path / "a.so").read_bytes() == (tmp_path / "b.so").read_bytes()
