"""The words of state machines as people read them: word, tone, one plain sentence.

Each app registers its own entities in `<app>/web/words.py`, imported by `<app>/web/urls.py`:

    register_status("contribution", validated=Status("ready for review", "attention", "A steward decides next."))

Templates then say `{% status "contribution" row.state %}`. A state without a row shows as its own name.
"""

from dataclasses import dataclass

from django.utils.functional import Promise

TONES = ("neutral", "good", "attention", "loss")


@dataclass(frozen=True)
class Status:
    word: str | Promise
    tone: str = "neutral"
    meaning: str | Promise = ""

    def __post_init__(self) -> None:
        if self.tone not in TONES:
            raise ValueError(f"{self.tone} is not one of {TONES}")


_STATUSES: dict[tuple[str, str], Status] = {}


def register_status(entity: str, **statuses: Status) -> None:
    _STATUSES.update({(entity, state): status for state, status in statuses.items()})


def status_of(entity: str, state: str) -> Status:
    return _STATUSES.get((entity, state)) or Status(state.replace("_", " "))
