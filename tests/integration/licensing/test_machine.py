"""Any order of giving, consenting, publishing, offering, licensing, withdrawing and downloading.

A small model of its own says beforehand what must be possible; the product must say the same, and after every step the
auditor's invariants D2, D3 and D4 must hold.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pytest_django import Settings

from collective.accounts.models import User
from collective.catalog import services as catalog
from collective.catalog.models import Contribution, DatasetVersion, Shard
from collective.catalog.services import Seal, SealedFile
from collective.core.errors import DomainError
from collective.core.ids import new_id
from collective.core.invariants import invariants
from ingestion.services.erasing import erase_contribution
from licensing import services
from licensing.domain.actions import ACTION_CODES
from licensing.models import AccessRecord, LicenseGrant, Offer
from payments.models import Order
from payments.services import pay_simulated, place_order
from tests.factories import DatasetFactory, UserFactory
from tests.integration.licensing import world

# What the licenses are known to permit, and which material may go under them: written down here a second time.
TRAIN, BY, BY_SA = world.TRAIN, "CC-BY-4.0", world.BY_SA
KEEPS_BACK = {TRAIN: {"redistribute", "embedRag", "synthesize", "releaseWeights"}, BY: set(), BY_SA: set()}
FREE_MATERIAL = {"LicenseRef-DC-OWN-WORK", "CC0-1.0", BY}
MATERIAL = {TRAIN: FREE_MATERIAL, BY: FREE_MATERIAL, BY_SA: FREE_MATERIAL | {BY_SA}}
WATCHED = ("D2", "D3", "D4")
MOST = 6
MACHINE = hypothesis_settings(max_examples=12, stateful_step_count=25, deadline=None)


@dataclass
class Given:
    """A contribution as the model knows it."""

    row: Contribution
    refused: set[str]
    commercial: bool
    material: str
    withdrawn: bool = False

    def covers(self, license_id: str) -> bool:
        permitted = set(ACTION_CODES) - KEEPS_BACK[license_id]
        agreed = not permitted & self.refused and self.commercial
        return not self.withdrawn and agreed and self.material in MATERIAL[license_id]


@dataclass
class Published:
    row: DatasetVersion
    holds: list[Given]

    @property
    def servable(self) -> bool:
        return not any(given.withdrawn for given in self.holds)

    def covers(self, license_id: str) -> bool:
        return all(given.covers(license_id) for given in self.holds)


@dataclass
class Licensed:
    """`minor` is where its range begins; the model's versions are all 1.x."""

    grant: LicenseGrant
    buyer: User
    license_id: str
    minor: int
    pinned: Published
    state: str = "active"


@dataclass
class Market:
    steward: User = field(default_factory=UserFactory)
    buyers: list[User] = field(default_factory=lambda: [UserFactory.create() for _ in range(2)])
    given: list[Given] = field(default_factory=list)
    versions: list[Published] = field(default_factory=list)
    offers: dict[str, Offer] = field(default_factory=dict)
    licensed: list[Licensed] = field(default_factory=list)

    @property
    def on_sale(self) -> Published | None:
        """The newest that is servable."""
        return next((each for each in reversed(self.versions) if each.servable), None)


def sealed(version: DatasetVersion, holds: list[Given]) -> DatasetVersion:
    """A shard for each contribution, the same one in every version: as workers leave it."""
    files, rows = [], {}
    for given in holds:
        sha256, size = world.stored(f"records of {given.row.pk}".encode())
        shard, is_new = Shard.objects.get_or_create(sha256=sha256, defaults={"size": size, "rows": 10, "row_groups": 1})
        if is_new:
            shard.segments.create(position=0, contribution=given.row, prepared_sha256=sha256, first_row=0, rows=10)
        files.append(SealedFile(f"data/{given.row.pk}.parquet", "data", sha256, sha256[:40], size))
        rows[given.row.pk] = 10
    digest = hashlib.sha256(str(version.pk).encode()).hexdigest()
    return catalog.seal_version(
        version_id=version.pk, seal=Seal(files, rows, digest[:40], digest, digest, columns=[], statistics={})
    )


def possible(step: Callable[[], Any]) -> Any:
    """What the step gave, or None when the product refused it; then it left nothing behind."""
    try:
        with transaction.atomic():
            return step()
    except DomainError:
        return None


