"""What Delta Sharing's clients understand: a status, and `{"errorCode", "message"}` with our reason. Chosen here only.

Clients ask again after 429 and 5xx, ten times; everything else they hand to the person.
"""

from django.http import JsonResponse
from rest_framework.exceptions import APIException, AuthenticationFailed

from collective.core.api.problem import headers_of
from collective.core.errors import (
    DomainError,
    InvalidError,
    LimitedError,
    NotFoundError,
    TooLargeError,
    UnauthenticatedError,
    UnavailableError,
)
from collective.interop.answering import framework_headers, in_our_words


class TableNotFoundError(NotFoundError):
    code = "table_not_found"
    text = "Version {number} of {dataset} has no table {table}. It has: {tables}."


class VersionUnknownError(NotFoundError):
    code = "version_unknown"
    text = "This table has the versions 0 to {last}."


class TimeOutsideError(InvalidError):
    code = "time_outside"
    text = "There is no version {where} {moment}. The first is of {first}, the last of {last}."


class BadQueryError(InvalidError):
    code = "bad_query"
    text = "{name} is {kind}."


class ChangesNotToldError(InvalidError):
    code = "changes_not_told"
    text = "Changes between versions are not told here. Ask for a version or a timestamp."


# Most specific first. Whatever else is refused, licensing refuses it with its reason.
TABLE: tuple[tuple[type[DomainError], int], ...] = (
    (NotFoundError, 404),
    (UnauthenticatedError, 401),
    (LimitedError, 429),
    (UnavailableError, 503),
    (TooLargeError, 413),
    (InvalidError, 400),
    (DomainError, 403),
)


def error_response(error: Exception) -> JsonResponse | None:
    """None for what is not an answer but a fault of ours."""
    error = in_our_words(error)
    if isinstance(error, DomainError):
        status = next(status for kind, status in TABLE if isinstance(error, kind))
        return _response(status, error.code, error.message, headers_of(error))
    if isinstance(error, APIException):
        return _framework_response(error)
    return None


def _framework_response(error: APIException) -> JsonResponse:
    code = "bad_api_key" if isinstance(error, AuthenticationFailed) else str(error.get_codes())
    return _response(error.status_code, code, str(error.detail), framework_headers(error))


def _response(status: int, code: str, message: str, headers: dict[str, str]) -> JsonResponse:
    return JsonResponse({"errorCode": code, "message": message}, status=status, headers=headers)
