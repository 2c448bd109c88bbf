"""The shard plan: every record once, in order, and nothing rebuilt without need."""

from dataclasses import replace
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ingestion.domain.plan import (
    Key,
    Segment,
    Source,
    Target,
    extended,
    leaving_out,
    pack,
    place_of,
    recipe_sha256,
    rows_of,
    rows_of_places,
)

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)
TARGET = Target(rows=100, bytes=10_000)
SOLE = ("default", "train")

sources = st.lists(st.tuples(st.integers(1, 500), st.integers(0, 50_000)), min_size=1, max_size=8).map(
    lambda sizes: [Source(UUID(int=n), f"{n:064x}", rows, size) for n, (rows, size) in enumerate(sizes)]
)


def ranges(plan: list[tuple[Segment, ...]]) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for shard in plan:
        for each in shard:
            found.setdefault(each.prepared_sha256, []).append((each.first_row, each.first_row + each.rows))
    return found


@given(sources)
def test_every_row_lands_in_exactly_one_shard_in_order(given_sources: list[Source]) -> None:
    plan = pack(given_sources, TARGET)
    for source in given_sources:
        pieces = ranges(plan)[source.prepared_sha256]
        assert pieces[0][0] == 0
        assert pieces[-1][1] == source.rows
        assert all(left[1] == right[0] for left, right in pairwise(pieces))
    assert all(1 <= sum(each.rows for each in shard) <= TARGET.rows for shard in plan)


@given(sources, st.sets(st.integers(0, 7)))
def test_a_withdrawal_touches_only_the_shards_that_held_it(given_sources: list[Source], gone: set[int]) -> None:
    plan = pack(given_sources, TARGET)
    withdrawn = {UUID(int=n) for n in gone}
    left = extended(plan, [each for each in given_sources if each.contribution_id not in withdrawn], TARGET)
    assert not withdrawn & set(rows_of(left))
    untouched = [shard for shard in plan if not withdrawn & {each.contribution_id for each in shard}]
    assert [shard for shard in left if shard in untouched] == untouched
    assert rows_of(left) == {key: rows for key, rows in rows_of(plan).items() if key not in withdrawn}


