"""What every rail promises about money out. Each question is asked of the simulated one and of Stripe."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from pytest_django import Settings

from payments.errors import RailRefusedError
from payments.gateways.embedded.books import move
from payments.gateways.rail import Rail
from payments.gateways.rails import rail as rail_in_use
from payments.gateways.rails import simulated_onboarding
from payments.models import PayoutAccount, PayoutRun, TransferIntent, TransferReversal
from tests.factories import UserFactory
from tests.standin.standin import Standin

pytestmark = pytest.mark.django_db

FUNDS = 100_000


@dataclass
class Out:
    """`complete`: the payee has told the rail everything. There are `FUNDS` dollars' cents to pay from."""

    rail: Rail
    complete: Callable[[str], object]


@pytest.fixture(params=["embedded", "stripe"])
def out(request: pytest.FixtureRequest, settings: Settings) -> Out:
    settings.PAYMENT_RAIL = request.param
    if request.param == "embedded":
        move(key="funds", kind="charge", reference="funds", currency="USD", amount_minor=FUNDS)
        return Out(rail_in_use(), simulated_onboarding().press)
    standin: Standin = request.getfixturevalue("standin")
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = standin.key, standin.url
    with standin.state.lock:
        standin.state.available["usd"] = FUNDS
    return Out(rail_in_use(), standin.complete_onboarding)


@pytest.fixture
def account(out: Out) -> PayoutAccount:
    """Known to the rail, which has to know more first."""
    owner = UserFactory.create()
    made = PayoutAccount.objects.create(
        payee=owner.personal_organization, rail=out.rail.name, country="DE", opened_by=owner
    )
    made.reference = out.rail.payouts.open_account(made).reference
    made.save(update_fields=["reference"])
    return made


@pytest.fixture
def intent(out: Out, account: PayoutAccount) -> TransferIntent:
    out.complete(account.reference)
    return TransferIntent.objects.create(
        run=PayoutRun.objects.create(slot=1), payee=account.payee, account=account, currency="USD", amount_minor=2_834
    )


def funds(out: Out) -> int:
    return out.rail.reporting.funds()["USD"].available_minor


def test_a_payee_is_opened_once(out: Out, account: PayoutAccount) -> None:
    again = out.rail.payouts.open_account(account)
    assert again.reference == account.reference
    assert (again.state, again.country) == ("incomplete", "DE")
    assert again.missing != ()
    assert out.rail.payouts.read_account(account.reference) == again


def test_a_link_leads_to_a_page(out: Out, account: PayoutAccount) -> None:
    assert out.rail.payouts.onboarding_link(account)
    out.complete(account.reference)
    told = out.rail.payouts.read_account(account.reference)
    assert (told.state, told.missing) == ("active", ())


def test_a_payee_who_is_not_complete_is_refused(out: Out, account: PayoutAccount) -> None:
    waiting = TransferIntent.objects.create(
        run=PayoutRun.objects.create(slot=1), payee=account.payee, account=account, currency="USD", amount_minor=2_834
    )
    with pytest.raises(RailRefusedError):
        out.rail.payouts.transfer(waiting)
    assert out.rail.payouts.find_transfer(waiting) is None
    assert funds(out) == FUNDS


def test_a_transfer_is_made_once_per_intent(out: Out, intent: TransferIntent) -> None:
    assert out.rail.payouts.find_transfer(intent) is None
    first = out.rail.payouts.transfer(intent)
    assert out.rail.payouts.transfer(intent) == first
    assert out.rail.payouts.find_transfer(intent) == first
    assert funds(out) == FUNDS - 2_834


def test_another_currency_of_the_same_run_is_another_transfer(out: Out, intent: TransferIntent) -> None:
    out.rail.payouts.transfer(intent)
    other = TransferIntent.objects.create(
        run=intent.run, payee=intent.payee, account=intent.account, currency="EUR", amount_minor=1
    )
    assert out.rail.payouts.find_transfer(other) is None


def test_a_part_comes_back_once_per_reversal(out: Out, intent: TransferIntent) -> None:
    intent.transition_to("sent", reference=out.rail.payouts.transfer(intent))
    reversal = TransferReversal.objects.create(transfer=intent, amount_minor=834)
    assert out.rail.payouts.find_reversal(reversal) is None
    first = out.rail.payouts.reverse(reversal)
    assert out.rail.payouts.reverse(reversal) == first
    assert out.rail.payouts.find_reversal(reversal) == first
    assert funds(out) == FUNDS - 2_000


def test_both_are_in_the_rails_books(out: Out, intent: TransferIntent) -> None:
    reference = out.rail.payouts.transfer(intent)
    intent.transition_to("sent", reference=reference)
    back = out.rail.payouts.reverse(TransferReversal.objects.create(transfer=intent, amount_minor=834))
    moved = {row.source: row.amount_minor for row in out.rail.reporting.movements(intent.created_at.replace(year=2020))}
    assert {source: moved[source] for source in (reference, back)} == {reference: -2_834, back: 834}
