"""Work by name. An app registers its functions in `tasks.py`; a job row names one and carries its arguments."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Queue = Literal["light", "heavy", "long"]
Work = Callable[..., None]


@dataclass(frozen=True)
class JobType:
    name: str
    work: Work
    queue: Queue
    max_attempts: int
    on_dead: Callable[..., None] | None


_types: dict[str, JobType] = {}


def job(
    name: str, *, queue: Queue = "light", max_attempts: int = 5, on_dead: Callable[..., None] | None = None
) -> Callable[[Work], Work]:
    """Register `work` under `name`. It is called with the row's arguments, at least once, so it must be idempotent.

    `on_dead` is called with the same arguments and `reason` when the last attempt failed, so that the owner sees why.
    """

    def register(work: Work) -> Work:
        if name in _types and _types[name].work is not work:
            raise ValueError(f"two jobs are named {name}")
        _types[name] = JobType(name, work, queue, max_attempts, on_dead)
        return work

    return register


def job_type(name: str) -> JobType:
    return _types[name]
