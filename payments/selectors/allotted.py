"""What a settlement allots to whom, a part at a time: it may be a million lines."""

from collections.abc import Iterator
from itertools import groupby
from uuid import UUID

from payments.models import Settlement

# More than two chunks, so that each page has whole ones.
LINES_PER_PAGE = 2000


def chunks_of(settlement: Settlement) -> Iterator[tuple[int, dict[UUID, int]]]:
    """Each chunk's number, and what each payee in it moves.

    A chunk is a run of payees in their order, so that each query begins where the one before has ended.
    """
    lines = settlement.lines.order_by("payee_id").values_list("chunk", "payee_id", "amount_minor")
    page = list(lines[:LINES_PER_PAGE])
    while page:
        runs = [(chunk, {payee: amount for _, payee, amount in run}) for chunk, run in groupby(page, _chunk)]
        if len(page) == LINES_PER_PAGE:
            runs.pop()  # it may go on
        yield from runs
        *_, (_, last) = runs
        page = list(lines.filter(payee_id__gt=max(last))[:LINES_PER_PAGE])


def _chunk(line: tuple[int, UUID, int]) -> int:
    return line[0]
