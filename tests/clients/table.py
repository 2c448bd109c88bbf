"""The matrix as a table: one row per client and thing that it does, one column per way of delivery."""

from dataclasses import dataclass, field
from typing import Any

import pytest

MODES = ("local", "s3")
Row = tuple[str, str]


@dataclass
class Table:
    cells: dict[Row, dict[str, str]] = field(default_factory=dict)

    def note(self, report: pytest.TestReport) -> None:
        """A test is what became of its worst phase: it may fail before it is called, or after."""
        properties: dict[str, Any] = dict(report.user_properties)
        if "cell" not in properties or (report.when != "call" and report.passed):
            return
        client, what, mode = properties["cell"]
        said = f"ok {report.duration:.1f} s" if report.passed else "FAILED"
        row = self.cells.setdefault((client, what), {})
        if row.get(mode) != "FAILED":
            row[mode] = said

    def lines(self) -> list[str]:
        if not self.cells:
            return []
        header = ["client", "what it does", "local store", "S3, redirected"]
        rows = [
            [*row, *(columns.get(mode, columns.get("", "–")) for mode in MODES)]
            for row, columns in sorted(self.cells.items())
        ]
        widths = [max(len(line[at]) for line in [header, *rows]) for at in range(len(header))]
        ruled = ["-" * width for width in widths]
        return ["", *("| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in [header, ruled, *rows])]
