"""What a rail still has to know of a payee, in plain words. Of its own names, `a.b.c`, the last known part counts."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

WORDS = {
    "name": _("your name"),
    "given_name": _("your first name"),
    "surname": _("your last name"),
    "date_of_birth": _("your date of birth"),
    "address": _("your address"),
    "email": _("your e-mail address"),
    "phone": _("your telephone number"),
    "id_numbers": _("a tax or identity number"),
    "documents": _("a photo of an identity document"),
    "nationalities": _("your nationality"),
    "business_details": _("details of your organization"),
    "registered_name": _("the registered name of your organization"),
    "url": _("your website"),
    "product_description": _("what you are paid for"),
    "attestations": _("that you agree to the terms of the payment service"),
    "terms_of_service": _("that you agree to the terms of the payment service"),
    "persons": _("who owns or leads your organization"),
    "payout_method": _("the bank account to pay to"),
    "payout_methods": _("the bank account to pay to"),
    "external_account": _("the bank account to pay to"),
    "determining_status": _("The payment service is still checking what you told it."),
    "requirements_pending_verification": _("The payment service is still checking what you told it."),
    "requirements_past_due": _("an answer to what the payment service asked"),
    "rejected_other": _("The payment service does not pay to this account. Write to its support."),
    "unsupported_country": _("Payouts to this country are not possible yet. What you earn stays yours."),
    "unsupported_business": _("The payment service does not pay for this kind of work. What you earn stays yours."),
}


def missing_words(codes: Iterable[str]) -> list[str]:
    """Each thing once, in the order in which the rail names them."""
    return list(dict.fromkeys(_word(code) for code in codes))


def _word(code: str) -> str:
    parts = reversed(code.split("."))
    return next((str(WORDS[part]) for part in parts if part in WORDS), code.replace(".", " ").replace("_", " "))
