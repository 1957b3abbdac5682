"""docs/onnx-suite.md tells the truth: what it lists does not pass, the rest does. A part of the cases each time."""

import random

import onnx_suite
import pytest

PASSING, OTHERS, SEED = 60, 60, 1


@pytest.fixture(scope="module")
def listed():
    return onnx_suite.listed()


@pytest.fixture(scope="module")
def tests():
    return onnx_suite.find_tests()


def test_all_cases_are_known(listed, tests):
    assert not listed.keys() - tests.keys()
    assert f"All {len(tests)} CPU cases" in onnx_suite.PAGE.read_text()


def draw(names, count):
    return random.Random(SEED).sample(sorted(names), min(count, len(names)))


def test_what_is_not_listed_passes(listed, tests):
    results = onnx_suite.run_apart(draw(tests.keys() - listed.keys(), PASSING))
    assert {name: result for name, result in results.items() if result[0] != "passed"} == {}


def test_what_is_listed_does_not_pass(listed):
    chosen = draw(listed, OTHERS)
    results = onnx_suite.run_apart(chosen)
    assert {name: results[name][0] for name in chosen} == {name: listed[name] for name in chosen}


def test_the_ops_are_those_of_the_importer():
    _, _, table = onnx_suite.PAGE.read_text().partition("| op | versions |")
    rows = {line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| ")}
    assert rows == {op for op, _ in onnx_suite.supported_ops()}
