"""Shares in what somebody else owns: held while the claim is upheld, and released once."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.models import Contribution
from collective.catalog.services import Seal, open_patch_version, seal_version
from licensing.services import (
    file_claim,
    reject_claim,
    review_claim,
    take_out_claimed,
    uphold_claim,
)
from payments.domain import chart
from payments.gateways.facts import Disputed
from payments.invariants import claimed_is_not_released
from payments.models import Journal, Order, PayoutFreeze, ReleasedPart, Settlement
from payments.selectors.allotted import chunks_of
from payments.selectors.freezes import claimed_entries
from payments.services import (
    allotting,
    freeze_payouts,
    refund_order,
    release_due_settlements,
    settle_pool,
    unfreeze_payouts,
)
from payments.services.disputes import follow_dispute
from payments.services.finance import close_task, open_task
from payments.services.ledger import post
from payments.services.releasing import release_to
from tests.factories import UserFactory
from tests.integration.payments.market import Market, buy, offer, open_market
from tests.integration.payments.ownership.claims import LATER, WORDS, RunJobs, claim_to, elsewhere, signed_in

pytestmark = pytest.mark.django_db


def test_frozen_shares_stay_held_and_the_rest_is_released(market: Market, sold: Order, run_all_jobs: RunJobs) -> None:
    other = elsewhere(market, "a")
    claim_to(market, "a")
    run_all_jobs()
    before = market.balances("USD")
    assert (before["a:held"], before["b:held"]) == (6_000, 5_000)
    with time_machine.travel(timezone.now() + LATER):
        release_due_settlements()
        release_due_settlements()
    after = market.balances("USD")
    assert (after["a:held"], after["a:due"], after["b:due"]) == (5_000, 1_000, 5_000)
    assert "b:held" not in after
    assert other.dataset_id != market.dataset.pk


def test_a_claim_upheld_before_its_freeze_is_placed_stops_the_release(market: Market, sold: Order) -> None:
    """The event is heard a moment later: a run in between pays nothing, whatever clock it began with."""
    start = timezone.now() + LATER
    with time_machine.travel(start + timedelta(seconds=5)) as clock:
        claim = claim_to(market, "a")
        with time_machine.travel(start):
            release_due_settlements()
        freeze_payouts(claim_id=claim.pk)
        elsewhere(market, "a")
        clock.shift(LATER)
        release_due_settlements()
    after = market.balances("USD")
    assert (after["a:held"], after["a:due"], after["b:due"]) == (5_000, 1_000, 5_000)


def test_a_freeze_placed_during_a_run_outlasts_it(market: Market, sold: Order, run_all_jobs: RunJobs) -> None:
    """Also a later release of something else of the same payee leaves it."""
    with time_machine.travel(timezone.now() + LATER) as clock:
        run_began = timezone.now()
        clock.shift(timedelta(seconds=5))
        claim_to(market, "a")
        run_all_jobs()
        with time_machine.travel(run_began):
            release_due_settlements()
        release_to([market.payees["a"].pk], "USD", timezone.now(), key="release:another")
    after = market.balances("USD")
    assert (after["a:held"], after["b:due"]) == (5_000, 5_000)
    assert "a:due" not in after


def test_a_claim_upheld_between_the_chunks_of_a_release_stops_the_rest(
    market: Market, sold: Order, operator: User, run_all_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was paid before keeps it, nobody is paid after, and when it is rejected nobody is paid twice."""
    monkeypatch.setattr(allotting, "PAYEES_PER_CHUNK", 1)
    buy(sold.offer)
    market.settle("USD")
    second = Settlement.objects.get(n=2)
    with time_machine.travel(timezone.now() + LATER):
        _, first_payees = next(chunks_of(second))
        release_to(list(first_payees), "USD", second.release_at, key=f"release:{second.pk}:0")
        claim = claim_to(market)
        for _ in range(2):
            run_all_jobs()
            release_due_settlements()
        balances = market.balances("USD")
        assert (balances["a:due"], balances["b:held"]) == (10_000, 10_000)
        assert {"a:held", "b:due"}.isdisjoint(balances)
        reject_claim(actor=operator, claim_id=claim.pk, reason="The proof was forged.")
        for _ in range(2):
            run_all_jobs()
            release_due_settlements()
    balances = market.balances("USD")
    assert (balances["a:due"], balances["b:due"]) == (10_000, 10_000)
    assert {"a:held", "b:held"}.isdisjoint(balances)
    assert not Settlement.objects.filter(released_at=None).exists()


