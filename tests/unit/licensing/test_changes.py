"""What a copy of one version lacks of another, by hash."""

from licensing.domain.changes import Changes, compare

File = tuple[str, str]


def changes(before: list[File], after: list[File]) -> Changes[File]:
    return compare(before, after, sha256=lambda file: file[1])


def test_files_are_told_by_their_bytes_and_not_by_their_paths() -> None:
    before, after = [("a", "1"), ("b", "2"), ("c", "3")], [("a", "9"), ("moved", "2"), ("c", "3")]
    assert changes(before, after) == Changes(
        added=[("a", "9")], unchanged=[("moved", "2"), ("c", "3")], removed=[("a", "1")]
    )


def test_nothing_before_and_nothing_after() -> None:
    files = [("a", "1"), ("b", "1")]
    assert changes([], files) == Changes(added=files, unchanged=[], removed=[])
    assert changes(files, []) == Changes(added=[], unchanged=[], removed=files)
    assert changes(files, files) == Changes(added=[], unchanged=files, removed=[])