class Marketplace(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.market = Market()
        self.dataset = DatasetFactory.create(steward=self.market.steward)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(price=st.sampled_from([0, 25_000]), license_id=st.sampled_from([TRAIN, BY, BY_SA]))
    def open(self, price: int, license_id: str) -> None:
        """Most of what can go wrong needs somebody who has a license already."""
        self.add(refused=set(), commercial=True, material="CC0-1.0")
        self.publish()
        self.offer(license_id=license_id, price=price)
        self.license(license_id=license_id, who=0)

    @precondition(lambda self: len(self.market.given) < MOST)
    @rule(
        refused=st.sets(st.sampled_from(["train", "redistribute", "embedRag"]), max_size=2),
        commercial=st.sampled_from([True, True, True, False]),
        material=st.sampled_from(["LicenseRef-DC-OWN-WORK", "CC0-1.0", BY, BY_SA, "CC-BY-NC-4.0"]),
    )
    def add(self, refused: set[str], commercial: bool, material: str) -> None:
        said = world.declaration(license_id=material, refuse=tuple(refused), commercial=commercial)
        row = world.accepted(self.dataset, UserFactory.create(), self.market.steward, said)
        self.market.given.append(Given(row, refused, commercial, material))

    @precondition(lambda self: len(self.market.versions) < MOST)
    @rule()
    def publish(self) -> None:
        holds = [given for given in self.market.given if not given.withdrawn]
        made = possible(lambda: catalog.open_version(actor=self.market.steward, dataset_id=self.dataset.pk))
        assert bool(made) == bool(holds)
        if made:
            self.market.versions.append(Published(sealed(made, holds), holds))

    @precondition(lambda self: self.market.versions and not self.market.versions[-1].servable)
    @rule()
    def patch(self) -> None:
        """What the workers do after a withdrawal."""
        before = self.market.versions[-1]
        left = [given for given in before.holds if not given.withdrawn]
        before.row.refresh_from_db()
        opened = catalog.open_patch_version(withdrawn=before.row, notes="Without what was withdrawn.")
        assert bool(opened) == bool(left)
        if opened is None:
            return
        patch = Published(sealed(opened, left), left)
        self.market.versions.append(patch)
        services.repin_grants(version_id=patch.row.pk)
        for each in self.market.licensed:
            if each.state in ("active", "suspended") and not each.pinned.servable and patch.covers(each.license_id):
                each.pinned = patch
                assert LicenseGrant.objects.get(pk=each.grant.pk).pinned_version_id == patch.row.pk

    @rule(license_id=st.sampled_from([TRAIN, BY, BY_SA]), price=st.sampled_from([0, 25_000]))
    def offer(self, license_id: str, price: int) -> None:
        version = self.market.on_sale
        lawful = version is not None and version.covers(license_id) and license_id not in self.market.offers
        made = possible(lambda: world.offered(self.dataset, self.market.steward, license_id, price_minor=price))
        assert bool(made) == lawful
        if made:
            self.market.offers[license_id] = made
            self.dataset.refresh_from_db()

    @precondition(lambda self: self.market.offers)
    @rule(license_id=st.sampled_from([TRAIN, BY, BY_SA]))
    def retire(self, license_id: str) -> None:
        offer = self.market.offers.pop(license_id, None)
        if offer is not None:
            services.retire_offer(actor=self.market.steward, offer_id=offer.pk)

    @precondition(lambda self: self.market.offers)
    @rule(license_id=st.sampled_from([TRAIN, BY, BY_SA]), who=st.integers(0, 1))
    def license(self, license_id: str, who: int) -> None:
        """Order and pay; what may not be sold costs nothing and grants nothing."""
        offer, version, buyer = self.market.offers.get(license_id), self.market.on_sale, self.market.buyers[who]
        if offer is None:
            return
        has = any(
            each.buyer == buyer and each.license_id == license_id and each.state != "revoked"
            for each in self.market.licensed
        )
        lawful = version is not None and version.covers(license_id) and not has
        order = possible(lambda: self._bought(offer, buyer))
        assert bool(order) == lawful
        if order is not None and version is not None:
            grant = LicenseGrant.objects.get(order_id=order.pk)
            assert grant.pinned_version_id == version.row.pk
            self.market.licensed.append(Licensed(grant, buyer, license_id, version.row.minor, version))

    def _bought(self, offer: Offer, buyer: User) -> Order:
        order = place_order(
            actor=buyer,
            offer_id=offer.pk,
            offer_sha256=offer.offer_sha256,
            licensee_id=buyer.personal_organization.pk,
            client_ref=str(new_id()),
            accepted=True,
        )
        return order if order.state == "free" else pay_simulated(actor=buyer, order_id=order.pk)

    @precondition(lambda self: self.market.given)
    @rule(which=st.integers(0, 3 * MOST))
    def withdraw(self, which: int) -> None:
        """Not at every turn, or nothing would ever be there to be licensed."""
        if which >= len(self.market.given):
            return
        given = self.market.given[which]
        services.withdraw_contribution(actor=given.row.contributor, contribution_id=given.row.pk)
        given.withdrawn = True
        erase_contribution(contribution_id=given.row.pk)

    @precondition(lambda self: self.market.licensed)
    @rule(which=st.integers(0, 3), act=st.sampled_from(["suspend", "reinstate", "reinstate", "revoke"]))
    def judge(self, which: int, act: str) -> None:
        if which >= len(self.market.licensed):
            return
        each = self.market.licensed[which]
        before, after = {
            "suspend": ("active", "suspended"),
            "reinstate": ("suspended", "active"),
            "revoke": (each.state, "revoked"),
        }[act]
        if each.state == before:
            change = getattr(services, f"{act}_grant")
            change(actor=self.market.steward, grant_id=each.grant.pk, reason="The machine says so.")
            each.state = after

    @precondition(lambda self: self.market.versions)
    @rule(which=st.integers(0, MOST), who=st.sampled_from([0, 0, 1]))
    def download(self, which: int, who: int) -> None:
        version, buyer = self.market.versions[-1 - which % len(self.market.versions)], self.market.buyers[who]
        version.row.refresh_from_db()
        version.row.dataset.refresh_from_db()
        lawful = version.servable and any(
            self._allows(each, version) for each in self.market.licensed if each.buyer == buyer
        )
        before = AccessRecord.objects.count()
        manifest = possible(lambda: services.deliver_manifest(actor=buyer, key=None, version=version.row))
        assert bool(manifest) == lawful
        assert AccessRecord.objects.count() == before + (len(version.holds) if lawful else 0)

    @staticmethod
    def _allows(each: Licensed, version: Published) -> bool:
        in_range = each.state == "active" and version.row.minor >= each.minor
        return in_range and (each.pinned is version or version.covers(each.license_id))

    @invariant()
    def nothing_is_false(self) -> None:
        found = {each.statement: list(each.check()) for each in invariants() if each.id in WATCHED}
        assert {statement: problems for statement, problems in found.items() if problems} == {}


@pytest.mark.django_db
@pytest.mark.slow
def test_whatever_people_do_in_whatever_order(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGE_DIR = tmp_path / "objects"
    run_state_machine_as_test(Marketplace, settings=MACHINE)
