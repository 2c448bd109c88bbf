"""What the Hub's clients understand: a status, `X-Error-Code`, and one ASCII line in `X-Error-Message`.

The table below is the only place that chooses them. The client turns the code into an exception of its own, and shows
the line and the `error` of the body to the person.
"""

from django.http import JsonResponse
from rest_framework.exceptions import APIException, AuthenticationFailed, NotAuthenticated

from collective.catalog.errors import DatasetNotFoundError
from collective.core.api.problem import headers_of
from collective.core.errors import (
    DeniedError,
    DomainError,
    InvalidError,
    LimitedError,
    NotFoundError,
    TooLargeError,
    UnauthenticatedError,
    UnavailableError,
)
from collective.interop.answering import in_our_words, wait_header
from collective.interop.hub.uploads.errors import ParentMovedError
from ingestion.errors import TooManyOpenUploadsError

# The clients compare these two texts, letter by letter.
BAD_CREDENTIALS = "Invalid credentials in Authorization header"
DISABLED = "Access to this resource is disabled."
# A proxy holds all headers of an answer in a few kilobytes, and an address may be as long.
LONGEST_LINE = 1000
PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\xa0": " "})


class NoModelsError(DatasetNotFoundError):
    code = "no_models"
    text = "This site has datasets only. Say so: repo_type='dataset' in Python, --repo-type dataset after hf download."


class RevisionNotFoundError(NotFoundError):
    code = "revision_not_found"
    text = "{repo_id} has no version {revision}. Use main, a tag such as v1.0.0, or a full commit id."


class EntryNotFoundError(NotFoundError):
    code = "entry_not_found"
    text = "There is no {path} in version {version} of {repo_id}."


class StaysInDraftError(NotFoundError):
    code = "stays_in_draft"
    text = "{path} is in your draft. It can be downloaded when a version with it is published."


class BadPathError(InvalidError):
    code = "bad_path"
    text = "This is not the path of a file inside a dataset."


class BadCursorError(InvalidError):
    code = "bad_cursor"
    text = "This page address is not valid. Start again from the first page."


class TooManyConditionsError(InvalidError):
    code = "too_many_conditions"
    text = "“{name}” may be said at most {most} times in one search."


class DisabledError(DeniedError):
    """The reason is the message; the header carries the client's own sentence."""

    code = "disabled"


# Most specific first: status, code.
TABLE: tuple[tuple[type[DomainError], int, str], ...] = (
    (DatasetNotFoundError, 404, "RepoNotFound"),
    (RevisionNotFoundError, 404, "RevisionNotFound"),
    (NotFoundError, 404, "EntryNotFound"),
    (DisabledError, 403, ""),
    # A client that pushes tries again for ever after 409, 412 and 429: never for what will not change.
    (ParentMovedError, 412, ""),
    (TooManyOpenUploadsError, 403, ""),
    (UnauthenticatedError, 401, "GatedRepo"),
    (LimitedError, 429, ""),
    (UnavailableError, 503, ""),
    (TooLargeError, 413, ""),
    (InvalidError, 400, ""),
    # Whatever else is refused, licensing refuses it with its reason: no license, suspended, withdrawn, examined.
    (DomainError, 403, "GatedRepo"),
)


class ErrorResponse(JsonResponse):
    """`{"error": …}` with the reason in full; the header holds what fits into one ASCII line."""

    def __init__(self, status: int, code: str, message: str, *, header: str = "") -> None:
        super().__init__({"error": message}, status=status)
        if code:
            self["X-Error-Code"] = code
        self["X-Error-Message"] = one_line(header or message)


def error_response(error: Exception, *, anonymous: bool, gated: bool = True) -> ErrorResponse | None:
    """None for what is not an answer but a fault of ours. `gated`: a refusal may be about a license."""
    error = in_our_words(error, too_large="The request is too large. Ask for fewer paths at once.")
    if isinstance(error, DomainError):
        response = refusal(error, anonymous=anonymous, gated=gated)
    elif isinstance(error, AuthenticationFailed | NotAuthenticated):
        response = ErrorResponse(401, "", BAD_CREDENTIALS)
    elif isinstance(error, APIException):
        response = ErrorResponse(error.status_code, "", str(error.detail))
    else:
        return None
    for name, value in wait_header(error).items():
        response[name] = value
    if response.status_code == 401:
        response["WWW-Authenticate"] = 'Bearer realm="api"'
    return response


def refusal(error: DomainError, *, anonymous: bool, gated: bool = True) -> ErrorResponse:
    status, code = next((status, code) for kind, status, code in TABLE if isinstance(error, kind))
    if code == "GatedRepo" and not gated:
        code = ""
    if isinstance(error, DatasetNotFoundError) and anonymous:
        status = 401  # as on the Hub: it may exist for somebody who is signed in
    response = ErrorResponse(status, code, error.message, header=DISABLED if isinstance(error, DisabledError) else "")
    for name, value in headers_of(error).items():
        response[name] = value
    return response


def one_line(text: str) -> str:
    """A header value: typographic signs made plain, other non-ASCII letters as `?`, no line breaks, and not endless."""
    line = " ".join(text.translate(PLAIN).split()).encode("ascii", "replace").decode()
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 3]}..."
