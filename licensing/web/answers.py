"""What licensees answered to withdrawals, on the pages of the contributor and of the stewards."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string

from collective.catalog.models import Contribution, Dataset
from collective.catalog.policies import can_steward
from collective.core.web.panels import panel
from licensing.models import WithdrawalNotice
from licensing.policies import can_follow_withdrawal
from licensing.selectors.withdrawals import answers_in, notices_about, notices_of

SHOWN = 500


@panel("contribution.rights", order=20)
def contribution_answers(request: HttpRequest, *, contribution: Contribution) -> str:
    if not can_follow_withdrawal(request.user, contribution):
        return ""
    return _drawn(request, notices_about(contribution))


@panel("desk.dataset", order=30)
def dataset_answers(request: HttpRequest, *, dataset: Dataset) -> str:
    return _drawn(request, notices_of(dataset)) if can_steward(request.user, dataset) else ""


def _drawn(request: HttpRequest, notices: "QuerySet[WithdrawalNotice]") -> str:
    rows = list(notices)
    context = {"answers": answers_in(rows), "notices": rows[:SHOWN]}
    return render_to_string("licensing/panels/answers.html", context, request) if rows else ""
