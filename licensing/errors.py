"""What can be wrong with a request to licensing."""

from typing import Any

from collective.core.errors import (
    ConflictError,
    DeniedError,
    GoneError,
    InvalidError,
    NotFoundError,
    TooLargeError,
    UnauthenticatedError,
)


class LicenseTextChangedError(ConflictError):
    code = "license_text_changed"
    text = "The text of {license} {version} differs from the published one. Give it a new version number."


class LicenseNotFoundError(NotFoundError):
    code = "license_not_found"
    text = "There is no license text with this hash."


class OfferNotFoundError(NotFoundError):
    code = "offer_not_found"
    text = "There is no offer with this id, or you may not see it."


class GrantNotFoundError(NotFoundError):
    code = "grant_not_found"
    text = "There is no license with this id, or you may not see it."


class StatusListNotFoundError(NotFoundError):
    code = "status_list_not_found"
    text = "There is no status list with this number."


class FileNotFoundInVersionError(NotFoundError):
    code = "file_not_found"
    text = "This version has no file with this path."


# Withdrawals, as licensees hear of them


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


class SignatureMissingError(InvalidError):
    code = "signature_missing"
    text = "Write your name as a signature."


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


class SealedElsewhereError(ConflictError):
    code = "sealed_elsewhere"
    text = "This cannot be opened with the present secret of this instance."


class EvidenceTooLargeError(InvalidError):
    code = "evidence_too_large"
    text = "The evidence has {size} bytes. At most {limit} are taken."


class PersonNotFoundError(NotFoundError):
    code = "person_not_found"
    text = "There is no person with this id in this contribution."


class ImportRefusedError(InvalidError):
    """`fields` maps `row 3, answers` to what is wrong there. Nothing of the table was taken in."""

    code = "import_refused"
    text = "Nothing was taken in. Correct these cells and send the whole table again."


# Offers


class OfferBlockedError(ConflictError):
    """`blockers` is a list of `domain.blockers.Blocker`; machines read them in the detail."""

    code = "offer_blocked"

    def __init__(self, *, license_name: str, blockers: list[Any]) -> None:
        names = ", ".join(dict.fromkeys(f"“{each.title}”" for each in blockers))
        super().__init__(
            f"The data cannot be offered under {license_name}. These contributions stand in the way: {names}.",
            license=license_name,
            blockers=[
                {
                    "contribution": str(each.contribution_id),
                    "title": each.title,
                    "code": each.code,
                    "reason": each.sentence,
                }
                for each in blockers
            ],
        )
        self.blockers = blockers


class OfferHeldBackError(ConflictError):
    """For buyers. Which contribution stands in the way, and why, is for the stewards alone."""

    code = "offer_held_back"
    text = "Version {number} cannot be licensed under the {license} at this time. Its publisher sees why."


class LicenseeKindError(DeniedError):
    code = "licensee_kind"
    text = "The {license} is for {kinds} only, and {organization} is {kind}."


class ByRequestError(DeniedError):
    code = "by_request"
    text = "{dataset} is given by request. Ask {organization} for access at {url}"


class NothingToOfferError(ConflictError):
    code = "nothing_to_offer"
    text = "Publish a version of {dataset} first; then it can be offered."


class OfferExistsError(ConflictError):
    code = "offer_exists"
    text = "{dataset} is already offered under {license}. Retire that offer first."


class PriceTooLowError(InvalidError):
    code = "price_too_low"
    text = "The price must be 0 (free) or at least {minimum}."


class PriceStepError(InvalidError):
    code = "price_step"
    text = "A price in {currency} must be a multiple of {step}."


class LicenseRetiredError(ConflictError):
    code = "license_retired"
    text = "{license} is no longer used for new offers."


class OfferRetiredError(ConflictError):
    code = "offer_retired"
    text = "This offer has ended. Look at the dataset page for the present ones."


class OfferChangedError(ConflictError):
    code = "offer_changed"
    text = "The offer is not the one that was accepted."


