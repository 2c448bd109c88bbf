"""What holds for every check: any text, any batches, no text in findings, words for every code."""

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.domain.findings import Finding, merged
from ingestion.pipeline.checks import CHECKS, Checks
from ingestion.pipeline.checks.base import Named
from ingestion.pipeline.checks.media import MediaChecks
from ingestion.pipeline.checks.national_ids import NATIONAL_IDS
from ingestion.services import barring, duplicates
from ingestion.web.finding_words import COUNTRIES, WORDS, words_for
from tests.unit.ingestion.checks import test_personal_data, test_secrets
from tests.unit.ingestion.checks.seeing import findings_in

CANARIES = [text for real in (test_personal_data.REAL, test_secrets.REAL) for texts in real.values() for text in texts]
# Any text, parts of what is looked for, and whole ones, in any order.
texts = st.lists(
    st.text(max_size=30)
    | st.sampled_from(CANARIES)
    | st.sampled_from(CANARIES).map(lambda text: text[: len(text) // 2]),
    max_size=4,
).map("".join)
values = st.lists(st.none() | texts, max_size=25)
sizes = st.lists(st.integers(0, 6), max_size=6)
KINDS = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.dictionary(pa.int32(), pa.string()),
    pa.list_(pa.string()),
    pa.large_list(pa.large_string()),
    pa.list_(pa.string(), 2),
    pa.list_view(pa.string()),
    pa.struct([pa.field("a", pa.string()), pa.field("b", pa.list_(pa.string()))]),
    pa.map_(pa.string(), pa.string()),
]


def shaped(value: str | None, kind: pa.DataType) -> Any:
    if value is None or not pa.types.is_nested(kind):
        return value
    if pa.types.is_struct(kind):
        return {"a": value, "b": [None, value]}
    return [("key", value)] if pa.types.is_map(kind) else [value, value]


@settings(max_examples=150)
@given(values, sizes, st.sampled_from(KINDS))
def test_the_same_findings_however_rows_come_in_batches(
    column: list[str | None], cuts: list[int], kind: pa.DataType
) -> None:
    plain = pa.array([shaped(value, kind) for value in column], _storable(kind))
    table = pa.table({"c": plain.dictionary_encode() if pa.types.is_dictionary(kind) else plain})
    once = merged(findings_in(table))
    assert once == merged(findings_in(table, cuts))
    # Found in the same rows whatever the column's type.
    flat = pa.table({"c": pa.array(column, pa.string())})
    kept = {(each.code, each.rows) for each in findings_in(flat) if each.check in ("personal_data", "secrets")}
    assert kept == {(each.code, each.rows) for each in once if each.check in ("personal_data", "secrets")}


def _storable(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_dictionary(kind) else kind


@settings(max_examples=100)
@given(st.lists(st.text(alphabet="0123456789+-./() ABab@_:", max_size=60), max_size=12), sizes)
def test_the_same_findings_in_texts_of_digits(column: list[str], cuts: list[int]) -> None:
    table = pa.table({"c": pa.array(column, pa.string())})
    assert merged(findings_in(table)) == merged(findings_in(table, cuts))


@pytest.mark.parametrize("kind", [*KINDS, pa.null(), pa.int64(), pa.binary(), pa.float32(), pa.bool_(), pa.date32()])
def test_no_rows_and_no_values(kind: pa.DataType) -> None:
    for rows in (0, 3):
        batch = pa.record_batch([pa.nulls(rows, kind)], names=["c"])
        checks = Checks(batch.schema)
        checks.see(batch, 1)
        checks.see(batch.slice(rows), 1 + rows)
        assert [each.code for each in checks.findings()] == (["null_column"] if rows else [])


def test_values_under_a_null_are_not_values() -> None:
    content = pa.array(["a@firma.de"] * 3)
    hidden = pa.Array.from_buffers(pa.string(), 3, [pa.py_buffer(b"\x05"), *content.buffers()[1:]])
    lists = pa.ListArray.from_arrays(pa.array([0, 1, 2, 3], pa.int32()), content, mask=pa.array([False, True, False]))
    found = {(each.code, each.column): each.rows for each in findings_in(pa.table({"a": hidden, "b": lists}))}
    assert found["email", "a"] == (1, 3)
    assert found["email", "b[]"] == (1, 3)


def test_findings_carry_numbers_and_never_the_text() -> None:
    table = pa.table({"c": ["filler text " + canary for canary in CANARIES] * 3})
    findings = findings_in(table)
    told = json.dumps([each.as_json() for each in findings], ensure_ascii=False)
    assert {each.code for each in findings} >= set(test_personal_data.REAL) | set(test_secrets.REAL)
    assert not [canary for canary in CANARIES if canary in told or canary[4:14] in told]
    assert [Finding.from_json(each) for each in json.loads(told)] == findings


def test_every_code_has_words_and_no_words_are_left_over() -> None:
    checks: list[type[Named]] = [*CHECKS, MediaChecks]
    codes = {(check.name, code) for check in checks for code in check.codes}
    codes |= {("duplicates", code) for code in duplicates.CODES} | {(barring.CHECK, barring.CODE)}
    national = {("personal_data", each.code) for each in NATIONAL_IDS}
    assert codes - national == set(WORDS)
    assert {each.country for each in NATIONAL_IDS} == set(COUNTRIES)
    for check, code in codes:
        words = words_for(Finding(check, code, "note", "", 1))
        assert str(words.title) not in ("", code)
        assert str(words.action).endswith(".")


def test_words_for_languages_and_for_codes_that_nobody_knows() -> None:
    assert str(words_for(Finding("language", "gsw", "note", "", 1)).title) == "Texts in Swiss German"
    assert str(words_for(Finding("language", "<b>", "note", "", 1)).title) == "Texts in <b>"
    assert str(words_for(Finding("personal_data", "national_id_xx", "note", "", 1)).title) == "national_id_xx"
