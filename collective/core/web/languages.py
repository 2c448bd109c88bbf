"""Languages as people call them, in English and in their own words, from Unicode CLDR by way of Babel."""

from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError

_ENGLISH = Locale("en")


@dataclass(frozen=True)
class Language:
    """`own_name` is empty where CLDR does not know it; `direction` is `ltr`, `rtl`, or `auto` when unknown."""

    tag: str
    name: str
    own_name: str
    direction: str


@lru_cache(maxsize=2048)
def language_of(tag: str) -> Language:
    """What a BCP 47 tag is called; a tag that nobody knows is its own name, so that nothing disappears."""
    subtags = tag.replace("_", "-").split("-")
    name = _ENGLISH.languages.get(subtags[0].lower(), tag)
    details = [_detail(subtag) for subtag in subtags[1:] if _detail(subtag)]
    if details:
        name = f"{name} ({', '.join(details)})"
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return Language(tag, name, "", "auto")
    own_name = locale.get_display_name() if details else locale.get_language_name()
    return Language(tag, name, own_name or "", locale.text_direction)


def _detail(subtag: str) -> str:
    script, territory = subtag.title(), subtag.upper()
    return _ENGLISH.scripts.get(script) or _ENGLISH.territories.get(territory) or ""
