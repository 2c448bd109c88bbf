"""Money and shares as pages show them. Integers in, text out."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collective.catalog.models import DatasetVersion
from collective.core.domain.money import Money
from payments.domain.fees import Quote
from payments.domain.percent import bps_text
from payments.selectors.split import split_preview


def fee_note(bps: int, mode: str) -> str:
    if mode == "included":
        return _("%(share)s, included in the price") % {"share": bps_text(bps)}
    return _("%(share)s of the price, added") % {"share": bps_text(bps)}


def price_lines(made: Quote, *, bps: int, mode: str, version: DatasetVersion | None) -> dict[str, Any]:
    """The arguments of `components/price_panel.html`."""
    lines = {
        "free": made.total_minor == 0,
        "price": str(Money(made.price_minor, made.currency)),
        "list_price": str(Money(made.price_minor + made.discount_minor, made.currency)),
        "discount": str(Money(-made.discount_minor, made.currency)) if made.discount_minor else "",
        "fee": str(Money(made.fee_minor, made.currency)),
        "fee_note": fee_note(bps, mode),
        "tax": str(Money(made.tax_minor, made.currency)) if made.tax_minor else "",
        "total": str(Money(made.total_minor, made.currency)),
    }
    return lines | (_shares(made, version) if version and made.pool_minor else {})


def _shares(made: Quote, version: DatasetVersion) -> dict[str, str]:
    split = split_preview(version, made.pool_minor, made.currency)
    note = ngettext(
        "goes to the one who made this data", "is shared by the %(count)s who made this data", split.payees
    ) % {"count": split.payees}
    if split.steward.minor:
        note += ", " + _("of it %(amount)s to the steward") % {"amount": split.steward}
    return {"contributors": str(Money(made.pool_minor, made.currency)), "contributors_note": f"{note}."}
