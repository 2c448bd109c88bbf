"""What the law asks of a single answer in a table (governance reference, section 7): basis, category, age, guardian."""

from datetime import date

import pytest

from licensing.domain.actions import VOICE_AND_FACE
from licensing.domain.consent_table import Table, read_table
from licensing.domain.majority import LATER, age_of_majority
from licensing.services.imports import CHOICES

TODAY = date(2026, 11, 23)
PLAIN = {
    "person": "SPK-1",
    "records": "*",
    "role": "speaker",
    "notice": "1",
    "yes": "access train",
    "date": "2026-09-14",
}
PROOF = {"evidence": "form.pdf"}
CHILD = {"birth": "2015-01-01", "country": "SN", "guardian": "PARENT", **PROOF}


def read(**said: str) -> Table:
    row = {**PLAIN, **said}
    return read_table(f"{','.join(row)}\n{','.join(row.values())}\n".encode(), CHOICES, TODAY)


def blamed(**said: str) -> set[str]:
    return {place.removeprefix("row 2, ") for place in read(**said).problems}


@pytest.mark.parametrize("basis", ["consent_6_1_a", "contract_6_1_b", "no_personal_data"])
def test_each_basis(basis: str) -> None:
    (row,) = read(basis=basis).rows
    assert row.basis == basis


def test_legitimate_interest_is_assessed() -> None:
    assert blamed(basis="interest_6_1_f") == {"assessment"}
    assert blamed(basis="interest_6_1_f", assessment="Weighed on 1 May.") == set()


@pytest.mark.parametrize("category", ["biometric", "health", "origin", "belief", "union", "sexuality", "genetic"])
def test_special_categories_need_explicit_consent(category: str) -> None:
    assert blamed(special_category=category) == set()
    for basis in ("contract_6_1_b", "no_personal_data"):
        assert blamed(special_category=category, basis=basis) == {"basis"}
    assert blamed(special_category=category, basis="interest_6_1_f", assessment="Weighed.") == {"basis"}


def test_a_guardian_answers_for_minors_and_for_nobody_else() -> None:
    assert blamed(**CHILD) == set()
    assert blamed(**{**CHILD, "guardian": ""}) == {"guardian"}
    assert blamed(**{**CHILD, "evidence": ""}) == {"evidence"}
    assert blamed(**{**CHILD, "birth": "1990-01-01"}) == {"guardian"}


@pytest.mark.parametrize("code", VOICE_AND_FACE)
def test_no_voice_or_face_of_a_minor(code: str) -> None:
    assert blamed(yes=f"access {code}") == set()
    assert blamed(**CHILD, yes=f"access {code}") == {"yes"}


def test_nobody_binds_a_minor_to_one_buyer() -> None:
    assert blamed(exclusive="yes") == set()
    assert blamed(**CHILD, exclusive="yes") == {"exclusive"}


@pytest.mark.parametrize("country", ["", "SN", "FR", *LATER])
def test_the_age_is_that_of_the_country(country: str) -> None:
    age = age_of_majority(country)
    assert age >= 18
    birth = {"birth": f"{2026 - age}-09-14", "country": country}
    assert blamed(**birth) == set()
    assert blamed(**birth, date="2026-09-13") == {"guardian"}
