"""What can be wrong with a request to ingestion."""

from collective.core.errors import (
    ConflictError,
    GoneError,
    InvalidError,
    LimitedError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
)


class UploadNotFoundError(NotFoundError):
    code = "upload_not_found"
    text = "There is no upload with this id, or you may not see it."


class ReportNotFoundError(NotFoundError):
    code = "report_not_found"
    text = "This contribution has not been checked yet. Submit it, and the report appears here."


class RecordNotFoundError(NotFoundError):
    code = "record_not_found"
    text = "This contribution has no record with this id. It is the 32 characters in the column “record_id”."


class NotEditableError(ConflictError):
    code = "contribution_not_editable"
    text = "This contribution is {state}. Its files can change only while it is a draft or needs changes."


class FileTooLargeError(TooLargeError):
    code = "file_too_large"
    text = "“{name}” is larger than {limit} GiB, the most this site takes in one file. Split it and upload the parts."


class ContributionFullError(TooLargeError):
    code = "contribution_full"
    text = "This contribution would pass {limit}. Submit it as it is and start another one for the rest."


class QuotaExceededError(TooLargeError):
    code = "quota_exceeded"
    text = (
        "This needs {needed}, and “{name}” holds {used} of the {most} that it may. Remove what is not needed, "
        "or ask the operator of this site for more."
    )


class TooManyOpenUploadsError(LimitedError):
    code = "too_many_open_uploads"
    text = "{who} has {count} unfinished uploads, and {limit} are the most. Finish or cancel some of them first."


class PartsDifferError(ConflictError):
    code = "parts_differ"
    text = "This upload cannot be completed: {why}. Send the file again."


class PartsLostError(GoneError):
    """As after a lifecycle rule of the bucket: whoever goes on with this upload never ends."""

    code = "parts_lost"
    text = "The store no longer has the parts of this upload. Start it again."


class WrongChecksumError(InvalidError):
    code = "wrong_checksum"
    text = "The checksum is the SHA-256 of the whole file: 64 small hexadecimal digits."


class FileNeedsPartsError(InvalidError):
    code = "file_needs_parts"
    text = "“{name}” is too large to travel in a batch, which takes files of up to {limit} bytes. Send it in parts."


class FileNeedsUploaderError(InvalidError):
    code = "file_needs_uploader"
    text = (
        "A file of {size} is more than can travel in one piece, which is {limit}. Upload it in the browser, or with "
        "the command “collective”: both send it in parts."
    )


class AnnouncedMissingError(InvalidError):
    code = "announced_missing"
    text = "The bytes of “{name}” have not arrived here (files in all: {count}). Send them, then commit again."


class SameBytesError(InvalidError):
    code = "same_bytes"
    text = "“{name}” holds the same bytes as “{other}”. Records count once, so send one of the two."


class NameTooLongError(InvalidError):
    code = "file_name_too_long"
    text = "“{name}” is longer than {limit} characters. Rename the file or its folder."


class NameTwinError(InvalidError):
    code = "file_name_twin"
    text = "“{name}” is too close to “{other}”, which is already here. Rename one of the two files."


class WrongPartError(InvalidError):
    code = "wrong_part"
    text = "Part {number} does not fit this upload: it has {count} parts, and this one must have {expected} bytes."


class UploadNotOpenError(ConflictError):
    code = "upload_not_open"
    text = "This upload is {state} and takes no more parts. Start it again."


class UnknownStateError(InvalidError):
    code = "unknown_state"
    text = "An upload has one of these states: {states}."


class PartsMissingError(ConflictError):
    code = "parts_missing"
    text = "{missing} of {count} parts have not arrived yet. Send them, then complete the upload again."


class ScannerUnavailableError(UnavailableError):
    code = "scanner_unavailable"
    text = "The malware scanner did not do its work: {why}"


class FilesUnscannedError(ConflictError):
    code = "files_unscanned"
    text = (
        "“{file}” in “{title}” has not been scanned for malware yet (files that wait in all: {count}). A scan is tried "
        "every few minutes. Publish when it is done; if it takes longer, ask the operator of this site."
    )


class FilesQuarantinedError(ConflictError):
    code = "files_quarantined"
    text = (
        "The malware scanner found something in “{file}”, which “{title}” was made from. Nothing can be published "
        "with it: ask its contributor to withdraw “{title}” and to send it again without that file."
    )


class SchemaMismatchError(ConflictError):
    code = "schema_mismatch"
    text = (
        "The columns do not fit together: in “{title}”, column “{column}” holds {found}, and elsewhere it holds "
        "{expected}. Reject that contribution, or ask for the column to be changed."
    )


class NotPreparedError(ConflictError):
    code = "contribution_not_prepared"
    text = "“{title}” has no prepared data. Ask the contributor to submit it again."


class BuildNotFailedError(ConflictError):
    code = "build_not_failed"
    text = "Version {number} is {state}; only a failed build can be tried again."


class InvalidLayoutError(InvalidError):
    code = "layout_invalid"
    text = "This layout cannot be read: {what}. Choose the rules again."


class LayoutColumnMissingError(InvalidError):
    code = "layout_column_missing"
    text = "No accepted contribution has a column “{column}” that can say this. These can: {columns}."


class SharesNotWholeError(InvalidError):
    code = "layout_shares_not_whole"
    text = "The shares for training, validation and testing are {total} percent together. They must be 100."


class TooManyConfigsError(ConflictError):
    code = "layout_too_many_configs"
    text = (
        "Column “{column}” would make {count} subsets, more than {most}. Choose a column with fewer different values."
    )


class TooManySplitsError(ConflictError):
    code = "layout_too_many_splits"
    text = "Column “{column}” would make {count} splits, more than {most}. Choose one that says train, test and so on."


class EmptySplitError(ConflictError):
    code = "layout_empty_split"
    text = "No record would be in the split “{split}”. Give it a larger share, or none."


class SecretsNotAcknowledgedError(ConflictError):
    code = "secrets_not_acknowledged"
    text = (
        "Keys or passwords were found in {titles}, and nobody has decided about them. Open the report of that "
        "contribution, look into the places that it names, and say there why they may be published; otherwise ask the "
        "contributor to withdraw it and to send it again without them."
    )


class NoSecretsFoundError(ConflictError):
    code = "no_secrets_found"
    text = "“{title}” has no finished check that found keys or passwords, so there is nothing to decide."


class NoteMissingError(InvalidError):
    code = "note_missing"
    text = "Say why they may be published, in at most {most} characters."
