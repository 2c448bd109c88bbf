"""Bringing the sample marketplace to life by the services that users reach, one step per use case.

Deterministic and repeatable: a dataset that is there already is left as it is.
"""

import hashlib
from collections.abc import Callable

from django.conf import settings

from collective.accounts.models import Organization, User
from collective.accounts.services import create_organization, register_user
from collective.catalog import services as catalog
from collective.catalog.models import Contribution, Dataset
from collective.catalog.selectors import latest_version
from collective.core.jobs.drain import drain
from collective.core.storage import incoming
from collective.core.storage.base import PartSpec
from collective.sample.plan import ACCOUNTS, BUYER, DATASETS, ORGANIZATION, PASSWORD, STEWARD, Hand, SampleDataset
from ingestion.domain.parts import PartDigest
from ingestion.services import complete_upload, publish_version, sign_parts, start_upload
from licensing.domain.actions import ACTION_CODES
from licensing.domain.declarations import Consent, Declaration, Source
from licensing.models import Offer
from licensing.selectors import current_notice, current_statement, published_licenses
from licensing.services import declare_rights, publish_offer
from payments.services import pay_simulated, place_order

Say = Callable[[str], None]


class SampleIncompleteError(Exception):
    """A step of the sample did not end as it should; the text says which."""


def load(say: Say) -> None:
    """Accounts, datasets, offers and one sale. `say` is told what happens."""
    people = {account.email: _person(account.email) for account in ACCOUNTS}
    organization = _organization(people[STEWARD])
    for plan in DATASETS:
        if not Dataset.objects.filter(organization=organization, slug=plan.slug).exists():
            say(plan.title)
            _dataset(plan, organization, people)
    _sale(people[BUYER])


def _person(email: str) -> User:
    known = User.objects.filter(email=email).first()
    account = next(account for account in ACCOUNTS if account.email == email)
    return known or register_user(email=email, name=account.name, password=PASSWORD, is_staff=account.is_staff)


def _organization(steward: User) -> Organization:
    slug, name = ORGANIZATION
    known = Organization.objects.filter(slug=slug).first()
    return known or create_organization(actor=steward, name=name, slug=slug, kind="nonprofit")


def _dataset(plan: SampleDataset, organization: Organization, people: dict[str, User]) -> None:
    steward = people[STEWARD]
    dataset = catalog.create_dataset(
        actor=steward,
        organization_id=organization.pk,
        slug=plan.slug,
        title=plan.title,
        modality=plan.modality,
        summary=plan.summary,
        task=plan.task,
        languages=plan.languages,
        card=plan.card,
        open_to_contributions=True,
    )
    handed_in = [_hand_in(dataset, plan, hand, people[hand.email]) for hand in plan.hands]
    if not handed_in:
        return
    drain()
    for contribution in handed_in:
        catalog.decide_contribution(actor=steward, contribution_id=contribution.pk, accept=True)
    publish_version(actor=steward, dataset_id=dataset.pk, notes="The first version.")
    drain()
    if latest_version(dataset) is None:
        raise SampleIncompleteError(f"{plan.slug} was not published")
    _offer(dataset, plan, steward)


def _hand_in(dataset: Dataset, plan: SampleDataset, hand: Hand, contributor: User) -> Contribution:
    contribution = catalog.start_contribution(actor=contributor, dataset_id=dataset.pk, title=hand.title)
    _upload(contributor, contribution, hand)
    declare_rights(actor=contributor, contribution_id=contribution.pk, declaration=_declaration(plan, contributor))
    drain()
    return catalog.submit_contribution(actor=contributor, contribution_id=contribution.pk)


def _upload(contributor: User, contribution: Contribution, hand: Hand) -> None:
    """One part, put into the store from this side: the files are small."""
    content = hand.content()
    upload = start_upload(
        actor=contributor, contribution_id=contribution.pk, name=hand.file_name, size=len(content), fingerprint=""
    )
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    digest = PartDigest(1, len(content), md5, hashlib.sha256(content).hexdigest())
    sign_parts(actor=contributor, upload_id=upload.pk, parts=[digest])
    upload.refresh_from_db()
    incoming().put_part(upload.key, upload.storage_id, PartSpec(1, len(content), md5), content)
    complete_upload(actor=contributor, upload_id=upload.pk)


def _declaration(plan: SampleDataset, contributor: User) -> Declaration:
    source = Source(
        kind="machine-generated" if "program" in plan.source else "primary",
        description=plan.source,
        rights_role="rightsholder",
        license_id=plan.material_license,
    )
    consent = Consent(
        notice_sha256=current_notice().text_sha256, answers=dict.fromkeys(ACTION_CODES, True), commercial=True
    )
    return Declaration(source, consent, current_statement().text_sha256, contributor.name)


def _offer(dataset: Dataset, plan: SampleDataset, steward: User) -> None:
    licenses = {each.license_id: each for each in published_licenses()}
    for offer in plan.offers:
        publish_offer(
            actor=steward,
            dataset_id=dataset.pk,
            license_version_id=licenses[offer.license_id].pk,
            price_minor=offer.price_minor,
            currency=offer.currency,
        )


def _sale(buyer: User) -> None:
    """The first sale, so that the earnings pages have something to show."""
    offer = Offer.objects.filter(state="live", dataset__slug=DATASETS[0].slug, price_minor__gt=0).first()
    if offer is None or buyer.orders.exists():
        return
    order = place_order(
        actor=buyer,
        offer_id=offer.pk,
        offer_sha256=offer.offer_sha256,
        licensee_id=buyer.personal_organization.pk,
        client_ref="sample",
        accepted=True,
    )
    # Where payments are real, the sample shows an order that waits for its payment.
    if settings.PAYMENT_RAIL == "embedded":
        pay_simulated(actor=buyer, order_id=order.pk)
    drain()
