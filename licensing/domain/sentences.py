"""Sentences that read in English and remember how they were made, so that a page can say them in another language."""

from collections.abc import Callable
from typing import Any, Self

from babel import Locale

Speak = Callable[[str], str]


class Sentence(str):
    """The English text; `template` is the message of the catalog, `values` fill it."""

    __slots__ = ("template", "values")
    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, values: dict[str, Any] | None = None) -> Self:
        filled = values or {}
        made = super().__new__(cls, _fill(template, filled, str, "en"))
        made.template, made.values = template, filled
        return made

    def spoken(self, speak: Speak, language: str) -> str:
        """In another language: `speak` translates a message, `language` is its tag."""
        return _fill(speak(self.template), self.values, speak, language)


class Places(tuple[str, ...]):
    """Territory codes, said as the names of countries."""

    __slots__ = ()


def say(template: str, **values: Any) -> Sentence:
    return Sentence(template, values)


def _fill(template: str, values: dict[str, Any], speak: Speak, language: str) -> str:
    return template.format(**{name: _said(value, speak, language) for name, value in values.items()})


def _said(value: Any, speak: Speak, language: str) -> str:
    if isinstance(value, Sentence):
        return value.spoken(speak, language)
    if isinstance(value, Places):
        return ", ".join(_place(code, speak, language) for code in value)
    if isinstance(value, (list, tuple)):
        return ", ".join(_said(each, speak, language) for each in value)
    return str(value)


_GROUP_NAMES = {"*": "everywhere", "EU": "the European Union", "AFRICA": "the countries of Africa"}


def _place(code: str, speak: Speak, language: str) -> str:
    if code in _GROUP_NAMES:
        return speak(_GROUP_NAMES[code])
    return str(Locale.parse(language, sep="-").territories.get(code, code))
