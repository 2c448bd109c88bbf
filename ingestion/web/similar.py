"""Records that resemble earlier ones: the count for everybody concerned, the pairs for the steward who decides."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from collective.accounts.web.people import person
from collective.catalog.models import Contribution
from collective.catalog.policies import can_steward, check_can_steward
from collective.catalog.selectors import contribution_for
from collective.core.storage.errors import ObjectNotFoundError
from collective.core.web.sizes import count_text
from ingestion.domain.differences import Run, differences
from ingestion.domain.similarity import LIVE
from ingestion.models import SimilarRecords
from ingestion.pipeline.comparable import records_at
from ingestion.selectors import seen_earlier, similar_pairs, similar_summary
from ingestion.services import decide_similar

# Each pair is read from two stored files.
PAIRS_ON_PAGE = 5
Place = tuple[str, int]


@dataclass(frozen=True)
class Shown:
    """A pair as this person may see it: `earlier` is None where it belongs to a dataset that they may not see."""

    pair: SimilarRecords
    percent: int
    later: list[Run]
    earlier: list[Run] | None
    is_hidden: bool


def similar_context(request: HttpRequest, contribution: Contribution) -> dict[str, Any]:
    """For `_similar.html`; nothing unless the contribution's check has passed, and it was not rejected since."""
    if contribution.state not in LIVE:
        return {}
    is_steward = can_steward(request.user, contribution.dataset)
    return {"similar": similar_summary(contribution), "may_decide": is_steward}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def similar(request: HttpRequest, contribution_id: UUID) -> HttpResponse:
    """The pairs, a few on each page, and the steward's decision about those that are ticked."""
    contribution = contribution_for(request.user, contribution_id)
    check_can_steward(request.user, contribution.dataset)
    if request.method == "POST":
        return _decided(request, contribution)
    page = Paginator(similar_pairs(contribution), PAIRS_ON_PAGE).get_page(request.GET.get("page"))
    pairs = {"contribution": contribution, "page": page, "shown": _shown(request, list(page.object_list))}
    return render(request, "ingestion/similar.html", {**pairs, **similar_context(request, contribution)})


def _decided(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    ticked = [int(each) for each in request.POST.getlist("pairs") if each.isascii() and each.isdigit()]
    if "all" in request.POST:
        ticked = list(similar_pairs(contribution).values_list("pk", flat=True))
    keep = request.POST.get("decision") == SimilarRecords.BOTH
    count = decide_similar(actor=person(request), contribution_id=contribution.pk, pair_ids=ticked, keep=keep)
    if keep:
        text = ngettext(
            "The next version holds both records of %s pair.", "The next version holds both records of %s pairs.", count
        )
    else:
        text = ngettext(
            "The next version does not hold the later record of %s pair.",
            "The next version does not hold the later records of %s pairs.",
            count,
        )
    messages.success(request, text % count_text(count))
    return redirect("ingestion:similar", contribution.pk)


def _shown(request: HttpRequest, pairs: Sequence[SimilarRecords]) -> list[Shown]:
    visible = seen_earlier(request.user, pairs)
    wanted = [(pair.later_prepared.sha256, pair.later_row) for pair in pairs]
    wanted += [(pair.earlier_prepared.sha256, pair.earlier_row) for pair in pairs if pair.pk in visible]
    texts = _texts(wanted)
    return [_one(pair, texts, is_hidden=pair.pk not in visible) for pair in pairs]


def _one(pair: SimilarRecords, texts: dict[Place, str], *, is_hidden: bool) -> Shown:
    later = texts.get((pair.later_prepared.sha256, pair.later_row), "")
    if is_hidden:
        # Compared with itself: nothing is marked, since a mark would tell something of the other text.
        return Shown(pair, pair.per_mille // 10, differences(later, later)[1], None, is_hidden)
    earlier = texts.get((pair.earlier_prepared.sha256, pair.earlier_row), "")
    runs = differences(earlier, later)
    return Shown(pair, pair.per_mille // 10, runs[1], runs[0], is_hidden)


def _texts(places: Sequence[Place]) -> dict[Place, str]:
    """What a withdrawal has just erased is missing."""
    rows: dict[str, set[int]] = defaultdict(set)
    for sha256, row in places:
        rows[sha256].add(row)
    found: dict[Place, str] = {}
    for sha256, wanted in rows.items():
        with suppress(ObjectNotFoundError):
            found |= {(sha256, row): record.text for row, record in records_at(sha256, wanted).items()}
    return found
