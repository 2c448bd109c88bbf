"""Folders out of a flat list of files."""

from hypothesis import given
from hypothesis import strategies as st

from collective.interop.hub.tree import Folder, Tree
from tests.unit.hub.rows import file

PATHS = ["README.md", "en/test-b", "en/train-a", "fr/deep/train-c"]


def paths(tree: Tree, folder: str, *, recursive: bool) -> list[str]:
    return [entry.path for entry in tree.list(folder, recursive=recursive)]


def test_the_root_lists_what_lies_in_it() -> None:
    assert paths(Tree(map(file, PATHS)), "", recursive=False) == ["README.md", "en", "fr"]


def test_recursive_lists_folders_too() -> None:
    tree = Tree(map(file, PATHS))
    assert paths(tree, "", recursive=True) == [
        "README.md",
        "en",
        "en/test-b",
        "en/train-a",
        "fr",
        "fr/deep",
        "fr/deep/train-c",
    ]
    assert paths(tree, "fr", recursive=True) == ["fr/deep", "fr/deep/train-c"]


def test_a_folder_is_not_a_prefix() -> None:
    assert paths(Tree([file("en/a"), file("en-US/b")]), "en", recursive=True) == ["en/a"]


def test_no_files_no_entries() -> None:
    assert Tree([]).list("", recursive=True) == []


def test_a_folders_oid_changes_with_what_is_beneath() -> None:
    one, other = Tree([file("en/deep/a")]), Tree([file("en/deep/b")])
    before, after = one.get("en"), other.get("en")
    assert isinstance(before, Folder)
    assert isinstance(after, Folder)
    assert before.oid != after.oid
    assert len(before.oid) == 40


@given(st.sets(st.from_regex(r"[a-c](/[a-c]){0,3}\.x", fullmatch=True), max_size=12))
def test_walking_folder_by_folder_finds_what_recursive_finds(names: set[str]) -> None:
    tree = Tree(map(file, names))

    def walk(folder: str) -> list[str]:
        found = []
        for entry in tree.list(folder, recursive=False):
            found += [entry.path, *(walk(entry.path) if isinstance(entry, Folder) else [])]
        return found

    assert sorted(walk("")) == paths(tree, "", recursive=True)
    assert {path for path in walk("") if path in tree.files} == names
