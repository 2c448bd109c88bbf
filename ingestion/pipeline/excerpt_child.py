"""The process that cuts excerpts: `python -m ingestion.pipeline.excerpt_child`.

It reads one JSON line (the task), limits itself, and writes what it can cut: {"size", "cuts": [{"input", "output",
"record_id"}]}. An input that cannot be read has no output.
"""

import json
import os
import sys
from contextlib import suppress
from pathlib import Path

from ingestion.pipeline.child import confine, die_with_parent
from ingestion.pipeline.media import UnreadableMediaError


def main() -> None:
    die_with_parent()
    task = json.loads(sys.stdin.readline())
    confine(task["size"])
    from ingestion.pipeline.excerpts import excerpt  # noqa: PLC0415 - codecs load inside the limits

    for cut in task["cuts"]:
        with suppress(UnreadableMediaError):
            content = excerpt(Path(cut["input"]).read_bytes(), cut["record_id"])
            partial = Path(f"{cut['output']}.partial")
            partial.write_bytes(content)
            partial.rename(cut["output"])


if __name__ == "__main__":
    main()
    os._exit(0)  # no library may run code of its own after the last excerpt
