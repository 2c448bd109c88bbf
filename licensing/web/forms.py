"""Forms of licensing. They shape input; the rules are the services'."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collective.core.errors import InvalidError
from licensing.domain.actions import QUESTIONS
from licensing.domain.declarations import Consent, Declaration, Source
from licensing.domain.library import MATERIAL_NAMES, OWN_WORK
from licensing.models import AttestationStatement, ConsentNotice
from licensing.models.rights import PEOPLE, RIGHTS_ROLES, SOURCE_KINDS


class RightsForm(forms.Form):
    """Three steps on one page. The answers about uses start empty: a ticked box that nobody ticked is no consent."""

    SOURCE = (
        *("kind", "description", "rights_role", "license", "authors", "derived_from"),
        *("url", "country", "collected_from", "collected_to"),
    )
    CONSENT = ("people", "answers", "commercial", "exclusive")
    SIGNATURE = ("signer_name", "agreed")

    kind = forms.ChoiceField(label=_("How did it come about?"), choices=SOURCE_KINDS)
    description = forms.CharField(
        label=_("Where does it come from?"),
        help_text=_("A sentence or two: who made it, when and how. Say so if a machine made any part of it."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        max_length=5000,
    )
    rights_role = forms.ChoiceField(label=_("What is your part in it?"), choices=RIGHTS_ROLES)
    license = forms.ChoiceField(
        label=_("License of the material"),
        choices=[
            (license_id, name if license_id in (OWN_WORK, "NOASSERTION") else f"{name} ({license_id})")
            for license_id, name in MATERIAL_NAMES.items()
        ],
        initial=OWN_WORK,
        help_text=_(
            "If you took it from somewhere, the license it has there. It limits how the dataset can be offered."
        ),
    )
    derived_from = forms.CharField(
        label=_("Datasets on this site that it was made from"),
        required=False,
        max_length=5000,
        help_text=_(
            "One per line, as in organization/dataset 1.0.0. What is withdrawn from them is withdrawn from yours too."
        ),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )
    authors = forms.CharField(
        label=_("Whom its license asks to name"),
        required=False,
        max_length=5000,
        help_text=_("One name on each line. Every license of the dataset will name them."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    url = forms.URLField(label=_("Address, if it is on the web"), required=False, assume_scheme="https")
    country = forms.CharField(
        label=_("Country where it was collected"),
        required=False,
        max_length=2,
        help_text=_("Two letters, as in SN or FR."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
    collected_from = forms.DateField(
        label=_("Collected from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    collected_to = forms.DateField(
        label=_("Collected until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    people = forms.ChoiceField(
        label=_("Who speaks, writes or is shown in it?"), choices=PEOPLE, widget=forms.RadioSelect
    )
    answers = forms.MultipleChoiceField(
        label=_("Others may"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick what you agree to. What you leave empty is a no."),
    )
    commercial = forms.BooleanField(label=_("They may also do this to earn money"), required=False)
    exclusive = forms.BooleanField(label=_("One buyer alone may have it for a time"), required=False)
    signer_name = forms.CharField(label=_("Your name, as a signature"), max_length=150)
    agreed = forms.BooleanField(label=_("I have read the declaration above and it is true."))
    notice_sha256 = forms.CharField(widget=forms.HiddenInput)
    statement_sha256 = forms.CharField(widget=forms.HiddenInput)

    # Where a refusal of the service is shown.
    FIELDS = {"license_id": "license", "access": "answers"}

    def __init__(
        self, data: Any = None, *, notice: ConsentNotice, statement: AttestationStatement, initial: dict[str, Any]
    ) -> None:
        hashes = {"notice_sha256": notice.text_sha256, "statement_sha256": statement.text_sha256}
        super().__init__(data, initial={"people": "self", **initial, **hashes})
        field = self.fields["answers"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [(code, QUESTIONS[code]) for code in notice.asked]

    @property
    def source_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.SOURCE]

    @property
    def consent_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.CONSENT]

    @property
    def signature_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.SIGNATURE]

    def declaration(self) -> Declaration:
        """Precondition: `is_valid`."""
        given = self.cleaned_data
        return Declaration(
            source=Source(
                kind=given["kind"],
                description=given["description"],
                rights_role=given["rights_role"],
                license_id=given["license"],
                url=given["url"],
                collected_from=given["collected_from"],
                collected_to=given["collected_to"],
                country=given["country"],
                authors=tuple(line.strip() for line in given["authors"].splitlines() if line.strip()),
            ),
            consent=Consent(
                notice_sha256=given["notice_sha256"],
                answers=dict.fromkeys(given["answers"], True),
                commercial=given["commercial"],
                exclusive=given["exclusive"],
                people=given["people"],
            ),
            statement_sha256=given["statement_sha256"],
            signer_name=given["signer_name"],
            derived_from=tuple(line.strip() for line in given["derived_from"].splitlines() if line.strip()),
        )

    def show(self, refusal: InvalidError) -> None:
        for name, texts in refusal.fields.items():
            for text in texts:
                self.add_error(self.FIELDS.get(name, name), text)
        if not refusal.fields:
            self.add_error(None, refusal.message)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        help_text=_("You do not have to give one. It is kept with your withdrawal and never published."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
