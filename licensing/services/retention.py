"""Proof goes when it is not needed any more, and what nobody attached to anything goes too. Hashes stay."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from collective.catalog.models import Contribution
from collective.core import audit
from collective.core.storage import incoming
from licensing.models import AccessFile, Agreement, AgreementEvidence, Evidence
from licensing.selectors.retention import held_since, needed_until
from licensing.services import access_files, evidence


def delete_evidence() -> int:
    """Job, daily: proof of consents that ended long enough ago (`EVIDENCE_RETENTION_DAYS`). Returns how many."""
    before = timezone.now() - timedelta(days=settings.EVIDENCE_RETENTION_DAYS)
    due = list(held_since(before).values_list("pk", "contribution"))
    keys = [_delete(evidence_id, contribution_id, before) for evidence_id, contribution_id in due]
    for key in filter(None, keys):
        # Should this be missed, the bytes are nobody's from now on, and are swept away as such.
        incoming().delete(key)
    return len([key for key in keys if key])


def delete_acceptance_evidence() -> int:
    """Job, daily: addresses behind acceptances, and the salts of their hashes, which stay. Returns how many."""
    before = timezone.now() - timedelta(days=settings.ACCEPTANCE_EVIDENCE_DAYS)
    due = AgreementEvidence.objects.filter(agreement__concluded_at__lte=before)
    return sum(_forget_acceptance(pk) for pk in list(due.values_list("pk", flat=True)))


def sweep_private_files() -> int:
    """Job, daily: files that came with no request in the end, and bytes that no row names. Returns how many."""
    before = timezone.now() - timedelta(hours=settings.UPLOAD_ORPHAN_HOURS)
    loose = AccessFile.objects.filter(used=None, deleted_at=None, at__lt=before).values_list("pk", flat=True)
    for file_id in list(loose):
        _forget(file_id)
    return _sweep(before)


@transaction.atomic
def _delete(evidence_id: UUID, contribution_id: UUID, before: datetime) -> str:
    """The key of what has to go, or an empty text. The contribution is locked, as by whoever brings in answers."""
    Contribution.objects.select_for_update(no_key=True).get(pk=contribution_id)
    row = Evidence.objects.select_related("contribution").get(pk=evidence_id)
    until = needed_until(row)
    if not row.is_held or until is None or until > before:
        return ""
    row.deleted_at = timezone.now()
    row.save(update_fields=["deleted_at"])
    audit.record(actor=None, action="licensing.evidence_deleted", obj=row, kind=row.kind, sha256=row.sha256)
    shared = Evidence.objects.filter(storage_key=row.storage_key, deleted_at=None).exists()
    return "" if shared else row.storage_key


@transaction.atomic
def _forget_acceptance(agreement_id: UUID) -> int:
    gone, _ = AgreementEvidence.objects.filter(pk=agreement_id).delete()
    if gone:
        agreement = Agreement.objects.get(pk=agreement_id)
        audit.record(actor=None, action="licensing.acceptance_evidence_deleted", obj=agreement)
    return gone


@transaction.atomic
def _forget(file_id: UUID) -> None:
    row = AccessFile.objects.select_for_update(no_key=True).get(pk=file_id)
    if row.deleted_at is None and not row.is_attached:
        row.deleted_at = timezone.now()
        row.save(update_fields=["deleted_at"])
        audit.record(actor=None, action="licensing.access_file_deleted", obj=row, sha256=row.sha256)


def _sweep(before: datetime) -> int:
    """A row is written after its bytes: what is young is not looked at."""
    folders = (f"{evidence.FOLDER}/", f"{access_files.FOLDER}/")
    ours = [leftover for leftover in incoming().older_than(before) if leftover.key.startswith(folders)]
    loose = [leftover for leftover in ours if not _is_named(leftover.key)]
    for leftover in loose:
        incoming().discard(leftover)
    return len(loose)


def _is_named(key: str) -> bool:
    return (
        Evidence.objects.filter(storage_key=key, deleted_at=None).exists()
        or AccessFile.objects.filter(storage_key=key, deleted_at=None).exists()
    )
