"""Housekeeping of the spine."""

from collective.core.idempotency import forget_answers
from collective.core.jobs import every, job

job("core.forget_answers")(forget_answers)
every(24 * 3600, "core.forget_answers")
