"""Configuration of the lit tests; build/bin/mlc-lit enters it through lit.site.cfg.py."""

import os

import lit.formats

config.name = "mlc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "fuzz", "python", "unit"]
config.test_source_root = os.path.join(config.mlc_source_root, "test")
config.test_exec_root = os.path.join(config.mlc_binary_root, "test")

# The tools of this build come first, so that a test cannot pick up an installed mlc. A tool that was not
# built is "command not found", not a skipped test.
config.environment["PATH"] = os.pathsep.join(
    [
        os.path.join(config.mlc_binary_root, "bin"),
        config.llvm_tools_dir,
        config.environment["PATH"],
    ]
)
config.environment["FILECHECK_OPTS"] = "--enable-var-scope"

config.substitutions += [
    ("%python", config.mlc_python),
    ("%source_root", config.mlc_source_root),
    ("%binary_root", config.mlc_binary_root),
]
# Every op that any test parses must survive printing and bytecode.
if os.environ.get("MLC_LIT_ROUNDTRIP") == "1":
    config.substitutions.append(
        (r"(?<![\w./-])mlc-opt(?![\w-])", "mlc-opt --verify-roundtrip")
    )

# What a test may name in REQUIRES and UNSUPPORTED.
if config.mlc_sanitizers:
    config.available_features.add("sanitizers")
if config.mlc_build_type == "Debug":
    config.available_features.add("assertions")
with open("/proc/cpuinfo") as cpuinfo:
    flags = set(cpuinfo.read().split())
for level, needed in {
    "x86-64-v3": {"avx2", "fma", "f16c"},
    "x86-64-v4": {"avx512f", "avx512vl", "avx512bw", "avx512dq"},
}.items():
    if needed <= flags:
        config.available_features.add(level)