@given(sources)
def test_extending_holds_every_row_once(given_sources: list[Source]) -> None:
    half = given_sources[: len(given_sources) // 2]
    plan = extended(pack(half, TARGET), given_sources, TARGET)
    assert rows_of(plan) == {source.contribution_id: source.rows for source in given_sources}
    assert all(pieces == sorted(pieces) for pieces in ranges(plan).values())


def test_full_shards_stay_as_they_are_and_a_small_last_one_is_opened_again() -> None:
    first, second = Source(A, "a" * 64, 120, 1200), Source(B, "b" * 64, 40, 400)
    plan = pack([first], TARGET)
    assert [sum(each.rows for each in shard) for shard in plan] == [100, 20]
    assert extended(plan, [first, second], TARGET) == [
        plan[0],
        (Segment(A, "a" * 64, 100, 20), Segment(B, "b" * 64, 0, 40)),
    ]


def test_nothing_new_changes_nothing() -> None:
    source = Source(A, "a" * 64, 120, 1200)
    plan = pack([source], TARGET)
    assert extended(plan, [source], TARGET) == plan


def test_bytes_limit_a_shard_as_well_as_rows() -> None:
    plan = pack([Source(A, "a" * 64, 10, 40_000)], TARGET)
    assert [each.rows for shard in plan for each in shard] == [2, 2, 2, 2, 2]


def test_a_row_larger_than_the_target_is_a_shard_of_its_own() -> None:
    plan = pack([Source(A, "a" * 64, 2, 50_000)], TARGET)
    assert [each.rows for shard in plan for each in shard] == [1, 1]


gone_rows = st.dictionaries(st.integers(0, 7), st.sets(st.integers(0, 499), max_size=20), max_size=8).map(
    lambda rows: {(f"{n:064x}", SOLE): gone for n, gone in rows.items()}
)


def held(plan: list[tuple[Segment, ...]]) -> list[tuple[str, int]]:
    """Every row that a plan of one place holds, in order."""
    return [
        (each.prepared_sha256, row)
        for shard in plan
        for each in shard
        for row in range(each.first_row, each.first_row + (each.span or each.rows))
        if row not in each.left_out
    ]


@given(sources, gone_rows)
def test_rows_that_are_left_out_are_missing_and_nothing_else_moves(
    given_sources: list[Source], gone: dict[Key, set[int]]
) -> None:
    plan = pack(given_sources, TARGET)
    left = leaving_out(plan, gone)
    assert held(left) == [(sha256, row) for sha256, row in held(plan) if row not in gone.get((sha256, SOLE), ())]
    assert sum(rows_of(left).values()) == len(held(left)) == rows_of_places(left)[SOLE]
    untouched = [shard for shard in plan if not any(row in gone.get((key, SOLE), ()) for key, row in held([shard]))]
    assert [shard for shard in left if shard in untouched] == untouched


@given(sources, gone_rows, gone_rows)
def test_what_is_left_out_does_not_depend_on_what_was_before(
    given_sources: list[Source], before: dict[Key, set[int]], now: dict[Key, set[int]]
) -> None:
    """As the planner does it: what was left out returns, and is packed anew where its shard had nothing else."""
    fresh = pack(given_sources, TARGET)
    whole = extended(leaving_out(leaving_out(fresh, before), {}), given_sources, TARGET)
    assert sorted(held(leaving_out(whole, now))) == sorted(held(leaving_out(fresh, now)))


def test_a_row_that_returns_makes_the_same_shard_again() -> None:
    plan = pack([Source(A, "a" * 64, 200, 2000)], TARGET)
    less = leaving_out(plan, {("a" * 64, SOLE): [150]})
    assert less == [plan[0], (Segment(A, "a" * 64, 100, 99, span=100, left_out=(150,)),)]
    assert leaving_out(less, {}) == plan


def test_of_rows_that_are_spread_only_those_of_the_place_are_counted() -> None:
    test = ("default", "test")
    plan = [(Segment(A, "a" * 64, 0, 9, span=20, place=test),)]
    less = leaving_out(plan, {("a" * 64, test): [3, 17], ("a" * 64, SOLE): [4, 5]})
    assert less == [(Segment(A, "a" * 64, 0, 7, span=20, place=test, left_out=(3, 17)),)]
    assert leaving_out(less, {}) == plan


def recipe(*shard: Segment, schema: str = "s", rules: str = "") -> str:
    return recipe_sha256(shard, schema_sha256=schema, layout={"rules": rules})


def test_a_recipe_names_segments_schema_and_order() -> None:
    one, two = Segment(A, "a" * 64, 0, 5), Segment(B, "b" * 64, 0, 5)
    names = {recipe(one, two), recipe(two, one), recipe(one, two, schema="t"), recipe(one)}
    assert len(names) == 4
    assert recipe(one, two) in names


def test_a_layout_is_in_the_recipe_only_where_it_chooses_rows() -> None:
    whole, some = Segment(A, "a" * 64, 0, 5), Segment(A, "a" * 64, 0, 5, span=9, place=("default", "test"))
    assert recipe(whole, rules="one") == recipe(whole, rules="two")
    assert recipe(some, rules="one") != recipe(some, rules="two")


def test_segments_survive_json() -> None:
    spread = Segment(C, "c" * 64, 0, 9, span=20, place=("sw", "test"))
    for segment in (Segment(C, "c" * 64, 7, 9), spread, replace(spread, left_out=(3, 4))):
        assert Segment.from_json(segment.as_json()) == segment


def test_a_shard_has_rows_of_one_place_and_keeps_what_is_spread_together() -> None:
    train, test = ("default", "train"), ("default", "test")
    spread = [
        Source(A, "a" * 64, 80, 400, span=100, place=test),
        Source(B, "b" * 64, 30, 300, span=90, place=test),
        Source(A, "a" * 64, 20, 100, span=100, place=train),
        Source(C, "c" * 64, 70, 300, place=train),
    ]
    plan = pack(spread, TARGET)
    assert [[(each.prepared_sha256[0], each.rows, each.span) for each in shard] for shard in plan] == [
        [("a", 80, 100)],
        [("b", 30, 90)],
        [("a", 20, 100), ("c", 70, None)],
    ]
    assert [place_of(shard) for shard in plan] == [test, test, train]


def test_new_rows_of_another_place_open_nothing_again() -> None:
    first = Source(A, "a" * 64, 10, 100, place=("default", "train"))
    second = Source(B, "b" * 64, 10, 100, place=("default", "test"))
    plan = extended(pack([first], TARGET), [first, second], TARGET)
    assert plan == [(first.segment,), (second.segment,)]
