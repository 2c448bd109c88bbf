"""Recipients, transfers to them and reversals, through Stripe's own client."""

from typing import Any

import pytest
from stripe import InvalidRequestError, StripeClient

from tests.contract.standin.asking import available, event_types, paid_charge, recipient
from tests.standin.faults import Fault
from tests.standin.standin import Standin


def send(stripe: StripeClient, to: str, amount: int, **more: Any) -> str:
    given: Any = {"amount": amount, "currency": "usd", "destination": to, **more}
    return stripe.v1.transfers.create(given).id


def test_a_new_recipient_cannot_be_paid_before_they_told_who_they_are(stripe: StripeClient, standin: Standin) -> None:
    paid_charge(stripe, standin)
    account = recipient(stripe)
    with pytest.raises(InvalidRequestError) as refusal:
        send(stripe, account, 100)
    assert refusal.value.code == "insufficient_capabilities_for_transfer"

    standin.complete_onboarding(account)

    send(stripe, account, 100)
    standin.set_capability(account, "inactive")
    with pytest.raises(InvalidRequestError, match="capability"):
        send(stripe, account, 100)
    assert standin.connected_balance(account, "usd") == 100


def test_what_an_account_tells_only_when_it_is_asked(stripe: StripeClient, standin: Standin) -> None:
    account = recipient(stripe)
    assert stripe.v2.core.accounts.retrieve(account).configuration is None
    include: Any = {"include": ["configuration.recipient", "requirements", "identity"]}
    full: Any = stripe.v2.core.accounts.retrieve(account, include)
    transfers = full.configuration.recipient.capabilities.stripe_balance.stripe_transfers
    assert transfers.status == "restricted"
    assert [entry.awaiting_action_from for entry in full.requirements.entries] == ["user"]
    standin.complete_onboarding(account)
    told: Any = stripe.v2.core.accounts.retrieve(account, include)
    assert told.requirements.entries == []


def test_another_destination_is_seen_and_told(stripe: StripeClient, standin: Standin) -> None:
    account = recipient(stripe, standin)
    include: Any = {"include": ["defaults"]}
    before: Any = stripe.v2.core.accounts.retrieve(account, include).defaults
    standin.change_destination(account)
    after: Any = stripe.v2.core.accounts.retrieve(account, include).defaults
    assert before.payout_methods.to_dict().keys() == after.payout_methods.to_dict().keys() == {"usd"}
    assert before.payout_methods["usd"] != after.payout_methods["usd"]
    assert after.responsibilities.losses_collector == "application"
    types: Any = {"object_id": account, "types": ["v2.core.account[defaults].updated"]}
    assert len(stripe.v2.core.events.list(types).data) == 2


def test_a_closed_account_is_not_paid(stripe: StripeClient, standin: Standin) -> None:
    paid_charge(stripe, standin)
    account = recipient(stripe, standin)
    standin.close_account(account)
    assert stripe.v2.core.accounts.retrieve(account).closed
    with pytest.raises(InvalidRequestError, match="capability"):
        send(stripe, account, 100)


def test_a_link_opens_once_and_for_minutes(stripe: StripeClient, standin: Standin) -> None:
    account = recipient(stripe)
    case: Any = {
        "type": "account_onboarding",
        "account_onboarding": {
            "refresh_url": "https://site.example/again",
            "return_url": "https://site.example/back",
        },
    }
    first = stripe.v2.core.account_links.create({"account": account, "use_case": case})
    second = stripe.v2.core.account_links.create({"account": account, "use_case": case})
    standin.open_link(first.url)
    with pytest.raises(Exception, match="used or has expired"):
        standin.open_link(first.url)
    standin.advance(301)
    with pytest.raises(Exception, match="used or has expired"):
        standin.open_link(second.url)


