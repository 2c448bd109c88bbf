"""The head of a README.md. Pure."""

from typing import Any

import yaml

FENCE = "---"
# Reading YAML takes seconds beyond this; a longer head is left to people.
HEAD_MAX = 64 * 1024
# What PyYAML raises for text that is no YAML, for dates and numbers that there are not, and for a tower of brackets.
UNREADABLE = (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, RecursionError)


def problems_of(content: object) -> list[str]:
    """What is wrong with a card, for the person who wrote it."""
    if not isinstance(content, str):
        return ["There is no content."]
    try:
        head = _read(content)
    except UNREADABLE as error:
        return [f"The head of README.md is not YAML: {str(error)[:500] or 'it is nested too deeply'}"]
    return [] if head is None or isinstance(head, dict) else ["The head of README.md holds no names and values."]


def head_of(content: str) -> dict[Any, Any]:
    """Names and values; none where there is no head or nobody can read it."""
    try:
        head = _read(content)
    except UNREADABLE:
        return {}
    return head if isinstance(head, dict) else {}


def _read(content: str) -> Any:
    lines = content.replace("\r\n", "\n").split("\n")
    if lines[0].strip() != FENCE or FENCE not in lines[1:]:
        return None
    head = "\n".join(lines[1 : lines.index(FENCE, 1)])
    return yaml.safe_load(head) if len(head) <= HEAD_MAX else None
