"""What must never be false about rights, grants and deliveries."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from collective.catalog.models import Contribution, DatasetVersion, VersionContribution, Withdrawal, WithdrawnRecord
from collective.core.invariants import invariant
from licensing.domain.blockers import Blocker
from licensing.domain.hashing import canonical_sha256
from licensing.models import (
    AccessRecord,
    Agreement,
    ConsentEvent,
    ConsentEventRecord,
    GrantStatusEvent,
    LicenseGrant,
    Offer,
    OwnershipClaim,
    Seat,
    SubjectRecord,
)
from licensing.selectors import parties_of, seat_cap, version_blockers
from licensing.selectors.of_age import overdue
from licensing.selectors.ownership import grants_concerned
from licensing.selectors.withdrawals import grants_to_tell

# A withdrawal is stamped before it commits: what was asked for in between was answered rightly.
IN_FLIGHT = timedelta(seconds=5)
# How long the job that tells licensees may take.
TELLING = timedelta(hours=1)
# The job that asks who came of age runs once a day.
ASKING = timedelta(days=2)
LEAVE_THE_STATE = ("repinned", "reissued", "flagged")


@invariant("D2", "every record in a sealed version has a contribution with a source, a signature and an answer")
def versions_are_attested() -> Iterable[str]:
    held = Contribution.objects.filter(holdings__version__published_at__isnull=False).distinct()
    for contribution in held.filter(Q(attestations=None) | Q(sources=None) | Q(consent_events=None)):
        yield f"contribution {contribution.pk} is in a version without source, signature or consent"


@invariant("D2", "consent covered every sale, and every move to another version, at the moment when it was made")
def sales_are_covered() -> Iterable[str]:
    """What people answer later holds an offer back, and leaves a license that was given before as it is."""
    sales = Agreement.objects.select_related("offer__license_version__template", "version")
    for sale in sales.iterator(chunk_size=500):
        for each in _uncovered(sale.version, sale.offer, sale.accepted_at):
            yield f"agreement {sale.pk} covers contribution {each.contribution_id}: {each.code}"
    moves = GrantStatusEvent.objects.filter(kind="repinned")
    moves = moves.select_related("grant__offer__license_version__template", "version")
    for move in moves.iterator(chunk_size=500):
        for each in _uncovered(move.version, move.grant.offer, move.at):
            yield f"grant {move.grant_id} moved to contribution {each.contribution_id}: {each.code}"


def _uncovered(version: DatasetVersion, offer: Offer, at: datetime) -> list[Blocker]:
    """Judged before it was stamped, or against an answer that was stamped and not committed: either moment may do."""
    found = version_blockers(version, offer.terms_view, at=at)
    return found if found and version_blockers(version, offer.terms_view, at=at - IN_FLIGHT) else []


@invariant("D2", "no guardian's answer stands for somebody of age who was not asked, or did not answer in time")
def guardians_answers_end() -> Iterable[str]:
    for person, contribution in overdue(ASKING):
        yield f"a guardian still answers for {person} of age in contribution {contribution.pk}"


@invariant("D3", "a withdrawn consent is a withdrawn contribution, and no published version holds one")
def withdrawn_is_unservable() -> Iterable[str]:
    servable = DatasetVersion.objects.filter(state__in=["building", "published"])
    for contribution in Contribution.objects.filter(state="withdrawn", holdings__version__in=servable).distinct():
        yield f"withdrawn contribution {contribution.pk} is in a servable version"
    events = ConsentEvent.objects.filter(kind="withdrawn", record_count=None).filter(
        Q(subject=None) | Q(subject__is_whole=True)
    )
    for contribution in Contribution.objects.filter(pk__in=events.values("contribution")):
        parties = parties_of([contribution.pk])[contribution.pk]
        if contribution.state != "withdrawn" or not any(each.state.withdrawn for each in parties):
            yield f"consent of contribution {contribution.pk} is withdrawn and the contribution is not"


@invariant("D3", "a published version counts no record that was taken back")
def withdrawn_records_are_unservable() -> Iterable[str]:
    held = VersionContribution.objects.filter(version__state__in=["building", "published"])
    gone = Count("contribution__withdrawn_records")
    for row in held.annotate(gone=gone).filter(rows__gt=F("contribution__record_count") - F("gone")):
        yield f"version {row.version_id} counts withdrawn records of contribution {row.contribution_id}"


@invariant("D2", "what was taken back record by record is what people said, and what the catalog remembers")
def withdrawn_records_were_asked_for() -> Iterable[str]:
    events = ConsentEvent.objects.filter(kind="withdrawn", record_count__isnull=False)
    for event in events.annotate(named=Count("records")).exclude(named=F("record_count")):
        yield f"consent event {event.pk} is about {event.record_count} records and names others"
    known = WithdrawnRecord.objects.filter(
        contribution=OuterRef("event__contribution"), record_id=OuterRef("record_id")
    )
    for record in ConsentEventRecord.objects.filter(event__kind="withdrawn").exclude(Exists(known)):
        yield f"consent for record {record.record_id} is withdrawn and the record is not"


@invariant("D3", "the records of a person who took them back are withdrawn, each of them")
def records_of_the_withdrawn_are_gone() -> Iterable[str]:
    gone = WithdrawnRecord.objects.filter(
        contribution=OuterRef("subject__contribution"), record_id=OuterRef("record_id")
    )
    left = SubjectRecord.objects.filter(subject__consent_events__kind="withdrawn").exclude(Exists(gone))
    for row in left.exclude(subject__contribution__state="withdrawn").select_related("subject"):
        yield f"record {row.record_id} of contribution {row.subject.contribution_id} was taken back and is still in it"


@invariant("D3", "nothing was delivered from a version after something in it was withdrawn")
def nothing_delivered_after_withdrawal() -> Iterable[str]:
    late = AccessRecord.objects.filter(version__withdrawals__withdrawal__at__lt=F("at") - IN_FLIGHT).distinct()
    yield from (f"access {row.pk} to version {row.version_id} came after a withdrawal" for row in late)


@invariant("D4", "no delivery lies outside its grant's time, dataset and versions")
def deliveries_are_in_scope() -> Iterable[str]:
    rows = AccessRecord.objects.filter(role="licensee").select_related("grant", "version")
    for row in rows.iterator(chunk_size=500):
        grant = row.grant
        if grant is None or not grant.covers(row.version) or row.at < grant.starts_at or grant.is_over_at(row.at):
            yield f"access {row.pk} lies outside of grant {row.grant_id}"


@invariant("D4", "nothing was delivered under a grant while it was suspended or revoked")
def deliveries_are_under_active_grants() -> Iterable[str]:
    stops = GrantStatusEvent.objects.filter(kind__in=["suspended", "revoked", "expired"]).order_by("at")
    for stop in stops:
        again = (
            GrantStatusEvent.objects.filter(grant=stop.grant, kind="reinstated", at__gt=stop.at).order_by("at").first()
        )
        until = again.at if again else timezone.now()
        late = AccessRecord.objects.filter(grant=stop.grant, at__gt=stop.at, at__lt=until)
        yield from (f"access {row.pk} came while grant {stop.grant_id} was {stop.kind}" for row in late)


@invariant("D4", "agreements and offers still hash to what was accepted")
def hashes_hold() -> Iterable[str]:
    for offer in Offer.objects.iterator():
        if (
            canonical_sha256(offer.snapshot) != offer.offer_sha256
            or canonical_sha256(offer.terms) != offer.terms_sha256
        ):
            yield f"offer {offer.pk} does not match its hash"
    for agreement in Agreement.objects.select_related("offer").iterator():
        same_offer = agreement.snapshot["offer_sha256"] == agreement.offer.offer_sha256
        if canonical_sha256(agreement.snapshot) != agreement.agreement_sha256 or not same_offer:
            yield f"agreement {agreement.pk} does not match its hash"


@invariant("D4", "a grant tells its whole story: an issue event first, and its present state last")
def grants_tell_their_story() -> Iterable[str]:
    for grant in LicenseGrant.objects.prefetch_related("status_events"):
        story = [event.kind for event in sorted(grant.status_events.all(), key=lambda event: (event.at, event.id))]
        states = [kind for kind in story if kind not in LEAVE_THE_STATE]
        last = {"issued": "active", "reinstated": "active"}.get(states[-1], states[-1]) if states else ""
        if story[:1] != ["issued"] or last != grant.state:
            yield f"grant {grant.pk} is {grant.state} and its events say {story}"


@invariant("D9", "every licensee concerned was told of each withdrawal")
def licensees_were_told() -> Iterable[str]:
    for withdrawal in Withdrawal.objects.filter(at__lt=timezone.now() - TELLING).order_by("number"):
        told = set(withdrawal.notices.values_list("grant_id", flat=True))
        missing = [grant.pk for grant in grants_to_tell(withdrawal) if grant.pk not in told]
        yield from (f"grant {grant} was not told of withdrawal {withdrawal.number}" for grant in missing)


@invariant("D4", "no license is used by more people or service keys than its terms count")
def seats_are_within_the_cap() -> Iterable[str]:
    held = Seat.objects.filter(released_at=None).select_related("grant__offer")
    for seat in held.iterator(chunk_size=500):
        cap = seat_cap(seat.grant, seat.kind)
        if cap is not None and seat.number > cap:
            yield f"seat {seat.pk} has number {seat.number} of {cap}"


@invariant("D4", "no license of what an upheld claim is about is active")
def claimed_is_not_licensed() -> Iterable[str]:
    for claim in OwnershipClaim.objects.filter(state="upheld"):
        for grant in grants_concerned(claim).filter(state="active"):
            yield f"grant {grant.pk} is active although claim {claim.pk} was upheld"
