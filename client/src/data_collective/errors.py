"""What can go wrong, by what a person or a script does about it. Each text says what to do."""

from typing import ClassVar

INTERRUPTED = 130


class CollectiveError(Exception):
    exit_code: ClassVar[int] = 1


class UsageError(CollectiveError):
    """The command or the files cannot be sent as they are. Nothing was sent."""

    exit_code = 2


class RefusedError(CollectiveError):
    """The site said no, in its own words; `code` is its stable name for why."""

    exit_code = 3

    def __init__(self, text: str, *, code: str = "") -> None:
        super().__init__(text)
        self.code = code


class NetworkError(CollectiveError):
    """The site or its store could not be reached for as long as we were told to try."""

    exit_code = 4


class IntegrityError(CollectiveError):
    """The bytes at the two ends are not the same, or a file changed while it was sent."""

    exit_code = 5


class PassingError(CollectiveError):
    """The same request may work later. Caught by Patience, so that nobody else sees it."""

    def __init__(self, text: str, *, retry_after: float = 0) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class StoppedError(CollectiveError):
    """Another part of this run has failed; its error is the one that is told."""
