"""How a payee comes to be paid: known to the rail, which asks them who they are and tells us what is missing."""

import re
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.accounts.policies import check_signed_in
from collective.core import audit
from collective.core.jobs import enqueue
from payments.errors import CountryError, PayeeUnknownError
from payments.gateways.facts import Recipient
from payments.gateways.rails import rail, rail_of, simulated_onboarding
from payments.models import PayoutAccount
from payments.selectors.payouts import payee_for


def start_onboarding(*, actor: User, payee_id: UUID, country: str) -> str:
    """The rail's page for this payee, made anew with every click: it works once.

    `country` counts until the rail knows the payee: one that it refuses can be written anew. Raises PayeeUnknownError,
    CountryError, RailDownError, RailRefusedError.
    """
    account = _account(actor, payee_id, country)
    payouts = rail_of(account.rail).payouts
    if not account.reference:
        account = apply_recipient(account_id=account.pk, told=payouts.open_account(account))
    return payouts.onboarding_link(account)


@transaction.atomic
def _account(actor: User, payee_id: UUID, country: str) -> PayoutAccount:
    """Committed before the rail is asked: the row's id is the key of the call."""
    payee = payee_for(check_signed_in(actor), payee_id)
    rows = PayoutAccount.objects.select_related("payee", "opened_by").filter(payee=payee)
    known = rows.select_for_update(of=("self",), no_key=True).first()
    if known is not None and known.reference:
        return known
    if not re.fullmatch(r"[A-Z]{2}", country.upper()):
        raise CountryError(fields={"country": [CountryError.text]})
    if known is not None:
        return _with_country(known, country.upper())
    account, is_new = PayoutAccount.objects.get_or_create(
        payee=payee, defaults={"rail": rail().name, "country": country.upper(), "opened_by": actor}
    )
    if is_new:
        audit.record(actor=actor, action="payments.payout_account_opened", obj=account, country=account.country)
    return account


def _with_country(account: PayoutAccount, country: str) -> PayoutAccount:
    if account.country != country:
        account.country = country
        account.save(update_fields=["country"])
    return account


def refresh_account(*, actor: User, payee_id: UUID) -> PayoutAccount | None:
    """Ask the rail how far it is; None where the payee has no account yet. Raises RailDownError, PayeeUnknownError."""
    payee = payee_for(check_signed_in(actor), payee_id)
    account = PayoutAccount.objects.filter(payee=payee).first()
    return read_account(account_id=account.pk) if account else None


def press_simulated(*, actor: User, payee_id: UUID) -> PayoutAccount:
    """The button on the simulated page. Raises RailUnavailableError where payments are real, PayeeUnknownError."""
    page = simulated_onboarding()
    payee = payee_for(check_signed_in(actor), payee_id)
    account = PayoutAccount.objects.filter(payee=payee).exclude(reference="").first()
    if account is None:
        raise PayeeUnknownError
    page.press(account.reference)
    return read_account(account_id=account.pk)


def read_account(*, account_id: UUID) -> PayoutAccount:
    """Job."""
    account = PayoutAccount.objects.get(pk=account_id)
    if not account.reference:
        return account
    return apply_recipient(account_id=account.pk, told=rail_of(account.rail).payouts.read_account(account.reference))


def follow_account(rail_name: str, reference: str) -> None:
    account = PayoutAccount.objects.filter(rail=rail_name, reference=reference).first()
    if account is not None:
        read_account(account_id=account.pk)


@transaction.atomic
def apply_recipient(*, account_id: UUID, told: Recipient) -> PayoutAccount:
    """What the rail says now. Twice is once; another destination than before starts a wait."""
    account = PayoutAccount.objects.select_for_update(no_key=True).get(pk=account_id)
    is_moved = bool(account.destination and told.destination and told.destination != account.destination)
    account.reference = account.reference or told.reference
    account.missing, account.country = list(told.missing), told.country or account.country
    account.destination = told.destination or account.destination
    account.read_at = timezone.now()
    if is_moved:
        account.destination_changed_at = account.read_at
    account.save(update_fields=["reference", "missing", "country", "destination", "destination_changed_at", "read_at"])
    if told.state != account.state:
        _move(account, told)
    if is_moved:
        audit.record(actor=None, action="payments.payout_destination_changed", obj=account)
    return account


def _move(account: PayoutAccount, told: Recipient) -> None:
    before = account.state
    account.transition_to(told.state)
    audit.record(actor=None, action=f"payments.payout_account_{told.state}", obj=account, before=before)
    if told.state == "active":
        key = f"claim-back:{account.pk}:{account.read_at:%Y%m%dT%H%M%S%f}"
        enqueue("payments.give_back_unclaimed", key=key, payee_id=account.payee_id)
