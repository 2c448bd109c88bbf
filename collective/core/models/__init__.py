"""Rows of the spine."""

from collective.core.models.audit import AuditEvent, AuditHead
from collective.core.models.event import InboxMessage, OutboxEvent
from collective.core.models.idempotency import Heartbeat, IdempotencyKey
from collective.core.models.job import JOB_STATES, Job

__all__ = [
    "JOB_STATES",
    "AuditEvent",
    "AuditHead",
    "Heartbeat",
    "IdempotencyKey",
    "InboxMessage",
    "Job",
    "OutboxEvent",
]
