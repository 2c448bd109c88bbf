"""C1 and C9 from the money's side: unpaid, failed, refunded or disputed orders give no bytes, on either store."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from collective.accounts.models import User
from collective.catalog.models import DatasetVersion
from licensing.models import Offer
from payments.models import Order
from payments.services import refund_order
from tests.factories import DatasetFactory, UserFactory
from tests.integration.licensing import world
from tests.integration.licensing.bypass.routes import (
    ARCHIVE,
    ASKING,
    DELTA,
    HUB,
    OURS,
    Caller,
    NothingGiven,
    archived,
    caller,
    carries_bytes,
    said,
)
from tests.integration.payments.market import order
from tests.integration.payments.shop import Shop
from tests.services.stores import LOCAL, RCLONE

pytestmark = pytest.mark.django_db


@dataclass
class Sale:
    version: DatasetVersion
    offer: Offer
    buyer: User
    job: Caller
    token: str = ""

    def pay(self, shop: Shop) -> Order:
        paid = shop.pay(order(self.offer, self.buyer))
        self.token = self.job.token(self.version)
        return paid


@pytest.fixture(params=[LOCAL, RCLONE], autouse=True)
def mode(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> str:
    settings.STORAGE_DIR, settings.STORAGE_URL = tmp_path / "objects", ""
    if request.param == "rclone":
        settings.STORAGE_URL = request.getfixturevalue("s3_server").storage_url
    return str(request.param)


@pytest.fixture
def sale(mode: str) -> Sale:
    steward, buyer = UserFactory.create(), UserFactory.create()
    dataset = DatasetFactory.create(steward=steward)
    world.accepted(dataset, UserFactory.create(), steward)
    version = world.publish(dataset, steward)
    archived(version)
    offer = world.offered(dataset, steward)
    version.dataset.refresh_from_db()
    return Sale(version, offer, buyer, caller(buyer))


def given(sale: Sale) -> None:
    answers = sale.job.everywhere(sale.version, sale.token)
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code >= 400} == {}


def refused(sale: Sale, code: str, *, mint: str = "") -> None:
    with NothingGiven():
        answers: dict[str, Any] = sale.job.everywhere(sale.version, sale.token or "dcs_none")
    assert not [name for name, answer in answers.items() if carries_bytes(answer)]
    assert {answers[name].status_code for name in (*HUB, *ASKING)} == {403}
    codes = {name: said(answers[name])[1] for name in (*OURS, *DELTA, ARCHIVE)}
    archive = "purchase_required" if code == "license_required" else code
    assert codes == {**dict.fromkeys((*OURS, *DELTA), code), "mint": mint or code, ARCHIVE: archive}


def test_c1_an_order_that_is_not_paid(sale: Sale, shop: Shop) -> None:
    placed = order(sale.offer, sale.buyer)
    refused(sale, "license_required", mint="session_not_found")
    shop.open(placed)
    shop.hear()
    refused(sale, "license_required", mint="session_not_found")


def test_c1_a_payment_that_failed(sale: Sale, shop: Shop) -> None:
    placed = order(sale.offer, sale.buyer)
    shop.standin.fail(shop.open(placed))
    shop.hear()
    placed.refresh_from_db()
    assert placed.state != "settled"
    refused(sale, "license_required", mint="session_not_found")


def test_c9_a_refund_revokes(sale: Sale, shop: Shop) -> None:
    paid = sale.pay(shop)
    given(sale)
    operator = UserFactory.create(is_staff=True)
    refund_order(actor=operator, order_id=paid.pk, amount_minor=paid.total_minor, reason="asked", refund_ref="r1")
    shop.hear()
    refused(sale, "license_revoked")


def test_c9_a_chargeback_suspends_and_a_lost_one_revokes(sale: Sale, shop: Shop) -> None:
    paid = sale.pay(shop)
    reference = shop.dispute(paid)
    refused(sale, "license_suspended")
    shop.standin.lose_dispute(reference)
    shop.hear()
    refused(sale, "license_revoked")


def test_c9_a_dispute_that_is_won_reinstates(sale: Sale, shop: Shop) -> None:
    paid = sale.pay(shop)
    reference = shop.dispute(paid)
    refused(sale, "license_suspended")
    shop.standin.win_dispute(reference)
    shop.hear()
    given(sale)
