"""The frozen split: exact proportions, merged payees, a hash that does not depend on order."""

from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collective.catalog.domain.splits import BPS, Share, split_by_records, split_hash

STEWARD = UUID(int=99)
RECORDS = st.dictionaries(st.integers(1, 20).map(lambda n: UUID(int=n)), st.integers(1, 10**6), min_size=1, max_size=8)


@given(RECORDS, st.integers(0, BPS))
def test_the_steward_gets_exactly_their_basis_points(records: dict[UUID, int], steward_bps: int) -> None:
    shares = {
        share.payee_id: share.weight for share in split_by_records(records, steward_id=STEWARD, steward_bps=steward_bps)
    }
    whole = sum(shares.values())
    assert Fraction(shares.get(STEWARD, 0), whole) == Fraction(steward_bps, BPS)
    for payee, count in records.items():
        expected = Fraction(count, sum(records.values())) * Fraction(BPS - steward_bps, BPS)
        assert Fraction(shares.get(payee, 0), whole) == expected


def test_a_steward_who_contributes_has_one_merged_weight() -> None:
    shares = split_by_records({STEWARD: 10, UUID(int=1): 10}, steward_id=STEWARD, steward_bps=1000)
    assert shares == [Share(UUID(int=1), 90_000), Share(STEWARD, 110_000)]


def test_nobody_is_listed_with_nothing() -> None:
    assert split_by_records({UUID(int=1): 5}, steward_id=STEWARD, steward_bps=0) == [Share(UUID(int=1), 50_000)]


def test_more_than_everything_is_refused() -> None:
    with pytest.raises(ValueError, match="steward_bps"):
        split_by_records({UUID(int=1): 5}, steward_id=STEWARD, steward_bps=BPS + 1)


@given(st.permutations([Share(UUID(int=n), n * 7) for n in range(1, 6)]))
def test_the_hash_does_not_depend_on_order(shares: list[Share]) -> None:
    assert split_hash(shares) == split_hash(sorted(shares, key=lambda share: share.payee_id))


def test_the_hash_sees_every_weight() -> None:
    assert split_hash([Share(STEWARD, 1)]) != split_hash([Share(STEWARD, 2)])
