"""Nginx in place of the whole site: what the API answered is recorded, and files go out with the headers of ours.

It asks nobody whether they may have them, so it is the fastest server that these clients could meet. Only what is no
GET (the paths that a file system asks for) goes on to the site.
"""

import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collective.core.storage.keys import content_key
from tests.services.nginx import Nginx, running_nginx

COPIED = ("ETag", "X-Repo-Commit", "X-Linked-ETag", "X-Linked-Size")


@dataclass(frozen=True)
class Site:
    url: str
    pid: int
    market: Mapping[str, Any]

    def answer(self, method: str, path: str) -> tuple[Mapping[str, str], bytes]:
        headers = {"Authorization": f"Bearer {self.market['key']}"}
        request = urllib.request.Request(f"{self.url}{path}", method=method, headers=headers)
        with urllib.request.urlopen(request) as response:
            return response.headers, response.read()


@contextmanager
def nginx_as(site: Site, objects: Path, folder: Path) -> Iterator[Nginx]:
    folder.mkdir()
    locations = "\n".join([*_recorded(site, folder), *_files(site, objects)])
    others = f"location /api/ {{ proxy_pass {site.url}; }}"
    with running_nginx(folder / "nginx", f"{locations}\n{others}", http="keepalive_requests 1000000;") as nginx:
        yield nginx


def _recorded(site: Site, folder: Path) -> Iterator[str]:
    market = site.market
    api = f"/api/datasets/{market['repo_id']}"
    names = [name for rev in ("main", market["commit"]) for name in (f"revision/{rev}", f"tree/{rev}")]
    for number, path in enumerate([api, *(f"{api}/{name}" for name in [*names, "refs"])]):
        recorded = folder / f"{number}.json"
        recorded.write_bytes(site.answer("GET", f"{path}?recursive=True&expand=False" if "/tree/" in path else path)[1])
        yield f"location = {path} {{ default_type application/json; alias {recorded}; error_page 405 = @site; }}"
    yield f"location @site {{ proxy_pass {site.url}; }}"


def _files(site: Site, objects: Path) -> Iterator[str]:
    market = site.market
    for path, sha256 in market["files"].items():
        answered, _ = site.answer("HEAD", f"/datasets/{market['repo_id']}/resolve/{market['commit']}/{path}")
        headers = " ".join(f"add_header {name} '{answered[name]}';" for name in COPIED if name in answered)
        inside = f"default_type application/octet-stream; etag off; alias {objects / content_key(sha256)}; {headers}"
        for revision in ("main", market["commit"]):
            yield f"location = /datasets/{market['repo_id']}/resolve/{revision}/{path} {{ {inside} }}"
