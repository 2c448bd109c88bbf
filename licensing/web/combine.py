"""“Can I combine these?”: a page whose address holds the whole question, so that it can be shared."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from collective.core.errors import InvalidError
from licensing import services
from licensing.domain.decisions import DUTIES, RESULTS, Decision, Reason, Result, strictest
from licensing.domain.training import Held
from licensing.selectors import grants_visible_to
from licensing.services.compatibility import KnownLicense, Merged, known_licenses, source_of
from licensing.web.combine_form import CombineForm

ICONS = {
    "allow": "may",
    "allow_with_obligations": "may",
    "needs_review": "attention",
    "internal_only": "may-not",
    "deny": "may-not",
}
PUBLISHING = {
    "allow": gettext_lazy("Yes, you may publish it under this license."),
    "allow_with_obligations": gettext_lazy("Yes, you may publish it under this license, if you keep these duties."),
    "needs_review": gettext_lazy("It is not clear. A person must read the licenses first."),
    "internal_only": gettext_lazy("You may make it for yourself, and you may not publish it."),
    "deny": gettext_lazy("No, you may not publish it under this license."),
}
WORKING = {
    "allow": gettext_lazy("Yes, you may use all of it for this."),
    "allow_with_obligations": gettext_lazy("Yes, you may use all of it for this, if you keep these duties."),
    "needs_review": gettext_lazy("It is not clear. A person must read the licenses first."),
    "deny": gettext_lazy("No, you may not use all of it for this."),
}


@dataclass(frozen=True)
class SourceRow:
    """One source in the answer: what its license says about the question, and what must be done for it."""

    name: str
    license_id: str
    result: str
    reasons: list[str]
    duties: list[str]

    @property
    def icon(self) -> str:
        return ICONS[self.result]


@dataclass(frozen=True)
class TargetRow:
    license: KnownLicense
    result: Result
    reasons: list[str]

    @property
    def icon(self) -> str:
        return ICONS[self.result]


@require_safe
def combine(request: HttpRequest) -> HttpResponse:
    held = [(source_of(each), f"{each.dataset.title}: {each.license.name}") for each in _held(request)]
    form = CombineForm.asked(request.GET, known=known_licenses(), held=list(dict(held).items()))
    context: dict[str, Any] = {"form": form}
    if form.has_sources and form.is_valid():
        try:
            context |= _answered(request, form)
        except InvalidError as refusal:
            form.add_error("dataset", refusal.message)
    return render(request, "licensing/combine.html", context)


def _held(request: HttpRequest) -> Iterable[Any]:
    return grants_visible_to(request.user).filter(state="active") if request.user.is_authenticated else ()


def _answered(request: HttpRequest, form: CombineForm) -> dict[str, Any]:
    if form.cleaned_data["question"] == "train":
        trained = services.check_training(viewer=request.user, sources=form.sources, job=form.job())
        rows = _rows(trained.sources, trained.decision)
        return {"decision": trained.decision, "headline": WORKING[trained.decision.result], "rows": rows}
    merged = services.check_merge(viewer=request.user, sources=form.sources, target_id=form.cleaned_data["into"])
    return {
        "decision": merged.decision,
        "headline": PUBLISHING[merged.decision.result] if merged.decision else "",
        "target": merged.target,
        "rows": _rows(merged.sources, merged.decision) if merged.decision else [],
        **_targets(merged),
    }


def _rows(sources: Iterable[Held], decision: Decision) -> list[SourceRow]:
    return [_row(each.terms.source, each.terms.license_id, decision) for each in sources]


def _row(source: str, license_id: str, decision: Decision) -> SourceRow:
    reasons = [each for each in decision.reasons if each.source == source]
    duties = sorted(each.code for each in decision.duties if each.source == source)
    result = strictest([*(each.result for each in reasons), "allow_with_obligations" if duties else "allow"])
    return SourceRow(source, license_id, result, _texts(reasons), [_(DUTIES[code]) for code in duties])


def _texts(reasons: Iterable[Reason]) -> list[str]:
    return [each.text for each in reasons]


def _targets(merged: Merged) -> dict[str, list[TargetRow]]:
    """`possible` and `impossible`; of those, what a person could still decide comes first."""
    rows = [
        TargetRow(each, decision.result, [_named(reason) for reason in decision.reasons])
        for each, decision in merged.targets
    ]
    rows.sort(key=lambda row: RESULTS.index(row.result))
    possible = [row for row in rows if not row.reasons]
    return {"possible": possible, "impossible": [row for row in rows if row.reasons]}


def _named(reason: Reason) -> str:
    """With the dataset it is about, unless it begins with the license itself."""
    return reason.text if reason.text.startswith(reason.source) else f"{reason.source}: {reason.text}"
