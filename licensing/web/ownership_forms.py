"""Filing a claim of ownership, and deciding it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collective.catalog.models import Contribution

WORDS_MAX = 5000


def _words(label: Any, help_text: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    return forms.CharField(label=label, help_text=help_text, max_length=WORDS_MAX, widget=area)


class ClaimForm(forms.Form):
    name = forms.CharField(
        label=_("Your name, or that of whom you speak for"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("The publisher and the operators reach you here. Nobody else sees it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    what = _words(_("What is yours"), _("Which works or records of this dataset."))
    why = _words(_("Why it is yours"))
    evidence = _words(_("Where we can check it"), _("Addresses, registrations, contracts."))


class ReviewForm(forms.Form):
    contribution_id = forms.TypedChoiceField(
        label=_("What it is about"), required=False, empty_value=None, coerce=str, choices=()
    )

    def __init__(self, *args: Any, parts: Iterable[Contribution], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(part.pk), part.title) for part in parts]
        self.fields["contribution_id"].choices = [("", _("the whole dataset")), *named]  # type: ignore[attr-defined] # a choice


class ReasonForm(forms.Form):
    reason = _words(_("The reason"), _("It is kept with the decision."))
