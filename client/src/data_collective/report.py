"""What is printed at the end: one line per file, and where to go on."""

from collections.abc import Sequence
from typing import TextIO

from data_collective.contributions import Contribution
from data_collective.uploads import Sent

UNITS = ("kB", "MB", "GB", "TB")


def print_report(stream: TextIO, sent: Sequence[Sent], contribution: Contribution) -> None:
    rows = [("sha256, here and on the site", "size", "file")]
    rows += [(each.sha256, human(each.file.size), each.file.name) for each in sent]
    width = max(len(size) for _, size, _ in rows)
    lines = [f"{sha256:64}  {size:>{width}}  {_printable(name)}" for sha256, size, name in rows]
    total = human(sum(each.file.size for each in sent))
    count = "1 file is" if len(sent) == 1 else f"{len(sent)} files are"
    lines += [
        "",
        f"{count} stored ({total}); every SHA-256 is the same on both sides.",
        f"Next: say where the data comes from and what it may be used for, and submit, at {contribution.page}",
    ]
    stream.write("\n".join(lines) + "\n")


def human(size: int) -> str:
    """Bytes in powers of 1,000, as the web site shows them."""
    if size < 1000:
        return f"{size} B"
    power = min(len(UNITS), (len(str(size)) - 1) // 3)
    amount = size / 1000**power
    return f"{amount:.{1 if amount < 10 else 0}f} {UNITS[power - 1]}"


def _printable(name: str) -> str:
    """A file's name cannot steer the terminal."""
    return "".join(char if char.isprintable() else "�" for char in name)
