"""The earnings page: what is payable and when, how it grew, and every line down to weight / total."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collective.accounts.web.people import person
from collective.core.domain.money import Money
from payments.selectors.earnings import earned_by_dataset, earned_by_month, purses_of
from payments.selectors.freezes import is_anything_frozen
from payments.selectors.lines import explained, lines_visible_to
from payments.web.movements import (
    event_word,
)
from payments.web.payouts import (
    payout_facts,
)

PAGE_SIZE = 50
MOST_DATASETS = 12


@require_safe
@never_cache
@login_required
def earnings(request: HttpRequest) -> HttpResponse:
    me = person(request)
    purses = purses_of(me)
    page = Paginator(lines_visible_to(me), PAGE_SIZE).get_page(request.GET.get("page"))
    currencies = sorted({purse.currency for purse in purses})
    context = {
        "purses": purses,
        "many_payees": len({purse.payee.pk for purse in purses}) > 1,
        "is_frozen": is_anything_frozen({purse.payee.pk for purse in purses}),
        "hold_days": settings.HOLD_DAYS,
        "charts": [chart for currency in currencies for chart in _charts(request, currency)],
        "page": page,
        "lines": [
            (line, [(event_word(item.kind), item) for item in line.items]) for line in explained(list(page.object_list))
        ],
    }
    return render(request, "payments/earnings.html", context | payout_facts(request))


def _charts(request: HttpRequest, currency: str) -> list[dict[str, Any]]:
    """Plain decimal text: the chart reads numbers from the table."""
    me = person(request)
    months = [(date_format(month, "F Y"), minor) for month, minor in earned_by_month(me, currency)]
    datasets = earned_by_dataset(me, currency)[:MOST_DATASETS]
    return [
        _chart(_("Earned by month"), _("Month"), months, currency),
        _chart(_("Earned by dataset"), _("Dataset"), datasets, currency),
    ]


def _chart(title: str, label: str, rows: list[tuple[str, int]], currency: str) -> dict[str, Any]:
    return {
        "title": f"{title} ({currency})",
        "label": label,
        "series": [_("Earned (%(currency)s)") % {"currency": currency}],
        "rows": [[name, Money(minor, currency).decimal()] for name, minor in rows],
        "unit": currency,
    }
