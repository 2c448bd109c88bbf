"""What an operator fills in."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collective.core.domain.money import CURRENCIES, parse_minor
from collective.core.errors import InvalidError

TEXT = forms.TextInput(attrs={"dir": "auto"})
AMOUNT = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
LINE_PARTS = 2


class AmountForm(forms.Form):
    amount = forms.CharField(label=gettext_lazy("Amount"), max_length=20, widget=AMOUNT)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_amount(self) -> int:
        return _minor(self.cleaned_data["amount"], self.currency)


class RefundForm(AmountForm):
    """`refund_ref` makes a double click one refund."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("It is kept with the entry, and the buyer reads it."),
        widget=TEXT,
    )
    refund_ref = forms.CharField(max_length=100, widget=forms.HiddenInput)


class WriteOffForm(AmountForm):
    """`reference` makes a double click one write-off."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("It is kept with the entry."),
        widget=TEXT,
    )
    reference = forms.CharField(max_length=100, widget=forms.HiddenInput)


class CorrectionForm(forms.Form):
    """`lines` is one account and amount per line; what they sum to is the service's question."""

    key = forms.SlugField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("Names this correction for ever: the same name again does nothing."),
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=[(code, code) for code in sorted(CURRENCIES)])
    lines = forms.CharField(
        label=gettext_lazy("Accounts and amounts"),
        help_text=gettext_lazy("One per line, as in “fee -5.00”. Credit is positive; together they are zero."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        max_length=2000,
    )
    source = forms.CharField(
        label=gettext_lazy("What it answers for on the rail"),
        required=False,
        max_length=255,
        help_text=gettext_lazy("The reference of a difference, so that the next comparison finds both sides equal."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=TEXT)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("lines") and given.get("currency"):
            try:
                given["legs"] = _legs(given["lines"], given["currency"])
            except forms.ValidationError as refusal:
                self.add_error("lines", refusal)
        return given


def _legs(lines: str, currency: str) -> dict[str, int]:
    legs: dict[str, int] = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        parts = line.split()
        if len(parts) != LINE_PARTS or parts[0] in legs:
            raise forms.ValidationError(
                _("Write each account once, with its amount behind it: %(line)s") % {"line": line}
            )
        code, amount = parts
        sign = -1 if amount.startswith("-") else 1
        legs[code] = sign * _minor(amount.removeprefix("-"), currency)
    return legs


def _minor(amount: str, currency: str) -> int:
    try:
        return parse_minor(amount, currency)
    except InvalidError as refusal:
        raise forms.ValidationError(refusal.message) from None
