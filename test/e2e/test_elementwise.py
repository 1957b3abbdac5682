"""Every elementwise op of the registry, compiled and run: types x shapes from its record, NumPy as the oracle."""

import numpy as np
import pytest
from artifacts import RunError
from interpreting import DTYPES, draw, oracle
from programs import Program, assert_close

# A vector is 8 to 64 lanes: 17 and 65 are one above.
STATIC_SHAPES = [(), (1,), (17,), (0,), (7, 13), (65,), (3, 0, 2), (2, 3, 1, 5), (1031,), (1, 65), (5, 17, 3), (2, 2, 2, 17)]
DYNAMIC_SHAPES = [("n",), ("n", 3), ("n", "m"), (2, "n", 5), ("n", 1, "m", 2)]
SIZES = [{"n": 0, "m": 3}, {"n": 1, "m": 1}, {"n": 17, "m": 7}, {"n": 65, "m": 2}, {"n": 131, "m": 65}]


def result_element(op, element):
    return element if op["result"] == "same" else op["result"]


def plan(op):
    """Type and shapes of each case: the first type has all, the others one static and one dynamic each in turn."""
    for number, element in enumerate(op["types"]):
        everything = number == 0 or element == "f32"
        yield from ((element, s) for s in (STATIC_SHAPES if everything else [STATIC_SHAPES[(7 * number) % len(STATIC_SHAPES)]]))
        yield from ((element, s) for s in (DYNAMIC_SHAPES if element == "f32" else [DYNAMIC_SHAPES[number % len(DYNAMIC_SHAPES)]]))


def test_types_and_shapes(elementwise_op, runner):
    mnemonic, op = elementwise_op["mnemonic"], elementwise_op["elementwise"]
    program, cases = Program(), list(plan(op))
    for element, dims in cases:
        operands = [program.argument(dims, element) for _ in range(op["arity"])]
        names, types = zip(*operands)
        result = types[0].replace(element + ">", result_element(op, element) + ">")
        program.op(f"mlc.{mnemonic} {', '.join(names)} : ({', '.join(types)}) -> {result}", result)
    module = runner.compile(program, [mnemonic])
    random = np.random.default_rng(0)
    for sizes in SIZES:
        inputs, expected = [], []
        for element, dims in cases:
            shape = tuple(sizes.get(d, d) for d in dims)
            operands = []
            for number in range(op["arity"]):
                nonzero = op["failsOnZero"] and number + 1 == op["arity"]
                operands.append(draw(random, element, shape, op["domain"], nonzero))
            inputs += operands
            expected.append(oracle(op["oracle"], operands))
        for (element, dims), actual, wanted in zip(cases, module.run(*inputs), expected):
            assert_close(actual, wanted, f"{mnemonic} {element} {dims} {sizes}")
    module.close()


def test_powers_at_the_edges(runner):
    """In lanes and in what is left over of them: the same pairs as one vector and in different places of it."""
    edges = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 3.0, -3.0, 1e-40, 3e38, -3e38, 8388609.0, np.inf, -np.inf, np.nan]
    x, y = (part.ravel().astype(np.float32) for part in np.meshgrid(edges, edges))
    with np.errstate(all="ignore"):
        expected = np.power(x.astype(np.float64), y).astype(np.float32)
    for element in ("f32", "f64"):
        program = Program()
        (a, kind), (b, _) = program.argument(("n",), element), program.argument(("n",), element)
        program.op(f"mlc.pow {a}, {b} : ({kind}, {kind}) -> {kind}", kind)
        module = runner.compile(program, ["pow"])
        for count in (len(x), len(x) - 1, len(x) - 7, 3):
            actual = module.run(*(part[-count:].astype(DTYPES[element]) for part in (x, y)))[0]
            with np.errstate(over="ignore"):
                actual = actual.astype(np.float32)
            np.testing.assert_array_equal(np.signbit(actual), np.signbit(expected[-count:]) & ~np.isnan(actual))
            np.testing.assert_allclose(actual, expected[-count:], rtol=1.3e-7)
        module.close()


def test_integer_division_by_zero_is_an_error_of_the_run(registry, runner):
    ops = [(m, op["elementwise"]) for m, op in registry.items() if op.get("elementwise", {}).get("failsOnZero")]
    assert ops
    for mnemonic, op in ops:
        for element in ("i8", "i64", "ui32"):
            program = Program()
            (a, kind), (b, _) = program.argument((21,), element), program.argument((21,), element)
            program.op(f"mlc.{mnemonic} {a}, {b} : ({kind}, {kind}) -> {kind}", kind)
            module = runner.compile(program, [mnemonic])
            x = np.arange(21).astype(DTYPES[element])
            y = x + x.dtype.type(1)
            np.testing.assert_array_equal(module.run(x, y)[0], oracle(op["oracle"], [x, y]))
            with pytest.raises(RunError, match="divided by zero"):
                module.run(x, x)
            module.run(x, y)
            module.close()


def test_power_of_every_special_pair_and_within_a_unit(runner):
    program = Program()
    (x, kind), (y, _) = program.argument(("n",), "f32"), program.argument(("n",), "f32")
    program.op(f"mlc.pow {x}, {y} : ({kind}, {kind}) -> {kind}", kind)
    module = runner.compile(program, ["pow"])
    tiny, huge = np.float32(1e-45), np.finfo(np.float32).max
    special = [0, 1, 0.5, 2, 3, 2.5, 1 / 3, 127, 149, 16777216, 16777215, 8388609, huge, tiny, 1.1754944e-38, np.inf, np.nan]
    special = np.array([sign * value for value in special for sign in (1, -1)], np.float32)
    random = np.random.default_rng(0)
    bases, exponents = np.exp(random.normal(0, 20, 100000)), random.normal(0, 3, 100000)
    pairs = [np.meshgrid(special, special), (bases, exponents), (1 + bases * 1e-9, 1e4 * exponents)]
    for a, b in pairs:
        with np.errstate(all="ignore"):
            a, b = (np.ravel(v).astype(np.float32) for v in (a, b))
            exact = np.power(a.astype(np.float64), b.astype(np.float64))
            wanted = exact.astype(np.float32)
        (actual,) = module.run(a, b)
        assert np.array_equal(np.isnan(actual), np.isnan(wanted))
        numbers = ~np.isnan(wanted)
        actual, wanted = actual[numbers], wanted[numbers]
        assert np.array_equal(np.signbit(actual), np.signbit(wanted))
        # Neighbours differ by one as integers; infinity follows the largest number.
        distance = np.abs(actual.view(np.int32).astype(np.int64) - wanted.view(np.int32))
        assert distance.max() <= 1
    module.close()
