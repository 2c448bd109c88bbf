"""Terms, plans and what a buyer says of themselves."""

from collective.core.errors import ConflictError, DeniedError, InvalidError


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


class LicenseeNotPersonError(InvalidError):
    code = "licensee_not_a_person"
    text = "{organization} is an organization, not a person. Say which kind of organization it is."


class PrivateOfferError(DeniedError):
    code = "private_offer"
    text = "This offer was made for another organization."
