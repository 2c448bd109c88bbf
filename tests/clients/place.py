"""A running instance with something to license, and the clients that come to it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.clients.relay import Relay, relay_to
from tests.clients.seed import Seeded
from tests.contract.hub.clients import Client
from tests.services.instance import ROOT, empty_folder, environment, eventually, running_instance
from tests.services.ports import free_port
from tests.services.s3 import running_rclone

FAMILIES = ROOT / ".clients"
# Small shards, so that each config and split has several.
SHARD_ROWS = "50"
START_SECONDS = 90


@dataclass
class Place:
    """`mode`: local, or s3 with signed addresses on another host name. `dataset` is `acme/greetings`.

    Bytes of data pass through `relay`: those of the local store if a client comes by `relayed_site`.
    """

    mode: str
    site: str
    relay: Relay
    homes: Path
    seeded: Seeded
    dataset: str = "acme/greetings"
    audio: str = "acme/digits"
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def key(self) -> str:
        return self.seeded.key

    @property
    def stranger_key(self) -> str:
        return self.seeded.stranger_key

    @property
    def steward_key(self) -> str:
        return self.seeded.steward_key

    @property
    def relayed_site(self) -> str:
        return f"http://localhost:{self.relay.port}" if self.mode == "local" else self.site

    def client(self, family: str, key: str = "", *, site: str = "") -> Client:
        """One of `.clients/`, with a home and caches of its own."""
        site = site or self.site
        home = self.homes / f"home-{next(self._numbers)}"
        home.mkdir()
        mdc = {"MDC_API_URL": f"{site}/mdc/api", **({"MDC_API_KEY": key} if key else {})}
        extra = {"SITE": site, "KEY": key, "DATASET": self.dataset, "AUDIO": self.audio, **mdc}
        return Client(site, home, key, interpreter=FAMILIES / family / "bin" / "python", env=extra)


@contextmanager
def open_place(mode: str) -> Iterator[Place]:
    port = free_port()
    with empty_folder() as data, _wired(mode, port, data.parent / "bucket") as (relay, variables):
        own = environment(data, port, SHARD_TARGET_ROWS=SHARD_ROWS, **variables)
        seeded = _seeded(own)
        homes = data.parent / "homes"
        homes.mkdir()
        with running_instance(data, own) as instance:
            assert eventually(instance.is_well, seconds=START_SECONDS), instance.output
            yield Place(mode, f"http://localhost:{port}", relay, homes, seeded)
            instance.interrupt()


@contextmanager
def _wired(mode: str, port: int, folder: Path) -> Iterator[tuple[Relay, dict[str, str]]]:
    """The relay, and the environment by which the instance sends clients through it."""
    if mode == "local":
        with relay_to(port) as relay:
            yield relay, {}
    else:
        with running_rclone(folder) as server, relay_to(server.port) as relay:
            public = quote(f"http://127.0.0.1:{relay.port}", safe="")
            yield relay, {"STORAGE_URL": f"{server.storage_url}&public={public}"}


def _seeded(variables: dict[str, str]) -> Seeded:
    done = subprocess.run(
        [sys.executable, "-m", "tests.clients.seed"],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return Seeded(**told)
