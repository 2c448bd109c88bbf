"""How one is paid: what the rail still has to know, the way to tell it, and what was sent."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collective.accounts.models import Organization
from collective.accounts.selectors import administered_by
from collective.accounts.web.people import person
from collective.core.domain.money import Money
from collective.core.errors import ConflictError, InvalidError, UnavailableError
from payments.gateways.rails import rail, simulated_onboarding
from payments.models import PayoutAccount, TransferIntent
from payments.selectors.payouts import (
    held_until,
    payout_account_for,
    payout_accounts_visible_to,
    transfers_visible_to,
)
from payments.services import press_simulated, refresh_account, start_onboarding
from payments.web.forms import CountryForm
from payments.web.missing import missing_words

RECENT = 20
# What the payment service, or the country that was written, stands in the way of.
PROBLEMS = (ConflictError, InvalidError, UnavailableError)


@require_safe
@never_cache
@login_required
def payout_account(request: HttpRequest) -> HttpResponse:
    return render(request, "payments/payout_account.html", payout_facts(request))


@require_POST
@login_required
def start(request: HttpRequest, payee_id: UUID) -> HttpResponse:
    """On to the rail's page, whose address is made with this click."""
    try:
        url = start_onboarding(actor=person(request), payee_id=payee_id, country=request.POST.get("country", ""))
    except PROBLEMS as refusal:
        messages.error(request, refusal.message)
        return redirect("payments:payout-account")
    return redirect(url)


@require_POST
@login_required
def refresh(request: HttpRequest, payee_id: UUID) -> HttpResponse:
    try:
        refresh_account(actor=person(request), payee_id=payee_id)
    except PROBLEMS as refusal:
        messages.error(request, refusal.message)
    return redirect("payments:payout-account")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def simulated(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """What a payment service would ask, as one button."""
    simulated_onboarding()
    account = payout_account_for(person(request), account_id)
    if request.method == "POST":
        press_simulated(actor=person(request), payee_id=account.payee_id)
        messages.success(request, _("Done. Payouts are sent once a week (simulated)."))
        return redirect("payments:payout-account")
    return render(request, "payments/simulated_onboarding.html", {"account": account})


def payout_facts(request: HttpRequest) -> dict[str, Any]:
    """For this page and the earnings page: per payee its account, and the latest transfers."""
    me = person(request)
    accounts = {account.payee_id: account for account in payout_accounts_visible_to(me)}
    rows = [_row(payee, accounts.get(payee.pk)) for payee in administered_by(me)]
    return {
        "payout_rows": rows,
        "many_payees": len(rows) > 1,
        "transfers": [(each, _taken_back(each)) for each in transfers_visible_to(me)[:RECENT]],
        "is_simulated": rail().is_simulated,
    }


def _row(payee: Organization, account: PayoutAccount | None) -> dict[str, Any]:
    if account is None:
        return {"payee": payee, "state": "none", "form": _country_form(payee)}
    return {
        "payee": payee,
        "form": _country_form(payee),
        "state": account.state,
        "country": account.country,
        "is_known": bool(account.reference),
        "missing": missing_words(account.missing),
        "held_until": held_until(account),
    }


def _country_form(payee: Organization) -> CountryForm:
    """Several stand on one page, each with a field of its own name."""
    return CountryForm(auto_id=f"{payee.pk}-%s")


def _taken_back(transfer: TransferIntent) -> Money:
    """Of one that stays sent: what came back of it for a refund."""
    minor = sum(each.amount_minor for each in transfer.reversals.all() if each.state == "done")
    return Money(minor, transfer.currency)
