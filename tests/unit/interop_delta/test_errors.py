"""What a client of Delta Sharing is told when it gets nothing."""

import json

import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from rest_framework.exceptions import AuthenticationFailed, MethodNotAllowed, NotAuthenticated, Throttled

from collective.catalog.errors import DatasetNotFoundError
from collective.core.storage.errors import ObjectNotFoundError
from collective.interop.delta.errors import error_response
from licensing.errors import LicenseRequiredError, SignInToDownloadError, VersionRetractedError


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (DatasetNotFoundError(), 404, "dataset_not_found"),
        (SignInToDownloadError(url="/"), 401, "not_authenticated"),
        (LicenseRequiredError(url="/"), 403, "license_required"),
        (VersionRetractedError(number="1.0.0"), 403, "version_retracted"),
        (RequestDataTooBig(), 413, "too_large"),
        (OperationalError(), 503, "unavailable"),
        (ObjectNotFoundError(), 503, "unavailable"),
        (NotAuthenticated(), 401, "not_authenticated"),
        (AuthenticationFailed("The key ended.", "expired"), 401, "bad_api_key"),
        (MethodNotAllowed("PUT"), 405, "method_not_allowed"),
    ],
)
def test_statuses_and_codes(error: Exception, status: int, code: str) -> None:
    answer = error_response(error)
    assert answer is not None
    told = json.loads(answer.content)
    assert (answer.status_code, told["errorCode"]) == (status, code)
    assert told["message"]
    assert ("WWW-Authenticate" in answer.headers) is (status == 401)


def test_when_to_come_back() -> None:
    answer = error_response(Throttled(wait=4))
    assert answer is not None
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")


def test_a_fault_of_ours_is_no_answer() -> None:
    assert error_response(ValueError("a fault")) is None
