"""The pages under docs: generated ones are fresh, links and paths lead somewhere, examples are what the tools print."""

import re
import shlex

import pytest

EXAMPLE_TARGET = "x86-64-v3"


def pages(folder):
    return {path.name: path.read_text() for path in folder.glob("*.md")}


def written_pages(source_root):
    """What people write: the README and all pages but the generated ones."""
    found = [source_root / "README.md", *(source_root / "docs").rglob("*.md")]
    return [path for path in found if path.exists() and path.parent.name != "generated"]


def mlir_blocks(path):
    """Every ```mlir block of a page with the line that it starts at."""
    text = path.read_text()
    for match in re.finditer(r"^```mlir\n(.*?)^```", text, re.S | re.M):
        yield text.count("\n", 0, match.start()) + 1, match.group(1)


def test_generated_pages_are_fresh(source_root, build_root):
    built = pages(build_root / "docs")
    committed = pages(source_root / "docs" / "generated")
    assert built, "the target mlc-doc was not built"
    stale = sorted(name for name in built.keys() | committed.keys() if built.get(name) != committed.get(name))
    assert not stale, f"run scripts/docs.sh: {', '.join(stale)}"


def anchors(text):
    """The names that GitHub gives to headings."""
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_links_lead_somewhere(source_root):
    broken = []
    for page in written_pages(source_root):
        text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.S | re.M)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"\w+:", target):
                continue
            path, _, anchor = target.partition("#")
            file = (page.parent / path).resolve() if path else page
            if not file.exists() or (anchor and anchor not in anchors(file.read_text())):
                broken.append(f"{page.relative_to(source_root)}: {target}")
    assert not broken


def test_every_page_is_reached_from_the_index(source_root):
    index = source_root / "docs" / "index.md"
    linked = {(index.parent / target).resolve() for target in re.findall(r"\]\(([^)#\s]+)", index.read_text())}
    assert [str(page) for page in (source_root / "docs").rglob("*.md") if page != index and page not in linked] == []


def test_named_files_exist(source_root):
    folders = "lib|include|tools|test|python|scripts|docs|cmake|bench"
    missing = []
    for page in written_pages(source_root):
        for name in re.findall(rf"`((?:{folders})/[^`\s]*)`", page.read_text()):
            if not list(source_root.glob(name.rstrip("/"))):
                missing.append(f"{page.relative_to(source_root)}: {name}")
    assert not missing


def test_examples_parse(source_root, tool, tmp_path):
    """Blocks that say how, and whole functions and modules."""
    count = 0
    for page in written_pages(source_root):
        for line, block in mlir_blocks(page):
            run = re.match(r"// RUN: mlc-opt(.*)\n", block)
            code = re.sub(r"^\s*//.*\n", "", block, flags=re.M)
            whole = re.match(r"\s*(func\.func|module|builtin\.module|mlc\.kernel)\b", code)
            if not run and (not whole or block.startswith("// AFTER:")):
                continue
            source = tmp_path / "block.mlir"
            source.write_text(block)
            done = tool("mlc-opt", source, *shlex.split(run.group(1) if run else ""), "-o", "/dev/null", check=False)
            assert not done.returncode, f"{page}:{line}\n{done.stderr}"
            count += 1
    assert count, "no page has an example"


def plain(line, policy):
    """A line without what numbering, indentation and, once a schedule is chosen, its numbers make of it."""
    line = re.sub(r"%[\w#:]+", "%", " ".join(line.split()))
    return re.sub(r"\d+", "0", line) if policy else line


def matcher(line, policy):
    return re.compile(".*".join(re.escape(part) for part in plain(line, policy).split("...")))


@pytest.fixture(scope="module")
def example(source_root):
    """The model and what the page shows of it after each stage."""
    blocks = [block for _, block in mlir_blocks(source_root / "docs" / "architecture.md")]
    shown = {}
    for block in blocks:
        if after := re.match(r"// AFTER: (\w+)\n(.*)", block, re.S):
            shown[after.group(1)] = after.group(2).splitlines()
    return blocks[0], shown


def test_the_architecture_page_shows_what_the_stages_print(example, tool, tmp_path):
    text, shown = example
    policy = False
    for stage, excerpt in shown.items():
        source = tmp_path / "module.mlir"
        source.write_text(text)
        text = tool("mlc-opt", source, f"--mlc-stage-{stage}=target={EXAMPLE_TARGET}").stdout
        policy |= stage == "schedule"
        printed = iter([plain(line, policy) for line in text.splitlines()])
        for line in excerpt:
            if line.strip() == "...":
                continue
            wanted = matcher(line, policy)
            assert any(wanted.fullmatch(found) for found in printed), f"{stage}: {line}"


def test_the_architecture_page_lists_all_stages(source_root, example):
    table = (source_root / "lib" / "Pipeline" / "Pipeline.cpp").read_text()
    stages = re.findall(r'\{"(\w+)", build\w+,', table)
    assert list(example[1]) == stages
    rows = re.findall(r"^\| `(\w+)` \|", (source_root / "docs" / "architecture.md").read_text(), re.M)
    assert rows == ["import", *stages, "binary"]
