"""What is measured: published versions whose revenue is shared by any number of payees, offers, and buyers."""

from hashlib import sha256
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.accounts.services import register_user
from collective.catalog.models import Contribution, DatasetVersion
from collective.catalog.services import Seal, open_version, seal_version
from collective.core.ids import new_id
from licensing.models import LicenseVersion, Offer
from licensing.services import publish_offer
from payments.models import Order
from payments.services import pay_simulated, place_order
from tests.benchmarks import people

RECORDS = 50
# In order, as ids that follow the time are. Weights differ, so that remainders do.
PAYEES = """
INSERT INTO accounts_organization (id, slug, name, kind, about, created_at)
SELECT ('00000000-' || to_hex(4096 + %(series)s) || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
       'payee-%(series)s-' || n, 'Payee ' || n, 'individual', '', now()
FROM generate_series(1, %(count)s) n
"""
SHARES = """
INSERT INTO catalog_splitshare (version_id, payee_id, weight, records)
SELECT %(version)s, ('00000000-' || to_hex(4096 + %(series)s) || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
       10000 * (1 + n %% 97), 1 + n %% 97
FROM generate_series(1, %(count)s) n
"""


def open_market(series: int, payees: int, price_minor: int) -> Offer:
    """An offer of a version that `payees` share. Nothing was ingested: all but one of the shares are only rows."""
    dataset, contribution = people.begin(f"A dataset of {payees}")
    people.declare(contribution)
    Contribution.objects.filter(pk=contribution.pk).update(file_count=1, record_count=RECORDS)
    for state in ("submitted", "validating", "validated"):
        contribution.transition_to(state)
    contribution.transition_to("accepted", decided_at=timezone.now())
    steward = people.steward_of(dataset)
    version = open_version(actor=steward, dataset_id=dataset.pk)
    _share(version, series, payees - 1)
    digest = sha256(str(version.pk).encode()).hexdigest()
    seal_version(version_id=version.pk, seal=Seal([], {contribution.pk: RECORDS}, digest[:40], digest, digest, [], {}))
    text = LicenseVersion.objects.get(template__license_id="CC-BY-4.0")
    return publish_offer(
        actor=steward, dataset_id=dataset.pk, license_version_id=text.pk, price_minor=price_minor, currency="USD"
    )


def _share(version: DatasetVersion, series: int, count: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PAYEES % {"series": series, "count": count})
        cursor.execute(SHARES, {"series": series, "count": count, "version": version.pk})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_organization, catalog_splitshare")


def new_buyer() -> User:
    name = new_id().hex[-12:]
    return register_user(email=f"{name}@example.org", name=f"Buyer {name}", password=None)


def order(offer: Offer, buyer: User) -> Order:
    return place_order(
        actor=buyer,
        offer_id=offer.pk,
        offer_sha256=offer.offer_sha256,
        licensee_id=buyer.personal_organization.pk,
        client_ref=str(new_id()),
        accepted=True,
    )


def buy(offer: Offer) -> Order:
    placed = order(offer, new_buyer())
    return pay_simulated(actor=placed.buyer, order_id=placed.pk)


def version_of(offer: Offer) -> UUID:
    return offer.dataset.versions.get(state="published").pk
