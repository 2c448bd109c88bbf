"""What a copy of one version lacks of another, by hash."""

from dataclasses import dataclass

from licensing.domain.changes import compare


@dataclass(frozen=True)
class File:
    path: str
    sha256: str


def test_files_are_told_by_their_bytes_and_not_by_their_paths() -> None:
    before = [File("a", "1"), File("b", "2"), File("c", "3")]
    after = [File("a", "9"), File("moved", "2"), File("c", "3")]
    changes = compare(before, after)
    assert changes.added == [File("a", "9")]
    assert changes.unchanged == [File("moved", "2"), File("c", "3")]
    assert changes.removed == [File("a", "1")]


def test_nothing_before_and_nothing_after() -> None:
    files = [File("a", "1")]
    assert compare([], files).added == compare(files, []).removed == files
    assert compare(files, files) == compare(files, list(files))
    assert (compare(files, files).added, compare(files, files).removed) == ([], [])
