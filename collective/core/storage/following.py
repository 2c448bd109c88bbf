"""Links to the local store that were made for somebody: each use is asked about, and may be written down.

The store knows bytes by their hash; who hands out links registers what happens when one is followed.
"""

from collections.abc import Callable

from collective.core.storage.errors import LinkRefusedError

# Ticket of the link, SHA-256 of the object, and the first and last byte that are about to be sent, or None for no byte.
# Raises whatever stands against it now.
Follower = Callable[[str, str, tuple[int, int] | None], None]

_FOLLOWERS: list[Follower] = []


def follows_links(follower: Follower) -> Follower:
    """Registers who made the tickets; the same one twice is one."""
    if follower not in _FOLLOWERS:
        _FOLLOWERS.append(follower)
    return follower


def follow(ticket: str, sha256: str, span: tuple[int, int] | None) -> None:
    """Raises LinkRefusedError where nobody knows tickets."""
    if not _FOLLOWERS:
        raise LinkRefusedError
    for follower in _FOLLOWERS:
        follower(ticket, sha256, span)
