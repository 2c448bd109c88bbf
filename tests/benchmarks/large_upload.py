"""`python -m tests.benchmarks.large_upload [GB]`: one large file into a fresh embedded instance; time and memory.

The file is made from a seed while it is sent, so it needs no room of its own; the store needs twice its size while
the parts are joined.
"""

import hashlib
import random
import re
import sys
import time
from pathlib import Path

from tests.services.instance import Instance, empty_folder, eventually, running_instance
from tests.services.uploading import new_program

BLOCK = 1024 * 1024
NOISE = random.Random(1).randbytes(BLOCK - 8)


def read(first: int, length: int) -> bytes:
    """Blocks that each carry their number; parts begin at whole blocks."""
    count = -(-length // BLOCK)
    blocks = (number.to_bytes(8, "big") + NOISE for number in range(first // BLOCK, first // BLOCK + count))
    return b"".join(blocks)[:length]


def expected_sha256(size: int) -> str:
    whole = hashlib.sha256()
    for first in range(0, size, BLOCK):
        whole.update(read(first, min(BLOCK, size - first)))
    return whole.hexdigest()


def peak_megabytes(instance: Instance) -> dict[str, float]:
    """The largest resident size that any process of a part has had."""
    peaks: dict[str, float] = {}
    for pid, line in instance.tree().items():
        name = next((part for part in ("gunicorn", "celery", "sweep", "redis") if part in line), "")
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text()) if name else None
        if found:
            peaks[name] = max(peaks.get(name, 0), int(found[1]) / 1000)
    return peaks


def main(gigabytes: float) -> None:
    size = int(gigabytes * 1000**3)
    with empty_folder() as folder, running_instance(folder) as instance:
        if not eventually(instance.is_well, seconds=120):
            raise SystemExit(instance.output)
        program, before = new_program(instance), peak_megabytes(instance)
        began = time.monotonic()
        upload = program.begin("large.bin", size)
        program.send(upload, read, range(1, upload["part_count"] + 1))
        sent = time.monotonic()
        program.complete(upload)
        eventually(lambda: program.state(upload)["state"] in {"stored", "failed"}, seconds=3600)
        ended, told = time.monotonic(), program.state(upload)
        after = peak_megabytes(instance)
        instance.interrupt()
    verdict = "right" if told["sha256"] == expected_sha256(size) else "WRONG"
    sys.stdout.write(
        f"{size / 1e9:.1f} GB in {upload['part_count']} parts: {told['state']}, SHA-256 {verdict}\n"
        f"sent in {sent - began:.1f} s ({size / 1e6 / (sent - began):.0f} MB/s, one part at a time), "
        f"joined and hashed in {ended - sent:.1f} s ({size / 1e6 / (ended - sent):.0f} MB/s)\n"
    )
    for name in sorted(after):
        sys.stdout.write(f"peak memory of {name}: {after[name]:.0f} MB (before: {before.get(name, 0):.0f} MB)\n")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 2.0)
