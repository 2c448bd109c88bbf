"""Concluding a license, and everything that can happen to it afterwards."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.catalog.models import DatasetVersion
from collective.catalog.selectors import latest_version
from collective.core import audit
from collective.core.domain.money import Money
from collective.core.ids import new_id
from licensing.domain import ranges, status_list
from licensing.domain.claims import AcceptanceRecord
from licensing.domain.hashing import bytes_sha256, canonical_sha256
from licensing.domain.library import TEXTS
from licensing.domain.plans import Licensee
from licensing.errors import AlreadyLicensedError, GrantNotFoundError, NotRenewedError, OfferChangedError
from licensing.models import Agreement, AgreementEvidence, LicenseGrant, LicenseVersion, Offer
from licensing.policies import check_can_suspend
from licensing.selectors import current_grant, grant_of_order, text_accepted, version_blockers
from licensing.services import exclusivity, keys
from licensing.services.seats import carry_seats
from licensing.services.selling import check_version_licensable
from licensing.services.signing import signed
from licensing.services.story import note


@transaction.atomic
def issue_grant(
    *,
    order_id: UUID,
    offer_id: UUID,
    version_id: UUID,
    licensee_id: UUID,
    accepted_by: User,
    acceptance: AcceptanceRecord,
    renewed_from: datetime | None = None,
) -> LicenseGrant:
    """Conclude the license of a settled (or free) order, in the caller's transaction. One grant per order, for ever.

    The price is the offer's. If `version_id` was withdrawn since the order, the version that replaced it is pinned.
    An offer that was retired since the order still counts. `renewed_from` is when the next period of a subscription
    begins: its license takes the place of the one before, with its seats, and without a moment between.

    Raises OfferChangedError (another offer was accepted), what `check_version_licensable` raises (it may not be
    licensed any more), NotRenewedError (the one before is suspended) and AlreadyLicensedError: then the money must go
    back.
    """
    issued = grant_of_order(order_id)
    if issued is not None:
        return issued
    offer = Offer.objects.select_related("dataset__organization", "license_version__template").get(pk=offer_id)
    text = text_accepted(offer, acceptance.text_sha256)
    if acceptance.offer_sha256 != offer.offer_sha256 or text is None:
        raise OfferChangedError
    exclusivity.lock_for_sale(offer.dataset_id)
    # Locked: a withdrawal at this very moment comes before the sale, and is seen, or after it.
    ordered = DatasetVersion.objects.select_related("dataset").select_for_update(of=("self",), no_key=True)
    version = _version_to_pin(ordered.get(pk=version_id))
    licensee = Organization.objects.get(pk=licensee_id)
    said = Licensee(acceptance.licensee_type or licensee.kind, acceptance.licensee_country)
    check_version_licensable(offer, version, licensee, said)
    now = timezone.now().replace(microsecond=0)
    before = _step_aside(offer, licensee, order_id) if renewed_from else None
    _make_room(offer, licensee)
    starts_at, ends_at = offer.period_from(renewed_from or now)
    starts_at = min(starts_at, now) if before else starts_at
    exclusivity.check_not_taken(offer=offer, order_id=order_id, licensee=licensee, starts_at=starts_at, ends_at=ends_at)
    agreement = _conclude(order_id, offer, version, licensee, accepted_by, acceptance, text)
    grant = _grant(agreement, starts_at, ends_at, text)
    if before:
        carry_seats(before=before, after=grant)
    exclusivity.keep_scope(offer=offer, order_id=order_id, starts_at=starts_at, ends_at=ends_at)
    note(grant, "issued", actor=accepted_by)
    audit.record(actor=accepted_by, action="licensing.grant_issued", obj=grant, order=order_id, offer=offer.pk)
    return grant


@transaction.atomic
def suspend_grant(*, actor: User | None, grant_id: UUID, reason: str) -> LicenseGrant:
    """No new bytes until it is reinstated. `actor` None is the system (a disputed payment)."""
    return _change(actor, grant_id, "suspended", reason)


@transaction.atomic
def reinstate_grant(*, actor: User | None, grant_id: UUID, reason: str) -> LicenseGrant:
    return _change(actor, grant_id, "active", reason, kind="reinstated")


@transaction.atomic
def revoke_grant(*, actor: User | None, grant_id: UUID, reason: str) -> LicenseGrant:
    """For good: a refund, or a breach. Revoking a revoked grant changes nothing."""
    return _change(actor, grant_id, "revoked", reason)


@transaction.atomic
def end_grant(*, actor: User, grant_id: UUID, reason: str) -> LicenseGrant:
    """For good, because the licensee wants it. Precondition: the caller has decided that they may."""
    return _apply(actor, _found(grant_id), "revoked", reason)


@transaction.atomic
def expire_grants() -> int:
    """Give grants whose time is over that state; delivery refuses them from the second they end, without this."""
    over = LicenseGrant.objects.filter(state__in=["active", "suspended"], ends_at__lte=timezone.now())
    return sum(_expire(grant) for grant in over.select_related("pinned_version"))


@transaction.atomic
def repin_grants(*, version_id: UUID) -> int:
    """A new version is out: grants pinned to one with withdrawn content move to it, signed anew under the same id."""
    version = DatasetVersion.objects.select_related("dataset__organization").get(pk=version_id)
    waiting = LicenseGrant.objects.filter(
        dataset=version.dataset, state__in=["active", "suspended"], pinned_version__state="withdrawn_content"
    ).select_related("dataset__organization", "licensee", "license_version__template", "offer", "agreement__offer")
    moved = [grant for grant in waiting if grant.covers(version) and not _objections(grant, version)]
    for grant in moved:
        _repin(grant, version)
    return len(moved)


def _repin(grant: LicenseGrant, version: DatasetVersion) -> None:
    grant.pinned_version, grant.signing_key = version, keys.active_key()
    grant.jws = signed(grant)
    grant.save(update_fields=["pinned_version", "signing_key", "jws"])
    note(grant, "repinned", reason="content was withdrawn")
    audit.record(actor=None, action="licensing.grant_repinned", obj=grant, version=version.pk)


def _objections(grant: LicenseGrant, version: DatasetVersion) -> list[Any]:
    return version_blockers(version, grant.offer.terms_view)


def _version_to_pin(version: DatasetVersion) -> DatasetVersion:
    replacing = latest_version(version.dataset) if version.state == "withdrawn_content" else None
    return replacing or version


def _make_room(offer: Offer, licensee: Organization) -> None:
    """Grants whose time is over leave their place; a current one keeps it."""
    past = Q(ends_at__lte=timezone.now(), state__in=["active", "suspended"])
    mine = LicenseGrant.objects.filter(dataset=offer.dataset, licensee=licensee)
    for grant in mine.filter(past, license=offer.license_version.template):
        _expire(grant)
    if current_grant(offer.dataset, licensee, offer) is not None:
        raise AlreadyLicensedError(licensee=licensee.name, dataset=offer.dataset.title)


def _step_aside(offer: Offer, licensee: Organization, order_id: UUID) -> LicenseGrant | None:
    """The license of the period before makes room for the next, and what was kept for it alone passes on."""
    before = current_grant(offer.dataset, licensee, offer)
    if before is None:
        return None
    if before.state != "active":
        raise NotRenewedError(licensee=licensee.name, dataset=offer.dataset.title)
    _expire(before, reason="The next period is paid.")
    if exclusivity.release_scope([before.order_id]):
        exclusivity.reserve_scope(offer=offer, order_id=order_id, licensee=licensee, held_until=timezone.now())
    return before


def _conclude(
    order_id: UUID,
    offer: Offer,
    version: DatasetVersion,
    licensee: Organization,
    accepted_by: User,
    acceptance: AcceptanceRecord,
    text: LicenseVersion,
) -> Agreement:
    salt = secrets.token_hex(16)
    evidence = canonical_sha256(
        {
            "salt": salt,
            "ip": acceptance.ip,
            "user_agent": acceptance.user_agent,
            "at": acceptance.accepted_at.isoformat(),
        }
    )
    paid = offer.price_minor if acceptance.price_minor is None else acceptance.price_minor
    snapshot = {
        "v": 1,
        "order": str(order_id),
        "price": {"amount": Money(paid, offer.currency).decimal(), "currency": offer.currency},
        "offer": offer.snapshot,
        "offer_sha256": offer.offer_sha256,
        "version": {"number": version.number, "manifest_sha256": version.manifest_sha256},
        "licensor": {"slug": offer.dataset.organization.slug, "name": offer.dataset.organization.name},
        "licensee": {
            "slug": licensee.slug,
            "name": licensee.name,
            "kind": acceptance.licensee_type or licensee.kind,
            "evidence_sha256": acceptance.licensee_evidence_sha256,
        },
        "acceptance": {
            "user": str(accepted_by.pk),
            "role": acceptance.role,
            "text_sha256": text.text_sha256,
            "language": text.language,
            "wording_sha256": bytes_sha256((TEXTS / "authority-1.en.txt").read_bytes()),
            "at": acceptance.accepted_at.isoformat(),
            "method": acceptance.method,
            "evidence_sha256": evidence,
        },
    }
    agreement = Agreement.objects.create(
        order_id=order_id,
        offer=offer,
        version=version,
        licensee=licensee,
        accepted_by=accepted_by,
        accepted_at=acceptance.accepted_at,
        snapshot=snapshot,
        agreement_sha256=canonical_sha256(snapshot),
        concluded_at=timezone.now(),
    )
    AgreementEvidence.objects.create(
        agreement=agreement, ip=acceptance.ip or None, user_agent=acceptance.user_agent[:300], salt=salt
    )
    return agreement


def _grant(
    agreement: Agreement, starts_at: datetime, ends_at: datetime | None, accepted_text: LicenseVersion
) -> LicenseGrant:
    offer = agreement.offer
    grant = LicenseGrant(
        id=new_id(),
        agreement=agreement,
        order_id=agreement.order_id,
        dataset=offer.dataset,
        licensee=agreement.licensee,
        license=offer.license_version.template,
        license_version=accepted_text,
        offer=offer,
        version_range=ranges.caret_of(agreement.version.number),
        pinned_version=agreement.version,
        starts_at=starts_at,
        ends_at=ends_at,
        status_index=_free_index(),
        signing_key=keys.active_key(),
        issued_at=timezone.now().replace(microsecond=0),
        scope_sha256=offer.scope_sha256,
    )
    grant.jws = signed(grant)
    grant.save(force_insert=True)
    return grant


def _free_index() -> int:
    """A random place on a status list that is at most half full, so that a place says nothing about its neighbors."""
    first = LicenseGrant.objects.count() // (status_list.SIZE // 2) * status_list.SIZE
    while True:
        index = first + secrets.randbelow(status_list.SIZE)
        if not LicenseGrant.objects.filter(status_index=index).exists():
            return index


def _change(actor: User | None, grant_id: UUID, target: str, reason: str, *, kind: str = "") -> LicenseGrant:
    grant = _found(grant_id)
    if actor is not None:
        check_can_suspend(actor, grant)
    return _apply(actor, grant, target, reason, kind=kind)


def _found(grant_id: UUID) -> LicenseGrant:
    grant = LicenseGrant.objects.select_related("dataset__organization", "pinned_version").filter(pk=grant_id).first()
    if grant is None:
        raise GrantNotFoundError
    return grant


def _apply(actor: User | None, grant: LicenseGrant, target: str, reason: str, *, kind: str = "") -> LicenseGrant:
    if grant.state != target:
        grant.transition_to(target)
    elif target != "suspended" or grant.status_events.filter(kind=target).latest("at", "id").reason == reason:
        return grant
    # Also a second reason to be suspended is kept, so that an end of the first does not end both.
    note(grant, kind or target, actor=actor, reason=reason)
    audit.record(actor=actor, action=f"licensing.grant_{kind or target}", obj=grant, reason=reason)
    if target == "revoked":
        exclusivity.release_scope([grant.order_id])
    return grant


def _expire(grant: LicenseGrant, *, reason: str = "") -> bool:
    grant.transition_to("expired")
    note(grant, "expired", reason=reason)
    return True