def test_transfers_never_exceed_what_is_available(stripe: StripeClient, standin: Standin) -> None:
    paid_charge(stripe, standin)
    account = recipient(stripe, standin)
    with pytest.raises(InvalidRequestError) as refusal:
        send(stripe, account, 9681)
    assert refusal.value.code == "balance_insufficient"
    transfer = send(stripe, account, 9680, transfer_group="run_1", metadata={"intent": "i1"})
    assert available(stripe) == {"usd": 0}
    found = stripe.v1.transfers.list({"transfer_group": "run_1"}).data
    assert [(t.id, t.metadata["intent"]) for t in found] == [(transfer, "i1")]
    assert stripe.v1.transfers.list({"destination": "acct_none"}).data == []


def test_pending_funds_are_not_available(stripe: StripeClient, standin: Standin) -> None:
    standin.state.settings.funds_after = 7 * 24 * 3600
    charge = paid_charge(stripe, standin)
    account = recipient(stripe, standin)
    with pytest.raises(InvalidRequestError, match="insufficient available funds"):
        send(stripe, account, 100)
    send(stripe, account, 200, source_transaction=charge)
    assert [row.amount for row in stripe.v1.balance.retrieve().pending] == [9680 - 200]
    standin.advance(7 * 24 * 3600)
    send(stripe, account, 100)
    assert available(stripe) == {"usd": 9680 - 300}


def test_transfers_from_one_charge_never_exceed_it(stripe: StripeClient, standin: Standin) -> None:
    charge = paid_charge(stripe, standin, payment_intent_data={"transfer_group": "order_1"})
    paid_charge(stripe, standin)
    account = recipient(stripe, standin)
    transfer = send(stripe, account, 6000, source_transaction=charge)
    assert stripe.v1.transfers.retrieve(transfer).transfer_group == "order_1"
    with pytest.raises(InvalidRequestError, match="cannot exceed its amount"):
        send(stripe, account, 4001, source_transaction=charge)
    send(stripe, account, 4000, source_transaction=charge)


def test_reversals_never_exceed_what_is_left(stripe: StripeClient, standin: Standin) -> None:
    paid_charge(stripe, standin)
    transfer = send(stripe, recipient(stripe, standin), 1000)
    stripe.v1.transfers.reversals.create(transfer, {"amount": 400})
    with pytest.raises(InvalidRequestError, match=r"greater than unreversed amount \(600\)"):
        stripe.v1.transfers.reversals.create(transfer, {"amount": 601})
    stripe.v1.transfers.reversals.create(transfer)
    whole = stripe.v1.transfers.retrieve(transfer)
    assert (whole.amount_reversed, whole.reversed) == (1000, True)
    assert [reversal.amount for reversal in whole.reversals.data] == [600, 400]
    assert available(stripe) == {"usd": 9680}
    assert event_types(stripe)[-2:] == ["transfer.reversed", "transfer.reversed"]


def test_a_reversal_needs_the_money_to_be_there_still(stripe: StripeClient, standin: Standin) -> None:
    paid_charge(stripe, standin)
    account = recipient(stripe, standin)
    transfer = send(stripe, account, 1000)
    [payout] = standin.pay_out(account)
    with pytest.raises(InvalidRequestError, match="balance is too low"):
        stripe.v1.transfers.reversals.create(transfer)
    assert available(stripe) == {"usd": 8680}

    standin.fail_payout(payout["id"])

    assert standin.connected_balance(account, "usd") == 1000
    stripe.v1.transfers.reversals.create(transfer)
    assert available(stripe) == {"usd": 9680}


def test_a_reversal_is_refused_when_the_switch_is_set(stripe: StripeClient, standin: Standin) -> None:
    paid_charge(stripe, standin)
    transfer = send(stripe, recipient(stripe, standin), 1000)
    standin.arm(Fault.REVERSAL_REFUSED)
    with pytest.raises(InvalidRequestError, match="balance is too low"):
        stripe.v1.transfers.reversals.create(transfer)
    assert stripe.v1.transfers.reversals.create(transfer).amount == 1000
