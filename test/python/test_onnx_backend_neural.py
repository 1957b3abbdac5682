"""Cases of ONNX's own suite for composed ops, family by family."""

import re
import unittest

import onnx.backend.test

import mlc.onnx_backend

FAMILIES = (
    "BatchNorm",
    "PReLU",
    "attention_(3d|4d|24|causal|local)",
    "batchnorm",
    "causal_conv_with_state",
    "dft_(axis|irfft|rfft)_opset19",
    "dynamicquantizelinear",
    "einsum",
    "group_normalization",
    "gru",
    "hardmax",
    "instancenorm",
    "l[12]normalization",
    "layer_normalization",
    "linear_attention",
    "lstm",
    "matmulinteger",
    "mvn",
    "nllloss",
    "operator_(add|addmm|pow)",
    "qlinear",
    "rms_normalization",
    "rnn",
    "rotary_embedding",
    "sce",
    "simple_rnn",
    "sequence_model",
    "swiglu",
    "tfidfvectorizer",
)
"""How the names of the cases begin. Expanded cases, which are graphs of other ops, are left out."""

suite = onnx.backend.test.BackendTest(mlc.onnx_backend.Backend, __name__)


def choose():
    """Every third case, to stay within a minute; each family has one."""
    chosen, counts = {}, dict.fromkeys(FAMILIES, 0)
    for cases in suite.test_cases.values():
        for name, test in sorted(vars(cases).items()):
            family = next((f for f in FAMILIES if re.match(f"test_{f}", name)), None)
            if family and name.endswith("_cpu") and "_expanded" not in name:
                if counts[family] % 3 == 0:
                    chosen[name] = test
                counts[family] += 1
    missing = [family for family, count in counts.items() if not count]
    assert not missing, f"the suite has no cases of {missing}"
    return chosen


TestFamilies = type("TestFamilies", (unittest.TestCase,), choose())
