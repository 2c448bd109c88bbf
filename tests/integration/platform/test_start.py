"""One supervising process keeps the parts running; each reason not to start is one sentence."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.instance import (
    ROOT,
    Instance,
    alive,
    empty_folder,
    eventually,
    refused,
    running_instance,
)
from tests.services.ports import free_port

pytestmark = [pytest.mark.supervisor, pytest.mark.slow, pytest.mark.xdist_group("supervisor")]
STARTING_SECONDS = 120  # a generous bound: other tests keep the cores busy
PARTS = ("redis-server", "gunicorn", "celery", "sweep")


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    with empty_folder() as folder, running_instance(folder) as started:
        assert eventually(started.is_well, seconds=STARTING_SECONDS), started.output
        yield started
        started.interrupt()


def one_sentence(text: str) -> str:
    (line,) = text.strip().splitlines()
    return line


def test_every_part_is_a_child_of_one_process(instance: Instance) -> None:
    assert eventually(lambda: all(instance.part(name) for name in PARTS), seconds=10)
    assert set(instance.health()) == {"web", "database", "broker", "worker", "sweeper", "store"}


def test_it_says_where_it_is(instance: Instance) -> None:
    assert eventually(lambda: "Press Ctrl-C to stop." in instance.output, seconds=30)
    assert f"is at http://localhost:{instance.port}\n" in instance.output
    # Later tests kill the broker, which the web server may well complain about.
    assert "Traceback" not in instance.output.partition("Press Ctrl-C to stop.")[0]


@pytest.mark.parametrize("name", ["celery", "gunicorn", "sweep", "redis-server"])
def test_a_killed_part_comes_back_within_ten_seconds(instance: Instance, name: str) -> None:
    killed = instance.part(name)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: instance.part(name) not in {None, killed}, seconds=10)
    assert eventually(instance.is_well, seconds=STARTING_SECONDS)


def test_a_killed_worker_leaves_no_process_of_its_pool(instance: Instance) -> None:
    worker = instance.part("celery")
    assert worker is not None
    assert eventually(lambda: len(pool_of(instance, worker)) >= 1, seconds=STARTING_SECONDS)
    pool = pool_of(instance, worker)
    os.kill(worker, signal.SIGKILL)
    assert eventually(lambda: not any(alive(pid) for pid in pool), seconds=10)
    assert eventually(instance.is_well, seconds=STARTING_SECONDS)  # the next test finds it whole


def pool_of(instance: Instance, worker: int) -> set[int]:
    return {pid for pid, line in instance.tree().items() if "celery" in line} - {worker}


def test_a_second_start_in_the_same_folder_is_refused(instance: Instance) -> None:
    status, said, complaint = refused(instance.folder, free_port())
    assert (status, said) == (1, "")
    sentence = one_sentence(complaint)
    assert f"in use by a running instance (process {instance.process.pid})" in sentence
    assert instance.process.poll() is None


def test_ctrl_c_stops_every_part_and_the_next_start_keeps_the_data(migrated_folder: Path) -> None:
    file = migrated_folder / "db.sqlite3"
    with running_instance(migrated_folder) as first:
        assert eventually(first.is_well, seconds=STARTING_SECONDS), first.output
        with sqlite3.connect(file) as database:
            database.execute("INSERT INTO core_heartbeat (name, at) VALUES ('kept', '2026-01-01')")
        parts = first.tree()
        assert first.interrupt() == 0
        assert [line for pid, line in parts.items() if alive(pid)] == []
    with running_instance(migrated_folder) as second:
        assert eventually(second.is_well, seconds=STARTING_SECONDS), second.output
        with sqlite3.connect(file) as database:
            assert database.execute("SELECT at FROM core_heartbeat WHERE name = 'kept'").fetchone() == ("2026-01-01",)


def test_a_killed_supervisor_takes_every_part_along_and_the_next_start_works(migrated_folder: Path) -> None:
    with running_instance(migrated_folder) as first:
        assert eventually(first.is_well, seconds=STARTING_SECONDS), first.output
        parts = first.tree()
        first.process.kill()
        assert eventually(lambda: not any(alive(pid) for pid in parts), seconds=10)
    with running_instance(migrated_folder) as second:
        assert eventually(second.is_well, seconds=STARTING_SECONDS), second.output


def test_a_taken_port_is_one_sentence() -> None:
    with empty_folder() as folder, socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        status, _, complaint = refused(folder, port)
    assert status == 1
    assert one_sentence(complaint).startswith(f"Port {port} on 127.0.0.1 cannot be used (Address already in use).")


def test_a_full_disk_is_one_sentence() -> None:
    with empty_folder() as folder:
        status, _, complaint = refused(folder, free_port(), MIN_FREE_MB="999999999")
        assert not (folder / "db.sqlite3").exists()
    assert status == 1
    assert one_sentence(complaint).startswith(f"The disk of {folder} is full: ")


def test_a_folder_that_cannot_be_written_is_one_sentence() -> None:
    status, _, complaint = refused(Path("/proc/nowhere"), free_port())
    assert status == 1
    assert one_sentence(complaint).startswith("The data folder /proc/nowhere cannot be written (")


def test_a_name_too_long_for_a_socket_is_one_sentence() -> None:
    with empty_folder() as folder:
        status, _, complaint = refused(folder / ("long" * 30), free_port())
    assert status == 1
    assert "too long for a socket" in one_sentence(complaint)


def test_a_too_old_python_is_one_sentence(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("uv.lock", "pyproject.toml", "package.json", "package-lock.json"):
        (tmp_path / name).touch()
    old = tmp_path / "old-python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2"\nexit 1\n')
    old.chmod(0o755)
    command = ["make", "--no-print-directory", "run", f"PYTHON={old}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert done.stdout == ""
    assert done.stderr.splitlines()[0] == (
        "Python 3.11 or newer is needed; Python 3.9.2 is too old. Choose another: make run PYTHON=python3.12"
    )
    assert not (tmp_path / ".venv").exists()
