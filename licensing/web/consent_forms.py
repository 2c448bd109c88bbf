"""The form in which somebody changes what they allowed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licensing.domain.actions import QUESTIONS
from licensing.domain.consent import ConsentState
from licensing.models import ConsentNotice
from licensing.services import Answers


class TableForm(forms.Form):
    table = forms.FileField(
        label=_("Table of answers (CSV)"),
        help_text=_("One row per person, role and set of records. The guide for contributors lists the columns."),
    )
    evidence = forms.FileField(
        label=_("Evidence (ZIP)"),
        required=False,
        help_text=_("Scans and recordings that the table names. Nobody can download them from here."),
    )


class AnswersForm(forms.Form):
    """Ticked is what was said last; a question that is new in this text starts empty."""

    uses = forms.MultipleChoiceField(
        label=_("Others may"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What you leave empty is a no, from the moment you save."),
    )
    commercial = forms.BooleanField(label=_("They may also do this to earn money"), required=False)
    exclusive = forms.BooleanField(label=_("One buyer alone may have it for a time"), required=False)
    territory = forms.CharField(
        label=_("In these countries"),
        max_length=300,
        help_text=_("Two letters each, with spaces between, as in SN FR; * for all."),
    )
    notice_sha256 = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, notice: ConsentNotice, state: ConsentState) -> None:
        super().__init__(
            data,
            initial={
                "uses": [code for code in notice.asked if state.allows(code)],
                "commercial": state.commercial,
                "exclusive": state.exclusive,
                "territory": " ".join(state.territory) or "*",
                "notice_sha256": notice.text_sha256,
            },
        )
        field = self.fields["uses"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [(code, QUESTIONS[code]) for code in notice.asked]

    def answers(self) -> Answers:
        """Precondition: `is_valid`."""
        given = self.cleaned_data
        return Answers(
            notice_sha256=given["notice_sha256"],
            uses=dict.fromkeys(given["uses"], True),
            commercial=given["commercial"],
            exclusive=given["exclusive"],
            territory=tuple(sorted(set(given["territory"].upper().split()))),
        )
