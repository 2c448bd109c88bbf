"""Forms of the steward's desk. They shape input; the rules are the services'."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from collective.accounts.models import Organization, User
from collective.accounts.selectors import administered_by
from collective.catalog.models import Dataset

LARGEST_SHARE = 100
BPS_PER_PERCENT = 100


if TYPE_CHECKING:
    DatasetModelForm = forms.ModelForm[Dataset]
else:
    DatasetModelForm = forms.ModelForm


class DescriptionForm(DatasetModelForm):
    """How a dataset is described; what `update_dataset` may change."""

    modality = forms.ChoiceField(label=_("Kind of data"), choices=Dataset.MODALITIES)
    languages = forms.CharField(
        label=_("Languages"),
        required=False,
        help_text=_("Language tags, separated by commas: yo, am, ar, hi, zh-Hant."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )
    steward_percent = forms.IntegerField(
        label=_("Steward's share of the price, in percent"),
        min_value=0,
        max_value=LARGEST_SHARE,
        initial=10,
        help_text=_("The rest goes to the contributors, by the number of their records. Frozen with each version."),
    )

    class Meta:
        model = Dataset
        fields = ("title", "modality", "summary", "card", "task", "visibility", "open_to_contributions")
        labels: ClassVar = {
            "title": _("Title"),
            "summary": _("Summary in one sentence"),
            "card": _("Description"),
            "task": _("Task"),
            "visibility": _("Who can see it"),
            "open_to_contributions": _("Anybody with an account may contribute"),
        }
        help_texts: ClassVar = {
            "card": _("What is in it, who made it and how, what it is good for and what not. Markdown."),
            "task": _("What models learn from it, such as text-classification. May stay empty."),
            "open_to_contributions": _("Otherwise only members of the organization may."),
        }
        widgets: ClassVar = {
            "card": forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
            "title": forms.TextInput(attrs={"dir": "auto"}),
        }

    field_order: tuple[str, ...] = (
        "title",
        "modality",
        "summary",
        "languages",
        "task",
        "card",
        "visibility",
        "open_to_contributions",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.slug:
            self.initial["languages"] = ", ".join(self.instance.languages)
            self.initial["steward_percent"] = self.instance.steward_bps // BPS_PER_PERCENT

    def clean_languages(self) -> list[str]:
        text: str = self.cleaned_data["languages"]
        return [tag for tag in text.replace(",", " ").split() if tag]

    def description(self) -> dict[str, Any]:
        """Keyword arguments for `create_dataset` and `update_dataset`."""
        names = (*self.Meta.fields, "languages")
        return {name: self.cleaned_data[name] for name in names} | {
            "steward_bps": self.cleaned_data["steward_percent"] * BPS_PER_PERCENT
        }


class NewDatasetForm(DescriptionForm):
    organization = forms.ModelChoiceField(
        label=_("Organization"),
        queryset=Organization.objects.none(),
        empty_label=None,
        help_text=_("Who answers for it."),
    )
    slug = forms.SlugField(
        label=_("Short name"),
        max_length=80,
        required=False,
        help_text=_(
            "Part of its address and of its name in programs: a to z, digits, hyphens. Empty: made from the title."
        ),
    )

    field_order = ("organization", "title", "slug", *DescriptionForm.field_order[1:])

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organization"]
        cast("forms.ModelChoiceField[Organization]", field).queryset = administered_by(actor)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["slug"] = cleaned.get("slug") or slugify(cleaned.get("title", ""))[:80].strip("-")
        if cleaned.get("title") and not cleaned["slug"]:
            self.add_error("slug", _("Write a short name in Latin letters; the title has none to make it from."))
        return cleaned


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=[("accept", ""), ("reject", "")])
    reason = forms.CharField(required=False, max_length=2000)
