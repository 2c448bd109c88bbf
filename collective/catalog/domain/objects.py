"""Who needs an object of the published store. Equal bytes are one object: to delete one, ask everybody first."""

from collections.abc import Callable

# SHA-256 of the object → whether a row still names it.
Asker = Callable[[str], bool]

_ASKERS: list[Asker] = []


def needs_objects(asker: Asker) -> Asker:
    """Registers an asker; the same one twice is one."""
    if asker not in _ASKERS:
        _ASKERS.append(asker)
    return asker


def is_needed(sha256: str) -> bool:
    return any(asker(sha256) for asker in _ASKERS)