def test_what_one_chunk_has_paid_is_not_frozen_again(
    market: Market, sold: Order, run_all_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest of its settlement is frozen, and the payee's other earnings are their own."""
    monkeypatch.setattr(allotting, "PAYEES_PER_CHUNK", 1)
    buy(sold.offer)
    market.settle("USD")
    settlement = Settlement.objects.get(n=2)
    with time_machine.travel(timezone.now() + LATER) as clock:
        _, first_payees = next(chunks_of(settlement))
        release_to(list(first_payees), "USD", settlement.release_at, key=f"release:{settlement.pk}:0")
        claim_to(market)
        run_all_jobs()
        elsewhere(market, "a")
        clock.shift(LATER)
        for _ in range(2):
            release_due_settlements()
    after = market.balances("USD")
    assert (after["a:due"], after["b:held"]) == (11_000, 10_000)
    assert {"a:held", "b:due"}.isdisjoint(after)


def test_what_one_claim_let_through_a_second_one_does_not_freeze(
    market: Market, sold: Order, operator: User, run_all_jobs: RunJobs
) -> None:
    """Of one settlement a part waits for the first claim; the rest is released, and a claim to all of it comes."""
    first = claim_to(market, "a")
    with time_machine.travel(timezone.now() + LATER) as clock:
        release_due_settlements()
        assert market.balances("USD")["b:due"] == 5_000
        claim_to(market)
        run_all_jobs()
        elsewhere(market, "b")
        clock.shift(LATER)
        release_due_settlements()
        assert market.balances("USD")["b:due"] == 6_000
        reject_claim(actor=operator, claim_id=first.pk, reason="no proof")
        run_all_jobs()
        release_due_settlements()
    after = market.balances("USD")
    assert (after["a:held"], after["b:due"]) == (5_000, 6_000)
    assert "a:due" not in after


def test_what_a_task_kept_is_frozen_by_a_claim_before_its_end(
    market: Market, sold: Order, operator: User, run_all_jobs: RunJobs
) -> None:
    task = open_task(key="x", kind="difference", payee=market.payees["a"], stops_payee=True)
    with time_machine.travel(timezone.now() + LATER):
        release_due_settlements()
        assert market.balances("USD")["a:held"] == 5_000
        claim = claim_to(market)
        run_all_jobs()
        close_task(actor=operator, task_id=task.pk, note="It was nothing.")
        run_all_jobs()
        balances = market.balances("USD")
        assert (balances["a:held"], balances["b:due"]) == (5_000, 5_000)
        assert "a:due" not in balances
        reject_claim(actor=operator, claim_id=claim.pk, reason="no proof")
        run_all_jobs()
    after = market.balances("USD")
    assert (after["a:due"], after["b:due"]) == (5_000, 5_000)


def test_what_a_dispute_kept_is_frozen_by_a_claim_before_it_is_won(
    market: Market, sold: Order, operator: User, run_all_jobs: RunJobs
) -> None:
    """Only so much of each share; the rest was paid before, and a claim does not reach it."""
    told = Disputed("du_1", sold.payment.reference, 1_050, "USD", "open")
    follow_dispute(payment=sold.payment, told=told)
    with time_machine.travel(timezone.now() + LATER) as clock:
        release_due_settlements()
        kept = market.balances("USD")
        assert (kept["a:due"], kept["a:held"]) == (4_500, 500)
        claim = claim_to(market)
        run_all_jobs()
        follow_dispute(payment=sold.payment, told=replace(told, state="won"))
        run_all_jobs()
        elsewhere(market, "a")
        clock.shift(LATER)
        release_due_settlements()
        frozen = market.balances("USD")
        assert (frozen["a:due"], frozen["a:held"], frozen["b:held"]) == (5_500, 500, 500)
        reject_claim(actor=operator, claim_id=claim.pk, reason="no proof")
        run_all_jobs()
    after = market.balances("USD")
    assert (after["a:due"], after["b:due"]) == (6_000, 5_000)
    assert {"a:held", "b:held"}.isdisjoint(after)


def test_shares_released_before_parts_were_written_down_count_as_released(market: Market, sold: Order) -> None:
    with time_machine.travel(timezone.now() + LATER):
        release_due_settlements()
    migration = import_module("payments.migrations.0024_released_parts")
    with connection.cursor() as cursor:
        cursor.execute(migration.RELEASED_BEFORE)
        before = sorted((entry, amount) for entry, amount, _ in cursor.fetchall())
    assert before == sorted(ReleasedPart.objects.values_list("entry", "amount_minor"))
    assert [amount for _, amount in before] == [5_000, 5_000]


def test_what_was_skipped_before_its_freeze_is_released_after_all(
    market: Market, sold: Order, operator: User, run_all_jobs: RunJobs
) -> None:
    claim = claim_to(market, "a")
    with time_machine.travel(timezone.now() + LATER):
        release_due_settlements()
        reject_claim(actor=operator, claim_id=claim.pk, reason="no proof")
        run_all_jobs()
        assert PayoutFreeze.objects.count() == 0
        assert market.balances("USD")["a:due"] == 5_000
        assert Settlement.objects.get().released_at is not None


def test_the_audit_sees_what_was_released_too_late(market: Market, sold: Order) -> None:
    claim = claim_to(market, "a")
    assert list(claimed_is_not_released()) == []
    payee = market.payees["a"]
    legs = {chart.payee_code(payee.pk, "held"): -5_000, chart.payee_code(payee.pk, "due"): 5_000}
    with transaction.atomic():
        post(key="release:late", event="release", currency="USD", legs=legs)
        assert "released 5000, and only 0 of it is not frozen" in next(iter(claimed_is_not_released()))
        entry = claimed_entries(claim).get()
        ReleasedPart.objects.create(entry=entry, amount_minor=1, released_at=timezone.now())
        assert f"although claim {claim.pk} was upheld" in next(iter(claimed_is_not_released()))
        transaction.set_rollback(True)


def test_lifted_shares_are_released_once(market: Market, sold: Order, operator: User, run_all_jobs: RunJobs) -> None:
    claim = claim_to(market)
    run_all_jobs()
    with time_machine.travel(timezone.now() + LATER):
        release_due_settlements()
        assert "a:due" not in market.balances("USD")
        reject_claim(actor=operator, claim_id=claim.pk, reason="no proof")
        run_all_jobs()
        for _ in range(2):
            unfreeze_payouts(claim_id=claim.pk)
            release_due_settlements()
    after = market.balances("USD")
    assert (after["a:due"], after["b:due"]) == (5_000, 5_000)
    assert {"a:held", "b:held"}.isdisjoint(after)


def test_lifting_inside_the_hold_releases_nothing_early(market: Market, sold: Order, operator: User) -> None:
    claim = claim_to(market)
    freeze_payouts(claim_id=claim.pk)
    reject_claim(actor=operator, claim_id=claim.pk, reason="no proof")
    unfreeze_payouts(claim_id=claim.pk)
    assert market.balances("USD")["a:held"] == 5_000
    assert not Journal.objects.filter(event="release").exists()


def test_what_was_released_before_stays_payable(market: Market, sold: Order, run_all_jobs: RunJobs) -> None:
    with time_machine.travel(timezone.now() + LATER) as clock:
        release_due_settlements()
        elsewhere(market, "a")
        clock.shift(timedelta(seconds=1))
        claim_to(market)
        run_all_jobs()
        clock.shift(LATER)
        release_due_settlements()
    assert market.balances("USD")["a:due"] == 6_000


def test_a_refund_while_frozen_takes_from_what_is_frozen(
    market: Market, sold: Order, operator: User, run_all_jobs: RunJobs
) -> None:
    elsewhere(market, "a")
    claim_to(market)
    run_all_jobs()
    refund_order(actor=operator, order_id=sold.pk, amount_minor=10_500, reason="disputed", refund_ref="r1")
    market.settle("USD")
    with time_machine.travel(timezone.now() + LATER):
        release_due_settlements()
    after = market.balances("USD")
    assert (after.get("a:held", 0), after["a:due"]) == (0, 1_000)
    assert not [name for name in after if name.endswith(":owed")]


def test_a_claim_cleared_before_it_was_heard_freezes_nothing(market: Market, sold: Order, operator: User) -> None:
    claim = claim_to(market)
    reject_claim(actor=operator, claim_id=claim.pk, reason="no proof")
    unfreeze_payouts(claim_id=claim.pk)
    freeze_payouts(claim_id=claim.pk)
    assert PayoutFreeze.objects.count() == 0


def test_payees_are_told_when_their_shares_wait_and_when_no_more(
    market: Market, sold: Order, operator: User, run_all_jobs: RunJobs
) -> None:
    claim, payee = claim_to(market, "a"), market.contributors["a"].email
    for _ in range(2):
        run_all_jobs()
        freeze_payouts(claim_id=claim.pk)
    first = [message for message in mail.outbox if message.to == [payee]]
    assert [message.subject for message in first] == [
        f"Your share of “{market.dataset.title}” waits: somebody else claims the data"
    ]
    reject_claim(actor=operator, claim_id=claim.pk, reason="no proof")
    run_all_jobs()
    second = [message for message in mail.outbox if message.to == [payee]][1:]
    assert [message.subject for message in second] == [f"Your share of “{market.dataset.title}” waits no more"]
    told = "".join(str(message.body) for message in (*first, *second))
    assert [secret for secret in (WORDS.name, WORDS.email, WORDS.what) if secret in told] == []
    assert market.contributors["b"].email not in [address for message in mail.outbox for address in message.to]


def test_payees_see_that_something_waits(market: Market, sold: Order) -> None:
    page = signed_in(market.contributors["a"])
    assert "shares waits" not in page.get("/earnings/").content.decode()
    freeze_payouts(claim_id=claim_to(market).pk)
    assert "shares waits" in page.get("/earnings/").content.decode()


def test_sales_without_what_was_taken_out_are_free(market: Market, run_all_jobs: RunJobs) -> None:
    """The payee of the claimed part gave another one, too, and earns with it as before."""
    market = open_market({"a": [50, 30], "b": [20]})
    sold = buy(offer(market, 10_000, "USD"))
    market.settle("USD")
    part = Contribution.objects.get(dataset=market.dataset, record_count=50)
    claim = file_claim(actor=UserFactory.create(), dataset_id=market.dataset.pk, claimed=WORDS, contribution_id=part.pk)
    decider = UserFactory.create(is_staff=True)
    review_claim(actor=decider, claim_id=claim.pk)
    uphold_claim(actor=decider, claim_id=claim.pk, reason="theirs")
    run_all_jobs()
    take_out_claimed(actor=market.steward, claim_id=claim.pk, reason="agreed with the owner")
    patch = open_patch_version(withdrawn=market.version, notes="")
    assert patch is not None
    rows = dict(patch.holdings.values_list("contribution_id", "rows"))
    seal_version(version_id=patch.pk, seal=Seal([], rows, "1" * 40, "1" * 64, "1" * 64, [], {}))
    run_all_jobs()
    again = buy(sold.offer)
    settle_pool(version_id=again.version_id, currency="USD")
    with time_machine.travel(timezone.now() + LATER):
        release_due_settlements()
    after = market.balances("USD")
    assert (again.version_id, after["a:held"], after["a:due"]) == (patch.pk, 8_000, 6_000)
