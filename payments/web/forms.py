"""The checkout's form."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from collective.accounts.models import Organization
from collective.core.domain.money import parse_minor
from collective.core.errors import InvalidError
from licensing.domain.plans import depends_on_country, depends_on_kind
from licensing.models import Offer
from payments.models import Sponsorship
from payments.policies import can_be_invoiced
from payments.services import Choice


class CheckoutForm(forms.Form):
    """`accepted` carries the exact words that the signature is about; `client_ref` makes a double click one order."""

    licensee = forms.ModelChoiceField(
        queryset=Organization.objects.none(),
        label=_("Who gets the license"),
        help_text=_("You, or an organization that you belong to. Its name is in the license."),
        empty_label=None,
    )
    accepted = forms.BooleanField(error_messages={"required": _("Without accepting there is no license.")})
    amount = forms.CharField(
        label=_("What you want to pay"),
        max_length=16,
        required=False,
        help_text=_("Digits, with a point before cents: 250 or 250.00."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    licensee_type = forms.ChoiceField(
        label=_("What the licensee is"),
        choices=Organization.KINDS,
        required=False,
        help_text=_("The price may depend on it. It is written into the license, and a false answer breaks it."),
    )
    licensee_country = forms.CharField(
        label=_("Country of the licensee"),
        max_length=2,
        required=False,
        help_text=_("Two letters, as in SN or FR."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
    licensee_evidence = forms.CharField(
        label=_("How that can be checked"),
        max_length=500,
        required=False,
        help_text=_("A registration number, or the address of a public register or of your website."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    by_invoice = forms.BooleanField(
        label=_("Pay by invoice"),
        required=False,
        help_text=_("For organizations. The license becomes active when the invoice is paid."),
    )
    po_number = forms.CharField(
        label=_("Your purchase order number"),
        max_length=60,
        required=False,
        help_text=_("It is printed on the invoice."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "dir": "auto"}),
    )
    seen_total_minor = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text_sha256 = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    paid_by = forms.ChoiceField(label=_("Who pays"), required=False)
    coupon = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    offer_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    client_ref = forms.CharField(max_length=200, widget=forms.HiddenInput)

    # Asked where the offer depends on them, in this order.
    BY_OFFER: ClassVar = ("amount", "licensee_type", "licensee_country", "licensee_evidence")
    INVOICE: ClassVar = ("by_invoice", "po_number")

    def __init__(
        self,
        *args: Any,
        organizations: "QuerySet[Organization]",
        wording: str,
        offer: Offer,
        sponsors: Sequence[Sponsorship] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer
        self.may_be_invoiced = can_be_invoiced(offer) and organizations.filter(personal_of=None).exists()
        for name in set(self.BY_OFFER) - set(self._asked):
            del self.fields[name]
        for name in {"amount", "licensee_type"} & set(self.fields):
            self.fields[name].required = True
        if not self.may_be_invoiced:
            for name in self.INVOICE:
                del self.fields[name]
        self.fields["licensee"] = forms.ModelChoiceField(
            queryset=organizations,
            label=self.fields["licensee"].label,
            help_text=self.fields["licensee"].help_text,
            empty_label=None,
        )
        self.fields["accepted"].label = wording
        self._offer_sponsors(sponsors)

    def _offer_sponsors(self, sponsors: Sequence[Sponsorship]) -> None:
        """Not asked where nobody else would pay."""
        if not sponsors:
            del self.fields["paid_by"]
            return
        choices = [("", _("I pay"))] + [(str(each.pk), f"{each.sponsor.name}: {each.title}") for each in sponsors]
        self.fields["paid_by"] = forms.ChoiceField(label=self.fields["paid_by"].label, required=False, choices=choices)

    @property
    def declared_fields_of_plan(self) -> list[forms.BoundField]:
        """What this plan asks of the buyer, in order."""
        return [self[name] for name in self._asked]

    @property
    def invoice_fields(self) -> list[forms.BoundField]:
        """Empty where nothing can be bought by invoice."""
        return [self[name] for name in self.INVOICE if name in self.fields]

    @property
    def _asked(self) -> tuple[str, ...]:
        plan, terms = self.offer.plan, self.offer.terms_view
        asked = {"amount"} if plan["model"] == "pay_what_you_want" else set[str]()
        if depends_on_kind(plan, terms):
            asked |= {"licensee_type", "licensee_evidence"}
        if depends_on_country(plan, terms):
            asked |= {"licensee_country", "licensee_evidence"}
        # The rail works out the tax of an invoice from it.
        if settings.STRIPE_TAX and self.may_be_invoiced:
            asked |= {"licensee_country"}
        return tuple(name for name in self.BY_OFFER if name in asked)

    def clean_licensee_country(self) -> str:
        return str(self.cleaned_data["licensee_country"]).upper()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("amount"):
            try:
                given["amount_minor"] = parse_minor(given["amount"], self.offer.currency)
            except InvalidError as refusal:
                self.add_error("amount", refusal.message)
        return given

    def choice(self) -> Choice:
        """Precondition: `is_valid`."""
        given = self.cleaned_data
        return Choice(
            amount_minor=given.get("amount_minor"),
            seen_total_minor=given.get("seen_total_minor"),
            licensee_type=given.get("licensee_type", ""),
            licensee_country=given.get("licensee_country", ""),
            licensee_evidence=given.get("licensee_evidence", ""),
            text_sha256=given.get("text_sha256", ""),
            by_invoice=given.get("by_invoice", False),
            po_number=given.get("po_number", ""),
            coupon=given.get("coupon", ""),
            sponsorship_id=UUID(given["paid_by"]) if given.get("paid_by") else None,
        )


class CountryForm(forms.Form):
    """Where a payee lives: it decides what the payment service asks them."""

    country = forms.CharField(
        label=_("Country"),
        max_length=2,
        min_length=2,
        help_text=_("Where you live, or where your organization is registered. Two letters, as in SN or FR."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
