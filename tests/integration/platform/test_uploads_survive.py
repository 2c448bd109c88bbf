"""An upload to a whole instance, of which every process is killed in the middle."""

import hashlib
import os
import random
import signal
from pathlib import Path

import pytest

from tests.services.instance import Instance, eventually, running_instance
from tests.services.uploading import Program, new_program

pytestmark = [pytest.mark.supervisor, pytest.mark.slow, pytest.mark.xdist_group("supervisor")]
STARTING_SECONDS = 120
MIB = 1024 * 1024
DATA = random.Random(3).randbytes(MIB) * 40
PARTS = 3


def read(first: int, length: int) -> bytes:
    return DATA[first : first + length]


def killed(instance: Instance, part: str) -> None:
    pid = instance.part(part)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def test_an_upload_survives_the_death_of_the_site_and_of_the_worker(migrated_folder: Path) -> None:
    with running_instance(migrated_folder) as instance:
        assert eventually(instance.is_well, seconds=STARTING_SECONDS), instance.output
        program = new_program(instance)
        upload = program.begin("recordings.tar", len(DATA))
        assert upload["part_count"] == PARTS
        program.send(upload, read, range(1, 2))
        killed(instance, "gunicorn")
        assert eventually(instance.is_well, seconds=STARTING_SECONDS)
        program.send(upload, read, range(2, 3))
    # Its supervisor was killed here, and with it everything else.
    with running_instance(migrated_folder) as instance:
        assert eventually(instance.is_well, seconds=STARTING_SECONDS), instance.output
        program = Program(instance, program.key, program.contribution)
        assert program.begin("recordings.tar", len(DATA))["id"] == upload["id"]
        assert program.arrived(upload) == [1, 2]
        program.send(upload, read, range(3, 4))
        program.complete(upload)
        killed(instance, "celery")
        assert eventually(lambda: program.state(upload)["state"] == "stored", seconds=STARTING_SECONDS)
        assert program.state(upload)["sha256"] == hashlib.sha256(DATA).hexdigest()
        instance.interrupt()
