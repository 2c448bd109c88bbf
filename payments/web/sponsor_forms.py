"""What sponsors and researchers write."""

from datetime import datetime, time, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collective.accounts.models import Organization, User
from collective.accounts.selectors import organizations_visible_to
from collective.catalog.selectors import datasets_visible_to
from collective.core.domain.money import CURRENCIES, parse_minor
from collective.core.errors import DomainError, InvalidError
from licensing.models import LicenseTemplate
from payments.services import SponsorshipTerms

DECIMAL = {"inputmode": "decimal"}


class MoneyForm(forms.Form):
    """Amounts are written with a point, and read in a currency."""

    # The service's names, where they are others than the form's.
    NAMES: ClassVar[dict[str, str]] = {}

    def show(self, refusal: DomainError) -> None:
        for name, texts in refusal.fields.items():
            for text in texts:
                self.add_error(self.NAMES.get(name, name), text)
        if not refusal.fields:
            self.add_error(None, refusal.message)

    def minor(self, name: str, currency: str) -> int | None:
        try:
            return parse_minor(self.cleaned_data[name], currency) if self.cleaned_data.get(name) else None
        except InvalidError as refusal:
            self.add_error(name, refusal.message)
            return None


class SponsorshipForm(MoneyForm):
    NAMES: ClassVar = {
        "most_minor": "most",
        "dataset_ids": "datasets",
        "publisher_ids": "publishers",
        "license_ids": "licenses",
    }
    sponsor = forms.ModelChoiceField(queryset=Organization.objects.none(), label=_("Who pays"), empty_label=None)
    title = forms.CharField(
        label=_("Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("As researchers see it at the checkout."),
    )
    about = forms.CharField(
        label=_("For whom and for what"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    most = forms.CharField(
        label=_("Most for one license"),
        max_length=16,
        required=False,
        widget=forms.TextInput(attrs=DECIMAL),
        help_text=_("Fee and tax included. Empty: whatever is left."),
    )
    until = forms.DateField(
        label=_("Until the end of"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Then it closes, and what is left goes back to you."),
    )
    datasets = forms.CharField(
        label=_("Only these datasets"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("One per line, as publisher/dataset. Empty: any."),
    )
    publishers = forms.CharField(
        label=_("Only of these publishers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=_("Their short names, one per line. Empty: any."),
    )
    licenses = forms.ModelMultipleChoiceField(
        queryset=LicenseTemplate.objects.order_by("name"),
        label=_("Only these licenses"),
        required=False,
        help_text=_("None chosen: any."),
    )

    def __init__(self, *args: Any, actor: User, sponsors: "QuerySet[Organization]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["sponsor"] = forms.ModelChoiceField(
            queryset=sponsors, label=self.fields["sponsor"].label, empty_label=None
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["most_minor"] = self.minor("most", given.get("currency", "EUR"))
        given["dataset_ids"] = tuple(self._dataset(line) for line in _lines(given.get("datasets", "")))
        given["publisher_ids"] = tuple(self._publisher(line) for line in _lines(given.get("publishers", "")))
        return given

    def terms(self) -> SponsorshipTerms:
        """Precondition: `is_valid`."""
        given = self.cleaned_data
        end = given["until"] + timedelta(days=1)
        return SponsorshipTerms(
            title=given["title"],
            about=given["about"],
            currency=given["currency"],
            until=datetime.combine(end, time.min, timezone.get_default_timezone()),
            most_minor=given["most_minor"],
            dataset_ids=given["dataset_ids"],
            publisher_ids=given["publisher_ids"],
            license_ids=tuple(each.pk for each in given["licenses"]),
        )

    def _dataset(self, line: str) -> UUID | None:
        organization, _slash, slug = line.partition("/")
        rows = datasets_visible_to(self.actor).filter(organization__slug=organization, slug=slug)
        return self._found("datasets", rows.values_list("pk", flat=True).first(), line)

    def _publisher(self, line: str) -> UUID | None:
        rows = organizations_visible_to(self.actor).filter(slug=line)
        return self._found("publishers", rows.values_list("pk", flat=True).first(), line)

    def _found(self, name: str, key: UUID | None, line: str) -> UUID | None:
        if key is None:
            self.add_error(name, _("There is no %(line)s.") % {"line": line})
        return key


class FundForm(MoneyForm):
    amount = forms.CharField(
        label=_("Amount"),
        max_length=16,
        widget=forms.TextInput(attrs=DECIMAL),
        help_text=_("Digits, with a point before cents: 250 or 250.00. There is no fee on it."),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": currency}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["amount_minor"] = self.minor("amount", self.currency)
        return given


class AskForm(MoneyForm):
    researcher = forms.ModelChoiceField(
        queryset=Organization.objects.none(),
        label=_("Whose licenses"),
        empty_label=None,
        help_text=_("Yours, or those of an organization that you belong to."),
    )
    words = forms.CharField(
        label=_("Your project"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("What you want the data for, in a few sentences. The sponsor reads it."),
    )

    def __init__(self, *args: Any, researchers: "QuerySet[Organization]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["researcher"] = forms.ModelChoiceField(
            queryset=researchers,
            label=self.fields["researcher"].label,
            help_text=self.fields["researcher"].help_text,
            empty_label=None,
        )


class InviteForm(MoneyForm):
    slug = forms.CharField(
        label=_("Short name of the researcher's organization"),
        max_length=60,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("As in the address of its page. A person finds their own under Organizations."),
    )


def _lines(text: str) -> list[str]:
    return [line.strip().lower() for line in text.splitlines() if line.strip()]
