"""docs/generated is what the records say."""


def pages(folder):
    return {path.name: path.read_text() for path in folder.glob("*.md")}


def test_generated_pages_are_fresh(source_root, build_root):
    built = pages(build_root / "docs")
    committed = pages(source_root / "docs" / "generated")
    assert built, "the target mlc-doc was not built"
    stale = sorted(name for name in built.keys() | committed.keys() if built.get(name) != committed.get(name))
    assert not stale, f"run scripts/docs.sh: {', '.join(stale)}"
