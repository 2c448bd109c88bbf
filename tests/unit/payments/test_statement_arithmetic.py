"""Months, trees, tables and simulated sales: the arithmetic under statements."""

import csv
import hashlib
import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collective.catalog.domain.merkle import MerkleTree
from collective.core.domain.money import Money
from payments.domain.fees import FeeSchedule
from payments.domain.inclusion import inclusion_path, merkle_root, statement_leaf
from payments.domain.months import Month
from payments.domain.movements import balances, section_of
from payments.domain.sheets import csv_text
from payments.domain.simulation import SALES, simulate

moments = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds it


@given(moments)
def test_every_moment_is_in_one_month(moment: datetime) -> None:
    month = Month.of(moment)
    assert month.starts_at <= moment < month.ends_at == month.next.starts_at
    assert Month.parse(str(month)) == month


def test_a_month_is_utc_wherever_the_clock_is() -> None:
    east = datetime.fromisoformat("2027-02-01T05:00+14:00")
    assert str(Month.of(east)) == "2027-01"
    assert str(Month(2027, 12).next) == "2028-01"
    assert Month(2027, 2).ends_at - Month(2027, 2).starts_at == timedelta(days=28)


@pytest.mark.parametrize("text", ["2027-13", "2027-00", "2027-1", "27-01", "２０２７-01", "2027-01 "])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)


@given(st.lists(st.binary(min_size=1, max_size=4), min_size=1, max_size=40), st.data())
def test_every_leaf_leads_to_the_root(contents: list[bytes], data: st.DataObject) -> None:
    leaves = [statement_leaf(hashlib.sha256(content).hexdigest()) for content in contents]
    position = data.draw(st.integers(0, len(leaves) - 1))
    node = leaves[position].hex()
    for side, beside in inclusion_path(leaves, position):
        pair = beside + node if side == "left" else node + beside
        node = hashlib.sha256(b"\x01" + bytes.fromhex(pair)).hexdigest()
    assert node == merkle_root(leaves)


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_the_tree_is_the_one_of_the_catalog(leaves: list[bytes]) -> None:
    tree = MerkleTree()
    tree.extend(leaves)
    assert merkle_root(leaves) == tree.root()


def test_where_money_came_from_says_what_it_was() -> None:
    assert section_of(5, is_settlement=True, others=[]) == "earned"
    assert section_of(-5, is_settlement=True, others=[]) == "reversed"
    assert section_of(0, is_settlement=False, others=[]) == "within"
    assert section_of(-5, is_settlement=False, others=["stripe:balance", "fx"]) == "paid"
    assert section_of(5, is_settlement=False, others=["embedded:balance"]) == "returned"
    assert section_of(5, is_settlement=False, others=["platform:loss"]) == "other"


def test_balances_after_all_that_moved() -> None:
    moved = [{"held": 10}, {"held": -4, "due": 4}, {"owed": -3}]
    assert balances(before={"due": 1}, moved=moved) == {"held": 6, "due": 5, "in_transit": 0, "owed": -3}


@given(st.lists(st.lists(st.text(), min_size=1, max_size=3), max_size=5))
def test_no_cell_is_a_formula(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(csv_text(["name"], rows), newline="")))
    assert len(read) == len(rows) + 1
    for cell in (cell for row in read[1:] for cell in row):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_numbers_stay_numbers_in_a_table() -> None:
    assert csv_text(["a", "b", "c", "d"], [[-5, Money(-1250, "EUR"), None, "-5"]]) == "a,b,c,d\r\n-5,-12.50,,'-5\r\n"


tables = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10**9), min_size=1)
weights = tables.filter(lambda table: sum(table.values()) > 0)


@given(st.integers(0, 10**9), weights, st.sampled_from(["added", "included"]), st.sampled_from(["EUR", "KWD", "JPY"]))
def test_simulated_parts_are_all_that_is_shared(units: int, table: dict[str, int], mode: str, currency: str) -> None:
    step = 10 if currency == "KWD" else 1
    made = simulate(units * step, currency, FeeSchedule("included" if mode == "included" else "added", 500), table)
    for place, count in enumerate(SALES):
        assert sum(parts[place] for parts in made.shares.values()) == count * made.sale.pool_minor
    assert all(part % step == 0 for parts in made.shares.values() for part in parts)
