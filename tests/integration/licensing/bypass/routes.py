"""Every route that hands out bytes or addresses of them, asked by somebody with an API key.

The public ones, which show a preview and need no license, and those that take a push, are in `test_public.py` and
`test_pushes.py`.
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.test import Client
from django.utils import timezone

from collective.accounts.models import User
from collective.accounts.services import create_api_key
from collective.catalog.models import DatasetVersion
from collective.interop.models import MdcArchive
from licensing.models import AccessRecord
from tests.integration.licensing import world

SHARD = "data/train-00000.parquet"
RENEW = "/api/v1/download-sessions/url"
HUB = ("resolve GET", "resolve HEAD", "resolve range")
ASKING = ("auth-check",)
OURS = ("manifest", "manifest since", "mint")
DELTA = ("delta version", "delta metadata", "delta query")
ARCHIVE = "archive"
TABLE = "default-train"


@dataclass(frozen=True)
class Caller:
    key: str = ""

    def client(self) -> Client:
        return Client(headers={"Authorization": f"Bearer {self.key}"} if self.key else {})

    def manifest(self, version: DatasetVersion, **query: str) -> Any:
        query = {"revision": version.tag, **query}
        return self.client().get(f"/api/v1/datasets/{version.dataset.repo_id}/manifest", query)

    def token(self, version: DatasetVersion) -> str:
        return str(self.manifest(version).json()["session"]["token"])

    def mint(self, token: str, path: Any = SHARD) -> Any:
        return self.client().post(RENEW, {"token": token, "path": path}, content_type="application/json")

    def resolve(self, version: DatasetVersion, method: str = "get", path: str = SHARD, **headers: str) -> Any:
        address = f"/datasets/{version.dataset.repo_id}/resolve/{version.tag}/{path}"
        return getattr(self.client(), method)(address, headers=headers)

    def delta(self, version: DatasetVersion) -> dict[str, Any]:
        """The query names the version by its moment; the other two are about the newest that a license reaches."""
        dataset, client = version.dataset, self.client()
        table = f"/delta/shares/{dataset.organization.slug}/schemas/{dataset.slug}/tables/{TABLE}"
        asked = {"timestamp": str(version.published_at)}
        return {
            "delta version": client.get(f"{table}/version"),
            "delta metadata": client.get(f"{table}/metadata"),
            "delta query": client.post(f"{table}/query", asked, content_type="application/json"),
        }

    def archive(self, version: DatasetVersion) -> Any:
        """Of the newest version, which is the only one that the SDK can name."""
        return self.client().post(f"/mdc/api/datasets/{version.dataset_id}/download")

    def everywhere(self, version: DatasetVersion, token: str) -> dict[str, Any]:
        """The answer of each route. Use HUB, ASKING, OURS, DELTA and ARCHIVE to tell them apart."""
        return {
            "resolve GET": self.resolve(version),
            "resolve HEAD": self.resolve(version, "head"),
            "resolve range": self.resolve(version, Range="bytes=0-3"),
            "auth-check": self.client().get(f"/api/datasets/{version.dataset.repo_id}/auth-check"),
            "manifest": self.manifest(version),
            "manifest since": self.manifest(version, since=version.number),
            "mint": self.mint(token),
            **self.delta(version),
            ARCHIVE: self.archive(version),
        }


def caller(user: User, *scopes: str) -> Caller:
    return Caller(create_api_key(actor=user, name="job", scopes=list(scopes or ("download", "datasets:read")))[1])


def fetch(url: str, method: str = "GET", **headers: str) -> tuple[int, bytes, Any]:
    """Status, body and headers of a signed address: at the S3 server, or at our own route for the local folder."""
    if url.startswith(settings.SITE_URL):
        parts = urlsplit(url)
        answer = Client().generic(method, f"{parts.path}?{parts.query}", headers=headers)
        return answer.status_code, answer.getvalue() if method != "HEAD" else b"", answer.headers
    got = httpx.request(method, url, headers=headers, timeout=10)
    return got.status_code, got.content, got.headers


def archived(version: DatasetVersion) -> None:
    """The version's archive is there, as after the first who asked for it."""
    sha256, size = world.stored(f"archive of {version.pk} shard 0".encode())
    ready = {"state": "ready", "ready_at": timezone.now()}
    MdcArchive.objects.create(version=version, kind=MdcArchive.WHOLE, sha256=sha256, size=size, **ready)


def said(answer: Any) -> tuple[int, str]:
    """Status, and the word that each family of clients has for the reason."""
    if (code := answer.headers.get("X-Error-Code")) is not None:
        return answer.status_code, code
    told = answer.json()
    return answer.status_code, next(told[name] for name in ("code", "errorCode", "error") if name in told)


def addresses(answers: dict[str, Any]) -> list[str]:
    """Every signed address in what each route answered."""
    given = [each["url"] for each in answers["manifest"].json()["files"]]
    given += [answers["mint"].json()["url"], answers[ARCHIVE].json()["downloadUrl"]]
    lines = [json.loads(line) for line in answers["delta query"].content.splitlines()]
    given += [line["file"]["url"] for line in lines if "file" in line]
    return given + [answers[name].headers["Location"] for name in HUB if "Location" in answers[name].headers]


def carries_bytes(answer: Any) -> bool:
    """Data, or the address of data."""
    body = b"" if answer.status_code == 304 else b"".join(answer) if answer.streaming else answer.content
    signed = b"X-Amz-Signature" in body or b"/storage/objects/" in body
    return b" shard 0" in body or signed or "Location" in answer.headers


class NothingGiven:
    """Around requests that must leave no AccessRecord."""

    def __enter__(self) -> None:
        self.before = AccessRecord.objects.count()

    def __exit__(self, *_: object) -> None:
        assert AccessRecord.objects.count() == self.before
