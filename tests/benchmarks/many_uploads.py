"""`python -m tests.benchmarks.many_uploads [COUNT]`: clips in batches into a fresh instance; time and requests."""

import hashlib
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import httpx

from tests.services.instance import empty_folder, eventually, running_instance
from tests.services.uploading import Program, new_program

CLIP_BYTES = 40_000
PUTS_AT_ONCE = 6


def clip(number: int) -> bytes:
    return random.Random(number).randbytes(CLIP_BYTES)


def claim(number: int) -> dict[str, Any]:
    content = clip(number)
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return {
        "name": f"clips/{number:05}.wav",
        "size": CLIP_BYTES,
        "md5": md5,
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def send_group(program: Program, client: httpx.Client, numbers: list[int]) -> None:
    """Two requests to the site, and one to the store for each clip."""
    uploads = f"contributions/{program.contribution}/uploads"
    begun = program.api("POST", f"{uploads}/batch", {"files": [claim(number) for number in numbers]})["files"]

    def put(number: int, request: dict[str, Any]) -> None:
        client.put(request["url"], content=clip(number), headers=request["headers"], timeout=60).raise_for_status()

    with ThreadPoolExecutor(PUTS_AT_ONCE) as pool:
        list(pool.map(put, numbers, [each["request"] for each in begun]))
    program.api("POST", f"{uploads}/batch/complete", {"uploads": [each["upload"]["id"] for each in begun]})


def main(count: int) -> None:
    with empty_folder() as folder, running_instance(folder) as instance, httpx.Client() as client:
        if not eventually(instance.is_well, seconds=120):
            raise SystemExit(instance.output)
        program, numbers, requests = new_program(instance), iter(range(count)), 0
        summary = f"contributions/{program.contribution}/uploads/summary"
        group = program.api("GET", summary)["limits"]["batch_files"]
        began = time.monotonic()
        while some := list(islice(numbers, group)):
            send_group(program, client, some)
            requests += 2
        sent = time.monotonic()
        eventually(lambda: program.api("GET", summary)["assembling"] == 0, seconds=600)
        ended, told = time.monotonic(), program.api("GET", summary)
        instance.interrupt()
    sys.stdout.write(
        f"{count} clips of {CLIP_BYTES / 1000:.0f} kB: {requests} requests to the site, sent in {sent - began:.1f} s\n"
        f"hashed {ended - sent:.1f} s later: {told['stored']} stored, {told['failed']} failed\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
