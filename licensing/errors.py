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


# Terms and prices


class TermsInvalidError(InvalidError):
    """`fields` maps a path in the terms, as in `scope.field`, to what is wrong with it."""

    code = "terms_invalid"
    text = "Some of the terms are missing or wrong."


class ParametersError(InvalidError):
    code = "parameters_not_open"
    text = "This license does not leave these terms open."


class QuoteOnlyError(ConflictError):
    code = "quote_only"
    text = "This offer has no fixed price. Ask the publisher for a quote."


class NotInPlanError(DeniedError):
    code = "not_in_plan"
    text = "This offer has no price for your kind of organization or your country."


class AmountMissingError(InvalidError):
    code = "amount_missing"
    text = "Write the amount that you want to pay: at least {minimum}."


class AmountTooLowError(InvalidError):
    code = "amount_too_low"
    text = "The amount must be at least {minimum} and a multiple of {step}."


class ChosenAmountError(InvalidError):
    code = "amount_not_free"
    text = "The price of this offer is fixed. Leave the amount out."


class EvidenceMissingError(InvalidError):
    code = "evidence_missing"
    text = "Say how your kind of organization can be checked, as with a registration number or a public address."


class LicenseeDeclaredError(InvalidError):
    code = "licensee_unknown"
    text = "Choose one of the known kinds of licensees, and a country by its two letters."


class VariantNotFoundError(InvalidError):
    code = "variant_not_found"
    text = "The text that was accepted is not a text of this license."


class PrivateOfferError(DeniedError):
    code = "private_offer"
    text = "This offer was made for another organization."


# Exclusive licenses


class ExclusiveTakenError(ConflictError):
    """Somebody was first, or is paying just now."""

    code = "exclusive_taken"
    text = (
        "Another organization has, or is buying, an exclusive license that this one would overlap with. "
        "Nothing was charged."
    )


class ExclusiveBlockedError(ConflictError):
    code = "exclusive_blocked"
    text = (
        "Others hold licenses that an exclusive one would overlap with, so it cannot be sold now. Nothing was charged."
    )


class ExclusiveScopeError(InvalidError):
    code = "exclusive_scope"
    text = "An Exclusive License names the actions that it keeps for one licensee, and how long it lasts."


# Delivery by action


class ActionNotGrantedError(DeniedError):
    code = "action_not_granted"
    text = "Your license for this dataset does not permit this: {action}. It permits: {granted}."


class ActionUnknownError(InvalidError):
    code = "action_unknown"
    text = "There is no action called {action}. Use one of: {actions}."


class EvaluationSplitMissingError(ConflictError):
    code = "evaluation_split_missing"
    text = "An Evaluation License gives the evaluation split, and version {number} has none. Publish one with it first."


# Quotes


class QuoteNotFoundError(NotFoundError):
    code = "quote_not_found"
    text = "There is no request with this id, or you may not see it."


class NoQuoteNeededError(ConflictError):
    code = "no_quote_needed"
    text = "This offer has a price. Take it at the checkout."


class QuoteUseError(InvalidError):
    code = "quote_use_missing"
    text = "Say what you want the data for, so that the publisher can name a price."


class QuoteOpenError(ConflictError):
    code = "quote_open"
    text = "{licensee} has asked already. Wait for the answer."


class QuoteReasonError(InvalidError):
    code = "quote_reason_missing"
    text = "Give a reason. Whoever asked reads it."
