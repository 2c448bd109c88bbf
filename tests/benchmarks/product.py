"""This product on some inputs, one after another: `python -m tests.benchmarks.product DATA WORKERS INPUT…`.

What a contributor and a steward do is done through the same services; the work is done by real worker processes, and
only that is measured: from submitting to the finished report, and from publishing to the sealed version. Upload,
hashing on arrival and the start of the workers come before. The answer is one JSON line for each input.
"""

import dataclasses
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.costs import Cost, cost_meanwhile
from tests.benchmarks.instance import running_workers, settings_for

LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 900
WARM_UP = "".join(f'{{"text": "Row number {number} of a small file."}}\n' for number in range(100)).encode()


class RunFailedError(Exception):
    """The product did not do what was asked of it; the text says what it said."""


def main() -> None:
    data, workers, sources = Path(sys.argv[1]), int(sys.argv[2]), [Path(each) for each in sys.argv[3:]]
    os.environ.update(settings_for(data, workers=workers))
    import django

    django.setup()
    with running_workers(data, workers) as pid:
        warm_up = data / "warm-up.jsonl"
        warm_up.write_bytes(WARM_UP)
        _run(pid, warm_up)
        for source in sources:
            print(json.dumps(_run(pid, source)))


def _run(pid: int, source: Path) -> dict[str, Any]:
    """One file through a dataset of its own."""
    from tests.benchmarks import people

    dataset, contribution = people.begin(source.name)
    upload = people.upload(contribution, source)
    _wait_for(upload, {"stored"})
    people.declare(contribution)
    validation = _measured(pid, lambda: people.submit(contribution), lambda: people.report_of(contribution))
    people.accept(contribution)
    version: list[Any] = []
    publishing = _measured(pid, lambda: version.append(people.publish(dataset)), lambda: version[0])
    files = version[0].files.filter(kind="data")
    return {
        "validation": dataclasses.asdict(validation),
        "publishing": dataclasses.asdict(publishing),
        "out_bytes": sum(files.values_list("size", flat=True)),
        "report": people.told(contribution),
    }


def _measured(pid: int, act: Callable[[], object], row: Callable[[], Any]) -> Cost:
    with cost_meanwhile(pid) as running:
        act()
        _wait_for(row, {"passed", "published"})
    if running.cost is None:
        raise RunFailedError("The block ended without a cost.")
    return running.cost


def _wait_for(row: Any, wanted: set[str]) -> None:
    """Until it is in a wanted state. Raises RunFailedError when it ends in another one."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = row() if callable(row) else row
        if found is not None:
            found.refresh_from_db()
            if found.state in wanted:
                return
            if found.state in ("problems", "stopped", "failed"):
                raise RunFailedError(f"{found!r} ended as {found.state}: {_reason(found)}")
        time.sleep(LOOK_SECONDS)
    raise RunFailedError(f"{row!r} did not end within {PATIENCE_SECONDS} seconds")


def _reason(row: Any) -> object:
    return getattr(row, "errors", None) or getattr(row, "failure", None) or getattr(row, "problem", None)


if __name__ == "__main__":
    main()
