"""Runs last: which ops of the registry the other end-to-end tests have run."""

import pytest
from programs import Runner

# Ops of the program around the kernels, which hold the ops that tests name.
STRUCTURE = {"call_kernel", "group", "kernel", "yield"}


def test_every_op_has_run(registry, request):
    if request.session.testscollected < len(registry):
        pytest.skip("the other tests did not all run")
    missing = set(registry) - STRUCTURE - Runner.covered
    assert not missing, f"no end-to-end test runs {sorted(missing)}"
