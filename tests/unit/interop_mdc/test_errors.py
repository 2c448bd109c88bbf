"""Which exception the SDK raises follows from the status alone, and its text from `message`."""

import json

import pytest
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, Throttled
from rest_framework.test import APIRequestFactory

from collective.catalog.errors import DatasetNotFoundError
from collective.core.errors import InvalidError, TooLargeError
from collective.interop.mdc.errors import (
    ArchiveNotReadyError,
    BadQueryError,
    DeclarationMissingError,
    FieldsError,
    PurchaseRequiredError,
    SubmissionDeletedError,
    UploadGoneError,
    UploadMissingError,
    error_response,
)
from collective.interop.mdc.views.base import MdcView
from collective.interop.mdc.views.datasets import DetailsView
from collective.interop.mdc.views.submissions import SubmissionView
from licensing.errors import DatasetWithdrawnError, QuarantinedError, TermsRequiredError

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (AuthenticationFailed(), 401),
        (NotAuthenticated(), 401),
        (PurchaseRequiredError(), 402),
        (TermsRequiredError(url="u"), 403),
        (QuarantinedError(), 403),
        (DatasetNotFoundError(), 404),
        (UploadMissingError(), 409),
        (DeclarationMissingError(url="u", submission="s"), 409),
        (DatasetWithdrawnError(), 410),
        (SubmissionDeletedError(), 410),
        (UploadGoneError(), 410),
        (BadQueryError("limit"), 400),
        (FieldsError("task"), 422),
        (TooLargeError(), 422),
        (InvalidError(), 422),
        (Throttled(wait=7), 429),
        (ArchiveNotReadyError(number="1.0.0", done=1, total=2, retry_after=5), 503),
    ],
)
def test_status_and_message(error: Exception, status: int) -> None:
    answer = error_response(error)
    assert answer is not None
    body = json.loads(answer.content)
    assert (answer.status_code, body["statusCode"]) == (status, status)
    assert body["message"]


def test_those_who_may_come_back_hear_when() -> None:
    waits = [ArchiveNotReadyError(number="1.0.0", done=1, total=2, retry_after=5), Throttled(wait=7)]
    answers = [error_response(each) for each in waits]
    assert [answer["Retry-After"] for answer in answers if answer] == ["5", "8"]


@pytest.mark.parametrize("view", [DetailsView, SubmissionView])
def test_what_a_route_takes_is_told_whoever_asks(view: type[MdcView]) -> None:
    """Browsers ask by OPTIONS before they send, and a wrong method hears the right ones."""
    ask = APIRequestFactory()
    asked, wrong = (view.as_view()(request, name="x") for request in (ask.options("/"), ask.put("/")))
    assert (asked.status_code, wrong.status_code) == (200, 405)
    assert asked.render()
    assert asked["Allow"] == wrong["Allow"]
    assert "OPTIONS" in asked["Allow"]
    assert wrong["Cache-Control"] == "private, no-store"


def test_a_fault_of_ours_is_no_answer() -> None:
    assert error_response(ZeroDivisionError()) is None
