"""What can be wrong with an answer to a withdrawal."""

from collective.core.errors import ConflictError, InvalidError, NotFoundError


class WithdrawalNotFoundError(NotFoundError):
    code = "withdrawal_not_found"
    text = "There is no withdrawal with this number, or it does not concern a license of yours."


class WithdrawalNoticeNotFoundError(NotFoundError):
    code = "withdrawal_notice_not_found"
    text = "There is no withdrawal notice with this id, or you may not see it."


class TombstoneCursorError(InvalidError):
    code = "invalid_cursor"
    text = "`after` is 0 or a cursor from a list that you were given before."


class DeletionStatementChangedError(ConflictError):
    code = "deletion_statement_changed"
    text = "The statement that you were shown is not the present one. Load it again and read it."


class RemovalTooSmallError(ConflictError):
    """`removed` of `records` records beside the share in words."""

    code = "removal_too_small"
    text = (
        "Withdrawals removed {share} of the records of the version that you licensed. "
        "Your license lets you leave or get money back only above {threshold}."
    )


class SignatureMissingError(InvalidError):
    code = "signature_missing"
    text = "Write your name as a signature."
