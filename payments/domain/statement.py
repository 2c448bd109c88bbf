"""A statement's words and numbers as one canonical piece of JSON, whose bytes are hashed and never change."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import rfc8785

from collective.core.domain.money import currency_of
from payments.domain.months import Month
from payments.domain.movements import PAID, RETURNED, Movement, balances

FORMAT = "data-collective-statement/1"
# Beside the sums of all, so that a busy day does not make everybody's statement long.
MOST_SALES = 20


@dataclass(frozen=True)
class Account:
    """Whose statement, and of what."""

    payee_id: UUID
    payee_name: str
    month: Month
    currency: str
    issuer: str


def statement_body(
    about: Account,
    *,
    number: str,
    corrects: str,
    opening: Mapping[str, int],
    paid_before: int,
    moved: Sequence[tuple[Movement, Mapping[str, Any]]],
) -> dict[str, Any]:
    """`moved` are movements in order, each with what explains it. Amounts are minor units.

    `paid_before` is what had left for the payee until the opening, less what had come back.
    """
    paid = sum(movement.amount for movement, _ in moved if movement.section in {PAID, RETURNED})
    closing = balances(before=opening, moved=[movement.parts for movement, _ in moved])
    return {
        "format": FORMAT,
        "issuer": about.issuer,
        "number": number,
        "corrects": corrects,
        "payee": {"id": str(about.payee_id), "name": about.payee_name},
        "month": str(about.month),
        "starts_at": moment_text(about.month.starts_at),
        "ends_at": moment_text(about.month.ends_at),
        "currency": about.currency,
        "exponent": currency_of(about.currency).exponent,
        "step": currency_of(about.currency).charge_step,
        "opening_minor": _with_total(balances(before=opening, moved=[])),
        "movements": [_movement(movement, explained) for movement, explained in moved],
        "closing_minor": _with_total(closing),
        "paid_minor": {"before": paid_before, "in_all": paid_before - paid},
    }


def same_money(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """The same movements between the same balances; names of things may have changed since."""
    return _money(one) == _money(other)


def canonical(body: Mapping[str, Any]) -> str:
    return rfc8785.dumps(dict(body)).decode()


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def moment_text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _with_total(parts: dict[str, int]) -> dict[str, int]:
    return {**parts, "total": sum(parts.values())}


def _movement(movement: Movement, explained: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "key": movement.key,
        "event": movement.event,
        "section": movement.section,
        "at": moment_text(movement.at),
        "amount_minor": movement.amount,
        "parts_minor": dict(movement.parts),
        **explained,
    }


def _money(body: Mapping[str, Any]) -> tuple[Any, ...]:
    moved = [(each["key"], each["parts_minor"]) for each in body["movements"]]
    return body["opening_minor"], moved, body["closing_minor"]
