"""A training job that asks for a manifest and for fresh addresses, with its key."""

from typing import Any

from django.test import Client

from collective.accounts.models import User
from collective.accounts.services import create_api_key
from collective.catalog.models import DatasetVersion

SHARD = "data/train-00000.parquet"
RENEW = "/api/v1/download-sessions/url"


class Job:
    """A training job with one API key."""

    def __init__(self, user: User, *scopes: str) -> None:
        self.row, self.key = create_api_key(actor=user, name="job", scopes=list(scopes or ("download",)))

    def manifest(self, version: DatasetVersion, **query: str) -> Any:
        return self._client().get(f"/api/v1/datasets/{version.dataset.repo_id}/manifest", query)

    def renew(self, token: str, path: Any = SHARD) -> Any:
        return self._client().post(RENEW, {"token": token, "path": path}, content_type="application/json")

    def token(self, version: DatasetVersion, **query: str) -> str:
        return str(self.manifest(version, **query).json()["session"]["token"])

    def _client(self) -> Client:
        return Client(headers={"Authorization": f"Bearer {self.key}", "User-Agent": "trainer/1"})


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")
