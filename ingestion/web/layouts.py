"""The steward's question: which records are for training, which for testing, and does it all fit together?"""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from collective.accounts.web.people import person
from collective.catalog.models import Dataset
from collective.catalog.policies import can_steward, check_can_steward
from collective.catalog.selectors import dataset_for
from collective.core.errors import DomainError
from collective.core.web.panels import panel
from ingestion.domain.splitting import Layout
from ingestion.pipeline.laying_out import layout_columns
from ingestion.pipeline.schema import columns_of
from ingestion.pipeline.unify import Proposal
from ingestion.selectors import layout_of
from ingestion.services import proposal_for, set_layout, shares_of
from ingestion.services.layouts import Share

SPLIT_KINDS = [
    ("none", gettext_lazy("All are for training")),
    ("column", gettext_lazy("A column says it: train, validation, test")),
    ("hash", gettext_lazy("By chance, each record by itself")),
    ("group", gettext_lazy("By chance, but all records of one speaker, writer or document stay together")),
]
CONFIG_KINDS = [
    ("none", gettext_lazy("One set with everything")),
    ("column", gettext_lazy("One set for each value of a column, for example for each language")),
]
BY_CHANCE = gettext_lazy("Only where chance decides. The three are 100 together.")
SHARES = ("train", "validation", "test")
# The bar's parts, from the start: tokens of the style sheet.
TONES = ("accent", "amber", "edge", "loss", "ink-soft")


class LayoutForm(forms.Form):
    split_kind = forms.ChoiceField(
        choices=SPLIT_KINDS,
        widget=forms.RadioSelect,
        label=gettext_lazy("Which records are for training, which for testing?"),
    )
    split_column = forms.ChoiceField(
        required=False,
        label=gettext_lazy("The column that says it, or that names the speaker or document"),
        help_text=gettext_lazy("Only for the second and the last choice."),
    )
    train, validation, test = (
        forms.IntegerField(required=False, min_value=0, max_value=100, label=label, help_text=BY_CHANCE)
        for label in (
            gettext_lazy("Percent for training"),
            gettext_lazy("Percent for validation"),
            gettext_lazy("Percent for testing"),
        )
    )
    config_kind = forms.ChoiceField(
        choices=CONFIG_KINDS, widget=forms.RadioSelect, label=gettext_lazy("Is it one set, or several?")
    )
    config_column = forms.ChoiceField(required=False, label=gettext_lazy("The column whose values make the sets"))

    def __init__(self, *given: Any, columns: list[str], **named: Any) -> None:
        super().__init__(*given, **named)
        choices = [("", _("none")), *((name, name) for name in columns)]
        for field in ("split_column", "config_column"):
            self.fields[field].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def layout(self) -> Layout:
        """Raises what `Layout.from_json` raises."""
        told = self.cleaned_data
        split = {"kind": told["split_kind"], "column": told["split_column"]}
        shares = [told[name] or 0 for name in SHARES]
        config = {"kind": told["config_kind"], "column": told["config_column"]}
        return Layout.from_json({"split": {**split, "shares": shares}, "config": config})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def layout(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    dataset = dataset_for(request.user, organization, slug)
    check_can_steward(request.user, dataset)
    known, proposal = layout_of(dataset), proposal_for(dataset)
    columns = list(dict.fromkeys([*layout_columns(proposal.schema), *known.columns]))
    form = LayoutForm(request.POST or None, columns=columns, initial=_initial(known))
    if request.method == "POST" and form.is_valid() and _is_kept(request, form, dataset):
        return redirect("ingestion:layout", organization, slug)
    return render(request, "ingestion/layout.html", {"form": form, **_shown(dataset, known, proposal)})


@panel("desk.data", order=10)
def layout_panel(request: HttpRequest, *, dataset: Dataset) -> str:
    """The shares as they are, and what does not fit."""
    if not can_steward(request.user, dataset):
        return ""
    context = _shown(dataset, layout_of(dataset), proposal_for(dataset))
    return render_to_string("ingestion/panels/layout.html", context, request)


def _is_kept(request: HttpRequest, form: LayoutForm, dataset: Dataset) -> bool:
    try:
        set_layout(actor=person(request), dataset_id=dataset.pk, layout=form.layout())
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("The next version is laid out like this."))
    return True


def _initial(known: Layout) -> dict[str, Any]:
    # By chance, most people want these shares.
    shares = known.split.shares if known.split.kind in ("hash", "group") else (80, 10, 10)
    return {
        "split_kind": known.split.kind,
        "split_column": known.split.column,
        **dict(zip(SHARES, shares, strict=True)),
        "config_kind": known.config.kind,
        "config_column": known.config.column,
    }


def _shown(dataset: Dataset, known: Layout, proposal: Proposal) -> dict[str, Any]:
    return {
        "dataset": dataset,
        "layout": known,
        "bars": _bars(shares_of(dataset, known)),
        "columns": [(each["name"], each["dtype"]) for each in columns_of(proposal.schema)],
        "conflicts": proposal.conflicts,
    }


def _bars(shares: list[Share]) -> list[dict[str, Any]]:
    """Parts of a bar that is 100 wide, one after another."""
    bars, start = [], 0
    for number, share in enumerate(shares):
        width = share.percent or 0
        tone = TONES[number % len(TONES)]
        bars.append({"split": share.split, "percent": share.percent, "start": start, "width": width, "tone": tone})
        start += width
    return bars
