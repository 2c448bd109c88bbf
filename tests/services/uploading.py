"""A program with an API key that uploads to a running instance, part by part."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from tests.services.instance import ROOT, Instance, environment

MAKE_SENDER = """
import json
from collective.accounts.models import User
from collective.accounts.services import create_api_key, create_personal_organization
from collective.catalog.services import create_dataset, start_contribution

user = User.objects.create_user("sender@example.org", name="Sender")
home = create_personal_organization(user=user)
dataset = create_dataset(actor=user, organization_id=home.pk, slug="large", title="Large", modality="text")
contribution = start_contribution(actor=user, dataset_id=dataset.pk, title="Large files")
_, key = create_api_key(actor=user, name="upload", scopes=["upload"])
print(json.dumps([key, str(contribution.pk)]))
"""


@dataclass
class Program:
    """`read(first, length)` returns bytes of the file, so that a large one is never held as a whole."""

    instance: Instance
    key: str
    contribution: str

    def begin(self, name: str, size: int) -> dict[str, Any]:
        body = {"name": name, "size": size, "fingerprint": hashlib.sha256(name.encode()).hexdigest()}
        return self.api("POST", f"contributions/{self.contribution}/uploads", body)

    def send(self, upload: dict[str, Any], read: Callable[[int, int], bytes], numbers: range) -> None:
        for number in numbers:
            first = (number - 1) * upload["part_size"]
            content = read(first, min(upload["part_size"], upload["size"] - first))
            part = {
                "number": number,
                "size": len(content),
                "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            (signed,) = self.api("POST", f"uploads/{upload['id']}/parts", {"parts": [part]})["parts"]
            httpx.put(signed["url"], content=content, headers=signed["headers"], timeout=120).raise_for_status()

    def arrived(self, upload: dict[str, Any]) -> list[int]:
        return [part["number"] for part in self.api("GET", f"uploads/{upload['id']}/parts")["parts"]]

    def complete(self, upload: dict[str, Any]) -> None:
        self.api("POST", f"uploads/{upload['id']}/complete")

    def state(self, upload: dict[str, Any]) -> dict[str, Any]:
        return self.api("GET", f"uploads/{upload['id']}")

    def api(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        address = f"http://localhost:{self.instance.port}/api/v1/{path}"
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = httpx.request(method, address, json=body, headers=headers, timeout=60)
        answer.raise_for_status()
        return dict(answer.json())


def new_program(instance: Instance) -> Program:
    """Its person, their key and their contribution, made beside the running parts."""
    made = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", MAKE_SENDER],
        cwd=ROOT,
        env=environment(instance.folder, instance.port),
        capture_output=True,
        text=True,
        check=True,
    )
    key, contribution = json.loads(made.stdout.strip().splitlines()[-1])
    return Program(instance, key, contribution)
