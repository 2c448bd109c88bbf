"""What every rail promises about money out."""

from datetime import timedelta

import pytest

from payments.errors import RailRefusedError
from payments.gateways.rail import Rail
from payments.models import PayoutAccount, PayoutRun, TransferIntent, TransferReversal
from tests.contract.rails.hands import Hands
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

FUNDS = 100_000


@pytest.fixture
def before(rail: Rail, hands: Hands) -> int:
    """What there is to pay from, in dollars' cents."""
    hands.fund("USD", FUNDS)
    return funds(rail)


@pytest.fixture
def account(rail: Rail, before: int) -> PayoutAccount:
    """Known to the rail, which has to know more first."""
    owner = UserFactory.create()
    made = PayoutAccount.objects.create(
        payee=owner.personal_organization, rail=rail.name, country="DE", opened_by=owner
    )
    made.reference = rail.payouts.open_account(made).reference
    made.save(update_fields=["reference"])
    return made


@pytest.fixture
def intent(rail: Rail, hands: Hands, account: PayoutAccount) -> TransferIntent:
    hands.complete(account)
    return TransferIntent.objects.create(
        run=PayoutRun.objects.create(slot=1), payee=account.payee, account=account, currency="USD", amount_minor=2_834
    )


def funds(rail: Rail) -> int:
    return rail.reporting.funds()["USD"].available_minor


def test_a_payee_is_opened_once(rail: Rail, account: PayoutAccount) -> None:
    again = rail.payouts.open_account(account)
    assert again.reference == account.reference
    assert (again.state, again.country) == ("incomplete", "DE")
    assert again.missing != ()
    assert rail.payouts.read_account(account.reference) == again


def test_a_link_leads_to_a_page(rail: Rail, hands: Hands, account: PayoutAccount) -> None:
    assert rail.payouts.onboarding_link(account)
    hands.complete(account)
    told = rail.payouts.read_account(account.reference)
    assert (told.state, told.missing) == ("active", ())


def test_a_payee_who_is_not_complete_is_refused(rail: Rail, before: int, account: PayoutAccount) -> None:
    waiting = TransferIntent.objects.create(
        run=PayoutRun.objects.create(slot=1), payee=account.payee, account=account, currency="USD", amount_minor=2_834
    )
    with pytest.raises(RailRefusedError):
        rail.payouts.transfer(waiting)
    assert rail.payouts.find_transfer(waiting) is None
    assert funds(rail) == before


def test_a_transfer_is_made_once_per_intent(rail: Rail, before: int, intent: TransferIntent) -> None:
    assert rail.payouts.find_transfer(intent) is None
    first = rail.payouts.transfer(intent)
    assert rail.payouts.transfer(intent) == first
    assert rail.payouts.find_transfer(intent) == first
    assert funds(rail) == before - 2_834


def test_another_currency_of_the_same_run_is_another_transfer(rail: Rail, intent: TransferIntent) -> None:
    rail.payouts.transfer(intent)
    other = TransferIntent.objects.create(
        run=intent.run, payee=intent.payee, account=intent.account, currency="EUR", amount_minor=1
    )
    assert rail.payouts.find_transfer(other) is None


def test_a_part_comes_back_once_per_reversal(rail: Rail, before: int, intent: TransferIntent) -> None:
    intent.transition_to("sent", reference=rail.payouts.transfer(intent))
    reversal = TransferReversal.objects.create(transfer=intent, amount_minor=834)
    assert rail.payouts.find_reversal(reversal) is None
    first = rail.payouts.reverse(reversal)
    assert rail.payouts.reverse(reversal) == first
    assert rail.payouts.find_reversal(reversal) == first
    assert funds(rail) == before - 2_000


def test_both_are_in_the_rails_books(rail: Rail, intent: TransferIntent) -> None:
    reference = rail.payouts.transfer(intent)
    intent.transition_to("sent", reference=reference)
    back = rail.payouts.reverse(TransferReversal.objects.create(transfer=intent, amount_minor=834))
    moved = {row.source: row.amount_minor for row in rail.reporting.movements(intent.created_at - timedelta(days=1))}
    assert {source: moved[source] for source in (reference, back)} == {reference: -2_834, back: 834}


def test_the_books_say_whose_a_transfer_is(rail: Rail, intent: TransferIntent) -> None:
    reference = rail.payouts.transfer(intent)
    intent.transition_to("sent", reference=reference)
    back = rail.payouts.reverse(TransferReversal.objects.create(transfer=intent, amount_minor=834))
    rows = {row.source: row for row in rail.reporting.movements(intent.created_at - timedelta(days=1))}
    for source in (reference, back):
        assert rail.payouts.recipient_of(rows[source]) == intent.account.reference
