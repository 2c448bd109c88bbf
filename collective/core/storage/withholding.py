"""Which objects are not served any more, though a link to them is still good.

The store knows bytes by their hash; who published them registers a question about that hash.
"""

from collections.abc import Callable

# SHA-256 of the object → whether nobody may have it any more.
Asker = Callable[[str], bool]

_ASKERS: list[Asker] = []


def withholds_objects(asker: Asker) -> Asker:
    """Registers an asker; the same one twice is one."""
    if asker not in _ASKERS:
        _ASKERS.append(asker)
    return asker


def is_withheld(sha256: str) -> bool:
    return any(asker(sha256) for asker in _ASKERS)
