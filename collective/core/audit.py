"""The audit trail: appended in the transaction of the change it tells of, chained by hash."""

import hashlib
from typing import Any
from uuid import UUID

import rfc8785
from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from collective.core.models import AuditEvent, AuditHead


@transaction.atomic
def record(
    *,
    actor: AbstractBaseUser | None,
    action: str,
    obj: models.Model,
    reason: str = "",
    stream: str = "main",
    **data: Any,
) -> AuditEvent:
    """Append one event. `actor` is None for the system itself. `data` is JSON-ready and holds no personal data."""
    AuditHead.objects.get_or_create(stream=stream)
    head = AuditHead.objects.select_for_update(no_key=True).get(stream=stream)
    event = AuditEvent(
        stream=stream,
        seq=head.seq + 1,
        previous_hash=head.hash,
        actor_id=getattr(actor, "pk", None),
        action=action,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        reason=reason,
        data={name: _plain(value) for name, value in data.items()},
        at=timezone.now(),
    )
    event.hash = link_hash(event)
    event.save(force_insert=True)
    AuditHead.objects.filter(stream=stream).update(seq=event.seq, hash=event.hash)
    return event


def link_hash(event: AuditEvent) -> str:
    """SHA-256(previous hash ‖ RFC 8785 canonical JSON of everything the row says)."""
    body = {
        "id": str(event.id),
        "stream": event.stream,
        "seq": event.seq,
        "actor": str(event.actor_id) if event.actor_id else None,
        "action": event.action,
        "object": [event.object_type, event.object_id],
        "reason": event.reason,
        "data": event.data,
        "at": event.at.isoformat(),
    }
    return hashlib.sha256(event.previous_hash.encode() + rfc8785.dumps(body)).hexdigest()


def broken_links(stream: str) -> list[str]:
    """What is wrong with a stream: a gap, a changed row, or a head that does not match the last row."""
    head, problems = AuditHead.objects.get(stream=stream), []
    seq, last = 0, "0" * 64
    for event in AuditEvent.objects.filter(stream=stream).order_by("seq").iterator():
        seq += 1
        if (event.seq, event.previous_hash, event.hash) != (seq, last, link_hash(event)):
            problems.append(f"{stream} #{event.seq}: the row or its link was changed")
        seq, last = event.seq, event.hash
    if (head.seq, head.hash) != (seq, last):
        problems.append(f"{stream}: the head does not match the last row")
    return problems


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
