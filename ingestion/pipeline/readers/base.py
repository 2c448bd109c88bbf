"""What every reader does: look at the whole file once, then give it again as Arrow batches."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from ingestion.domain.problems import Problem, ProblemList
from ingestion.pipeline.limits import COLUMN_NAME_BYTES, COLUMNS
from ingestion.pipeline.schema import RECORD_ID
from ingestion.pipeline.sights import Looker, Nobody

# Rows per batch: small, so that a batch of long texts stays small too.
BATCH_ROWS = 1000


@dataclass
class Scan:
    """The file, or a piece of it, and what was found in it. `progress` takes rows and bytes read so far.

    Only readers of lines are given a piece: `[begin, end)`, which begins and ends with a line.
    """

    path: Path
    progress: Callable[[int, int], None]
    begin: int = 0
    end: int | None = None
    # The first bytes of the whole file, when this is a piece of it: all pieces guess the same columns.
    sample: Path | None = None
    problems: ProblemList = field(default_factory=ProblemList)
    warnings: list[Problem] = field(default_factory=list)
    # As the contributor named the file: a record of its own for a file that is one recording or picture.
    name: str = ""
    # Is handed every decoded recording and picture, once.
    looker: Looker = field(default_factory=Nobody)

    @property
    def size(self) -> int:
        return (self.path.stat().st_size if self.end is None else self.end) - self.begin


class Reader(Protocol):
    def schema(self) -> pa.Schema:
        """Pass 1, over every row: the columns. Problems go to the scan; a file that cannot be read further raises."""

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Pass 2, over a file without problems, in the columns of `schema`."""


def check_columns(names: list[str], problems: ProblemList) -> None:
    """Names that a dataset can carry: present, different, short, and not ours."""
    if len(names) > COLUMNS:
        problems.add(Problem("too_many_columns", f"There are {len(names)} columns.", f"Keep at most {COLUMNS}."))
        return
    seen: set[str] = set()
    for name in names:
        what, action = _column_problem(name, seen)
        if what:
            problems.add(Problem("column_name", what, action, column=name[:100] or None))
        seen.add(name)


def _column_problem(name: str, seen: set[str]) -> tuple[str, str]:
    if not name.strip():
        return "A column has no name.", "Give every column a name in the first row."
    if name in seen:
        return f"Two columns are named “{name[:100]}”.", "Give each column a name of its own."
    if name == RECORD_ID:
        return f"The column name “{RECORD_ID}” is taken by this site.", "Rename that column."
    if len(name.encode("utf-8", "surrogatepass")) > COLUMN_NAME_BYTES or not name.isprintable():
        return "A column name is too long or has hidden characters.", "Use a short, plain name."
    return "", ""
