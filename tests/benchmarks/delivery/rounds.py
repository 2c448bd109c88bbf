"""One round measures everybody once, so that a slow minute of the machine is everybody's."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from collective.core.storage.keys import content_key
from tests.benchmarks.costs import cpu_seconds
from tests.benchmarks.delivery import clients
from tests.benchmarks.delivery.load import Loaded, load
from tests.benchmarks.delivery.standin import Site
from tests.services.nginx import Nginx

OURS, NGINX, LOCAL = "ours", "nginx", "local"
CLIENTS, SECONDS = 64, 6.0
RANGE = 1024**2
# Of a paced client: as one that computes between two questions.
PAUSE = 1.0


class Bench:
    """`seconds` of a client's work by work and server, and what 64 clients at once were answered."""

    def __init__(self, site: Site, nginx: Nginx, local: Path, folder: Path, say: Callable[[str], None]) -> None:
        self.site, self.local, self.folder, self.say = site, local, folder, say
        self.ports = {OURS: int(site.url.rpartition(":")[2]), NGINX: nginx.port}
        self.pids = {OURS: site.pid, NGINX: nginx.pid}
        self.seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.loads: dict[tuple[str, str], list[Loaded]] = defaultdict(list)

    def round(self) -> None:
        for work, beside in (("snapshot", "copy"), ("load", "load"), ("stream", "stream")):
            for server in (OURS, NGINX):
                self._client(work, server)
            self._note(work, LOCAL, *clients.run(beside, str(self.local), self.folder / "run"))
        for server in self.ports:
            self._load("readers", server, list(self._ranges()))
        questions = list(self._questions())
        self._load("metadata", OURS, questions)
        self._load("metadata, paced", OURS, questions, pause=PAUSE)

    def _client(self, work: str, server: str) -> None:
        endpoint, key = f"http://127.0.0.1:{self.ports[server]}", self.site.market["key"]
        source = self.site.market["repo_id"]
        self._note(work, server, *clients.run(work, source, self.folder / "run", endpoint=endpoint, key=key))

    def _note(self, work: str, server: str, seconds: float, read: int) -> None:
        """Everybody must have read the same. Raises ValueError."""
        whole = self.site.market["rows"] if work in ("load", "stream") else self.site.market["bytes"]
        if read < whole:
            raise ValueError(f"{work} from {server} read {read} of {whole}")
        self.say(f"  {work} from {server}: {seconds:.2f} s")
        self.seconds[work, server].append(seconds)

    def _load(self, what: str, server: str, requests: list[bytes], *, pause: float = 0.0) -> None:
        before = cpu_seconds(self.pids[server])
        loaded = load(self.ports[server], requests, clients=CLIENTS, seconds=SECONDS, pause=pause)
        loaded.cpu = cpu_seconds(self.pids[server]) - before
        self.say(f"  {what} from {server}: {loaded.rate:.0f} per second")
        self.loads[what, server].append(loaded)

    def _questions(self) -> Iterator[bytes]:
        """What a client asks before it reads a byte, of one commit."""
        market = self.site.market
        api, path = f"/api/datasets/{market['repo_id']}", self._shards()[0]
        yield self._request("GET", f"{api}/revision/{market['commit']}")
        yield self._request("GET", f"{api}/tree/{market['commit']}?recursive=True&expand=False")
        yield self._request("GET", f"{api}/refs")
        form = f"paths={path.replace('/', '%2F')}&expand=False"
        yield self._request("POST", f"{api}/paths-info/{market['commit']}", form)

    def _ranges(self) -> Iterator[bytes]:
        """The first MiB of every shard: the record of each is the same work as of any other."""
        market = self.site.market
        for path in self._shards():
            where = f"/datasets/{market['repo_id']}/resolve/{market['commit']}/{path}"
            yield self._request("GET", where, extra=f"Range: bytes=0-{RANGE - 1}\r\n")

    def _shards(self) -> list[str]:
        return sorted(path for path in self.site.market["files"] if path.endswith(".parquet"))

    def _request(self, method: str, path: str, form: str = "", *, extra: str = "") -> bytes:
        sized = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n" if form else ""
        lines = f"Host: 127.0.0.1\r\nAuthorization: Bearer {self.site.market['key']}\r\n{extra}{sized}"
        return f"{method} {path} HTTP/1.1\r\n{lines}\r\n{form}".encode()


def copied_out(site: Site, objects: Path, folder: Path) -> Path:
    """The same files under their own names on this disk."""
    for path, sha256 in site.market["files"].items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(objects / content_key(sha256), target)
    return folder
