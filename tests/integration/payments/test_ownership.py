"""G27: a third party claims ownership after sales. What an upheld claim stops, and what it must never do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from collective.accounts.models import Membership, User
from collective.catalog.models import Contribution, DatasetVersion
from collective.catalog.services import Seal, open_patch_version, seal_version
from collective.core.errors import DeniedError
from collective.core.ids import new_id
from collective.core.invariants import invariants
from licensing.domain.ownership import MOST_BY_ONE
from licensing.errors import (
    LicenseSuspendedError,
    OwnershipClaimNotFoundError,
    OwnershipClaimsLimitError,
    OwnershipClaimWordsError,
    OwnershipDisputedError,
    OwnershipNotUpheldError,
    OwnershipOwnClaimError,
    OwnershipPartError,
    OwnershipReasonMissingError,
    OwnershipRejectDeniedError,
    OwnershipUpholdDeniedError,
)
from licensing.models import GrantHold, GrantStatusEvent, LicenseGrant, LicenseVersion, OwnershipClaim
from licensing.selectors import sellable_offers
from licensing.services import (
    Claimed,
    authorize,
    file_claim,
    hold_grant,
    lift_hold,
    publish_offer,
    reinstate_grant,
    reject_claim,
    review_claim,
    suspend_grant,
    take_out_claimed,
    uphold_claim,
    withdraw_claim,
)
from payments.domain import chart
from payments.invariants import claimed_is_not_released
from payments.models import Entry, Journal, Order, PayoutFreeze, Settlement
from payments.selectors.allotted import chunks_of
from payments.services import (
    allotting,
    close_task,
    freeze_payouts,
    pay_simulated,
    refund_order,
    release_due_settlements,
    settle_pool,
    unfreeze_payouts,
)
from payments.services.finance import open_task
from payments.services.ledger import post
from payments.services.releasing import release_to
from tests.factories import UserFactory
from tests.integration.payments.market import Market, buy, offer, open_market, order

pytestmark = pytest.mark.django_db
RunJobs = Callable[[], list[str]]
WORDS = Claimed("Ada Okoye", "ada@example.org", "The first 12 recordings.", "I made them.", "https://example.org/1")
LATER = timedelta(days=15)


@pytest.fixture
def market() -> Market:
    return open_market({"a": [50], "b": [50]})


@pytest.fixture
def sold(market: Market) -> Order:
    made = buy(offer(market, 10_000, "USD"))
    market.settle("USD")
    return made


@pytest.fixture
def operator() -> User:
    made: User = UserFactory.create(is_staff=True)
    return made


@pytest.fixture(autouse=True)
def nothing_is_false(db: None) -> Any:
    yield
    assert [text for each in invariants() for text in each.check() if each.check.__module__ in CHECKED] == []


CHECKED = ("payments.invariants", "licensing.invariants")


def claim_to(market: Market, name: str = "", *, upheld: bool = True) -> OwnershipClaim:
    part = Contribution.objects.get(dataset=market.dataset, contributor=market.contributors[name]).pk if name else None
    claimant = UserFactory.create()
    claim = file_claim(actor=claimant, dataset_id=market.dataset.pk, claimed=WORDS, contribution_id=part)
    if upheld:
        decider = UserFactory.create(is_staff=True)
        review_claim(actor=market.steward, claim_id=claim.pk)
        claim = uphold_claim(actor=decider, claim_id=claim.pk, reason="The recordings are theirs.")
    return claim


def grant_of(made: Order) -> LicenseGrant:
    return LicenseGrant.objects.select_related("pinned_version__dataset").get(order_id=made.pk)


def download(made: Order) -> None:
    version = grant_of(made).pinned_version
    authorize(actor=made.buyer, key=None, version=type(version).objects.select_related("dataset").get(pk=version.pk))


def written() -> tuple[list[Any], ...]:
    """Everything that is history: a later reading begins with an earlier one."""
    events = GrantStatusEvent.objects.order_by("at", "id").values_list("id", "kind", "reason", "at")
    entries = Entry.objects.order_by("id").values_list("id", "account_id", "amount")
    tokens = LicenseGrant.objects.order_by("issued_at").values_list("id", "jws", "agreement__agreement_sha256")
    return list(events), list(entries), list(tokens)


def test_a_filed_claim_stops_nothing(market: Market, sold: Order) -> None:
    claim = claim_to(market, upheld=False)
    review_claim(actor=market.steward, claim_id=claim.pk)
    download(sold)
    assert sellable_offers(DatasetVersion.objects.get(pk=market.version.pk)) == [sold.offer]
    assert GrantHold.objects.count() == 0


def test_an_upheld_claim_bites_at_the_next_request(market: Market, sold: Order, run_all_jobs: RunJobs) -> None:
    """Must never: history rewritten."""
    download(sold)
    waiting, before = order(sold.offer), written()
    claim_to(market)
    run_all_jobs()
    with pytest.raises(LicenseSuspendedError, match="was upheld"):
        download(sold)
    assert sellable_offers(DatasetVersion.objects.get(pk=market.version.pk)) == []
    with pytest.raises(OwnershipDisputedError):
        order(sold.offer)
    with pytest.raises(OwnershipDisputedError):
        pay_simulated(actor=waiting.buyer, order_id=waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == "awaiting_payment"
    shown = Client().get(f"/datasets/{market.dataset.repo_id}/").content.decode()
    assert "Somebody else seems to own data in this dataset" in shown
    assert [secret for secret in (WORDS.name, WORDS.email, WORDS.what) if secret in shown] == []
    events, entries, tokens = written()
    assert events[: len(before[0])] == before[0]
    assert [each[1] for each in events[len(before[0]) :]] == ["suspended"]
    assert (entries, tokens) == (before[1], before[2])


def test_a_rejected_claim_lifts_everything(market: Market, sold: Order, operator: User, run_all_jobs: RunJobs) -> None:
    claim = claim_to(market)
    run_all_jobs()
    for _ in range(2):
        reject_claim(actor=operator, claim_id=claim.pk, reason="The proof was forged.")
    run_all_jobs()
    download(sold)
    assert buy(sold.offer).state == "paid"
    story = GrantStatusEvent.objects.filter(grant=grant_of(sold)).order_by("at", "id").values_list("kind", flat=True)
    assert list(story) == ["issued", "suspended", "reinstated"]
    assert PayoutFreeze.objects.get().lifted_at is not None


def test_upholding_twice_is_once(market: Market, sold: Order, operator: User, run_all_jobs: RunJobs) -> None:
    claim = claim_to(market)
    uphold_claim(actor=operator, claim_id=claim.pk, reason="again")
    run_all_jobs()
    for _ in range(2):
        freeze_payouts(claim_id=claim.pk)
    assert (GrantHold.objects.count(), PayoutFreeze.objects.count()) == (1, 1)
    assert GrantStatusEvent.objects.filter(kind="suspended").count() == 1
    told = sorted(address for message in mail.outbox for address in message.to)
    assert told == sorted([sold.buyer.email, *(each.email for each in market.contributors.values())])


def test_licensees_are_told_what_to_do_and_not_who_claims(market: Market, sold: Order, run_all_jobs: RunJobs) -> None:
    claim_to(market)
    run_all_jobs()
    told = next(message for message in mail.outbox if message.to == [sold.buyer.email])
    assert "Stop using the data" in told.body
    assert "promises no compensation" in told.body
    page = signed_in(sold.buyer).get(f"/licenses/{grant_of(sold).pk}/").content.decode()
    assert "Stop using the data" in page
    assert "promises no compensation" in page
    assert [secret for secret in (WORDS.name, WORDS.email) if secret in told.body + page] == []


def test_the_indemnity_clause_of_the_license_is_shown(market: Market, run_all_jobs: RunJobs) -> None:
    clause = "The publisher pays what a court awards, up to the price of this license."
    text = LicenseVersion.objects.get(template__license_id="LicenseRef-DC-TRAIN-COMM-1.0", language="en")
    offered = publish_offer(
        actor=market.steward,
        dataset_id=market.dataset.pk,
        license_version_id=text.pk,
        price_minor=10_000,
        currency="USD",
        parameters={"legal": {"indemnity": clause}},
    )
    sold = buy(offered)
    claim_to(market)
    run_all_jobs()
    page = signed_in(sold.buyer).get(f"/licenses/{grant_of(sold).pk}/").content.decode()
    assert clause in page
    assert clause in next(message for message in mail.outbox if message.to == [sold.buyer.email]).body
    assert "promises no compensation" not in page


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
        Settlement.objects.update(released_at=timezone.now())
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


def test_what_a_stop_kept_held_is_not_released_under_a_claim(
    market: Market, sold: Order, operator: User, run_all_jobs: RunJobs
) -> None:
    """A task stopped a when the hold was over; the claim was upheld before the task was closed."""
    payee = market.payees["a"]
    stop = open_task(key="difference:1", kind="difference", payee=payee, stops_payee=True)
    with time_machine.travel(timezone.now() + LATER, tick=True):
        release_due_settlements()
        assert market.balances("USD")["a:held"] == 5_000
        claim = claim_to(market, "a")
        run_all_jobs()
        close_task(actor=operator, task_id=stop.pk, note="Explained.")
        run_all_jobs()
        release_due_settlements()
        assert market.balances("USD")["a:held"] == 5_000
        # What they earn elsewhere is not concerned.
        other = open_market({"a": [1]}, people={"a": market.contributors["a"]})
        buy(offer(other, 2_000, "USD"))
        other.settle("USD")
    with time_machine.travel(timezone.now() + 2 * LATER, tick=True):
        release_due_settlements()
        assert {part: market.balances("USD")[f"a:{part}"] for part in ("held", "due")} == {"held": 5_000, "due": 2_000}
        reject_claim(actor=operator, claim_id=claim.pk, reason="It was theirs.")
        run_all_jobs()
        assert market.balances("USD")["a:due"] == 7_000
        assert "a:held" not in market.balances("USD")


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


def test_two_reasons_need_two_ends(market: Market, sold: Order, operator: User) -> None:
    grant = grant_of(sold)
    first, second = claim_to(market), claim_to(market, "a")
    assert hold_grant(grant_id=grant.pk, cause="dispute:du_1", reason="The payment is disputed.") is not None
    reject_claim(actor=operator, claim_id=first.pk, reason="no")
    reject_claim(actor=operator, claim_id=second.pk, reason="no")
    assert grant_of(sold).state == "suspended"
    assert lift_hold(grant_id=grant.pk, cause="dispute:du_1", reason="It was won.")
    assert not lift_hold(grant_id=grant.pk, cause="dispute:du_1", reason="It was won.")
    assert grant_of(sold).state == "active"


def test_what_a_person_suspended_only_a_person_ends(market: Market, sold: Order, operator: User) -> None:
    suspend_grant(actor=market.steward, grant_id=grant_of(sold).pk, reason="breach")
    claim = claim_to(market)
    reject_claim(actor=operator, claim_id=claim.pk, reason="no")
    assert grant_of(sold).state == "suspended"
    reinstate_grant(actor=market.steward, grant_id=grant_of(sold).pk, reason="mended")
    assert grant_of(sold).state == "active"


def test_taking_it_out_replaces_the_licenses(market: Market, sold: Order, run_all_jobs: RunJobs) -> None:
    claim, kept = claim_to(market, "a"), grant_of(sold).pk
    with pytest.raises(OwnershipReasonMissingError):
        take_out_claimed(actor=market.steward, claim_id=claim.pk, reason=" ")
    for _ in range(2):
        take_out_claimed(actor=market.steward, claim_id=claim.pk, reason="agreed with the owner")
    patch = open_patch_version(withdrawn=market.version, notes="")
    assert patch is not None
    rows = dict(patch.holdings.values_list("contribution_id", "rows"))
    seal_version(version_id=patch.pk, seal=Seal([], rows, "1" * 40, "1" * 64, "1" * 64, [], {}))
    run_all_jobs()
    grant = grant_of(sold)
    assert (grant.pk, grant.state, grant.pinned_version_id) == (kept, "active", patch.pk)
    story = grant.status_events.order_by("at", "id").values_list("kind", flat=True)
    assert list(story) == ["issued", "suspended", "repinned", "reinstated"]
    assert PayoutFreeze.objects.get().lifted_at is None
    assert buy(sold.offer).version_id == patch.pk


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


def test_only_an_upheld_part_is_taken_out(market: Market, sold: Order) -> None:
    for claim in (claim_to(market), claim_to(market, "a", upheld=False)):
        with pytest.raises(OwnershipNotUpheldError):
            take_out_claimed(actor=market.steward, claim_id=claim.pk, reason="why not")
    assert not Contribution.objects.filter(state="withdrawn").exists()


def test_who_decides(market: Market, sold: Order, operator: User) -> None:
    claim = claim_to(market, upheld=False)
    stranger, claimant = UserFactory.create(), claim.filed_by
    assert claimant is not None
    for other in (stranger, market.contributors["a"], sold.buyer):
        with pytest.raises(OwnershipClaimNotFoundError):
            review_claim(actor=other, claim_id=claim.pk)
    with pytest.raises(DeniedError):
        review_claim(actor=claimant, claim_id=claim.pk)
    review_claim(actor=market.steward, claim_id=claim.pk)
    with pytest.raises(OwnershipRejectDeniedError):
        reject_claim(actor=market.steward, claim_id=claim.pk, reason="it is ours")
    with pytest.raises(DeniedError):
        withdraw_claim(actor=market.steward, claim_id=claim.pk)
    with pytest.raises(OwnershipReasonMissingError):
        uphold_claim(actor=operator, claim_id=claim.pk, reason=" ")
    assert withdraw_claim(actor=claimant, claim_id=claim.pk).state == "withdrawn"


def test_nobody_decides_their_own_claim(market: Market, sold: Order, operator: User) -> None:
    colleague = UserFactory.create(is_staff=True)
    Membership.objects.create(organization=market.dataset.organization, user=colleague, role="admin")
    for filer, others in ((market.steward, [market.steward, colleague]), (operator, [operator])):
        claim = file_claim(actor=filer, dataset_id=market.dataset.pk, claimed=WORDS)
        for other in others:
            with pytest.raises(OwnershipOwnClaimError):
                review_claim(actor=other, claim_id=claim.pk)
        decider = UserFactory.create(is_staff=True)
        review_claim(actor=decider, claim_id=claim.pk)
        for other in others:
            with pytest.raises(OwnershipOwnClaimError):
                uphold_claim(actor=other, claim_id=claim.pk, reason="mine")
        if filer.is_staff:
            with pytest.raises(OwnershipOwnClaimError):
                reject_claim(actor=filer, claim_id=claim.pk, reason="not mine after all")
        assert reject_claim(actor=decider, claim_id=claim.pk, reason="no proof").state == "rejected"


def test_what_holds_back_others_needs_an_operator(market: Market, sold: Order, operator: User) -> None:
    claims = [claim_to(market, name, upheld=False) for name in ("", "a")]
    for claim in claims:
        review_claim(actor=market.steward, claim_id=claim.pk)
        with pytest.raises(OwnershipUpholdDeniedError):
            uphold_claim(actor=market.steward, claim_id=claim.pk, reason="theirs")
        assert uphold_claim(actor=operator, claim_id=claim.pk, reason="theirs").state == "upheld"


def test_a_steward_upholds_what_concerns_the_publisher_alone(market: Market) -> None:
    claim = claim_to(market, "a", upheld=False)
    assert claim.contribution_id is not None
    Contribution.objects.filter(pk=claim.contribution_id).update(payee=market.dataset.organization)
    review_claim(actor=market.steward, claim_id=claim.pk)
    assert uphold_claim(actor=market.steward, claim_id=claim.pk, reason="theirs").state == "upheld"


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


def test_the_claimant_reads_who_decided_by_their_role(market: Market, sold: Order) -> None:
    User.objects.update(name="")
    claim = claim_to(market)
    assert claim.filed_by is not None
    page = signed_in(claim.filed_by).get(f"/ownership-claims/{claim.pk}/").content.decode()
    told = ("Filed: the claimant", "looks into it: the publisher", "deliveries stopped: an operator")
    assert [words for words in told if words not in page] == []
    others = User.objects.exclude(pk=claim.filed_by.pk).values_list("email", flat=True)
    assert [email for email in others if email in page] == []


def test_a_part_is_one_of_the_dataset(market: Market, sold: Order) -> None:
    with pytest.raises(OwnershipPartError):
        file_claim(actor=UserFactory.create(), dataset_id=market.dataset.pk, claimed=WORDS, contribution_id=new_id())
    with pytest.raises(OwnershipClaimWordsError):
        file_claim(
            actor=AnonymousUser(), dataset_id=market.dataset.pk, claimed=Claimed("A", "a@example.org", " ", "w", "e")
        )


def test_nobody_floods_the_desk(market: Market, sold: Order) -> None:
    one = UserFactory.create()
    for _ in range(MOST_BY_ONE):
        file_claim(actor=one, dataset_id=market.dataset.pk, claimed=WORDS)
    with pytest.raises(OwnershipClaimsLimitError):
        file_claim(actor=one, dataset_id=market.dataset.pk, claimed=WORDS)
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        file_claim(actor=one, dataset_id=market.dataset.pk, claimed=WORDS)
    assert OwnershipClaim.objects.count() == MOST_BY_ONE + 1


def test_a_flood_from_elsewhere_locks_nobody_out(market: Market, sold: Order) -> None:
    """By network address, on page and API together: neither the dataset nor the address that was written counts."""
    slugs = f"{market.dataset.organization.slug}/{market.dataset.slug}"
    page, api = f"/datasets/{slugs}/claims/new/", f"/api/v1/datasets/{slugs}/ownership-claims"
    flood, owner = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="192.0.2.2")
    assert flood.post(page, {**vars(WORDS), "what": ""}).status_code == 200
    assert [flood.post(page, vars(WORDS)).status_code for _ in range(4)] == [302] * 4
    assert flood.post(api, vars(WORDS), "application/json").status_code == 201
    refused = flood.post(api, vars(WORDS), "application/json")
    assert (refused.status_code, refused.json()["code"]) == (429, "ownership_claims_limit")
    assert "many claims today" in flood.post(page, vars(WORDS)).content.decode()
    for _ in range(20):
        file_claim(actor=AnonymousUser(), dataset_id=market.dataset.pk, claimed=WORDS)
    assert owner.post(page, vars(WORDS)).status_code == 302
    assert owner.post(api, vars(WORDS), "application/json").status_code == 201


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE licensing_ownershipclaim SET why = 'x'",
        "UPDATE licensing_ownershipclaim SET contribution_id = NULL",
        "DELETE FROM licensing_ownershipclaim",
        "UPDATE licensing_ownershipclaimevent SET reason = 'x'",
        "DELETE FROM licensing_granthold",
        "UPDATE licensing_granthold SET reason = 'x'",
        "DELETE FROM payments_payoutfreeze",
        "UPDATE payments_payoutfreeze SET payee_id = NULL",
    ],
)
def test_nobody_rewrites_a_claim(market: Market, sold: Order, statement: str) -> None:
    freeze_payouts(claim_id=claim_to(market, "a").pk)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_by_page_and_by_api(market: Market, sold: Order, operator: User) -> None:
    slugs = f"{market.dataset.organization.slug}/{market.dataset.slug}"
    assert Client().post(f"/datasets/{slugs}/claims/new/", vars(WORDS)).status_code == 302
    filed = Client().post(f"/api/v1/datasets/{slugs}/ownership-claims", vars(WORDS), "application/json")
    assert (filed.status_code, filed.json()["state"]) == (201, "filed")
    first, second = OwnershipClaim.objects.order_by("filed_at")
    desk = signed_in(market.steward)
    assert WORDS.what in desk.get(f"/ownership-claims/{first.pk}/").content.decode()
    desk.post(f"/ownership-claims/{first.pk}/review/")
    assert "the operators decide" in desk.get(f"/ownership-claims/{first.pk}/").content.decode()
    assert desk.post(f"/ownership-claims/{first.pk}/uphold/", {"reason": "theirs"}).status_code == 403
    api = signed_in(operator)
    api.post(f"/ownership-claims/{first.pk}/uphold/", {"reason": "theirs"})
    api.post(f"/api/v1/ownership-claims/{second.pk}/review", {}, "application/json")
    upheld = {"decision": "uphold", "reason": "theirs"}
    told = api.post(f"/api/v1/ownership-claims/{second.pk}/decision", upheld, "application/json").json()
    assert [event["kind"] for event in told["events"]] == ["filed", "reviewed", "upheld"]
    mine = signed_in(sold.buyer).get(f"/api/v1/grants/{grant_of(sold).pk}/ownership-claims").json()
    assert (len(mine["holds"]), mine["indemnity"], len(mine["advice"])) == (2, "", 3)
    assert len(desk.get("/api/v1/ownership-claims").json()["results"]) == 2
    assert signed_in(sold.buyer).get("/api/v1/ownership-claims").json()["results"] == []
    for claim in (first, second):
        api.post(f"/ownership-claims/{claim.pk}/reject/", {"reason": "no proof"})
    assert grant_of(sold).state == "active"


def test_payees_see_that_something_waits(market: Market, sold: Order) -> None:
    page = signed_in(market.contributors["a"])
    assert "shares waits" not in page.get("/earnings/").content.decode()
    freeze_payouts(claim_id=claim_to(market).pk)
    assert "shares waits" in page.get("/earnings/").content.decode()


def elsewhere(market: Market, name: str) -> DatasetVersion:
    """The same payee earns 10.00 from a dataset that nobody claims."""
    other = open_market({name: [1]}, people=market.contributors)
    buy(offer(other, 1_000, "USD"))
    settle_pool(version_id=other.version.pk, currency="USD")
    return other.version


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
