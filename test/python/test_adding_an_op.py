"""Carries out docs/adding-an-op.md: the records of the page generate ops with formula, oracle and shape function."""

import re
import shutil
import subprocess

import numpy as np
import pytest

LLVM = "/usr/lib/llvm-22"
TBLGEN = f"{LLVM}/bin/mlir-tblgen"
CLANG = shutil.which("clang++-22") or f"{LLVM}/bin/clang++"


@pytest.fixture(scope="module")
def page(source_root):
    return (source_root / "docs" / "adding-an-op.md").read_text()


def records(page):
    return re.findall(r"^```tablegen\n(.*?)^```", page, re.S | re.M)


@pytest.fixture(scope="module")
def generate(source_root, tmp_path_factory):
    """mlir-tblgen on a file that includes `family` and holds a record."""
    folder = tmp_path_factory.mktemp("records")

    def run(family, record, action):
        source = folder / "New.td"
        source.write_text(f'include "mlc/Dialect/Mlc/IR/{family}.td"\n{record}')
        command = [TBLGEN, action, source, "-I", source_root / "include", "-I", f"{LLVM}/include"]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        assert not done.returncode, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="module")
def elementwise(page):
    (record,) = [r for r in records(page) if "Mlc_Unary" in r or "Mlc_Binary" in r]
    return record


def class_of(declarations, name):
    start = declarations.index(f"class {name} :")
    return declarations[start : declarations.index("\n};", start)]


def constant(text, name):
    return re.search(rf"static constexpr \S+ {name} = \"?(.*?)\"?;", text).group(1)


def test_the_record_makes_the_op(elementwise, generate):
    op = class_of(generate("MlcElementwise", elementwise, "-gen-op-decls"), "LogSigmoidOp")
    assert "template <class S> static auto formula(" in op
    assert constant(op, "oracle") == "-np.logaddexp(0, -x)"
    assert constant(op, "domain") == "-8:8"
    assert constant(op, "takesFloats") == "1"
    assert constant(op, "takesIntegers") == "0"
    assert constant(op, "arity") == "1"
    assert "IsElementwise" in op
    definitions = generate("MlcElementwise", elementwise, "-gen-op-defs")
    assert "LogSigmoidOp::infer(Adaptor op" in definitions
    assert "LogSigmoidOp::reifyResultShapes(" in definitions


def test_the_record_is_documented_with_an_example(elementwise, generate):
    text = generate("MlcElementwise", elementwise, "-gen-op-doc")
    assert "Logarithm of the logistic function" in text
    assert "mlc.log_sigmoid %x : (tensor<4xf32>) -> tensor<4xf32>" in text


def test_the_formula_is_compiled_for_numbers(elementwise, generate, source_root, tmp_path):
    op = class_of(generate("MlcElementwise", elementwise, "-gen-op-decls"), "LogSigmoidOp")
    formula = re.search(r"template <class S> static auto formula\(.*", op).group(0)
    source = tmp_path / "formula.cpp"
    source.write_text(
        '#include "mlc/Dialect/Mlc/IR/Scalar.h"\n#include <type_traits>\n'
        f"struct Op {{ {formula}\n}};\n"
        "static_assert(std::is_same_v<decltype(Op::formula(1.0)), double>);\n"
    )
    command = [CLANG, "-std=c++20", "-Wall", "-Werror", "-fsyntax-only", "-I", source_root / "include", source]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert not done.returncode, done.stderr


def test_formula_and_oracle_agree(elementwise):
    """The formula, read as Python."""
    formula = re.search(r"\[\{(.*?)\}\]", elementwise).group(1)
    oracle = re.search(r'\}\],\s*"(.*?)"', elementwise, re.S).group(1)
    names = {"minimum": np.minimum, "constant": lambda x, v: np.full_like(x, v), "log1p": np.log1p}
    names |= {"exp": np.exp, "abs": np.abs, "np": np}
    x = np.concatenate([np.linspace(-50, 50, 1001), [np.inf, -np.inf, np.nan, -0.0]])
    with np.errstate(all="ignore"):
        actual, expected = (eval(text, names | {"x": x}) for text in (formula, oracle))
    np.testing.assert_allclose(actual, expected, rtol=1e-14)


def test_the_op_of_the_page_is_new(elementwise, source_root):
    name = re.search(r"def (\w+)", elementwise).group(1)
    family = (source_root / "include/mlc/Dialect/Mlc/IR/MlcElementwise.td").read_text()
    assert name not in family, "the page must show an op that does not exist"


def test_the_record_with_its_own_shape_makes_an_op(page, generate):
    (record,) = [r for r in records(page) if "Mlc_TensorOp" in r]
    op = class_of(generate("MlcMovement", record, "-gen-op-decls"), "ReverseOp")
    assert re.search(r"infer\(Adaptor op, ::mlc::ShapeEnv &env", op)
    assert "getAxes()" in op
    assert "ReverseOp::inferReturnTypes(" in generate("MlcMovement", record, "-gen-op-defs")
