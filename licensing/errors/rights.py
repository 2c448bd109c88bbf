"""What can be wrong with what is declared of a contribution, and with what its people say."""

from collective.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError

# Rights of a contribution


class RightsLockedError(ConflictError):
    code = "rights_locked"
    text = "This contribution is {state}. Where it comes from and what it may be used for cannot be changed any more."


class RecordsNotSeparableError(ConflictError):
    code = "records_not_separable"
    text = "This contribution is {state}: its records cannot be taken back one by one. Take it back as a whole."


class RecordsUnknownError(InvalidError):
    code = "records_unknown"
    text = "These are no records of this contribution: {named}. Nothing was taken back. Check the ids and try again."


class DeclarationIncompleteError(InvalidError):
    code = "declaration_incomplete"
    text = "Some answers are missing or wrong."


class NoticeChangedError(ConflictError):
    code = "notice_changed"
    text = "The text that you were shown has been replaced by a newer one. Load the page again and read it."


# Consent


class ReceiptNotFoundError(NotFoundError):
    code = "receipt_not_found"
    text = "There is no receipt with this id, or it is somebody else's."


class ConsentWithdrawnError(ConflictError):
    code = "consent_withdrawn"
    text = "This was taken back, which is for good. Contribute the data again if you want to."


class RecordsNotYoursError(NotFoundError):
    code = "records_not_yours"
    text = "You are not in all of these records, or they do not exist."


class NothingAgreedError(ConflictError):
    code = "nothing_agreed"
    text = "Nothing has been said about this contribution yet. Begin with where it comes from."


class GuardianNeededError(DeniedError):
    code = "guardian_needed"
    text = "You are not of age yet: your guardian answers for you. Taking it back is yours at any time."


class WardNotFoundError(NotFoundError):
    code = "ward_not_found"
    text = "You answer for nobody with this id. Who is of age answers alone."


class AnswersWrongError(InvalidError):
    code = "answers_wrong"
    text = "Some answers are missing or wrong."


class NoticeWrongError(InvalidError):
    code = "notice_wrong"
    text = "This text cannot be published as a notice."


class ClaimInvalidError(NotFoundError):
    code = "claim_invalid"
    text = "This link is not valid any more. Ask the person who gave it to you for another."


class ClaimTakenError(ConflictError):
    code = "claim_taken"
    text = "These records are already linked to an account."


class ClaimOwnError(DeniedError):
    code = "claim_own"
    text = "Who gave these records, or publishes them, cannot answer for a person in them. Give that person the link."


class SealedElsewhereError(ConflictError):
    code = "sealed_elsewhere"
    text = "This cannot be opened with the present secret of this instance."


class EvidenceTooLargeError(InvalidError):
    code = "evidence_too_large"
    text = "The evidence has {size} bytes. At most {limit} are taken."


class EvidenceTypeError(InvalidError):
    code = "evidence_type"
    text = "{named}: this is no PDF, picture (PNG, JPEG), recording (WAVE, FLAC, Ogg, MP3, M4A) or plain text."


class AnswersAloneError(ConflictError):
    code = "answers_alone"
    text = "This person has an account here and answers alone: their own answer is the proof."


class PersonNotFoundError(NotFoundError):
    code = "person_not_found"
    text = "There is no person with this id in this contribution."


class ImportRefusedError(InvalidError):
    """`fields` maps `row 3, answers` to what is wrong there. Nothing of the table was taken in."""

    code = "import_refused"
    text = "Nothing was taken in. Correct these cells and send the whole table again."