class VersionNotOfferedError(ConflictError):
    code = "version_not_offered"
    text = "Version {number} cannot be licensed under this offer."


# Compatibility


class SourceUnknownError(InvalidError):
    code = "source_unknown"
    text = "There is no license and no dataset “{source}”, or you may not see it."


class SourceNotOfferedError(InvalidError):
    code = "source_not_offered"
    text = "{source} is not offered at this time, and you do not hold a license for it."


class SourceUnclearError(InvalidError):
    code = "source_unclear"

    def __init__(self, *, source: str, choices: list[str]) -> None:
        text = f"There is more than one license for {source}. Name the one you mean: {', '.join(choices)}."
        super().__init__(text, source=source, choices=choices)


class TooManySourcesError(InvalidError):
    code = "too_many_sources"
    text = "At most {most} licenses and datasets can be compared at once."


class DerivationSourceError(InvalidError):
    code = "derivation_source"
    text = "“{source}” is not a published version that you can see. Write it as organization/dataset 1.0.0."


class DerivationNotAllowedError(DeniedError):
    code = "derivation_not_allowed"
    text = "You may not make new data from {source}: no license that you hold for it allows that."


class DerivationRefusedError(ConflictError):
    """The license that was declared cannot carry what the sources ask for. `possible` lists those that can."""

    code = "derivation_refused"

    def __init__(self, *, license_id: str, reasons: list[dict[str, str]], possible: list[str]) -> None:
        why = " ".join(f"{each['source']}: {each['reason']}" for each in reasons)
        ways = f"Possible licenses: {', '.join(possible)}." if possible else "No license that we know is possible."
        super().__init__(
            f"Data made from these sources cannot carry {license_id}. {why} {ways}",
            license=license_id,
            reasons=reasons,
            possible=possible,
        )


# Access requests


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


# Grants


class AlreadyLicensedError(ConflictError):
    code = "already_licensed"
    text = "{licensee} already has this license for {dataset}."


class SigningKeyLockedError(ConflictError):
    code = "signing_key_locked"
    text = "The signing key cannot be opened with the present secret of this instance. Make a new signing key."


# Delivery: in the order in which they are asked


class VersionWithdrawnError(GoneError):
    code = "version_withdrawn"


class VersionRetractedError(GoneError):
    code = "version_retracted"
    text = "Version {number} was taken back by its publisher and is not delivered any more."


class DatasetWithdrawnError(GoneError):
    code = "dataset_withdrawn"
    text = "This dataset was taken back by its publisher and is not delivered any more."


class QuarantinedError(DeniedError):
    code = "quarantined"
    text = "This dataset is being examined. Nothing is delivered until that is done."


class SignInToDownloadError(UnauthenticatedError):
    code = "not_authenticated"
    text = "Data files are delivered to licensees only. Sign in or send an API key; the license is at {url}"


class ScopeMissingError(DeniedError):
    code = "scope_missing"
    text = "This API key may not download. Make one with the scope “download”."


class LicenseRequiredError(DeniedError):
    code = "license_required"
    text = "You need a license to download this dataset. Get one at {url}"


class TermsRequiredError(LicenseRequiredError):
    code = "terms_required"
    text = "This dataset is free. Accept its terms first, at {url}"


class LicenseExpiredError(DeniedError):
    code = "license_expired"
    text = "Your license for this dataset ended on {ended}. Renew it at {url}"


class LicenseNotStartedError(DeniedError):
    code = "license_not_started"
    text = "Your license for this dataset begins on {starts}."


class LicenseSuspendedError(DeniedError):
    code = "license_suspended"
    text = "Your license for this dataset is suspended: {reason}"


class LicenseRevokedError(DeniedError):
    code = "license_revoked"
    text = "Your license for this dataset was revoked: {reason}"


class VersionNotCoveredError(DeniedError):
    code = "version_not_covered"
    text = "Your license covers versions {range} of this dataset, and not {number}. Get another at {url}"
