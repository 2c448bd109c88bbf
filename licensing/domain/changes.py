"""What a copy of one version needs to become another: files compared by their SHA-256, wherever they lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Hashed(Protocol):
    @property
    def sha256(self) -> str: ...


File = TypeVar("File", bound=Hashed)


@dataclass(frozen=True)
class Changes(Generic[File]):
    """`added` and `unchanged` are files of the later version, `removed` of the earlier one."""

    added: list[File]
    unchanged: list[File]
    removed: list[File]


def compare(before: Sequence[File], after: Sequence[File]) -> Changes[File]:
    """A file that only has another path now is unchanged."""
    had, has = ({each.sha256 for each in files} for files in (before, after))
    return Changes(
        added=[each for each in after if each.sha256 not in had],
        unchanged=[each for each in after if each.sha256 in had],
        removed=[each for each in before if each.sha256 not in has],
    )
