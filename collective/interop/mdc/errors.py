"""What the SDK makes an exception of: a status, and `message`. The table below is the only place that chooses them."""

from django.http import JsonResponse
from rest_framework.exceptions import APIException, AuthenticationFailed, NotAuthenticated

from collective.accounts.errors import KeyInAddressError
from collective.catalog.errors import RightsMissingError
from collective.core.api.problem import headers_of, status_of
from collective.core.errors import (
    ConflictError,
    DeniedError,
    DomainError,
    GoneError,
    InvalidError,
    LimitedError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
)
from collective.interop.answering import framework_headers, in_our_words


class BadQueryError(InvalidError):
    code = "bad_query"


class PurchaseRequiredError(DeniedError):
    """A license with a price would open it; the text is licensing's own."""

    code = "purchase_required"


class NoSampleError(NotFoundError):
    code = "no_sample"
    text = "This dataset has no public sample."


class ArchiveNotReadyError(UnavailableError):
    code = "archive_not_ready"
    text = (
        "The archive of version {number} is being made: {done} of {total} records are in it. "
        "Run the same call again in {retry_after} seconds."
    )


class ArchiveFailedError(UnavailableError):
    code = "archive_failed"
    text = "The archive of version {number} could not be made: {problem} Run the same call again later to retry."


class FieldsError(InvalidError):
    """What was written into a submission is wrong: the fields are named in the text."""

    code = "submission_invalid"


class SubmissionNotFoundError(NotFoundError):
    code = "submission_not_found"
    text = "There is no submission with this id, or it is not yours. A dataset's id is not its submission's."


class SubmissionDeletedError(GoneError):
    code = "submission_deleted"
    text = "This submission was deleted."


class SubmissionPublishedError(DeniedError):
    code = "submission_published"
    text = "This was published and cannot be changed here. What you gave can be taken back at {url}"


class SubmissionHandedInError(DeniedError):
    code = "submission_handed_in"
    text = "This submission was handed in and cannot be changed now. See {url}"


class UploadGoneError(GoneError):
    code = "upload_gone"
    text = "This upload has expired or was cancelled. Start it again; the SDK forgets its state file by itself."


class TooManySamplesError(LimitedError):
    code = "too_many_samples"
    text = "You have {count} unfinished samples, which are the most. Finish one, or come back when they have expired."


class PartsRefusedError(ConflictError):
    """The SDK keeps what it sent in a file of its own, and would say the same again for ever."""

    code = "parts_differ"
    text = (
        "This upload cannot be completed: {why}. Delete the file beside yours that ends in .mdc-upload.json "
        "(of a sample: .mdc-sample-upload.json), and send your file again."
    )


class UploadMissingError(ConflictError):
    code = "upload_missing"
    text = "No file has been uploaded to this submission. Upload one, then submit."


class UploadBeingCheckedError(ConflictError):
    code = "upload_being_checked"
    text = "The uploaded file is still being checked against its SHA-256. Submit again in a few seconds."


class UploadFailedError(ConflictError):
    code = "upload_failed"
    text = "The uploaded file was refused: {problem}"


class DeclarationMissingError(ConflictError):
    """The SDK has no words for provenance and consent, and what nobody said is never assumed."""

    code = "rights_missing"
    text = (
        "Your file has arrived. Before it is handed in, say where the data comes from and what it may be used for, "
        "at {url} - then press Submit there, or call submit_submission('{submission}', …)."
    )


class NotGzipError(InvalidError):
    code = "not_gzip"
    text = "Send one .tar.gz or .tgz file, as application/gzip."


# Most specific first. Families that are not named have the status that our own API gives them.
TABLE: tuple[tuple[type[DomainError], int], ...] = (
    (PurchaseRequiredError, 402),
    (RightsMissingError, 409),
    (BadQueryError, 400),
    (KeyInAddressError, 400),
    (TooLargeError, 422),
    (InvalidError, 422),
)


def error_response(error: Exception) -> JsonResponse | None:
    """None for what is not an answer but a fault of ours."""
    error = in_our_words(error)
    if isinstance(error, DomainError):
        return _answer(_status(error), error.code, error.message, headers_of(error))
    if isinstance(error, APIException):
        unknown = isinstance(error, AuthenticationFailed | NotAuthenticated)
        code = "not_authenticated" if unknown else str(error.get_codes())
        return _answer(error.status_code, code, str(error.detail), framework_headers(error))
    return None


def _status(error: DomainError) -> int:
    return next((status for kind, status in TABLE if isinstance(error, kind)), int(status_of(error)))


def _answer(status: int, code: str, message: str, headers: dict[str, str]) -> JsonResponse:
    return JsonResponse({"message": message, "error": code, "statusCode": status}, status=status, headers=headers)
