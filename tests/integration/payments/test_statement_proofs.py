"""A statement is recomputed by somebody else's program, from what we export and nothing else of ours."""

import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from payments.domain.statement import canonical
from payments.models import Statement
from payments.selectors import proofs
from payments.selectors.proofs import proof_of
from payments.services import refund_order, settle_period
from tests.factories import UserFactory
from tests.integration.payments.market import Market, buy, offer, open_market
from tests.integration.payments.months import at, issued_at
from tests.integration.payments.test_periods import leave, subscribe

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SCRIPT = settings.BASE_DIR / "examples/recompute_statement.py"
Proof = dict[str, Any]


def recomputed(proof: Proof, folder: Path, *root: str) -> tuple[int, str]:
    """Its exit status, and what it says. In an empty folder, with nothing of ours to import."""
    file = folder / "statement.json"
    file.write_text(json.dumps(proof), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", SCRIPT, file.name, *root], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stdout + done.stderr).strip()


RIGHT = (0, "OK: every sum, every share and the way to the root")


@pytest.fixture
def market() -> Market:
    return open_market({"a": [1], "b": [2, 2], "c": [3]}, steward_bps=500)


def busy_months(market: Market, currency: str, price_minor: int, step: int = 1) -> None:
    """Sales and refunds of all sizes, settled at odd times, over two months."""
    chance = random.Random(7)
    with at("2027-01-03T00:00"):
        offered = offer(market, price_minor, currency)
    operator, orders = UserFactory.create(is_staff=True), []
    for day in range(4, 28, 2):
        with at(f"2027-{1 if day < 16 else 2:02}-{day:02}T10:00"):
            orders.append(buy(offered))
            if day % 3 == 0:
                back = orders.pop(chance.randrange(len(orders)))
                amount = chance.randrange(1, back.total_minor // step) * step
                refund_order(actor=operator, order_id=back.pk, amount_minor=amount, reason="asked", refund_ref=str(day))
            market.settle(currency)


@pytest.mark.parametrize(("currency", "price_minor", "step"), [("EUR", 10_001, 1), ("KWD", 10_010, 10), ("JPY", 53, 1)])
def test_every_real_statement_is_recomputed(
    market: Market, tmp_path: Path, currency: str, price_minor: int, step: int
) -> None:
    busy_months(market, currency, price_minor, step)
    issued = issued_at("2027-03-01T02:00")
    assert len(issued) == 8
    for each in issued:
        assert recomputed(proof_of(each), tmp_path) == RIGHT, each
        assert recomputed(proof_of(each), tmp_path, each.period.root_sha256) == RIGHT


def test_what_pays_for_a_time_is_recomputed_day_by_day(market: Market, tmp_path: Path) -> None:
    with at("2027-01-01T00:00"):
        order = subscribe(market, 10_000)
    with at("2027-01-10T12:00"):
        leave(market, "a")
    with at("2027-02-01T00:00"):
        settle_period(order_id=order.pk)
    with at("2027-02-02T00:00"):
        operator = UserFactory.create(is_staff=True)
        refund_order(actor=operator, order_id=order.pk, amount_minor=3333, reason="asked", refund_ref="r")
        settle_period(order_id=order.pk)
    issued = issued_at("2027-03-01T02:00")
    assert {len(each.content["movements"]) for each in issued} == {2}
    for each in issued:
        assert recomputed(proof_of(each), tmp_path) == RIGHT, each


def test_of_a_split_too_large_for_a_file_the_own_weight_is_checked(
    market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_months(market, "EUR", 10_001)
    monkeypatch.setattr(proofs, "MOST_PAYEES", 3)
    first, *_ = issued_at("2027-03-01T02:00")
    proof = proof_of(first)
    assert proof["splits"] == {}
    assert recomputed(proof, tmp_path) == RIGHT
    assert recomputed(rehashed(proof, lambda body: scale_share(body, 2)), tmp_path)[0] == 1


def test_the_program_is_short_enough_to_be_read() -> None:
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) <= 60


def test_the_weights_of_others_have_ids_and_no_names(market: Market) -> None:
    busy_months(market, "EUR", 10_001)
    (mine, *_) = [each for each in issued_at("2027-03-01T02:00") if each.payee == market.payees["a"]]
    text = json.dumps(proof_of(mine), ensure_ascii=False)
    assert str(market.payees["b"].pk) in text
    assert market.contributors["a"].name in text
    for name in ("b", "c"):
        assert market.contributors[name].name not in text
        assert market.contributors[name].email not in text


def rehashed(proof: Proof, change: Callable[[Proof], None]) -> Proof:
    """A careful forger's: the body is changed, and every hash up to a root of their own fits it."""
    body = json.loads(proof["statement"])
    change(body)
    text = canonical(body)
    digest = hashlib.sha256(text.encode())
    leaf = hashlib.sha256(b"\x00" + digest.digest()).hexdigest()
    period = proof["period"] | {"root_sha256": leaf}
    return proof | {"statement": text, "sha256": digest.hexdigest(), "path": [], "period": period}


def scale_share(body: Proof, factor: int) -> None:
    """One share is multiplied, and everything that follows from it."""
    row = next(each for each in body["movements"] if each["section"] == "earned")
    more = row["amount_minor"] * (factor - 1)
    row["amount_minor"] += more
    row["parts_minor"]["held"] = row["parts_minor"].get("held", 0) + more
    row["share"]["amount_minor"] += more
    body["closing_minor"]["held"] += more
    body["closing_minor"]["total"] += more


def add_to(*path: str, amount: int = 1) -> Callable[[Proof], None]:
    def change(body: Proof) -> None:
        place: Any = body
        for name in path[:-1]:
            place = place[int(name) if name.isdigit() else name]
        last = int(path[-1]) if path[-1].isdigit() else path[-1]
        place[last] = str(int(place[last]) + amount) if isinstance(place[last], str) else place[last] + amount

    return change


FORGED = {
    "a share and all sums": lambda body: scale_share(body, 2),
    "the opening": add_to("opening_minor", "held"),
    "the closing total": add_to("closing_minor", "total"),
    "the closing": add_to("closing_minor", "due"),
    "what was paid": add_to("paid_minor", "in_all"),
    "a part": add_to("movements", "0", "parts_minor", "held"),
    "a weight": add_to("movements", "0", "share", "weight"),
    "the total weight": add_to("movements", "0", "share", "total_weight"),
    "what was collected": add_to("movements", "0", "share", "collected", "0", "amount_minor"),
    "what was collected in all": add_to("movements", "0", "share", "net_minor"),
    "what they had before": add_to("movements", "0", "share", "before_minor"),
    "the share alone": add_to("movements", "0", "share", "amount_minor"),
}


def test_a_forged_statement_is_found_even_under_a_root_of_its_own(market: Market, tmp_path: Path) -> None:
    busy_months(market, "EUR", 10_001)
    proof = proof_of(issued_at("2027-03-01T02:00")[0])
    unchanged = rehashed(proof, add_to("exponent", amount=0))
    assert recomputed(unchanged, tmp_path) == RIGHT
    assert recomputed(unchanged, tmp_path, proof["period"]["root_sha256"])[0] == 1
    verdicts = {name: recomputed(rehashed(proof, forge), tmp_path) for name, forge in FORGED.items()}
    assert {name: (status, said[:6]) for name, (status, said) in verdicts.items()} == dict.fromkeys(
        FORGED, (1, "WRONG:")
    )


def test_a_changed_letter_or_a_changed_way_is_not_under_the_root(market: Market, tmp_path: Path) -> None:
    busy_months(market, "EUR", 10_001)
    issued_at("2027-03-01T02:00")
    statement = Statement.objects.select_related("period").order_by("number")[1]
    proof = proof_of(statement)
    forged = [
        proof | {"statement": proof["statement"].replace('"month":"2027-01"', '"month":"2027-07"')},
        proof | {"path": proof["path"][:-1]},
        proof | {"path": [[side, "0" * 64] for side, _ in proof["path"]]},
        proof | {"path": [["left" if side == "right" else "right", node] for side, node in proof["path"]]},
        proof | {"period": proof["period"] | {"root_sha256": "0" * 64}},
    ]
    assert recomputed(proof, tmp_path) == RIGHT
    for each in forged:
        assert recomputed(each, tmp_path) == (1, "WRONG: this statement is not under the root")


def test_another_split_or_another_history_is_found(market: Market, tmp_path: Path) -> None:
    busy_months(market, "EUR", 10_001)
    proof = proof_of(issued_at("2027-03-01T02:00")[0])
    ((sha256, pairs),) = proof["splits"].items()
    ((code, pool),) = proof["pools"].items()
    others = [[payee, str(int(weight) + 1)] for payee, weight in pairs]
    nets = [net + 1 for net in pool["nets_minor"]]
    for forged in (proof | {"splits": {sha256: others}}, proof | {"pools": {code: pool | {"nets_minor": nets}}}):
        assert recomputed(forged, tmp_path) == (1, "WRONG: a share is not what its weight gives")
