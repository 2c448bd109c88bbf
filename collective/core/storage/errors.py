"""What can go wrong with stored bytes."""

from collective.core.errors import DeniedError, GoneError, InvalidError, NotFoundError, UnavailableError


class ObjectNotFoundError(NotFoundError):
    code = "object_not_found"
    text = "The store has no such object."


class ObjectWithheldError(GoneError):
    code = "object_withheld"
    text = "This file is not served any more: something in it was withdrawn. Ask for the files of the newest version."


class UploadNotFoundError(NotFoundError):
    code = "upload_not_found"
    text = "The store has no such open upload: it was completed, aborted or never begun. Start the upload again."


class PartRejectedError(InvalidError):
    code = "part_rejected"
    text = "Part {number} was refused: {why}. Send this part again."


class DigestMismatchError(InvalidError):
    code = "digest_mismatch"
    text = "The bytes are not the ones that were announced: expected {expected}, found {found}."


class InvalidKeyError(InvalidError):
    code = "invalid_storage_key"
    text = "A storage key has only letters, digits, dots, dashes, underscores and single slashes."


class LinkRefusedError(DeniedError):
    code = "link_refused"
    text = "This link was changed or was not made by this site. Ask for a new one."


class LinkExpiredError(DeniedError):
    code = "link_expired"
    text = "This link has expired. Ask for a new one."


class StorageFullError(UnavailableError):
    code = "storage_full"
    text = "The store is full, so nothing was saved. Try again later, or tell the operator of this site."


class StoreAwayError(UnavailableError):
    code = "store_away"
    text = "The object store does not answer. Try again in a minute."
