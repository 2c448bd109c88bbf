"""The checkout's form."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from collective.accounts.models import Organization


class CheckoutForm(forms.Form):
    """`accepted` carries the exact words that the signature is about; `client_ref` makes a double click one order."""

    licensee = forms.ModelChoiceField(
        queryset=Organization.objects.none(),
        label=_("Who gets the license"),
        help_text=_("You, or an organization that you belong to. Its name is in the license."),
        empty_label=None,
    )
    accepted = forms.BooleanField(error_messages={"required": _("Without accepting there is no license.")})
    offer_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    client_ref = forms.CharField(max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, organizations: "QuerySet[Organization]", wording: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["licensee"] = forms.ModelChoiceField(
            queryset=organizations,
            label=self.fields["licensee"].label,
            help_text=self.fields["licensee"].help_text,
            empty_label=None,
        )
        self.fields["accepted"].label = wording
