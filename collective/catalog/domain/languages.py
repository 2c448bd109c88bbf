"""Language tags: the shape of BCP 47, checked without a registry (a community's own subtag must not be refused)."""

import re

_TAG = re.compile(
    r"[a-z]{2,3}(-[a-z]{3}){0,3}"  # language, extended language
    r"(-[a-z]{4})?"  # script
    r"(-([a-z]{2}|[0-9]{3}))?"  # region
    r"(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"  # variants
    r"(-x(-[a-z0-9]{1,8})+)?",  # private use
    re.IGNORECASE | re.ASCII,
)


def is_language_tag(tag: str) -> bool:
    return _TAG.fullmatch(tag) is not None


def canonical_tag(tag: str) -> str:
    """The usual capitals: `zh-hant-tw` → `zh-Hant-TW`. Precondition: `is_language_tag(tag)`."""
    first, *rest = tag.split("-")
    private = False
    parts = [first.lower()]
    for part in rest:
        private = private or part.lower() == "x"
        parts.append(part.lower() if private else _cased(part))
    return "-".join(parts)


def _cased(part: str) -> str:
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.upper() if len(part) == 2 else part.lower()
