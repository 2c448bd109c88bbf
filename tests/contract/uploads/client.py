"""An upload client as the protocol page describes it: JSON to the site, bytes to wherever a link leads."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from rest_framework.test import APIClient

from collective.catalog.models import Contribution
from tests.integration.ingestion.clips import claims
from tests.integration.ingestion.flow import digests


class Sender:
    def __init__(self, contribution: Contribution) -> None:
        self.api = APIClient(SERVER_NAME="localhost")
        self.api.force_login(contribution.contributor)
        self.uploads = f"/api/v1/contributions/{contribution.pk}/uploads"

    def begin(self, name: str, size: int, fingerprint: str = "a" * 64) -> dict[str, Any]:
        return self.post(self.uploads, {"name": name, "size": size, "fingerprint": fingerprint}, expected=201)

    def sign(self, upload: Mapping[str, Any], parts: Sequence[bytes], numbers: Sequence[int]) -> list[dict[str, Any]]:
        announced = [vars(each) for each in digests(parts) if each.number in numbers]
        signed: list[dict[str, Any]] = self.post(f"/api/v1/uploads/{upload['id']}/parts", {"parts": announced})["parts"]
        return signed

    def send(self, upload: Mapping[str, Any], parts: Sequence[bytes], numbers: Sequence[int]) -> None:
        for signed in self.sign(upload, parts, numbers):
            assert put(signed, parts[signed["number"] - 1]).status_code == 200

    def arrived(self, upload: Mapping[str, Any]) -> list[int]:
        return [part["number"] for part in self.get(f"/api/v1/uploads/{upload['id']}/parts")["parts"]]

    def complete(self, upload: Mapping[str, Any]) -> dict[str, Any]:
        return self.post(f"/api/v1/uploads/{upload['id']}/complete")

    def state(self, upload: Mapping[str, Any]) -> dict[str, Any]:
        return self.get(f"/api/v1/uploads/{upload['id']}")

    def batch(self, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = self.post(
            f"{self.uploads}/batch", {"files": [vars(each) for each in claims(files)]}
        )["files"]
        return told

    def post(self, address: str, body: Any = None, *, expected: int = 200) -> dict[str, Any]:
        answer = self.api.post(address, body, format="json")
        assert answer.status_code == expected, answer.content
        return dict(answer.json())

    def get(self, address: str) -> dict[str, Any]:
        answer = self.api.get(address)
        assert answer.status_code == 200, answer.content
        return dict(answer.json())


def put(signed: Mapping[str, Any], content: bytes) -> httpx.Response:
    return httpx.request(signed["method"], signed["url"], content=content or None, headers=signed["headers"])
