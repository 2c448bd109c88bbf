"""The people and things that the matrix is asked about, made by the services that users reach."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.catalog.services import decide_contribution
from collective.core.ids import new_id
from collective.core.models import Job
from collective.core.storage import published
from licensing.models import LicenseVersion, Offer
from licensing.services import publish_offer
from payments.models import Order
from payments.services import pay_simulated, place_order
from tests.contract.matrix import ACTORS
from tests.factories import ContributionFactory, DatasetFactory, UserFactory
from tests.integration.ingestion.flow import published_version, submitted

LINES = b"".join(json.dumps({"text": f"line {number}"}).encode() + b"\n" for number in range(5))


@dataclass(frozen=True)
class World:
    """`people` by actor. `dataset` is published, on offer, and sold to the buyer; the contributor's part of it is
    `contribution`. `draft_dataset` and `draft_contribution` are nobody else's business."""

    people: dict[str, User]
    organization: Organization
    dataset: Dataset
    version: DatasetVersion
    contribution: Contribution
    offer: Offer
    order: Order
    draft_dataset: Dataset
    draft_contribution: Contribution
    dead_job: Job
    object_sha256: str

    @property
    def organization_path(self) -> dict[str, Any]:
        return {"slug": self.organization.slug}

    @property
    def dataset_path(self) -> dict[str, Any]:
        return {"organization": self.organization.slug, "slug": self.dataset.slug}

    @property
    def draft_dataset_path(self) -> dict[str, Any]:
        return {"organization": self.organization.slug, "slug": self.draft_dataset.slug}

    @property
    def contribution_path(self) -> dict[str, Any]:
        return {"contribution_id": self.contribution.pk}

    @property
    def draft_contribution_path(self) -> dict[str, Any]:
        return {"contribution_id": self.draft_contribution.pk}

    @property
    def order_path(self) -> dict[str, Any]:
        return {"order_id": self.order.pk}

    @property
    def no_subscription(self) -> dict[str, Any]:
        """Nobody subscribed to anything here."""
        return {"subscription_id": self.order.pk}

    @property
    def offer_path(self) -> dict[str, Any]:
        return {"offer_id": self.offer.pk}

    @property
    def dead_job_path(self) -> dict[str, Any]:
        return {"job_id": self.dead_job.pk}


def build_world() -> World:
    people = {actor: UserFactory.create(name=actor, is_staff=actor == "operator") for actor in ACTORS[1:]}
    dataset = DatasetFactory.create(steward=people["steward"], slug="open", visibility="public")
    contribution = _accepted(dataset, people)
    version = published_version(dataset)
    offer = _offer(dataset, people["steward"])
    draft = DatasetFactory.create(
        organization=dataset.organization,
        created_by=people["steward"],
        slug="draft",
        visibility="private",
        open_to_contributions=False,
    )
    return World(
        people=people,
        organization=dataset.organization,
        dataset=Dataset.objects.get(pk=dataset.pk),
        version=version,
        contribution=contribution,
        offer=offer,
        order=_sold(offer, people["buyer"]),
        draft_dataset=draft,
        draft_contribution=ContributionFactory.create(dataset=dataset, contributor=people["contributor"]),
        dead_job=_dead_job(),
        object_sha256=_stored_object(),
    )


def _accepted(dataset: Dataset, people: dict[str, User]) -> Contribution:
    made: Contribution = ContributionFactory.create(dataset=dataset, contributor=people["contributor"])
    submitted(made, ("lines.jsonl", LINES))
    return decide_contribution(actor=people["steward"], contribution_id=made.pk, accept=True)


def _offer(dataset: Dataset, steward: User) -> Offer:
    terms = LicenseVersion.objects.get(template__license_id="CC-BY-4.0")
    return publish_offer(
        actor=steward, dataset_id=dataset.pk, license_version_id=terms.pk, price_minor=1000, currency="EUR"
    )


def _sold(offer: Offer, buyer: User) -> Order:
    order = place_order(
        actor=buyer,
        offer_id=offer.pk,
        offer_sha256=offer.offer_sha256,
        licensee_id=buyer.personal_organization.pk,
        client_ref=str(new_id()),
        accepted=True,
    )
    return pay_simulated(actor=buyer, order_id=order.pk)


def _dead_job() -> Job:
    return Job.objects.create(
        name="core.deliver_event", key="matrix:dead", state="dead", reason="It broke.", due_at=timezone.now()
    )


def _stored_object() -> str:
    content = b"published bytes"
    digest = hashlib.sha256(content).hexdigest()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "object"
        path.write_bytes(content)
        published().put(path, sha256=digest)
    return digest
