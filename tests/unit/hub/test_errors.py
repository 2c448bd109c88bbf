"""One table from what went wrong to what the client understands."""

import json

import pytest
from rest_framework.exceptions import AuthenticationFailed, Throttled

from collective.catalog.errors import DatasetNotFoundError
from collective.core.errors import ConflictError, DeniedError, GoneError, UnauthenticatedError, UnavailableError
from collective.interop.hub.errors import (
    BadPathError,
    DisabledError,
    EntryNotFoundError,
    RevisionNotFoundError,
    error_response,
    one_line,
)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (AuthenticationFailed("expired"), 401, None),
        (DatasetNotFoundError(), 404, "RepoNotFound"),
        (RevisionNotFoundError(repo_id="a/b", revision="x"), 404, "RevisionNotFound"),
        (EntryNotFoundError(path="x", version="v1", repo_id="a/b"), 404, "EntryNotFound"),
        (BadPathError(), 400, None),
        (DisabledError("withdrawn"), 403, None),
        (UnauthenticatedError(), 401, "GatedRepo"),
        (DeniedError("no license"), 403, "GatedRepo"),
        (GoneError("withdrawn"), 403, "GatedRepo"),
        (ConflictError("suspended"), 403, "GatedRepo"),
        (UnavailableError(), 503, None),
        (Throttled(12.5), 429, None),
    ],
)
def test_status_and_code(error: Exception, status: int, code: str | None) -> None:
    response = error_response(error, anonymous=False)
    assert response is not None
    assert (response.status_code, response.headers.get("X-Error-Code")) == (status, code)
    assert response.headers["X-Error-Message"].isascii()
    assert json.loads(response.content).keys() == {"error"}


def test_a_bad_key_is_said_in_the_words_that_clients_compare() -> None:
    response = error_response(AuthenticationFailed("This key is expired."), anonymous=True)
    assert response is not None
    assert response["X-Error-Message"] == "Invalid credentials in Authorization header"


def test_an_unknown_dataset_may_exist_for_somebody_who_signs_in() -> None:
    response = error_response(DatasetNotFoundError(), anonymous=True)
    assert response is not None
    assert (response.status_code, response["X-Error-Code"]) == (401, "RepoNotFound")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_disabled_version_keeps_its_reason_in_the_body() -> None:
    response = error_response(DisabledError("Its contributor withdrew."), anonymous=False)
    assert response is not None
    assert response["X-Error-Message"] == "Access to this resource is disabled."
    assert json.loads(response.content) == {"error": "Its contributor withdrew."}


def test_throttled_says_when_to_come_back() -> None:
    response = error_response(Throttled(12.5), anonymous=False)
    assert response is not None
    assert response["Retry-After"] == "14"


def test_a_fault_of_ours_is_no_answer() -> None:
    assert error_response(ZeroDivisionError(), anonymous=False) is None


def test_a_header_is_one_ascii_line() -> None:
    text = "You need “CC BY”…\r\nSet-Cookie: a=b  — ‘مرحبا’"
    assert one_line(text) == "You need \"CC BY\"... Set-Cookie: a=b - '?????'"


def test_a_header_stays_short_enough_for_proxies() -> None:
    response = error_response(EntryNotFoundError(path="x" * 5000, version="v1", repo_id="a/b"), anonymous=False)
    assert response is not None
    assert len(response.headers["X-Error-Message"]) == 1000
    assert len(json.loads(response.content)["error"]) > 5000
