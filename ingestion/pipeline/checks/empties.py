"""Texts without anything in them, columns without any value, columns with one value only."""

from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.domain.findings import CONSTANT_COLUMN, NULL_COLUMN, Finding, Severity
from ingestion.pipeline.checks.base import Check, Tally
from ingestion.pipeline.checks.places import Places
from ingestion.pipeline.checks.seen import Seen, Texts
from ingestion.pipeline.schema import is_media

# The first byte of every white space of Unicode.
SPACE_BYTE = np.isin(np.arange(256), [*range(9, 14), *range(28, 33), 0xC2, 0xE1, 0xE2, 0xE3])


class Empties(Check):
    name: ClassVar[str] = "empties"
    codes: ClassVar[dict[str, Severity]] = {
        "empty_text": "warning",
        NULL_COLUMN: "warning",
        CONSTANT_COLUMN: "note",
    }

    def __init__(self, schema: pa.Schema) -> None:
        self._tally = Tally()
        self._rows = 0
        self._null = set(schema.names)
        # The one value so far; None before the first row.
        self._constant: dict[str, pa.Scalar | None] = {
            field.name: None for field in schema if not (pa.types.is_nested(field.type) or is_media(field))
        }

    def see(self, seen: Seen) -> None:
        self._rows += seen.batch.num_rows
        for texts in seen.texts:
            self._tally.add("empty_text", texts.name, seen.numbers(texts, _empty(texts)))
        for name in [*self._null]:
            if seen.batch.column(name).null_count < seen.batch.num_rows:
                self._null.remove(name)
        for name in [*self._constant]:
            self._compare(name, seen.batch.column(name))

    def findings(self) -> list[Finding]:
        whole = [(NULL_COLUMN, name) for name in sorted(self._null) if self._rows]
        whole += [(CONSTANT_COLUMN, name) for name in sorted(self._constant) if self._rows > 1]
        for code, name in whole:
            self._tally.add(code, name, (), self._rows)
        return self._tally.findings(Empties)

    def _compare(self, name: str, values: pa.Array) -> None:
        if not len(values):
            return
        known = self._constant[name]
        plain = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
        first = plain[0] if known is None else known
        if plain.null_count or not _all_equal(plain, first):
            del self._constant[name]
        else:
            self._constant[name] = first


def _all_equal(values: pa.Array, value: pa.Scalar) -> bool:
    # Most columns differ at once; the rest of a large batch is compared only where they do not.
    head = values.slice(0, 8)
    return all(bool(pc.all(pc.equal(part, value)).as_py()) for part in (head, values))


def _empty(texts: Texts) -> Places:
    """Texts of no bytes, and of white space only."""
    blank = np.flatnonzero(texts.lengths == 0)
    some = np.flatnonzero(texts.lengths > 0)
    may_be = some[SPACE_BYTE[texts.data[texts.bounds[some]]]]
    if not len(may_be):
        return blank
    heads = texts.matching(may_be, r"^[\s\v\x1c-\x1f\x{85}\p{Z}]+$")
    return np.sort(np.concatenate([blank, heads]))
