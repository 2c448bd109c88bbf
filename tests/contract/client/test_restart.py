"""A whole instance, as an operator runs it: its web server dies in the middle of a file and is started again."""

import hashlib
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.client.command import Command, finished
from tests.services.instance import ROOT, Instance, environment, eventually, running_instance

pytestmark = [pytest.mark.supervisor, pytest.mark.slow, pytest.mark.xdist_group("supervisor")]
SECONDS = 120
MIB, FILE_MIB = 1024 * 1024, 320
PEOPLE = """
from collective.accounts.services import create_api_key
from tests.factories import DatasetFactory, OrganizationFactory, UserFactory
owner, contributor = UserFactory.create(), UserFactory.create()
acme = OrganizationFactory.create(slug="acme", owner=owner)
DatasetFactory.create(organization=acme, steward=owner, slug="voices")
print(create_api_key(actor=contributor, name="laptop", scopes=["upload"])[1])
"""


@pytest.fixture
def instance(migrated_folder: Path) -> Iterator[Instance]:
    with running_instance(migrated_folder) as started:
        assert eventually(started.is_well, seconds=SECONDS), started.output
        yield started
        started.interrupt()


def test_the_web_server_is_killed_and_comes_back(instance: Instance, tmp_path: Path) -> None:
    path = tmp_path / "talks.bin"
    path.write_bytes(random.Random(9).randbytes(MIB) * FILE_MIB)
    process = Command(f"http://localhost:{instance.port}", _key(instance)).start(path)
    assert eventually(lambda: len(_parts(instance)) >= 2, seconds=SECONDS)
    web = instance.part("gunicorn")
    assert web is not None
    os.kill(web, signal.SIGKILL)
    done = finished(process)
    assert done.status == 0, done.err
    assert "Trying again" in done.err
    assert hashlib.sha256(path.read_bytes()).hexdigest() in done.out
    assert instance.part("gunicorn") not in {None, web}


def _parts(instance: Instance) -> list[Path]:
    return list((instance.folder / "objects" / "parts").glob("*/*"))


def _key(instance: Instance) -> str:
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", PEOPLE]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(instance.folder, instance.port),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.splitlines()[-1]
