"""Licenses that only one can have."""

from collective.core.errors import ConflictError, InvalidError


class ExclusiveTakenError(ConflictError):
    """Somebody was first, or is paying just now."""

    code = "exclusive_taken"
    text = (
        "Another organization has, or is buying, an exclusive license that this one would overlap with. "
        "Nothing was charged."
    )


class ExclusiveBlockedError(ConflictError):
    code = "exclusive_blocked"
    text = (
        "Others hold licenses that an exclusive one would overlap with, so it cannot be sold now. Nothing was charged."
    )


class ExclusiveScopeError(InvalidError):
    code = "exclusive_scope"
    text = "An Exclusive License names the actions that it keeps for one licensee, and how long it lasts."
