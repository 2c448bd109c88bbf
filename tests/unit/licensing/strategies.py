"""Terms and rights as hypothesis makes them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from licensing.domain.actions import ACTION_CODES, PURPOSE_CODES
from licensing.domain.blockers import ContributionRights
from licensing.domain.library import MATERIAL_NAMES
from licensing.domain.terms import Terms
from licensing.domain.training import Held, Job

IDS = ("CC0-1.0", "CC-BY-SA-4.0", "ODbL-1.0", "LicenseRef-A", "LicenseRef-B")
VALUES = st.sampled_from(["permit", "prohibit", "unspecified", "duty"])
actions = st.dictionaries(st.sampled_from(ACTION_CODES), VALUES)
targets = st.frozensets(st.sampled_from(IDS), max_size=2)

terms = st.builds(
    Terms,
    license_id=st.sampled_from(IDS),
    actions=actions,
    commercial=st.sampled_from(["permit", "prohibit", "unspecified", "tiered"]),
    attribute=st.booleans(),
    include_text=st.booleans(),
    share_alike=targets,
)
rights = st.builds(
    ContributionRights,
    contribution_id=st.integers(0, 2**128 - 1).map(lambda number: UUID(int=number)),
    title=st.text(max_size=5),
    material_license=st.sampled_from([*MATERIAL_NAMES, "", "BSL-1.1"]),
    answers=st.dictionaries(st.sampled_from(PURPOSE_CODES), st.sampled_from(["given", "refused"])),
    commercial=st.booleans(),
    consented=st.booleans(),
    withdrawn=st.booleans(),
    attested=st.booleans(),
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
moments = st.none() | st.integers(-2, 2).map(lambda hours: NOON + timedelta(hours=hours))
codes = st.lists(st.sampled_from(["*", "EU", "FR", "SN"]), max_size=3).map(tuple)


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(["*", *values]), max_size=2).map(tuple)


held = st.builds(
    Held,
    terms=st.builds(
        replace,
        terms,
        dataset=st.sampled_from(["", "a/one 1.0.0", "b/two 1.0.0"]),
        share_alike_reaches_model=st.booleans(),
        delete_on_withdrawal=st.sampled_from(["", "P30D"]),
        territory=codes,
        purposes=some("research"),
        fields=some("asr"),
        licensee_types=some("sme"),
        seats=st.none() | st.integers(0, 4),
        compute_flop=st.none() | st.integers(0, 4),
        starts_at=moments,
        ends_at=moments,
    ),
    state=st.sampled_from(["active", "active", "suspended", "revoked", "expired"]),
    withdrawn=st.booleans(),
)
jobs = st.builds(
    Job,
    action=st.sampled_from(ACTION_CODES),
    at=st.just(NOON),
    licensee_type=st.sampled_from(["sme", "academic"]),
    territory=codes.filter(bool),
    purpose=st.sampled_from(["", "research", "product"]),
    field=st.sampled_from(["", "asr", "tts"]),
    commercial=st.booleans(),
    release=st.sampled_from(["none", "api", "weights", "data"]),
    seats=st.integers(1, 4),
    flop=st.integers(0, 4),
)

# Ways to make a license stricter.
Restriction = Callable[[Held], Held]


def _stricter(**values: Any) -> Restriction:
    return lambda one: replace(one, terms=replace(one.terms, **values))


def _without(code: str) -> Restriction:
    return lambda one: replace(one, terms=replace(one.terms, actions={**one.terms.actions, code: "prohibit"}))


restrictions = st.sampled_from(
    [
        *map(_without, ACTION_CODES),
        _stricter(commercial="prohibit"),
        _stricter(attribute=True),
        _stricter(territory=()),
        _stricter(purposes=()),
        _stricter(fields=()),
        _stricter(licensee_types=()),
        _stricter(seats=0),
        _stricter(compute_flop=0),
        _stricter(ends_at=NOON),
        _stricter(share_alike_reaches_model=True),
        lambda one: replace(one, state="revoked"),
        lambda one: replace(one, withdrawn=True),
    ]
)
