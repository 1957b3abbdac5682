"""docs/options.md has the table of CompileOptions.h."""

import ast
import re

HEADER = "include/mlc/Compiler/CompileOptions.h"


def options_of(header):
    """The rows of MLC_COMPILE_OPTIONS: name, type, default, whether it changes code, meaning."""
    joined = header.replace("\\\n", "\n")
    macro = re.search(r"#define MLC_COMPILE_OPTIONS\(X\)(.*?)\n\n", joined, re.S).group(1)
    row = r'X\(\s*(\w+),\s*(\w+),\s*([^,]+?),\s*(true|false),\s*((?:"[^"]*"\s*)+)\)'
    rows = re.findall(row, macro)
    assert len(rows) == len(re.findall(r"\bX\(", macro)), "a row of the table is written in a way this test cannot read"
    return [(n, t, d, c == "true", ast.literal_eval(f"({text.strip()})")) for n, t, d, c, text in rows]


def test_the_page_has_the_table_of_the_header(source_root):
    rows = options_of((source_root / HEADER).read_text())
    wanted = ["| option | default | changes kernel code | meaning |", "|---|---|---|---|"]
    wanted += [f"| `{n}` | {d} | {'yes' if c else 'no'} | {text} |" for n, _, d, c, text in rows]
    lines = (source_root / "docs/options.md").read_text().splitlines()
    first = lines.index(wanted[0])
    assert lines[first : first + len(wanted)] == wanted
    assert not lines[first + len(wanted)].startswith("|"), "the page has more options than the header"


def test_the_page_quotes_the_names_that_the_error_lists(source_root):
    rows = options_of((source_root / HEADER).read_text())
    names = ", ".join(name for name, *_ in rows)
    assert f"allowed: {names}" in (source_root / "docs/options.md").read_text()
