"""What a pushing client sends, over Django's client: Git LFS and lines of JSON."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from collective.accounts.models import User
from collective.accounts.services import create_api_key
from collective.catalog.models import Contribution

Json = dict[str, Any]
LFS = "application/vnd.git-lfs+json"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class Pusher:
    """Somebody with a key, or without one, who pushes to one repository."""

    repo_id: str
    key: str = ""

    def get(self, path: str) -> Any:
        return Client().get(path, headers=self._headers())

    def post(self, path: str, body: Json, content_type: str = "application/json") -> Any:
        return self._post(path, json.dumps(body), content_type)

    def create(self, **wanted: Any) -> Any:
        organization, _, name = self.repo_id.partition("/")
        return self.post("/api/repos/create", {"name": name, "organization": organization, "type": "dataset", **wanted})

    def preupload(self, *paths: str, query: str = "") -> Any:
        files = [{"path": path, "sample": "", "size": 1} for path in paths]
        return self.post(f"/api/datasets/{self.repo_id}/preupload/main{query}", {"files": files})

    def batch(self, *contents: bytes) -> Any:
        return self.batch_of(*({"oid": sha256(content), "size": len(content)} for content in contents))

    def batch_of(self, *objects: Json) -> Any:
        body = {"operation": "upload", "transfers": ["basic", "multipart"], "objects": list(objects)}
        return self.post(f"/datasets/{self.repo_id}.git/info/lfs/objects/batch", body, LFS)

    def verify(self, content: bytes) -> Any:
        body = {"oid": sha256(content), "size": len(content)}
        return self.post(f"/datasets/{self.repo_id}.git/info/lfs/objects/verify", body)

    def send(self, content: bytes, *, instead: bytes | None = None) -> None:
        """Announce `content` and put it, or other bytes `instead`, where the site says; nothing if it has it."""
        (said,) = self.batch(content).json()["objects"]
        if "actions" in said:
            put(said["actions"]["upload"]["href"], content if instead is None else instead)

    def commit(self, *lines: Json, parent: str = "") -> Any:
        header = {"summary": "Upload", "description": "", **({"parentCommit": parent} if parent else {})}
        body = "\n".join(json.dumps(line) for line in [{"key": "header", "value": header}, *lines])
        return self._post(f"/api/datasets/{self.repo_id}/commit/main", body, "application/x-ndjson")

    def push(self, **files: bytes) -> Any:
        """Send and commit files by path; dots and slashes of a path are written as `_DOT_` and `_IN_`."""
        named = {name.replace("_DOT_", ".").replace("_IN_", "/"): content for name, content in files.items()}
        for content in named.values():
            self.send(content)
        return self.commit(*(lfs_file(path, content) for path, content in named.items()))

    def _post(self, path: str, body: str, content_type: str) -> Any:
        return Client().post(path, body, content_type=content_type, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}


def pusher_for(user: User, repo_id: str, *scopes: str) -> Pusher:
    return Pusher(repo_id, create_api_key(actor=user, name="laptop", scopes=list(scopes or ("upload",)))[1])


def put(url: str, content: bytes) -> Any:
    """As the clients do: no header says what comes."""
    parts = urlsplit(url)
    return Client().put(f"{parts.path}?{parts.query}", content, content_type="")


def lfs_file(path: str, content: bytes) -> Json:
    value = {"path": path, "algo": "sha256", "oid": sha256(content), "size": len(content)}
    return {"key": "lfsFile", "value": value}


def regular_file(path: str, content: bytes) -> Json:
    encoded = base64.b64encode(content).decode()
    return {"key": "file", "value": {"path": path, "content": encoded, "encoding": "base64"}}


def deleted(path: str) -> Json:
    return {"key": "deletedFile", "value": {"path": path}}


def files_of(contribution: Contribution) -> dict[str, str]:
    """Name → state of what takes a place in it."""
    return dict(contribution.uploads.live().values_list("name", "state"))
