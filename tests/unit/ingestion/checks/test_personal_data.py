"""What gives people away by its form, and what only looks like it."""

import pyarrow as pa
import pytest

from ingestion.pipeline.checks import personal_data
from ingestion.pipeline.checks.national_ids import NATIONAL_IDS
from ingestion.pipeline.checks.numbers import FORMS, NUMBERS
from tests.unit.ingestion.checks.seeing import found, found_in

# One of each, from the documentation of python-stdnum and of the issuers' test cards.
REAL = {
    "email": ["anna.schmidt@firma.de", "x+y_z@a-b.co.uk", "用户@例子.广告", "MAX@UPPER.ORG", "o'neil@mail.museum"],
    "phone": ["+49 30 901820", "+4930901820", "+1 (650) 253-0000", "+33 1 42 68 53 00"],
    "iban": ["DE89 3704 0044 0532 0130 00", "DE89370400440532013000", "GB29 NWBK 6016 1331 9268 19"],
    "payment_card": ["4111 1111 1111 1111", "4111111111111111", "3782-822463-10005", "30569309025904"],
    "ip_address": ["93.184.216.34", "185.199.108.153"],
    "national_id_ar": ["20-05536168-2"],
    "national_id_be": ["85.07.30-033.28"],
    "national_id_br": ["390.533.447-05"],
    "national_id_ca": ["123-456-782"],
    "national_id_ch": ["756.9217.0769.85"],
    "national_id_cl": ["12.531.909-2"],
    "national_id_cn": ["360426199101010071"],
    "national_id_cz": ["710319/2745"],
    "national_id_de": ["36 574 261 809"],
    "national_id_es": ["54362315K", "54362315-K", "X-2482300-W", "X2482300W"],
    "national_id_fi": ["131052-308T"],
    "national_id_fr": ["2 95 10 99 126 111 93"],
    "national_id_in": ["2341 2341 2346"],
    "national_id_is": ["120174-3399"],
    "national_id_it": ["RCCMNL83S18D969H"],
    "national_id_kr": ["971013-9019902"],
    "national_id_mx": ["BOXW310820HNERXN09"],
    "national_id_no": ["151086 95088"],
    "national_id_pt": ["00000000 0 ZZ4"],
    "national_id_se": ["880320-0016"],
    "national_id_th": ["1-2345-45678-78-1"],
    "national_id_us": ["536-90-4399"],
}
AROUND = ["{}", "see {}.", "({})", "here:{},", "电话{}。", "a\n{}\nb", "the year 1999 and {} again", "“{}”", '"{}"']
LOOKS_LIKE = [
    "born 1999-2005, on 2024-01-02T12:34:56.789Z, at 12:34:56",
    "d41d8cd98f00b204e9800998ecf8427e 3f2a9b8c-1234-5678-9abc-def012345678",
    "4111 1111 1111 1112 and 4111111111111111111 and 1234567890123456",
    "DE89 3704 0044 0532 0130 01",
    "390.533.447-06, 536-00-4399, 880320-0018",
    "10.0.0.1 192.168.100.200 127.0.0.1 v1.2.3.4 999.999.999.999 1.2.3.4.5.6.7.8",
    "logo@2x.png @somebody a @ b git@github.com me@example.org you@localhost x@y",
    "1700000000000 1700000000000000 18446744073709551615",
    "+999 123 456 789",
    "call 030 901820",
    "id_4111111111111111 x54362315K 54362315Kx",
]


def test_every_kind_has_an_example() -> None:
    assert set(REAL) == set(personal_data.PersonalData.codes)


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in REAL.items() for text in texts])
def test_a_real_one_is_found_wherever_it_stands(code: str, text: str) -> None:
    texts = [around.format(text) for around in AROUND]
    if code != "email":  # letters before an address are a part of it
        texts += ["words " * 30 + text]
    for row in texts:
        assert set(found_in(["nothing", row], "personal_data")) >= {code}, row


@pytest.mark.parametrize("text", LOOKS_LIKE)
def test_what_only_looks_like_it_is_not_found(text: str) -> None:
    assert found_in([text, "x " + text, text + " y"], "personal_data") == {}


@pytest.mark.parametrize("shift", range(20))
def test_the_place_in_memory_does_not_matter(shift: int) -> None:
    texts = ["x" * shift, *(text for texts in REAL.values() for text in texts)]
    rows = found_in(texts, "personal_data")
    assert rows == found_in(texts, "personal_data", pa.large_string())
    assert set(rows) == set(REAL)


def test_rows_are_counted_once_for_each_kind() -> None:
    texts = ["a@b.de c@d.fr +49 30 901820", "nothing", "e@f.org, e@f.org"]
    assert found_in(texts, "personal_data") == {"email": (1, 3), "phone": (1,)}


def test_texts_inside_lists_and_objects_are_looked_at() -> None:
    columns = {
        "tags": pa.array([["x"], None, [], ["a@b.de", None, "c@d.fr"], ["e@f.org"]]),
        "who": pa.array([{"mail": None}, {"mail": "a@b.de"}, None, {"mail": ""}, {"mail": "x"}]),
        "map": pa.array([None, None, None, None, [("k", "a@b.de")]], pa.map_(pa.string(), pa.string())),
    }
    assert found("personal_data", **columns) == {
        ("email", "tags[]"): (4, 5),
        ("email", "who.mail"): (2,),
        ("email", "map[].value"): (5,),
    }


def test_the_first_sieve_lets_every_form_through() -> None:
    examples = pa.array([form.decode().replace("9", "1") for form, _, _ in FORMS])
    assert all(pa.compute.match_substring_regex(examples, NUMBERS).to_pylist())


def test_a_column_of_nothing_else_is_counted_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal_data, "MOST_LOOKED_AT", 30)
    found = found_in(["a@b.de", "+49 30 901820"] * 100, "personal_data")
    assert {code: len(rows) for code, rows in found.items()} == {"email": 20, "phone": 20}


def test_no_two_rows_of_the_table_are_the_same_rule() -> None:
    assert len({each.rules for each in NATIONAL_IDS}) == len(NATIONAL_IDS)


def test_numbers_without_end_take_bounded_time() -> None:
    """Each of these takes hours where every place is looked at from the beginning of its run."""
    hostile = ["7" * 500_000, "1234 5678 " * 50_000, "AB12 CD34 " * 20_000, "1.2" * 100_000, "@a" * 50_000]
    assert found_in(hostile, "personal_data") == {}
