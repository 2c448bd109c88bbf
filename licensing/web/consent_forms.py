"""The form in which somebody changes what they allowed."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licensing.domain.actions import ACTION_CODES, QUESTIONS, VOICE_AND_FACE
from licensing.domain.consent import ConsentState
from licensing.models import ConsentNotice
from licensing.models.evidence import EVIDENCE_KINDS
from licensing.services import Answers, Wording
from licensing.services.consent_notices import GRACE_MAX, TEXT_MAX


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Cleans to a list."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        several = data if isinstance(data, list | tuple) else [data]
        return [each for each in (super(SeveralFilesField, self).clean(one, initial) for one in several) if each]


class ProofForm(forms.Form):
    kind = forms.ChoiceField(label=_("What it is"), choices=EVIDENCE_KINDS)
    file = forms.FileField(
        label=_("File"),
        help_text=_("A PDF, a picture or a recording, at most 20 MiB. Nobody can download it from here."),
    )


class TableForm(forms.Form):
    table = forms.FileField(
        label=_("Table of answers (CSV)"),
        help_text=_("One row per person, role and set of records. The guide for contributors lists the columns."),
    )
    evidence = SeveralFilesField(
        label=_("Evidence"),
        required=False,
        help_text=_(
            "PDFs, pictures and recordings that the table names, one by one or in a ZIP. Nobody can download them here."
        ),
    )


class NoticeForm(forms.Form):
    """A new version of what people are told, or another language of one."""

    version = forms.TypedChoiceField(label=_("This is"), required=False, coerce=int, empty_value=None)
    language = forms.CharField(label=_("Language"), max_length=35, help_text=_("As in en or wo-SN."))
    text = forms.CharField(
        label=_("Text"),
        max_length=TEXT_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
        help_text=_("Who you are, what the data is for, for how long, and how to take it back. Markdown works."),
    )
    purposes = forms.MultipleChoiceField(
        label=_("It asks about"),
        required=False,
        choices=[(code, QUESTIONS[code]) for code in (*ACTION_CODES, *VOICE_AND_FACE)],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A use that you do not ask about is a no. For another language, those of the version count."),
    )
    grace_days = forms.IntegerField(
        label=_("Days to answer after coming of age"),
        min_value=1,
        max_value=GRACE_MAX,
        initial=30,
        help_text=_("Licenses that were given run on for so long. Then silence is a no."),
    )

    def __init__(self, data: Any = None, *, versions: list[int]) -> None:
        super().__init__(data, initial={"purposes": ACTION_CODES, "language": "en"})
        field = self.fields["version"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared above
        others = [(each, gettext("another language of version %d") % each) for each in versions]
        field.choices = [("", _("a new version")), *others]

    def wording(self) -> Wording:
        """Precondition: `is_valid`."""
        # A browser sends other line ends than an editor: the hash is of the text alone.
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        return Wording(**{**self.cleaned_data, "text": text})


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

    def __init__(self, data: Any = None, *, notice: ConsentNotice, state: ConsentState, minor: bool = False) -> None:
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
        field.choices = [(code, QUESTIONS[code]) for code in notice.asked if not (minor and code in VOICE_AND_FACE)]
        if minor:
            del self.fields["exclusive"]

    def answers(self) -> Answers:
        """Precondition: `is_valid`."""
        given = self.cleaned_data
        return Answers(
            notice_sha256=given["notice_sha256"],
            uses=dict.fromkeys(given["uses"], True),
            commercial=given["commercial"],
            exclusive=given.get("exclusive", False),
            territory=tuple(sorted(set(given["territory"].upper().split()))),
        )
