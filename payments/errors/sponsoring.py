"""Why a budget does not pay."""

from collective.core.errors import ConflictError, InvalidError, NotFoundError


class SponsorshipNotFoundError(NotFoundError):
    code = "sponsorship_not_found"
    text = "There is no such sponsorship, or you may not see it."


class SponsorshipTermsError(InvalidError):
    code = "sponsorship_terms"
    text = "Such a sponsorship cannot be opened. See what is wrong with it."


class SponsorshipOverError(ConflictError):
    code = "sponsorship_over"
    text = "This sponsorship has ended."


class FundingAmountError(InvalidError):
    code = "funding_amount"
    text = "Write an amount of at least {least}, in steps of {step}."


class FundingNotFoundError(NotFoundError):
    code = "funding_not_found"
    text = "There is no such payment into a budget, or you may not see it."


class SponsorApprovalNotFoundError(NotFoundError):
    code = "sponsor_approval_not_found"
    text = "There is no such request, or you may not see it."


class SponsorWordsMissingError(InvalidError):
    code = "sponsor_words_missing"
    text = "Say in a few sentences what you want the data for."


class NotSponsoredError(ConflictError):
    code = "not_sponsored"
    text = "{organization} is not approved for this sponsorship. Ask the sponsor, or pay another way."


class SponsorshipUnfitError(ConflictError):
    code = "sponsorship_unfit"
    text = "This sponsorship is not for this offer."


class SponsorshipLimitError(ConflictError):
    code = "sponsorship_limit"
    text = "This sponsorship pays at most {most} for one license."


class SponsorshipEmptyError(ConflictError):
    code = "sponsorship_empty"
    text = "This sponsorship does not hold enough for this license. Nothing was bought."


class OrganizationUnknownError(NotFoundError):
    code = "organization_unknown"
    text = "There is no organization with this short name."
