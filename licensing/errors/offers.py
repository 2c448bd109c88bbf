"""What cannot be offered, or not be sold under an offer."""

from typing import Any

from collective.core.errors import ConflictError, DeniedError, InvalidError


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


class LicenseeCountryError(DeniedError):
    code = "licensee_country"
    text = "The {license} is for licensees in these countries only: {countries}. Say in which country yours is."


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


class LicenseTextRetiredError(ConflictError):
    code = "license_text_retired"
    text = (
        "The text of the {license} has a newer version, and this offer names the old one. Its publisher has to make "
        "the offer anew."
    )


class OfferRetiredError(ConflictError):
    code = "offer_retired"
    text = "This offer has ended. Look at the dataset page for the present ones."


class OfferChangedError(ConflictError):
    code = "offer_changed"
    text = "The offer is not the one that was accepted."


class VersionNotOfferedError(ConflictError):
    code = "version_not_offered"
    text = "Version {number} cannot be licensed under this offer."
