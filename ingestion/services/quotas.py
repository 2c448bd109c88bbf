"""How much may be held: by a contribution, by one person's open uploads, by an organization.

A file counts for the organization that stewards the dataset, which stores it, and for the contributor's own, so that
no stranger can fill another's quota with what costs nothing. It counts from its announcement until its bytes are gone.
"""

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.catalog.models import Contribution
from collective.core import audit
from collective.core.web.sizes import bytes_text
from ingestion.errors import ContributionFullError, QuotaExceededError, TooManyOpenUploadsError
from ingestion.models import StorageQuota, Upload

GIB = 1024**3


def lock_room(contribution: Contribution) -> None:
    """Whoever begins uploads for the same organizations waits here until the transaction ends.

    SQLite has one writer at a time anyway. The order of the ids is the same for all, so no two wait for each other.
    """
    for organization in _bearers(contribution):
        StorageQuota.objects.get_or_create(organization=organization)
    list(_quotas(contribution).order_by("pk").select_for_update(no_key=True))


def take_room(*, actor: User, contribution: Contribution, count: int, size: int, announced: bool = False) -> None:
    """Count `count` new files of `size` bytes in all, under `lock_room`. Raises what says which limit is met.

    Announced files all wait for one commit, so of these there may be as many as fit into a contribution.
    """
    for organization in _bearers(contribution):
        _hold(organization, size)
    if announced:
        mine = Upload.objects.announced().filter(created_by=actor)
        _check_open(f"“{actor.name}”", mine, count, settings.CONTRIBUTION_MAX_FILES)
    else:
        _check_on_their_way(actor, contribution.dataset.organization, count)
    live = contribution.uploads.live()
    if live.count() + count > settings.CONTRIBUTION_MAX_FILES:
        raise ContributionFullError(limit=f"{settings.CONTRIBUTION_MAX_FILES} files")
    total = live.aggregate(total=Sum("size"))["total"] or 0
    if total + size > settings.CONTRIBUTION_MAX_BYTES:
        raise ContributionFullError(limit=f"{settings.CONTRIBUTION_MAX_BYTES // GIB} GiB")


@transaction.atomic
def give_back(upload: Upload) -> None:
    """The bytes have left the store. Saying so twice counts once."""
    if Upload.objects.filter(pk=upload.pk, dropped_at=None).update(dropped_at=timezone.now()):
        for organization in _bearers(upload.contribution):
            StorageQuota.objects.filter(pk=organization.pk).update(held_bytes=F("held_bytes") - upload.size)


def limit_of(organization: Organization) -> int:
    """Bytes that it may hold: the operator's word, else the default of its kind."""
    own = StorageQuota.objects.filter(pk=organization.pk).values_list("limit_bytes", flat=True).first()
    return _default(organization) if own is None else own


@transaction.atomic
def set_quota(*, actor: User | None, organization: Organization, limit_bytes: int | None, reason: str) -> StorageQuota:
    """The operator's word about one organization; None goes back to the default. What it holds already stays."""
    quota, _ = StorageQuota.objects.get_or_create(organization=organization)
    before, quota.limit_bytes = quota.limit_bytes, limit_bytes
    quota.save(update_fields=["limit_bytes"])
    audit.record(
        actor=actor, action="ingestion.quota_set", obj=organization, reason=reason, before=before, after=limit_bytes
    )
    return quota


def _bearers(contribution: Contribution) -> list[Organization]:
    both = {each.pk: each for each in (contribution.dataset.organization, contribution.payee)}
    return [both[key] for key in sorted(both)]


def _quotas(contribution: Contribution) -> "QuerySet[StorageQuota]":
    return StorageQuota.objects.filter(pk__in=[each.pk for each in _bearers(contribution)])


def _default(organization: Organization) -> int:
    personal: int = settings.PERSONAL_QUOTA_BYTES
    return personal if organization.is_personal else int(settings.ORGANIZATION_QUOTA_BYTES)


def _hold(organization: Organization, size: int) -> None:
    """One conditional UPDATE: of many who race for the last bytes, only those that fit change a row."""
    most = Coalesce("limit_bytes", Value(_default(organization)))
    fitting = StorageQuota.objects.filter(pk=organization.pk, held_bytes__lte=most - Value(size))
    if fitting.update(held_bytes=F("held_bytes") + size):
        return
    held = StorageQuota.objects.get(pk=organization.pk).held_bytes
    limit = limit_of(organization)
    raise QuotaExceededError(
        name=organization.name,
        needed=bytes_text(size),
        used=bytes_text(held),
        most=bytes_text(limit),
        organization=str(organization.pk),
        size=size,
        held=held,
        limit=limit,
    )


def _check_on_their_way(actor: User, steward: Organization, count: int) -> None:
    mine = Upload.objects.on_their_way().filter(created_by=actor)
    _check_open(f"“{actor.name}”", mine, count, settings.OPEN_UPLOADS_PER_PERSON)
    theirs = Upload.objects.on_their_way().filter(contribution__dataset__organization=steward)
    _check_open(f"“{steward.name}”", theirs, count, settings.OPEN_UPLOADS_PER_ORGANIZATION)


def _check_open(who: str, uploads: "QuerySet[Upload]", more: int, limit: int) -> None:
    count = uploads.count()
    if count + more > limit:
        raise TooManyOpenUploadsError(who=who, count=count, limit=limit)
