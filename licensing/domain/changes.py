"""What a copy of one version needs to become another: files compared by their SHA-256, wherever they lie."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

File = TypeVar("File")


@dataclass(frozen=True)
class Changes(Generic[File]):
    """`added` and `unchanged` are files of the later version, `removed` of the earlier one."""

    added: list[File]
    unchanged: list[File]
    removed: list[File]


def compare(before: Sequence[File], after: Sequence[File], *, sha256: Callable[[File], str]) -> Changes[File]:
    """A file that only has another path now is unchanged."""
    had, has = ({sha256(each) for each in files} for files in (before, after))
    return Changes(
        added=[each for each in after if sha256(each) not in had],
        unchanged=[each for each in after if sha256(each) in had],
        removed=[each for each in before if sha256(each) not in has],
    )
