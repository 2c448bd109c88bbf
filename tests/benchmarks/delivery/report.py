"""What was measured as Markdown: ratios first, the goals, and the machine."""

import os
import platform
import statistics
import time

from tests.benchmarks.costs import MB
from tests.benchmarks.delivery.load import Loaded
from tests.benchmarks.delivery.rounds import CLIENTS, LOCAL, NGINX, OURS, PAUSE, Bench
from tests.benchmarks.table import IDLE, NOT_IDLE, VERDICTS, markdown, processor

TITLES = {
    "snapshot": "`snapshot_download`, empty cache (local: a plain copy)",
    "load": "`load_dataset`, empty cache (local: the same files, empty cache)",
    "stream": "streaming all rows as Arrow batches",
}
SNAPSHOT, LOAD, P95_MS = 0.9, 0.8, 25


def report(bench: Bench, *, scale: float, load: float) -> str:
    works = [_work(bench, work) for work in TITLES]
    loads = [_load(bench, what, server) for what, server in bench.loads]
    head = ("What", "Ours MB/s", "Nginx MB/s", "Local MB/s", "Ours ÷ nginx", "Ours ÷ local")
    many = (
        f"{CLIENTS} clients at once",
        "Server",
        "Requests/s",
        "MB/s",
        "Server CPU ms each",
        "p50 ms",
        "p95 ms",
        "p99 ms",
    )
    goals = markdown(("Goal", "Reached", ""), _goals(bench))
    return "\n".join([*markdown(head, works), "", *markdown(many, loads), "", *goals, "", _machine(bench, scale, load)])


def ratio(bench: Bench, work: str, beside: str) -> float:
    """The median of the rounds' own ratios: above 1 we are faster."""
    pairs = zip(bench.seconds[work, OURS], bench.seconds[work, beside], strict=True)
    return statistics.median(theirs / ours for ours, theirs in pairs)


def _work(bench: Bench, work: str) -> list[str]:
    size = bench.site.market["bytes"] / MB
    speeds = [f"{size / statistics.median(bench.seconds[work, server]):.0f}" for server in (OURS, NGINX, LOCAL)]
    return [TITLES[work], *speeds, *(f"{ratio(bench, work, beside):.2f}" for beside in (NGINX, LOCAL))]


def _load(bench: Bench, what: str, server: str) -> list[str]:
    rounds = bench.loads[what, server]
    rate = statistics.median(each.rate for each in rounds)
    speed = statistics.median(each.bytes / each.seconds for each in rounds) / MB
    cpu = statistics.median(each.cpu / len(each.times) for each in rounds) * 1000
    return [
        _titled(what),
        server,
        f"{rate:.0f}",
        f"{speed:.0f}",
        f"{cpu:.2f}",
        *(_ms(rounds, at) for at in (0.5, 0.95, 0.99)),
    ]


def _titled(what: str) -> str:
    texts = {
        "readers": "reading ranges of 1 MiB, each recorded",
        "metadata": "metadata, the next question at once",
        "metadata, paced": f"metadata, the next question {PAUSE:g} s after the answer",
    }
    return texts[what]


def _ms(rounds: list[Loaded], share: float) -> str:
    return f"{statistics.median(each.percentile(share) for each in rounds) * 1000:.1f}"


def _goals(bench: Bench) -> list[list[str]]:
    snapshot, loaded = ratio(bench, "snapshot", NGINX), ratio(bench, "load", LOCAL)
    rows = [
        [f"snapshot ≥ {SNAPSHOT} × nginx", f"{snapshot:.2f}", VERDICTS[snapshot >= SNAPSHOT]],
        [f"cold `load_dataset` ≥ {LOAD} × the same files local", f"{loaded:.2f}", VERDICTS[loaded >= LOAD]],
    ]
    for what in ("metadata", "metadata, paced"):
        p95 = float(_ms(bench.loads[what, OURS], 0.95))
        rows.append([f"p95 ≤ {P95_MS} ms: {_titled(what)}", f"{p95:.1f} ms", VERDICTS[p95 <= P95_MS]])
    return rows


def _machine(bench: Bench, scale: float, load: float) -> str:
    rounds = len(bench.seconds["snapshot", OURS])
    size = f"Scale {scale:g}: {bench.site.market['bytes'] / MB:.0f} MB, {bench.site.market['rows']:,} rows, 8 shards"
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    busy = f"Load before: {load:.1f}{NOT_IDLE if load > IDLE else '.'}"
    return (
        f"Machine: {os.cpu_count()} cores, which clients and servers share, {processor()}, {system}. {size}, "
        f"{rounds} rounds, {time.strftime('%Y-%m-%d')}. {busy}"
    )
