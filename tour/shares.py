"""Who gets how many cents, worked out here on its own: the tour does not trust the marketplace's arithmetic."""

from collections import defaultdict
from fractions import Fraction

STEWARD = "steward"


def expected_shares(price: int, records: dict[str, int], *, steward_bps: int) -> dict[str, int]:
    """`price` minor units by largest remainder over exact fractions, the steward's share included."""
    whole = sum(records.values())
    quota = {name: Fraction(price * count * (10_000 - steward_bps), whole * 10_000) for name, count in records.items()}
    quota[STEWARD] = Fraction(price * steward_bps, 10_000)
    shares = {name: int(exact) for name, exact in quota.items()}
    ranked = sorted(quota, key=lambda name: (quota[name] - shares[name], quota[name]), reverse=True)
    for name in ranked[: price - sum(shares.values())]:
        shares[name] += 1
    return shares


def by_weight(shares: dict[str, int], records: dict[str, int]) -> dict[int, list[int]]:
    """Amounts per number of records. Among equals the marketplace's key decides who gets the last cent, so compare
    what equals get together, not who of them got it."""
    amounts = defaultdict(list)
    for name, amount in shares.items():
        amounts[records.get(name, 0)].append(amount)
    return {count: sorted(same) for count, same in amounts.items()}
