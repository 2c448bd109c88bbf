"""What a submission may say: every rule that the SDK leaves to the server."""

from typing import Any

import pytest

from collective.interop.mdc.describing import card_of, description_of
from collective.interop.mdc.errors import FieldsError, NotGzipError
from collective.interop.mdc.fields import check_complete, merged
from collective.interop.mdc.parts import Announced, announced, bare_name, completed
from collective.interop.mdc.vocabulary import hub_task, mdc_task
from ingestion.errors import WrongChecksumError

pytestmark = pytest.mark.once
WHOLE = {
    "name": "Greetings",
    "longDescription": "Long.",
    "task": "ASR",
    "locale": "sw",
    "format": "WAV",
    "licenseAbbreviation": "CC0-1.0",
    "restrictions": "None.",
    "forbiddenUsage": "Spam.",
    "visibility": "public",
    "pointOfContactFullName": "Ama",
    "pointOfContactEmail": "ama@example.org",
    "showContactInfo": False,
}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"task": "asr"}, "task is one of"),
        ({"visibility": "secret"}, "visibility is one of"),
        ({"locale": "not a tag"}, "locale is a language tag"),
        ({"isPaid": True}, "isPaid needs basePriceCents."),
        ({"basePriceCents": 500}, "basePriceCents needs isPaid."),
        ({"isPaid": False, "basePriceCents": 500}, "basePriceCents needs isPaid."),
        ({"isPaid": True, "basePriceCents": 1}, "basePriceCents is from 50"),
        ({"isPaid": True, "basePriceCents": True}, "whole number of US cents"),
        ({"isPaid": True, "basePriceCents": 500, "currency": "eur"}, "currency is usd."),
        ({"licenseAbbreviation": "Esethu"}, "A license of your own needs license"),
        ({"licenseUrl": "https://example.org"}, "licenseUrl needs license"),
        ({"autoApproveAccessRequests": True, "visibility": "public"}, "restricted only"),
        ({"showContactInfo": "yes"}, "showContactInfo is true or false."),
        ({"name": ["x"]}, "name is a text."),
        ({"name": "x" * 201}, "at most 200"),
        ({"restrictions": " "}, "restrictions is empty."),
        (["name"], "JSON object"),
    ],
)
def test_refused(given: Any, said: str) -> None:
    with pytest.raises(FieldsError, match=said):
        merged({}, given)


def test_an_update_adds_to_what_is_known_and_is_judged_with_it() -> None:
    before = merged({}, {"isPaid": True, "basePriceCents": 500, "currency": "usd", "unknown": 1, "other": None})
    assert before == {"isPaid": True, "basePriceCents": 500, "currency": "usd"}
    assert merged(before, {"basePriceCents": 700})["basePriceCents"] == 700
    assert merged(before, {"isPaid": False}) == {"isPaid": False}


def test_a_known_license_says_its_name_itself() -> None:
    custom = merged({}, {"licenseAbbreviation": "Esethu", "license": "Esethu License", "licenseUrl": "https://e.org"})
    assert set(custom) == {"licenseAbbreviation", "license", "licenseUrl"}
    assert merged(custom, {"licenseAbbreviation": "MIT"}) == {"licenseAbbreviation": "MIT"}
    assert merged(custom, {"licenseAbbreviation": ""})["license"] == "Esethu License"


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_handing_in_names_what_is_missing(name: str) -> None:
    check_complete(WHOLE)
    with pytest.raises(FieldsError, match=f"fill in: {name}."):
        check_complete({key: value for key, value in WHOLE.items() if key != name})


def test_a_file_is_announced_by_a_bare_name() -> None:
    body = {"submissionId": "s1", "filename": "../../x/.corpus.tar.gz", "fileSize": 3, "mimeType": "application/gzip"}
    assert announced(body) == Announced("s1", "corpus.tar.gz", 3)
    assert bare_name("C:\\data\\..\\a.tgz") == "a.tgz"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"mimeType": "application/zip"}, NotGzipError),
        ({"filename": "x.zip"}, NotGzipError),
        ({"filename": "...tar.gz/"}, NotGzipError),
        ({"filename": None}, NotGzipError),
        ({"fileSize": 0}, FieldsError),
        ({"fileSize": True}, FieldsError),
        ({"fileSize": "12"}, FieldsError),
    ],
)
def test_other_files_are_refused(change: dict[str, Any], error: type[Exception]) -> None:
    body = {"submissionId": "s1", "filename": "x.tar.gz", "fileSize": 3, "mimeType": "application/gzip", **change}
    with pytest.raises(error):
        announced(body)


def test_parts_come_in_any_order_and_once_each() -> None:
    parts = [{"partNumber": 2, "etag": '"b"'}, {"partNumber": 1, "etag": "a"}]
    assert completed({"uploadId": "u", "parts": parts, "checksum": "A" * 64}).etags == {1: "a", 2: "b"}
    for wrong in ([], [*parts, parts[0]], [{"partNumber": "1", "etag": "a"}], "parts"):
        with pytest.raises(FieldsError):
            completed({"uploadId": "u", "parts": wrong, "checksum": "a" * 64})
    for checksum in ("a" * 63, "x" * 64, "é" * 64, None, 64):
        with pytest.raises(WrongChecksumError):
            completed({"uploadId": "u", "parts": parts, "checksum": checksum})


def test_tasks_have_two_names() -> None:
    assert [mdc_task(each) for each in ("automatic-speech-recognition", "", "juggling")] == ["ASR", "N/A", "OTH"]
    assert [hub_task(each) for each in ("ASR", "N/A", "OTH")] == ["automatic-speech-recognition", "", ""]


def test_a_new_dataset_is_private_until_somebody_says_otherwise() -> None:
    assert description_of({})["visibility"] == "private"
    assert description_of(WHOLE)["visibility"] == "public"


def test_contact_is_shown_only_if_asked() -> None:
    assert "ama@example.org" not in card_of(WHOLE)
    assert card_of({**WHOLE, "showContactInfo": True}).endswith("## Contact\n\nAma, ama@example.org")
