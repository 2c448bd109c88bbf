"""What is printed at the end: one line per file, and where to go on."""

from collections.abc import Sequence
from typing import TextIO

from data_collective.contributions import Contribution
from data_collective.uploads import Sent
from data_collective.words import human, printable


def print_report(stream: TextIO, sent: Sequence[Sent], contribution: Contribution) -> None:
    rows = [("sha256, here and on the site", "size", "file")]
    rows += [(each.sha256, human(each.file.size), each.file.name) for each in sent]
    width = max(len(size) for _, size, _ in rows)
    lines = [f"{sha256:64}  {size:>{width}}  {printable(name)}" for sha256, size, name in rows]
    total = human(sum(each.file.size for each in sent))
    count = "1 file is" if len(sent) == 1 else f"{len(sent)} files are"
    lines += [
        "",
        f"{count} stored ({total}); every SHA-256 is the same on both sides.",
        f"Next: say where the data comes from and what it may be used for, and submit, at {contribution.page}",
    ]
    stream.write("\n".join(lines) + "\n")
    stream.flush()
