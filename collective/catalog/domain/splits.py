"""Who shares a version's revenue: integer weights per payee, frozen when the version is published."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import rfc8785

BPS = 10_000


@dataclass(frozen=True)
class Share:
    payee_id: UUID
    weight: int


def split_by_records(records: Mapping[UUID, int], *, steward_id: UUID, steward_bps: int) -> list[Share]:
    """Weights from records per payee, with the steward's share in basis points of the whole.

    A record weighs `10,000 − steward_bps`, and the steward `steward_bps` per record of anybody, so every weight is a
    whole number and the proportions are exact. A steward who also contributed gets one merged weight.
    """
    if not 0 <= steward_bps <= BPS:
        raise ValueError(f"steward_bps is {steward_bps}, not between 0 and {BPS}")
    weights: Counter[UUID] = Counter({payee: count * (BPS - steward_bps) for payee, count in records.items()})
    weights[steward_id] += sum(records.values()) * steward_bps
    return [Share(payee, weight) for payee, weight in sorted(weights.items()) if weight]


def split_hash(shares: list[Share]) -> str:
    """SHA-256 of the canonical JSON of the sorted (payee, weight) pairs; weights as text, as they may pass 2^53."""
    pairs = sorted((str(share.payee_id), str(share.weight)) for share in shares)
    return hashlib.sha256(rfc8785.dumps([list(pair) for pair in pairs])).hexdigest()


@dataclass(frozen=True)
class Held:
    """A payee's frozen weight in a version, and the records it comes from."""

    weight: int
    records: int


def split_without(held: Mapping[UUID, Held], gone: Mapping[UUID, int], *, steward_id: UUID) -> list[Share]:
    """The split of what is left when `gone` records per payee were taken back; empty when nothing is left.

    The steward's share of the whole stays what it was when the split was frozen.
    """
    left = {payee: max(0, each.records - gone.get(payee, 0)) for payee, each in held.items()}
    return split_by_records(left, steward_id=steward_id, steward_bps=_steward_bps(held, steward_id))


def _steward_bps(held: Mapping[UUID, Held], steward_id: UUID) -> int:
    """Read back from the weights, by which `split_by_records` made them."""
    steward = held.get(steward_id, Held(0, 0))
    others = sum(each.records for each in held.values()) - steward.records
    return (steward.weight - BPS * steward.records) // others if others else 0
