"""What operators cannot do with money."""

from collective.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError


class FinanceTaskNotFoundError(NotFoundError):
    code = "finance_task_not_found"
    text = "There is no such task, or you may not see it."


class NotFinanceError(DeniedError):
    code = "not_finance"
    text = "This is for the operators of this marketplace."


class ApprovalNotFoundError(NotFoundError):
    code = "approval_not_found"
    text = "Nothing of this name waits for a second person, or you may not see it."


class SecondPersonError(DeniedError):
    code = "second_person"
    text = "You asked for this yourself. Another operator has to decide."


class CorrectionInvalidError(InvalidError):
    code = "correction_invalid"
    text = "A correction names at least two accounts of the chart, each with an amount, and its amounts sum to zero."


class CorrectionPoolError(InvalidError):
    code = "correction_pool"
    text = "What a pool holds follows from its sales and refunds. Correct those instead: {account}."


class CorrectionReusedError(ConflictError):
    code = "correction_reused"
    text = "The key {key} belongs to another correction."
