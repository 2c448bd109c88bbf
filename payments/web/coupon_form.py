"""What a steward says of a coupon."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collective.accounts.errors import OrganizationNotFoundError
from collective.accounts.models import User
from collective.accounts.selectors import organization_visible_to
from collective.core.domain.money import CURRENCIES, parse_minor
from collective.core.errors import DomainError, InvalidError
from licensing.models import Offer
from payments.errors import OrganizationUnknownError
from payments.services import CouponTerms

DAY = {"type": "date"}


class CouponForm(forms.Form):
    percent = forms.IntegerField(
        label=_("Percent off"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("With 100 the license is free, and nobody earns."),
    )
    amount = forms.CharField(
        label=_("Or an amount off"),
        max_length=16,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    currency = forms.ChoiceField(label=_("Currency of the amount"), choices=[(code, code) for code in CURRENCIES])
    offer = forms.ChoiceField(label=_("For"), required=False)
    max_uses = forms.IntegerField(label=_("How many times it can be used"), min_value=1, initial=1)
    valid_from = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs=DAY), help_text=_("Empty: from now on.")
    )
    valid_until = forms.DateField(
        label=_("Until the end of"), widget=forms.DateInput(attrs=DAY), help_text=_("A day, by the time in UTC.")
    )
    audience = forms.SlugField(
        label=_("Only for this organization"),
        required=False,
        help_text=_("Its short name, as in the address of its page. Empty: whoever has the code."),
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        required=False,
        help_text=_("Empty: we make one that nobody can guess."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
    # The service's names, where they are others than the form's.
    NAMES: ClassVar = {"amount_minor": "amount", "offer_id": "offer", "audience_id": "audience"}

    def __init__(self, *args: Any, offers: Sequence[Offer], actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        choices: list[tuple[str, Any]] = [("", _("every offer of this dataset"))]
        choices += [(str(each.pk), f"{each.license_version.template.name}, {each.price}") for each in offers]
        self.fields["offer"] = forms.ChoiceField(label=self.fields["offer"].label, required=False, choices=choices)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["amount_minor"] = self._amount(given)
        given["audience_id"] = self._audience(given.get("audience", ""))
        return given

    def terms(self) -> CouponTerms:
        """Precondition: `is_valid`."""
        given = self.cleaned_data
        amount_minor = given["amount_minor"]
        return CouponTerms(
            max_uses=given["max_uses"],
            valid_from=_start(given["valid_from"]) if given["valid_from"] else None,
            valid_until=_start(given["valid_until"] + timedelta(days=1)),
            percent=given["percent"] or 0,
            amount_minor=amount_minor,
            currency=given["currency"] if amount_minor else "",
            code=given["code"],
            offer_id=UUID(given["offer"]) if given["offer"] else None,
            audience_id=given["audience_id"],
        )

    def show(self, refusal: DomainError) -> None:
        for name, texts in refusal.fields.items():
            for text in texts:
                self.add_error(self.NAMES.get(name, name), text)
        if not refusal.fields:
            self.add_error(None, refusal.message)

    def _amount(self, given: dict[str, Any]) -> int:
        try:
            return parse_minor(given["amount"], given.get("currency", "EUR")) if given.get("amount") else 0
        except InvalidError as refusal:
            self.add_error("amount", refusal.message)
            return 0

    def _audience(self, slug: str) -> object:
        try:
            return organization_visible_to(self.actor, slug).pk if slug else None
        except OrganizationNotFoundError:
            self.add_error("audience", OrganizationUnknownError.text)
            return None


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())
