"""Keys, and the faults that they are there for: docs.stripe.com/api/idempotent_requests"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe as library
from stripe import InvalidRequestError, StripeClient

from tests.contract.standin.asking import available, paid_charge, recipient
from tests.standin.clock import DAY
from tests.standin.faults import EVERY, Fault
from tests.standin.standin import Standin


def refund(stripe: StripeClient, charge: str, *, amount: int = 100, key: str = "refund-1") -> str:
    return stripe.v1.refunds.create({"charge": charge, "amount": amount}, {"idempotency_key": key}).id


def refunds(stripe: StripeClient) -> list[int]:
    return [made.amount for made in stripe.v1.refunds.list().data]


def test_the_same_key_gets_the_same_answer(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin)
    assert refund(stripe, charge) == refund(stripe, charge)
    assert refunds(stripe) == [100]
    assert refund(stripe, charge, key="refund-2") != refund(stripe, charge)
    assert refunds(stripe) == [100, 100]


def test_other_parameters_or_another_path_under_a_key_are_an_error(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin)
    refund(stripe, charge)
    with pytest.raises(library.IdempotencyError, match="same parameters"):
        refund(stripe, charge, amount=101)
    with pytest.raises(library.IdempotencyError, match="same parameters"):
        stripe.v1.customers.create({}, {"idempotency_key": "refund-1"})
    assert refunds(stripe) == [100]


def test_a_refusal_is_kept_once_execution_began(stripe: StripeClient, standin: Standin) -> None:
    account = recipient(stripe, standin)
    given: Any = {"amount": 100, "currency": "usd", "destination": account}
    for _ in range(2):
        with pytest.raises(InvalidRequestError, match="insufficient available funds"):
            stripe.v1.transfers.create(given, {"idempotency_key": "t1"})
        paid_charge(stripe, standin)
    assert stripe.v1.transfers.create(given, {"idempotency_key": "t2"}).amount == 100


def test_what_is_invalid_is_not_kept(stripe: StripeClient, standin: Standin) -> None:
    account = recipient(stripe, standin)
    paid_charge(stripe, standin)
    wrong: Any = {"amount": 0, "currency": "usd", "destination": account}
    with pytest.raises(InvalidRequestError, match="at least 1"):
        stripe.v1.transfers.create(wrong, {"idempotency_key": "t1"})
    right: Any = {**wrong, "amount": 5}
    assert stripe.v1.transfers.create(right, {"idempotency_key": "t1"}).amount == 5


def test_keys_have_a_length_and_are_forgotten_after_a_day(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin)
    with pytest.raises(InvalidRequestError, match="255"):
        refund(stripe, charge, key="k" * 256)
    first = refund(stripe, charge)
    standin.advance(DAY - 60)
    assert refund(stripe, charge) == first
    standin.advance(120)
    assert refund(stripe, charge) != first


def test_an_answer_that_is_lost_once_is_asked_for_again(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin)
    standin.arm(Fault.TIMEOUT_AFTER_COMMIT, where="POST /v1/refunds")
    refund(stripe, charge)
    assert refunds(stripe) == [100]


def test_an_answer_that_stays_lost_was_still_work_done(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin)
    standin.arm(Fault.TIMEOUT_AFTER_COMMIT, where="POST /v1/refunds", times=EVERY)
    with pytest.raises(library.APIConnectionError):
        refund(stripe, charge)
    standin.disarm()
    assert refunds(stripe) == [100]
    assert refund(stripe, charge) == stripe.v1.refunds.list().data[0].id
    assert available(stripe) == {"usd": 9580}


@pytest.mark.parametrize(("fault", "done"), [(Fault.ERROR_500, []), (Fault.ERROR_500_AFTER_COMMIT, [100])])
def test_v1_repeats_a_500(stripe: StripeClient, standin: Standin, fault: Fault, done: list[int]) -> None:
    charge = paid_charge(stripe, standin)
    standin.arm(fault, where="POST /v1/refunds")
    for _ in range(2):
        with pytest.raises(library.APIError, match="wrong on Stripe's end"):
            refund(stripe, charge)
    assert refunds(stripe) == done


@pytest.mark.parametrize("fault", [Fault.ERROR_500, Fault.ERROR_500_AFTER_COMMIT])
def test_v2_completes_what_failed(stripe: StripeClient, standin: Standin, fault: Fault) -> None:
    standin.arm(fault, where="POST /v2/core/accounts")
    given: Any = {"contact_email": "a@example.org"}
    with pytest.raises(library.APIError, match="wrong on Stripe's end"):
        stripe.v2.core.accounts.create(given, {"idempotency_key": "a1"})
    first = stripe.v2.core.accounts.create(given, {"idempotency_key": "a1"})
    assert stripe.v2.core.accounts.create(given, {"idempotency_key": "a1"}).id == first.id
    assert len(standin.state.all("v2.core.account")) == 1


def test_too_many_requests_are_refused_before_anything_is_done(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin)
    standin.arm(Fault.RATE_LIMIT, times=2)
    for _ in range(2):
        with pytest.raises(library.RateLimitError):
            refund(stripe, charge)
    assert refunds(stripe) == []
    refund(stripe, charge)
    assert refunds(stripe) == [100]


def test_a_conflict_is_not_kept_and_the_client_asks_again(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin)
    standin.arm(Fault.CONFLICT)
    refund(stripe, charge)
    assert refunds(stripe) == [100]


def test_parallel_requests_under_one_key_do_one_thing(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin)
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: refund(stripe, charge), range(8)))
    assert len(made) == 1
    assert refunds(stripe) == [100]
