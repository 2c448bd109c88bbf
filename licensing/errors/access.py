"""What can be wrong with a request for access, its questions, rules and files."""

from collective.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError, TooLargeError


class AccessRequestNotFoundError(NotFoundError):
    code = "access_request_not_found"
    text = "There is no request with this id, or you may not see it."


class AccessFileNotFoundError(NotFoundError):
    code = "access_file_not_found"
    text = "There is no file with this id, or you may not see it."


class AccessRuleNotFoundError(NotFoundError):
    code = "access_rule_not_found"
    text = "There is no rule with this id, or you may not see it."


class AccessNotNeededError(ConflictError):
    code = "access_not_needed"
    text = "{dataset} is not given by request. Choose a license on its page."


class OwnAccessError(DeniedError):
    code = "own_access"
    text = "{organization} publishes this dataset and needs to ask nobody for it."


class AccessAskedError(ConflictError):
    code = "access_asked"
    text = "{licensee} has asked for {dataset} already. Wait for the decision, or withdraw that request first."


class AccessApprovedError(ConflictError):
    code = "access_approved"
    text = "{licensee} may take a license for {dataset} already. Ask again in the last 30 days of that time."


class AccessQuestionsChangedError(ConflictError):
    """`question_set` is the one that holds now."""

    code = "access_questions_changed"
    text = "The questions have changed since you read them. Load the page again; what you wrote was not sent."


class AccessAnswersError(InvalidError):
    code = "access_answers"
    text = "Some answers are missing or wrong."


class AccessQuestionsError(InvalidError):
    code = "access_questions"
    text = "The questions cannot be used like this. {problems}"


class AccessRuleError(InvalidError):
    code = "access_rule"
    text = "The rule cannot be used like this. {problems}"


class AccessOffersError(InvalidError):
    code = "access_offers"
    text = "One of the offers is not an offer of this dataset."


class AccessTextMissingError(InvalidError):
    code = "access_text_missing"
    text = "Write it in words. The other side reads it, and it is kept with the request."


class AccessExpiryError(InvalidError):
    code = "access_expiry"
    text = "The approval must end in the future."


class AccessFileTypeError(InvalidError):
    code = "access_file_type"
    text = "This is not a PDF, PNG, JPEG or plain text file, whatever its name says."


class AccessFileTooLargeError(TooLargeError):
    code = "access_file_too_large"
    text = "A file has at most {limit} MiB."
