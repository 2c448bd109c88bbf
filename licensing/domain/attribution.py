"""The credits file: whom to name wherever the data is used. Pure text."""

from collections.abc import Iterable, Mapping
from typing import Any


def credits_text(*, title: str, number: str, publisher: str, url: str, credits_: Iterable[Mapping[str, Any]]) -> str:
    """Without authors it names the publisher alone. `credits_`: authors, license and url of each source."""
    lines = [f"{title}, version {number}", f"{publisher}, {url}", ""]
    named = list(credits_)
    if named:
        lines += ["It holds material of these authors. Name them wherever you use it.", ""]
    for each in named:
        lines += [
            ", ".join(each["authors"]),
            f"License: {each['license']}",
            *([each["url"]] if each["url"] else []),
            "",
        ]
    return "\n".join(lines)
