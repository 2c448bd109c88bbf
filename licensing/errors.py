"""What can be wrong with a request to licensing."""

from typing import Any

from collective.core.errors import (
    ConflictError,
    DeniedError,
    GoneError,
    InvalidError,
    NotFoundError,
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


# Rights of a contribution


class RightsLockedError(ConflictError):
    code = "rights_locked"
    text = "This contribution is {state}. Where it comes from and what it may be used for cannot be changed any more."


class DeclarationIncompleteError(InvalidError):
    code = "declaration_incomplete"
    text = "Some answers are missing or wrong."


class NoticeChangedError(ConflictError):
    code = "notice_changed"
    text = "The text that you were shown has been replaced by a newer one. Load the page again and read it."


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
    text = "{dataset} is given by request only, and requests cannot be made here yet. Write to {organization}."


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


# Grants


class AlreadyLicensedError(ConflictError):
    code = "already_licensed"
    text = "{licensee} already has this license for {dataset}."


class SeatNotFoundError(NotFoundError):
    code = "seat_not_found"
    text = "This license has no seat with this id."


class NoSeatsNeededError(ConflictError):
    code = "no_seats_needed"
    text = "This license does not count its users: everybody in the organization may use it."


class NotAColleagueError(InvalidError):
    code = "not_a_colleague"
    text = "Only members of {licensee} can have a seat."


class SigningKeyNotFoundError(NotFoundError):
    code = "signing_key_not_found"
    text = "There is no signing key with this name."


class KeyNotConfirmedError(InvalidError):
    code = "key_not_confirmed"
    text = "Repeat the name of the key exactly, and give a reason. Nothing was changed."


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


class NoFreeSeatError(DeniedError):
    code = "no_free_seat"
    text = "All {cap} seats of this license are taken. An owner or admin of {licensee} can release one."


class SeatCoolingError(NoFreeSeatError):
    code = "seat_cooling"
    text = "A seat that was released can be taken by somebody else from {free} on."


class SubscriptionEndedError(LicenseExpiredError):
    code = "subscription_ended"
    text = "Your subscription ended on {ended}. {retention} Renew it at {url}"


class VersionNotCoveredError(DeniedError):
    code = "version_not_covered"
    text = "Your license covers versions {range} of this dataset, and not {number}. Get another at {url}"
