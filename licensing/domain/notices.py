"""Which language of a text a reader is shown."""

from collections.abc import Iterable, Sequence

FALLBACK = "en"


def best_language(wanted: Iterable[str], available: Sequence[str]) -> str:
    """Lookup of RFC 4647, section 3.4, for each wanted tag in its order; then English; then the first there is.

    Precondition: something is available.
    """
    by_tag = {tag.lower(): tag for tag in available}
    for tag in (*wanted, FALLBACK):
        parts = tag.lower().replace("_", "-").split("-")
        for length in range(len(parts), 0, -1):
            if found := by_tag.get("-".join(parts[:length])):
                return found
    return available[0]
