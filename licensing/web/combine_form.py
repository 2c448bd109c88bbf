"""The question of the page “Can I combine these?”. Every field has a default, so that a link may leave it out."""

from decimal import Decimal, InvalidOperation
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from licensing.domain.actions import ACTIONS
from licensing.domain.training import Job
from licensing.domain.vocabulary import FIELDS, LICENSEE_TYPES, PURPOSES, TERRITORIES
from licensing.services.compatibility import NO_TARGET, KnownLicense

FLOP_MAX = Decimal(10) ** 40
RELEASES = [
    ("none", _("Nobody but us uses the model")),
    ("api", _("Others use it as a service")),
    ("weights", _("We publish its weights")),
    ("data", _("We publish data with it")),
]
NOT_SAID = ("", _("something else, or not decided"))


class CombineForm(forms.Form):
    SOURCES = ("license", "held", "dataset")
    JOB = (
        *("action", "commercial", "release", "licensee_type", "purpose", "field"),
        *("territory", "on", "seats", "flop"),
    )
    DEFAULTS = {
        "question": "merge",
        "action": "train",
        "commercial": "yes",
        "release": "none",
        "licensee_type": "individual",
        "territory": "*",
        "seats": "1",
    }

    question = forms.ChoiceField(choices=[("merge", "merge"), ("train", "train")])
    license = forms.MultipleChoiceField(label=_("Licenses"), required=False, widget=forms.CheckboxSelectMultiple)
    held = forms.MultipleChoiceField(
        label=_("Licenses that you hold"), required=False, widget=forms.CheckboxSelectMultiple
    )
    dataset = forms.CharField(
        label=_("Datasets"),
        required=False,
        max_length=10_000,
        help_text=_("One per line, as in organization/name. With several licenses: organization/name@license."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    into = forms.ChoiceField(label=_("Under which license?"), required=False)
    action = forms.ChoiceField(
        label=_("What will you do?"), choices=[(action.code, action.phrase.capitalize()) for action in ACTIONS]
    )
    commercial = forms.ChoiceField(label=_("To earn money?"), choices=[("yes", _("yes")), ("no", _("no"))])
    release = forms.ChoiceField(label=_("Who gets the result?"), choices=RELEASES)
    licensee_type = forms.ChoiceField(label=_("Who are you?"), choices=list(LICENSEE_TYPES.items()))
    purpose = forms.ChoiceField(label=_("What is it for?"), required=False, choices=[NOT_SAID, *PURPOSES.items()])
    field = forms.ChoiceField(label=_("In which field?"), required=False, choices=[NOT_SAID, *FIELDS.items()])
    territory = forms.CharField(
        label=_("In which countries?"),
        max_length=1000,
        help_text=_("Two letters each, as in SN FR; EU for all its members; * for everywhere."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
    on = forms.DateField(
        label=_("On which day?"),
        required=False,
        help_text=_("Empty: today."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    seats = forms.IntegerField(label=_("How many people work with the data?"), min_value=1, max_value=10**9)
    flop = forms.CharField(
        label=_("How much computing, in FLOP?"), required=False, max_length=42, help_text=_("As in 1e21.")
    )

    def __init__(
        self, data: Any = None, *, known: dict[str, KnownLicense], held: list[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.holds_some = bool(held)
        named = [(key, row.name if row.name == key else f"{row.name} ({key})") for key, row in known.items()]
        self._choose("license", named)
        self._choose("held", held)
        self._choose("into", [("", _("show all that are possible")), *(each for each in named if each[0] != NO_TARGET)])

    @classmethod
    def asked(cls, query: QueryDict, *, known: dict[str, KnownLicense], held: list[tuple[str, str]]) -> Self:
        """`dataset` may come once with a line for each, or once for each; a held one is ticked, not written."""
        data = query.copy()
        lines = [line.strip() for text in query.getlist("dataset") for line in text.splitlines() if line.strip()]
        own = dict(held)
        data["dataset"] = "\n".join(dict.fromkeys(line for line in lines if line not in own))
        data.setlist("held", [*query.getlist("held"), *(line for line in lines if line in own)])
        for name, value in cls.DEFAULTS.items():
            data.setdefault(name, value)
        return cls(data, known=known, held=held, use_required_attribute=False)

    @property
    def has_sources(self) -> bool:
        return any(self[name].value() for name in self.SOURCES)

    @property
    def sources(self) -> list[str]:
        """Precondition: `is_valid`."""
        given = self.cleaned_data
        return [*given["license"], *given["held"], *given["dataset"].splitlines()]

    @property
    def source_fields(self) -> list[forms.BoundField]:
        shown = [name for name in self.SOURCES if name != "held" or self.holds_some]
        return [self[name] for name in shown]

    @property
    def job_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.JOB]

    def clean_territory(self) -> tuple[str, ...]:
        codes = tuple(str(self.cleaned_data["territory"]).upper().replace(",", " ").split())
        if unknown := sorted(set(codes) - TERRITORIES):
            raise forms.ValidationError(_("Unknown: %(codes)s.") % {"codes": ", ".join(unknown)})
        return codes

    def clean_flop(self) -> int:
        return flop_of(self.cleaned_data["flop"] or "0")

    def job(self) -> Job:
        """Precondition: `is_valid`."""
        given = self.cleaned_data
        now = timezone.now()
        return Job(
            action=given["action"],
            at=now.replace(year=given["on"].year, month=given["on"].month, day=given["on"].day) if given["on"] else now,
            licensee_type=given["licensee_type"],
            territory=given["territory"],
            purpose=given["purpose"],
            field=given["field"],
            commercial=given["commercial"] == "yes",
            release=given["release"],
            seats=given["seats"],
            flop=given["flop"],
        )

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices


def flop_of(text: str) -> int:
    """Whole FLOP from digits or 1e21. Raises ValidationError."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal(-1)
    if not (value.is_finite() and 0 <= value <= FLOP_MAX):
        raise forms.ValidationError(_("Write a number, as in 1e21."))
    return int(value)
