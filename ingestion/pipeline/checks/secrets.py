"""Keys, tokens and private keys that somebody forgot in a text."""

import re
from collections.abc import Iterable
from typing import ClassVar

import numpy as np
import pyarrow as pa

from ingestion.domain.findings import Finding, Severity
from ingestion.domain.own_keys import MOST_OWN_KEYS, OwnKey, own_keys_in
from ingestion.pipeline.checks.base import Check, Tally
from ingestion.pipeline.checks.places import WIDTH, Places
from ingestion.pipeline.checks.secret_kinds import BYTES_BEFORE, MARKS, OWN_KEY, SECRET_KINDS
from ingestion.pipeline.checks.seen import FEW, Seen, Texts

MARK = re.compile(MARKS.encode())
DASHES = 4
KINDS = {kind.code: [each for each in SECRET_KINDS if each.code == kind.code] for kind in SECRET_KINDS}


class Secrets(Check):
    name: ClassVar[str] = "secrets"
    codes: ClassVar[dict[str, Severity]] = {kind.code: kind.severity for kind in SECRET_KINDS}

    def __init__(self, schema: pa.Schema) -> None:
        self._tally = Tally()
        self._own_keys: set[OwnKey] = set()

    def see(self, seen: Seen) -> None:
        for texts in seen.texts:
            marked = _marked(texts).tolist()
            contents = {text: texts.whole(text).decode("utf-8", "replace") for text in marked}
            for code, kinds in KINDS.items():
                holding = [text for text in marked if any(kind.is_in(contents[text]) for kind in kinds)]
                if holding:
                    self._tally.add(code, texts.name, seen.numbers(texts, np.array(holding)))
                if code == OWN_KEY:
                    self._note_own_keys(contents[text] for text in holding)

    def findings(self) -> list[Finding]:
        return self._tally.findings(Secrets)

    def own_keys(self) -> list[OwnKey]:
        """The first MOST_OWN_KEYS different ones."""
        return sorted(self._own_keys, key=lambda key: (key.id, key.secret_sha256))

    def _note_own_keys(self, contents: Iterable[str]) -> None:
        for content in contents:
            for key in own_keys_in(content):
                if len(self._own_keys) < MOST_OWN_KEYS:
                    self._own_keys.add(key)


def _marked(texts: Texts) -> Places:
    tokens = texts.holding(texts.sights.tokens, WIDTH)
    dashes = texts.holding(texts.sights.dashes, DASHES)
    near = np.union1d(tokens, dashes) if len(dashes) else tokens
    if len(near) > FEW:
        return texts.matching(near, MARKS)
    return near[np.array([_has_mark(texts, text) for text in near.tolist()], np.bool_)]


def _has_mark(texts: Texts, text: int) -> bool:
    """Every mark of a secret begins inside its token or row of dashes, or shortly before."""
    places = texts.within(text, texts.sights.tokens) + texts.within(text, texts.sights.dashes)
    return MARK.search(texts.part(text, min(places) - BYTES_BEFORE, max(places) + WIDTH + BYTES_BEFORE)) is not None
