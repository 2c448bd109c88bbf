"""This product on some inputs, one after another: `python -m tests.benchmarks.product DATA WORKERS INPUT…`.

What a contributor and a steward do is done through the same services; the work is done by real worker processes, and
only that is measured: from submitting to the finished report, then comparing with everything on the site, and from
publishing to the sealed version. Upload, hashing on arrival and the start of the workers come before. The answer is one
JSON line for each input.
"""

import dataclasses
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.costs import Cost, cost_meanwhile
from tests.benchmarks.instance import running_workers, settings_for
from tests.benchmarks.results import PARTS

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
    wait_until(lambda: has_state(upload, "stored"))
    people.declare(contribution)
    with _measured(pid) as validation:
        people.submit(contribution)
        wait_until(lambda: has_state(people.report_of(contribution), "passed"))
    with _measured(pid) as comparison:
        wait_until(lambda: people.is_compared(contribution))
    people.accept(contribution)
    with _measured(pid) as publishing:
        version = people.publish(dataset)
        wait_until(lambda: has_state(version, "published"))
    files, costs = version.files.filter(kind="data"), (validation, comparison, publishing)
    return {
        **{part: dataclasses.asdict(cost) for part, (cost,) in zip(PARTS, costs, strict=True)},
        "out_bytes": sum(files.values_list("size", flat=True)),
        "report": people.told(contribution),
    }


@contextmanager
def _measured(pid: int) -> Iterator[list[Cost]]:
    """One cost, once the block has ended."""
    costs: list[Cost] = []
    with cost_meanwhile(pid) as running:
        yield costs
    if running.cost is None:
        raise RunFailedError("The block ended without a cost.")
    costs.append(running.cost)


def wait_until(is_done: Callable[[], bool]) -> None:
    """Raises RunFailedError."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_done():
        if time.monotonic() > deadline:
            raise RunFailedError(f"It did not end within {PATIENCE_SECONDS} seconds")
        time.sleep(LOOK_SECONDS)


def has_state(row: Any, wanted: str) -> bool:
    """Whether it is in the wanted state. Raises RunFailedError when it ended in another one."""
    if row is None:
        return False
    row.refresh_from_db()
    if row.state in ("problems", "stopped", "failed"):
        raise RunFailedError(f"{row!r} ended as {row.state}: {_reason(row)}")
    return bool(row.state == wanted)


def _reason(row: Any) -> object:
    return getattr(row, "errors", None) or getattr(row, "failure", None) or getattr(row, "problem", None)


if __name__ == "__main__":
    main()
